//! One request to a subscriber: whether it meant it (§5.3), what is new (§7), or that it is told nothing any more (§5.2).

use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, LINK};
use hyper::{HeaderMap, Method, StatusCode};
use tokio::task::JoinSet;
use url::Url;

use super::book::Id;
use super::callback::Callback;
use super::chance::challenge;
use super::client::{Body, Bounds, Client, Failure, Outgoing};
use super::connect::{Reach, Resolve};
use super::hub::Inner;
use super::owner::REMOVED;
use super::request::Mode;
use super::subscription::{Answer, Digest};

/// For a question: as much as a challenge is read, and what shows that it is more.
const QUESTION: Bounds = Bounds { time: Duration::from_secs(10), rest: Duration::from_secs(10), body: 256 };
/// For a delivery: what a subscriber says beyond the status is of no interest (§7), but that the connection can be used again.
const DELIVERY: Bounds = Bounds { time: Duration::from_secs(30), rest: Duration::from_millis(250), body: 4096 };

/// How many are told at once that they are removed.
const TOLD_AT_ONCE: usize = 16;

const SIGNATURE: HeaderName = HeaderName::from_static("x-hub-signature");

/// What is to be done.
#[derive(Debug, Clone)]
pub(super) enum Errand {
    /// To ask whether a request was meant.
    Verify(Id),
    /// To deliver what is new.
    Deliver(Id),
    /// To say that a subscription is denied.
    Deny(Denied),
}

/// A subscription that was ended by us.
#[derive(Debug, Clone)]
pub(super) struct Denied {
    pub(super) callback: Callback,
    /// As the subscriber named it.
    pub(super) topic: String,
    pub(super) reason: &'static str,
}

/// What became of it.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The answer to the request of this number.
    Answered(Id, u64, Answer),
    /// The subscriber has this version.
    Delivered(Id, Digest),
    /// The subscriber wants nothing any more.
    Gone(Id),
    /// It is to be tried again, after so many seconds where that was said.
    Failed(Id, String, Option<u64>),
    /// There was nothing to do.
    Idle(Errand),
    /// It was told, or not.
    Denied,
}

impl Outcome {
    /// Whether the subscriber's host can be reached, where that is known now.
    pub(super) fn went_well(&self) -> Option<bool> {
        match self {
            Self::Answered(_, _, Answer::Silence) | Self::Failed(..) => Some(false),
            Self::Answered(..) | Self::Delivered(..) | Self::Gone(_) => Some(true),
            Self::Idle(_) | Self::Denied => None,
        }
    }
}

impl Errand {
    /// The same, when it took so long that there was no room for it.
    pub(super) fn crowded_out(&self, number: u64) -> Outcome {
        match self {
            Self::Verify(id) => Outcome::Answered(*id, number, Answer::Silence),
            Self::Deliver(id) => Outcome::Failed(*id, "too many subscribers are slow at once".to_owned(), None),
            Self::Deny(_) => Outcome::Denied,
        }
    }
}

/// Does it.
pub(super) async fn run(hub: &Inner, errand: Errand) -> Outcome {
    match errand {
        Errand::Verify(id) => verify(hub, id).await,
        Errand::Deliver(id) => deliver(hub, id).await,
        Errand::Deny(denied) => {
            deny(&hub.client, &denied).await;
            Outcome::Denied
        }
    }
}

/// Tells subscribers that their subscriptions, with the topics as they named them, were removed.
///
/// # Errors
/// When there is no TLS.
pub async fn tell_denied(
    subscribers: Vec<(Callback, String)>,
    resolver: Arc<dyn Resolve>,
    allow_private: bool,
) -> io::Result<()> {
    let client = Arc::new(Client::new(resolver, if allow_private { Reach::Anywhere } else { Reach::Public })?);
    let mut under_way = JoinSet::new();
    for (callback, topic) in subscribers {
        if under_way.len() >= TOLD_AT_ONCE {
            under_way.join_next().await;
        }
        let denied = Denied { callback, topic, reason: REMOVED };
        let client = Arc::clone(&client);
        under_way.spawn(async move { deny(&client, &denied).await });
    }
    while under_way.join_next().await.is_some() {}
    Ok(())
}

