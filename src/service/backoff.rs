//! When to try again what failed: soon, then less and less often.

use std::time::{Duration, Instant};

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);

/// Doubles from a second to half a minute.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    next: Option<(Instant, Duration)>,
}

impl Backoff {
    pub(super) fn failed(&mut self) {
        let pause = self.next.map_or(FIRST, |(_, pause)| (pause * 2).min(LONGEST));
        self.next = Some((Instant::now() + pause, pause));
    }

    pub(super) fn succeeded(&mut self) {
        self.next = None;
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.next.is_some()
    }

    /// How long until the next try; `None` when nothing failed.
    pub(super) fn wait(&self) -> Option<Duration> {
        self.next.map(|(at, _)| at.saturating_duration_since(Instant::now()))
    }
}
