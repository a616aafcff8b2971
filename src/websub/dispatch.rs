//! Who does which errand when: hosts take turns, a callback has one request at a time, what is slow makes room for what is not, and
//! what failed is tried again later.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::Instant;
use tracing::debug;

use super::attempt::{Attempt, Came, UnderWay};
use super::book::Id;
use super::callback::Callback;
use super::errand::{Denied, Errand, Outcome};
use super::hub::Inner;
use super::later::Later;
use super::queue::{Lane, Queues};
use super::subscription::Next;
use super::{request::Mode, store};
use crate::model::FeedPath;

/// How many errands are under way that are not slow, as far as is known.
const AT_ONCE: usize = 256;
/// How many that have turned out to be.
const TURNED_SLOW: usize = 256;
/// How many that were known to be: they take no room from those.
const SLOW: usize = 512;
/// How often leases that are over are looked for.
const SWEEP: Duration = Duration::from_secs(600);
/// The longest that a subscriber may have us wait.
const LONGEST_WAIT: u64 = 24 * 3600;

/// Why a subscription is denied whose feed went.
const GONE: &str = "this feed is gone";

/// What the dispatcher is told.
#[derive(Debug)]
pub(super) enum Order {
    /// Somebody asks for something.
    Verify(Id),
    /// These feeds have another version, or are gone; or somebody else has subscribed to them.
    Changed(Vec<FeedPath>),
    /// These were removed.
    Deny(Vec<Denied>),
    /// To end, once what is under way is over.
    End,
}

struct Dispatch {
    hub: Arc<Inner>,
    queues: Queues<Errand>,
    under_way: UnderWay,
    /// Callbacks that have a request under way, and what waits for its end.
    busy: HashMap<Callback, VecDeque<Errand>>,
    /// Callbacks that kept us waiting the last time.
    laggards: HashSet<Callback>,
    /// Deliveries that wait for their turn or are under way.
    delivering: HashSet<Id>,
    /// How often a delivery has failed.
    failures: HashMap<Id, u32>,
    later: Later<(Id, IsVerification), Instant>,
    fast: Arc<Semaphore>,
    turned_slow: Arc<Semaphore>,
    slow: Arc<Semaphore>,
}

type IsVerification = bool;

