//! How the list of all feeds shows each of them: kept, so that an edit can tell whether the list is another now.

use rusqlite::params;

use super::{Catalog, CatalogError, FeedId, claims};
use crate::model::FeedKey;

/// A published feed in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlined {
    /// Which feed.
    pub key: FeedKey,
    /// Its title, plain text.
    pub title: String,
    /// The URL of the page that it is about.
    pub home: String,
}

impl Catalog {
    /// The published feeds, in the order of their keys.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn outlines(&self) -> Result<Vec<Outlined>, CatalogError> {
        let mut statement =
            self.db.prepare_cached("SELECT language, kind, key, title, home FROM outlines JOIN feeds USING(feed)")?;
        let mut rows = statement.query([])?;
        let mut outlines = Vec::new();
        while let Some(row) = rows.next()? {
            let (title, home) = (row.get(3)?, row.get(4)?);
            outlines.extend(claims::feed_key(row, 0)?.map(|key| Outlined { key, title, home }));
        }
        outlines.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(outlines)
    }

    /// The list shows these feeds so, or no more; whether that changes it. To be called before they are settled: what is
    /// not known then is made again after a crash.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn set_outlines(&self, outlines: &[(FeedId, Option<Outlined>)]) -> Result<bool, CatalogError> {
        let transaction = self.db.unchecked_transaction()?;
        let mut changed = 0;
        for (feed, outlined) in outlines {
            changed += match outlined {
                Some(Outlined { title, home, .. }) => self
                    .db
                    .prepare_cached(
                        "INSERT INTO outlines VALUES(?, ?, ?) ON CONFLICT DO UPDATE \
                         SET title = excluded.title, home = excluded.home \
                         WHERE title <> excluded.title OR home <> excluded.home",
                    )?
                    .execute(params![feed.0, title, home])?,
                None => self.db.prepare_cached("DELETE FROM outlines WHERE feed = ?")?.execute([feed.0])?,
            };
        }
        transaction.commit()?;
        Ok(changed > 0)
    }
}