async fn deny(client: &Client, denied: &Denied) {
    let Denied { callback, topic, reason } = denied;
    let parameters = [("hub.mode", "denied"), ("hub.topic", &**topic), ("hub.reason", reason)];
    if let Some(question) = question(callback, &parameters) {
        // Nothing depends on what it makes of that.
        let _ = client.send(&question, QUESTION).await;
    }
}

async fn verify(hub: &Inner, id: Id) -> Outcome {
    let asked = hub.book().get(id).and_then(|it| Some((it.callback.clone(), it.asked.clone()?)));
    let Some((callback, asked)) = asked else { return Outcome::Idle(Errand::Verify(id)) };
    let lease = asked.lease.to_string();
    let silence = Outcome::Answered(id, asked.number, Answer::Silence);
    let Some(challenge) = challenge() else { return silence };
    let mut parameters =
        vec![("hub.mode", asked.mode.name()), ("hub.topic", &*asked.topic), ("hub.challenge", &*challenge)];
    if asked.mode == Mode::Subscribe {
        parameters.push(("hub.lease_seconds", &lease));
    }
    let Some(question) = question(&callback, &parameters) else { return silence };
    let at = hub.seconds();
    let answer = match hub.client.send(&question, QUESTION).await {
        Ok(said) if !said.status.is_success() => Answer::No,
        Ok(said) => match said.body {
            Body::Whole(body) if body == challenge.as_bytes() => Answer::Yes(at),
            Body::Whole(_) | Body::Long => Answer::No,
            Body::Broken(failure) => silent(&callback, &failure),
        },
        Err(Failure::Forbidden(_)) => Answer::No,
        Err(failure) => silent(&callback, &failure),
    };
    Outcome::Answered(id, asked.number, answer)
}

fn silent(callback: &Callback, failure: &Failure) -> Answer {
    tracing::debug!(%callback, "a subscriber cannot be asked: {failure}");
    Answer::Silence
}

fn question(callback: &Callback, parameters: &[(&str, &str)]) -> Option<Outgoing> {
    let url = Url::parse(&callback.with(parameters)).ok()?;
    Some(Outgoing { method: Method::GET, url, headers: HeaderMap::new(), body: Bytes::new() })
}

async fn deliver(hub: &Inner, id: Id) -> Outcome {
    let now = hub.seconds();
    let subscription =
        hub.book().get(id).and_then(|it| Some((it.path.clone(), it.callback.clone(), it.live(now)?.clone())));
    let Some((path, callback, active)) = subscription else { return Outcome::Idle(Errand::Deliver(id)) };
    let (path, version, address) = {
        let topics = hub.topics();
        (topics.now(&path).clone(), topics.version(&path), topics.address(&path))
    };
    let Some(version) = version.filter(|version| active.has.as_ref() != Some(version)) else {
        return Outcome::Idle(Errand::Deliver(id));
    };
    let content = match hub.contents.read(&path, &version) {
        Ok(Some(content)) => content,
        Ok(None) => return Outcome::Idle(Errand::Deliver(id)),
        Err(error) => return Outcome::Failed(id, format!("{path} cannot be read: {error}"), None),
    };
    let Some(url) = callback.url() else { return Outcome::Idle(Errand::Deliver(id)) };
    let body = content.for_one_with(active.has.as_ref());
    let mut headers = HeaderMap::with_capacity(6);
    headers.insert(CONTENT_TYPE, content.content_type.clone());
    if let Ok(link) = HeaderValue::from_str(&format!("<{address}>; rel=\"self\"{}", hub.hub_links)) {
        headers.insert(LINK, link);
    }
    if let Some(secret) = &active.secret
        && let Ok(signature) = HeaderValue::from_str(&secret.sign(hub.settings.signature, &body))
    {
        headers.insert(SIGNATURE, signature);
    }
    let outgoing = Outgoing { method: Method::POST, url, headers, body };
    match hub.client.send(&outgoing, DELIVERY).await {
        Ok(answer) if answer.status.is_success() => Outcome::Delivered(id, content.version),
        Ok(answer) if answer.status == StatusCode::GONE => Outcome::Gone(id),
        Ok(answer) => Outcome::Failed(id, format!("it answered {}", answer.status), answer.retry_after),
        Err(failure) => Outcome::Failed(id, failure.to_string(), None),
    }
}
