//! What is counted by each core for itself. A line of memory that two cores write to goes back and forth between them, which takes
//! longer than all else that is done for a request that is answered from memory.

use std::cell::Cell;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::processor;

/// How often the same is kept, at most; more cores share.
const MOST: usize = 32;

/// As many as there are cores, rounded up to a power of two.
static COUNT: LazyLock<usize> = LazyLock::new(|| processor::cores().next_power_of_two().min(MOST));

/// One for each core.
#[derive(Debug)]
pub(super) struct EachCore<T>(Box<[Apart<T>]>);

/// A whole line of memory, and the next one's, which processors fetch along.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(super) struct Apart<T>(pub(super) T);

impl<T: Default> Default for EachCore<T> {
    fn default() -> Self {
        Self::of(T::default)
    }
}

impl<T> EachCore<T> {
    /// Each made anew.
    pub(super) fn of(mut one: impl FnMut() -> T) -> Self {
        Self((0..*COUNT).map(|_| Apart(one())).collect())
    }

    /// That of the thread that asks: threads take turns.
    pub(super) fn own(&self) -> Option<&T> {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        thread_local! {
            static OWN: Cell<usize> = Cell::new(THREADS.fetch_add(1, Ordering::Relaxed));
        }
        // There are as many as a power of two.
        self.0.get(OWN.get() & (self.0.len() - 1)).map(|Apart(own)| own)
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|Apart(one)| one)
    }
}
