//! The processor's cores, and how threads give way to others on them.

use std::sync::LazyLock;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use thread_priority::unix::set_thread_priority_and_policy;
use thread_priority::{NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, thread_native_id};

/// As threads give cores up, what is asked later may be less.
static CORES: LazyLock<usize> = LazyLock::new(|| std::thread::available_parallelism().map_or(1, usize::from));

/// How many cores this process has, as it found when it was first asked.
#[must_use]
pub fn cores() -> usize {
    *CORES
}

/// Has the thread that calls this, and those that it will start, give way to others: it is so much nicer than it was (nice(2)), and where
/// there are several cores, it leaves the last to others. A thread that computes is only put off when its slice is over,
/// however nice it is (2.8 ms, with Linux 6.18).
///
/// Where that cannot be, it is only less modest.
pub(crate) fn give_way(nice: i32) {
    // Before there is less.
    let _ = cores();
    let _ = rustix::process::nice(nice);
    if let Ok(mut own) = sched_getaffinity(None)
        && own.count() > 1
        && let Some(last) = (0..CpuSet::MAX_CPU).rev().find(|&core| own.is_set(core))
    {
        own.unset(last);
        let _ = sched_setaffinity(None, &own);
    }
}

/// Has the thread that calls this run when no other wants its core (`SCHED_IDLE`, sched(7)). Any that does takes it at once.
pub(crate) fn run_when_idle() {
    let policy = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
    // Where that cannot be, it is only less modest.
    let _ = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, policy);
}
