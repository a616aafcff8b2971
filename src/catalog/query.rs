//! What the catalog knows.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};

use super::claims;
use super::{Catalog, CatalogError, FeedId, FileId, Used, Window};
use crate::model::{CategoryPage, Code, Diagnostic, FeedKey, FeedPath, Hint, ItemId, Label, LeftOut, SitePath, WebUrl};

/// What is remembered of published files.
pub type Hints = HashMap<FeedPath, Hint>;

/// A post's place in a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its number.
    pub file: FileId,
    /// Where it lies.
    pub path: SitePath,
    /// [`crate::model::Post::digest`] when it was last read.
    pub digest: i64,
    /// The id of the pinned post that it is under another name.
    pub id: Option<ItemId>,
}

/// A feed with its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSummary {
    /// Its number.
    pub feed: FeedId,
    /// Which posts it is of.
    pub key: FeedKey,
    /// How many live posts it has.
    pub posts: u64,
    /// The newest, in microseconds since 1970.
    pub newest: Option<i64>,
}

/// Where one post stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The feed.
    pub key: FeedKey,
    /// From 1, the newest first.
    pub rank: u64,
}

/// How many files there are of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// In the feed of all posts.
    pub live: u64,
    /// Posts whose time has not come.
    pub future: u64,
    /// Posts whose time is over.
    pub expired: u64,
    /// Older posts than the site's own limit lets it have.
    pub older: u64,
    /// Posts whose id another one has.
    pub same_id: u64,
    /// Files among the posts that are in no feed, by reason.
    pub left_out: Vec<(LeftOut, u64)>,
}

impl Counts {
    /// All files among the posts.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.live
            + self.future
            + self.expired
            + self.older
            + self.same_id
            + self.left_out.iter().map(|(_, n)| n).sum::<u64>()
    }
}

