//! Who does which errand when: hosts take turns, a callback has one request at a time, what is slow makes room for what is not, and
//! what failed is tried again later.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::debug;

use super::book::Id;
use super::callback::Callback;
use super::errand::{self, Denied, Errand, Outcome};
use super::hub::Inner;
use super::queue::Queues;
use super::subscription::Next;
use super::{request::Mode, store};
use crate::model::FeedPath;

/// How many errands are under way that are not slow.
const AT_ONCE: usize = 256;
/// How many that are.
const SLOW: usize = 768;
/// What takes longer is slow.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often leases that are over are looked for.
const SWEEP: Duration = Duration::from_secs(600);
/// The longest that a subscriber may have us wait.
const LONGEST_WAIT: u64 = 24 * 3600;

/// What the dispatcher is told.
#[derive(Debug)]
pub(super) enum Order {
    /// Somebody asks for something.
    Verify(Id),
    /// These feeds have another version, or are gone.
    Changed(Vec<FeedPath>),
    /// To end, once what is under way is over.
    End,
}

struct Dispatch {
    hub: Arc<Inner>,
    queues: Queues<Errand>,
    under_way: JoinSet<(Arc<str>, Callback, Outcome)>,
    /// Callbacks that have a request under way, and what waits for its end.
    busy: HashMap<Callback, VecDeque<Errand>>,
    /// Deliveries that wait for their turn or are under way.
    delivering: HashSet<Id>,
    /// How often a delivery has failed.
    failures: HashMap<Id, u32>,
    later: BinaryHeap<Reverse<(Instant, Id, IsVerification)>>,
    fast: Arc<Semaphore>,
    slow: Arc<Semaphore>,
}

type IsVerification = bool;

/// Runs until it is told to end.
pub(super) async fn run(hub: Arc<Inner>, mut orders: mpsc::UnboundedReceiver<Order>) {
    let mut dispatch = Dispatch {
        hub,
        queues: Queues::default(),
        under_way: JoinSet::new(),
        busy: HashMap::new(),
        delivering: HashSet::new(),
        failures: HashMap::new(),
        later: BinaryHeap::new(),
        fast: Arc::new(Semaphore::new(AT_ONCE)),
        slow: Arc::new(Semaphore::new(SLOW)),
    };
    let mut sweep = Instant::now() + SWEEP;
    loop {
        dispatch.note();
        let wake = dispatch.later.peek().map_or(sweep, |Reverse((at, ..))| sweep.min(*at));
        tokio::select! {
            order = orders.recv() => match order {
                Some(Order::Verify(id)) => dispatch.verify(id),
                Some(Order::Changed(paths)) => dispatch.changed(&paths),
                Some(Order::End) | None => break,
            },
            Some(done) = dispatch.under_way.join_next() => {
                // A task that has panicked or was aborted says nothing of whose it was.
                if let Ok((host, callback, outcome)) = done {
                    dispatch.done(&host, &callback, outcome);
                }
            }
            permit = Arc::clone(&dispatch.fast).acquire_owned(), if dispatch.queues.is_ready() => {
                if let Ok(permit) = permit {
                    dispatch.start(permit);
                }
            }
            () = tokio::time::sleep_until(wake) => {
                if Instant::now() >= sweep {
                    sweep = Instant::now() + SWEEP;
                    dispatch.sweep();
                }
                dispatch.try_again();
            }
        }
    }
    while let Some(done) = dispatch.under_way.join_next().await {
        if let Ok((host, callback, outcome)) = done {
            dispatch.done(&host, &callback, outcome);
        }
    }
}

impl Dispatch {
    /// What others see of it.
    fn note(&self) {
        let waiting = self.queues.waiting() + self.later.len() + self.busy.values().map(VecDeque::len).sum::<usize>();
        self.hub.note(waiting, self.under_way.len());
        if waiting == 0 && self.under_way.is_empty() {
            self.hub.client.rest();
        }
    }

