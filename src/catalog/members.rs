//! Live posts into their feeds, and out of them.

use super::claims::StoredClaim;
use super::{CatalogError, Update};

/// How many members of a bulk fill are sorted together: 2 MiB.
const SORTED_TOGETHER: usize = 65_536;

impl Update<'_> {
    /// Puts a live post into its feeds.
    pub(super) fn enlist(&mut self, file: i64, published: i64, claims: &[StoredClaim]) -> Result<(), CatalogError> {
        for claim in claims {
            self.touch_members(claim.feed, published)?;
            *self.gained.entry(claim.label).or_default() += 1;
            self.members.push([claim.feed, published, file, claim.label]);
        }
        if !self.catalog.is_new() || self.members.len() >= SORTED_TOGETHER {
            self.insert_members()?;
        }
        Ok(())
    }

    /// Takes a live post out of its feeds.
    pub(super) fn delist(&mut self, file: i64, published: i64, claims: &[StoredClaim]) -> Result<(), CatalogError> {
        self.insert_members()?;
        for claim in claims {
            self.touch_members(claim.feed, published)?;
            self.catalog
                .db
                .prepare_cached("DELETE FROM members WHERE feed = ? AND published = ? AND file = ?")?
                .execute([claim.feed, published, file])?;
            *self.gained.entry(claim.label).or_default() -= 1;
        }
        Ok(())
    }

    /// In the order of their table, which is much cheaper than at random.
    pub(super) fn insert_members(&mut self) -> Result<(), CatalogError> {
        self.members.sort_unstable();
        let mut statement = self.catalog.db.prepare_cached("INSERT OR REPLACE INTO members VALUES(?, ?, ?, ?)")?;
        for member in self.members.drain(..) {
            statement.execute(member)?;
        }
        Ok(())
    }

    /// What a feed shows of the post of a date is about to change. A new catalog has published nothing yet, so there every
    /// feed is dirty.
    pub(super) fn touch_members(&mut self, feed: i64, published: i64) -> Result<(), CatalogError> {
        if self.catalog.is_new() {
            self.dirty.insert(feed);
            return Ok(());
        }
        self.archives.note_post(feed, published);
        self.faces.note_feed(self.catalog, feed)
    }
}
