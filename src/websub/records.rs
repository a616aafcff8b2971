//! Subscriptions as lines of JSON, to be looked at, kept elsewhere and moved to another machine; and how they are taken back and removed.

use serde::{Deserialize, Serialize};

use super::book::Id;
use super::callback::Callback;
use super::secret::{Secret, hex};
use super::store::{self, Store, StoreError};
use super::subscription::{Active, Subscription};
use crate::model::FeedPath;

/// A subscription that is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The path of the feed below the output.
    pub path: String,
    /// The topic as the subscriber named it.
    pub topic: String,
    /// Where the subscriber is told.
    pub callback: String,
    /// When it ends, in seconds since 1970.
    pub until: i64,
    /// What content is signed with. Whoever has it can pass for this hub.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// The version of the feed that the subscriber has, in hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has: Option<String>,
}

/// What became of records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Taken, in place of what was there for the same feed and callback.
    pub taken: usize,
    /// Their time is over.
    pub over: usize,
}

/// Whether a subscription is of one of these callbacks, or of one of these hosts.
#[must_use]
pub fn is_meant(callbacks: &[String], subscription: &Subscription) -> bool {
    let callback = &subscription.callback;
    let host = callback.host();
    callbacks.iter().any(|meant| *meant == host || meant == callback.as_str())
}

impl Record {
    /// A confirmed subscription, unless its time is over.
    #[must_use]
    pub fn of(subscription: &Subscription, now: i64) -> Option<Self> {
        let Active { topic, until, secret, has } = subscription.live(now)?;
        Some(Self {
            path: subscription.path.as_str().to_owned(),
            topic: topic.clone(),
            callback: subscription.callback.as_str().to_owned(),
            until: *until,
            secret: secret.as_ref().map(|secret| secret.reveal().to_owned()),
            has: has.map(|has| hex(&has)),
        })
    }

    /// The subscription; the error says what is wrong with the record, and nothing of its secret.
    ///
    /// # Errors
    /// When it is none that a hub could have.
    pub fn subscription(self) -> Result<Subscription, String> {
        let path = FeedPath::new(&self.path).ok_or("`path` is no path of a feed")?;
        let callback = Callback::parse(&self.callback).map_err(|why| format!("`callback` {why}"))?;
        let secret = match self.secret {
            Some(text) => Some(Secret::new(&text).ok_or("`secret` is empty, or has 200 bytes or more")?),
            None => None,
        };
        let has = match self.has {
            Some(digits) => Some(version(&digits).ok_or("`has` is not of 64 hexadecimal digits")?),
            None => None,
        };
        let active = Active { topic: self.topic, until: self.until, secret, has };
        Ok(Subscription { active: Some(active), ..Subscription::new(path, callback) })
    }
}

fn version(digits: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> =
        digits.chars().map(|c| c.to_digit(16).and_then(|n| u8::try_from(n).ok())).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    if digits.len() == 64 { bytes.try_into().ok() } else { None }
}

impl Store {
    /// Every confirmed subscription whose time is not over.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn records(&self, now: i64) -> Result<Vec<Record>, StoreError> {
        Ok(self.all()?.iter().filter_map(|(_, subscription)| Record::of(subscription, now)).collect())
    }

    /// Takes subscriptions that another hub has confirmed: all of them, or, where that fails, none.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn import(&mut self, subscriptions: Vec<Subscription>, now: i64) -> Result<Imported, StoreError> {
        let mut done = Imported::default();
        self.as_one(|db| {
            for subscription in subscriptions {
                if subscription.live(now).is_none() {
                    done.over += 1;
                    continue;
                }
                store::put(db, store::number(db, &subscription)?, &subscription)?;
                done.taken += 1;
            }
            Ok(())
        })?;
        Ok(done)
    }

    /// Removes those subscriptions that are meant; they are returned.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn remove(&mut self, is_meant: impl Fn(&Subscription) -> bool) -> Result<Vec<Subscription>, StoreError> {
        let meant: Vec<(Id, Subscription)> = self.all()?.into_iter().filter(|(_, it)| is_meant(it)).collect();
        self.as_one(|db| meant.iter().try_for_each(|(id, _)| store::remove(db, *id)))?;
        Ok(meant.into_iter().map(|(_, subscription)| subscription).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(n: i64) -> Record {
        Record {
            path: "rss.xml".to_owned(),
            topic: "https://example.com/feeds/rss.xml".to_owned(),
            callback: format!("https://sub.example/{n}"),
            until: n,
            secret: (n % 2 == 0).then(|| "hush".to_owned()),
            has: (n % 3 == 0).then(|| "0a".repeat(32)),
        }
    }

    #[test]
    fn what_is_exported_can_be_imported() {
        let state = tempfile::tempdir().unwrap();
        let mut store = Store::open(state.path()).unwrap();
        let all: Vec<Record> = (1..=6).map(record).collect();
        let subscriptions = || all.iter().map(|it| it.clone().subscription().unwrap()).collect::<Vec<_>>();
        assert_eq!(store.import(subscriptions(), 2).unwrap(), Imported { taken: 4, over: 2 });
        assert_eq!(store.import(subscriptions(), 2).unwrap().taken, 4, "in place of what is there");
        assert_eq!(store.records(2).unwrap(), all[2..]);
        let removed = store.remove(|it| it.callback.as_str().ends_with("/4")).unwrap();
        assert_eq!((removed.len(), store.records(2).unwrap().len()), (1, 3));
    }

    #[test]
    fn what_makes_no_sense_is_said_without_its_secret() {
        let fault = |change: &dyn Fn(&mut Record)| {
            let mut it = record(6);
            change(&mut it);
            it.subscription().unwrap_err()
        };
        assert!(fault(&|it| it.path = "../x".to_owned()).contains("path"));
        assert!(fault(&|it| it.callback = "x".to_owned()).contains("callback"));
        assert!(fault(&|it| it.has = Some("0a".to_owned())).contains("has"));
        let long = "hush".repeat(60);
        assert!(!fault(&|it| it.secret = Some(long.clone())).contains("hush"));
        assert!(serde_json::from_str::<Record>("{\"path\":\"a\"}").is_err());
    }
}
