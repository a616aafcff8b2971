//! One state of a feed: everything that a response says of it, and its body in each form that is in memory.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arc_swap::ArcSwapOption;
use hyper::body::Bytes;
use hyper::header::HeaderValue;

use super::budget::Budget;
use super::coding::Coding;
use super::form::{Form, TagBase};
use super::kind::Kind;
use super::often::Kept;
use super::past::{self, Past};
use super::payload::Payload;
use crate::publisher::{Digest, Stat};

/// How often a form is asked for before time is spent on having it cheaper.
const OFTEN: u32 = 8;

const NANOS: i64 = 1_000_000_000;

/// What is in a feed's file at one time.
#[derive(Debug)]
pub(super) struct Version {
    pub(super) digest: Digest,
    pub(super) kind: Kind,
    pub(super) tags: TagBase,
    /// In seconds since 1970. It changes exactly when the bytes do.
    pub(super) modified: i64,
    pub(super) last_modified: HeaderValue,
    /// A hash of each entry, once the bytes were looked at; none of what is no feed.
    entries: OnceLock<Arc<[u64]>>,
    /// The versions before it, the latest first.
    pub(super) past: Arc<[Past]>,
    /// What the file looked like when it was last compared.
    stat: Mutex<Option<Stat>>,
    bodies: [Body; Form::ALL.len()],
    /// Held while a form is made that was asked for: all others who want it wait.
    pub(super) making: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Default)]
struct Body {
    kept: ArcSwapOption<Kept>,
    /// When it was last sent, by the clock of the caller.
    used: AtomicU32,
    /// How often it was asked for.
    asked: AtomicU32,
}

impl Version {
    /// The state of a file with these contents that was changed at `mtime_ns`, in place of the version before.
    pub(super) fn new(digest: Digest, kind: Kind, mtime_ns: i64, stat: Option<Stat>, before: Option<&Self>) -> Self {
        let stated = mtime_ns.div_euclid(NANOS).max(0);
        // Whoever else writes there may set any time.
        let modified = before.map_or(stated, |before| stated.max(before.modified.saturating_add(1)));
        Self {
            digest,
            kind,
            tags: TagBase::of(&digest.sha256),
            modified,
            last_modified: http_date(modified),
            entries: OnceLock::new(),
            past: Arc::default(),
            stat: Mutex::new(stat),
            bodies: Default::default(),
            making: Arc::default(),
        }
    }

    /// The same, after these versions, the latest first, of which one may be this. There are so many feeds.
    pub(super) fn after(mut self, versions: Vec<Past>, feeds: usize) -> Self {
        let (own, others): (Vec<Past>, Vec<Past>) = versions.into_iter().partition(|past| past.tags == self.tags);
        self.entries = own.into_iter().next().map_or_else(OnceLock::new, |past| past.entries.into());
        self.past = past::within_bounds(others, feeds);
        self
    }

    /// It and the versions before it, the latest first, as far as they are known.
    pub(super) fn versions(&self) -> Vec<Past> {
        let own = self.entries.get().filter(|entries| !entries.is_empty());
        let own = own.map(|entries| Past { tags: self.tags, entries: Arc::clone(entries) });
        own.into_iter().chain(self.past.iter().cloned()).collect()
    }

    /// Takes note of its entries; what is to be remembered of it, if that is news.
    pub(super) fn note_entries(&self, of: impl FnOnce() -> Vec<u64>) -> Option<Past> {
        let mut is_news = false;
        let entries = self.entries.get_or_init(|| {
            is_news = true;
            of().into()
        });
        (is_news && !entries.is_empty()).then(|| Past { tags: self.tags, entries: Arc::clone(entries) })
    }

    /// Whether the file was found so when it was last compared.
    pub(super) fn is_as(&self, stat: &Stat) -> bool {
        self.stat().as_ref() == Some(stat)
    }

    /// The same bytes were found in a file that looks like this.
    pub(super) fn note(&self, found: Stat) {
        *self.stat() = Some(found);
    }

    /// A body in this coding that is in memory, the smallest there is.
    pub(super) fn ready(&self, coding: Coding, now: u32) -> Option<(Form, Payload)> {
        let forms = Form::small(coding).into_iter().chain([Form::quick(coding)]);
        forms.into_iter().find_map(|form| Some((form, self.body(form)?.take(now)?)))
    }

    /// Whether a form has now been asked for so often that time is well spent on it.
    pub(super) fn is_worth_more(&self, form: Form) -> bool {
        // Once it is, it is not counted any more.
        let is_new = |body: &&Body| body.asked.load(Ordering::Relaxed) < OFTEN;
        self.body(form).filter(is_new).is_some_and(|body| body.asked.fetch_add(1, Ordering::Relaxed) + 1 == OFTEN)
    }

