//! `run`: everything `build` does, then current with every change until it is told to stop.
//!
//! One task waits for the next thing to do and does it; what arrives meanwhile is the next batch. The clock, the
//! configuration's source and the end are handed in.

pub mod admin;
mod alarm;
mod backoff;
mod change;
mod front;
mod journal;
mod live;
mod log;
mod push;
mod reload;
pub mod serve;
mod signals;
mod state;
pub mod status;
mod systemd;
mod tally;
mod watched;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};
use tracing::{info, warn};

use crate::config::Config;
use crate::delivery::{Delivery, DeliveryError};
use crate::engine::{Engine, EngineError, Meanwhile, Report, Start};
use crate::publisher::{Lock, LockError};
use crate::watcher::changes::Batch;
use crate::watcher::notify::WatchError;
use admin::Admin;
use alarm::Alarm;
use backoff::Backoff;
pub use change::{Change, Changed, change};
use front::{Ask, Front};
pub use front::{AskError, SOCKET, ask};
use journal::Journal;
use live::Live;
pub use log::start as start_logging;
use push::Push;
use reload::Pending;
pub use signals::Signals;
use watched::Watched;

/// How often everything is looked at although nothing was said: the safety net.
const RECONCILE: Duration = Duration::from_secs(600);
/// How long the end waits for posts that are being written.
const LAST_WAIT: Duration = Duration::from_secs(2);

/// How often the folders of pictures and sound are asked for after one batch, while posts change all the time.
const MOST_ROUNDS: usize = 4;

/// What the service is given.
pub struct Effects<'a> {
    /// Reads the configuration again.
    pub load: &'a dyn Fn() -> Result<Config, String>,
    /// Microseconds since 1970.
    pub now: &'a dyn Fn() -> i64,
}

/// Why the service could not begin.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Another instance, or an output that cannot be locked.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// Posts, catalog or output.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The watcher.
    #[error(transparent)]
    Watch(#[from] WatchError),
    /// The server.
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    /// The signal handlers.
    #[error("cannot listen for signals: {0}")]
    Signals(std::io::Error),
}

/// A service that has published everything once.
pub struct Service<'a> {
    effects: Effects<'a>,
    start: Start,
    config: Config,
    /// `None` when it could not be opened again after a reload that failed: that is tried with each batch.
    engine: Option<Engine>,
    lock: Lock,
    watched: Watched,
    /// What must be tried again, and when.
    retry: Backoff,
    alarm: Alarm,
    /// The clock of the last batch, in microseconds since 1970. What is scheduled after it has not been seen to.
    as_of: i64,
    reload: Option<Pending>,
    journal: Journal,
    live: Arc<Live>,
    asks: mpsc::Receiver<Ask>,
    asker: mpsc::Sender<Ask>,
    /// Who waits until all is published.
    waiting: Vec<oneshot::Sender<()>>,
    /// `None` where nobody can ask.
    front: Option<Front>,
    /// `None` where there was never anything to listen on.
    delivery: Option<Delivery>,
    admin: Admin,
    /// Something has been done since the whole site was last summed up.
    is_summary_old: bool,
}

