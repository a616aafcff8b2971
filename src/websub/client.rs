//! Requests to others: no redirect is followed, every connection's address is looked at, and all is bounded in time and size.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{HOST, HeaderValue, RETRY_AFTER, USER_AGENT};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::rustls::RootCertStore;
use url::Url;

use super::connect::{Connector, Reach, Resolve};

/// Most bytes of the head of a response.
const MOST_HEAD: usize = 16 << 10;
/// Most fields of it.
const MOST_FIELDS: usize = 64;
/// How many connections are kept for what may come next.
const MOST_IDLE: usize = 256;

/// Who we are, to others.
const AGENT: &str = concat!("syndicated/", env!("CARGO_PKG_VERSION"), " (WebSub)");

/// Sends requests.
#[derive(Debug)]
pub struct Client {
    connector: Connector,
    idle: Mutex<Idle>,
}

/// Connections that are kept, by where they lead.
#[derive(Debug, Default)]
struct Idle {
    kept: HashMap<Arc<str>, Vec<Connection>>,
    count: usize,
}

/// What is sent.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// `GET` or `POST`.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// Fields beside those that every request has.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// How long a request may take and how much of a response is read.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// From the name's resolution to the head of the response.
    pub time: Duration,
    /// From there to the end of its body, within the same time.
    pub rest: Duration,
    /// How much of the body is read, in bytes.
    pub body: usize,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its body.
    pub body: Body,
    /// After how many seconds it may be tried again, where that is said.
    pub retry_after: Option<u64>,
}

/// The body of what came back.
#[derive(Debug)]
pub enum Body {
    /// All of it.
    Whole(Vec<u8>),
    /// It is longer than was to be read.
    Long,
    /// It did not come to its end.
    Broken(Failure),
}

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It is no address that may be asked.
    #[error("its address {0} is not one of the public internet")]
    Forbidden(IpAddr),
    /// The name has no address.
    #[error("its name cannot be resolved: {0}")]
    Name(io::Error),
    /// No connection came about.
    #[error("no connection: {0}")]
    Connect(io::Error),
    /// What came is no HTTP, or the connection broke.
    #[error("{0}")]
    Http(#[from] hyper::Error),
    /// It took too long.
    #[error("no answer within {} s", .0.as_secs())]
    TimedOut(Duration),
}

#[derive(Debug)]
struct Connection {
    sender: SendRequest<Full<Bytes>>,
    task: JoinHandle<()>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Client {
    /// A client that asks whom it may, and believes the certificates that browsers do.
    ///
    /// # Errors
    /// When there is no TLS.
    pub fn new(resolver: Arc<dyn Resolve>, reach: Reach) -> io::Result<Self> {
        Self::trusting(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }, resolver, reach)
    }

    /// The same, believing these certificates.
    ///
    /// # Errors
    /// When there is no TLS.
    pub fn trusting(roots: RootCertStore, resolver: Arc<dyn Resolve>, reach: Reach) -> io::Result<Self> {
        Ok(Self { connector: Connector::new(resolver, reach, roots)?, idle: Mutex::default() })
    }

    /// Sends a request and waits for what comes back, in bounds.
    ///
    /// # Errors
    /// When nothing does. A body that does not come to its end is no error.
    pub async fn send(&self, outgoing: &Outgoing, bounds: Bounds) -> Result<Answer, Failure> {
        let end = Instant::now() + bounds.time;
        let late = |_| Failure::TimedOut(bounds.time);
        let origin: Arc<str> = outgoing.url.origin().ascii_serialization().into();
        let exchanged = timeout_at(end, self.exchange(outgoing, &origin)).await.map_err(late)?;
        let (response, connection) = exchanged?;
        let (head, body) = response.into_parts();
        let end = end.min(Instant::now() + bounds.rest);
        let body = timeout_at(end, read(body, bounds.body)).await.unwrap_or_else(|elapsed| Body::Broken(late(elapsed)));
        if matches!(body, Body::Whole(_)) {
            self.keep(origin, connection);
        }
        let retry_after = head.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        Ok(Answer { status: head.status, body, retry_after })
    }

    /// Closes the connections that are kept.
    pub fn rest(&self) {
        *self.idle() = Idle::default();
    }

    async fn exchange(
        &self,
        outgoing: &Outgoing,
        origin: &Arc<str>,
    ) -> Result<(Response<Incoming>, Connection), Failure> {
        if let Some(mut kept) = self.take(origin)
            // It may have been closed meanwhile: then a new one is tried.
            && let Ok(response) = kept.sender.send_request(request(outgoing)).await
        {
            return Ok((response, kept));
        }
        let mut connection = self.connect(&outgoing.url).await?;
        let response = connection.sender.send_request(request(outgoing)).await?;
        Ok((response, connection))
    }

    async fn connect(&self, url: &Url) -> Result<Connection, Failure> {
        let stream = self.connector.connect(url).await?;
        let (sender, connection) = http1::Builder::new()
            .max_buf_size(MOST_HEAD)
            .max_headers(MOST_FIELDS)
            .handshake(TokioIo::new(stream))
            .await?;
        // What goes wrong with it is told to who waits for its response.
        let task = tokio::spawn(async move { drop(connection.await) });
        Ok(Connection { sender, task })
    }

    fn take(&self, origin: &Arc<str>) -> Option<Connection> {
        let mut idle = self.idle();
        while let Some(connection) = idle.kept.get_mut(origin).and_then(Vec::pop) {
            idle.count = idle.count.saturating_sub(1);
            if connection.sender.is_ready() {
                return Some(connection);
            }
        }
        idle.kept.remove(origin);
        None
    }

    fn keep(&self, origin: Arc<str>, connection: Connection) {
        let mut idle = self.idle();
        if !connection.sender.is_closed() && idle.count < MOST_IDLE {
            idle.count += 1;
            idle.kept.entry(origin).or_default().push(connection);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn read(mut body: Incoming, most: usize) -> Body {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = match frame {
            Ok(frame) => frame,
            Err(error) => return Body::Broken(error.into()),
        };
        let data = frame.data_ref().map_or(&[][..], |data| data);
        if bytes.len() + data.len() > most {
            return Body::Long;
        }
        bytes.extend_from_slice(data);
    }
    Body::Whole(bytes)
}

fn request(outgoing: &Outgoing) -> Request<Full<Bytes>> {
    let url = &outgoing.url;
    let mut request = Request::new(Full::new(outgoing.body.clone()));
    *request.method_mut() = outgoing.method.clone();
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    // A URL's path and query are what a target may be.
    *request.uri_mut() = target.parse().unwrap_or_default();
    *request.headers_mut() = outgoing.headers.clone();
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    if let Ok(host) = HeaderValue::from_str(&host) {
        request.headers_mut().insert(HOST, host);
    }
    request.headers_mut().insert(USER_AGENT, HeaderValue::from_static(AGENT));
    request
}
