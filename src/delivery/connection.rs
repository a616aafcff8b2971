//! One connection: requests in, responses out, until either side ends it; and the word to one that is not let in.

use std::convert::Infallible;
use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::watch;
use tokio::task::coop::has_budget_remaining;

use super::Shared;
use super::answer::answer;
use super::client::Client;
use super::endpoint;
use super::gate::Pass;
use super::payload::Payload;
use super::socket::Socket;
use super::stream::{Limits, Phase, Timed};

/// Most bytes of the head of a request.
const MOST_HEAD: usize = 64 << 10;

/// How long one who is refused may take to read that.
const FAREWELL: Duration = Duration::from_secs(1);
const REFUSAL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Length: 43\r\n\r\nToo many connections. Try again in a while.";

/// Serves a connection until it ends, or until it has answered what it was asked when `stop` changes.
pub(super) async fn serve(
    stream: impl Socket,
    shared: Arc<Shared>,
    client: Client,
    mut stop: watch::Receiver<()>,
    _pass: Pass,
) {
    let seen = stop.clone();
    let phase = Phase::default();
    let timed = Timed::new(stream, Limits::of(&shared.current.load().settings), phase.clone());
    let service = service_fn(|request: Request<Incoming>| {
        phase.is_asked();
        let (shared, phase) = (&shared, &phase);
        async move {
            let has_body = !request.body().is_end_stream();
            let (parts, body) = request.into_parts();
            let response = match endpoint::of(shared, &parts) {
                // Apart, so that no other request carries its room along.
                Some(endpoint) => Box::pin(endpoint::answer(shared, &*endpoint, &parts, body, client)).await,
                None => answer(shared, &parts, has_body, client).await,
            };
            if let Some(file) = response.body().file() {
                phase.sends(Arc::clone(file));
            }
            Ok::<Response<Payload>, Infallible>(response)
        }
    });
    let connection = protocol().serve_connection(TokioIo::new(timed), service);
    let (mut connection, mut stops) = (pin!(connection), pin!(stop.changed()));
    let (mut is_waiting, mut has_stopped) = (false, false);
    // What goes wrong with it is the client's own loss.
    let _ = poll_fn(|cx| {
        // Once this task is known there, it is woken, and to look is less than to ask.
        if !has_stopped && (!is_waiting || !matches!(seen.has_changed(), Ok(false))) {
            // Without it, the task is asked to come again.
            is_waiting = has_budget_remaining();
            if stops.as_mut().poll(cx).is_ready() {
                has_stopped = true;
                connection.as_mut().graceful_shutdown();
            }
        }
        connection.as_mut().poll(cx)
    })
    .await;
}

fn protocol() -> http1::Builder {
    let mut builder = http1::Builder::new();
    // Times are kept by the stream.
    builder.header_read_timeout(None).max_buf_size(MOST_HEAD);
    builder
}

/// Says that there are too many connections, and waits a moment until that is read: a connection that is closed with something
/// unread in it takes with it what was written.
pub(super) async fn refuse(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let farewell = async {
        stream.write_all(REFUSAL).await?;
        stream.shutdown().await?;
        let mut unread = [0; 1024];
        while stream.read(&mut unread).await? > 0 {}
        Ok::<(), std::io::Error>(())
    };
    let _ = tokio::time::timeout(FAREWELL, farewell).await;
}
