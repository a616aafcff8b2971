//! Which posts the texts of feeds lead to: a feed is made again when one of them comes, goes or changes.

use std::collections::BTreeSet;

use rusqlite::params;

use super::{Catalog, CatalogError, FeedId, Update};
use crate::model::SitePath;

impl Catalog {
    /// These feeds were made of texts that lead to these paths, whether there is a post or not. To be called before they are
    /// settled: what is not known then is made again after a crash.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn set_links(&self, feeds: &[(FeedId, BTreeSet<SitePath>)]) -> Result<(), CatalogError> {
        let is_empty = feeds.iter().all(|(_, paths)| paths.is_empty());
        if is_empty && !self.db.prepare_cached("SELECT 1 FROM links LIMIT 1")?.exists([])? {
            return Ok(());
        }
        let transaction = self.db.unchecked_transaction()?;
        for (feed, paths) in feeds {
            self.db.prepare_cached("DELETE FROM links WHERE feed = ?")?.execute([feed.0])?;
            let mut insert = self.db.prepare_cached("INSERT INTO links VALUES(?, ?)")?;
            for path in paths {
                insert.execute(params![feed.0, path.as_bytes()])?;
            }
        }
        Ok(transaction.commit()?)
    }
}

impl Update<'_> {
    /// The feeds whose texts lead anywhere are to be made again.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn touch_all_links(&mut self) -> Result<(), CatalogError> {
        let mut statement = self.catalog.db.prepare_cached("SELECT DISTINCT feed FROM links")?;
        for feed in statement.query_map([], |row| row.get(0))? {
            self.dirty.insert(feed?);
        }
        Ok(())
    }

    /// A file comes, goes or changes: the feeds whose texts lead to it are to be made again.
    pub(super) fn touch_links(&mut self, path: &SitePath) -> Result<(), CatalogError> {
        let mut statement = self.catalog.db.prepare_cached("SELECT feed FROM links WHERE path = ?")?;
        let mut rows = statement.query([path.as_bytes()])?;
        while let Some(row) = rows.next()? {
            self.dirty.insert(row.get(0)?);
        }
        Ok(())
    }
}
