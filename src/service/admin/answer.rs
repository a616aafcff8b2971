//! A request of an operator, or of a program for one, in; a response out.

use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Method, Request, Response, StatusCode};

use super::View;
use super::metrics::{self, Facts};
use super::page::{self, Page};
use crate::delivery::{FeedReaders, Payload};
use crate::service::front;
use crate::service::live::Live;
use crate::service::status::Status;

/// How long the loop may take to say that it is there, before its silence is asked for.
const ANSWER_TIME: Duration = Duration::from_secs(1);

/// Nothing runs or loads but the page's own style sheet.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TEXT: &str = "text/plain; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

/// Answers a request.
pub(super) async fn answer(view: &Arc<View>, request: &Request<Incoming>) -> Response<Payload> {
    let mut response = match *request.method() {
        Method::GET | Method::HEAD => get(view, request.uri().path(), request.uri().query()).await,
        _ => {
            let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "There is only something to read here.\n");
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            response
        }
    };
    let fields = [
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    let headers = response.headers_mut();
    fields.into_iter().for_each(|(name, value)| drop(headers.insert(name, HeaderValue::from_static(value))));
    if !request.body().is_end_stream() {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

async fn get(view: &Arc<View>, path: &str, query: Option<&str>) -> Response<Payload> {
    match path {
        "/" => {
            let refresh = query.and_then(page::refresh);
            rendered(view, move |view, status| Ok((HTML, status_page(view, &status, refresh)))).await
        }
        "/style.css" => whole(StatusCode::OK, "text/css; charset=utf-8", page::STYLE.to_owned()),
        "/metrics" => {
            rendered(view, |view, status| {
                metrics_text(view, &status).map(|text| (metrics::CONTENT_TYPE, text)).map_err(|error| error.to_string())
            })
            .await
        }
        "/status.json" => {
            rendered(view, |_, status| {
                let text = serde_json::to_string_pretty(&status).map_err(|error| error.to_string())?;
                Ok(("application/json", format!("{text}\n")))
            })
            .await
        }
        "/healthz" => health(is_alive(view).await, &view.live),
        "/readyz" => match view.live.unready() {
            None => text(StatusCode::OK, "ready\n"),
            Some(why) => text(StatusCode::SERVICE_UNAVAILABLE, &format!("not ready: {why}\n")),
        },
        _ => text(StatusCode::NOT_FOUND, "There are / and /metrics, /healthz, /readyz, /status.json.\n"),
    }
}

/// What is made of the status, brought up to date as far as the service gets to it; made where it may take its time.
async fn rendered(
    view: &Arc<View>,
    make: impl FnOnce(&View, Status) -> Result<(&'static str, String), String> + Send + 'static,
) -> Response<Payload> {
    front::refresh(&view.asks).await;
    let view = Arc::clone(view);
    let made = tokio::task::spawn_blocking(move || make(&view, view.live.status())).await;
    match made.map_err(|error| error.to_string()).and_then(|made| made) {
        Ok((kind, body)) => whole(StatusCode::OK, kind, body),
        Err(why) => text(StatusCode::INTERNAL_SERVER_ERROR, &format!("It cannot be told: {why}\n")),
    }
}

/// Whether the loop of the service goes on: it answers, or has done something within the time that a watchdog gives it.
async fn is_alive(view: &View) -> bool {
    front::is_alive(&view.asks, ANSWER_TIME).await || view.live.systemd.silent_for() < view.live.systemd.patience()
}

fn health(is_alive: bool, live: &Live) -> Response<Payload> {
    if is_alive {
        return text(StatusCode::OK, "ok\n");
    }
    let seconds = live.systemd.silent_for().as_secs();
    text(
        StatusCode::SERVICE_UNAVAILABLE,
        &format!("stuck: nothing was done and no question answered for {seconds} s\n"),
    )
}

fn metrics_text(view: &View, status: &Status) -> Result<String, prometheus::Error> {
    let settings = view.settings.load();
    let server = view.live.delivery();
    let mut feeds =
        if settings.feeds == 0 { Vec::new() } else { most_asked(server.iter().flat_map(|it| it.readers())) };
    feeds.truncate(settings.feeds);
    let size = |path: &std::path::Path| path.metadata().map_or(0, |found| found.len());
    let with_log = |path: &std::path::PathBuf| {
        // SQLite's own journal beside it counts.
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        size(path) + size(log.as_ref())
    };
    metrics::text(&Facts {
        status,
        tally: &view.live.tally,
        is_ready: view.live.unready().is_none(),
        began: view.live.since(),
        publishes: settings.catalog.is_some(),
        catalog: settings.catalog.as_ref().map(with_log),
        server: server.map(|server| server.state()).as_ref(),
        feeds: &feeds,
        most_feeds: settings.feeds,
    })
}

fn status_page(view: &View, status: &Status, refresh: Option<u32>) -> String {
    let server = view.live.delivery();
    let readers = most_read(server.iter().flat_map(|it| it.readers()));
    let state = server.map(|server| server.state());
    page::html(&Page { status, unready: view.live.unready(), server: state.as_ref(), readers: &readers, refresh })
}

/// Feeds by how often they were asked for since the start.
fn most_asked(feeds: impl Iterator<Item = FeedReaders>) -> Vec<FeedReaders> {
    let mut feeds: Vec<_> = feeds.collect();
    feeds.sort_by(|a, b| (b.lately, &a.path).cmp(&(a.lately, &b.path)));
    feeds
}

/// Feeds by how many people read them.
fn most_read(feeds: impl Iterator<Item = FeedReaders>) -> Vec<FeedReaders> {
    let mut feeds: Vec<_> = feeds.collect();
    let many = |feed: &FeedReaders| feed.subscribers().saturating_add(feed.clients.max(feed.yesterday));
    feeds.sort_by(|a, b| (many(b), b.requests(), &a.path).cmp(&(many(a), a.requests(), &b.path)));
    feeds
}

fn text(status: StatusCode, text: &str) -> Response<Payload> {
    whole(status, TEXT, text.to_owned())
}

fn whole(status: StatusCode, kind: &'static str, body: String) -> Response<Payload> {
    let mut response = Response::new(Payload::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
