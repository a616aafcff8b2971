//! Live posts into their feeds, and out of them.

use rusqlite::{Connection, params_from_iter};

use super::claims::StoredClaim;
use super::{CatalogError, Update};

/// How many members of a bulk fill are sorted together, and how many stamps wait: 3 MiB.
const SORTED_TOGETHER: usize = 65_536;

/// How many rows a statement inserts: to begin and end one costs as much as a row.
const ROWS_TOGETHER: usize = 64;

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
        insert(self.db(), "members", &self.members)?;
        self.members.clear();
        Ok(())
    }

    /// What tells that a file has not changed.
    pub(super) fn put_stamp(&mut self, file: i64, stamp: i64) -> Result<(), CatalogError> {
        self.stamps.push([file, stamp]);
        if self.catalog.is_new() && self.stamps.len() < SORTED_TOGETHER { Ok(()) } else { self.insert_stamps() }
    }

    pub(super) fn insert_stamps(&mut self) -> Result<(), CatalogError> {
        insert(self.db(), "stamps", &self.stamps)?;
        self.stamps.clear();
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

/// Inserts rows of numbers, many with a statement.
fn insert<const COLUMNS: usize>(db: &Connection, table: &str, rows: &[[i64; COLUMNS]]) -> Result<(), CatalogError> {
    let (many, few) = rows.as_chunks::<ROWS_TOGETHER>();
    if !many.is_empty() {
        let mut statement = db.prepare_cached(&sql::<COLUMNS>(table, ROWS_TOGETHER))?;
        for rows in many {
            statement.execute(params_from_iter(rows.as_flattened()))?;
        }
    }
    if !few.is_empty() {
        let mut statement = db.prepare_cached(&sql::<COLUMNS>(table, 1))?;
        for row in few {
            statement.execute(params_from_iter(row))?;
        }
    }
    Ok(())
}

fn sql<const COLUMNS: usize>(table: &str, rows: usize) -> String {
    let row = format!("({})", ["?"; COLUMNS].join(", "));
    format!("INSERT OR REPLACE INTO {table} VALUES{}", vec![row; rows].join(", "))
}
