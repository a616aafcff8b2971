//! Hands what libFuzzer thinks up to the target that `FUZZ_TARGET` names, and counts the time that each input takes.

#![no_main]

#[path = "../targets/mod.rs"]
mod targets;

use std::sync::LazyLock;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use rustix::time::{ClockId, clock_gettime};

/// The most that an input may take of this thread's time, whatever else the machine does. A target reads it up to five times.
const MOST: Duration = Duration::from_secs(5);

static TARGET: LazyLock<&targets::Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    targets::TARGETS.iter().find(|target| target.name == name).unwrap_or_else(|| {
        let names: Vec<&str> = targets::TARGETS.iter().map(|target| target.name).collect();
        panic!("FUZZ_TARGET is one of {}", names.join(", "))
    })
});

fuzz_target!(init: LazyLock::force(&TARGET), |data: &[u8]| {
    let begun = own_time();
    (TARGET.run)(data);
    let taken = own_time().saturating_sub(begun);
    assert!(taken < MOST, "{taken:?} for {} bytes", data.len());
});

fn own_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}
