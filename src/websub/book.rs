//! All subscriptions, in memory: found by topic, counted by host, bounded. Pure; the time is handed in.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::callback::Callback;
use super::subscription::{Active, Answer, Asked, Digest, Next, Subscription};
use crate::model::FeedPath;

/// The number of a subscription.
pub type Id = i64;

/// How many requests may wait to be confirmed, in all.
pub const MOST_ASKED: usize = 10_000;
/// How many of them by one host.
pub const MOST_ASKED_OF_HOST: usize = 1_000;

/// How many subscriptions there may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// In all.
    pub all: usize,
    /// By one host.
    pub of_host: usize,
}

/// Why a request is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// There are as many subscriptions as there may be.
    All,
    /// This host has as many.
    Host,
    /// Too many requests wait to be confirmed.
    Asked,
}

/// What a host has.
#[derive(Debug, Default)]
struct Host {
    subscriptions: usize,
    asked: usize,
}

/// The subscriptions.
#[derive(Debug)]
pub struct Book {
    limits: Limits,
    all: HashMap<Id, Subscription>,
    by_topic: HashMap<FeedPath, HashMap<Callback, Id>>,
    hosts: HashMap<String, Host>,
    asked: usize,
    next: Id,
    number: u64,
}

impl Book {
    /// With these in it, whatever the limits are.
    pub fn new(limits: Limits, subscriptions: impl IntoIterator<Item = (Id, Subscription)>) -> Self {
        let mut book = Self {
            limits,
            all: HashMap::new(),
            by_topic: HashMap::new(),
            hosts: HashMap::new(),
            asked: 0,
            next: 1,
            number: 0,
        };
        for (id, mut subscription) in subscriptions {
            if let Some(asked) = &mut subscription.asked {
                book.number += 1;
                asked.number = book.number;
            }
            book.next = book.next.max(id + 1);
            book.count(&subscription, 1);
            book.insert(id, subscription);
        }
        book
    }

    /// Takes a request, to be confirmed: the subscription's number, and what is to be kept of it.
    ///
    /// # Errors
    /// When there are too many.
    pub fn ask(&mut self, path: &FeedPath, callback: &Callback, asked: Asked) -> Result<(Id, Subscription), Full> {
        let known = self.by_topic.get(path).and_then(|subscribers| subscribers.get(callback)).copied();
        let of_host = self.hosts.get(&callback.host());
        let waits = known.and_then(|id| self.all.get(&id)).is_some_and(|known| known.asked.is_some());
        if !waits && (self.asked >= MOST_ASKED || of_host.is_some_and(|host| host.asked >= MOST_ASKED_OF_HOST)) {
            return Err(Full::Asked);
        }
        if known.is_none() && self.all.len() >= self.limits.all {
            return Err(Full::All);
        }
        if known.is_none() && of_host.is_some_and(|host| host.subscriptions >= self.limits.of_host) {
            return Err(Full::Host);
        }
        let id = known.unwrap_or_else(|| self.number());
        self.number += 1;
        let asked = Asked { number: self.number, ..asked };
        let known = self.all.get(&id).cloned();
        let mut subscription = known.unwrap_or_else(|| Subscription::new(path.clone(), callback.clone()));
        subscription.ask(asked);
        self.put(id, subscription.clone());
        Ok((id, subscription))
    }

    /// Takes back a request that could not be kept.
    pub fn withdraw(&mut self, id: Id, number: u64) {
        self.change(id, |subscription| {
            if subscription.asked.as_ref().is_some_and(|asked| asked.number == number) {
                subscription.asked = None;
            }
        });
    }

    /// What comes of an answer.
    pub fn answered(&mut self, id: Id, number: u64, answer: Answer) -> Next {
        self.change(id, |subscription| subscription.answered(number, answer)).unwrap_or(Next::Late)
    }

    /// The subscriber has this version; whether it is one.
    pub fn delivered(&mut self, id: Id, version: Digest) -> bool {
        self.change(id, |subscription| subscription.delivered(version)).is_some()
    }

    /// The subscriber is told nothing any more.
    pub fn end(&mut self, id: Id) {
        self.change(id, Subscription::end);
    }

    /// Takes a subscription that is confirmed elsewhere, in place of what is confirmed here, whatever the limits are: its number, what
    /// was confirmed before, and what is to be kept of it.
    pub fn take_over(&mut self, given: Subscription) -> (Id, Option<Active>, Subscription) {
        let Subscription { path, callback, active, .. } = given;
        let known = self.by_topic.get(&path).and_then(|subscribers| subscribers.get(&callback)).copied();
        let id = known.unwrap_or_else(|| self.number());
        let mut subscription = self.all.get(&id).cloned().unwrap_or_else(|| Subscription::new(path, callback));
        let before = std::mem::replace(&mut subscription.active, active);
        self.put(id, subscription.clone());
        (id, before, subscription)
    }

