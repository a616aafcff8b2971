//! `run`: everything `build` does, then current with every change until it is told to stop.
//!
//! One task waits for the next thing to do and does it; what arrives meanwhile is the next batch. The clock, the
//! configuration's source and the end are handed in.

mod backoff;
mod log;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{debug, error, info, warn};

use crate::config::Config;
use crate::engine::{Engine, EngineError, Report, Silent, Start};
use crate::model::{Diagnostic, Severity, SitePath};
use crate::normalizer::{Normalizer, Role};
use crate::publisher::{Lock, LockError};
use crate::watcher::changes::{Batch, Inbox};
use crate::watcher::notify::{self, Options, WatchError, Watcher};
use crate::watcher::scan;
use backoff::Backoff;
pub use log::start as start_logging;

/// How often everything is looked at although nothing was said: the safety net.
const RECONCILE: Duration = Duration::from_secs(600);
/// The longest wait for an instant of the schedule: a clock that is set meanwhile is noticed after that.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

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
    /// `None` only while a reload swaps it.
    engine: Option<Engine>,
    lock: Lock,
    inbox: Arc<Inbox>,
    watcher: Watcher,
    /// What must be tried again, and when.
    retry: Backoff,
    /// Said once each, until it is over.
    said: std::collections::BTreeSet<String>,
}

