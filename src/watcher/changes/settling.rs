//! Which of many paths have come to rest.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::Duration;

use super::{Change, GRACE, QUIET};

/// Paths that are ready to be looked at, and others that will be when their time has come.
#[derive(Debug)]
pub(super) struct Settling<K> {
    ready: BTreeSet<K>,
    /// When each of the unsettled becomes ready.
    unsettled: BTreeMap<K, Duration>,
    /// None of the unsettled becomes ready before; it may be too early, which costs one idle look.
    earliest: Option<Duration>,
}

impl<K> Default for Settling<K> {
    fn default() -> Self {
        Self { ready: BTreeSet::new(), unsettled: BTreeMap::new(), earliest: None }
    }
}

impl<K: Clone + Ord> Settling<K> {
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
            self.unsettled.retain(|key, due| {
                let waits = *due > now;
                if !waits {
                    ready.insert(key.clone());
                }
                waits
            });
            self.earliest = self.unsettled.values().min().copied();
        }
        ready
    }

    /// Whether something was told of it.
    pub(super) fn contains(&self, key: &K) -> bool {
        self.ready.contains(key) || self.unsettled.contains_key(key)
    }

    /// Whether something was told of one of these.
    pub(super) fn has_any(&self, range: Range<K>) -> bool {
        self.ready.range(range.clone()).next().is_some() || self.unsettled.range(range).next().is_some()
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

    /// Drops what is unsettled in `range`. The time at which it was due still comes, as a look that finds nothing.
    pub(super) fn forget_unsettled(&mut self, range: Range<K>) {
        let keys: Vec<K> = self.unsettled.range(range).map(|(key, _)| key.clone()).collect();
        for key in &keys {
            self.unsettled.remove(key);
        }
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
