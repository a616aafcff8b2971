//! What hubs are still to be told, on the disk: which version of each feed is known, and which feed each hub has not heard of yet.
//!
//! A feed is noted by comparing its version with the known one, in the transaction that replaces that: whatever is killed when,
//! no change is forgotten, and none is told that was none.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use crate::model::{FeedPath, WebUrl};
use crate::websub::chance::Pace;
use crate::websub::subscription::Digest;

/// Its name in the state folder.
const NAME: &str = "pings.sqlite";

/// Raised when a table changes.
const VERSION: i64 = 1;

/// After so many seconds a change is told to nobody: who wants it has fetched it.
const GIVE_UP: i64 = 3 * 86_400;

const TABLES: &str = "
CREATE TABLE feeds(path TEXT PRIMARY KEY, version BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE pings(hub TEXT NOT NULL, path TEXT NOT NULL, version BLOB NOT NULL, since INTEGER NOT NULL,
  failures INTEGER NOT NULL, due INTEGER NOT NULL, PRIMARY KEY(hub, path)) STRICT, WITHOUT ROWID;
";

/// Why what hubs are to be told cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// The database says no.
    #[error("what hubs are to be told cannot be kept in {}: {error}; hubs are told nothing meanwhile", path.display())]
    Sql {
        /// Its file.
        path: PathBuf,
        /// What it says.
        error: rusqlite::Error,
    },
    /// The file system says no, or there is no TLS.
    #[error("hubs cannot be told of changes: {0}")]
    Io(#[from] io::Error),
}

/// A feed that a hub is to be told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ping {
    /// The feed.
    pub path: FeedPath,
    /// Its version when it was noted.
    pub version: Digest,
    /// How often that has failed.
    pub failures: u32,
}

/// The file.
#[derive(Debug)]
pub struct Outbox {
    db: Connection,
    path: PathBuf,
}

impl Outbox {
    /// Opens the file in a state folder, or makes one. One that cannot be read is made anew: losing it costs a late reader.
    ///
    /// # Errors
    /// When it can be neither.
    pub fn open(state: &Path) -> Result<Self, OutboxError> {
        std::fs::create_dir_all(state)?;
        let path = state.join(NAME);
        let db = match open(&path) {
            Err(error) if is_damage(&error) => {
                tracing::warn!("{} is damaged ({error}) and is made anew", path.display());
                for suffix in ["", "-wal", "-shm"] {
                    let mut name = path.as_os_str().to_owned();
                    name.push(suffix);
                    let _ = std::fs::remove_file(name);
                }
                open(&path)
            }
            other => other,
        };
        match db {
            Ok(db) => Ok(Self { db, path }),
            Err(error) => Err(OutboxError::Sql { path, error }),
        }
    }

