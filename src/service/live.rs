//! What is known of a running service at any moment, shared with those who ask while it works.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::push::Push;
use super::status::{Memory, Queue, Server, State, Status, Working};
use super::systemd::Systemd;
use super::tally::Tally;
use crate::clock;
use crate::delivery::{Delivery, Handle};
use crate::engine::Progress;
use crate::model::{FeedPath, Hint};
use crate::watcher::changes::Inbox;
use crate::websub::Owner;

/// Nothing is published yet, everything is, or it is about to end.
const STARTING: u8 = 0;
const READY: u8 = 1;
const ENDING: u8 = 2;

/// A service as others see it.
#[derive(Debug)]
pub(super) struct Live {
    began: Instant,
    /// The same in microseconds since 1970.
    since: i64,
    known: Mutex<Known>,
    inputs: AtomicU64,
    feeds: AtomicU64,
    phase: AtomicU8,
    pub(super) systemd: Systemd,
    pub(super) tally: Tally,
}

#[derive(Debug, Default)]
struct Known {
    status: Status,
    working: Option<Instant>,
    inboxes: Vec<Arc<Inbox>>,
    delivery: Option<Handle>,
    push: Arc<Push>,
}

impl Live {
    pub(super) fn new() -> Self {
        let status =
            Status { version: env!("CARGO_PKG_VERSION").to_owned(), pid: std::process::id(), ..Status::default() };
        Self {
            began: Instant::now(),
            since: clock::now(),
            known: Mutex::new(Known { status, ..Known::default() }),
            inputs: AtomicU64::new(0),
            feeds: AtomicU64::new(0),
            phase: AtomicU8::new(STARTING),
            tally: Tally::new(),
            systemd: Systemd::find(),
        }
    }

    /// The status as of now.
    pub(super) fn status(&self) -> Status {
        let known = self.known();
        let mut status = known.status.clone();
        status.uptime = self.began.elapsed().as_secs();
        status.memory = Memory::of_this_process();
        for inbox in &known.inboxes {
            let (paths, everything) = inbox.in_doubt();
            status.queue.paths += paths as u64;
            status.queue.everything |= everything;
        }
        if let (Some(server), Some(delivery)) = (&mut status.server, &known.delivery) {
            server.bring_up_to_date(&delivery.state());
        }
        status.websub = known.push.numbers();
        if let Some(since) = known.working {
            status.working = Some(Working {
                milliseconds: u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX),
                inputs: self.inputs.load(Ordering::Relaxed),
                feeds: self.feeds.load(Ordering::Relaxed),
            });
        }
        status.state = match &status.working {
            _ if self.phase.load(Ordering::Relaxed) == STARTING => State::Starting,
            Some(_) => State::Working,
            _ if !status.failing.is_empty() => State::Failing,
            _ if status.state == State::Waiting || status.queue != Queue::default() => State::Waiting,
            _ => State::Idle,
        };
        status
    }

    /// Takes note of something.
    pub(super) fn note(&self, change: impl FnOnce(&mut Status)) {
        change(&mut self.known().status);
    }

    /// From now on these are where facts wait.
    pub(super) fn watches(&self, inboxes: Vec<Arc<Inbox>>) {
        self.known().inboxes = inboxes;
    }

    /// From now on feeds are served there, and this is who is told of publications.
    pub(super) fn serves(&self, delivery: &Delivery) {
        let mut known = self.known();
        known.status.server = Some(Server { listening: delivery.listening(), ..Server::default() });
        known.delivery = Some(delivery.handle());
    }

    /// What serves the feeds, where there is that.
    pub(super) fn delivery(&self) -> Option<Handle> {
        self.known().delivery.clone()
    }

    /// Why those who look for feeds should not be sent here; `None` when they should.
    pub(super) fn unready(&self) -> Option<&'static str> {
        match self.phase.load(Ordering::Relaxed) {
            STARTING => Some("the first publication is not over yet"),
            ENDING => Some("the service is ending"),
            _ => None,
        }
    }

    /// Since when it runs, in microseconds since 1970.
    pub(super) fn since(&self) -> i64 {
        self.since
    }

    /// It will end, and asks for nothing more.
    pub(super) fn ends(&self) {
        self.phase.store(ENDING, Ordering::Relaxed);
        self.systemd.stopping();
    }

    /// Whether everything is published that the configuration wants; once it was, readers can be sent here.
    pub(super) fn all_is_published(&self, is_it: bool) {
        if is_it {
            // It has ended before, maybe.
            let _ = self.phase.compare_exchange(STARTING, READY, Ordering::Relaxed, Ordering::Relaxed);
        }
        let known = self.known();
        if is_it {
            known.push.begin();
        }
        if let Some(delivery) = &known.delivery {
            delivery.complete(is_it);
            delivery.posts_to(known.push.endpoint());
        }
    }

    /// From now on these are told of publications.
    pub(super) fn pushes(&self, push: Push) {
        let mut known = self.known();
        known.delivery.iter().for_each(|delivery| delivery.posts_to(None));
        known.push = Arc::new(push);
    }

    /// Who may change the hub's subscriptions, where there is a hub that is open.
    pub(super) fn owner(&self) -> Option<Owner> {
        self.known().push.owner()
    }

    /// Tells nobody any more: what those who were told are at is ended.
    pub(super) async fn pushes_no_more(&self) {
        let push = {
            let mut known = self.known();
            known.delivery.iter().for_each(|delivery| delivery.posts_to(None));
            std::mem::take(&mut known.push)
        };
        if let Some(push) = Arc::into_inner(push) {
            push.close().await;
        }
    }

    /// Runs what may take long.
    pub(super) fn working<T>(&self, work: impl FnOnce() -> T) -> T {
        self.inputs.store(0, Ordering::Relaxed);
        self.feeds.store(0, Ordering::Relaxed);
        self.known().working = Some(Instant::now());
        let done = work();
        self.known().working = None;
        self.systemd.beat();
        done
    }

    /// The state is whole between any two statements, so a panic of another thread leaves it usable.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Live {
    fn read(&self, inputs: u64) {
        self.inputs.store(inputs, Ordering::Relaxed);
        self.systemd.beat_while_working();
    }

    fn made(&self, feeds: u64, _of: u64) {
        self.feeds.store(feeds, Ordering::Relaxed);
        self.systemd.beat_while_working();
    }

    fn published(&self, files: &[(FeedPath, Option<Hint>)]) {
        let (delivery, push) = {
            let known = self.known();
            (known.delivery.clone(), Arc::clone(&known.push))
        };
        // Who is told may come for it at once.
        if let Some(delivery) = delivery {
            delivery.published(files);
        }
        push.published(files);
    }

    fn settled(&self) {
        let delivery = self.known().delivery.clone();
        if let Some(delivery) = delivery {
            delivery.settled();
        }
    }
}
