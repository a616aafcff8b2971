//! Hints as the publisher makes and checks them, and the news that they carry.

use super::Publisher;
use super::manifest::Digest;
use super::store::{Kind, Stat, Store};
use crate::model::{FeedPath, Hint};

impl Hint {
    pub(super) fn new(stat: &Stat, digest: &Digest) -> Self {
        Self { size: stat.size, mtime_ns: stat.mtime_ns, inode: stat.inode, sha256: digest.sha256 }
    }

    pub(super) fn is_of(&self, stat: &Stat) -> bool {
        stat.kind == Kind::File && (self.size, self.mtime_ns, self.inode) == (stat.size, stat.mtime_ns, stat.inode)
    }

    pub(super) fn digest(&self) -> Digest {
        Digest { length: self.size, sha256: self.sha256 }
    }
}

impl<S: Store> Publisher<S> {
    /// What was published or found in place since this was last asked, and what became of it: `None` for what was removed.
    #[must_use]
    pub fn news(&self) -> Vec<(FeedPath, Option<Hint>)> {
        let mut state = self.state();
        let news = std::mem::take(&mut state.news).into_iter();
        news.map(|path| (state.hints.get(&path).copied(), path)).map(|(hint, path)| (path, hint)).collect()
    }
}
