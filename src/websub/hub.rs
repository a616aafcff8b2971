//! A hub for the feeds of one site: takes subscriptions, and hands each change to the dispatcher.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::{info, warn};

use super::book::{Book, Full, Id, Limits};
use super::chance::Pace;
use super::client::Client;
use super::connect::{Reach, Resolve};
use super::content::Contents;
use super::dispatch::{self, Order};
use super::guard;
use super::keeper::Keeper;
use super::numbers::{Counts, HubNumbers, TopicNumbers};
use super::owner::Owner;
use super::rate::Meter;
use super::request::{self, Mode, Request};
use super::store::{self, Store, StoreError};
use super::subscription::{Asked, Digest};
use super::topics::Topics;
use crate::config::{self, Config};
use crate::delivery::endpoint::{Endpoint, Posted, Reply};
use crate::model::FeedPath;
use crate::publisher::Published;

/// How long the end waits for what is under way.
const LAST_DELIVERIES: Duration = Duration::from_secs(3);

/// The pace of those who cannot be reached.
pub const PACE: Pace = Pace { first: Duration::from_secs(20), longest: Duration::from_secs(6 * 3600) };

/// Microseconds since 1970.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// What a hub is given of the world.
#[derive(Clone)]
pub struct World {
    /// The time.
    pub now: Clock,
    /// Where names lead.
    pub resolver: Arc<dyn Resolve>,
    /// When what failed is tried again.
    pub pace: Pace,
}

/// A hub that runs. Dropped, it ends at once, with everything kept.
#[derive(Debug)]
pub struct Hub {
    inner: Arc<Inner>,
    task: JoinHandle<()>,
}

/// What its parts share.
pub(super) struct Inner {
    pub(super) settings: config::Hub,
    /// The `Link` field's part about hubs.
    pub(super) hub_links: String,
    pub(super) contents: Contents,
    pub(super) client: Client,
    pub(super) keeper: Keeper,
    pub(super) counts: Counts,
    pub(super) pace: Pace,
    now: Clock,
    topics: Mutex<Topics>,
    book: Mutex<Book>,
    meter: Mutex<Meter>,
    orders: mpsc::UnboundedSender<Order>,
    waiting: AtomicUsize,
    under_way: AtomicUsize,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Hub {
    /// Opens the subscriptions of a site. Nobody is asked or told anything before it [`Self::begin`]s.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn open(config: &Config, settings: &config::Hub, world: World) -> Result<Self, StoreError> {
        let store = Store::open(&config.state)?;
        let limits = Limits { all: settings.subscriptions, of_host: settings.subscriptions_per_host };
        let book = Book::new(limits, store.all()?);
        let reach = if settings.allow_private { Reach::Anywhere } else { Reach::Public };
        let (orders, received) = mpsc::unbounded_channel();
        let inner = Arc::new(Inner {
            hub_links: config.site.hubs.iter().map(|hub| format!(", <{hub}>; rel=\"hub\"")).collect(),
            contents: Contents::new(Published::at(&config.output.dir), settings.only_changes),
            client: Client::new(world.resolver, reach).map_err(StoreError::Thread)?,
            keeper: Keeper::start(store).map_err(StoreError::Thread)?,
            counts: Counts::default(),
            pace: world.pace,
            meter: Mutex::new(Meter::new((world.now)())),
            now: world.now,
            topics: Mutex::new(Topics::of(config)),
            book: Mutex::new(book),
            settings: settings.clone(),
            orders,
            waiting: AtomicUsize::new(0),
            under_way: AtomicUsize::new(0),
        });
        let task = tokio::spawn(dispatch::run(Arc::clone(&inner), received));
        Ok(Self { inner, task })
    }

    /// Everything is published: asks who has not confirmed, delivers what subscribers lack.
    pub fn begin(&self) {
        let listed = match self.inner.contents.list() {
            Ok(listed) => listed,
            Err(error) => {
                warn!("the list of published files cannot be read, the hub waits for changes: {error}");
                return;
            }
        };
        // A site that has lost all of its feeds has lost its disk.
        let is_whole = !listed.is_empty();
        let files: Vec<_> = listed.into_iter().map(|(path, version)| (path, Some(version))).collect();
        self.set(&files);
        let waiting = self.inner.book().waiting();
        if is_whole {
            let subscribed: Vec<FeedPath> = self.inner.book().topics().cloned().collect();
            self.inner.learn_all(&subscribed);
            self.order(Order::Changed(subscribed));
        }
        waiting.into_iter().for_each(|id| self.order(Order::Verify(id)));
        let subscribers = self.inner.numbers().subscribers;
        info!(url = %self.inner.settings.url, subscribers, "a hub for these feeds");
    }

