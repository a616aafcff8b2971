//! The threads that posts are read and feeds are made on.

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::{Engine, EngineError};
use crate::processor;

/// By how much those are nicer that give way: they get a third of what others do (sched(7)). With less, any program that computes
/// would hold up what was saved.
const NICE: i32 = 5;

/// So many threads.
pub(super) fn pool(threads: usize) -> Result<ThreadPool, EngineError> {
    ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|n| format!("posts-{n}"))
        .build()
        .map_err(|error| EngineError::Threads(threads, error))
}

impl Engine {
    /// Has its threads, the one that calls this, and those of engines that this one opens, give way to others that want the
    /// processor. To be called once.
    pub fn give_way(&self) {
        self.pool.broadcast(|_| processor::give_way(NICE));
        processor::give_way(NICE);
    }
}
