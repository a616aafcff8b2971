//! `build`: all feeds once.

use std::io::{self, IsTerminal as _};
use std::time::Instant;

use super::args::{Build, Publication};
use super::progress::Bar;
use super::{CommandError, Exit, current_dir, ids, load, lock, ping, show};
use crate::clock;
use crate::config::Config;
use crate::engine::{Engine, EngineError, Progress, Report, Silent, to_json};
use crate::model::Severity;
use crate::watcher::changes::Batch;
use crate::websub::ping::{Ledger, Round};

pub(super) fn build(args: &Build) -> Result<Exit, CommandError> {
    let started = Instant::now();
    let Publication { site, strict, volume, .. } = &args.publication;
    let config = load(site)?;
    let lock = lock(&config)?;
    let mut pings = Pings::open(&config);
    let mut engine = Engine::open(config, &lock, args.publication.start())?;
    let bar = (!volume.quiet && io::stderr().is_terminal()).then(Bar::new);
    let progress: &dyn Progress = bar.as_ref().map_or(&Silent, |bar| bar);
    let (report, summary) = engine.build(clock::now(), progress)?;
    drop(bar);
    pings.tell(args.ping);
    if args.json {
        let mut object = to_json(&report, &summary);
        pings.add_to(&mut object);
        show::print(&format!("{object:#}\n"));
    } else if !volume.quiet {
        let from = current_dir()?;
        show::print(&show::report(&report, &summary, engine.config(), &from, started.elapsed(), volume.verbose));
    }
    if let Some(said) = pings.said().filter(|_| !args.json && !volume.quiet) {
        show::print(&format!("  hubs      {said}\n"));
    }
    show::complain(&pings.complaints);
    if args.pin {
        let said = ids::pin(&engine)?;
        if !args.json && !volume.quiet {
            show::print(&format!("  ids       {said}\n"));
        }
    }
    if !args.json || volume.quiet {
        show::complain(&show::failures(&report, volume.quiet));
    }
    if !report.failures.is_empty() || report.waiting > 0 || !pings.complaints.is_empty() {
        return Ok(Exit::Partial);
    }
    let failed = *strict && summary.count(Severity::Error) > 0;
    Ok(if failed { Exit::Findings } else { Exit::Done })
}

/// What hubs are told of a build. What goes wrong with that costs no feed its place.
#[derive(Default)]
struct Pings {
    ledger: Option<Ledger>,
    noted: usize,
    round: Option<Round>,
    complaints: String,
}

impl Pings {
    /// Before anything is published.
    fn open(config: &Config) -> Self {
        if config.websub.hubs.is_empty() {
            return Self::default();
        }
        match ping::open(config) {
            Ok(ledger) => Self { ledger: Some(ledger), ..Self::default() },
            Err(error) => Self { complaints: format!("{error}\n"), ..Self::default() },
        }
    }

    /// Notes what has changed, and tells it where it is live.
    fn tell(&mut self, is_live: bool) {
        let Some(ledger) = &self.ledger else { return };
        let told = ping::note(ledger).and_then(|noted| {
            self.noted = noted;
            if is_live { ping::tell(ledger).map(Some) } else { Ok(None) }
        });
        match told {
            Ok(round) => {
                self.complaints.extend(round.iter().map(ping::complaints));
                self.round = round;
            }
            Err(error) => self.complaints = format!("{error}\n"),
        }
    }

    fn said(&self) -> Option<String> {
        match &self.round {
            Some(round) => Some(ping::sentence(round)),
            None if self.noted > 0 => {
                Some(format!("{} changed files to be told of: `syndicated ping`, once they can be fetched", self.noted))
            }
            None => None,
        }
    }

    fn add_to(&self, report: &mut serde_json::Value) {
        if let (Some(object), Some(_)) = (report.as_object_mut(), &self.ledger) {
            let (sent, failed) = self.round.as_ref().map_or((0, 0), |round| (round.sent, round.failed));
            object
                .insert("pings".to_owned(), serde_json::json!({ "noted": self.noted, "sent": sent, "failed": failed }));
        }
    }
}

/// One batch that doubts everything; a catalog that turns out to be damaged is made anew once.
pub(super) fn everything(engine: &mut Engine, progress: &dyn Progress) -> Result<Report, EngineError> {
    let batch = Batch { everything: true, ..Batch::default() };
    match engine.apply(&batch, clock::now(), progress) {
        Err(error) if engine.can_retry(&error) => engine.apply(&batch, clock::now(), progress),
        other => other,
    }
}
