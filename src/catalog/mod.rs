//! Which post exists, and which are newest in each feed: on disk, rebuildable, small in memory.
//!
//! A cache: it can be deleted at any time, and a change of version or configuration, or damage, rebuilds it. It keeps
//! no content, only what decides the place of a post, so memory does not grow with the number of posts.

mod archives;
mod claims;
mod face;
mod links;
mod members;
mod moved;
mod numbers;
mod outlines;
mod query;
mod schedule;
mod schema;
mod seal;
mod settle;
mod stamps;
mod update;
mod used;

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode};

pub use archives::{ArchivePage, Division};
pub use face::Window;
pub use outlines::{Outlined, Relisted};
pub use query::{Counts, FeedSummary, Hints, Listed, Place};
pub use stamps::Stamps;
pub use update::Update;
pub use used::{Seen, Shown, Use, Used};

use self::numbers::Numbers;

/// A feed's number in this catalog; below zero, that of a page of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedId(i64);

/// A file's number in this catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(i64);

/// Why the catalog could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// The database says no.
    #[error("the catalog cannot be used: {0}")]
    Sql(#[from] rusqlite::Error),
    /// The same, of the database in this file.
    #[error("the catalog {} cannot be used: {error}{}", path.display(), advice(.error))]
    File {
        /// Where the catalog lies.
        path: PathBuf,
        /// What the database says.
        error: rusqlite::Error,
    },
    /// The file system says no.
    #[error("{what} {}: {error}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Its file was deleted while it was open.
    #[error("the catalog {} is gone", .0.display())]
    Gone(PathBuf),
    /// Someone else wrote into its file while it was open.
    #[error("the catalog {} was changed by another program", .0.display())]
    Changed(PathBuf),
    /// Every post is gone at once, which looks like a disk that is not there.
    #[error("there is no post left")]
    Emptied,
}

impl CatalogError {
    fn io(what: &'static str, path: &Path, error: io::Error) -> Self {
        Self::Io { what, path: path.to_path_buf(), error }
    }

    /// The same error, naming the catalog's file.
    #[must_use]
    pub fn at(self, path: &Path) -> Self {
        match self {
            Self::Sql(error) => Self::File { path: path.to_path_buf(), error },
            other => other,
        }
    }

    /// Whether the file itself is damaged, or was deleted while it was open, so that a new one helps.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Sql(error) | Self::File { error, .. } => is_damage(error),
            Self::Gone(_) | Self::Changed(_) => true,
            Self::Io { error, .. } => error.kind() == io::ErrorKind::NotFound,
            Self::Emptied => false,
        }
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{
        FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, QueryReturnedNoRows, SqliteFailure,
    };
    match error {
        // Our statements break no constraint, unless an index and its table say different things.
        SqliteFailure(error, _) => {
            matches!(error.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::ConstraintViolation)
                || error.extended_code == rusqlite::ffi::SQLITE_READONLY_DBMOVED
        }
        // A value of another type, or a row that must be there: the pages are whole, and what they say is not.
        InvalidColumnType(..) | FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | QueryReturnedNoRows => {
            true
        }
        _ => false,
    }
}

/// What to do about an error of the database, to be put behind it.
fn advice(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => {
            "; free some space there, or put the state elsewhere (--state); the published feeds stay as they are"
        }
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "; let this user write there, or put the state elsewhere (--state); the published feeds stay as they are"
        }
        Some(ErrorCode::SystemIoFailure) => {
            "; see whether that disk is full or failing; the catalog may be deleted; the published feeds stay as they are"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "; another program has it open",
        _ => "",
    }
}

/// The catalog of one site.
#[derive(Debug)]
pub struct Catalog {
    db: Connection,
    path: Option<PathBuf>,
    fingerprint: String,
    phase: Phase,
    /// Whether the indexes by which changes find their posts are known to be there.
    is_indexed: bool,
    numbers: Numbers,
    /// What the catalog before this one remembered of published files.
    inherited: Hints,
    /// What its file was when it was written last.
    left: Option<seal::Seal>,
}