    /// Takes that back.
    pub fn give_back(&mut self, id: Id, before: Option<Active>, now: i64) {
        self.change(id, |subscription| subscription.active = before);
        self.sweep_one(id, now);
    }

    /// Takes out those that are meant.
    pub fn take_out(&mut self, is_meant: impl Fn(&Subscription) -> bool) -> Vec<(Id, Subscription)> {
        let meant: Vec<_> = self.all.iter().filter(|(_, it)| is_meant(it)).map(|(id, it)| (*id, it.clone())).collect();
        meant.iter().for_each(|(id, _)| self.remove(*id));
        meant
    }

    /// Puts back what was taken out, unless there is another by now.
    pub fn put_back(&mut self, id: Id, subscription: Subscription) {
        if !self.has(&subscription.path, &subscription.callback) {
            self.put(id, subscription);
        }
    }

    /// A subscription.
    #[must_use]
    pub fn get(&self, id: Id) -> Option<&Subscription> {
        self.all.get(&id)
    }

    /// Whether there is a subscription of this topic and callback, confirmed or asked for.
    #[must_use]
    pub fn has(&self, path: &FeedPath, callback: &Callback) -> bool {
        self.by_topic.get(path).is_some_and(|subscribers| subscribers.contains_key(callback))
    }

    /// The topics that somebody is subscribed to, or asks for.
    pub fn topics(&self) -> impl Iterator<Item = &FeedPath> {
        self.by_topic.keys()
    }

    /// Who subscribes to a topic, in the order in which they came.
    #[must_use]
    pub fn of(&self, path: &FeedPath) -> BTreeSet<Id> {
        self.by_topic.get(path).map(|subscribers| subscribers.values().copied().collect()).unwrap_or_default()
    }

    /// Where all of them are told.
    #[must_use]
    pub fn callbacks(&self) -> HashSet<Callback> {
        self.all.values().map(|it| it.callback.clone()).collect()
    }

    /// Who waits to confirm.
    #[must_use]
    pub fn waiting(&self) -> Vec<Id> {
        let mut ids: Vec<Id> = self.all.iter().filter(|(_, it)| it.asked.is_some()).map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids
    }

