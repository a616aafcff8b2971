//! `ping`: tells hubs which feeds have changed, once they can be fetched. `build --ping` does the same.

use std::sync::Arc;

use super::args::Ping;
use super::{CommandError, Exit, load, lock, runtime, show};
use crate::clock;
use crate::config::Config;
use crate::websub::World;
use crate::websub::connect::System;
use crate::websub::ping::{Ledger, OutboxError, PACE, Round};

pub(super) fn ping(args: &Ping) -> Result<Exit, CommandError> {
    let config = load(&args.site)?;
    if config.websub.hubs.is_empty() {
        return Err(CommandError::Other(
            "there is no hub to be told of changes: `hubs` under `[websub]` names some".to_owned(),
        ));
    }
    let _lock = lock(&config)?;
    let ledger = open(&config).map_err(failed)?;
    let round = tell(&ledger).map_err(failed)?;
    if !args.quiet {
        show::print(&format!("{}\n", sentence(&round)));
    }
    show::complain(&complaints(&round));
    Ok(if round.failed > 0 { Exit::Partial } else { Exit::Done })
}

/// What is still to be told; before anything is published.
pub(super) fn open(config: &Config) -> Result<Ledger, OutboxError> {
    let world = World { now: Arc::new(clock::now), resolver: Arc::new(System), pace: PACE };
    Ledger::open(config, &world)
}

/// Notes what has changed; how many feeds.
pub(super) fn note(ledger: &Ledger) -> Result<usize, OutboxError> {
    ledger.note_all(seconds())
}

/// Tells hubs everything that they have not heard.
pub(super) fn tell(ledger: &Ledger) -> Result<Round, OutboxError> {
    let runtime = runtime(1).map_err(|error| OutboxError::Io(std::io::Error::other(error.to_string())))?;
    runtime.block_on(ledger.announcer.round(seconds(), false))
}

/// What was told, in a sentence.
pub(super) fn sentence(round: &Round) -> String {
    match (round.sent, round.failed) {
        (0, 0) => "hubs know all that has changed".to_owned(),
        (sent, 0) => format!("hubs were told of {sent} changes"),
        (sent, failed) => format!("hubs were told of {sent} changes, and could not be told of {failed}"),
    }
}

/// What went wrong, in lines.
pub(super) fn complaints(round: &Round) -> String {
    let mut lines: Vec<String> =
        round.why.iter().map(|why| format!("{why}; `syndicated ping` tries again\n")).collect();
    if round.given_up > 0 {
        lines.push(format!("{} changes are older than three days and are told to nobody any more\n", round.given_up));
    }
    lines.concat()
}

fn failed(error: OutboxError) -> CommandError {
    CommandError::Other(error.to_string())
}

fn seconds() -> i64 {
    clock::now().div_euclid(1_000_000)
}
