//! Subscriptions on the disk, in a file of their own: the one thing that cannot be made again. Each change is there, whatever
//! happens, when it is said to be.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::book::Id;
use super::callback::Callback;
use super::request::Mode;
use super::secret::Secret;
use super::subscription::{Active, Asked, Digest, Subscription};
use crate::model::FeedPath;

/// Its name in the state folder.
pub const NAME: &str = "hub.sqlite";

/// Raised when a table changes; an older file is brought up to date, and a newer one left alone.
const VERSION: i64 = 1;

/// How long another process may hold it.
const PATIENCE: Duration = Duration::from_secs(2);

const TABLES: &str = "
CREATE TABLE subscriptions(
  id INTEGER PRIMARY KEY, path TEXT NOT NULL, callback TEXT NOT NULL,
  -- What is confirmed; no time, nothing is.
  until INTEGER, topic TEXT, secret TEXT, has BLOB,
  -- What is asked for and not confirmed; no lease, nothing is. 1 subscribes, 0 leaves.
  asked_lease INTEGER, asked_mode INTEGER, asked_topic TEXT, asked_secret TEXT, asked_has BLOB,
  UNIQUE(path, callback)) STRICT;
";

/// Why subscriptions cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database says no.
    #[error("the subscriptions in {} cannot be used: {error}", path.display())]
    Sql {
        /// Its file.
        path: PathBuf,
        /// What it says.
        error: rusqlite::Error,
    },
    /// The file system says no.
    #[error("the subscriptions in {} cannot be used: {error}", path.display())]
    Io {
        /// The file, or its folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It is a later version's.
    #[error("the subscriptions in {} are of version {version}, and this program knows {VERSION}: it is an older one", path.display())]
    Newer {
        /// Its file.
        path: PathBuf,
        /// Its version.
        version: i64,
    },
    /// The system gives no thread.
    #[error("no thread can be started for the subscriptions: {0}")]
    Thread(io::Error),
}

/// The file of subscriptions.
#[derive(Debug)]
pub struct Store {
    db: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens the file in a state folder, or makes one that nobody else can read. It is never thrown away.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn open(state: &Path) -> Result<Self, StoreError> {
        let path = state.join(NAME);
        let io = |error| StoreError::Io { path: path.clone(), error };
        fs::create_dir_all(state).map_err(io)?;
        if !path.exists() {
            // Before there is a secret in it.
            drop(fs::File::options().create(true).truncate(false).write(true).open(&path).map_err(io)?);
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).map_err(io)?;
        let sql = |error| StoreError::Sql { path: path.clone(), error };
        let db = Connection::open(&path).map_err(sql)?;
        db.busy_timeout(PATIENCE).map_err(sql)?;
        let version = prepare(&db).map_err(sql)?;
        if version > VERSION {
            return Err(StoreError::Newer { path, version });
        }
        Ok(Self { db, path })
    }

    /// Whether a state folder has one.
    #[must_use]
    pub fn is_there(state: &Path) -> bool {
        state.join(NAME).exists()
    }

    /// All subscriptions. A row that makes no sense is left alone.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn all(&self) -> Result<Vec<(Id, Subscription)>, StoreError> {
        self.try_all().map_err(|error| self.error(error))
    }

    fn try_all(&self) -> rusqlite::Result<Vec<(Id, Subscription)>> {
        let mut statement = self.db.prepare("SELECT * FROM subscriptions ORDER BY id")?;
        let rows = statement.query_map([], read)?;
        rows.filter_map(Result::transpose).collect()
    }

    /// Does this as one: all of it is on the disk afterwards, or nothing.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn as_one(&mut self, work: impl FnOnce(&Connection) -> rusqlite::Result<()>) -> Result<(), StoreError> {
        let transaction = |db: &mut Connection| {
            let transaction = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            work(&transaction)?;
            transaction.commit()
        };
        transaction(&mut self.db).map_err(|error| self.error(error))
    }

    fn error(&self, error: rusqlite::Error) -> StoreError {
        StoreError::Sql { path: self.path.clone(), error }
    }
}

/// Makes the tables where there are none; the version that is there then.
fn prepare(db: &Connection) -> rusqlite::Result<i64> {
    let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version > VERSION {
        return Ok(version);
    }
    // Each commit is waited for until the disk has it; what is committed after a checkpoint is in the log.
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;")?;
    let sound: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if sound != "ok" {
        return Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT),
            Some(sound),
        ));
    }
    if version == 0 {
        db.execute_batch(&format!("BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT"))?;
    }
    Ok(VERSION)
}

/// Writes a subscription as it is now.
pub(super) fn put(db: &Connection, id: Id, subscription: &Subscription) -> rusqlite::Result<()> {
    let Subscription { path, callback, active, asked } = subscription;
    let (active, asked) = (active.as_ref(), asked.as_ref());
    let secret = |secret: Option<&Secret>| secret.map(|secret| secret.reveal().to_owned());
    db.prepare_cached("INSERT OR REPLACE INTO subscriptions VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?.execute(
        params![
            id,
            path.as_str(),
            callback.as_str(),
            active.map(|it| it.until),
            active.map(|it| &it.topic),
            secret(active.and_then(|it| it.secret.as_ref())),
            active.and_then(|it| it.has),
            asked.map(|it| it.lease),
            asked.map(|it| i64::from(it.mode == Mode::Subscribe)),
            asked.map(|it| &it.topic),
            secret(asked.and_then(|it| it.secret.as_ref())),
            asked.and_then(|it| it.has),
        ],
    )?;
    Ok(())
}