    /// These files are in place now, or gone where there is no version.
    pub fn published(&self, files: &[(FeedPath, Option<Digest>)]) {
        let changed = self.set(files);
        if !changed.is_empty() {
            self.order(Order::Changed(changed));
        }
    }

    /// Who takes requests.
    #[must_use]
    pub fn endpoint(&self) -> Arc<dyn Endpoint> {
        Arc::clone(&self.inner) as Arc<dyn Endpoint>
    }

    /// Who may change its subscriptions.
    #[must_use]
    pub fn owner(&self) -> Owner {
        Owner(Arc::clone(&self.inner))
    }

    /// The hub as others see it.
    #[must_use]
    pub fn numbers(&self) -> HubNumbers {
        self.inner.numbers()
    }

    /// Ends it, with what is under way done if that does not take long.
    pub async fn close(mut self) {
        self.order(Order::End);
        let _ = tokio::time::timeout(LAST_DELIVERIES, &mut self.task).await;
    }

    fn set(&self, files: &[(FeedPath, Option<Digest>)]) -> Vec<FeedPath> {
        let mut topics = self.inner.topics();
        files.iter().filter(|(path, version)| topics.set(path, *version)).map(|(path, _)| path.clone()).collect()
    }

    fn order(&self, order: Order) {
        self.inner.order(order);
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.task.abort();
        // Whoever opens them next finds all that was confirmed.
        self.inner.keeper.finish();
    }
}

impl Inner {
    /// Has the dispatcher do something.
    pub(super) fn order(&self, order: Order) {
        // It ends only when the hub does.
        let _ = self.orders.send(order);
    }

    /// The time, in seconds since 1970.
    pub(super) fn seconds(&self) -> i64 {
        (self.now)().div_euclid(1_000_000)
    }

    /// The book is whole between any two statements, so a panic of another thread leaves it usable; so are the others.
    pub(super) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn meter(&self) -> MutexGuard<'_, Meter> {
        self.meter.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn topics(&self) -> MutexGuard<'_, Topics> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a subscriber lacks the version that there is.
    pub(super) fn lacks(&self, id: Id) -> bool {
        let path = self.book().get(id).map(|it| it.path.clone());
        let version = path.and_then(|path| self.topics().version(&path));
        let now = self.seconds();
        version.is_some_and(|version| self.book().get(id).is_some_and(|it| it.lacks(&version, now)))
    }

    /// Remembers what is in the feed of a subscription, to tell what is new in the next version.
    pub(super) fn learn(&self, id: Id) {
        let path = self.book().get(id).map(|it| it.path.clone());
        self.learn_all(path.as_slice());
    }

    fn learn_all(&self, paths: &[FeedPath]) {
        if !self.settings.only_changes {
            return;
        }
        for path in paths {
            let (path, version) = {
                let topics = self.topics();
                (topics.now(path).clone(), topics.version(path))
            };
            // What cannot be read now is delivered whole later.
            let _ = version.map(|version| self.contents.read(&path, &version));
        }
    }

    /// What the dispatcher has to do.
    pub(super) fn note(&self, waiting: usize, under_way: usize) {
        self.waiting.store(waiting, Ordering::Relaxed);
        self.under_way.store(under_way, Ordering::Relaxed);
    }

    fn numbers(&self) -> HubNumbers {
        let (subscribers, asked) = {
            let book = self.book();
            (book.subscribers(self.seconds()), book.asked() as u64)
        };
        let topic =
            |(path, many): (FeedPath, usize)| TopicNumbers { path: path.as_str().to_owned(), subscribers: many as u64 };
        let counts = &self.counts;
        HubNumbers {
            url: self.settings.url.as_str().to_owned(),
            subscribers: subscribers.iter().map(|(_, many)| *many as u64).sum(),
            topics: subscribers.into_iter().map(topic).collect(),
            asked,
            requests: counts.requests.get(),
            refused: counts.refused.get(),
            confirmed: counts.confirmed.get(),
            unconfirmed: counts.unconfirmed.get(),
            delivered: counts.delivered.get(),
            failed: counts.failed.get(),
            retried: counts.retried.get(),
            gone: counts.gone.get(),
            waiting: self.waiting.load(Ordering::Relaxed) as u64,
            under_way: self.under_way.load(Ordering::Relaxed) as u64,
        }
    }