/// What there is to do next.
enum Next {
    Batch(Batch),
    Due,
    Reconcile,
    Reload,
    Ask(Ask),
    Beat,
    End(&'static str),
}

impl<'a> Service<'a> {
    /// Takes the output, watches, and publishes everything.
    ///
    /// # Errors
    /// When nothing can be published: another instance, an unreadable posts folder, an output that cannot be opened.
    pub fn begin(config: Config, start: Start, effects: Effects<'a>) -> Result<Self, ServiceError> {
        let lock = Lock::acquire(&config.output.dir, &config.state)?;
        for note in &config.notes {
            info!("{note}");
        }
        let live = Arc::new(Live::new());
        let (asker, asks) = mpsc::channel(front::QUEUE);
        let front = state::open_front(&config, &live, &asker);
        let admin = Admin::open(&config, &live, &asker, true)?;
        // Before the clock is looked at for the first time.
        let alarm = Alarm::new();
        // Watch first, then scan, so that nothing falls between.
        let watched = Watched::begin(&config)?;
        live.watches(watched.inboxes());
        let engine = Engine::open(config.clone(), &lock, start)?;
        // What was published before is there while everything is looked at.
        let delivery = state::open_delivery(&config)?;
        delivery.iter().for_each(|delivery| live.serves(delivery));
        live.pushes(Push::open(&config));
        let mut service = Self {
            config,
            lock,
            effects,
            start,
            engine: Some(engine),
            watched,
            retry: Backoff::default(),
            alarm,
            as_of: i64::MIN,
            reload: None,
            journal: Journal::default(),
            live,
            asks,
            asker,
            waiting: Vec::new(),
            front,
            delivery,
            admin,
            is_summary_old: true,
        };
        let began = Instant::now();
        let report = service.apply(&Batch { everything: true, ..Batch::default() })?;
        if let (Some(engine), Some(_)) = (&service.engine, &service.delivery) {
            // From now on there are readers, whose threads have begun.
            engine.give_way();
        }
        service.tell(&report, began, "ready");
        service.live.systemd.ready();
        Ok(service)
    }

    /// The engine, as after the first publication.
    #[must_use]
    pub fn engine(&self) -> Option<&Engine> {
        self.engine.as_ref()
    }

    /// Keeps the feeds current until a signal ends it; what was saved by then is published.
    pub async fn run(mut self, mut signals: Signals) {
        let mut reconcile = Instant::now() + RECONCILE;
        loop {
            self.release_the_waiting();
            match self.next(&mut signals, reconcile).await {
                Next::Batch(batch) => _ = self.act(&batch, "published"),
                Next::Due => _ = self.act(&self.watched.take(), "published"),
                Next::Reconcile => {
                    reconcile = Instant::now() + RECONCILE;
                    self.reconcile().await;
                }
                Next::Reload => {
                    self.live.systemd.reloading();
                    self.reload = Some(Pending::new("SIGHUP"));
                    // Whoever asks for that may have been in the output, too, of which nobody tells.
                    let batch = Batch { everything: true, ..self.watched.take() };
                    self.act(&batch, "published");
                }
                Next::Ask(ask) => self.answer(ask),
                Next::Beat => self.live.systemd.beat(),
                Next::End(signal) => {
                    self.live.ends();
                    self.publish_last(&mut signals).await;
                    if let Some(delivery) = self.delivery.take() {
                        delivery.close().await;
                    }
                    self.live.pushes_no_more().await;
                    info!(signal, "stopped");
                    return;
                }
            }
        }
    }

    /// Publishes what was saved by now: waits a little until that is told, and for posts that are being written, unless told
    /// again to end, then looks at everything.
    async fn publish_last(&mut self, signals: &mut Signals) {
        let settled = async {
            self.watched.sync().await;
            while !self.watched.is_quiet() {
                let batch = self.watched.next().await;
                self.act(&batch, "published");
            }
        };
        tokio::select! {
            () = settled => {}
            _ = signals.next() => {}
            () = tokio::time::sleep(LAST_WAIT) => {}
        }
        let batch = Batch { everything: true, ..self.watched.take() };
        self.act(&batch, "published");
    }

    async fn next(&mut self, signals: &mut Signals, reconcile: Instant) -> Next {
        let (instant, now) = (self.next_instant(), (self.effects.now)());
        let (retry, beat) = (self.retry.wait(), self.live.systemd.beat_every());
        tokio::select! {
            biased;
            next = signals.next() => next,
            batch = self.watched.next() => Next::Batch(batch),
            Some(ask) = self.asks.recv() => Next::Ask(ask),
            () = tokio::time::sleep(beat.unwrap_or(RECONCILE)), if beat.is_some() => Next::Beat,
            () = self.alarm.rings(instant, now) => Next::Due,
            () = tokio::time::sleep(retry.unwrap_or(RECONCILE)), if retry.is_some() => Next::Due,
            () = tokio::time::sleep_until(reconcile.into()) => Next::Reconcile,
        }
    }

