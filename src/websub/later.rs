//! What is tried again later: each thing once, whatever happened to it meanwhile. Pure.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

/// Things, each with its time.
#[derive(Debug)]
pub struct Later<T, I> {
    at: HashMap<T, I>,
    order: BTreeSet<(I, T)>,
}

impl<T, I> Default for Later<T, I> {
    fn default() -> Self {
        Self { at: HashMap::new(), order: BTreeSet::new() }
    }
}

impl<T: Copy + Eq + Hash + Ord, I: Copy + Ord> Later<T, I> {
    /// To be tried at this time, and at no other.
    pub fn put(&mut self, thing: T, at: I) {
        self.forget(thing);
        self.at.insert(thing, at);
        self.order.insert((at, thing));
    }

    /// Not to be tried.
    pub fn forget(&mut self, thing: T) {
        if let Some(at) = self.at.remove(&thing) {
            self.order.remove(&(at, thing));
        }
    }

    /// When the next is to be tried.
    #[must_use]
    pub fn next(&self) -> Option<I> {
        self.order.first().map(|(at, _)| *at)
    }

    /// One whose time has come.
    pub fn due(&mut self, now: I) -> Option<T> {
        let (_, thing) = self.order.first().copied().filter(|(at, _)| *at <= now)?;
        self.forget(thing);
        Some(thing)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_due_once_at_its_last_time_and_in_order() {
        let mut later = Later::default();
        for (thing, at) in [('a', 5), ('b', 3), ('a', 9), ('c', 4), ('b', 7), ('d', 1)] {
            later.put(thing, at);
        }
        later.forget('d');
        assert_eq!((later.len(), later.next()), (3, Some(4)));
        let due: Vec<_> = std::iter::from_fn(|| later.due(8)).collect();
        assert_eq!((due, later.next()), (vec!['c', 'b'], Some(9)));
        assert_eq!(later.due(9), Some('a'));
        assert!(later.is_empty() && later.due(100).is_none());
    }
}
