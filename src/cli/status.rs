//! `status`: asks the service that runs.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use super::args::{Site, Status as Arguments};
use super::{CommandError, Exit, current_dir, load, show};
use crate::service::status::{Publication, Server, State, Status, spell};
use crate::service::{self, ask};
use crate::websub::{HubNumbers, PingNumbers};

/// How many findings a person is shown.
const FINDINGS: usize = 10;
/// How many topics.
const TOPICS: usize = 10;

pub(super) fn status(args: &Arguments) -> Result<Exit, CommandError> {
    let state = state_folder(&args.site)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CommandError::Other(format!("cannot start: {error}")))?;
    let limit = args.timeout.map(Duration::from_secs);
    let status = runtime.block_on(ask(&state, args.wait, limit))?;
    if args.json {
        let text = serde_json::to_string_pretty(&status)
            .map_err(|error| CommandError::Other(format!("cannot write the status: {error}")))?;
        show::print(&format!("{text}\n"));
    } else {
        show::print(&text(&status));
    }
    Ok(if status.failing.is_empty() { Exit::Done } else { Exit::Partial })
}

/// Where the service listens. A folder that is named needs no configuration, which may be gone or broken by now.
fn state_folder(site: &Site) -> Result<PathBuf, CommandError> {
    if let Some(state) = &site.state {
        return Ok(current_dir()?.join(state));
    }
    load(site).map(|config| config.state).map_err(|error| {
        CommandError::Other(format!(
            "{error}\n  a service that runs can be asked without its configuration: `syndicated status --state DIR`, where DIR is its \
             state folder, the one with {}",
            service::SOCKET
        ))
    })
}

fn text(status: &Status) -> String {
    let mut text = String::new();
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<9} {}", show::printable(value));
    };
    let memory = status.memory.as_ref().map(|memory| format!(", {} MB", memory.resident / 1_000_000));
    row(
        "service",
        &format!(
            "syndicated {}, process {}, up {}{}",
            status.version,
            status.pid,
            spell(status.uptime),
            memory.unwrap_or_default()
        ),
    );
    row("state", &state(status));
    row("site", &status.site);
    if let Some(posts) = &status.posts {
        row("posts", &format!("{} kept, {} left out", posts.kept, posts.left_out));
    }
    row("feeds", &format!("{} in {}", status.feeds, status.output));
    if let Some(last) = &status.last {
        row("last", &publication(last));
    }
    if let Some(server) = &status.server {
        row("http", &served(server));
    }
    if let Some(pings) = status.websub.as_ref().and_then(|websub| websub.pings.as_ref()) {
        row("pings", &pinged(pings));
    }
    if let Some(hub) = status.websub.as_ref().and_then(|websub| websub.hub.as_ref()) {
        row("hub", &distributed(hub));
        for topic in hub.topics.iter().take(TOPICS) {
            row("  topic", &format!("{}: {} subscribers", topic.path, topic.subscribers));
        }
    }
    if let Some(next) = &status.next {
        row("next", &format!("{next}: a post appears or expires"));
    }
    for problem in &status.problems {
        row("watching", problem);
    }
    row("findings", &format!("{} errors, {} warnings in posts", status.errors, status.warnings));
    for found in status.findings.iter().take(FINDINGS) {
        let field = |name: &str| found.get(name).and_then(|value| value.as_str()).unwrap_or_default();
        let line = found.get("line").and_then(serde_json::Value::as_u64).map(|line| format!(":{line}"));
        let place = format!("{}{}", field("path"), line.unwrap_or_default());
        row(&format!("  {}", field("severity")), &format!("{place}: {}", field("message")));
    }
    for failure in &status.failing {
        row("failing", failure);
    }
    text
}

fn state(status: &Status) -> String {
    match status.state {
        State::Starting => format!("starting{}", working(status)),
        State::Working => format!("working{}", working(status)),
        State::Waiting if status.queue.everything => "about to look at everything".to_owned(),
        State::Waiting => format!("waiting: {} files or folders are being changed", status.queue.paths),
        State::Failing => format!("failing, tries again in {} s", status.retry.unwrap_or_default()),
        State::Idle => "idle".to_owned(),
    }
}

fn working(status: &Status) -> String {
    let Some(working) = &status.working else { return String::new() };
    let seconds = working.milliseconds / 1000;
    format!(" for {}: {} posts looked at, {} feeds made", spell(seconds), working.inputs, working.feeds)
}

fn publication(did: &Publication) -> String {
    let mut text =
        format!("{}, in {} ms: {} files written, {} removed", did.at, did.milliseconds, did.written, did.removed);
    for (what, names) in [("of", &did.feeds), ("for", &did.posts)] {
        if !names.is_empty() {
            let _ = write!(text, ", {what} {names}");
        }
    }
    text
}

fn served(server: &Server) -> String {
    let Server { listening, connections, requests, not_modified, errors, .. } = server;
    format!(
        "{}: {requests} requests, {not_modified} of them not modified, {errors} errors; {connections} connections",
        listening.join(", ")
    )
}

fn pinged(pings: &PingNumbers) -> String {
    let PingNumbers { sent, failed, waiting, failing, .. } = pings;
    let why = if failing.is_empty() { String::new() } else { format!(": {failing}") };
    format!("hubs told of {sent} changes; {waiting} wait, {failed} requests failed{why}")
}

fn distributed(hub: &HubNumbers) -> String {
    let HubNumbers { url, subscribers, topics, delivered, failed, retried, waiting, under_way, asked, .. } = hub;
    format!(
        "{url}: {subscribers} subscribers to {} feeds, {asked} to confirm; {delivered} delivered, {} to come, {failed} failed, {retried} retried",
        topics.len(),
        waiting + under_way
    )
}
