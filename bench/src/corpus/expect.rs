//! What a correct run over the corpus gives.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use super::irregular::Fate;
use super::labels::{Labels, fold};
use super::post::{self, Post};

/// How many posts a feed holds by default.
pub const FEED_LIMIT: usize = 20;

/// How loudly an irregular post is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The post may be in its feeds.
    Warning,
    /// The post is left out.
    Error,
}

/// The right answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expectations {
    /// Posts that are in their feeds.
    pub kept: usize,
    /// Posts that are in no feed.
    pub dropped: usize,
    /// Path below the site of each post that is reported, and no other is.
    pub reported: BTreeMap<String, Severity>,
    /// For each label, folded: the ids of its [`FEED_LIMIT`] newest posts, newest first.
    pub newest: BTreeMap<String, Vec<String>>,
    /// The ids of the [`FEED_LIMIT`] newest posts of all, newest first.
    pub all: Vec<String>,
}

/// What one thread has seen so far; bounded by labels, not by posts.
#[derive(Debug)]
pub(crate) struct Tally {
    kept: usize,
    dropped: usize,
    reported: BTreeMap<String, Severity>,
    newest: Vec<Newest>,
    all: Newest,
}

impl Tally {
    pub(crate) fn new(labels: &Labels) -> Self {
        let newest = vec![Newest::default(); labels.len()];
        Self { kept: 0, dropped: 0, reported: BTreeMap::new(), newest, all: Newest::default() }
    }

    pub(crate) fn count(&mut self, number: usize, post: &Post) {
        let severity = match post.fate {
            Fate::Kept | Fate::LeftOut => None,
            Fate::KeptWithWarning | Fate::LeftOutWithWarning => Some(Severity::Warning),
            Fate::LeftOutWithError => Some(Severity::Error),
        };
        if let Some(severity) = severity {
            self.reported.insert(post.path.clone(), severity);
        }
        if !matches!(post.fate, Fate::Kept | Fate::KeptWithWarning) {
            self.dropped += 1;
            return;
        }
        self.kept += 1;
        self.all.add(post.instant, number);
        for &rank in &post.labels {
            if let Some(newest) = self.newest.get_mut(rank) {
                newest.add(post.instant, number);
            }
        }
    }

    /// Puts the threads' tallies together, and labels that readers do not tell apart.
    pub(crate) fn sum(tallies: Vec<Self>, labels: &Labels, posts: usize) -> Expectations {
        let mut sum = Expectations::default();
        let mut newest: BTreeMap<String, Newest> = BTreeMap::new();
        let mut all = Newest::default();
        for tally in tallies {
            sum.kept += tally.kept;
            sum.dropped += tally.dropped;
            sum.reported.extend(tally.reported);
            all.extend(tally.all);
            for (rank, of_label) in tally.newest.into_iter().enumerate().filter(|(_, newest)| !newest.0.is_empty()) {
                newest.entry(fold(labels.name(rank))).or_default().extend(of_label);
            }
        }
        sum.newest = newest.into_iter().map(|(label, newest)| (label, newest.into_ids(posts))).collect();
        sum.all = all.into_ids(posts);
        sum
    }
}

/// The newest posts by instant and number; the number orders posts of one instant as their paths do.
#[derive(Debug, Clone, Default)]
struct Newest(Vec<(i64, usize)>);

impl Newest {
    fn add(&mut self, instant: i64, number: usize) {
        self.0.push((instant, number));
        if self.0.len() >= 4 * FEED_LIMIT {
            self.trim();
        }
    }

    fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
        self.trim();
    }

    fn trim(&mut self) {
        self.0.sort_unstable_by(|a, b| b.cmp(a));
        self.0.dedup();
        self.0.truncate(FEED_LIMIT);
    }

    fn into_ids(mut self, posts: usize) -> Vec<String> {
        self.trim();
        self.0.into_iter().map(|(_, number)| post::id(number, posts)).collect()
    }
}

/// Writes a file; an error names it.
pub(crate) fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(path, bytes).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}
