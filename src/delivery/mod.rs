//! Feeds by HTTP: the published files in memory, each in the forms that its readers take, behind bounds that hold for everybody.
//!
//! `target`, `asked`, `agent`, `client`, `coding`, `condition`, `delta`, `form`, `freshness` and `kind` are pure; `shelf` knows what
//! is published, `past` what was before, `bodies` and `news` make what is sent of it, `often` has it cheaper where many ask for it,
//! `answer` says what is sent, in a `payload`; `counts` and `audience` know what was, and to how many, by core (`cores`);
//! `doors`, `listener`, `threads`, `gate`, `socket`, `stream` and `connection` are the network.

pub mod agent;
mod answer;
pub mod asked;
mod audience;
mod bodies;
mod budget;
pub mod client;
pub mod coding;
mod compress;
pub mod condition;
mod connection;
mod cores;
mod counts;
mod delta;
mod doors;
pub mod endpoint;
mod fields;
pub mod form;
mod freshness;
mod gate;
mod idle;
mod kind;
mod ledger;
mod listener;
mod news;
mod often;
mod page;
mod past;
mod payload;
mod remembered;
mod shelf;
mod sketch;
mod socket;
mod stream;
pub mod target;
#[cfg(test)]
mod tests;
mod threads;
mod version;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use arc_swap::{ArcSwap, ArcSwapOption};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;

use crate::clock;
use crate::config::{Address, Config, Server};
use crate::model::{FeedPath, Hint};
use crate::processor;
use audience::Audience;
pub use audience::{Aggregator, FeedReaders};
use client::Client;
use counts::Counts;
pub use counts::Served;
pub(crate) use delta::Cut;
pub(crate) use doors::Doors;
pub use doors::Prepared;
use endpoint::Endpoint;
use gate::Gate;
use idle::Idle;
pub(crate) use kind::Kind;
pub use ledger::Totals;
pub(crate) use listener::{Listener, Stream};
pub(crate) use payload::Payload;
use shelf::Shelf;
pub(crate) use socket::Socket;
pub(crate) use stream::{Limits, Phase, Timed};
use threads::Threads;

/// How long the end waits for responses on their way.
const LAST_RESPONSES: Duration = Duration::from_secs(5);

/// How often what is known of readers is written down.
const KEEP: Duration = Duration::from_secs(300);

/// How many are told at once that there are too many.
const FAREWELLS: usize = 128;

/// Why feeds are not served.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// An address that cannot be had.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// Which one.
        address: Address,
        /// Why.
        error: io::Error,
    },
    /// The system gives no further thread.
    #[error("cannot start another thread: {0}")]
    Thread(io::Error),
}

/// A server that runs. [`Delivery::close`] ends it with what it has been asked answered; dropped, it waits for nobody.
#[derive(Debug)]
pub struct Delivery {
    shared: Arc<Shared>,
    config: Config,
    threads: Arc<Threads>,
    doors: Doors,
    _keeper: JoinSet<()>,
    stop: watch::Sender<()>,
    open: mpsc::Sender<()>,
    closed: mpsc::Receiver<()>,
}

/// What tells a running server of publications.
#[derive(Debug, Clone)]
pub struct Handle(Arc<Shared>);

/// What connections share.
#[derive(Debug)]
struct Shared {
    current: ArcSwap<Current>,
    counts: Counts,
    audience: Arc<Audience>,
    gate: Arc<Gate>,
    /// As many bodies are made at once as it has permits.
    workers: Arc<Semaphore>,
    farewells: Arc<Semaphore>,
    idle: Idle,
    /// Who takes what is posted.
    endpoint: ArcSwapOption<Arc<dyn Endpoint>>,
    /// Whether everything is published that there is.
    is_complete: AtomicBool,
    began: Instant,
}

/// What a reload replaces.
#[derive(Debug)]
struct Current {
    shelf: Arc<Shelf>,
    settings: Server,
    /// The state folder.
    state: PathBuf,
}

