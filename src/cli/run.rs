//! `run`: the service.

use super::args::{Publication, Run};
use super::{CommandError, Exit, load};
use crate::clock;
use crate::config::{LogFormat, LogLevel};
use crate::model::Severity;
use crate::service::{Effects, Service, Signals, start_logging};

pub(super) fn run(args: &Run) -> Result<Exit, CommandError> {
    let Publication { site, strict, volume, .. } = &args.publication;
    let config = load(site)?;
    let format = if args.json { LogFormat::Json } else { config.log };
    let level = match (volume.quiet, volume.verbose) {
        (true, _) => LogLevel::Warn,
        (_, true) => LogLevel::Debug,
        _ => config.log_level,
    };
    start_logging(format, level);
    // The loop stays on this thread, which works for seconds at a time; those who ask are answered by the other.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("answers")
        .enable_all()
        .build()
        .map_err(|error| CommandError::Other(format!("cannot start: {error}")))?;
    runtime.block_on(async {
        // Before anything is published, so that a signal during the first scan ends it cleanly.
        let signals = Signals::listen()?;
        let again = || load(site).map_err(|error| error.to_string());
        let effects = Effects { load: &again, now: &clock::now };
        let service = Service::begin(config, args.publication.start(), effects)?;
        if *strict {
            let errors = service.engine().map(|engine| engine.summary()).transpose()?;
            if errors.is_some_and(|summary| summary.count(Severity::Error) > 0) {
                return Ok(Exit::Findings);
            }
        }
        service.run(signals).await;
        Ok(Exit::Done)
    })
}
