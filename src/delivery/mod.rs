//! Feeds by HTTP: the published files in memory, each in the forms that its readers take, behind bounds that hold for everybody.
//!
//! `target`, `asked`, `coding`, `condition`, `form`, `freshness` and `kind` are pure; `shelf` knows what is published, `bodies`
//! makes what is sent of it, `answer` says what is sent; `listener`, `gate`, `stream` and `connection` are the network.

mod answer;
pub mod asked;
mod bodies;
mod budget;
pub mod coding;
mod compress;
pub mod condition;
mod connection;
mod counts;
pub mod endpoint;
pub mod form;
mod freshness;
mod gate;
mod idle;
mod kind;
mod listener;
mod page;
mod remembered;
mod shelf;
mod stream;
pub mod target;
#[cfg(test)]
mod tests;
mod version;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use arc_swap::{ArcSwap, ArcSwapOption};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinHandle;
use tracing::{info, warn};

use crate::config::{Address, Config, Server};
use crate::model::{FeedPath, Hint};
use counts::Counts;
pub use counts::Served;
use endpoint::Endpoint;
use gate::Gate;
use idle::Idle;
pub(crate) use kind::Kind;
use listener::{Inherited, Listener, Stream};
use shelf::Shelf;

/// How long the end waits for responses on their way.
const LAST_RESPONSES: Duration = Duration::from_secs(5);

/// How long accepting rests when the system refuses.
const REST: Duration = Duration::from_millis(100);

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
    #[error("cannot start the thread that compresses: {0}")]
    Thread(io::Error),
}

/// A server that runs. [`Delivery::close`] ends it with what it has been asked answered; dropped, it waits for nobody.
#[derive(Debug)]
pub struct Delivery {
    shared: Arc<Shared>,
    config: Config,
    inherited: Inherited,
    listening: BTreeMap<Address, Vec<Listening>>,
    stop: watch::Sender<()>,
    open: mpsc::Sender<()>,
    closed: mpsc::Receiver<()>,
}

/// The addresses of a configuration to come, open.
#[derive(Debug)]
pub struct Prepared(Vec<(Address, Vec<Listener>)>);

/// What tells a running server of publications.
#[derive(Debug, Clone)]
pub struct Handle(Arc<Shared>);

#[derive(Debug)]
struct Listening {
    shown: String,
    task: JoinHandle<()>,
}

/// What connections share.
#[derive(Debug)]
struct Shared {
    current: ArcSwap<Current>,
    counts: Counts,
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
    /// What it has served.
    pub served: Served,
}

