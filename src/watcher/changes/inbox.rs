//! Where facts wait for the one who acts on them, in bounded memory.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::{Batch, Changes, Fact};

/// The [`Changes`] between a watcher's thread and the task that applies them. Any number of threads may record; one task
/// waits for the next batch.
#[derive(Debug)]
pub struct Inbox {
    start: Instant,
    changes: Mutex<Changes>,
    news: Notify,
}

impl Default for Inbox {
    fn default() -> Self {
        Self { start: Instant::now(), changes: Mutex::default(), news: Notify::new() }
    }
}

impl Inbox {
    /// Takes note of facts, all of them for the same batch.
    pub fn record(&self, facts: impl IntoIterator<Item = Fact>) {
        let mut changes = self.changes();
        let before = changes.next_due();
        let now = self.now();
        for fact in facts {
            changes.record(fact, now);
        }
        let after = changes.next_due();
        drop(changes);
        // A write that goes on only moves its own end away, so it wakes nobody.
        if after.is_some_and(|after| before.is_none_or(|before| after < before)) {
            self.news.notify_one();
        }
    }

    /// Waits until something is due, and takes it. Nothing is lost when the future is dropped. The batch may be empty:
    /// what was unsettled has come to nothing.
    pub async fn next(&self) -> Batch {
        loop {
            if let Some(batch) = self.take_due() {
                return batch;
            }
            let wait = self.changes().next_due().map(|due| due.saturating_sub(self.now()));
            match wait {
                None => self.news.notified().await,
                Some(wait) => {
                    // Either way the next round looks again.
                    let _ = tokio::time::timeout(wait, self.news.notified()).await;
                }
            }
        }
    }

    /// What is due now, or `None`.
    pub fn take_due(&self) -> Option<Batch> {
        let mut changes = self.changes();
        let now = self.now();
        changes.next_due().filter(|due| *due <= now)?;
        Some(changes.take(now))
    }

    /// What is due now, which may be nothing, with what is unsettled: for whoever looks at files for another reason.
    pub fn take(&self) -> Batch {
        let now = self.now();
        self.changes().take(now)
    }

    /// Whether nothing is in doubt, now or later. As long as it is not, another batch comes.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.changes().is_quiet()
    }

    /// How many files and folders are in doubt, and whether everything is.
    #[must_use]
    pub fn in_doubt(&self) -> (usize, bool) {
        self.changes().in_doubt()
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// The state is whole between any two statements, so a panic of another thread leaves it usable.
    fn changes(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
