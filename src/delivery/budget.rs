//! Memory for bodies, counted while anybody holds them: the cache, and responses on their way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::body::Bytes;

/// Beyond the cache, responses that nobody else shares may take so much, in bytes.
const OVERDRAFT: u64 = 16 << 20;

/// How many bytes are held, and how many may be.
#[derive(Debug)]
pub(super) struct Budget {
    limit: u64,
    held: AtomicU64,
}

/// Bytes that give their room back when the last of their holders is gone.
struct Held {
    bytes: Vec<u8>,
    budget: Arc<Budget>,
}

impl Budget {
    pub(super) fn new(limit: u64) -> Arc<Self> {
        Arc::new(Self { limit, held: AtomicU64::new(0) })
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
        self.held.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Bytes::from_owner(Held { bytes, budget: Arc::clone(self) })
    }
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.budget.held.fetch_sub(self.bytes.len() as u64, Ordering::Relaxed);
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
