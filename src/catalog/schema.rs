//! The tables, and how a catalog is opened, filled fast, and thrown away when it cannot be trusted.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::{CatalogError, Hints};

/// Raised whenever a table or the meaning of a column changes: an older catalog is rebuilt.
const VERSION: i64 = 9;
/// Page cache while a catalog is filled: room for the hot pages of a few thousand feeds.
const FILLING_KIB: i64 = 16_384;
/// More than there are statements, so that none is parsed twice.
const STATEMENTS: usize = 64;
/// Page cache afterwards: an edit touches a handful of pages.
const SERVING_KIB: i64 = 4_096;

const TABLES: &str = "
CREATE TABLE meta(key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
-- One number a file: what a start without changes reads, so it is apart.
CREATE TABLE stamps(file INTEGER PRIMARY KEY, stamp INTEGER NOT NULL) STRICT;
-- `live` is 2 where only the site's own limit keeps a post out of the feeds.
CREATE TABLE files(
  file INTEGER PRIMARY KEY, path BLOB NOT NULL, state INTEGER NOT NULL, live INTEGER NOT NULL DEFAULT 0,
  published INTEGER, shown_from INTEGER, shown_until INTEGER, changed INTEGER,
  id TEXT, id_hash INTEGER, link_hash INTEGER, digest INTEGER, claims BLOB, rank BLOB, size INTEGER) STRICT;
-- Few files are in these, so that they cost little from the beginning.
CREATE INDEX files_until ON files(shown_until) WHERE shown_until IS NOT NULL;
CREATE INDEX files_changed ON files(changed) WHERE changed IS NOT NULL;
CREATE INDEX files_out ON files(state) WHERE state <> 0;
CREATE INDEX files_hidden ON files(shown_from) WHERE state = 0 AND live = 0;
-- The language is empty for the site's default one.
CREATE TABLE feeds(feed INTEGER PRIMARY KEY, language TEXT NOT NULL, kind INTEGER NOT NULL, key TEXT NOT NULL,
  UNIQUE(kind, key, language)) STRICT;
-- The spellings of a feed's label, and how many live posts use each.
CREATE TABLE labels(label INTEGER PRIMARY KEY, feed INTEGER NOT NULL, spelling TEXT NOT NULL, posts INTEGER NOT NULL DEFAULT 0,
  UNIQUE(feed, spelling)) STRICT;
-- Live posts only.
CREATE TABLE members(feed INTEGER NOT NULL, published INTEGER NOT NULL, file INTEGER NOT NULL, label INTEGER NOT NULL,
  PRIMARY KEY(feed, published, file)) STRICT, WITHOUT ROWID;
CREATE TABLE pages(file INTEGER PRIMARY KEY, key TEXT NOT NULL, label TEXT NOT NULL, title TEXT, link TEXT NOT NULL) STRICT;
CREATE TABLE diagnostics(file INTEGER NOT NULL, code TEXT NOT NULL, line INTEGER, col INTEGER, message TEXT NOT NULL) STRICT;
-- The pages of the feeds' archives. By its number, below zero, a page is in `dirty`, `used` and `links` as a feed is.
CREATE TABLE archives(page INTEGER PRIMARY KEY, feed INTEGER NOT NULL, period TEXT NOT NULL, UNIQUE(feed, period)) STRICT;
-- Feeds whose files may lag behind the tables.
CREATE TABLE dirty(feed INTEGER PRIMARY KEY) STRICT;
-- Posts that may be one of those that the site has pinned under another name, and those that are.
CREATE TABLE unpinned(file INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE INDEX unpinned_body ON unpinned(body);
CREATE TABLE moved(file INTEGER PRIMARY KEY, body BLOB NOT NULL UNIQUE, id TEXT NOT NULL, own_id TEXT NOT NULL) STRICT;
-- How the lists of feeds show each of them; when posts come only where a list says so.
CREATE TABLE outlines(feed INTEGER PRIMARY KEY, title TEXT NOT NULL, home TEXT NOT NULL, newest INTEGER, zone INTEGER,
  a_year INTEGER) STRICT;
-- The files beside the posts that feeds were made with: for what, as it looked then, and what is wrong with it.
CREATE TABLE used(feed INTEGER NOT NULL, file INTEGER NOT NULL, by INTEGER NOT NULL, place BLOB NOT NULL, stamp INTEGER,
  is_linked INTEGER NOT NULL, finding TEXT, line INTEGER, col INTEGER, PRIMARY KEY(feed, file, by, place)) STRICT, WITHOUT ROWID;
CREATE INDEX used_place ON used(by, place);
CREATE INDEX used_linked ON used(by) WHERE is_linked;
CREATE INDEX used_finding ON used(file, finding) WHERE finding IS NOT NULL;
-- Where the texts in the files of feeds lead to.
CREATE TABLE links(feed INTEGER NOT NULL, path BLOB NOT NULL, PRIMARY KEY(feed, path)) STRICT, WITHOUT ROWID;
CREATE INDEX links_path ON links(path);
-- Hints only: what each published file was when it was last known to be right.
CREATE TABLE published(path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime INTEGER NOT NULL, inode INTEGER NOT NULL,
  sha256 BLOB NOT NULL) STRICT, WITHOUT ROWID;
";

/// Made right after a bulk fill: sorting once is cheaper than inserting in random order.
const INDEXES: &str = "
CREATE INDEX pages_key ON pages(key);
CREATE INDEX diagnostics_file ON diagnostics(file);
";

/// By these a post is found that changes. A build from nothing needs none of them, so they are made by who comes next.
const LATER_INDEXES: [&str; 3] = [
    "CREATE INDEX IF NOT EXISTS files_id ON files(id_hash) WHERE id_hash IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS files_link ON files(link_hash) WHERE link_hash IS NOT NULL",
    "CREATE UNIQUE INDEX IF NOT EXISTS files_path ON files(path)",
];

/// The connection, and where it came from.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) connection: Connection,
    /// Whether it holds nothing yet, and must be filled.
    pub(super) empty: bool,
    /// Why an existing catalog was thrown away.
    pub(super) discarded: Option<String>,
    /// What it remembered of published files, which another configuration does not change.
    pub(super) inherited: Hints,
}

/// Opens the catalog in `path`, or a new one there when it is missing, of another version or configuration, or broken.
pub(super) fn open(path: &Path, fingerprint: &str) -> Result<Opened, CatalogError> {
    let (mut discarded, mut inherited) = (None, Hints::new());
    if path.exists() {
        match open_existing(path, fingerprint) {
            Ok(connection) => {
                return Ok(Opened { connection, empty: false, discarded: None, inherited: Hints::new() });
            }
            Err(why) => (discarded, inherited) = (Some(why), inherit(path)),
        }
    }
    remove(path).map_err(|error| CatalogError::io("cannot remove the old catalog", path, error))?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .map_err(|error| CatalogError::io("cannot create the state folder", folder, error))?;
    }
    let connection = Connection::open(path)?;
    prepare_new(&connection)?;
    Ok(Opened { connection, empty: true, discarded, inherited })
}

