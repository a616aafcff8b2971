//! What a feed's files show of its posts: an edit of a post that is too old for them leaves them as they are.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Catalog, CatalogError, FeedId};
use crate::model::Label;

/// All that a feed's files take from the catalog, but for pages: which posts, in which order, and the label.
#[derive(Debug, PartialEq, Eq)]
struct Face {
    newest: Vec<i64>,
    spelling: Option<Label>,
}

/// The faces of the feeds that a batch touches, as they were before it.
#[derive(Debug)]
pub(super) struct Faces {
    /// The most posts that any feed shows.
    depth: usize,
    before: HashMap<i64, Face>,
    /// The files that were read again.
    read: HashSet<i64>,
}

impl Faces {
    pub(super) fn new(depth: usize) -> Self {
        Self { depth, before: HashMap::new(), read: HashSet::new() }
    }

    /// A file was read again: what it shows of itself may be another.
    pub(super) fn note_file(&mut self, file: i64) {
        self.read.insert(file);
    }

    /// A feed's posts are about to change. To be called before the first change of each feed.
    pub(super) fn note_feed(&mut self, catalog: &Catalog, feed: i64) -> Result<(), CatalogError> {
        if !self.before.contains_key(&feed) {
            self.before.insert(feed, catalog.face(feed, self.depth)?);
        }
        Ok(())
    }

    /// The feeds that look different now, or show a file that was read again.
    pub(super) fn changed(self, catalog: &Catalog) -> Result<BTreeSet<i64>, CatalogError> {
        let mut changed = BTreeSet::new();
        for (feed, before) in self.before {
            let after = catalog.face(feed, self.depth)?;
            if before != after || after.newest.iter().any(|file| self.read.contains(file)) {
                changed.insert(feed);
            }
        }
        Ok(changed)
    }
}

impl Catalog {
    fn face(&self, feed: i64, depth: usize) -> Result<Face, CatalogError> {
        let mut statement = self.db.prepare_cached(
            "SELECT file FROM members m JOIN files f USING(file) WHERE m.feed = ? \
             ORDER BY m.published DESC, coalesce(f.rank, f.path) DESC LIMIT ?",
        )?;
        let depth = i64::try_from(depth).unwrap_or(i64::MAX);
        let newest = statement.query_map([feed, depth], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(Face { newest, spelling: self.spelling(FeedId(feed))? })
    }
}