    /// When a post appears or expires next, in microseconds since 1970; also one that did while the last batch was worked on.
    fn next_instant(&self) -> Option<i64> {
        // What keeps the catalog from being read fails the next batch, which says so.
        self.engine.as_ref().and_then(|engine| engine.next_instant(self.as_of).ok().flatten())
    }

    /// Does what a batch asks for; how many files changed.
    fn act(&mut self, batch: &Batch, what: &'static str) -> u64 {
        batch.problems.iter().for_each(|problem| self.journal.watcher(problem));
        if batch.config {
            self.reload = Some(Pending::new("a configuration file changed"));
        } else if self.reload.is_none() {
            self.reload = reload::wanted(batch, &self.config);
        }
        let is_reloaded = self.reload_when_settled(batch);
        self.keep_front();
        let began = Instant::now();
        let files = match self.apply(batch) {
            Ok(report) => {
                self.tell(&report, began, what);
                report.written + report.removed
            }
            Err(failed) => {
                self.journal.fails(failed.to_string());
                self.retry.failed();
                self.note_state();
                0
            }
        };
        if is_reloaded {
            self.live.systemd.ready();
        }
        files
    }

    fn apply(&mut self, batch: &Batch) -> Result<Report, EngineError> {
        self.is_summary_old = true;
        let applied = self.publish(batch);
        self.live.tally.batch(batch, applied.as_ref().ok());
        applied
    }

    fn publish(&mut self, batch: &Batch) -> Result<Report, EngineError> {
        let now = (self.effects.now)();
        self.as_of = now;
        let engine = match &mut self.engine {
            Some(engine) => engine,
            None => {
                let start = Start { full: false, ..self.start };
                self.engine.insert(Engine::open(self.config.clone(), &self.lock, start)?)
            }
        };
        let live = &self.live;
        let mut report = live.working(|| {
            let watched = Some(&self.watched as &dyn Meanwhile);
            match engine.apply_amid(batch, now, &**live, watched) {
                Err(error) if engine.can_retry(&error) => engine.apply_amid(batch, now, &**live, watched),
                other => other,
            }
        })?;
        let mut rounds = 0;
        while self.watched.wants_media(&report) && rounds < MOST_ROUNDS {
            match self.watched.watch_media(&self.config, engine.media_folders()?) {
                Ok(false) => break,
                // What changed before they were watched is told to nobody.
                Ok(true) => {
                    live.watches(self.watched.inboxes());
                    let batch = Batch { media: true, ..Batch::default() };
                    report.add(live.working(|| engine.apply(&batch, now, &**live))?);
                }
                Err(error) => {
                    report.problems.push(format!("the folders of pictures and sound are not watched: {error}"));
                    break;
                }
            }
            rounds += 1;
        }
        self.live.all_is_published(true);
        Ok(report)
    }

    /// Everything is looked at again; that this finds anything means that events were lost, which is said.
    async fn reconcile(&mut self) {
        let unwatched = self.watched.check().await;
        let batch = Batch { everything: true, ..self.watched.take() };
        let tells = |batch: &Batch| !batch.paths.is_empty() || !batch.folders.is_empty();
        let was_told = tells(&batch) || batch.pages.as_deref().is_some_and(tells);
        let files = self.act(&batch, "reconciled");
        let has_found = files > 0 && !was_told && self.watched.is_quiet();
        self.live.tally.reconciled(has_found);
        if has_found {
            warn!(files, unwatched, "the regular look at everything found changes that no event had told");
        }
    }

    fn tell(&mut self, report: &Report, began: Instant, what: &'static str) {
        self.journal.tell(report);
        if report.failures.is_empty() {
            self.retry.succeeded();
        } else {
            self.retry.failed();
        }
        let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        if report.written + report.removed > 0 || what == "ready" {
            let now = (self.effects.now)();
            if what != "ready" {
                self.note_latency(report, now);
            }
            if report.written + report.removed > 0 {
                self.live.tally.published(now);
            }
            let did = journal::publication(report, self.shown(now), ms);
            journal::say_publication(&did, what);
            self.note_publication(did);
        } else {
            journal::say_nothing_changed(report, ms, what);
        }
        self.note_state();
    }
}