/// The signals that a service heeds.
pub struct Signals {
    hangup: Signal,
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen() -> Result<Self, ServiceError> {
        let listen = |kind| signal(kind).map_err(ServiceError::Signals);
        Ok(Self {
            hangup: listen(SignalKind::hangup())?,
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> Next {
        tokio::select! {
            _ = self.interrupt.recv() => Next::End("SIGINT"),
            _ = self.terminate.recv() => Next::End("SIGTERM"),
            _ = self.hangup.recv() => Next::Reload,
        }
    }
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
        let inbox = Arc::new(Inbox::default());
        let watcher = watch(&config, &inbox)?;
        let engine = Engine::open(config, &lock, start)?;
        let mut service = Self {
            lock,
            effects,
            start,
            engine: Some(engine),
            inbox,
            watcher,
            retry: Backoff::default(),
            said: std::collections::BTreeSet::new(),
        };
        let began = Instant::now();
        let report = service.apply_everything()?;
        service.tell(&report, began, "ready");
        Ok(service)
    }

    /// The engine, as after the first publication.
    #[must_use]
    pub fn engine(&self) -> Option<&Engine> {
        self.engine.as_ref()
    }

    /// Keeps the feeds current until a signal ends it; what was noticed by then is published.
    pub async fn run(mut self, mut signals: Signals) {
        let mut reconcile = Instant::now() + RECONCILE;
        loop {
            match self.next(&mut signals, reconcile).await {
                Next::Batch(batch) => self.act(&batch),
                Next::Due => self.act(&Batch::default()),
                Next::Reconcile => {
                    reconcile = Instant::now() + RECONCILE;
                    self.reconcile().await;
                }
                Next::Reload => self.reload("SIGHUP"),
                Next::End(signal) => {
                    while let Some(batch) = self.inbox.take_due() {
                        self.act(&batch);
                    }
                    info!(signal, "stopped");
                    return;
                }
            }
        }
    }

    async fn next(&self, signals: &mut Signals, reconcile: Instant) -> Next {
        let due = self.next_due();
        tokio::select! {
            biased;
            next = signals.next() => next,
            batch = self.inbox.next() => Next::Batch(batch),
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

    fn act(&mut self, batch: &Batch) {
        for problem in &batch.problems {
            self.say_once(problem.to_string());
        }
        if batch.config {
            self.reload("a configuration file changed");
        }
        let began = Instant::now();
        match self.apply(batch) {
            Ok(report) => self.tell(&report, began, "published"),
            Err(failed) => self.failed(&failed),
        }
    }

    fn apply(&mut self, batch: &Batch) -> Result<Report, EngineError> {
        let now = (self.effects.now)();
        let Some(engine) = &mut self.engine else { return Ok(Report::default()) };
        match engine.apply(batch, now, &Silent) {
            Err(error) if engine.can_retry(&error) => engine.apply(batch, now, &Silent),
            other => other,
        }
    }

    fn apply_everything(&mut self) -> Result<Report, EngineError> {
        self.apply(&Batch { everything: true, ..Batch::default() })
    }

    /// Everything is looked at again; that this finds anything means that events were lost, which is said.
    async fn reconcile(&mut self) {
        let missing = self.watcher.check().await;
        let began = Instant::now();
        match self.apply_everything() {
            Ok(report) if report.written + report.removed > 0 && self.inbox.is_quiet() => {
                warn!(
                    files = report.written + report.removed,
                    unwatched = missing.len(),
                    "the regular look at everything found changes that no event had told"
                );
                self.tell(&report, began, "reconciled");
            }
            Ok(report) => self.tell(&report, began, "reconciled"),
            Err(failed) => self.failed(&failed),
        }
    }

    fn tell(&mut self, report: &Report, began: Instant, what: &'static str) {
        for (path, found) in &report.findings {
            say_finding(path, found);
        }
        for problem in &report.problems {
            self.say_once(problem.clone());
        }
        for failure in &report.failures {
            self.say_once(failure.to_string());
        }
        if report.failures.is_empty() {
            if self.retry.is_waiting() {
                info!("everything is published again");
            }
            self.retry.succeeded();
            self.said.clear();
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

    fn failed(&mut self, failed: &EngineError) {
        self.say_once(failed.to_string());
        self.retry.failed();
    }

    fn say_once(&mut self, text: String) {
        if self.said.insert(text.clone()) {
            error!("{text}");
        }
    }

    /// The new configuration is loaded and checked while the old one goes on; only then are they swapped.
    fn reload(&mut self, why: &'static str) {
        let config = match (self.effects.load)() {
            Ok(config) => config,
            Err(refused) => {
                error!("the configuration was not taken over, the old one goes on: {refused}");
                return;
            }
        };
        let Some(old) = self.engine.take() else { return };
        if is_same(&config, old.config()) {
            info!(why, "the configuration is the same as before");
            self.engine = Some(old);
            return;
        }
        let swapped = self.swap(old, config);
        match swapped {
            Ok(()) => info!(why, "the new configuration holds"),
            Err(refused) => error!("the new configuration was not taken over, the old one goes on: {refused}"),
        }
        let began = Instant::now();
        match self.apply_everything() {
            Ok(report) => self.tell(&report, began, "published"),
            Err(failed) => self.failed(&failed),
        }
    }

    /// Opens the engine of a new configuration, or the old one again.
    fn swap(&mut self, old: Engine, config: Config) -> Result<(), ServiceError> {
        let old_config = old.config().clone();
        let same_place = config.output.dir == old_config.output.dir && config.state == old_config.state;
        let inbox = Arc::new(Inbox::default());
        // Another output must be free, and the watches in place, before the old engine is given up.
        let prepared = watch(&config, &inbox).map_err(ServiceError::from).and_then(|watcher| {
            let lock = if same_place { None } else { Some(Lock::acquire(&config.output.dir, &config.state)?) };
            Ok((watcher, lock))
        });
        let (watcher, other_lock) = match prepared {
            Ok(prepared) => prepared,
            Err(refused) => {
                self.engine = Some(old);
                return Err(refused);
            }
        };
        drop(old);
        let start = Start { full: false, ..self.start };
        match Engine::open(config, other_lock.as_ref().unwrap_or(&self.lock), start) {
            Ok(engine) => {
                (self.engine, self.inbox, self.watcher) = (Some(engine), inbox, watcher);
                if let Some(lock) = other_lock {
                    self.lock = lock;
                }
                Ok(())
            }
            Err(refused) => {
                self.engine = Some(Engine::open(old_config, &self.lock, start)?);
                Err(refused.into())
            }
        }
    }
}

/// Whether nothing of a configuration has changed that a running service heeds.
fn is_same(new: &Config, old: &Config) -> bool {
    new.fingerprint == old.fingerprint
        && new.output.dir == old.output.dir
        && new.output.mode == old.output.mode
        && new.state == old.state
        && new.threads == old.threads
        && new.source.root == old.source.root
        && new.source.skip == old.source.skip
        && new.files == old.files
}

fn watch(config: &Config, inbox: &Arc<Inbox>) -> Result<Watcher, WatchError> {
    let normalizer = Normalizer::new(config);
    let root = config.source.root.clone();
    let skip = config.source.skip.clone();
    let watched_root = root.clone();
    let interesting = move |path: &SitePath| {
        normalizer.role(path) != Role::None
            || (normalizer.wants_folder(path) && !scan::is_skipped(&path.under(&watched_root), &skip))
    };
    let options = Options {
        root,
        config_files: config.files.clone(),
        interesting: Arc::new(interesting),
        follow: config.source.follow_symlinks,
        poll: None,
    };
    notify::watch(options, Arc::clone(inbox))
}

fn say_finding(path: &SitePath, found: &Diagnostic) {
    let (line, code) = (found.line.unwrap_or_default(), found.code.as_str());
    let message = format!("{} ({})", found.message, found.code.effect());
    match found.severity() {
        Severity::Error => error!(post = %path, line, code, "{message}"),
        Severity::Warning => warn!(post = %path, line, code, "{message}"),
    }
}