/// Runs until it is told to end.
pub(super) async fn run(hub: Arc<Inner>, mut orders: mpsc::UnboundedReceiver<Order>) {
    let mut dispatch = Dispatch {
        hub,
        queues: Queues::default(),
        under_way: UnderWay::new(),
        busy: HashMap::new(),
        laggards: HashSet::new(),
        delivering: HashSet::new(),
        failures: HashMap::new(),
        later: Later::default(),
        fast: Arc::new(Semaphore::new(AT_ONCE)),
        turned_slow: Arc::new(Semaphore::new(TURNED_SLOW)),
        slow: Arc::new(Semaphore::new(SLOW)),
    };
    let mut sweep = Instant::now() + SWEEP;
    loop {
        dispatch.note();
        let wake = dispatch.later.next().map_or(sweep, |at| sweep.min(at));
        tokio::select! {
            order = orders.recv() => match order {
                Some(Order::Verify(id)) => dispatch.verify(id, true),
                Some(Order::Changed(paths)) => dispatch.changed(&paths),
                Some(Order::Deny(denied)) => denied.into_iter().for_each(|denied| dispatch.tell_denied(denied)),
                Some(Order::End) | None => break,
            },
            Some(done) = dispatch.under_way.join_next() => {
                // A task that has panicked or was aborted says nothing of whose it was.
                if let Ok(attempt) = done {
                    dispatch.came(attempt);
                }
            }
            permit = Arc::clone(&dispatch.fast).acquire_owned(), if dispatch.queues.is_ready(Lane::Prompt) => {
                if let Ok(permit) = permit {
                    dispatch.start(Lane::Prompt, permit);
                }
            }
            permit = Arc::clone(&dispatch.slow).acquire_owned(), if dispatch.queues.is_ready(Lane::Slow) => {
                if let Ok(permit) = permit {
                    dispatch.start(Lane::Slow, permit);
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
        if let Ok(attempt) = done {
            dispatch.came(attempt);
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

    /// Who asks for the first time need not wait for those that were asked in vain.
    fn verify(&mut self, id: Id, is_first: bool) {
        self.later.forget((id, true));
        let callback = self.hub.book().get(id).map(|it| it.callback.clone());
        if let Some(callback) = callback {
            self.push(&callback, Errand::Verify(id), is_first);
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
                    None => ids.into_iter().for_each(|id| self.deny(id, GONE)),
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
        denied.into_iter().for_each(|denied| self.tell_denied(denied));
    }

    fn tell_denied(&mut self, denied: Denied) {
        self.push(&denied.callback.clone(), Errand::Deny(denied), false);
    }

    fn push(&mut self, callback: &Callback, errand: Errand, is_urgent: bool) {
        let host: Arc<str> = callback.host().into();
        let lane = self.lane(callback, &errand);
        self.queues.push(&host, errand, lane, is_urgent);
    }

    /// Who did not answer at once the last time, or never was asked, waits apart from those who did.
    fn lane(&self, callback: &Callback, errand: &Errand) -> Lane {
        let is_new = |id: &Id| self.hub.book().get(*id).is_some_and(|it| it.active.is_none());
        let is_slow = match errand {
            _ if self.laggards.contains(callback) => true,
            Errand::Verify(id) => is_new(id),
            Errand::Deliver(_) | Errand::Deny(_) => false,
        };
        if is_slow { Lane::Slow } else { Lane::Prompt }
    }

    fn start(&mut self, lane: Lane, permit: OwnedSemaphorePermit) {
        let Some((host, errand)) = self.queues.pop(lane) else { return };
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
            return self.queues.done(&host, lane, None);
        };
        if let Some(waiting) = self.busy.get_mut(&callback) {
            waiting.push_back(errand);
            return self.queues.done(&host, lane, None);
        }
        self.busy.insert(callback.clone(), VecDeque::new());
        self.under_way.begin(Arc::clone(&self.hub), Attempt { host, callback, lane }, errand, number, permit);
    }

    /// Something is over, or takes long.
    fn came(&mut self, (attempt, came): (Attempt, Came)) {
        match came {
            Came::Over { outcome, was_prompt } => {
                self.queues.done(&attempt.host, attempt.lane, outcome.went_well());
                self.done(&attempt.callback, outcome, was_prompt);
            }
            Came::Slow { rest, crowded_out } => match Arc::clone(&self.turned_slow).try_acquire_owned() {
                Ok(permit) if self.queues.slows(&attempt.host) => {
                    self.under_way.go_on(Attempt { lane: Lane::Slow, ..attempt }, rest, permit);
                }
                _ => {
                    // That we have no room says nothing of the host.
                    self.queues.done(&attempt.host, attempt.lane, None);
                    self.done(&attempt.callback, crowded_out, false);
                }
            },
        }
    }

    fn done(&mut self, callback: &Callback, outcome: Outcome, was_prompt: bool) {
        match outcome {
            Outcome::Idle(_) | Outcome::Denied => {}
            _ if was_prompt => _ = self.laggards.remove(callback),
            _ => _ = self.laggards.insert(callback.clone()),
        }
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
                self.later.forget((id, false));
                self.hub.book().delivered(id, version);
                self.hub.keeper.keep_soon(move |db| store::put_version(db, id, &version));
                self.deliver_if_lacking(id);
            }
            Outcome::Gone(id) => {
                counts.gone.add(1);
                self.delivering.remove(&id);
                self.failures.remove(&id);
                self.later.forget((id, false));
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

    /// Who has subscribed lacks what was published since it asked; and what it asked for may be gone.
    fn deliver_what_came_meanwhile(&mut self, id: Id, mode: Mode) {
        if mode != Mode::Subscribe {
            return;
        }
        let path = self.hub.book().get(id).map(|it| it.path.clone());
        if path.is_some_and(|path| self.hub.topics().version(&path).is_none()) {
            return self.deny(id, GONE);
        }
        self.hub.learn(id);
        self.deliver_if_lacking(id);
    }

    fn deliver_if_lacking(&mut self, id: Id) {
        if self.hub.lacks(id) {
            self.deliver(id);
        }
    }

    fn later(&mut self, wait: Duration, id: Id, is_verification: IsVerification) {
        self.later.put((id, is_verification), Instant::now() + wait);
    }

    fn try_again(&mut self) {
        while let Some((id, is_verification)) = self.later.due(Instant::now()) {
            if is_verification {
                self.verify(id, false);
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
        // Held, so that nobody else writes of it meanwhile.
        let mut book = self.hub.book();
        let subscription = book.get(id).cloned().filter(|_| !book.sweep_one(id, now));
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
        let callbacks = self.hub.book().callbacks();
        self.laggards.retain(|callback| callbacks.contains(callback));
    }
}