    /// Takes what is published for known where nothing is known of it, and notes what has changed since it was.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn compare(&mut self, files: &[(FeedPath, Digest)], hubs: &[WebUrl], now: i64) -> Result<(), OutboxError> {
        self.as_one(|db| {
            for (path, version) in files {
                match known(db, path)? {
                    None => know(db, path, version)?,
                    Some(known) if known != *version => note(db, path, version, hubs, now)?,
                    Some(_) => {}
                }
            }
            Ok(())
        })
    }

    /// Notes those of these feeds that are new or have another version, and forgets those that are gone; how many are noted.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn note(
        &mut self,
        files: &[(FeedPath, Option<Digest>)],
        hubs: &[WebUrl],
        now: i64,
    ) -> Result<usize, OutboxError> {
        self.as_one(|db| {
            let mut noted = 0;
            for (path, version) in files {
                let Some(version) = version else {
                    forget(db, path)?;
                    continue;
                };
                if known(db, path)?.as_ref() != Some(version) {
                    note(db, path, version, hubs, now)?;
                    noted += 1;
                }
            }
            Ok(noted)
        })
    }

    /// The known version of each feed.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn versions(&self) -> Result<BTreeMap<FeedPath, Digest>, OutboxError> {
        let read = || -> rusqlite::Result<Vec<(String, Digest)>> {
            let mut statement = self.db.prepare_cached("SELECT path, version FROM feeds")?;
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        };
        let rows = read().map_err(|error| self.error(error))?;
        Ok(rows.into_iter().filter_map(|(path, version)| Some((FeedPath::new(&path)?, version))).collect())
    }

    /// What is to be told, by hub; only what is due by this time, where one is given (in seconds since 1970). What is for hubs that are
    /// not among these is forgotten, and what is too old is given up: how much of that there was.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn waiting(
        &mut self,
        hubs: &[WebUrl],
        now: i64,
        due: Option<i64>,
    ) -> Result<(BTreeMap<WebUrl, Vec<Ping>>, u64), OutboxError> {
        self.as_one(|db| {
            let given_up = db.execute("DELETE FROM pings WHERE since < ?", [now - GIVE_UP])?;
            let mut waiting: BTreeMap<WebUrl, Vec<Ping>> = BTreeMap::new();
            let mut statement = db.prepare_cached("SELECT path, version, failures, due FROM pings WHERE hub = ?")?;
            for hub in hubs {
                let rows = statement.query_map([hub.as_str()], |row| {
                    let path: String = row.get(0)?;
                    let at: i64 = row.get(3)?;
                    Ok((FeedPath::new(&path), row.get(1)?, row.get(2)?, at))
                })?;
                for row in rows {
                    let (path, version, failures, at) = row?;
                    if let Some(path) = path.filter(|_| due.is_none_or(|due| at <= due)) {
                        waiting.entry(hub.clone()).or_default().push(Ping { path, version, failures });
                    }
                }
            }
            Ok((waiting, given_up as u64))
        })
    }

    /// How many pings wait, and when the next is due (in seconds since 1970).
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn next(&self) -> Result<(u64, Option<i64>), OutboxError> {
        let read = self.db.query_row("SELECT count(*), min(due) FROM pings", [], |row| Ok((row.get(0)?, row.get(1)?)));
        read.map_err(|error| self.error(error))
    }

    /// A hub was told of these. What has changed meanwhile is still to be told.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn told(&mut self, hub: &WebUrl, pings: &[Ping]) -> Result<(), OutboxError> {
        self.as_one(|db| {
            let sql = "DELETE FROM pings WHERE hub = ? AND path = ? AND version = ?";
            let mut statement = db.prepare_cached(sql)?;
            pings.iter().try_for_each(|ping| {
                statement.execute(params![hub.as_str(), ping.path.as_str(), ping.version]).map(drop)
            })
        })
    }

    /// A hub could not be told of these; they are due later.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn failed(&mut self, hub: &WebUrl, pings: &[Ping], pace: Pace, now: i64) -> Result<(), OutboxError> {
        self.as_one(|db| {
            let sql = "UPDATE pings SET failures = ?, due = ? WHERE hub = ? AND path = ? AND version = ?";
            let mut statement = db.prepare_cached(sql)?;
            // What failed together is tried again together.
            let most = pings.iter().map(|ping| ping.failures).max().unwrap_or_default().saturating_add(1);
            let wait: Duration = pace.wait(most);
            let due = now.saturating_add(i64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(i64::MAX));
            pings.iter().try_for_each(|ping| {
                let row = params![most, due, hub.as_str(), ping.path.as_str(), ping.version];
                statement.execute(row).map(drop)
            })
        })
    }

    fn as_one<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, OutboxError> {
        let transaction = |db: &mut Connection| {
            let transaction = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        transaction(&mut self.db).map_err(|error| self.error(error))
    }

    fn error(&self, error: rusqlite::Error) -> OutboxError {
        OutboxError::Sql { path: self.path.clone(), error }
    }
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open(path)?;
    db.busy_timeout(Duration::from_secs(10))?;
    let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
    if version != VERSION {
        let sql = "BEGIN IMMEDIATE; DROP TABLE IF EXISTS feeds; DROP TABLE IF EXISTS pings;";
        db.execute_batch(&format!("{sql} {TABLES} PRAGMA user_version = {VERSION}; COMMIT"))?;
    }
    Ok(db)
}

fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}

fn known(db: &Connection, path: &FeedPath) -> rusqlite::Result<Option<Digest>> {
    let mut statement = db.prepare_cached("SELECT version FROM feeds WHERE path = ?")?;
    statement.query_row([path.as_str()], |row| row.get(0)).optional()
}

fn know(db: &Connection, path: &FeedPath, version: &Digest) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached("INSERT OR REPLACE INTO feeds VALUES(?, ?)")?;
    statement.execute(params![path.as_str(), version]).map(drop)
}

fn note(db: &Connection, path: &FeedPath, version: &Digest, hubs: &[WebUrl], now: i64) -> rusqlite::Result<()> {
    know(db, path, version)?;
    let mut statement = db.prepare_cached("INSERT OR REPLACE INTO pings VALUES(?, ?, ?, ?, 0, ?)")?;
    hubs.iter().try_for_each(|hub| statement.execute(params![hub.as_str(), path.as_str(), version, now, now]).map(drop))
}

