//! What tells, without opening it, that a file has not changed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{OptionalExtension, Row};

use super::{Catalog, CatalogError, FileId};
use crate::model::SitePath;

/// The known stamps, and which of them a scan has met again. Shared between the threads of a scan.
#[derive(Debug, Default)]
pub struct Stamps(HashMap<i64, Known>);

#[derive(Debug)]
struct Known {
    file: FileId,
    seen: AtomicBool,
}

impl Catalog {
    /// The stamps of all files at or below a folder, and whose they are.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn stamps(&self, below: &SitePath) -> Result<Stamps, CatalogError> {
        let pair = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, FileId(row.get(1)?)));
        if below.as_bytes().is_empty() {
            let mut statement = self.db.prepare_cached("SELECT stamp, file FROM stamps")?;
            return Ok(Stamps::new(statement.query_map([], pair)?.collect::<Result<_, _>>()?));
        }
        let [first, last] = range_below(below);
        let mut statement = self
            .db
            .prepare_cached("SELECT stamp, file FROM files JOIN stamps USING(file) WHERE path > ? AND path < ?")?;
        Ok(Stamps::new(statement.query_map([first, last], pair)?.collect::<Result<_, _>>()?))
    }

    /// The stamp of one file; `None` when it is unknown.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn stamp(&self, path: &SitePath) -> Result<Option<i64>, CatalogError> {
        let mut statement = self.db.prepare_cached("SELECT stamp FROM files JOIN stamps USING(file) WHERE path = ?")?;
        Ok(statement.query_row([path.as_bytes()], |row| row.get(0)).optional()?)
    }

    /// Whether a path is a folder with files, as far as is known.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn has_files_below(&self, path: &SitePath) -> Result<bool, CatalogError> {
        let mut statement = self.db.prepare_cached("SELECT 1 FROM files WHERE path > ? AND path < ? LIMIT 1")?;
        Ok(statement.exists(range_below(path))?)
    }
}

impl Stamps {
    /// Whether no file is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn new(pairs: Vec<(i64, FileId)>) -> Self {
        let known = |file| Known { file, seen: AtomicBool::new(false) };
        // Stamps that cannot be trusted are 0, and many files may have that: they are told apart by their number, which
        // no scan will ask for.
        Self(
            pairs
                .into_iter()
                .map(|(stamp, file)| (if stamp == 0 { file.0.wrapping_neg() } else { stamp }, known(file)))
                .collect(),
        )
    }

    /// Whether a file with this stamp is known, and so unchanged.
    pub fn find(&self, stamp: i64) -> bool {
        self.0.get(&stamp).is_some_and(|known| {
            known.seen.store(true, Ordering::Relaxed);
            true
        })
    }

    /// The files that were not met again: gone, or changed.
    pub fn unseen(&self) -> impl Iterator<Item = FileId> + '_ {
        self.0.values().filter(|known| !known.seen.load(Ordering::Relaxed)).map(|known| known.file)
    }
}

/// Between these two lie all paths that begin with the folder and a slash, which `0` follows.
pub(super) fn range_below(folder: &SitePath) -> [Vec<u8>; 2] {
    [b'/', b'0'].map(|end| [folder.as_bytes(), &[end]].concat())
}
