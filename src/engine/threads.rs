//! The threads that posts are read and feeds are made on.

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::{Engine, EngineError};

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
    /// Has its threads, and the one that calls this, give way to others that want the processor. To be called once.
    pub fn give_way(&self) {
        // Where that cannot be, they are only less modest.
        let give_way = || _ = rustix::process::nice(NICE);
        self.pool.broadcast(|_| give_way());
        give_way();
    }
}