/// A server as others see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// How many files it serves.
    pub files: usize,
    /// How many connections are open.
    pub connections: usize,
    /// How many bytes of memory bodies take.
    pub memory: u64,
    /// How many it may take.
    pub memory_limit: u64,
    /// What it has served since the start.
    pub served: Served,
    /// What was served in all, also before.
    pub total: Totals,
    /// Since when that is, in seconds since 1970.
    pub since: i64,
}

impl Delivery {
    /// Serves the published files of a configuration from now on.
    ///
    /// # Errors
    /// When an address cannot be had.
    pub fn open(config: &Config) -> Result<Self, DeliveryError> {
        let audience = Arc::new(Audience::open(&config.state, seconds()));
        let current = Current::of(config, Arc::new(Shelf::open(config, &audience)));
        let shared = Arc::new(Shared {
            current: ArcSwap::from_pointee(current),
            counts: Counts::default(),
            audience,
            gate: Gate::open(),
            workers: Arc::new(Semaphore::new(processor::cores())),
            farewells: Arc::new(Semaphore::new(FAREWELLS)),
            idle: Idle::start().map_err(DeliveryError::Thread)?,
            endpoint: ArcSwapOption::empty(),
            is_complete: AtomicBool::new(false),
            began: Instant::now(),
        });
        let (stop, _) = watch::channel(());
        let (open, closed) = mpsc::channel(1);
        shared.audience.turn(seconds());
        let mut _keeper = JoinSet::new();
        _keeper.spawn(keep(Arc::clone(&shared)));
        let (config_now, doors) = (config.clone(), Doors::default());
        let threads = Arc::new(Threads::start(config.threads).map_err(DeliveryError::Thread)?);
        let mut delivery = Self { shared, config: config_now, threads, doors, _keeper, stop, open, closed };
        let opened = delivery.prepare(config)?;
        delivery.listen(opened);
        Ok(delivery)
    }

    /// Opens the addresses of another configuration that are not open.
    ///
    /// # Errors
    /// When one cannot be had; all is as before.
    pub fn prepare(&self, config: &Config) -> Result<Prepared, DeliveryError> {
        self.doors.prepare(&config.server.listen, config.server.socket_mode)
    }

    /// Takes over a configuration that is prepared. All connections stay, also those to addresses that it does not have.
    pub fn reload(&mut self, config: &Config, opened: Prepared) {
        let current = self.shared.current.load_full();
        let stays = current.shelf.is_for(config, &self.config);
        let shelf = || Arc::new(Shelf::open(config, &self.shared.audience));
        let shelf = if stays { Arc::clone(&current.shelf) } else { shelf() };
        self.shared.current.store(Arc::new(Current::of(config, shelf)));
        self.config = config.clone();
        self.listen(opened);
    }

    /// What tells it of publications.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle(Arc::clone(&self.shared))
    }

    /// Where it listens.
    #[must_use]
    pub fn listening(&self) -> Vec<String> {
        self.doors.shown()
    }

    /// Accepts nothing more, answers what has been asked, for so long as may be, and ends.
    pub async fn close(mut self) {
        self.doors = Doors::default();
        drop((self.stop, self.open));
        let _ = tokio::time::timeout(LAST_RESPONSES, self.closed.recv()).await;
        self.shared.keep();
    }

    fn listen(&mut self, opened: Prepared) {
        let accept = |listener: Listener| {
            let (shared, threads) = (Arc::clone(&self.shared), Arc::clone(&self.threads));
            tokio::spawn(accept(listener, shared, threads, self.stop.subscribe(), self.open.clone()))
        };
        self.doors.change(&self.config.server.listen, opened, "listening", accept);
    }
}

impl Current {
    fn of(config: &Config, shelf: Arc<Shelf>) -> Self {
        Self { shelf, settings: config.server.clone(), state: config.state.clone() }
    }
}

impl Handle {
    /// These files are in place now, or gone where there is no hint. Feeds that come or go do so with [`Self::settled`].
    pub fn published(&self, files: &[(FeedPath, Option<Hint>)]) {
        let current = self.0.current.load_full();
        self.prepare(&current.shelf, current.shelf.publish(files));
    }

