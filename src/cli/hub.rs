//! `hub`: the subscriptions of the hub that `run` is.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use super::args::{Hub, HubCommand, HubExport, HubImport, HubList, HubRemove};
use super::{CommandError, Exit, load, runtime, show};
use crate::clock;
use crate::config::Config;
use crate::model::Timestamp;
use crate::publisher::{Lock, LockError};
use crate::service::{Change, Changed, SOCKET, change};
use crate::websub::connect::System;
use crate::websub::records::{Imported, Record, is_meant};
use crate::websub::store::{Store, StoreError};
use crate::websub::subscription::Subscription;
use crate::websub::tell_denied;

pub(super) fn hub(args: &Hub) -> Result<Exit, CommandError> {
    match &args.command {
        HubCommand::List(args) => list(args),
        HubCommand::Export(args) => export(args),
        HubCommand::Import(args) => import(args),
        HubCommand::Remove(args) => remove(args),
    }
}

fn list(args: &HubList) -> Result<Exit, CommandError> {
    let records = records(&load(&args.site)?)?;
    if args.json {
        // A secret is nobody's business here.
        let shown: Vec<_> = records.iter().map(|it| serde_json::json!({
            "path": it.path, "topic": it.topic, "callback": it.callback, "until": date(it.until), "signed": it.secret.is_some(),
        })).collect();
        show::print(&format!("{:#}\n", serde_json::Value::from(shown)));
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    for Record { path, callback, until, secret, .. } in &records {
        let signed = if secret.is_some() { "signed" } else { "-" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}\t{}\t{signed}\t{}", show::printable(path), date(*until), show::printable(callback));
    }
    show::print(&text);
    if records.is_empty() {
        show::complain("nobody subscribes\n");
    }
    Ok(Exit::Done)
}

fn export(args: &HubExport) -> Result<Exit, CommandError> {
    let mut text = String::new();
    for record in records(&load(&args.site)?)? {
        let line = serde_json::to_string(&record).map_err(|error| CommandError::Other(error.to_string()))?;
        text.push_str(&line);
        text.push('\n');
    }
    show::print(&text);
    Ok(Exit::Done)
}

fn import(args: &HubImport) -> Result<Exit, CommandError> {
    let config = load(&args.site)?;
    let text = read(&args.file)?;
    let mut subscriptions = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        // What serde says of a line may hold a piece of it.
        let record: Result<Record, _> = serde_json::from_str(line);
        let record = record.map_err(|_| "is no line of `hub export`".to_owned());
        let subscription = record.and_then(Record::subscription).map_err(|why| {
            CommandError::Other(format!("{}:{}: {why}; nothing was imported", args.file.display(), number + 1))
        })?;
        subscriptions.push(subscription);
    }
    let done = match whose(&config)? {
        Whose::Service => {
            let done = have_changed(&config, Change::Import, text.lines().filter(|line| !line.trim().is_empty()))?;
            Imported { taken: done.done, over: done.over }
        }
        Whose::Ours(_lock) => {
            Store::open(&config.state).and_then(|mut store| store.import(subscriptions, seconds())).map_err(failed)?
        }
    };
    let over = if done.over == 0 { String::new() } else { format!("; {} are over and were left out", done.over) };
    show::print(&format!("{} subscriptions were imported{over}\n", done.taken));
    Ok(Exit::Done)
}

fn remove(args: &HubRemove) -> Result<Exit, CommandError> {
    let config = load(&args.site)?;
    let removed = match whose(&config)? {
        // It tells them itself.
        Whose::Service => have_changed(&config, Change::Remove, args.callbacks.iter().map(String::as_str))?.done,
        Whose::Ours(_lock) => {
            let is_meant = |it: &Subscription| is_meant(&args.callbacks, it);
            let removed = store(&config)?.map_or(Ok(Vec::new()), |mut store| store.remove(is_meant)).map_err(failed)?;
            tell(&config, &removed)?;
            removed.len()
        }
    };
    if removed == 0 {
        return Err(CommandError::Other("no subscription has such a callback, or is of such a host".to_owned()));
    }
    show::print(&format!("{removed} subscriptions were removed\n"));
    Ok(Exit::Done)
}

/// Tells those who were removed.
fn tell(config: &Config, removed: &[Subscription]) -> Result<(), CommandError> {
    let live = removed.iter().filter(|it| it.live(seconds()).is_some());
    let told: Vec<_> = live.filter_map(|it| Some((it.callback.clone(), it.active.as_ref()?.topic.clone()))).collect();
    let allow_private = config.websub.hub.as_ref().is_some_and(|hub| hub.allow_private);
    runtime(1)?
        .block_on(tell_denied(told, Arc::new(System), allow_private))
        .map_err(|error| CommandError::Other(format!("they are removed, and cannot be told so: {error}")))
}

/// Who may change subscriptions now.
enum Whose {
    /// This process.
    Ours(Lock),
    /// The service that runs.
    Service,
}

fn whose(config: &Config) -> Result<Whose, CommandError> {
    match Lock::acquire(&config.output.dir, &config.state) {
        Ok(lock) => Ok(Whose::Ours(lock)),
        Err(LockError::Held { .. }) if config.state.join(SOCKET).exists() => Ok(Whose::Service),
        Err(error) => Err(error.into()),
    }
}

/// Has the service change its subscriptions.
fn have_changed<'a>(
    config: &Config,
    what: Change,
    lines: impl Iterator<Item = &'a str>,
) -> Result<Changed, CommandError> {
    let changed = runtime(1)?.block_on(change(&config.state, what, lines))?;
    match changed.error {
        Some(error) => Err(CommandError::Other(error)),
        None => Ok(changed),
    }
}

fn records(config: &Config) -> Result<Vec<Record>, CommandError> {
    store(config)?.map_or(Ok(Vec::new()), |store| store.records(seconds())).map_err(failed)
}

/// The subscriptions, where there ever were some.
fn store(config: &Config) -> Result<Option<Store>, CommandError> {
    Store::is_there(&config.state).then(|| Store::open(&config.state)).transpose().map_err(failed)
}

fn read(file: &Path) -> Result<String, CommandError> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().read_to_string(&mut text).map(drop)
    } else {
        std::fs::read_to_string(file).map(|read| text = read)
    };
    read.map_err(|error| CommandError::Other(format!("cannot read {}: {error}", file.display())))?;
    Ok(text)
}

fn date(seconds: i64) -> String {
    Timestamp::from_micros(seconds.saturating_mul(1_000_000), 0).map_or_else(String::new, Timestamp::rfc3339)
}

fn seconds() -> i64 {
    clock::now().div_euclid(1_000_000)
}

fn failed(error: StoreError) -> CommandError {
    CommandError::Other(error.to_string())
}
