//! `run`: everything `build` does, then current with every change until it is told to stop.
//!
//! One task waits for the next thing to do and does it; what arrives meanwhile is the next batch. The clock, the
//! configuration's source and the end are handed in.

mod backoff;
mod log;
mod reload;
mod signals;
mod watched;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use tracing::{debug, error, info, warn};

use crate::config::Config;
use crate::engine::{Engine, EngineError, Report, Silent, Start};
use crate::model::{Diagnostic, Severity, SitePath};
use crate::publisher::{Lock, LockError};
use crate::watcher::changes::Batch;
use crate::watcher::notify::WatchError;
use backoff::Backoff;
pub use log::start as start_logging;
use reload::Pending;
pub use signals::Signals;
use watched::Watched;

/// How often everything is looked at although nothing was said: the safety net.
const RECONCILE: Duration = Duration::from_secs(600);
/// The longest wait for an instant of the schedule: a clock that is set meanwhile is noticed after that.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How long the end waits for posts that are being written.
const LAST_WAIT: Duration = Duration::from_secs(2);

/// How often the folders of pictures and sound are asked for after one batch, while posts change all the time.
const MOST_ROUNDS: usize = 4;

/// How many sentences are remembered as said: more than a site gives reason for.
const MOST_SAID: usize = 10_000;

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
    reload: Option<Pending>,
    /// What holds for long is said once.
    said: BTreeSet<String>,
    /// What fails is said once, until it is over.
    failing: BTreeSet<String>,
}

