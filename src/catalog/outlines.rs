//! How the lists of all feeds show each of them: kept, so that an edit can tell whether a list is another now.

use rusqlite::params;

use super::{Catalog, CatalogError, FeedId, claims};
use crate::model::{FeedKey, Rhythm, Timestamp};

/// A published feed in the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlined {
    /// Which feed.
    pub key: FeedKey,
    /// Its title, plain text.
    pub title: String,
    /// The URL of the page that it is about.
    pub home: String,
    /// When its posts come: only where a list says so, as it changes with every post.
    pub rhythm: Option<Rhythm>,
}

/// Which lists of all feeds are others now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relisted {
    /// None.
    None,
    /// Those that tell of news: a feed has some.
    News,
    /// All: a feed has come or gone, or has another title or home.
    All,
}

impl Catalog {
    /// The published feeds, in the order of their keys.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn outlines(&self) -> Result<Vec<Outlined>, CatalogError> {
        let mut statement = self.db.prepare_cached(
            "SELECT language, kind, key, title, home, newest, zone, a_year FROM outlines JOIN feeds USING(feed)",
        )?;
        let mut rows = statement.query([])?;
        let mut outlines = Vec::new();
        while let Some(row) = rows.next()? {
            let (title, home) = (row.get(3)?, row.get(4)?);
            let newest = row.get::<_, Option<i64>>(5)?.zip(row.get(6)?);
            let newest = newest.and_then(|(micros, zone)| Timestamp::from_micros(micros, zone));
            let a_year = row.get(7)?;
            let rhythm = newest.map(|newest| Rhythm { newest, a_year });
            outlines.extend(claims::feed_key(row, 0)?.map(|key| Outlined { key, title, home, rhythm }));
        }
        outlines.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(outlines)
    }

    /// The lists show these feeds so, or no more; which lists that changes. To be called before they are settled: what is
    /// not known then is made again after a crash.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn set_outlines(&self, outlines: &[(FeedId, Option<Outlined>)]) -> Result<Relisted, CatalogError> {
        let transaction = self.db.unchecked_transaction()?;
        let mut changed = Relisted::None;
        for (feed, outlined) in outlines {
            let (listed, news) = match outlined {
                Some(Outlined { title, home, rhythm, .. }) => {
                    let listed = self
                        .db
                        .prepare_cached(
                            "INSERT INTO outlines(feed, title, home) VALUES(?, ?, ?) ON CONFLICT DO UPDATE \
                             SET title = excluded.title, home = excluded.home \
                             WHERE title <> excluded.title OR home <> excluded.home",
                        )?
                        .execute(params![feed.0, title, home])?;
                    let newest = rhythm.map(|rhythm| rhythm.newest);
                    let (micros, zone) = (newest.map(Timestamp::micros), newest.map(Timestamp::offset));
                    let news = self
                        .db
                        .prepare_cached(
                            "UPDATE outlines SET newest = ?2, zone = ?3, a_year = ?4 WHERE feed = ?1 \
                             AND (newest IS NOT ?2 OR zone IS NOT ?3 OR a_year IS NOT ?4)",
                        )?
                        .execute(params![feed.0, micros, zone, rhythm.and_then(|rhythm| rhythm.a_year)])?;
                    (listed, news)
                }
                None => (self.db.prepare_cached("DELETE FROM outlines WHERE feed = ?")?.execute([feed.0])?, 0),
            };
            changed = changed.max(match (listed, news) {
                (0, 0) => Relisted::None,
                (0, _) => Relisted::News,
                _ => Relisted::All,
            });
        }
        transaction.commit()?;
        Ok(changed)
    }
}
