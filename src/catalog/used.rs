//! Which files beside the posts the published feeds were made with: built pages, and the pictures and sound of posts.
//!
//! A row a feed, post and file that was looked for, replaced whenever the feed is made: what is here is true of the files of
//! feeds, costs nothing for posts that are in none, and tells of a file that has changed whom it concerns.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Params, params};

use super::stamps::range_below;
use super::{Catalog, CatalogError, FeedId, FileId};
use crate::model::{Code, Diagnostic, SitePath};

/// What a file is to a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Its built page; the place is what the path of the page begins with, below the folder of pages.
    Page,
    /// Its picture or sound; the place is the path below the site.
    Media,
}

/// A file that a feed was made with, or that would have been used if it were there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// The post.
    pub file: FileId,
    /// The post's path, to tell of it.
    pub post: SitePath,
    /// What for.
    pub by: Use,
    /// Which.
    pub place: SitePath,
    /// As what.
    pub seen: Seen,
    /// What is wrong with it.
    pub finding: Option<Diagnostic>,
}

/// What such a file was when a feed was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// What it looked like; `None` when there was none.
    pub stamp: Option<i64>,
    /// Whether a symbolic link leads to it, so that nobody tells of its changes under this path.
    pub is_linked: bool,
}

/// What is known of such files: by their places, the feeds that were made with them, and as what.
pub type Shown = BTreeMap<SitePath, Vec<(FeedId, Seen)>>;

impl Catalog {
    /// All files of a use that feeds were made with, or would be if they were there.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn used(&self, by: Use) -> Result<Shown, CatalogError> {
        let mut shown = Shown::new();
        collect(&self.db, "", [by.number()], &mut shown)?;
        Ok(shown)
    }

    /// Of these, the one at a place.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn used_at(&self, by: Use, place: &SitePath, shown: &mut Shown) -> Result<(), CatalogError> {
        collect(&self.db, "AND place = ?2", params![by.number(), place.as_bytes()], shown)
    }

    /// Of these, all below a folder that is not the whole.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn used_below(&self, by: Use, folder: &SitePath, shown: &mut Shown) -> Result<(), CatalogError> {
        let [first, last] = range_below(folder);
        collect(&self.db, "AND place > ?2 AND place < ?3", params![by.number(), first, last], shown)
    }

    /// Of these, all that symbolic links lead to.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn used_through_links(&self, by: Use, shown: &mut Shown) -> Result<(), CatalogError> {
        collect(&self.db, "AND is_linked", [by.number()], shown)
    }

    /// The folders that files of a use lie in, or would.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn folders_used(&self, by: Use) -> Result<BTreeSet<SitePath>, CatalogError> {
        let mut statement = self.db.prepare_cached("SELECT DISTINCT place FROM used WHERE by = ?")?;
        let places = statement.query_map([by.number()], |row| Ok(SitePath::from_bytes(row.get_ref(0)?.as_blob()?)))?;
        let mut folders = BTreeSet::new();
        for place in places {
            folders.insert(place?.ancestors().last().unwrap_or_default());
        }
        Ok(folders)
    }

    /// Marks feeds to be made again.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn mark_dirty(&self, feeds: impl IntoIterator<Item = FeedId>) -> Result<(), CatalogError> {
        let transaction = self.db.unchecked_transaction()?;
        for feed in feeds {
            self.db.prepare_cached("INSERT OR IGNORE INTO dirty VALUES(?)")?.execute([feed.0])?;
        }
        Ok(transaction.commit()?)
    }

    /// Replaces what is known of a feed. Returns the findings that are news, each with its post.
    pub(super) fn put_used(&self, feed: FeedId, used: Vec<Used>) -> Result<Vec<(SitePath, Diagnostic)>, CatalogError> {
        let mut known = self.db.prepare_cached("SELECT 1 FROM used WHERE file = ? AND finding = ? LIMIT 1")?;
        let mut news = Vec::new();
        for one in &used {
            if let Some(finding) = &one.finding
                && !known.exists(params![one.file.0, finding.message])?
            {
                news.push((one.post.clone(), finding.clone()));
            }
        }
        self.db.prepare_cached("DELETE FROM used WHERE feed = ?")?.execute([feed.0])?;
        let mut insert = self.db.prepare_cached("INSERT OR REPLACE INTO used VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
        for Used { file, by, place, seen: Seen { stamp, is_linked }, finding, .. } in used {
            let (line, column) = finding.as_ref().map_or((None, None), |finding| (finding.line, finding.column));
            let message = finding.map(|finding| finding.message);
            let place = place.as_bytes();
            insert.execute(params![feed.0, file.0, by.number(), place, stamp, is_linked, message, line, column])?;
        }
        Ok(news)
    }

    /// What is wrong with the files that posts use.
    pub(super) fn used_findings(&self) -> Result<Vec<(SitePath, Diagnostic)>, CatalogError> {
        let mut statement = self.db.prepare_cached(
            "SELECT DISTINCT path, by, finding, line, col FROM used JOIN files USING(file) WHERE finding IS NOT NULL",
        )?;
        let found = statement.query_map([], |row| {
            let code = if row.get::<_, i64>(1)? == Use::Page.number() { Code::NoArticle } else { Code::MissingFile };
            let finding = Diagnostic::new(code, row.get::<_, String>(2)?).at(row.get(3)?).column(row.get(4)?);
            Ok((SitePath::from_bytes(row.get_ref(0)?.as_blob()?), finding))
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}

impl Use {
    fn number(self) -> i64 {
        match self {
            Self::Page => 0,
            Self::Media => 1,
        }
    }
}

fn collect(db: &Connection, condition: &str, bounds: impl Params, shown: &mut Shown) -> Result<(), CatalogError> {
    let mut statement =
        db.prepare_cached(&format!("SELECT place, feed, stamp, is_linked FROM used WHERE by = ?1 {condition}"))?;
    let rows = statement.query_map(bounds, |row| {
        let seen = Seen { stamp: row.get(2)?, is_linked: row.get(3)? };
        Ok((SitePath::from_bytes(row.get_ref(0)?.as_blob()?), (FeedId(row.get(1)?), seen)))
    })?;
    for row in rows {
        let (place, feed) = row?;
        shown.entry(place).or_default().push(feed);
    }
    Ok(())
}
