//! The publisher's side: hubs of others are told which feeds have changed, as soon as they may be fetched, and again until they
//! have heard it.

mod announce;
mod outbox;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::{info, warn};

pub use announce::{Announcer, PACE, Round};
pub use outbox::{Outbox, OutboxError};

use super::client::Client;
use super::connect::Reach;
use super::content::Contents;
use super::hub::World;
use super::numbers::PingNumbers;
use super::subscription::Digest;
use crate::config::Config;
use crate::model::FeedPath;
use crate::publisher::Published;

/// How long the end waits for a hub.
const LAST_PINGS: Duration = Duration::from_secs(3);

/// How long it rests when it has nothing to tell.
const REST: Duration = Duration::from_secs(3600);

type News = Vec<(FeedPath, Option<Digest>)>;

/// Tells hubs by itself. Dropped, it ends; what is not told is told by the next one.
#[derive(Debug)]
pub struct Pinger {
    news: Option<mpsc::UnboundedSender<News>>,
    numbers: Arc<Mutex<PingNumbers>>,
    task: JoinHandle<()>,
}

/// Which published files hubs are told of.
#[derive(Debug)]
pub struct Ledger {
    /// Who tells them.
    pub announcer: Announcer,
    contents: Contents,
}

impl Ledger {
    /// Opens what is to be told, and compares it with what is published: the difference was published when nobody noted it. Before
    /// anything else is published.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn open(config: &Config, world: &World) -> Result<Self, OutboxError> {
        let client = Client::new(Arc::clone(&world.resolver), Reach::Anywhere)?;
        let outbox = Outbox::open(&config.state)?;
        let announcer = Announcer::new(config, client, outbox, world.pace);
        let contents = Contents::new(Published::at(&config.output.dir), false);
        let ledger = Self { announcer, contents };
        let seconds = (world.now)().div_euclid(1_000_000);
        let published: News = ledger.published().unwrap_or_default();
        let files: Vec<_> =
            ledger.news(&published)?.into_iter().filter_map(|(path, version)| Some((path, version?))).collect();
        ledger.announcer.outbox().compare(&files, &ledger.announcer.hubs, seconds)?;
        Ok(ledger)
    }

    /// Notes what has changed of everything that is published; how many feeds.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn note_all(&self, now: i64) -> Result<usize, OutboxError> {
        let Some(published) = self.published() else { return Ok(0) };
        let mut all: BTreeMap<FeedPath, Option<Digest>> =
            self.announcer.outbox().versions()?.into_keys().map(|path| (path, None)).collect();
        all.extend(published);
        self.note(&Vec::from_iter(all), now)
    }

    /// Notes those of these files that are feeds and have changed (`now` in seconds since 1970); how many.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn note(&self, files: &[(FeedPath, Option<Digest>)], now: i64) -> Result<usize, OutboxError> {
        let feeds = self.news(files)?;
        self.announcer.outbox().note(&feeds, &self.announcer.hubs, now)
    }

    /// Those of these files that are feeds, and of another version than is known; only they are looked into.
    fn news(&self, files: &[(FeedPath, Option<Digest>)]) -> Result<News, OutboxError> {
        let known = self.announcer.outbox().versions()?;
        let is_news = |(path, version): &&(FeedPath, Option<Digest>)| {
            self.announcer.topics.may_be(path)
                && known.get(path) != version.as_ref()
                && (version.is_none() || self.contents.is_feed(path))
        };
        Ok(files.iter().filter(is_news).cloned().collect())
    }

    /// What is published; where that cannot be read, it is found when it can.
    fn published(&self) -> Option<News> {
        let listed = self.contents.list().ok()?;
        Some(listed.into_iter().map(|(path, version)| (path, Some(version))).collect())
    }
}

impl Pinger {
    /// Begins to tell the hubs of a configuration. Before anything is published.
    ///
    /// # Errors
    /// When what is to be told cannot be kept.
    pub fn open(config: &Config, world: World) -> Result<Self, OutboxError> {
        let ledger = Ledger::open(config, &world)?;
        let (news, received) = mpsc::unbounded_channel();
        let numbers = Arc::new(Mutex::new(PingNumbers::default()));
        let task = tokio::spawn(run(ledger, world, received, Arc::clone(&numbers)));
        Ok(Self { news: Some(news), numbers, task })
    }

    /// These files are in place now, or gone where there is no version.
    pub fn published(&self, files: &[(FeedPath, Option<Digest>)]) {
        // It ends only when this does.
        let _ = self.news.as_ref().map(|news| news.send(files.to_vec()));
    }

    /// What became of it so far.
    #[must_use]
    pub fn numbers(&self) -> PingNumbers {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends it, with what is known noted, and told if that does not take long.
    pub async fn close(mut self) {
        self.news = None;
        let _ = tokio::time::timeout(LAST_PINGS, &mut self.task).await;
    }
}

impl Drop for Pinger {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(
    ledger: Ledger,
    world: World,
    mut received: mpsc::UnboundedReceiver<News>,
    numbers: Arc<Mutex<PingNumbers>>,
) {
    let seconds = || (world.now)().div_euclid(1_000_000);
    let (mut is_failing, mut has_ended) = (false, false);
    loop {
        let told = step(&ledger, seconds(), &numbers).await;
        if told.is_err() != std::mem::replace(&mut is_failing, told.is_err())
            && let Err(error) = &told
        {
            warn!("{error}");
        }
        if has_ended {
            return;
        }
        let wait = told.ok().flatten().map_or(REST, |due| {
            Duration::from_secs(u64::try_from(due.saturating_sub(seconds())).unwrap_or_default()).min(REST)
        });
        tokio::select! {
            news = received.recv() => match news {
                Some(mut news) => {
                    while let Ok(more) = received.try_recv() {
                        news.extend(more);
                    }
                    // It waits for the disk: others go on meanwhile.
                    let noted = tokio::task::block_in_place(|| ledger.note(&news, seconds()));
                    if let Err(error) = noted {
                        warn!("{error}");
                    }
                }
                None => has_ended = true,
            },
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Tells what is due; when the next is.
async fn step(ledger: &Ledger, now: i64, numbers: &Mutex<PingNumbers>) -> Result<Option<i64>, OutboxError> {
    let round = ledger.announcer.round(now, true).await?;
    let (waiting, due) = ledger.announcer.outbox().next()?;
    let mut numbers = numbers.lock().unwrap_or_else(PoisonError::into_inner);
    numbers.sent += round.sent;
    numbers.failed += round.why.len() as u64;
    numbers.given_up += round.given_up;
    numbers.waiting = waiting;
    if round.given_up > 0 {
        warn!(topics = round.given_up, "hubs could not be told for three days, and are not told any more");
    }
    if round.sent > 0 && round.why.is_empty() && !numbers.failing.is_empty() {
        info!("hubs are told again");
    }
    if let Some(why) = round.why.first() {
        // Said once, and not with each of the tries that follow.
        if numbers.failing != *why {
            warn!("a hub cannot be told of changes, it is tried again: {why}");
        }
        numbers.failing.clone_from(why);
    } else if round.sent > 0 || waiting == 0 {
        numbers.failing.clear();
    }
    Ok(due)
}
