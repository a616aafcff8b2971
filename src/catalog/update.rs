//! A batch of readings into the catalog, in one transaction.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{OptionalExtension, params};
use xxhash_rust::xxh3::xxh3_64;

use super::archives::Touched;
use super::claims::{self, StoredClaim};
use super::face::{Faces, Window};
use super::numbers::{Numbers, feed_number, label_number};
use super::{Catalog, CatalogError, FeedId, FileId, Phase, schema};
use crate::model::{BodyHash, Claim, Diagnostic, FeedKey, Group, Pins, Post, Reading, Record, SitePath};

/// A batch being written: nothing of it is visible before [`Update::commit`], and it is undone when dropped.
#[derive(Debug)]
pub struct Update<'a> {
    pub(super) catalog: &'a mut Catalog,
    /// The instant that decides what is shown, in microseconds since 1970.
    pub(super) now: i64,
    /// The ids that the site has pinned.
    pub(super) pins: &'a Pins,
    /// Bodies of which it has to be found again which post is a pinned one under another name.
    pub(super) bodies: BTreeSet<BodyHash>,
    pub(super) dirty: BTreeSet<i64>,
    /// Ids and permalinks whose owners have to be found again.
    pub(super) ids: BTreeSet<i64>,
    pub(super) links: BTreeSet<i64>,
    /// How many live posts each label gained.
    pub(super) gained: HashMap<i64, i64>,
    pub(super) faces: Faces,
    pub(super) archives: Touched,
    /// Of a bulk fill: the hashes of all ids and permalinks, to find those that stand twice.
    pub(super) hashes: [Vec<i64>; 2],
    /// Members of a bulk fill that are not in their table yet: feed, date, file, label.
    pub(super) members: Vec<[i64; 4]>,
    /// Stamps of a bulk fill that are not in their table yet: file, stamp.
    pub(super) stamps: Vec<[i64; 2]>,
    next_file: i64,
    done: bool,
}

impl Catalog {
    /// Begins a batch at the instant `now`, in microseconds since 1970. `window` is the most that any feed shows.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn begin<'a>(&'a mut self, now: i64, window: Window, pins: &'a Pins) -> Result<Update<'a>, CatalogError> {
        self.complete()?;
        self.db.execute_batch("BEGIN IMMEDIATE")?;
        let next_file: i64 = self.db.query_row("SELECT coalesce(max(file), 0) + 1 FROM files", [], |row| row.get(0))?;
        Ok(Update {
            catalog: self,
            now,
            pins,
            bodies: BTreeSet::new(),
            dirty: BTreeSet::new(),
            ids: BTreeSet::new(),
            links: BTreeSet::new(),
            gained: HashMap::new(),
            faces: Faces::new(window),
            archives: Touched::default(),
            hashes: [Vec::new(), Vec::new()],
            members: Vec::new(),
            stamps: Vec::new(),
            next_file,
            done: false,
        })
    }
}

