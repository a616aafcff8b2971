//! What is new in a feed for a client that has another version of it: made when it is asked for, of the bytes of the current one.

use std::sync::Arc;

use hyper::HeaderMap;
use tokio::sync::Semaphore;

use super::bodies::Sent;
use super::coding::Coding;
use super::compress::compress;
use super::condition;
use super::delta::Cut;
use super::form::Form;
use super::shelf::{Entry, Shelf};

/// A response with what is new, and how many bytes smaller it is than one with all of it.
#[derive(Debug)]
pub(super) struct News {
    pub(super) sent: Sent,
    pub(super) saved: u64,
}

impl Shelf {
    /// What is new in this coding; `None` where the version that the client has is not remembered, or all of it is new.
    pub(super) async fn news(
        self: &Arc<Self>,
        entry: &Arc<Entry>,
        coding: Coding,
        headers: &HeaderMap,
        workers: &Arc<Semaphore>,
        now: u32,
    ) -> Option<News> {
        let is_known = |past: &&super::past::Past| condition::has(headers, &past.tags);
        entry.current.load().past.iter().find(is_known)?;
        // It may have moved on by now.
        let Sent { version, body: plain, .. } = self.body(entry, Coding::Identity, workers, now).await.ok()?;
        let known = Arc::clone(&version.past.iter().find(is_known)?.entries);
        let permit = Arc::clone(workers).acquire_owned().await.ok()?;
        let (kind, form, length) = (version.kind.clone(), Form::quick(coding), plain.len() as u64);
        let made = tokio::task::spawn_blocking(move || {
            let new = Cut::of(&kind, &plain)?.without(&known)?;
            let made = compress(form, &new).ok();
            drop(permit);
            made
        });
        let bytes = self.budget.hold(made.await.ok()??);
        // What all of it would have been: in gzip, where it is not in memory in that coding.
        let whole = match coding {
            Coding::Identity => length,
            _ => [coding, Coding::Gzip].into_iter().find_map(|coding| version.length(coding)).unwrap_or(0),
        };
        let saved = whole.saturating_sub(bytes.len() as u64);
        Some(News { sent: Sent { version, form, body: bytes.into(), was_ready: false }, saved })
    }
}
