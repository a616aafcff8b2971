//! Telling hubs which feeds have changed: a form of `hub.mode=publish` with each topic by both names that hubs go by (§6 leaves open
//! which; `hub.url` is that of PubSubHubbub, `hub.topic` that of everything else here).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{HeaderMap, Method};
use tokio::task::JoinSet;
use url::form_urlencoded::Serializer;

use super::outbox::{Outbox, OutboxError, Ping};
use crate::config::Config;
use crate::model::WebUrl;
use crate::websub::chance::Pace;
use crate::websub::client::{Bounds, Client, Outgoing};
use crate::websub::topics::Topics;

/// Hubs that are known to take a repeated `hub.url`.
const TAKE_MANY: [&str; 1] = ["pubsubhubbub.appspot.com"];

/// How many topics are told at once to those.
const AT_ONCE: usize = 100;

/// How long a hub may take, and how much of its answer is read.
const BOUNDS: Bounds = Bounds { time: Duration::from_secs(20), rest: Duration::from_secs(1), body: 16 << 10 };

/// When a hub that could not be told is told again.
pub const PACE: Pace = Pace { first: Duration::from_secs(5), longest: Duration::from_secs(3600) };

/// What was told.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Round {
    /// Topics, each hub for itself.
    pub sent: u64,
    /// Topics that wait for another time.
    pub failed: u64,
    /// Topics that are too old to be told.
    pub given_up: u64,
    /// Why, by hub.
    pub why: Vec<String>,
}

/// Who tells hubs.
#[derive(Debug)]
pub struct Announcer {
    client: std::sync::Arc<Client>,
    pub(super) hubs: Vec<WebUrl>,
    batch: Vec<WebUrl>,
    pub(super) topics: Topics,
    pub(super) outbox: Mutex<Outbox>,
    pace: Pace,
}

/// How a hub took it.
enum Taken {
    Yes,
    /// It does not want this.
    Refused(String),
    /// It wants nothing at the moment.
    Down(String),
}

impl Announcer {
    /// For the hubs of a configuration.
    #[must_use]
    pub fn new(config: &Config, client: Client, outbox: Outbox, pace: Pace) -> Self {
        Self {
            client: std::sync::Arc::new(client),
            hubs: config.websub.hubs.clone(),
            batch: config.websub.batch.clone(),
            topics: Topics::of(config),
            outbox: Mutex::new(outbox),
            pace,
        }
    }

    /// What is kept.
    pub fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells each hub what it has not heard of: all of it, or what is due by now (in seconds since 1970).
    ///
    /// # Errors
    /// When what is to be told cannot be read or kept.
    pub async fn round(&self, now: i64, is_due: bool) -> Result<Round, OutboxError> {
        let (waiting, given_up) = self.outbox().waiting(&self.hubs, now, is_due.then_some(now))?;
        let mut round = Round { given_up, ..Round::default() };
        let mut hubs = JoinSet::new();
        for (hub, pings) in waiting {
            let client = std::sync::Arc::clone(&self.client);
            let takes_many = self.batch.contains(&hub)
                || hub.url().host_str().is_some_and(|host| TAKE_MANY.contains(&host.trim_end_matches('.')));
            let pings = pings.into_iter().map(|ping| (self.topics.address(&ping.path), ping)).collect();
            hubs.spawn(async move {
                let told = tell(&client, &hub, pings, takes_many).await;
                (hub, told)
            });
        }
        while let Some(told) = hubs.join_next().await {
            let Ok((hub, Told { sent, failed, why })) = told else { continue };
            round.sent += sent.len() as u64;
            round.failed += failed.len() as u64;
            round.why.extend(why.map(|why| format!("{hub}: {why}")));
            let mut outbox = self.outbox();
            outbox.told(&hub, &sent)?;
            outbox.failed(&hub, &failed, self.pace, now)?;
        }
        self.client.rest();
        Ok(round)
    }
}

#[derive(Default)]
struct Told {
    sent: Vec<Ping>,
    failed: Vec<Ping>,
    why: Option<String>,
}

/// Tells one hub of topics, many at once where it takes that. What is down is not asked again for the rest.
async fn tell(client: &Client, hub: &WebUrl, mut pings: Vec<(WebUrl, Ping)>, takes_many: bool) -> Told {
    let mut told = Told::default();
    let mut size = if takes_many { AT_ONCE } else { 1 };
    while !pings.is_empty() {
        let rest = pings.split_off(size.min(pings.len()));
        let topics: Vec<&WebUrl> = pings.iter().map(|(topic, _)| topic).collect();
        match announce(client, hub, &topics).await {
            Taken::Yes => told.sent.extend(pings.into_iter().map(|(_, ping)| ping)),
            // It does not take many after all.
            Taken::Refused(_) if pings.len() > 1 => {
                size = 1;
                pings.extend(rest);
                continue;
            }
            Taken::Refused(why) => {
                told.why = Some(why);
                told.failed.extend(pings.into_iter().map(|(_, ping)| ping));
            }
            Taken::Down(why) => {
                told.why = Some(why);
                told.failed.extend(pings.into_iter().chain(rest).map(|(_, ping)| ping));
                break;
            }
        }
        pings = rest;
    }
    told
}

async fn announce(client: &Client, hub: &WebUrl, topics: &[&WebUrl]) -> Taken {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    let body = form(topics).into();
    let outgoing = Outgoing { method: Method::POST, url: hub.url().clone(), headers, body };
    match client.send(&outgoing, BOUNDS).await {
        Ok(answer) if answer.status.is_success() => Taken::Yes,
        Ok(answer) if answer.status.is_client_error() && !matches!(answer.status.as_u16(), 408 | 429) => {
            Taken::Refused(format!("it answered {}", answer.status))
        }
        Ok(answer) => Taken::Down(format!("it answered {}", answer.status)),
        Err(failure) => Taken::Down(failure.to_string()),
    }
}

fn form(topics: &[&WebUrl]) -> String {
    let mut form = Serializer::new(String::new());
    form.append_pair("hub.mode", "publish");
    for topic in topics {
        form.append_pair("hub.url", topic.as_str()).append_pair("hub.topic", topic.as_str());
    }
    form.finish()
}
