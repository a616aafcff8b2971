//! `run`: the service.

use super::args::{Publication, Run};
use super::{CommandError, Exit, load_with, log, runtime};
use crate::clock;
use crate::config::Overrides;
use crate::model::Severity;
use crate::service::{Effects, Service, Signals};

pub(super) fn run(args: &Run) -> Result<Exit, CommandError> {
    let Publication { site, strict, volume, .. } = &args.publication;
    let load = || {
        let (listen, admin) = (args.listen.clone(), args.admin.clone());
        load_with(&Overrides { listen, admin, hub: args.hub, ..site.overrides() })
    };
    let config = load()?;
    log(&config, args.json, volume);
    // The loop stays on this thread, which works for seconds at a time; those who ask are answered by others.
    let threads = if config.server.listen.is_empty() { 1 } else { config.threads };
    runtime(threads)?.block_on(async {
        // Before anything is published, so that a signal during the first scan ends it cleanly.
        let signals = Signals::listen()?;
        let again = || load().map_err(|error| error.to_string());
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
