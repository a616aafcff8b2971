//! The fields of a response with a feed. Those that all feeds of a kind have in a coding are copied at one go, as to put each
//! in is most of the work that a response makes.

use std::sync::LazyLock;

use hyper::HeaderMap;
use hyper::body::Bytes;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_ENCODING,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, DATE, ETAG, HeaderValue, LAST_MODIFIED, LINK, VARY, X_CONTENT_TYPE_OPTIONS,
};

use super::coding::Coding;
use super::form::Form;
use super::freshness::cache_control;
use super::kind::Kind;
use super::shelf::Entry;
use super::version::{Version, http_date};
use crate::clock;

/// A feed whose date is further in the future, in seconds, is sent without one: no clock is that wrong.
const MOST_AHEAD: i64 = 60;

/// What stands where a response puts its own.
const OWN: HeaderValue = HeaderValue::from_static("");

/// What the responses of a kind have in common.
struct Common {
    /// Without a body.
    validators: HeaderMap,
    /// With one, in each coding.
    whole: [HeaderMap; Coding::ALL.len()],
}

static OF_FEEDS: LazyLock<[Common; 3]> =
    LazyLock::new(|| [Kind::Rss, Kind::Atom, Kind::JsonFeed].map(|kind| Common::of(&kind)));

impl Common {
    fn of(kind: &Kind) -> Self {
        let validators = common_validators(kind);
        Self { whole: Coding::ALL.map(|coding| common_whole(&validators, kind, Form::quick(coding))), validators }
    }

    fn known(kind: &Kind) -> Option<&'static Self> {
        OF_FEEDS.get(kind.index()).filter(|_| kind.is_feed())
    }
}

fn common_validators(kind: &Kind) -> HeaderMap {
    let vary = if kind.is_feed() { "A-IM, Accept-Encoding" } else { "Accept-Encoding" };
    HeaderMap::from_iter([
        (ETAG, OWN),
        (CACHE_CONTROL, OWN),
        (LAST_MODIFIED, OWN),
        (VARY, HeaderValue::from_static(vary)),
        (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ])
}

fn common_whole(validators: &HeaderMap, kind: &Kind, form: Form) -> HeaderMap {
    let mut fields = validators.clone();
    fields.insert(CONTENT_TYPE, HeaderValue::from_static(kind.content_type()));
    fields.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    fields.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("ETag, IM, Link"));
    match kind {
        Kind::Html(policy) => fields.insert(CONTENT_SECURITY_POLICY, policy.clone()),
        _ => fields.insert(LINK, OWN),
    };
    if let Some(encoding) = form.encoding() {
        fields.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    fields
}

/// What a `304` has in common with the `200` that it stands for (RFC 9110 §15.4.5); all else is known from that.
pub(super) fn validators(version: &Version, form: Form) -> HeaderMap {
    let kind = &version.kind;
    let fields = Common::known(kind).map(|common| common.validators.clone());
    own(fields.unwrap_or_else(|| common_validators(kind)), version, form, OWN)
}

/// With a body in this form.
pub(super) fn whole(entry: &Entry, version: &Version, form: Form) -> HeaderMap {
    let kind = &version.kind;
    let fields = Common::known(kind).and_then(|common| common.whole.get(form.coding() as usize).cloned());
    let fields = fields.unwrap_or_else(|| common_whole(&common_validators(kind), kind, form));
    own(fields, version, form, copy(&entry.link))
}

/// Puts in what is of this response alone. To go over them once is less than to look for each.
fn own(mut fields: HeaderMap, version: &Version, form: Form, link: HeaderValue) -> HeaderMap {
    let now = clock::now().div_euclid(1_000_000);
    let (ahead, mut link) = (version.modified - now, Some(link));
    for (name, value) in &mut fields {
        if name == ETAG {
            *value = HeaderValue::from_maybe_shared(Bytes::from(version.tags.tag(form))).unwrap_or(OWN);
        } else if name == CACHE_CONTROL {
            *value = HeaderValue::from_static(cache_control(version.modified, now));
        } else if name == LAST_MODIFIED {
            *value = copy(&version.last_modified);
        } else if name == LINK {
            *value = link.take().unwrap_or(OWN);
        }
    }
    if ahead > MOST_AHEAD {
        fields.remove(LAST_MODIFIED);
    } else if ahead > 0 {
        // Several changes in one second are a second apart, and no date may be later than the response's (RFC 9110 §8.8.2.1).
        fields.insert(DATE, http_date(version.modified));
    }
    fields
}

/// A value of one's own: to count how many hold the same takes each core longer than to copy it.
fn copy(value: &HeaderValue) -> HeaderValue {
    HeaderValue::from_bytes(value.as_bytes()).unwrap_or(OWN)
}