impl Update<'_> {
    /// What a file turned out to be. `stamp` is what [`Catalog::stamps`] will give for it.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn put(&mut self, path: &SitePath, stamp: i64, record: &Record) -> Result<FileId, CatalogError> {
        let file = if self.catalog.is_new() { None } else { self.forget(path)? };
        let file = file.unwrap_or_else(|| {
            self.next_file += 1;
            self.next_file - 1
        });
        if !self.catalog.is_new() {
            self.faces.note_file(file);
        }
        self.put_stamp(file, stamp)?;
        match &record.reading {
            Reading::Post(post) => self.put_post(file, path, post)?,
            other => {
                self.db()
                    .prepare_cached("INSERT OR REPLACE INTO files(file, path, state) VALUES(?, ?, ?)")?
                    .execute(params![file, path.as_bytes(), claims::state(other)])?;
            }
        }
        if let Reading::Page(page) = &record.reading {
            self.db().prepare_cached("INSERT OR REPLACE INTO pages VALUES(?, ?, ?, ?, ?)")?.execute(params![
                file,
                page.key,
                page.label.as_str(),
                page.title,
                page.link.as_str()
            ])?;
            self.touch_page(&page.key)?;
        }
        for diagnostic in &record.diagnostics {
            self.put_diagnostic(file, diagnostic)?;
        }
        Ok(FileId(file))
    }

    /// There is no file at `path`.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn remove(&mut self, path: &SitePath) -> Result<(), CatalogError> {
        if let Some(file) = self.forget(path)? {
            self.erase(file)?;
        }
        Ok(())
    }

    /// There is nothing below `path`: it is no folder, or is gone.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn remove_below(&mut self, path: &SitePath) -> Result<(), CatalogError> {
        for file in self.catalog.stamps(path)?.unseen() {
            self.remove_file(file)?;
        }
        Ok(())
    }

    /// Where a file lies.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn path_of(&self, file: FileId) -> Result<Option<SitePath>, CatalogError> {
        let path = self
            .db()
            .prepare_cached("SELECT path FROM files WHERE file = ?")?
            .query_row([file.0], |row| Ok(SitePath::from_bytes(row.get_ref(0)?.as_blob()?)))
            .optional()?;
        Ok(path)
    }

    /// A file that is gone.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn remove_file(&mut self, file: FileId) -> Result<(), CatalogError> {
        if let Some(path) = self.path_of(file)? {
            self.forget(&path)?;
            self.erase(file.0)?;
        }
        Ok(())
    }

    /// Makes sure that a feed is there, also without posts.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn ensure_feed(&mut self, key: &FeedKey) -> Result<FeedId, CatalogError> {
        Ok(FeedId(feed_number(&self.catalog.db, &mut self.catalog.numbers, key)?))
    }

    /// Marks a feed to be made again.
    pub fn touch_feed(&mut self, feed: FeedId) {
        self.dirty.insert(feed.0);
    }

    /// Settles who owns each id, and makes the batch visible. Feeds that it touches are dirty from then on.
    ///
    /// # Errors
    /// [`CatalogError::Emptied`] when no post is left and `allow_empty` is not set; or the catalog cannot be written.
    pub fn commit(mut self, allow_empty: bool) -> Result<(), CatalogError> {
        if !allow_empty && !self.any_file_among_posts()? {
            return Err(CatalogError::Emptied);
        }
        self.insert_stamps()?;
        if self.catalog.is_new() {
            self.insert_members()?;
            schema::index(&self.catalog.db)?;
            self.settle_moved()?;
            self.collect_conflicts()?;
        } else {
            self.collect_due()?;
            if !(self.ids.is_empty() && self.links.is_empty()) {
                self.catalog.index()?;
            }
            self.settle_moved()?;
        }
        self.settle_ids()?;
        self.settle_limit()?;
        self.settle_links()?;
        for (label, gained) in std::mem::take(&mut self.gained) {
            self.db()
                .prepare_cached("UPDATE labels SET posts = posts + ? WHERE label = ?")?
                .execute([gained, label])?;
        }
        let [changed, respelled] = self.faces.changed(self.catalog)?;
        self.dirty.extend(changed);
        respelled.into_iter().for_each(|feed| self.archives.note_head(feed));
        self.settle_archives()?;
        for feed in std::mem::take(&mut self.dirty) {
            self.db().prepare_cached("INSERT OR IGNORE INTO dirty VALUES(?)")?.execute([feed])?;
        }
        self.db().prepare_cached("INSERT OR REPLACE INTO meta VALUES('clock', ?)")?.execute([self.now])?;
        self.db().execute_batch("COMMIT")?;
        self.done = true;
        if self.catalog.is_new() {
            self.catalog.phase = Phase::Filled;
        }
        Ok(())
    }

    pub(super) fn db(&self) -> &rusqlite::Connection {
        &self.catalog.db
    }

    fn put_post(&mut self, file: i64, path: &SitePath, post: &Post) -> Result<(), CatalogError> {
        let mut stored = Vec::with_capacity(post.claims.len());
        for claim in &post.claims {
            stored.push(self.number(claim)?);
        }
        // Beside a bulk fill nothing is known of other posts: it is live if shown, and conflicts are settled at the end.
        let live = self.catalog.is_new() && post.is_shown(self.now);
        self.note_body(file, post.body)?;
        let id_hash = hash(post.id.as_str());
        let link_hash = hash(post.link.as_str());
        self.db()
            .prepare_cached(
                "INSERT OR REPLACE INTO files(file, path, state, live, published, shown_from, shown_until, changed, id, \
                 id_hash, link_hash, digest, claims, rank, size) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                file,
                path.as_bytes(),
                claims::POST,
                live,
                post.published.micros(),
                post.shown_from,
                post.shown_until,
                post.changed,
                post.id.as_str(),
                id_hash,
                link_hash,
                post.digest(),
                claims::encode(&stored),
                post.rank,
                i64::try_from(post.size).unwrap_or(i64::MAX),
            ])?;
        if self.catalog.is_new() {
            for (hashes, hash) in self.hashes.iter_mut().zip([id_hash, link_hash]) {
                hashes.push(hash);
            }
        }
        if live {
            self.enlist(file, post.published.micros(), &stored)?;
        } else if !self.catalog.is_new() {
            self.ids.insert(id_hash);
            self.links.insert(link_hash);
        }
        Ok(())
    }

    pub(super) fn put_diagnostic(&self, file: i64, diagnostic: &Diagnostic) -> Result<(), CatalogError> {
        self.db().prepare_cached("INSERT INTO diagnostics VALUES(?, ?, ?, ?, ?)")?.execute(params![
            file,
            diagnostic.code.as_str(),
            diagnostic.line,
            diagnostic.column,
            diagnostic.message
        ])?;
        Ok(())
    }

    /// Undoes everything that the row of a file stands for, but for the row itself; gives its number.
    fn forget(&mut self, path: &SitePath) -> Result<Option<i64>, CatalogError> {
        self.catalog.index()?;
        self.insert_stamps()?;
        self.note_pinned_path(path);
        self.touch_links(path)?;
        let old = self
            .db()
            .prepare_cached(
                "SELECT file, state, live = 1, published, id_hash, link_hash, claims FROM files WHERE path = ?",
            )?
            .query_row([path.as_bytes()], |row| {
                Ok(Old {
                    file: row.get(0)?,
                    state: row.get(1)?,
                    live: row.get(2)?,
                    published: row.get(3)?,
                    id_hash: row.get(4)?,
                    link_hash: row.get(5)?,
                    claims: row.get(6)?,
                })
            })
            .optional()?;
        let Some(old) = old else { return Ok(None) };
        if old.live {
            self.delist(old.file, old.published.unwrap_or_default(), &claims::decode(&old.claims.unwrap_or_default()))?;
        }
        self.ids.extend(old.id_hash);
        self.links.extend(old.link_hash);
        self.forget_body(old.file)?;
        if old.state == claims::PAGE {
            let key: Option<String> = self
                .db()
                .prepare_cached("DELETE FROM pages WHERE file = ? RETURNING key")?
                .query_row([old.file], |row| row.get(0))
                .optional()?;
            if let Some(key) = key {
                self.touch_page(&key)?;
            }
        }
        self.db().prepare_cached("DELETE FROM diagnostics WHERE file = ?")?.execute([old.file])?;
        Ok(Some(old.file))
    }

    fn erase(&self, file: i64) -> Result<(), CatalogError> {
        self.db().prepare_cached("DELETE FROM files WHERE file = ?")?.execute([file])?;
        self.db().prepare_cached("DELETE FROM stamps WHERE file = ?")?.execute([file])?;
        Ok(())
    }

    /// A category's page changes the title and link of its feed.
    fn touch_page(&mut self, key: &str) -> Result<(), CatalogError> {
        let feed = self.ensure_feed(&Group::Category(key.to_owned()).into())?;
        self.touch_feed(feed);
        self.archives.note_head(feed.0);
        Ok(())
    }

    fn number(&mut self, claim: &Claim) -> Result<StoredClaim, CatalogError> {
        let Catalog { db, numbers, .. } = &mut *self.catalog;
        let feed = feed_number(db, numbers, &claim.feed)?;
        let spelling = claim.label.as_ref().map_or("", |label| label.as_str());
        let label = label_number(db, numbers, feed, spelling)?;
        Ok(StoredClaim { feed, label })
    }

    fn any_file_among_posts(&self) -> Result<bool, CatalogError> {
        let found = self
            .db()
            .prepare_cached("SELECT 1 FROM files WHERE state NOT IN (?, ?) LIMIT 1")?
            .exists([claims::PAGE, claims::OTHER])?;
        Ok(found)
    }
}

impl Drop for Update<'_> {
    fn drop(&mut self) {
        if !self.done {
            // The numbers may be of rows that are undone now, as are new indexes.
            self.catalog.numbers = Numbers::default();
            self.catalog.is_indexed = false;
            let _ = self.catalog.db.execute_batch("ROLLBACK");
        }
    }
}

struct Old {
    file: i64,
    state: i64,
    live: bool,
    published: Option<i64>,
    id_hash: Option<i64>,
    link_hash: Option<i64>,
    claims: Option<Vec<u8>>,
}

pub(super) fn hash(text: &str) -> i64 {
    xxh3_64(text.as_bytes()).cast_signed()
}
