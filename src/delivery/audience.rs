//! Who reads which feed: how often each is asked for, how many clients ask a day, for how many people aggregators do. No address
//! is kept: a client is a hash under a key of that day, of which a sketch takes a few bits.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::hash::Hasher as _;
use std::net::IpAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use arc_swap::ArcSwap;
use hyper::StatusCode;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;
use tracing::warn;

use super::agent::{Agent, Class, Report};
use super::cores::EachCore;
use super::gate::network;
use super::ledger::{self, Kept, KeptFeed, Totals};
use super::sketch::Sketch;
use crate::config::Peer;
use crate::model::FeedPath;

/// What an aggregator says holds for so many days if it says nothing more.
const FRESH: i64 = 8;
/// So many aggregators, or names of theirs for the feed, are known of one feed.
const MOST_AGGREGATORS: usize = 32;
const DAY: i64 = 86_400;

/// The readers of all feeds.
#[derive(Debug)]
pub(super) struct Audience {
    today: ArcSwap<Today>,
    feeds: Mutex<BTreeMap<FeedPath, Arc<Readers>>>,
    /// Since when it is counted, in seconds since 1970.
    since: i64,
    /// What was counted before this process began.
    before: Totals,
    /// What was last written.
    written: Mutex<(i64, Totals)>,
}

/// A day, in UTC, and the key under which its clients are known.
#[derive(Debug, Clone, Copy)]
struct Today {
    /// In days since 1970.
    number: i64,
    key: [u8; 16],
}

/// Who reads one feed.
#[derive(Debug, Default)]
pub(super) struct Readers {
    /// What was counted before this process began.
    before: Requests<u64>,
    /// What this process has counted. Without any request it takes no memory: most of many feeds may have no reader.
    lately: OnceLock<EachCore<Requests<AtomicU64>>>,
    /// The clients of today that are neither crawlers nor stand for others.
    clients: Sketch,
    /// How many they were on the last day before.
    yesterday: AtomicU64,
    aggregators: Mutex<Vec<Aggregator>>,
}

/// How often a feed was asked for.
#[derive(Debug, Clone, Copy, Default)]
struct Requests<N> {
    sent: N,
    not_modified: N,
    crawled: N,
}

/// What an aggregator has last said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aggregator {
    /// Its name.
    pub name: String,
    /// Its own name for the feed, or nothing.
    pub feed_id: String,
    /// How many people read the feed there.
    pub subscribers: u64,
    /// When it last said so, in days since 1970.
    pub day: i64,
}

/// The readers of a feed at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedReaders {
    /// Its path.
    pub path: FeedPath,
    /// How often it was sent, whole or in part.
    pub sent: u64,
    /// How often nothing had to be sent.
    pub not_modified: u64,
    /// How many of both there were since the server began.
    pub lately: u64,
    /// How many of both went to crawlers.
    pub crawled: u64,
    /// About how many clients have asked today (UTC) that are neither crawlers nor stand for others.
    pub clients: u64,
    /// The same of the day before.
    pub yesterday: u64,
    /// The aggregators that have said how many subscribers they have, within the last days; those with most first.
    pub aggregators: Vec<Aggregator>,
}

impl Audience {
    /// What is known in this state folder, at this time in seconds since 1970.
    pub(super) fn open(state: &Path, now: i64) -> Self {
        let kept = ledger::read(state).unwrap_or_else(|why| {
            warn!("who reads the feeds is counted anew: {why}");
            None
        });
        let (since, day) = (now, now.div_euclid(DAY));
        let Kept { since, day, key, totals, feeds } =
            kept.unwrap_or_else(|| Kept { since, day, key: ledger::random(), ..Kept::default() });
        let feeds = feeds.into_iter().map(|(path, kept)| (path, Arc::new(Readers::of(kept)))).collect();
        Self {
            today: ArcSwap::from_pointee(Today { number: day, key }),
            feeds: Mutex::new(feeds),
            since,
            before: totals,
            written: Mutex::new((day, totals)),
        }
    }

    /// The readers of a feed, for as long as it is served.
    pub(super) fn of(&self, path: &FeedPath) -> Arc<Readers> {
        Arc::clone(self.feeds().entry(path.clone()).or_default())
    }

    /// A feed was asked for by `who`, whose `User-Agent` field this is.
    pub(super) fn asked(&self, readers: &Readers, who: Peer, field: &str, status: StatusCode) -> Option<Class> {
        let has_it = status == StatusCode::NOT_MODIFIED;
        if !has_it && !matches!(status, StatusCode::OK | StatusCode::IM_USED) {
            return None;
        }
        let counters = readers.lately.get_or_init(EachCore::default).own()?;
        (if has_it { &counters.not_modified } else { &counters.sent }).fetch_add(1, Ordering::Relaxed);
        let agent = Agent::of(field);
        match (agent.class, agent.report) {
            (Class::Crawler, _) => _ = counters.crawled.fetch_add(1, Ordering::Relaxed),
            (Class::Aggregator, Some(report)) => readers.note(report, self.today.load().number),
            (Class::Aggregator, None) => {}
            _ => readers.clients.add(self.today.load().hash(who, field)),
        }
        Some(agent.class)
    }

    /// Begins a new day where one has come: its clients are known under another key, and nobody has the old one any more.
    /// Feeds that are not served are forgotten then.
    pub(super) fn turn(&self, now: i64) {
        let (before, number) = (self.today.load().number, now.div_euclid(DAY));
        if before == number {
            return;
        }
        let mut feeds = self.feeds();
        // Who is counted in this very moment may be counted on either day.
        self.today.store(Arc::new(Today { number, key: ledger::random() }));
        feeds.retain(|_, readers| Arc::strong_count(readers) > 1);
        feeds.values().for_each(|readers| readers.turn(before + 1 == number, number));
    }