fn forget(db: &Connection, path: &FeedPath) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM feeds WHERE path = ?")?.execute([path.as_str()])?;
    db.prepare_cached("DELETE FROM pings WHERE path = ?")?.execute([path.as_str()]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { first: Duration::from_secs(10), longest: Duration::from_secs(100) };

    fn hubs() -> Vec<WebUrl> {
        ["https://a.example/", "https://b.example/"].map(|hub| WebUrl::parse(hub).unwrap()).to_vec()
    }

    fn path(name: &str) -> FeedPath {
        FeedPath::new(name).unwrap()
    }

    fn waiting(outbox: &mut Outbox, due: Option<i64>) -> Vec<String> {
        let (waiting, _) = outbox.waiting(&hubs(), 0, due).unwrap();
        let shown = |(hub, pings): (&WebUrl, &Vec<Ping>)| {
            let host = hub.url().host_str().unwrap().chars().next().unwrap();
            pings.iter().map(|ping| format!("{host} {}", ping.path)).collect::<Vec<_>>()
        };
        waiting.iter().flat_map(shown).collect()
    }

    #[test]
    fn what_has_changed_is_noted_for_each_hub_and_what_has_not_for_none() {
        let state = tempfile::tempdir().unwrap();
        let mut outbox = Outbox::open(state.path()).unwrap();
        outbox.compare(&[(path("a"), [1; 32]), (path("b"), [1; 32])], &hubs(), 0).unwrap();
        assert_eq!(waiting(&mut outbox, None), [""; 0], "nothing is known to have changed");
        let files = [(path("a"), Some([2; 32])), (path("b"), Some([1; 32])), (path("c"), Some([1; 32]))];
        assert_eq!(outbox.note(&files, &hubs(), 0).unwrap(), 2);
        assert_eq!(outbox.note(&files, &hubs(), 0).unwrap(), 0);
        drop(outbox);
        let mut outbox = Outbox::open(state.path()).unwrap();
        assert_eq!(waiting(&mut outbox, None), ["a a", "a c", "b a", "b c"]);
        outbox.compare(&[(path("b"), [3; 32])], &hubs(), 0).unwrap();
        assert_eq!(
            waiting(&mut outbox, None),
            ["a a", "a b", "a c", "b a", "b b", "b c"],
            "changed while nobody noted"
        );
        outbox.note(&[(path("b"), None)], &hubs(), 0).unwrap();
        assert_eq!(waiting(&mut outbox, None), ["a a", "a c", "b a", "b c"]);
    }

    #[test]
    fn what_is_told_is_over_unless_it_has_changed_again() {
        let state = tempfile::tempdir().unwrap();
        let mut outbox = Outbox::open(state.path()).unwrap();
        let [a, _] = hubs().try_into().unwrap();
        outbox.note(&[(path("a"), Some([1; 32])), (path("b"), Some([1; 32]))], &hubs(), 0).unwrap();
        let (all, _) = outbox.waiting(&hubs(), 0, None).unwrap();
        outbox.note(&[(path("a"), Some([2; 32]))], &hubs(), 0).unwrap();
        outbox.told(&a, &all[&a]).unwrap();
        assert_eq!(waiting(&mut outbox, None), ["a a", "b a", "b b"]);
    }

    #[test]
    fn what_failed_is_due_later_and_given_up_in_the_end() {
        let state = tempfile::tempdir().unwrap();
        let mut outbox = Outbox::open(state.path()).unwrap();
        let [a, b] = hubs().try_into().unwrap();
        outbox.note(&[(path("a"), Some([1; 32]))], &hubs(), 100).unwrap();
        let (all, _) = outbox.waiting(&hubs(), 100, Some(100)).unwrap();
        outbox.failed(&a, &all[&a], PACE, 100).unwrap();
        assert_eq!(waiting(&mut outbox, Some(100)), ["b a"]);
        assert_eq!(waiting(&mut outbox, Some(113)), ["a a", "b a"]);
        assert_eq!(outbox.waiting(&hubs(), 100, None).unwrap().0[&a][0].failures, 1);
        assert_eq!(outbox.next().unwrap(), (2, Some(100)));
        assert_eq!(outbox.waiting(&[b], 101 + GIVE_UP, None).unwrap(), (BTreeMap::new(), 2));
    }

    #[test]
    fn a_damaged_file_is_made_anew() {
        let state = tempfile::tempdir().unwrap();
        std::fs::write(state.path().join(NAME), "no database at all, but long enough to be the head of one, or so")
            .unwrap();
        assert_eq!(waiting(&mut Outbox::open(state.path()).unwrap(), None), [""; 0]);
    }
}