impl Delivery {
    /// Serves the published files of a configuration from now on.
    ///
    /// # Errors
    /// When an address cannot be had.
    pub fn open(config: &Config) -> Result<Self, DeliveryError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let shared = Arc::new(Shared {
            current: ArcSwap::from_pointee(Current {
                shelf: Arc::new(Shelf::open(config)),
                settings: config.server.clone(),
            }),
            counts: Counts::default(),
            gate: Gate::open(),
            workers: Arc::new(Semaphore::new(cores)),
            farewells: Arc::new(Semaphore::new(FAREWELLS)),
            idle: Idle::start().map_err(DeliveryError::Thread)?,
            endpoint: ArcSwapOption::empty(),
            is_complete: AtomicBool::new(false),
            began: Instant::now(),
        });
        let (stop, _) = watch::channel(());
        let (open, closed) = mpsc::channel(1);
        let (inherited, listening) = (Inherited::take(), BTreeMap::new());
        let mut delivery = Self { shared, config: config.clone(), inherited, listening, stop, open, closed };
        let opened = delivery.prepare(config)?;
        delivery.listen(opened);
        Ok(delivery)
    }

    /// Opens the addresses of another configuration that are not open.
    ///
    /// # Errors
    /// When one cannot be had; all is as before.
    pub fn prepare(&self, config: &Config) -> Result<Prepared, DeliveryError> {
        let new = config.server.listen.iter().filter(|address| !self.listening.contains_key(*address));
        let open = |address: &Address| match listener::open(address, config.server.socket_mode, &self.inherited) {
            Ok(listeners) => Ok((address.clone(), listeners)),
            Err(error) => Err(DeliveryError::Listen { address: address.clone(), error }),
        };
        new.map(open).collect::<Result<_, _>>().map(Prepared)
    }

    /// Takes over a configuration that is prepared. All connections stay, also those to addresses that it does not have.
    pub fn reload(&mut self, config: &Config, opened: Prepared) {
        let current = self.shared.current.load_full();
        let stays = current.shelf.is_for(config, &self.config);
        let shelf = if stays { Arc::clone(&current.shelf) } else { Arc::new(Shelf::open(config)) };
        self.shared.current.store(Arc::new(Current { shelf, settings: config.server.clone() }));
        self.listening.retain(|address, _| config.server.listen.contains(address));
        self.listen(opened);
        self.config = config.clone();
    }

    /// What tells it of publications.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle(Arc::clone(&self.shared))
    }

    /// Where it listens.
    #[must_use]
    pub fn listening(&self) -> Vec<String> {
        self.listening.values().flatten().map(|listening| listening.shown.clone()).collect()
    }

    /// Accepts nothing more, answers what has been asked, for so long as may be, and ends.
    pub async fn close(mut self) {
        self.listening.clear();
        drop((self.stop, self.open));
        let _ = tokio::time::timeout(LAST_RESPONSES, self.closed.recv()).await;
    }

    fn listen(&mut self, Prepared(opened): Prepared) {
        for (address, listeners) in opened {
            let listen = |listener: Listener| {
                let shown = listener.shown();
                info!(address = shown, "listening");
                let (shared, stop, open) = (Arc::clone(&self.shared), self.stop.subscribe(), self.open.clone());
                Listening { shown, task: tokio::spawn(accept(listener, shared, stop, open)) }
            };
            let listening = listeners.into_iter().map(listen).collect();
            self.listening.insert(address, listening);
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Handle {
    /// These files are in place now, or gone where there is no hint.
    pub fn published(&self, files: &[(FeedPath, Option<Hint>)]) {
        let current = self.0.current.load_full();
        self.prepare(&current.shelf, current.shelf.publish(files));
    }

    /// All that there is has been published: what is not there now is nowhere.
    pub fn complete(&self) {
        self.0.is_complete.store(true, Ordering::Relaxed);
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
        State {
            files: current.shelf.len(),
            connections: self.0.gate.count(),
            memory: current.shelf.budget.held(),
            served: self.0.counts.now(),
        }
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
}

/// Accepts connections until it is aborted.
async fn accept(listener: Listener, shared: Arc<Shared>, stop: watch::Receiver<()>, open: mpsc::Sender<()>) {
    let mut is_said = false;
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) if is_client_s(&error) => continue,
            Err(error) => {
                if !std::mem::replace(&mut is_said, true) {
                    warn!("connections to {} have to wait: {error}", listener.shown());
                }
                tokio::time::sleep(REST).await;
                continue;
            }
        };
        let current = shared.current.load();
        let is_trusted = current.settings.trusted_proxies.iter().any(|proxy| proxy.holds(peer));
        let Some(pass) = shared.gate.enter(peer, is_trusted, &current.settings) else {
            shared.counts.refused();
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
        let (shared, stop, open) = (Arc::clone(&shared), stop.clone(), open.clone());
        // Each kind of stream has a task of its own size: ten thousand idle ones are little memory.
        match stream {
            Stream::Tcp(stream) => tokio::spawn(async move {
                connection::serve(stream, shared, is_trusted, stop, pass).await;
                drop(open);
            }),
            Stream::Unix(stream) => tokio::spawn(async move {
                connection::serve(stream, shared, is_trusted, stop, pass).await;
                drop(open);
            }),
        };
    }
}

/// Whether it is the loss of a client that went away before it was accepted.
fn is_client_s(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