    fn verify(&mut self, id: Id) {
        let callback = self.hub.book().get(id).map(|it| it.callback.clone());
        if let Some(callback) = callback {
            self.push(&callback, Errand::Verify(id), true);
        }
    }

    fn changed(&mut self, paths: &[FeedPath]) {
        let now = self.hub.seconds();
        for path in paths {
            let subscribed: Vec<FeedPath> = {
                let (topics, book) = (self.hub.topics(), self.hub.book());
                // Those who named it by an old path, too.
                book.topics().filter(|topic| *topic == path || topics.now(topic) == path).cloned().collect()
            };
            for topic in subscribed {
                let version = self.hub.topics().version(&topic);
                let ids = self.hub.book().of(&topic);
                match version {
                    Some(version) => {
                        let lacks = |id: &Id| self.hub.book().get(*id).is_some_and(|it| it.lacks(&version, now));
                        for id in ids.into_iter().filter(lacks).collect::<Vec<_>>() {
                            self.deliver(id);
                        }
                    }
                    None => ids.into_iter().for_each(|id| self.deny(id, "this feed is gone")),
                }
            }
        }
    }

    fn deliver(&mut self, id: Id) {
        if !self.delivering.insert(id) {
            return;
        }
        let callback = self.hub.book().get(id).map(|it| it.callback.clone());
        match callback {
            Some(callback) => self.push(&callback, Errand::Deliver(id), false),
            None => _ = self.delivering.remove(&id),
        }
    }

    /// Ends a subscription, and says so to who was told of it.
    fn deny(&mut self, id: Id, reason: &'static str) {
        let (now, mut book) = (self.hub.seconds(), self.hub.book());
        let denied = book
            .get(id)
            .and_then(|it| Some(Denied { callback: it.callback.clone(), topic: it.live(now)?.topic.clone(), reason }));
        book.end(id);
        drop(book);
        self.keep(id);
        if let Some(denied) = denied {
            self.push(&denied.callback.clone(), Errand::Deny(denied), false);
        }
    }

    fn push(&mut self, callback: &Callback, errand: Errand, is_urgent: bool) {
        let host: Arc<str> = callback.host().into();
        self.queues.push(&host, errand, is_urgent);
    }

    fn start(&mut self, permit: OwnedSemaphorePermit) {
        let Some((host, errand)) = self.queues.pop() else { return };
        let (callback, number) = match &errand {
            Errand::Deny(denied) => (Some(denied.callback.clone()), 0),
            Errand::Verify(id) | Errand::Deliver(id) => {
                let book = self.hub.book();
                let it = book.get(*id);
                let number = it.and_then(|it| it.asked.as_ref()).map_or(0, |asked| asked.number);
                (it.map(|it| it.callback.clone()), number)
            }
        };
        let Some(callback) = callback else {
            self.forget(&errand);
            return self.queues.done(&host, None);
        };
        if let Some(waiting) = self.busy.get_mut(&callback) {
            waiting.push_back(errand);
            return self.queues.done(&host, None);
        }
        self.busy.insert(callback.clone(), VecDeque::new());
        let (hub, slow) = (Arc::clone(&self.hub), Arc::clone(&self.slow));
        self.under_way.spawn(async move {
            let crowded_out = errand.crowded_out(number);
            let run = errand::run(&hub, errand);
            tokio::pin!(run);
            if let Ok(outcome) = tokio::time::timeout(PATIENCE, &mut run).await {
                return (host, callback, outcome);
            }
            // Others need not wait for it.
            drop(permit);
            let outcome = match slow.try_acquire_owned() {
                Ok(_permit) => run.await,
                Err(_) => crowded_out,
            };
            (host, callback, outcome)
        });
    }

