//! The operators' view: metrics, health and a status page, on listeners of their own.
//!
//! `table` is every metric, `metrics` their text, `page` the page, `shown` the numbers in it; `answer` says what a request gets.

mod answer;
mod metrics;
mod page;
mod push;
mod shown;
pub mod table;

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::sync::{Semaphore, mpsc};

use super::front::Ask;
use super::live::Live;
use crate::config::Config;
use crate::delivery::{DeliveryError, Doors, Limits, Listener, Payload, Phase, Prepared, Socket, Stream, Timed};
use crate::websub::TopicNumbers;

/// Most connections at once; others wait.
const MOST: usize = 64;
/// Most bytes of the head of a request.
const MOST_HEAD: usize = 16 << 10;
/// Unix sockets are for their owner and its group.
const SOCKET_MODE: u32 = 0o660;

/// The open listeners; they are closed when this is dropped.
#[derive(Debug)]
pub(super) struct Admin {
    view: Arc<View>,
    doors: Doors,
}

/// What there is to see.
#[derive(Debug)]
struct View {
    live: Arc<Live>,
    asks: mpsc::Sender<Ask>,
    settings: ArcSwap<Settings>,
}

/// What a reload replaces.
#[derive(Debug)]
struct Settings {
    limits: Limits,
    /// How many feeds have metrics of their own.
    feeds: usize,
    /// The catalog, of a service that has one.
    catalog: Option<PathBuf>,
}

impl Admin {
    /// Listens where the configuration says so, and shows what is known of a service whose loop takes these questions.
    /// `publishes` says whether it does more than serve.
    ///
    /// # Errors
    /// When an address cannot be had.
    pub(super) fn open(
        config: &Config,
        live: &Arc<Live>,
        asks: &mpsc::Sender<Ask>,
        publishes: bool,
    ) -> Result<Self, DeliveryError> {
        let settings = ArcSwap::from_pointee(Settings::of(config, publishes));
        let view = Arc::new(View { live: Arc::clone(live), asks: asks.clone(), settings });
        let mut admin = Self { view, doors: Doors::default() };
        let opened = admin.prepare(config)?;
        admin.reload(config, opened);
        Ok(admin)
    }

    /// Opens the addresses of another configuration that are not open.
    ///
    /// # Errors
    /// When one cannot be had; all is as before.
    pub(super) fn prepare(&self, config: &Config) -> Result<Prepared, DeliveryError> {
        self.doors.prepare(&config.server.admin, SOCKET_MODE)
    }

    /// Takes over a configuration that is prepared.
    pub(super) fn reload(&mut self, config: &Config, opened: Prepared) {
        let publishes = self.view.settings.load().catalog.is_some();
        self.view.settings.store(Arc::new(Settings::of(config, publishes)));
        let accept = |listener| tokio::spawn(accept(listener, Arc::clone(&self.view)));
        self.doors.change(&config.server.admin, opened, "open for operators", accept);
    }
}

impl Settings {
    fn of(config: &Config, publishes: bool) -> Self {
        let catalog = publishes.then(|| config.catalog_path());
        Self { limits: Limits::of(&config.server), feeds: config.server.metrics_per_feed, catalog }
    }
}

/// Accepts connections until it is aborted.
async fn accept(listener: Listener, view: Arc<View>) {
    let places = Arc::new(Semaphore::new(MOST));
    let mut is_said = false;
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        let (stream, _) = listener.next(&mut is_said).await;
        let view = Arc::clone(&view);
        tokio::spawn(async move {
            match stream {
                Stream::Tcp(stream) => serve(stream, &view).await,
                Stream::Unix(stream) => serve(stream, &view).await,
            }
            drop(place);
        });
    }
}

/// Serves a connection until it ends.
async fn serve(stream: impl Socket, view: &Arc<View>) {
    let phase = Phase::default();
    let timed = Timed::new(stream, view.settings.load().limits, phase.clone());
    let service = service_fn(|request: Request<Incoming>| {
        phase.is_asked();
        async move { Ok::<Response<Payload>, Infallible>(answer::answer(view, &request).await) }
    });
    let mut protocol = http1::Builder::new();
    // Times are kept by the stream; what goes wrong with it is the client's own loss.
    let _ =
        protocol.header_read_timeout(None).max_buf_size(MOST_HEAD).serve_connection(TokioIo::new(timed), service).await;
}

/// The feeds with most subscribers first.
fn most_subscribed(topics: &[TopicNumbers]) -> Vec<&TopicNumbers> {
    let mut topics: Vec<_> = topics.iter().collect();
    topics.sort_by(|one, other| other.subscribers.cmp(&one.subscribers).then_with(|| one.path.cmp(&other.path)));
    topics
}
