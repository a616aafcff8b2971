//! What the service lets others know of it, and what they ask for.

use std::os::unix::fs::MetadataExt as _;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tracing::{info, warn};

use super::front::{Ask, Front};
use super::live::Live;
use super::status::{Posts, Publication, State};
use super::{Service, log};
use crate::config::Config;
use crate::delivery::{Delivery, DeliveryError};
use crate::engine::{self, Report, Summary};
use crate::model::{Severity, Timestamp};

/// How many findings are told to those who ask.
const MOST_FINDINGS: usize = 100;

/// How many publications are told of.
const MOST_RECENT: usize = 20;

impl Service<'_> {
    /// Does what was asked for.
    pub(super) fn answer(&mut self, ask: Ask) {
        match ask {
            Ask::Refresh(done) => {
                self.note_summary();
                // Whoever asked may have gone.
                let _ = done.send(());
            }
            Ask::Alive(done) => _ = done.send(()),
            Ask::Idle(done) => {
                let (synced, asker) = (self.watched.sync(), self.asker.clone());
                tokio::spawn(async move {
                    synced.await;
                    // When the service has ended meanwhile, so has the wait.
                    let _ = asker.send(Ask::IdleNow(done)).await;
                });
            }
            Ask::IdleNow(done) => self.waiting.push(done),
        }
    }

    /// Tells those who wait when all is published that was noticed.
    pub(super) fn release_the_waiting(&mut self) {
        if self.waiting.is_empty() || self.reload.is_some() || self.retry.is_waiting() || !self.watched.is_quiet() {
            return;
        }
        for done in self.waiting.drain(..) {
            let _ = done.send(());
        }
    }

    /// Listens again where the socket has gone with its folder, or could not be made before.
    pub(super) fn keep_front(&mut self) {
        match &self.front {
            Some(front) if !front.is_gone() => {}
            Some(_) => {
                warn!("the state folder {} was removed, and is made anew", self.config.state.display());
                // The old one would take the new socket with it.
                self.front = None;
                self.front = open_front(&self.config, &self.live, &self.asker);
            }
            None => {
                // Why it cannot be made was said when it first could not.
                let again = Front::open(&self.config.state, Arc::clone(&self.live), self.asker.clone());
                self.front = again.ok().inspect(|_| info!("`syndicated status` can ask this service again"));
            }
        }
    }

    /// Takes note of a publication for those who ask.
    pub(super) fn note_publication(&self, did: Publication) {
        let live = &self.live;
        live.systemd.status(&sentence(&did));
        live.note(|status| {
            status.publications += u64::from(did.written + did.removed > 0);
            status.recent.insert(0, did.clone());
            status.recent.truncate(MOST_RECENT);
            status.last = Some(did);
        });
    }

    /// Takes note of how long after its save each of the first few posts is in the feeds, at `now` (microseconds since 1970).
    pub(super) fn note_latency(&self, report: &Report, now: i64) {
        for path in &report.changed {
            // Its own time may be that of another machine; the kernel's is that of the save or the renaming.
            let Ok(found) = path.under(&self.config.source.root).symlink_metadata() else { continue };
            let saved = found.ctime().saturating_mul(1_000_000).saturating_add(found.ctime_nsec() / 1000);
            // One that was saved again since is in the next publication.
            if let Ok(micros) = u64::try_from(now - saved) {
                self.live.tally.changed_after(Duration::from_micros(micros));
            }
        }
    }

    /// Takes note of whether something waits or fails.
    pub(super) fn note_state(&self) {
        let failing = self.journal.failing();
        if let Some(first) = failing.first() {
            self.live.systemd.status(&format!("tries again: {first}"));
        }
        let retry = self.retry.wait().map(|wait| wait.as_secs());
        let (waits, problems) = (self.reload.is_some(), self.journal.hindrances());
        self.live.note(|status| {
            status.state = if waits { State::Waiting } else { State::Idle };
            (status.failing, status.retry, status.problems) = (failing, retry, problems);
        });
    }

    /// Brings up to date what has to be looked up.
    fn note_summary(&mut self) {
        if !std::mem::take(&mut self.is_summary_old) {
            return;
        }
        let Some(engine) = &self.engine else { return };
        // What keeps the catalog from being read fails the next batch, which says so.
        let Ok(summary) = engine.summary() else { return };
        let next = self.next_instant().map(|at| self.shown(at));
        let findings = first_findings(&summary);
        self.live.note(|status| {
            let Summary { counts, feeds, .. } = &summary;
            let reasons = summary.reasons().into_iter().collect();
            status.posts = Some(Posts { kept: counts.live, left_out: counts.read() - counts.live, reasons });
            (status.feeds, status.next, status.findings) = (*feeds, next, findings);
            status.errors = summary.count(Severity::Error) as u64;
            status.warnings = summary.count(Severity::Warning) as u64;
        });
        self.note_state();
    }

    /// An instant (microseconds since 1970) as a clock of the site shows it (RFC 3339).
    pub(super) fn shown(&self, micros: i64) -> String {
        Timestamp::from_micros(micros, 0)
            .and_then(|at| Timestamp::new(self.config.site.zone.show(at.date_time())))
            .map_or_else(String::new, Timestamp::rfc3339)
    }
}

/// Serves what is published, where there is anything to listen on.
pub(super) fn open_delivery(config: &Config) -> Result<Option<Delivery>, DeliveryError> {
    if config.server.listen.is_empty() { Ok(None) } else { Delivery::open(config).map(Some) }
}

/// Listens for those who ask; without that, the service goes on all the same.
pub(super) fn open_front(config: &Config, live: &Arc<Live>, asker: &mpsc::Sender<Ask>) -> Option<Front> {
    live.note(|status| {
        status.site = config.source.root.display().to_string();
        status.output = config.output.dir.display().to_string();
    });
    match Front::open(&config.state, Arc::clone(live), asker.clone()) {
        Ok(front) => Some(front),
        Err(error) => {
            warn!("`syndicated status` cannot ask this service: no socket in {}: {error}", config.state.display());
            None
        }
    }
}

fn first_findings(summary: &Summary) -> Vec<serde_json::Value> {
    let of = |severity| summary.diagnostics.iter().filter(move |(_, found)| found.severity() == severity);
    let all = of(Severity::Error).chain(of(Severity::Warning));
    all.take(MOST_FINDINGS).map(|(path, found)| engine::diagnostic(&path.text(), found)).collect()
}

/// A publication in a sentence.
fn sentence(did: &Publication) -> String {
    let files = log::count(did.written + did.removed, "file");
    let feeds = if did.feeds.is_empty() { String::new() } else { format!(" of {}", did.feeds) };
    format!("last change {}: {files}{feeds} in {} ms", did.at, did.milliseconds)
}