    fn done(&mut self, host: &Arc<str>, callback: &Callback, outcome: Outcome) {
        self.queues.done(host, outcome.went_well());
        let waiting = self.busy.remove(callback).unwrap_or_default();
        let counts = &self.hub.counts;
        match outcome {
            Outcome::Answered(id, number, answer) => {
                let next = self.hub.book().answered(id, number, answer);
                match next {
                    Next::Confirmed(mode) => {
                        debug!(%callback, mode = mode.name(), "a subscriber has confirmed");
                        counts.confirmed.add(1);
                        self.keep(id);
                        self.deliver_what_came_meanwhile(id, mode);
                    }
                    Next::Dropped => {
                        counts.unconfirmed.add(1);
                        self.keep(id);
                    }
                    Next::Again(failures) => self.later(self.hub.pace.wait(failures), id, true),
                    // The request that took its place asks for itself.
                    Next::Late => {}
                }
            }
            Outcome::Delivered(id, version) => {
                counts.delivered.add(1);
                self.delivering.remove(&id);
                self.failures.remove(&id);
                self.hub.book().delivered(id, version);
                self.hub.keeper.keep_soon(move |db| store::put_version(db, id, &version));
                self.deliver_if_lacking(id);
            }
            Outcome::Gone(id) => {
                counts.gone.add(1);
                self.delivering.remove(&id);
                self.failures.remove(&id);
                self.hub.book().end(id);
                self.keep(id);
            }
            Outcome::Failed(id, why, after) => {
                counts.failed.add(1);
                self.delivering.remove(&id);
                let failures = self.failures.entry(id).and_modify(|it| *it = it.saturating_add(1)).or_insert(1);
                debug!(%callback, failures = *failures, "not delivered: {why}");
                let said = after.map(|seconds| Duration::from_secs(seconds.min(LONGEST_WAIT)));
                let wait = self.hub.pace.wait(*failures).max(said.unwrap_or_default());
                self.later(wait, id, false);
            }
            Outcome::Idle(errand) => {
                self.forget(&errand);
                if let Errand::Deliver(id) = errand {
                    self.deliver_if_lacking(id);
                }
            }
            Outcome::Denied => {}
        }
        for errand in waiting {
            self.push(callback, errand, true);
        }
    }

    /// Who has subscribed lacks what was published since it asked.
    fn deliver_what_came_meanwhile(&mut self, id: Id, mode: Mode) {
        if mode == Mode::Subscribe {
            self.hub.learn(id);
            self.deliver_if_lacking(id);
        }
    }

    fn deliver_if_lacking(&mut self, id: Id) {
        if self.hub.lacks(id) {
            self.deliver(id);
        }
    }

    fn later(&mut self, wait: Duration, id: Id, is_verification: IsVerification) {
        self.later.push(Reverse((Instant::now() + wait, id, is_verification)));
    }

    fn try_again(&mut self) {
        while let Some(Reverse((at, id, is_verification))) = self.later.peek().copied() {
            if at > Instant::now() {
                return;
            }
            self.later.pop();
            if is_verification {
                self.verify(id);
            } else if self.hub.lacks(id) && !self.delivering.contains(&id) {
                self.hub.counts.retried.add(1);
                self.deliver(id);
            }
        }
    }

    fn forget(&mut self, errand: &Errand) {
        if let Errand::Deliver(id) = errand {
            self.delivering.remove(id);
        }
    }

    /// Keeps a subscription as it is now, or that it is over.
    fn keep(&self, id: Id) {
        let now = self.hub.seconds();
        let mut book = self.hub.book();
        let subscription = book.get(id).cloned().filter(|_| !book.sweep_one(id, now));
        drop(book);
        self.hub.keeper.keep_soon(move |db| match subscription {
            Some(subscription) => store::put(db, id, &subscription),
            None => store::remove(db, id),
        });
    }

    fn sweep(&mut self) {
        let over = self.hub.book().sweep(self.hub.seconds());
        if !over.is_empty() {
            debug!(subscriptions = over.len(), "leases are over");
            self.failures.retain(|id, _| !over.contains(id));
            self.hub.keeper.keep_soon(move |db| over.iter().try_for_each(|id| store::remove(db, *id)));
        }
        self.queues.forget();
    }
}