/// How far a catalog has come. Before the last phase there is no journal: a crash or an error means a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing is in it yet.
    Filling,
    /// Everything is in it.
    Filled,
    /// It is whole.
    Serving,
}

impl Catalog {
    /// Opens the catalog at `path`, or starts a new one there; also says why an old one was thrown away.
    ///
    /// # Errors
    /// When the state folder cannot be written.
    pub fn open(path: &Path, fingerprint: &str) -> Result<(Self, Option<String>), CatalogError> {
        let opened = schema::open(path, fingerprint)?;
        let catalog = Self {
            db: opened.connection,
            path: Some(path.to_path_buf()),
            fingerprint: fingerprint.to_owned(),
            phase: if opened.empty { Phase::Filling } else { Phase::Serving },
            is_indexed: false,
            numbers: Numbers::default(),
            inherited: opened.inherited,
            left: None,
        };
        Ok((catalog, opened.discarded))
    }

    /// A catalog that writes nothing to the disk.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn in_memory() -> Result<Self, CatalogError> {
        Ok(Self {
            db: schema::in_memory()?,
            path: None,
            fingerprint: String::new(),
            phase: Phase::Filling,
            is_indexed: false,
            numbers: Numbers::default(),
            inherited: Hints::new(),
            left: None,
        })
    }

    /// Removes the catalog at `path`.
    ///
    /// # Errors
    /// When its files cannot be removed.
    pub fn remove(path: &Path) -> Result<(), CatalogError> {
        schema::remove(path).map_err(|error| CatalogError::io("cannot remove the catalog", path, error))
    }

    /// Whether it holds nothing yet, so that every input has to be read.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.phase == Phase::Filling
    }

    /// Whether it has a journal, so that what fails is undone and a crash harms nothing.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.phase == Phase::Serving
    }

    /// Does what is left to do after a bulk fill: before the next batch, or when the feeds are published.
    ///
    /// # Errors
    /// When the catalog cannot be written; it has to be made anew then.
    pub fn complete(&mut self) -> Result<(), CatalogError> {
        if self.phase == Phase::Filled {
            schema::finish(&self.db, self.path.as_deref(), &self.fingerprint)?;
            self.phase = Phase::Serving;
        }
        Ok(())
    }

    /// Makes what changes need to find their posts fast: for who stays to take them, before the first comes.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn index(&mut self) -> Result<(), CatalogError> {
        if !self.is_indexed {
            schema::index_changes(&self.db)?;
            self.is_indexed = true;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Catalog;
    use crate::config::Ties;
    use crate::model::{Pins, SitePath};

    fn plan(catalog: &Catalog, condition: &str) -> String {
        let sql = format!("EXPLAIN QUERY PLAN SELECT file FROM files WHERE {condition}");
        catalog.db.query_row(&sql, [], |row| row.get(3)).unwrap()
    }

    #[test]
    fn a_fill_makes_no_index_that_only_changes_need_and_a_change_makes_them() {
        let folder = tempfile::tempdir().unwrap();
        let (mut catalog, _) = Catalog::open(&folder.path().join("catalog.sqlite"), "").unwrap();
        let (window, pins) =
            (super::Window { limit: 20, ties: Ties::LastPath, site: None, archive: None }, Pins::default());
        catalog.begin(0, window, &pins).unwrap().commit(true).unwrap();
        catalog.complete().unwrap();
        let conditions = ["path = x''", "id_hash = 1", "link_hash = 1"];
        let found = |catalog: &Catalog| conditions.map(|condition| plan(catalog, condition).contains("USING"));
        assert_eq!(found(&catalog), [false; 3]);

        let mut update = catalog.begin(1, window, &pins).unwrap();
        update.remove(&SitePath::from_bytes(b"_posts/2022-01-01-a.md")).unwrap();
        drop(update);
        assert_eq!(found(&catalog), [false; 3], "what is undone took the indexes with it");

        let mut update = catalog.begin(1, window, &pins).unwrap();
        update.remove(&SitePath::from_bytes(b"_posts/2022-01-01-a.md")).unwrap();
        update.commit(true).unwrap();
        assert_eq!(found(&catalog), [true; 3]);
    }
}