    /// How long the body in a coding is that would be sent, if it is in memory.
    pub(super) fn length(&self, coding: Coding) -> Option<u64> {
        let forms = Form::small(coding).into_iter().chain([Form::quick(coding)]);
        forms.into_iter().find_map(|form| Some(self.body(form)?.kept.load().as_ref()?.len() as u64))
    }

    pub(super) fn has(&self, form: Form) -> bool {
        self.body(form).is_some_and(|body| body.kept.load().is_some())
    }

    /// Keeps a body.
    pub(super) fn keep(&self, form: Form, bytes: Bytes, now: u32) {
        if let Some(body) = self.body(form) {
            body.used.store(now, Ordering::Relaxed);
            body.kept.store(Some(Arc::new(Kept::new(bytes))));
        }
    }

    /// The bodies in memory: when each was last sent, and how long it is.
    pub(super) fn kept(&self) -> impl Iterator<Item = (u32, Form, u64)> + '_ {
        Form::ALL.into_iter().zip(&self.bodies).filter_map(|(form, body)| {
            let length = body.kept.load().as_ref()?.len() as u64;
            Some((body.used.load(Ordering::Relaxed), form, length))
        })
    }

    /// A body is asked for often.
    pub(super) fn favour(&self, form: Form, budget: &Arc<Budget>) {
        if let Some(kept) = self.body(form).and_then(|body| body.kept.load_full()) {
            kept.favour(budget);
        }
    }

    /// Forgets a body.
    pub(super) fn forget(&self, form: Form) {
        if let Some(body) = self.body(form) {
            body.kept.store(None);
            body.asked.store(0, Ordering::Relaxed);
        }
    }

    fn body(&self, form: Form) -> Option<&Body> {
        self.bodies.get(form as usize)
    }

    fn stat(&self) -> std::sync::MutexGuard<'_, Option<Stat>> {
        self.stat.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Body {
    fn take(&self, now: u32) -> Option<Payload> {
        let kept = self.kept.load();
        let kept = kept.as_ref()?;
        // A store that changes nothing would take the line from the other cores all the same.
        if self.used.load(Ordering::Relaxed) != now {
            self.used.store(now, Ordering::Relaxed);
        }
        Some(kept.take())
    }
}

/// An instant (seconds since 1970) as RFC 9110 §5.6.7 wants it.
pub(super) fn http_date(seconds: i64) -> HeaderValue {
    // The year 9999 is the last that fits.
    let seconds = u64::try_from(seconds).unwrap_or(0).min(253_402_300_799);
    let date = httpdate::fmt_http_date(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds));
    HeaderValue::from_str(&date).unwrap_or_else(|_| HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(bytes: &[u8], seconds: i64, before: Option<&Version>) -> Version {
        Version::new(Digest::of(bytes), Kind::Rss, seconds * NANOS + 999_999_999, None, before)
    }

    #[test]
    fn its_date_moves_on_with_each_change() {
        let first = version(b"a", 784_111_777, None);
        assert_eq!(first.last_modified, "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(version(b"b", 784_111_777, Some(&first)).modified, 784_111_778);
        assert_eq!(version(b"b", 1, Some(&first)).modified, 784_111_778);
        assert_eq!(version(b"b", 800_000_000, Some(&first)).modified, 800_000_000);
        assert_eq!(http_date(i64::MAX), "Fri, 31 Dec 9999 23:59:59 GMT");
    }

    #[test]
    fn the_smaller_form_is_taken_when_it_is_there() {
        let version = version(&[b'x'; 5000], 1, None);
        assert!(version.ready(Coding::Br, 1).is_none());
        version.keep(Form::Br, Bytes::from_static(b"quick"), 1);
        assert_eq!(version.ready(Coding::Br, 2).unwrap().0, Form::Br);
        version.keep(Form::SmallBr, Bytes::from_static(b"small"), 3);
        let (form, body) = version.ready(Coding::Br, 4).unwrap();
        assert_eq!((form, &*body), (Form::SmallBr, b"small".as_slice()));
        assert_eq!(version.kept().collect::<Vec<_>>(), [(2, Form::Br, 5), (4, Form::SmallBr, 5)]);
        version.forget(Form::SmallBr);
        assert_eq!(version.ready(Coding::Br, 5).unwrap().0, Form::Br);
        let asked = (0..20).filter(|_| version.is_worth_more(Form::Br)).count();
        assert_eq!(asked, 1);
    }
}