/// A catalog that lives as long as the value: for commands that write nothing.
pub(super) fn in_memory() -> Result<Connection, CatalogError> {
    let connection = Connection::open_in_memory()?;
    prepare_new(&connection)?;
    Ok(connection)
}

/// What a catalog that is about to go says of published files; nothing where it cannot be read.
fn inherit(path: &Path) -> Hints {
    let read = || -> Result<Hints, CatalogError> {
        let old = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let version: i64 = old.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version == VERSION { super::query::published(&old) } else { Ok(Hints::new()) }
    };
    read().unwrap_or_default()
}

fn open_existing(path: &Path, fingerprint: &str) -> Result<Connection, String> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| format!("it cannot be opened ({error})"))?;
    let version: i64 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(|error| format!("it is damaged ({error})"))?;
    match version {
        VERSION => {}
        0 => return Err("it was never finished".to_owned()),
        other => return Err(format!("it is of version {other}, this program writes {VERSION}")),
    }
    let theirs: String = connection
        .query_row("SELECT value FROM meta WHERE key = 'fingerprint'", [], |row| row.get(0))
        .map_err(|error| format!("it is damaged ({error})"))?;
    if theirs != fingerprint {
        return Err("the configuration has changed".to_owned());
    }
    keep_plans(&connection).and_then(|()| serve(&connection)).map_err(|error| format!("it is damaged ({error})"))?;
    Ok(connection)
}

/// One plan a statement, whatever is bound to it: else SQLite, which has statistics to weigh values with, makes a new plan at
/// each call, and a catalog without `ANALYZE` has none.
fn keep_plans(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

fn prepare_new(connection: &Connection) -> rusqlite::Result<()> {
    keep_plans(connection)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without a journal a crash leaves a torn file; `user_version` is 0 until it is whole, and 0 means: start again.
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; \
         PRAGMA cache_size = -{FILLING_KIB}; PRAGMA locking_mode = EXCLUSIVE; {TABLES}"
    ))
}

/// Makes the indexes that publishing needs after a bulk fill.
pub(super) fn index(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(INDEXES)
}

/// Makes the indexes by which conflicts of ids and permalinks are settled.
pub(super) fn index_conflicts(connection: &Connection) -> rusqlite::Result<()> {
    let [by_id, by_link, ..] = LATER_INDEXES;
    connection.execute_batch(by_id)?;
    connection.execute_batch(by_link)
}

/// Makes the index by which a file is found by its path.
pub(super) fn index_paths(connection: &Connection) -> rusqlite::Result<()> {
    let [.., by_path] = LATER_INDEXES;
    connection.execute_batch(by_path)
}

/// Makes the indexes by which changes find their posts, where they are not there yet.
pub(super) fn index_changes(connection: &Connection) -> rusqlite::Result<()> {
    LATER_INDEXES.iter().try_for_each(|index| connection.execute_batch(index))
}

/// Declares a filled catalog whole: everything before this is on the disk before the version is.
pub(super) fn finish(connection: &Connection, path: Option<&Path>, fingerprint: &str) -> Result<(), CatalogError> {
    connection.execute("INSERT OR REPLACE INTO meta VALUES('fingerprint', ?)", [fingerprint])?;
    let Some(path) = path else { return Ok(()) };
    File::open(path)
        .and_then(|file| file.sync_data())
        .map_err(|error| CatalogError::io("cannot write the catalog to the disk", path, error))?;
    connection.execute_batch(&format!("PRAGMA user_version = {VERSION}; PRAGMA locking_mode = NORMAL;"))?;
    serve(connection)?;
    // The lock of the fill is given up with the next transaction only.
    connection.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
    Ok(())
}

fn serve(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; \
         PRAGMA cache_size = -{SERVING_KIB}; PRAGMA journal_size_limit = 4194304; PRAGMA shrink_memory;"
    ))
}

/// Removes a catalog and the files that SQLite keeps beside it.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        match fs::remove_file(PathBuf::from(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
