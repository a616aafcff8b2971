//! `build`: all feeds once.

use std::io::{self, IsTerminal as _};
use std::time::Instant;

use super::args::{Build, Publication};
use super::progress::Bar;
use super::{CommandError, Exit, current_dir, ids, load, lock, show};
use crate::clock;
use crate::engine::{Engine, EngineError, Progress, Report, Silent, to_json};
use crate::model::Severity;
use crate::watcher::changes::Batch;

pub(super) fn build(args: &Build) -> Result<Exit, CommandError> {
    let started = Instant::now();
    let Publication { site, strict, volume, .. } = &args.publication;
    let config = load(site)?;
    let lock = lock(&config)?;
    let mut engine = Engine::open(config, &lock, args.publication.start())?;
    let bar = (!volume.quiet && io::stderr().is_terminal()).then(Bar::new);
    let progress: &dyn Progress = bar.as_ref().map_or(&Silent, |bar| bar);
    let (report, summary) = engine.build(clock::now(), progress)?;
    drop(bar);
    if args.json {
        show::print(&format!("{:#}\n", to_json(&report, &summary)));
    } else if !volume.quiet {
        let from = current_dir()?;
        show::print(&show::report(&report, &summary, engine.config(), &from, started.elapsed(), volume.verbose));
    }
    if args.pin {
        let said = ids::pin(&engine)?;
        if !args.json && !volume.quiet {
            show::print(&format!("  ids       {said}\n"));
        }
    }
    if !args.json || volume.quiet {
        show::complain(&show::failures(&report, volume.quiet));
    }
    if !report.failures.is_empty() || report.waiting > 0 {
        return Ok(Exit::Partial);
    }
    let failed = *strict && summary.count(Severity::Error) > 0;
    Ok(if failed { Exit::Findings } else { Exit::Done })
}

/// One batch that doubts everything; a catalog that turns out to be damaged is made anew once.
pub(super) fn everything(engine: &mut Engine, progress: &dyn Progress) -> Result<Report, EngineError> {
    let batch = Batch { everything: true, ..Batch::default() };
    match engine.apply(&batch, clock::now(), progress) {
        Err(error) if engine.can_retry(&error) => engine.apply(&batch, clock::now(), progress),
        other => other,
    }
}
