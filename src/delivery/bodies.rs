//! Bodies: from memory where they are there, else made from the file, once for all who want one at the same time.

use std::sync::Arc;

use hyper::body::Bytes;
use tokio::sync::Semaphore;

use super::coding::Coding;
use super::compress::compress;
use super::form::Form;
use super::payload::Payload;
use super::shelf::{Entry, Shelf};
use super::version::Version;
use crate::publisher::Digest;

/// How often a feed may be replaced while its body is made, before the client is asked to come back.
const ATTEMPTS: usize = 8;

/// What is sent of a feed.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) version: Arc<Version>,
    pub(super) form: Form,
    pub(super) body: Payload,
    /// Whether it was in memory.
    pub(super) was_ready: bool,
}

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoBody {
    /// There is no file.
    Gone,
    /// There is no memory for it now.
    Busy,
    /// It cannot be read.
    Unreadable,
}

/// What came of making a body.
enum Made {
    Body(Form, Payload),
    /// The file holds another version.
    Replaced,
    None(NoBody),
}

impl Shelf {
    /// A feed in this coding, in the version that is current then. At most as many are made at once as `workers`
    /// has permits. `now` is in seconds of the server's own.
    pub(super) async fn body(
        self: &Arc<Self>,
        entry: &Arc<Entry>,
        coding: Coding,
        workers: &Arc<Semaphore>,
        now: u32,
    ) -> Result<Sent, NoBody> {
        for _ in 0..ATTEMPTS {
            let version = entry.current.load_full();
            if let Some((form, body)) = version.ready(coding, now) {
                return Ok(Sent { version, form, body, was_ready: true });
            }
            let making = Arc::clone(&version.making).lock_owned().await;
            if let Some((form, body)) = version.ready(coding, now) {
                return Ok(Sent { version, form, body, was_ready: false });
            }
            let Ok(permit) = Arc::clone(workers).acquire_owned().await else { return Err(NoBody::Busy) };
            let (shelf, feed, of) = (Arc::clone(self), Arc::clone(entry), Arc::clone(&version));
            // It goes on when the client does not wait for it: others may.
            let made = tokio::task::spawn_blocking(move || {
                let made = shelf.make(&feed, &of, Form::quick(coding), now);
                drop((making, permit));
                made
            });
            match made.await {
                Ok(Made::Body(form, body)) => return Ok(Sent { version, form, body, was_ready: false }),
                Ok(Made::Replaced) => {}
                Ok(Made::None(why)) => return Err(why),
                Err(_) => return Err(NoBody::Unreadable),
            }
        }
        Err(NoBody::Busy)
    }

    /// Makes a form beforehand, unless it is there, the feed has moved on, or the cache has no room for it. Who asks meanwhile does
    /// not wait for it: it is made when nobody else wants the processor.
    pub(super) fn prepare(&self, entry: &Entry, version: &Arc<Version>, form: Form, now: u32) {
        let is_current = || Arc::ptr_eq(&entry.current.load(), version);
        if version.has(form) || !is_current() {
            return;
        }
        if self.budget.has_room(version.digest.length) {
            self.make(entry, version, form, now);
        }
    }

    /// Does for a form that is asked for often what makes it cheaper to send, and makes the smaller one where there is one.
    pub(super) fn favour(&self, entry: &Entry, version: &Arc<Version>, form: Form, now: u32) {
        version.favour(form, &self.budget);
        if let Some(small) = Form::small(form.coding()).filter(|small| *small != form) {
            self.prepare(entry, version, small, now);
        }
    }

    /// Makes a form of a version, and keeps it.
    fn make(&self, entry: &Entry, version: &Arc<Version>, form: Form, now: u32) -> Made {
        let plain = match version.ready(Coding::Identity, now) {
            Some((_, plain)) => plain.bytes(),
            None => match self.plain(entry, version) {
                Ok(bytes) => bytes,
                Err(other) => return other,
            },
        };
        self.remember(entry, version, &plain);
        let body = match form {
            Form::Identity => plain,
            _ => match compress(form, &plain) {
                Ok(bytes) => self.budget.hold(bytes),
                Err(_) => return Made::None(NoBody::Unreadable),
            },
        };
        let quick = version.ready(form.coding(), now).map(|(_, quick)| quick.len());
        let is_worth_it = Form::quick(form.coding()) == form || quick.is_none_or(|quick| body.len() < quick);
        if is_worth_it && body.len() as u64 <= self.budget.limit() {
            version.keep(form, body.clone(), now);
            self.evict();
        }
        Made::Body(form, body.into())
    }

    /// The bytes of a version, from its file.
    fn plain(&self, entry: &Entry, version: &Arc<Version>) -> Result<Bytes, Made> {
        self.make_room(version.digest.length);
        if !self.budget.can_hold(version.digest.length) {
            return Err(Made::None(NoBody::Busy));
        }
        match self.bytes(&entry.path) {
            Ok(Some(found)) if Digest::of(&found.bytes) == version.digest => Ok(self.budget.hold(found.bytes)),
            Ok(Some(found)) => {
                self.replace(entry, version, &found);
                Err(Made::Replaced)
            }
            Ok(None) => {
                self.miss(entry);
                Err(Made::None(NoBody::Gone))
            }
            Err(error) => {
                tracing::warn!("{} cannot be read: {error}", entry.path);
                Err(Made::None(NoBody::Unreadable))
            }
        }
    }

    /// Forgets what has not been sent for longest, until the cache keeps within its bound.
    fn evict(&self) {
        if !self.budget.has_room(0) {
            self.forget(self.budget.held() - self.budget.limit());
        }
    }

    /// The same before so much more is held.
    fn make_room(&self, bytes: u64) {
        if !self.budget.has_room(bytes) {
            self.forget((self.budget.held().saturating_add(bytes)).saturating_sub(self.budget.limit()));
        }
    }

    /// Forgets so many bytes and some more, so that it is not done at each request.
    fn forget(&self, bytes: u64) {
        let entries = self.entries();
        let versions: Vec<Arc<Version>> = entries.iter().map(|entry| entry.current.load_full()).collect();
        let mut kept: Vec<(u32, u64, &Version, Form)> = versions
            .iter()
            .flat_map(|version| version.kept().map(|(used, form, length)| (used, length, &**version, form)))
            .collect();
        kept.sort_by_key(|(used, length, ..)| (*used, std::cmp::Reverse(*length)));
        let enough = bytes.saturating_add(self.budget.limit() / 8);
        let mut freed = 0;
        for (_, length, version, form) in kept {
            if freed >= enough {
                return;
            }
            version.forget(form);
            freed += length;
        }
    }
}
