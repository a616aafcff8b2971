//! Which of many paths have come to rest.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::time::Duration;

use super::{Change, GRACE, QUIET};

/// Paths that are ready to be looked at, and others that will be when their time has come.
#[derive(Debug)]
pub(super) struct Settling<K> {
    ready: BTreeSet<K>,
    /// When each of the unsettled becomes ready.
    unsettled: HashMap<K, Duration>,
    /// None of the unsettled becomes ready before; it may be too early, which costs one idle look.
    earliest: Option<Duration>,
}

impl<K> Default for Settling<K> {
    fn default() -> Self {
        Self { ready: BTreeSet::new(), unsettled: HashMap::new(), earliest: None }
    }
}

impl<K: Clone + Ord + Hash> Settling<K> {
    pub(super) fn record(&mut self, key: K, change: Change, now: Duration) {
        match change {
            Change::Writing => self.wait(key, now.saturating_add(QUIET)),
            Change::Removed => self.wait(key, now.saturating_add(GRACE)),
            Change::Attributes if self.unsettled.contains_key(&key) => {}
            Change::Attributes | Change::Done => self.settle(key),
        }
    }

    /// The paths that are ready at `now`.
    pub(super) fn take(&mut self, now: Duration) -> BTreeSet<K> {
        let mut ready = std::mem::take(&mut self.ready);
        if self.earliest.is_some_and(|earliest| earliest <= now) {
            ready.extend(self.unsettled.extract_if(|_, due| *due <= now).map(|(key, _)| key));
            self.earliest = self.unsettled.values().min().copied();
        }
        ready
    }

    pub(super) fn next_due(&self) -> Option<Duration> {
        if self.ready.is_empty() { self.earliest } else { Some(Duration::ZERO) }
    }

    pub(super) fn unsettled(&self) -> impl Iterator<Item = &K> {
        self.unsettled.keys()
    }

    pub(super) fn ready_len(&self) -> usize {
        self.ready.len()
    }

    pub(super) fn unsettled_len(&self) -> usize {
        self.unsettled.len()
    }

    pub(super) fn forget_ready(&mut self) {
        self.ready.clear();
    }

    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    fn wait(&mut self, key: K, due: Duration) {
        self.ready.remove(&key);
        self.unsettled.insert(key, due);
        self.earliest = Some(self.earliest.map_or(due, |earliest| earliest.min(due)));
    }

    fn settle(&mut self, key: K) {
        self.unsettled.remove(&key);
        if self.unsettled.is_empty() {
            self.earliest = None;
        }
        self.ready.insert(key);
    }
}