    /// How many requests wait to be confirmed.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.asked
    }

    /// Live subscriptions of each topic, sorted.
    #[must_use]
    pub fn subscribers(&self, now: i64) -> Vec<(FeedPath, usize)> {
        let live = |id: &Id| self.all.get(id).is_some_and(|it| it.live(now).is_some());
        let count =
            |(path, of): (&FeedPath, &HashMap<_, Id>)| (path.clone(), of.values().filter(|id| live(id)).count());
        let mut topics: Vec<_> = self.by_topic.iter().map(count).filter(|(_, count)| *count > 0).collect();
        topics.sort();
        topics
    }

    /// Forgets what is over; the numbers of what was.
    pub fn sweep(&mut self, now: i64) -> Vec<Id> {
        let over: HashSet<Id> = self.all.iter().filter(|(_, it)| it.is_over(now)).map(|(id, _)| *id).collect();
        over.iter().for_each(|id| self.remove(*id));
        over.into_iter().collect()
    }

    /// The same for one; whether it was.
    pub fn sweep_one(&mut self, id: Id, now: i64) -> bool {
        let is_over = self.all.get(&id).is_none_or(|it| it.is_over(now));
        if is_over {
            self.remove(id);
        }
        is_over
    }

    /// A number that no subscription had.
    fn number(&mut self) -> Id {
        let id = self.next;
        self.next += 1;
        id
    }

    fn change<T>(&mut self, id: Id, change: impl FnOnce(&mut Subscription) -> T) -> Option<T> {
        let subscription = self.all.get_mut(&id)?;
        let was_asked = subscription.asked.is_some();
        let changed = change(subscription);
        let is_asked = subscription.asked.is_some();
        let host = subscription.callback.host();
        self.count_asked(&host, was_asked, is_asked);
        Some(changed)
    }

    fn put(&mut self, id: Id, subscription: Subscription) {
        if let Some(before) = self.all.get(&id) {
            let (host, was_asked) = (before.callback.host(), before.asked.is_some());
            self.count_asked(&host, was_asked, subscription.asked.is_some());
        } else {
            self.count(&subscription, 1);
        }
        self.insert(id, subscription);
    }

    fn insert(&mut self, id: Id, subscription: Subscription) {
        let topic = self.by_topic.entry(subscription.path.clone()).or_default();
        topic.insert(subscription.callback.clone(), id);
        self.all.insert(id, subscription);
    }

    fn remove(&mut self, id: Id) {
        let Some(subscription) = self.all.remove(&id) else { return };
        self.count(&subscription, -1);
        if let Some(topic) = self.by_topic.get_mut(&subscription.path) {
            topic.remove(&subscription.callback);
            if topic.is_empty() {
                self.by_topic.remove(&subscription.path);
            }
        }
    }

    fn count(&mut self, subscription: &Subscription, by: isize) {
        let name = subscription.callback.host();
        let host = self.hosts.entry(name.clone()).or_default();
        host.subscriptions = host.subscriptions.saturating_add_signed(by);
        let is_over = host.subscriptions == 0;
        let is_asked = subscription.asked.is_some();
        self.count_asked(&name, is_asked && by < 0, is_asked && by > 0);
        if is_over {
            self.hosts.remove(&name);
        }
    }

    fn count_asked(&mut self, host: &str, was: bool, is: bool) {
        let by = isize::from(is) - isize::from(was);
        self.asked = self.asked.saturating_add_signed(by);
        if let Some(host) = self.hosts.get_mut(host) {
            host.asked = host.asked.saturating_add_signed(by);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::websub::request::Mode;

    const LIMITS: Limits = Limits { all: 3, of_host: 2 };

    fn path() -> FeedPath {
        FeedPath::new("rss.xml").unwrap()
    }

    fn at(host: &str, n: usize) -> Callback {
        Callback::parse(&format!("https://{host}/{n}")).unwrap()
    }

    fn asked() -> Asked {
        Asked { mode: Mode::Subscribe, topic: String::new(), lease: 10, secret: None, has: None, number: 0, tries: 0 }
    }

    fn confirm(book: &mut Book, callback: &Callback) -> Id {
        let (id, subscription) = book.ask(&path(), callback, asked()).unwrap();
        book.answered(id, subscription.asked.unwrap().number, Answer::Yes(0));
        id
    }

    #[test]
    fn there_are_no_more_than_may_be_and_who_is_in_may_renew() {
        let mut book = Book::new(LIMITS, []);
        let id = confirm(&mut book, &at("a.example", 1));
        confirm(&mut book, &at("a.example", 2));
        assert_eq!(book.ask(&path(), &at("a.example", 3), asked()), Err(Full::Host));
        confirm(&mut book, &at("b.example", 1));
        assert_eq!(book.ask(&path(), &at("c.example", 1), asked()), Err(Full::All));
        assert_eq!(confirm(&mut book, &at("a.example", 1)), id);
        book.end(id);
        assert!(book.sweep_one(id, 0));
        confirm(&mut book, &at("a.example", 3));
        assert_eq!(book.subscribers(0), [(path(), 3)]);
        assert_eq!(book.sweep(10).len(), 3);
        assert!(book.all.is_empty() && book.by_topic.is_empty() && book.hosts.is_empty() && book.asked == 0);
    }

    #[test]
    fn requests_that_wait_are_bounded_and_one_of_a_callback_takes_the_place_of_another() {
        let limits = Limits { all: 100_000, of_host: 100_000 };
        let mut book = Book::new(limits, []);
        for n in 0..MOST_ASKED_OF_HOST {
            book.ask(&path(), &at("a.example", n), asked()).unwrap();
        }
        assert_eq!(book.ask(&path(), &at("a.example", MOST_ASKED_OF_HOST), asked()), Err(Full::Asked));
        let (id, again) = book.ask(&path(), &at("a.example", 1), asked()).unwrap();
        assert_eq!(book.asked(), MOST_ASKED_OF_HOST);
        book.withdraw(id, again.asked.unwrap().number);
        assert_eq!(book.asked(), MOST_ASKED_OF_HOST - 1);
        book.ask(&path(), &at("a.example", MOST_ASKED_OF_HOST), asked()).unwrap();
        for n in MOST_ASKED_OF_HOST..MOST_ASKED {
            book.ask(&path(), &at(&format!("h{n}.example"), 0), asked()).unwrap();
        }
        assert_eq!(book.ask(&path(), &at("z.example", 0), asked()), Err(Full::Asked));
    }
}