    /// Takes a request (§5.1); what is said to it depends on nobody else.
    async fn take(&self, posted: Posted) -> Reply {
        if let Some(Err(seconds)) = posted.client.map(|client| self.meter().asks(client, (self.now)())) {
            return too_many(seconds, "There are too many requests from this address.");
        }
        let request = match request::parse(posted.content_type.as_deref(), &posted.body) {
            Ok(request) => request,
            Err(fault) => return Reply::new(fault.status, fault.text),
        };
        let (path, version) = match self.topic(&request) {
            Ok(found) => found,
            Err(reply) => return reply,
        };
        let accepted = || Reply::new(202, "The request is accepted, and will be verified.");
        // Nobody is asked for something that is not there.
        if request.mode == Mode::Unsubscribe && !self.book().has(&path, &request.callback) {
            return accepted();
        }
        let metered = self.meter().take(&request.callback.host(), (self.now)());
        if let Err(seconds) = metered {
            return too_many(seconds, "There are too many requests for this host.");
        }
        let Request { mode, topic, callback, lease, secret } = request;
        let asked = Asked { mode, topic, lease: self.lease(lease), secret, has: version, number: 0, tries: 0 };
        let (id, number, kept) = {
            let mut book = self.book();
            let (id, subscription) = match book.ask(&path, &callback, asked) {
                Ok(taken) => taken,
                Err(full) => return busy(full),
            };
            let number = subscription.asked.as_ref().map_or(0, |asked| asked.number);
            // While nobody else can write of it.
            (id, number, self.keeper.keep(move |db| store::put(db, id, &subscription)))
        };
        if !kept.done().await {
            self.book().withdraw(id, number);
            return Reply { retry_after: Some(60), ..Reply::new(503, "The request cannot be kept at the moment.") };
        }
        self.order(Order::Verify(id));
        accepted()
    }

    /// The feed that a request is about, and its version.
    fn topic(&self, request: &Request) -> Result<(FeedPath, Option<Digest>), Reply> {
        if !self.settings.allow_private && request.callback.address().is_some_and(|it| !guard::is_public(it)) {
            return Err(Reply::new(403, "hub.callback is an address that is not of the public internet"));
        }
        let nothing = || Reply::new(404, "hub.topic is no feed of this site; this hub is for its feeds only");
        let path = self.topics().find(&request.topic).ok_or_else(nothing)?;
        let version = self.topics().version(&path);
        // Whoever leaves may leave what is gone, too.
        if request.mode == Mode::Subscribe && !(version.is_some() && self.contents.is_feed(&path)) {
            return Err(nothing());
        }
        Ok((path, version))
    }

    /// How long a subscription holds, in seconds.
    fn lease(&self, asked: Option<u64>) -> i64 {
        const SHORTEST: u64 = 60;
        let longest = self.settings.longest_lease.as_secs();
        let lease = asked.unwrap_or(self.settings.lease.as_secs()).clamp(SHORTEST.min(longest), longest);
        i64::try_from(lease).unwrap_or(i64::MAX)
    }
}

fn too_many(seconds: u32, text: &str) -> Reply {
    Reply { retry_after: Some(seconds), ..Reply::new(429, text) }
}

fn busy(full: Full) -> Reply {
    let (seconds, text) = match full {
        Full::All => (3600, "There are as many subscriptions as there may be."),
        Full::Host => (3600, "This host has as many subscriptions as it may have."),
        Full::Asked => (30, "Too many requests wait to be verified."),
    };
    Reply { retry_after: Some(seconds), ..Reply::new(503, text) }
}

impl Endpoint for Inner {
    fn path(&self) -> &str {
        self.settings.url.url().path()
    }

    fn post(&self, posted: Posted) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>> {
        Box::pin(async move {
            let reply = self.take(posted).await;
            self.counts.requests.add(1);
            self.counts.refused.add(u64::from(reply.status >= 400));
            reply
        })
    }
}