    /// A publication is over.
    pub fn settled(&self) {
        self.0.current.load_full().shelf.settle();
    }

    /// Whether all that there is has been published: what is not there then is nowhere.
    pub fn complete(&self, is_it: bool) {
        self.0.is_complete.store(is_it, Ordering::Relaxed);
    }

    /// From now on this is who takes what is posted to its path.
    pub fn posts_to(&self, endpoint: Option<Arc<dyn Endpoint>>) {
        self.0.endpoint.store(endpoint.map(Arc::new));
    }

    /// Looks at all files again.
    pub fn look_again(&self) {
        let current = self.0.current.load_full();
        self.prepare(&current.shelf, current.shelf.look_again());
    }

    /// The server as it is now.
    #[must_use]
    pub fn state(&self) -> State {
        let current = self.0.current.load();
        let served = self.0.counts.now();
        State {
            files: current.shelf.len(),
            connections: self.0.gate.count(),
            memory: current.shelf.budget.held(),
            memory_limit: current.shelf.budget.limit(),
            total: self.0.audience.totals(Totals::of(&served)),
            since: self.0.audience.since(),
            served,
        }
    }

    /// The readers of each feed that anybody has asked for.
    #[must_use]
    pub fn readers(&self) -> Vec<FeedReaders> {
        self.0.audience.feeds_read()
    }

    fn prepare(&self, shelf: &Arc<Shelf>, changed: Vec<Arc<shelf::Entry>>) {
        let now = self.0.now();
        changed.iter().for_each(|entry| self.0.idle.published(shelf, entry, now));
    }
}

impl Shared {
    /// Seconds since it began, from 1 on.
    fn now(&self) -> u32 {
        u32::try_from(self.began.elapsed().as_secs()).unwrap_or(u32::MAX - 1) + 1
    }

    /// Writes down what is known of readers.
    fn keep(&self) {
        self.audience.keep(&self.current.load().state, Totals::of(&self.counts.now()));
    }
}

/// The time, in seconds since 1970.
fn seconds() -> i64 {
    clock::now().div_euclid(1_000_000)
}

/// Keeps what is known of readers for the next start, and begins each new day, until it is aborted.
async fn keep(shared: Arc<Shared>) {
    loop {
        tokio::time::sleep(KEEP).await;
        let shared = Arc::clone(&shared);
        let kept = tokio::task::spawn_blocking(move || {
            shared.audience.turn(seconds());
            shared.keep();
        });
        // What cannot be done is said there.
        let _ = kept.await;
    }
}

/// Accepts connections until it is aborted, and hands them to the threads that serve them.
async fn accept(
    listener: Listener,
    shared: Arc<Shared>,
    threads: Arc<Threads>,
    stop: watch::Receiver<()>,
    open: mpsc::Sender<()>,
) {
    let mut is_said = false;
    loop {
        let (stream, peer) = listener.next(&mut is_said).await;
        let current = shared.current.load();
        let is_trusted = current.settings.trusted_proxies.iter().any(|proxy| proxy.holds(peer));
        let client = Client { peer, is_trusted };
        let pass = shared.gate.enter(peer, is_trusted, &current.settings);
        shared.counts.connected(pass.is_some());
        let Some(pass) = pass else {
            if let Ok(permit) = Arc::clone(&shared.farewells).try_acquire_owned() {
                tokio::spawn(async move {
                    match stream {
                        Stream::Tcp(stream) => connection::refuse(stream).await,
                        Stream::Unix(stream) => connection::refuse(stream).await,
                    }
                    drop(permit);
                });
            }
            continue;
        };
        // A connection that fails on the way is lost by its client alone.
        let Ok(carried) = stream.carry() else { continue };
        let (shared, stop, open) = (Arc::clone(&shared), stop.clone(), open.clone());
        threads.spawn(async move {
            match carried.arrive() {
                Ok(Stream::Tcp(stream)) => connection::serve(stream, shared, client, stop, pass).await,
                Ok(Stream::Unix(stream)) => connection::serve(stream, shared, client, stop, pass).await,
                Err(_) => {}
            }
            drop(open);
        });
    }
}
