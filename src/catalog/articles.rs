//! Which built pages the published feeds took the text of their posts from.
//!
//! A row a feed and post, replaced whenever the feed is made: what is here is true of the files of feeds, costs nothing for
//! posts that are in none, and tells of a page that has changed whom it concerns.

use std::collections::BTreeMap;

use rusqlite::{Connection, Params, params};

use super::stamps::range_below;
use super::{Catalog, CatalogError, FeedId, FileId};
use crate::model::{Code, Diagnostic, SitePath};

/// What a feed took the text of one of its posts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// The post.
    pub file: FileId,
    /// The post's path, to tell of it.
    pub post: SitePath,
    /// What the path of its page begins with, below the folder of pages.
    pub page: SitePath,
    /// What the page looked like; `None` when there was none.
    pub stamp: Option<i64>,
    /// Why the text is that of the source; `None` when it is that of the page.
    pub finding: Option<Diagnostic>,
}

/// What is known of built pages: by what their paths begin with, the feeds that show them, and as what.
pub type Shown = BTreeMap<SitePath, Vec<(FeedId, Option<i64>)>>;

impl Catalog {
    /// All built pages that feeds show, or would if they were there.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn articles(&self) -> Result<Shown, CatalogError> {
        let mut shown = Shown::new();
        collect(&self.db, "", [], &mut shown)?;
        Ok(shown)
    }

    /// Of these, the one whose path begins with `page`.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn articles_at(&self, page: &SitePath, shown: &mut Shown) -> Result<(), CatalogError> {
        collect(&self.db, "WHERE page = ?", [page.as_bytes()], shown)
    }

    /// Of these, all below a folder that is not the whole.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn articles_below(&self, folder: &SitePath, shown: &mut Shown) -> Result<(), CatalogError> {
        collect(&self.db, "WHERE page > ? AND page < ?", range_below(folder), shown)
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
    pub(super) fn put_articles(
        &self,
        feed: FeedId,
        articles: Vec<Article>,
    ) -> Result<Vec<(SitePath, Diagnostic)>, CatalogError> {
        let mut known = self.db.prepare_cached("SELECT 1 FROM articles WHERE file = ? AND finding = ? LIMIT 1")?;
        let mut news = Vec::new();
        for article in &articles {
            if let Some(finding) = &article.finding
                && !known.exists(params![article.file.0, finding.message])?
            {
                news.push((article.post.clone(), finding.clone()));
            }
        }
        self.db.prepare_cached("DELETE FROM articles WHERE feed = ?")?.execute([feed.0])?;
        let mut insert = self.db.prepare_cached("INSERT OR REPLACE INTO articles VALUES(?, ?, ?, ?, ?)")?;
        for Article { file, page, stamp, finding, .. } in articles {
            let message = finding.map(|finding| finding.message);
            insert.execute(params![feed.0, file.0, page.as_bytes(), stamp, message])?;
        }
        Ok(news)
    }

    /// Posts that have the text of their source although that of their page is wanted.
    pub(super) fn article_findings(&self) -> Result<Vec<(SitePath, Diagnostic)>, CatalogError> {
        let mut statement = self.db.prepare_cached(
            "SELECT DISTINCT path, finding FROM articles JOIN files USING(file) WHERE finding IS NOT NULL",
        )?;
        let found = statement.query_map([], |row| {
            let message: String = row.get(1)?;
            Ok((SitePath::from_bytes(row.get_ref(0)?.as_blob()?), Diagnostic::new(Code::NoArticle, message)))
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}

fn collect(db: &Connection, condition: &str, bounds: impl Params, shown: &mut Shown) -> Result<(), CatalogError> {
    let mut statement = db.prepare_cached(&format!("SELECT page, feed, stamp FROM articles {condition}"))?;
    let rows = statement.query_map(bounds, |row| {
        Ok((SitePath::from_bytes(row.get_ref(0)?.as_blob()?), (FeedId(row.get(1)?), row.get(2)?)))
    })?;
    for row in rows {
        let (page, feed) = row?;
        shown.entry(page).or_default().push(feed);
    }
    Ok(())
}
