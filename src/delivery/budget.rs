//! Memory for bodies, counted while anybody holds them: the cache, and responses on their way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use hyper::body::Bytes;

/// Beyond the cache, responses that nobody else shares may take so much, in bytes.
const OVERDRAFT: u64 = 16 << 20;

/// Most bodies that have a file, each of which takes a descriptor.
const MOST_FILES: usize = 64;

/// How many bytes are held, and how many may be.
#[derive(Debug)]
pub(super) struct Budget {
    limit: u64,
    held: AtomicU64,
    files: AtomicUsize,
}

/// Room for so many bytes, and for so many files, until it is dropped.
#[derive(Debug)]
pub(super) struct Room {
    bytes: u64,
    files: usize,
    budget: Arc<Budget>,
}

/// Bytes that give their room back when the last of their holders is gone.
struct Held {
    bytes: Vec<u8>,
    _room: Room,
}

impl Budget {
    pub(super) fn new(limit: u64) -> Arc<Self> {
        Arc::new(Self { limit, held: AtomicU64::new(0), files: AtomicUsize::new(0) })
    }

    /// Most bytes that the cache may hold.
    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    pub(super) fn held(&self) -> u64 {
        self.held.load(Ordering::Relaxed)
    }

    /// Whether so much more stays within the cache's bound.
    pub(super) fn has_room(&self, bytes: u64) -> bool {
        self.held().saturating_add(bytes) <= self.limit
    }

    /// Whether so much more can be held at all, for a response if not for the cache. A single body always can.
    pub(super) fn can_hold(&self, bytes: u64) -> bool {
        let held = self.held();
        held == 0 || held.saturating_add(bytes) <= self.limit.saturating_add(OVERDRAFT)
    }

    /// Counts these bytes from now on.
    pub(super) fn hold(self: &Arc<Self>, mut bytes: Vec<u8>) -> Bytes {
        bytes.shrink_to_fit();
        let _room = self.take(bytes.len() as u64, 0);
        Bytes::from_owner(Held { bytes, _room })
    }

    /// Room for a file of this length, where there is any within the cache's bound.
    pub(super) fn room_for_file(self: &Arc<Self>, length: usize) -> Option<Room> {
        let is_there = self.files.load(Ordering::Relaxed) < MOST_FILES && self.has_room(length as u64);
        is_there.then(|| self.take(length as u64, 1))
    }

    fn take(self: &Arc<Self>, bytes: u64, files: usize) -> Room {
        self.held.fetch_add(bytes, Ordering::Relaxed);
        self.files.fetch_add(files, Ordering::Relaxed);
        Room { bytes, files, budget: Arc::clone(self) }
    }
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.budget.held.fetch_sub(self.bytes, Ordering::Relaxed);
        self.budget.files.fetch_sub(self.files, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_comes_back_with_the_last_holder() {
        let budget = Budget::new(100);
        let first = budget.hold(vec![1; 60]);
        let second = first.clone();
        assert!(!budget.has_room(41) && budget.has_room(40) && budget.can_hold(OVERDRAFT + 40));
        assert!(!budget.can_hold(OVERDRAFT + 41));
        drop(first);
        assert_eq!(budget.held(), 60);
        drop(second);
        assert_eq!(budget.held(), 0);
        assert!(budget.can_hold(u64::MAX));
    }
}
