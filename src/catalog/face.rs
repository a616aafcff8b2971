//! What a feed's files show of its posts: an edit of a post that is too old for them leaves them as they are.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Catalog, CatalogError, Division, FeedId};
use crate::config::Ties;
use crate::model::Label;

/// Which of a feed's posts are shown.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// How many.
    pub limit: usize,
    /// In which order those of one date are.
    pub ties: Ties,
    /// How many posts the site has at most, the newest of them; the others are in no feed.
    pub site: Option<usize>,
    /// How the archives of feeds are divided, where they have any.
    pub archive: Option<Division>,
}

impl Window {
    /// The order of members, newest first.
    pub(super) fn order(self) -> &'static str {
        match self.ties {
            Ties::LastPath => "ORDER BY m.published DESC, coalesce(f.rank, f.path) DESC",
            Ties::FirstPath => "ORDER BY m.published DESC, f.path",
        }
    }

    /// The limit as SQL takes it.
    pub(super) fn rows(self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX)
    }
}

/// All that a feed's files take from the catalog, but for pages: which posts, in which order, and the label.
#[derive(Debug, PartialEq, Eq)]
struct Face {
    newest: Vec<i64>,
    spelling: Option<Label>,
}

/// The faces of the feeds that a batch touches, as they were before it.
#[derive(Debug)]
pub(super) struct Faces {
    /// The most that any feed shows.
    window: Window,
    before: HashMap<i64, Face>,
    /// The files that were read again.
    read: HashSet<i64>,
}

impl Faces {
    pub(super) fn new(window: Window) -> Self {
        Self { window, before: HashMap::new(), read: HashSet::new() }
    }

    pub(super) fn window(&self) -> Window {
        self.window
    }

    /// A file was read again: what it shows of itself may be another.
    pub(super) fn note_file(&mut self, file: i64) {
        self.read.insert(file);
    }

    /// A feed's posts are about to change. To be called before the first change of each feed.
    pub(super) fn note_feed(&mut self, catalog: &Catalog, feed: i64) -> Result<(), CatalogError> {
        if !self.before.contains_key(&feed) {
            self.before.insert(feed, catalog.face(feed, self.window)?);
        }
        Ok(())
    }

    /// The feeds that look different now, or show a file that was read again; and of them those with another label.
    pub(super) fn changed(&mut self, catalog: &Catalog) -> Result<[BTreeSet<i64>; 2], CatalogError> {
        let [mut changed, mut respelled] = [BTreeSet::new(), BTreeSet::new()];
        for (feed, before) in std::mem::take(&mut self.before) {
            let after = catalog.face(feed, self.window)?;
            if before != after || after.newest.iter().any(|file| self.read.contains(file)) {
                changed.insert(feed);
            }
            if before.spelling != after.spelling {
                respelled.insert(feed);
            }
        }
        Ok([changed, respelled])
    }
}

impl Catalog {
    fn face(&self, feed: i64, window: Window) -> Result<Face, CatalogError> {
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT file FROM members m JOIN files f USING(file) WHERE m.feed = ? {} LIMIT ?",
            window.order()
        ))?;
        let newest = statement.query_map([feed, window.rows()], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(Face { newest, spelling: self.spelling(FeedId(feed))? })
    }
}
