//! What the owner of a hub changes of its subscriptions while it runs: those of another hub are taken over, and bad ones removed. Each is
//! on the disk when it is said to be done.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::book::Id;
use super::dispatch::Order;
use super::errand::Denied;
use super::hub::Inner;
use super::records::{Imported, is_meant};
use super::store;
use super::subscription::{Active, Subscription};
use crate::model::FeedPath;

/// Why a subscription is denied that the owner has removed.
pub(super) const REMOVED: &str = "removed by the owner of this hub";

/// The owner's hand in a hub that runs.
#[derive(Debug, Clone)]
pub struct Owner(pub(super) Arc<Inner>);

impl Owner {
    /// Takes subscriptions that another hub has confirmed, in place of what is there for the same feed and callback, and delivers what
    /// they lack. All of them, or `None` where the disk does not take them, which has been said: then all is as before.
    pub async fn import(&self, subscriptions: Vec<Subscription>) -> Option<Imported> {
        let (now, given) = (self.0.seconds(), subscriptions.len());
        let live: Vec<Subscription> = subscriptions.into_iter().filter(|it| it.live(now).is_some()).collect();
        let done = Imported { taken: live.len(), over: given - live.len() };
        let paths: BTreeSet<FeedPath> = live.iter().map(|it| it.path.clone()).collect();
        let (before, kept) = {
            let mut book = self.0.book();
            let mut before: Vec<(Id, Option<Active>)> = Vec::with_capacity(live.len());
            let mut rows = Vec::with_capacity(live.len());
            for subscription in live {
                let (id, was, is) = book.take_over(subscription);
                before.push((id, was));
                rows.push((id, is));
            }
            // While nobody else can write of them.
            (before, self.0.keeper.keep(move |db| rows.iter().try_for_each(|(id, it)| store::put(db, *id, it))))
        };
        if !kept.done().await {
            let mut book = self.0.book();
            before.into_iter().rev().for_each(|(id, was)| book.give_back(id, was, now));
            return None;
        }
        self.0.order(Order::Changed(paths.into_iter().collect()));
        Some(done)
    }

    /// Removes the subscriptions of these callbacks, or of all of a host, and tells them so; how many there were. `None` where the disk
    /// does not take it: then all is as before.
    pub async fn remove(&self, callbacks: &[String]) -> Option<usize> {
        let now = self.0.seconds();
        let (removed, kept) = {
            let mut book = self.0.book();
            let removed = book.take_out(|it| is_meant(callbacks, it));
            if removed.is_empty() {
                return Some(0);
            }
            let ids: Vec<Id> = removed.iter().map(|(id, _)| *id).collect();
            (removed, self.0.keeper.keep(move |db| ids.iter().try_for_each(|id| store::remove(db, *id))))
        };
        if !kept.done().await {
            let mut book = self.0.book();
            removed.into_iter().for_each(|(id, it)| book.put_back(id, it));
            return None;
        }
        let many = removed.len();
        let denied = removed.into_iter().filter_map(|(_, it)| {
            let topic = it.live(now)?.topic.clone();
            Some(Denied { callback: it.callback, topic, reason: REMOVED })
        });
        self.0.order(Order::Deny(denied.collect()));
        Some(many)
    }
}