/// What there is to do next.
enum Next {
    Batch(Batch),
    Due,
    Reconcile,
    Reload,
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
        // Watch first, then scan, so that nothing falls between.
        let watched = Watched::begin(&config)?;
        let engine = Engine::open(config.clone(), &lock, start)?;
        let mut service = Self {
            config,
            lock,
            effects,
            start,
            engine: Some(engine),
            watched,
            retry: Backoff::default(),
            reload: None,
            said: BTreeSet::new(),
            failing: BTreeSet::new(),
        };
        let began = Instant::now();
        let report = service.apply(&Batch { everything: true, ..Batch::default() })?;
        service.tell(&report, began, "ready");
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
            match self.next(&mut signals, reconcile).await {
                Next::Batch(batch) => _ = self.act(&batch, "published"),
                Next::Due => _ = self.act(&self.watched.take(), "published"),
                Next::Reconcile => {
                    reconcile = Instant::now() + RECONCILE;
                    self.reconcile().await;
                }
                Next::Reload => {
                    self.reload = Some(Pending::new("SIGHUP"));
                    self.act(&self.watched.take(), "published");
                }
                Next::End(signal) => {
                    self.publish_last(&mut signals).await;
                    info!(signal, "stopped");
                    return;
                }
            }
        }
    }

    /// Publishes what was saved by now: waits a little for posts that are being written, unless told again to end, then
    /// looks at everything, because what was saved a moment ago may not have been told yet.
    async fn publish_last(&mut self, signals: &mut Signals) {
        let settled = async {
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

    async fn next(&self, signals: &mut Signals, reconcile: Instant) -> Next {
        let due = self.next_due();
        tokio::select! {
            biased;
            next = signals.next() => next,
            batch = self.watched.next() => Next::Batch(batch),
            () = tokio::time::sleep(due.unwrap_or(RECONCILE)), if due.is_some() => Next::Due,
            () = tokio::time::sleep_until(reconcile.into()) => Next::Reconcile,
        }
    }

    /// How long until a post appears or expires, or something has to be tried again.
    fn next_due(&self) -> Option<Duration> {
        let now = (self.effects.now)();
        let instant = self.engine.as_ref().and_then(|engine| engine.next_instant(now).ok().flatten());
        let schedule = instant.map(|at| {
            let wait = Duration::from_micros(u64::try_from(at.saturating_sub(now)).unwrap_or_default());
            wait.min(LONGEST_WAIT)
        });
        [schedule, self.retry.wait()].into_iter().flatten().min()
    }

    /// Does what a batch asks for; how many files changed.
    fn act(&mut self, batch: &Batch, what: &'static str) -> u64 {
        for problem in &batch.problems {
            warn!("{problem}");
        }
        if batch.config {
            self.reload = Some(Pending::new("a configuration file changed"));
        } else if self.reload.is_none() {
            self.reload = reload::wanted(batch, &self.config);
        }
        self.reload_when_settled(batch);
        let began = Instant::now();
        match self.apply(batch) {
            Ok(report) => {
                self.tell(&report, began, what);
                report.written + report.removed
            }
            Err(failed) => {
                self.fails(failed.to_string());
                self.retry.failed();
                0
            }
        }
    }

    fn apply(&mut self, batch: &Batch) -> Result<Report, EngineError> {
        let now = (self.effects.now)();
        let engine = match &mut self.engine {
            Some(engine) => engine,
            None => {
                let start = Start { full: false, ..self.start };
                self.engine.insert(Engine::open(self.config.clone(), &self.lock, start)?)
            }
        };
        let mut report = match engine.apply(batch, now, &Silent) {
            Err(error) if engine.can_retry(&error) => engine.apply(batch, now, &Silent),
            other => other,
        }?;
        let mut rounds = 0;
        while self.watched.wants_media(&report) && rounds < MOST_ROUNDS {
            match self.watched.watch_media(&self.config, engine.media_folders()?) {
                Ok(false) => break,
                // What changed before they were watched is told to nobody.
                Ok(true) => report.add(engine.apply(&Batch { media: true, ..Batch::default() }, now, &Silent)?),
                Err(error) => {
                    report.problems.push(format!("the folders of pictures and sound are not watched: {error}"));
                    break;
                }
            }
            rounds += 1;
        }
        Ok(report)
    }

    /// Everything is looked at again; that this finds anything means that events were lost, which is said.
    async fn reconcile(&mut self) {
        let unwatched = self.watched.check().await;
        let batch = Batch { everything: true, ..self.watched.take() };
        let tells = |batch: &Batch| !batch.paths.is_empty() || !batch.folders.is_empty();
        let was_told = tells(&batch) || batch.pages.as_deref().is_some_and(tells);
        let files = self.act(&batch, "reconciled");
        if files > 0 && !was_told && self.watched.is_quiet() {
            warn!(files, unwatched, "the regular look at everything found changes that no event had told");
        }
    }

    fn tell(&mut self, report: &Report, began: Instant, what: &'static str) {
        for (path, found) in &report.findings {
            say_finding(path, found);
        }
        for problem in &report.problems {
            if self.said.len() < MOST_SAID && self.said.insert(problem.clone()) {
                warn!("{problem}");
            }
        }
        for failure in &report.failures {
            self.fails(failure.to_string());
        }
        if report.failures.is_empty() {
            if self.retry.is_waiting() {
                info!("everything is published again");
            }
            self.retry.succeeded();
            self.failing.clear();
        } else {
            self.retry.failed();
        }
        let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let feeds = log::some(&report.changed_feeds);
        if report.written + report.removed > 0 || what == "ready" {
            info!(written = report.written, removed = report.removed, ms, feeds, "{what}");
        } else {
            debug!(looked_at = report.looked_at, opened = report.opened, ms, "{what}: nothing to write");
        }
    }

    fn fails(&mut self, text: String) {
        if !self.failing.contains(&text) {
            error!("{text}");
            self.failing.insert(text);
        }
    }
}

fn say_finding(path: &SitePath, found: &Diagnostic) {
    let (line, code) = (found.line.unwrap_or_default(), found.code.as_str());
    let message = format!("{} ({})", found.message, found.code.effect());
    match found.severity() {
        Severity::Error => error!(post = %path, line, code, "{message}"),
        Severity::Warning => warn!(post = %path, line, code, "{message}"),
    }
}
