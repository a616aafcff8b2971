//! A request in, a response out: the order of the checks, and the fields of each response.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use arc_swap::Guard;
use hyper::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONNECTION, HOST, HeaderName, HeaderValue, LOCATION, USER_AGENT,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode, Version as Protocol};

use super::asked::{Asked, is_host};
use super::bodies::{NoBody, Sent};
use super::client::Client;
use super::coding::{Accepted, Coding};
use super::condition::{Verdict, weigh};
use super::counts::Answer;
use super::delta;
use super::fields;
use super::form::Form;
use super::page::{METHODS, page};
use super::payload::Payload;
use super::shelf::{Entry, Index, Place};
use super::target::{self, Fault};
use super::version::Version;
use super::{Current, Shared};

/// Most fields of a request.
const MOST_FIELDS: usize = 64;
/// Most bytes of them.
const MOST_BYTES: usize = 16 << 10;

/// The instance manipulations that a client takes (RFC 3229 §10.5.3).
const A_IM: HeaderName = HeaderName::from_static("a-im");

/// A request whose answer has to be made.
struct Later {
    current: Arc<Current>,
    entry: Arc<Entry>,
    coding: Coding,
}

/// Answers a request of this client. `has_body` says whether a body comes with it.
pub(super) async fn answer(shared: &Arc<Shared>, request: &Parts, has_body: bool, client: Client) -> Response<Payload> {
    let mut told = Answer::default();
    let mut response = match at_once(shared, request, client, &mut told) {
        Ok(response) => response,
        Err(later) => {
            // Apart, so that the many that need it not do not carry its room along.
            let response = Box::pin(make(shared, &later, request, &mut told)).await;
            note_reader(shared, &later.current, &later.entry, request, client, response.status());
            response
        }
    };
    if has_body {
        // It is of no use to anybody, and is not waited for.
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if request.method == Method::HEAD {
        // Nothing is sent, and nothing is saved.
        (told.file, told.spared) = (told.file.map(|(kind, _)| (kind, 0)), 0);
    } else {
        told.sent = response.body().len() as u64;
    }
    shared.counts.answered(response.status(), told);
    response
}

/// The answer that there is without waiting: it takes no part in anything that other threads write to, as far as that can be.
fn at_once(
    shared: &Arc<Shared>,
    request: &Parts,
    client: Client,
    told: &mut Answer,
) -> Result<Response<Payload>, Later> {
    let current = shared.current.load();
    let (index, is_complete) = (current.shelf.index(), shared.is_complete.load(Ordering::Relaxed));
    let entry = match check(&current, &index, request, client.is_trusted, is_complete) {
        Ok(Some(entry)) => entry,
        Ok(None) => return Ok(preflight()),
        Err(response) => return Ok(*response),
    };
    let response = match feed(shared, &current, entry, request, told) {
        Ok(response) => response,
        Err(coding) => {
            let entry = Arc::clone(entry);
            return Err(Later { current: Guard::into_inner(current), entry, coding });
        }
    };
    note_reader(shared, &current, entry, request, client, response.status());
    Ok(response)
}

/// Takes note of who reads a feed.
fn note_reader(shared: &Shared, current: &Current, entry: &Entry, request: &Parts, client: Client, status: StatusCode) {
    if !entry.current.load().kind.is_feed() {
        return;
    }
    let who = client.who(&request.headers, &current.settings.trusted_proxies);
    // What is no text says nothing to us.
    let field = request.headers.get(USER_AGENT).and_then(|field| field.to_str().ok()).unwrap_or_default();
    if let Some(class) = shared.audience.asked(&entry.readers, who, field, status) {
        shared.counts.asked(class);
    }
}

/// The feed that is asked for; `None` when only what may be done is; or the response to a request that is wrong.
fn check<'a>(
    current: &Current,
    index: &'a Index,
    request: &Parts,
    is_trusted: bool,
    is_complete: bool,
) -> Result<Option<&'a Arc<Entry>>, Box<Response<Payload>>> {
    let refuse = |status| Err(Box::new(page(status)));
    let length: usize = request.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if length > MOST_BYTES || request.headers.len() > MOST_FIELDS {
        return refuse(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    let Some(host) = host(request) else { return refuse(StatusCode::BAD_REQUEST) };
    let target = request.uri.path_and_query().map_or("", |target| target.as_str());
    if request.method == Method::OPTIONS && target == "*" {
        return Ok(None);
    }
    if target.len() > target::MOST {
        return refuse(StatusCode::URI_TOO_LONG);
    }
    match request.method {
        Method::GET | Method::HEAD => {}
        Method::OPTIONS => return Ok(None),
        _ => return refuse(StatusCode::METHOD_NOT_ALLOWED),
    }
    let entry = match current.shelf.find(index, request.uri.path()) {
        Ok(Place::Feed(entry)) => entry,
        Ok(Place::Above) => return Err(Box::new(moved(StatusCode::FOUND, current.shelf.front()))),
        // The first publication may bring it.
        Ok(Place::Gone | Place::Nothing) if !is_complete => return refuse(StatusCode::SERVICE_UNAVAILABLE),
        Ok(Place::Gone) => return refuse(StatusCode::GONE),
        Ok(Place::Nothing) => return refuse(StatusCode::NOT_FOUND),
        Err(Fault::TooLong) => return refuse(StatusCode::URI_TOO_LONG),
        Err(Fault::Malformed) => return refuse(StatusCode::BAD_REQUEST),
    };
    if let Some(there) = current.shelf.moved(&entry.path) {
        return Err(Box::new(moved(StatusCode::MOVED_PERMANENTLY, there.as_str())));
    }
    if current.settings.canonical {
        let by_proxy = if is_trusted { Asked::by_proxy(&request.headers) } else { Asked::default() };
        let asked = Asked { host: by_proxy.host.or(host), scheme: by_proxy.scheme };
        let there = current.shelf.location(&entry.path);
        if asked.is_elsewhere(&there) {
            return Err(Box::new(moved(StatusCode::MOVED_PERMANENTLY, there.as_str())));
        }
    }
    Ok(Some(entry))
}

/// The host that a request names, which may be none by HTTP/1.0; `None` for a request that names it wrongly (RFC 9112 §3.2).
pub(super) fn host(request: &Parts) -> Option<Option<&str>> {
    let mut named = request.headers.get_all(HOST).iter();
    let field = match (named.next(), named.next()) {
        (Some(value), None) => Some(value.to_str().ok().filter(|host| is_host(host))?),
        (None, _) if request.version < Protocol::HTTP_11 => None,
        _ => return None,
    };
    match (request.uri.scheme_str(), request.uri.authority()) {
        (None, None) => Some(field),
        // What the absolute form says counts (RFC 9112 §3.2.2).
        (Some("http" | "https"), Some(authority)) => is_host(authority.as_str()).then_some(Some(authority.as_str())),
        _ => None,
    }
}

/// The response with a feed, or without its body where the client has that; what it is about is `told`. Where it has to be
/// made, the coding in which it is wanted.
fn feed(
    shared: &Shared,
    current: &Current,
    entry: &Arc<Entry>,
    request: &Parts,
    told: &mut Answer,
) -> Result<Response<Payload>, Coding> {
    let headers = &request.headers;
    let accepted = Accepted::of(headers.get_all(ACCEPT_ENCODING).iter().map(HeaderValue::as_bytes));
    let Some(best) = accepted.best() else { return Ok(page(StatusCode::NOT_ACCEPTABLE)) };
    let version = entry.current.load();
    told.file = Some((version.kind.index(), version.digest.length));
    match weigh(headers, &version.tags, version.modified, accepted, best) {
        Verdict::Failed => return Ok(page(StatusCode::PRECONDITION_FAILED)),
        Verdict::NotModified(form) => {
            let mut response = Response::new(Payload::default());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.headers_mut() = fields::validators(&version, form);
            return Ok(response);
        }
        Verdict::Send(_) => {}
    }
    if version.kind.is_feed() && wants_news(request) {
        return Err(best);
    }
    let (form, body) = version.ready(best, shared.now()).ok_or(best)?;
    note_form(shared, current, entry, &version, form, told);
    shared.counts.looked(true);
    Ok(with_body(entry, &version, form, body))
}

/// Whether only what is new in the feed is wanted.
fn wants_news(request: &Parts) -> bool {
    let values = request.headers.iter().filter(|(name, _)| **name == A_IM).map(|(_, value)| value.as_bytes());
    delta::is_wanted(values)
}

/// Takes note of what is sent. What is asked for often gets cheaper to send.
fn note_form(
    shared: &Shared,
    current: &Current,
    entry: &Arc<Entry>,
    version: &Arc<Version>,
    form: Form,
    told: &mut Answer,
) {
    told.file = Some((version.kind.index(), version.digest.length));
    told.coding = Some(form.coding());
    if version.is_worth_more(form) {
        shared.idle.often(&current.shelf, entry, version, form, shared.now());
    }
}

/// The same where it has to be made.
async fn make(shared: &Shared, later: &Later, request: &Parts, told: &mut Answer) -> Response<Payload> {
    let (Later { current, entry, coding }, now) = (later, shared.now());
    let is_feed = entry.current.load().kind.is_feed();
    if is_feed
        && wants_news(request)
        && let Some(news) = current.shelf.news(entry, *coding, &request.headers, &shared.workers, now).await
    {
        told.file = Some((news.sent.version.kind.index(), news.sent.version.digest.length));
        (told.coding, told.spared) = (Some(news.sent.form.coding()), news.saved);
        return with_news(entry, news.sent);
    }
    match current.shelf.body(entry, *coding, &shared.workers, now).await {
        Ok(Sent { version, form, body, was_ready }) => {
            note_form(shared, current, entry, &version, form, told);
            shared.counts.looked(was_ready);
            with_body(entry, &version, form, body)
        }
        Err(NoBody::Gone) => page(StatusCode::GONE),
        Err(NoBody::Busy) => page(StatusCode::SERVICE_UNAVAILABLE),
        Err(NoBody::Unreadable) => page(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn with_body(entry: &Entry, version: &Version, form: Form, body: Payload) -> Response<Payload> {
    let mut response = Response::new(body);
    *response.headers_mut() = fields::whole(entry, version, form);
    response
}

/// The response with what is new alone. Its tag is that of all of it, which the client has then (RFC 3229 §10.4.1).
fn with_news(entry: &Entry, sent: Sent) -> Response<Payload> {
    let mut response = with_body(entry, &sent.version, sent.form, sent.body);
    *response.status_mut() = StatusCode::IM_USED;
    let headers = response.headers_mut();
    headers.insert("im", HeaderValue::from_static("feed"));
    // Only a cache that knows what this is may keep it (RFC 3229 §10.8.3).
    let fresh = headers.get(CACHE_CONTROL).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Ok(value) = HeaderValue::try_from(format!("no-store, im, {fresh}")) {
        headers.insert(CACHE_CONTROL, value);
    }
    response
}

/// What may be done with a feed, also from pages of other sites (the Fetch standard, §3.3).
fn preflight() -> Response<Payload> {
    let mut response = Response::new(Payload::default());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let fields = [
        (ALLOW, METHODS),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (ACCESS_CONTROL_ALLOW_HEADERS, "A-IM, Accept-Encoding, Cache-Control, If-Modified-Since, If-None-Match"),
        (ACCESS_CONTROL_MAX_AGE, "86400"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let headers = response.headers_mut();
    fields.into_iter().for_each(|(name, value)| drop(headers.insert(name, HeaderValue::from_static(value))));
    response
}

fn moved(status: StatusCode, there: &str) -> Response<Payload> {
    let mut response = page(status);
    if let Ok(location) = HeaderValue::from_str(there) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}
