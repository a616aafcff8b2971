//! What became of pings, requests and deliveries, counted.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

/// Counters since the start.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) requests: Counter,
    pub(super) refused: Counter,
    pub(super) confirmed: Counter,
    pub(super) unconfirmed: Counter,
    pub(super) delivered: Counter,
    pub(super) failed: Counter,
    pub(super) retried: Counter,
    pub(super) gone: Counter,
}

#[derive(Debug, Default)]
pub(super) struct Counter(AtomicU64);

impl Counter {
    pub(super) fn add(&self, many: u64) {
        self.0.fetch_add(many, Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Push as others see it: everything since the start, unless it says "now".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    /// Hubs of others that are told of changes.
    pub pings: Option<PingNumbers>,
    /// The hub that this service is.
    pub hub: Option<HubNumbers>,
}

/// What became of pings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PingNumbers {
    /// Topics that hubs were told of, each hub for itself.
    pub sent: u64,
    /// Requests that failed.
    pub failed: u64,
    /// Topics that were given up.
    pub given_up: u64,
    /// Topics that wait, now.
    pub waiting: u64,
    /// Why the last request failed; empty once one has not.
    pub failing: String,
}

/// What became of subscriptions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubNumbers {
    /// Its address.
    pub url: String,
    /// Subscriptions that hold, now.
    pub subscribers: u64,
    /// The same of each topic, by its path below the output.
    pub topics: Vec<TopicNumbers>,
    /// Requests that wait to be confirmed, now.
    pub asked: u64,
    /// Requests.
    pub requests: u64,
    /// Those that were refused at once.
    pub refused: u64,
    /// Those that were confirmed.
    pub confirmed: u64,
    /// Those that were not.
    pub unconfirmed: u64,
    /// Deliveries that were taken.
    pub delivered: u64,
    /// Deliveries that failed, each attempt for itself.
    pub failed: u64,
    /// Attempts beyond the first.
    pub retried: u64,
    /// Subscribers that said they are gone.
    pub gone: u64,
    /// Deliveries that wait for their turn or another try, now.
    pub waiting: u64,
    /// Deliveries under way, now.
    pub under_way: u64,
}

/// The subscribers of a topic.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicNumbers {
    /// Its path below the output.
    pub path: String,
    /// How many.
    pub subscribers: u64,
}