/// Takes note of which version a subscriber has.
pub(super) fn put_version(db: &Connection, id: Id, version: &Digest) -> rusqlite::Result<()> {
    let sql = "UPDATE subscriptions SET has = ? WHERE id = ? AND until IS NOT NULL";
    db.prepare_cached(sql)?.execute(params![version, id]).map(drop)
}

/// Removes a subscription.
pub(super) fn remove(db: &Connection, id: Id) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM subscriptions WHERE id = ?")?.execute([id]).map(drop)
}

/// The number of a subscription, or of a new one.
pub(super) fn number(db: &Connection, subscription: &Subscription) -> rusqlite::Result<Id> {
    let (path, callback) = (subscription.path.as_str(), subscription.callback.as_str());
    let mut known = db.prepare_cached("SELECT id FROM subscriptions WHERE path = ? AND callback = ?")?;
    let known = known.query_row([path, callback], |row| row.get(0)).optional()?;
    match known {
        Some(id) => Ok(id),
        None => db.query_row("SELECT 1 + coalesce(max(id), 0) FROM subscriptions", [], |row| row.get(0)),
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Option<(Id, Subscription)>> {
    let text = |name: &str| row.get::<_, Option<String>>(name).map(Option::unwrap_or_default);
    let secret = |name: &str| text(name).map(|text| Secret::new(&text));
    let active = match row.get("until")? {
        Some(until) => Some(Active { topic: text("topic")?, until, secret: secret("secret")?, has: row.get("has")? }),
        None => None,
    };
    let asked = match row.get("asked_lease")? {
        Some(lease) => Some(Asked {
            mode: if row.get("asked_mode")? { Mode::Subscribe } else { Mode::Unsubscribe },
            topic: text("asked_topic")?,
            lease,
            secret: secret("asked_secret")?,
            has: row.get("asked_has")?,
            number: 0,
            tries: 0,
        }),
        None => None,
    };
    let (path, callback) = (FeedPath::new(&text("path")?), Callback::parse(&text("callback")?).ok());
    let whole = path.zip(callback);
    let id = row.get("id")?;
    Ok(whole.map(|(path, callback)| (id, Subscription { path, callback, active, asked })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscription(n: usize) -> Subscription {
        Subscription {
            path: FeedPath::new("科技/rss.xml").unwrap(),
            callback: Callback::parse(&format!("https://sub.example/{n}")).unwrap(),
            active: n.is_multiple_of(2).then(|| Active {
                topic: "https://example.com/feeds/a".to_owned(),
                until: 12,
                secret: Secret::new("hush"),
                has: Some([7; 32]),
            }),
            asked: n.is_multiple_of(3).then(|| Asked {
                mode: if n == 0 { Mode::Unsubscribe } else { Mode::Subscribe },
                topic: "https://example.com/feeds/b".to_owned(),
                lease: 5,
                secret: None,
                has: None,
                number: 0,
                tries: 0,
            }),
        }
    }

    #[test]
    fn what_is_kept_is_read_again_and_by_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let rows: Vec<_> = (0..7).map(|n| (n as Id + 1, subscription(n))).collect();
        let mut store = Store::open(folder.path()).unwrap();
        store.as_one(|db| rows.iter().try_for_each(|(id, it)| put(db, *id, it))).unwrap();
        assert_eq!(fs::metadata(folder.path().join(NAME)).unwrap().permissions().mode() & 0o777, 0o600);
        drop(store);
        let mut store = Store::open(folder.path()).unwrap();
        assert_eq!(store.all().unwrap(), rows);
        store
            .as_one(|db| {
                assert_eq!(number(db, &subscription(3)), Ok(4));
                assert_eq!(number(db, &subscription(9)), Ok(8));
                remove(db, 1)?;
                put_version(db, 3, &[8; 32])
            })
            .unwrap();
        let all = store.all().unwrap();
        assert_eq!((all.len(), all[1].1.active.as_ref().unwrap().has), (6, Some([8; 32])));
    }

    #[test]
    fn what_fails_in_the_middle_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let failed = store.as_one(|db| {
            put(db, 1, &subscription(1))?;
            Err(rusqlite::Error::InvalidQuery)
        });
        assert!(failed.unwrap_err().to_string().contains("hub.sqlite"));
        assert_eq!(store.all().unwrap(), []);
    }

    #[test]
    fn a_file_of_a_later_version_or_a_damaged_one_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        store.as_one(|db| db.execute_batch("PRAGMA user_version = 9")).unwrap();
        drop(store);
        let before = fs::read(folder.path().join(NAME)).unwrap();
        assert!(matches!(Store::open(folder.path()), Err(StoreError::Newer { version: 9, .. })));
        assert_eq!(fs::read(folder.path().join(NAME)).unwrap(), before);
        fs::write(folder.path().join(NAME), "no database at all, but long enough to be read as the head of one")
            .unwrap();
        assert!(matches!(Store::open(folder.path()), Err(StoreError::Sql { .. })));
        assert!(fs::read(folder.path().join(NAME)).unwrap().starts_with(b"no database"));
    }
}
