//! Errands under way. One that takes long is handed back unfinished, so that whoever began it decides whether there is room for it.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;

use super::callback::Callback;
use super::errand::{self, Errand, Outcome};
use super::hub::Inner;
use super::queue::Lane;

/// What takes longer is slow.
const PATIENCE: Duration = Duration::from_millis(500);

/// Whose it is, and whose room it takes.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) host: Arc<str>,
    pub(super) callback: Callback,
    pub(super) lane: Lane,
}

/// The rest of an errand.
pub(super) type Rest = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// What came of it.
pub(super) enum Came {
    /// It is over.
    Over {
        /// What became of it.
        outcome: Outcome,
        /// Whether that took no longer than it should.
        was_prompt: bool,
    },
    /// It takes long.
    Slow {
        /// What is left to do.
        rest: Rest,
        /// What became of it if there is no room for that.
        crowded_out: Outcome,
    },
}

/// All of them. Dropped, they are broken off.
pub(super) struct UnderWay(JoinSet<(Attempt, Came)>);

impl UnderWay {
    pub(super) fn new() -> Self {
        Self(JoinSet::new())
    }

    /// Begins an errand, which is about the request of this number if it is about one.
    pub(super) fn begin(
        &mut self,
        hub: Arc<Inner>,
        attempt: Attempt,
        errand: Errand,
        number: u64,
        permit: OwnedSemaphorePermit,
    ) {
        let crowded_out = errand.crowded_out(number);
        let mut rest: Rest = Box::pin(async move { errand::run(&hub, errand).await });
        self.0.spawn(async move {
            let _permit = permit;
            let began = Instant::now();
            let came = match attempt.lane {
                Lane::Slow => Came::Over { outcome: rest.await, was_prompt: began.elapsed() < PATIENCE },
                Lane::Prompt => match tokio::time::timeout(PATIENCE, &mut rest).await {
                    Ok(outcome) => Came::Over { outcome, was_prompt: true },
                    Err(_) => Came::Slow { rest, crowded_out },
                },
            };
            (attempt, came)
        });
    }

    /// Goes on with one that takes long.
    pub(super) fn go_on(&mut self, attempt: Attempt, rest: Rest, permit: OwnedSemaphorePermit) {
        self.0.spawn(async move {
            let _permit = permit;
            (attempt, Came::Over { outcome: rest.await, was_prompt: false })
        });
    }

    /// What is over or takes long next; `None` when nothing is under way.
    pub(super) async fn join_next(&mut self) -> Option<Result<(Attempt, Came), JoinError>> {
        self.0.join_next().await
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