    /// Writes it down where that is news, with what this process has counted by now.
    pub(super) fn keep(&self, state: &Path, served: Totals) {
        let (today, totals) = (*self.today.load_full(), self.totals(served));
        let news = (today.number, totals);
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if *written == news {
            return;
        }
        let feeds = self.feeds().iter().filter_map(|(path, readers)| Some((path.clone(), readers.kept()?))).collect();
        let kept = Kept { since: self.since, day: today.number, key: today.key, totals, feeds };
        match ledger::write(state, &kept) {
            Ok(()) => *written = news,
            Err(error) => warn!("who reads the feeds cannot be kept for the next start: {error}"),
        }
    }

    /// Since when it is counted, in seconds since 1970.
    pub(super) fn since(&self) -> i64 {
        self.since
    }

    /// What was served since then, of which this process has served so much.
    pub(super) fn totals(&self, served: Totals) -> Totals {
        self.before.plus(served)
    }

    /// Each feed that anybody has asked for, and its readers.
    pub(super) fn feeds_read(&self) -> Vec<FeedReaders> {
        self.feeds().iter().filter_map(|(path, readers)| readers.told(path)).collect()
    }

    fn feeds(&self) -> MutexGuard<'_, BTreeMap<FeedPath, Arc<Readers>>> {
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Today {
    /// A client of this day: an address, of IPv6 the network that one customer is given, and what program it says it is.
    fn hash(&self, who: Peer, field: &str) -> u64 {
        let mut hasher = SipHasher13::new_with_key(&self.key);
        match who {
            Peer::Ip(address) => match network(address) {
                IpAddr::V4(address) => hasher.write(&address.octets()),
                IpAddr::V6(address) => hasher.write(&address.octets()),
            },
            Peer::Local => {}
        }
        hasher.write(field.as_bytes());
        hasher.finish()
    }
}

impl Readers {
    fn of(kept: KeptFeed) -> Self {
        let KeptFeed { sent, not_modified, crawled, clients, yesterday, aggregators } = kept;
        let readers = Self {
            before: Requests { sent, not_modified, crawled },
            lately: OnceLock::new(),
            clients: Sketch::default(),
            yesterday: yesterday.into(),
            aggregators: Mutex::new(aggregators),
        };
        // One that is none is that of nobody.
        readers.clients.restore(&clients);
        readers
    }

    fn kept(&self) -> Option<KeptFeed> {
        let (before, lately) = (self.before, self.lately());
        let kept = KeptFeed {
            sent: before.sent.saturating_add(lately.sent),
            not_modified: before.not_modified.saturating_add(lately.not_modified),
            crawled: before.crawled.saturating_add(lately.crawled),
            clients: self.clients.text(),
            yesterday: self.yesterday.load(Ordering::Relaxed),
            aggregators: self.aggregators().clone(),
        };
        (kept.sent > 0 || kept.not_modified > 0).then_some(kept)
    }

    fn told(&self, path: &FeedPath) -> Option<FeedReaders> {
        let KeptFeed { sent, not_modified, crawled, yesterday, mut aggregators, .. } = self.kept()?;
        aggregators.sort_by(|a, b| (b.subscribers, &a.name, &a.feed_id).cmp(&(a.subscribers, &b.name, &b.feed_id)));
        let clients = self.clients.count();
        let asked = self.lately();
        let (path, lately) = (path.clone(), asked.sent.saturating_add(asked.not_modified));
        Some(FeedReaders { path, sent, not_modified, lately, crawled, clients, yesterday, aggregators })
    }

    fn lately(&self) -> Requests<u64> {
        let sum = |of: fn(&Requests<AtomicU64>) -> &AtomicU64| {
            self.lately.get().into_iter().flat_map(EachCore::iter).map(|core| of(core).load(Ordering::Relaxed)).sum()
        };
        Requests {
            sent: sum(|core| &core.sent),
            not_modified: sum(|core| &core.not_modified),
            crawled: sum(|core| &core.crawled),
        }
    }

    fn turn(&self, is_next: bool, day: i64) {
        self.yesterday.store(if is_next { self.clients.count() } else { 0 }, Ordering::Relaxed);
        self.clients.clear();
        self.aggregators().retain(|aggregator| day - aggregator.day < FRESH);
    }

    fn note(&self, report: Report<'_>, day: i64) {
        let mut aggregators = self.aggregators();
        let is_it = |known: &&mut Aggregator| known.name == report.name && known.feed_id == report.feed_id;
        if let Some(known) = aggregators.iter_mut().find(is_it) {
            (known.subscribers, known.day) = (report.subscribers.into(), day);
            return;
        }
        if aggregators.len() >= MOST_AGGREGATORS {
            // Anybody can invent one: what has been said for longest without news goes first, then what counts least.
            let least = aggregators.iter().enumerate().min_by_key(|(_, known)| (known.day, known.subscribers));
            if let Some((n, _)) = least {
                aggregators.swap_remove(n);
            }
        }
        let (name, feed_id) = (report.name.to_owned(), report.feed_id.to_owned());
        aggregators.push(Aggregator { name, feed_id, subscribers: report.subscribers.into(), day });
    }

    fn aggregators(&self) -> MutexGuard<'_, Vec<Aggregator>> {
        self.aggregators.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FeedReaders {
    /// For how many people aggregators ask.
    #[must_use]
    pub fn subscribers(&self) -> u64 {
        self.aggregators.iter().fold(0, |sum, aggregator| sum.saturating_add(aggregator.subscribers))
    }

    /// How often it was asked for.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.sent.saturating_add(self.not_modified)
    }
}
