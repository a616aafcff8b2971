//! One path that takes what is posted to it, for somebody else: the WebSub hub. What is posted is small, and comes soon.

use std::fmt;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};

use super::Shared;
use super::answer::host;
use super::client::Client;
use super::counts::Answer;
use super::gate::network;
use super::payload::Payload;
use crate::config::Peer;

/// Most bytes that are read.
const MOST: usize = 16 << 10;

/// Who takes what is posted.
pub trait Endpoint: Send + Sync + fmt::Debug {
    /// The path of its address, percent-encoded.
    fn path(&self) -> &str;

    /// What comes of it.
    fn post(&self, posted: Posted) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>>;
}

/// What was posted.
#[derive(Debug)]
pub struct Posted {
    /// By whom: an address, of IPv6 a network. `None` where only a proxy is known.
    pub client: Option<IpAddr>,
    /// What it is said to be.
    pub content_type: Option<String>,
    /// The bytes.
    pub body: Bytes,
}

/// What is said to that.
#[derive(Debug)]
pub struct Reply {
    /// A status of HTTP.
    pub status: u16,
    /// A sentence.
    pub text: String,
    /// After how many seconds it may be asked again.
    pub retry_after: Option<u32>,
}

impl Reply {
    /// A status and a sentence.
    #[must_use]
    pub fn new(status: u16, text: impl Into<String>) -> Self {
        Self { status, text: text.into(), retry_after: None }
    }
}

/// Who takes what is posted to the path of a request, where there is somebody.
pub(super) fn of(shared: &Shared, request: &Parts) -> Option<Arc<dyn Endpoint>> {
    let endpoint = shared.endpoint.load();
    let endpoint = endpoint.as_deref()?;
    (request.uri.path() == endpoint.path()).then(|| Arc::clone(endpoint))
}

/// Answers a request to that path.
pub(super) async fn answer(
    shared: &Shared,
    endpoint: &dyn Endpoint,
    request: &Parts,
    body: Incoming,
    client: Client,
) -> Response<Payload> {
    let (reply, is_read) = if request.method != Method::POST {
        (Reply::new(405, "This is a WebSub hub: subscriptions are asked for by POST."), false)
    } else if host(request).is_none() {
        (Reply::new(400, "The request names no host, or none that can be."), false)
    } else {
        match tokio::time::timeout(shared.current.load().settings.header_timeout, read(body)).await {
            Ok(Ok(body)) => {
                let content_type = request.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
                let content_type = content_type.map(str::to_owned);
                (endpoint.post(Posted { client: who(shared, request, client), content_type, body }).await, true)
            }
            Ok(Err(reply)) => (reply, false),
            Err(_) => (Reply::new(408, "The body took too long."), false),
        }
    };
    let response = response(reply, is_read);
    let told = Answer { sent: response.body().len() as u64, ..Answer::default() };
    shared.counts.answered(response.status(), told);
    response
}

/// Who asks. A proxy stands for many, and those behind it are not held to what one may do unless it says who they are.
fn who(shared: &Shared, request: &Parts, client: Client) -> Option<IpAddr> {
    let current = shared.current.load();
    let trusted = &current.settings.trusted_proxies;
    let who = client.who(&request.headers, trusted);
    match who {
        Peer::Ip(address) if !trusted.iter().any(|proxy| proxy.holds(who)) => Some(network(address)),
        _ => None,
    }
}

async fn read(body: Incoming) -> Result<Bytes, Reply> {
    let read = Limited::new(body, MOST).collect().await;
    read.map(http_body_util::Collected::to_bytes).map_err(|error| {
        if error.is::<LengthLimitError>() {
            Reply::new(413, "The body is too long.")
        } else {
            Reply::new(400, "The body is broken off.")
        }
    })
}

fn response(reply: Reply, is_read: bool) -> Response<Payload> {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = Response::new(Payload::from(format!("{}\n", reply.text)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("POST"));
    }
    if let Some(seconds) = reply.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if !is_read {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