impl Catalog {
    /// Feeds whose files may lag behind.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn dirty_feeds(&self) -> Result<Vec<(FeedId, FeedKey)>, CatalogError> {
        self.keyed("SELECT feed, language, kind, key FROM dirty JOIN feeds USING(feed) ORDER BY feed")
    }

    /// Every feed that was ever met, also those without posts.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn feeds(&self) -> Result<Vec<(FeedId, FeedKey)>, CatalogError> {
        self.keyed("SELECT feed, language, kind, key FROM feeds ORDER BY feed")
    }

    fn keyed(&self, sql: &str) -> Result<Vec<(FeedId, FeedKey)>, CatalogError> {
        let mut statement = self.db.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut feeds = Vec::new();
        while let Some(row) = rows.next()? {
            let feed = FeedId(row.get(0)?);
            feeds.extend(claims::feed_key(row, 1)?.map(|key| (feed, key)));
        }
        Ok(feeds)
    }

    /// The newest posts of a feed: by date, descending, then by rank, or by path without one.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn newest(&self, feed: FeedId, window: Window) -> Result<Vec<Listed>, CatalogError> {
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT f.path, f.digest, file, moved.id FROM members m JOIN files f USING(file) LEFT JOIN moved USING(file) \
             WHERE m.feed = ? {} LIMIT ?",
            window.order()
        ))?;
        let rows = statement.query_map([feed.0, window.rows()], listed)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether a feed has a live post.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn has_posts(&self, feed: FeedId) -> Result<bool, CatalogError> {
        Ok(self.db.prepare_cached("SELECT 1 FROM members WHERE feed = ? LIMIT 1")?.exists([feed.0])?)
    }

    /// The spelling of a feed's label that most posts use, and among equals that of the newest post.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn spelling(&self, feed: FeedId) -> Result<Option<Label>, CatalogError> {
        let mut statement = self.db.prepare_cached(
            "SELECT label, spelling FROM labels WHERE feed = ?1 AND posts > 0 AND posts = \
             (SELECT max(posts) FROM labels WHERE feed = ?1) ORDER BY spelling",
        )?;
        let mut tied: Vec<(i64, String)> =
            statement.query_map([feed.0], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        if tied.len() > 1 {
            let mut newest = self.db.prepare_cached(
                "SELECT m.label FROM members m JOIN files f USING(file) WHERE m.feed = ? \
                 ORDER BY m.published DESC, coalesce(f.rank, f.path) DESC",
            )?;
            let mut rows = newest.query([feed.0])?;
            while let Some(row) = rows.next()? {
                let label: i64 = row.get(0)?;
                if tied.iter().any(|(number, _)| *number == label) {
                    tied.retain(|(number, _)| *number == label);
                    break;
                }
            }
        }
        Ok(tied.into_iter().next().and_then(|(_, spelling)| Label::new(&spelling)))
    }

    /// The site's own page of a category: the one that names the shown spelling, else the first by path.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn page(&self, key: &str, shown: Option<&Label>) -> Result<Option<CategoryPage>, CatalogError> {
        let mut statement = self.db.prepare_cached(
            "SELECT p.label, p.title, p.link FROM pages p JOIN files f USING(file) WHERE p.key = ?1 \
             ORDER BY p.label <> ?2, f.path LIMIT 1",
        )?;
        let row: Option<(String, Option<String>, String)> = statement
            .query_row(params![key, shown.map_or("", Label::as_str)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        Ok(row.and_then(|(label, title, link)| {
            Some(CategoryPage { key: key.to_owned(), label: Label::new(&label)?, title, link: WebUrl::parse(&link)? })
        }))
    }

    /// How many files there are of each kind, at the instant of the last batch.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn counts(&self) -> Result<Counts, CatalogError> {
        let now: i64 = self
            .db
            .query_row("SELECT value FROM meta WHERE key = 'clock'", [], |row| row.get(0))
            .optional()?
            .unwrap_or(0);
        let mut counts = Counts {
            live: self.db.query_row(
                "SELECT coalesce(sum(posts), 0) FROM labels JOIN feeds USING(feed) WHERE kind = 0",
                [],
                |row| row.get(0),
            )?,
            older: self.db.query_row("SELECT count(*) FROM files WHERE live = 2", [], |row| row.get(0))?,
            ..Counts::default()
        };
        let mut hidden =
            self.db.prepare_cached("SELECT shown_from, shown_until FROM files WHERE state = 0 AND live = 0")?;
        let mut rows = hidden.query([])?;
        while let Some(row) = rows.next()? {
            let (from, until): (Option<i64>, Option<i64>) = (row.get(0)?, row.get(1)?);
            match (from, until) {
                (Some(from), _) if from > now => counts.future += 1,
                (_, Some(until)) if until <= now => counts.expired += 1,
                _ => counts.same_id += 1,
            }
        }
        let mut out = self.db.prepare_cached("SELECT state, count(*) FROM files WHERE state <> 0 GROUP BY state")?;
        for row in out.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))? {
            let (state, n) = row?;
            counts.left_out.extend(claims::left_out(state).map(|why| (why, n)));
        }
        Ok(counts)
    }

    /// All findings, by path, line and column.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn diagnostics(&self) -> Result<Vec<(SitePath, Diagnostic)>, CatalogError> {
        let mut statement = self.db.prepare_cached(
            "SELECT path, code, line, col, message FROM diagnostics JOIN files USING(file) ORDER BY path, line, col, code, message",
        )?;
        let rows = statement.query_map([], |row| {
            let diagnostic = Code::parse(row.get_ref(1)?.as_str()?).map(|code| Diagnostic {
                code,
                line: row.get(2).unwrap_or_default(),
                column: row.get(3).unwrap_or_default(),
                message: row.get(4).unwrap_or_default(),
            });
            Ok((SitePath::from_bytes(row.get_ref(0)?.as_blob()?), diagnostic))
        })?;
        let mut found = Vec::new();
        for row in rows {
            let (path, diagnostic) = row?;
            found.extend(diagnostic.map(|diagnostic| (path, diagnostic)));
        }
        let used = self.used_findings()?;
        if !used.is_empty() {
            found.extend(used);
            found.sort_by(|(a, x), (b, y)| {
                let key = |found: &Diagnostic| (found.line, found.column, found.code.as_str());
                (a, key(x), &x.message).cmp(&(b, key(y), &y.message))
            });
        }
        Ok(found)
    }

    /// All feeds with posts, and the empty ones that are there all the same, in the order of their keys.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn summaries(&self) -> Result<Vec<FeedSummary>, CatalogError> {
        let mut summaries = Vec::new();
        let mut statement = self.db.prepare_cached(
            "SELECT (SELECT coalesce(sum(posts), 0) FROM labels WHERE feed = ?1), \
             (SELECT max(published) FROM members WHERE feed = ?1)",
        )?;
        for (feed, key) in self.feeds()? {
            let (posts, newest) = statement.query_row([feed.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
            summaries.push(FeedSummary { feed, key, posts, newest });
        }
        summaries.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(summaries)
    }

    /// Whether a post would be live, but newer ones are as many as the site has at most.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn is_older(&self, path: &SitePath) -> Result<bool, CatalogError> {
        let mut statement = self.db.prepare_cached("SELECT live = 2 FROM files WHERE path = ?")?;
        Ok(statement.query_row([path.as_bytes()], |row| row.get(0)).optional()?.unwrap_or(false))
    }

    /// The feeds that a live post is in, and its rank there; empty when it is in none.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn places(&self, path: &SitePath) -> Result<Vec<Place>, CatalogError> {
        let mut statement = self.db.prepare_cached(
            "SELECT language, kind, key, (SELECT count(*) FROM members n JOIN files g USING(file) WHERE n.feed = m.feed AND \
             (n.published > m.published OR (n.published = m.published AND coalesce(g.rank, g.path) >= coalesce(f.rank, f.path)))) \
             FROM files f JOIN members m USING(file) JOIN feeds USING(feed) WHERE f.path = ? AND m.published = f.published",
        )?;
        let mut rows = statement.query([path.as_bytes()])?;
        let mut places = Vec::new();
        while let Some(row) = rows.next()? {
            let rank = row.get(3)?;
            places.extend(claims::feed_key(row, 0)?.map(|key| Place { key, rank }));
        }
        places.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(places)
    }

    /// What is remembered of published files.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn published(&self) -> Result<Hints, CatalogError> {
        let hints = published(&self.db)?;
        Ok(if hints.is_empty() { self.inherited.clone() } else { hints })
    }

    /// The files of these feeds are what the tables say: they are clean, made with these files beside the posts, and what
    /// was published is remembered, or forgotten where there is none. Returns what is news about those files.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn settle_feeds<'a>(
        &self,
        clean: Vec<(FeedId, Vec<Used>)>,
        files: impl IntoIterator<Item = (&'a FeedPath, Option<Hint>)>,
    ) -> Result<Vec<(SitePath, Diagnostic)>, CatalogError> {
        self.db.execute_batch("BEGIN IMMEDIATE")?;
        let settled = self.settle_feeds_now(clean, files);
        let settled = settled.and_then(|news| Ok(self.db.execute_batch("COMMIT").map(|()| news)?));
        if settled.is_err() {
            // What failed may have ended the transaction by itself.
            let _ = self.db.execute_batch("ROLLBACK");
        }
        settled
    }

    fn settle_feeds_now<'a>(
        &self,
        clean: Vec<(FeedId, Vec<Used>)>,
        files: impl IntoIterator<Item = (&'a FeedPath, Option<Hint>)>,
    ) -> Result<Vec<(SitePath, Diagnostic)>, CatalogError> {
        let mut news = Vec::new();
        for (feed, used) in clean {
            news.extend(self.put_used(feed, used)?);
            self.db.prepare_cached("DELETE FROM dirty WHERE feed = ?")?.execute([feed.0])?;
        }
        for (path, hint) in files {
            match hint {
                Some(hint) => self
                    .db
                    .prepare_cached("INSERT OR REPLACE INTO published VALUES(?, ?, ?, ?, ?)")?
                    .execute(params![path.as_str(), hint.size, hint.mtime_ns, hint.inode.cast_signed(), hint.sha256])?,
                None => self.db.prepare_cached("DELETE FROM published WHERE path = ?")?.execute([path.as_str()])?,
            };
        }
        Ok(news)
    }
}

/// A row of path, digest, file and the id of `moved`.
pub(super) fn listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    let path = SitePath::from_bytes(row.get_ref(0)?.as_blob()?);
    let id = row.get_ref(3)?.as_str_or_null()?.and_then(ItemId::parse);
    Ok(Listed { file: FileId(row.get(2)?), path, digest: row.get(1)?, id })
}

/// The rows of `published`.
pub(super) fn published(db: &rusqlite::Connection) -> Result<Hints, CatalogError> {
    let mut statement = db.prepare_cached("SELECT path, size, mtime, inode, sha256 FROM published")?;
    let mut rows = statement.query([])?;
    let mut hints = HashMap::new();
    while let Some(row) = rows.next()? {
        let hint = Hint {
            size: row.get(1)?,
            mtime_ns: row.get(2)?,
            inode: row.get::<_, i64>(3)?.cast_unsigned(),
            sha256: row.get(4)?,
        };
        hints.extend(FeedPath::new(&row.get::<_, String>(0)?).map(|path| (path, hint)));
    }
    Ok(hints)
}
