//! The status page: what a service does, what is wrong, who reads its feeds. What it shows is escaped as it is put in.

use maud::{DOCTYPE, Markup, Render, html};
use serde_json::Value;

use super::push;
use super::shown::{Count, Day, Instant, Share, Size, Span};
use crate::delivery::{FeedReaders, State as Served};
use crate::service::log::count;
use crate::service::status::{Publication, State, Status};

/// Its style sheet.
pub(super) const STYLE: &str = include_str!("style.css");

/// The classes of columns.
pub(super) const TEXT: &str = "text";
pub(super) const NUMBER: &str = "number";

/// So many feeds are shown with their readers, those with most of them.
pub(super) const MOST_FEEDS: usize = 50;
/// So many aggregators are named of one feed.
const MOST_NAMED: usize = 4;
/// So many seconds may lie between two looks.
const REFRESHES: [u32; 3] = [5, 15, 60];

/// What there is to show.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) status: &'a Status,
    pub(super) unready: Option<&'static str>,
    pub(super) server: Option<&'a Served>,
    /// Those with most readers first.
    pub(super) readers: &'a [FeedReaders],
    /// How often the browser looks again, in seconds.
    pub(super) refresh: Option<u32>,
}

/// How often the page shall be looked at again, by the query of its address.
pub(super) fn refresh(query: &str) -> Option<u32> {
    let asked: u32 = query.strip_prefix("refresh=")?.parse().ok()?;
    REFRESHES.into_iter().find(|seconds| *seconds == asked)
}

/// The page.
pub(super) fn html(page: &Page<'_>) -> String {
    let status = page.status;
    let (mark, word) = light(page);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                @if let Some(seconds) = page.refresh { meta http-equiv="refresh" content=(seconds); }
                title { (word) " · syndicated" }
                link rel="stylesheet" href="/style.css";
            }
            body {
                header {
                    h1 { "syndicated" }
                    p.light.(mark) { (word) }
                    p.about { "Version " (status.version) ", process " (status.pid) ", up " (Span(status.uptime)) }
                }
                main {
                    (alerts(status))
                    (figures(page))
                    (publications(status))
                    (findings(status))
                    @if let Some(server) = page.server { (http(server)) (readers(page.readers)) }
                    @if let Some(numbers) = &status.websub { (push::push(numbers)) }
                    (places(status))
                }
                (footer(page.refresh))
            }
        }
    }
    .into_string()
}

/// How it is, as a class and in words.
fn light(page: &Page<'_>) -> (&'static str, &'static str) {
    match (page.unready, page.status.state) {
        (Some(_), State::Starting) => ("busy", "Starting"),
        (Some(_), _) => ("busy", "Ending"),
        (_, State::Failing) => ("bad", "Failing"),
        (_, State::Working) => ("busy", "Working"),
        (_, State::Waiting) => ("busy", "Waiting"),
        (_, State::Starting | State::Idle) => ("good", "Up to date"),
    }
}

/// What somebody should do something about.
fn alerts(status: &Status) -> Markup {
    html! {
        @if !status.failing.is_empty() {
            section.alert aria-labelledby="failing" {
                h2 id="failing" { "Cannot be published" }
                ul { @for failure in &status.failing { li { (failure) } } }
                @if let Some(seconds) = status.retry { p { "It is tried again in " (Span(seconds)) "." } }
            }
        }
        @if !status.problems.is_empty() {
            section.alert aria-labelledby="problems" {
                h2 id="problems" { "Hinders the watching of files" }
                ul { @for problem in &status.problems { li { (problem) } } }
            }
        }
    }
}

fn figures(page: &Page<'_>) -> Markup {
    let status = page.status;
    html! {
        section aria-label="Figures" {
            dl.figures {
                @if let Some(posts) = &status.posts {
                    (figure("Posts", &Count(posts.kept), html! { (Count(posts.left_out)) " left out" }))
                    (figure("Feeds", &Count(status.feeds), html! { (count(status.publications, "publication")) }))
                    (figure("Findings", &Count(status.errors + status.warnings),
                        html! { (count(status.errors, "error")) ", " (count(status.warnings, "warning")) }))
                    (figure("Waiting", &Count(status.queue.paths),
                        html! { @if status.queue.everything { "everything is looked at" } @else { "files and folders" } }))
                }
                @if let Some(memory) = &status.memory {
                    (figure("Memory", &Size(memory.resident), html! { (Size(memory.peak)) " at most" }))
                }
            }
            @if let Some(server) = page.server {
                dl.figures {
                    (figure("Requests", &Count(server.total.requests), html! { "since " (Day(server.since)) }))
                    (figure("Not modified", &Share(server.total.not_modified, server.total.requests), html! { "of requests" }))
                    (figure("Bytes saved", &Size(server.total.saved), html! { (Size(server.total.bytes)) " sent" }))
                    (figure("Connections", &Count(server.connections as u64), html! { (Count(server.served.refused)) " refused" }))
                }
            }
            (sentences(status))
        }
    }
}

fn sentences(status: &Status) -> Markup {
    html! {
        @if let Some(working) = &status.working {
            p { "Working for " (Span(working.milliseconds / 1000)) ": " (Count(working.inputs)) " files looked at, "
                (Count(working.feeds)) " feeds made." }
        }
        @if let Some(posts) = status.posts.as_ref().filter(|posts| !posts.reasons.is_empty()) {
            p { "Left out: "
                @for (n, (why, count)) in posts.reasons.iter().enumerate() { @if n > 0 { ", " } (Count(*count)) " " (why) }
                "." }
        }
        @if let Some(next) = &status.next { p { "A post appears or expires next at " (Instant(next)) "." } }
    }
}

pub(super) fn figure(name: &str, value: &dyn Render, about: Markup) -> Markup {
    html! { div { dt { (name) } dd { strong { (value.render()) } span { (about) } } } }
}

fn publications(status: &Status) -> Markup {
    let row = |did: &Publication| {
        html! {
            tr {
                td { (Instant(&did.at)) }
                td.number { (Count(did.milliseconds)) " ms" }
                td.number { (Count(did.written)) }
                td.number { (Count(did.removed)) }
                td { @if did.written + did.removed == 0 { "as they were" } (did.feeds) }
                td { (did.posts) }
            }
        }
    };
    let head =
        [("When", TEXT), ("Took", NUMBER), ("Written", NUMBER), ("Removed", NUMBER), ("Feeds", TEXT), ("Posts", TEXT)];
    html! {
        @if !status.recent.is_empty() {
            (table("publications", "Recent publications", &head, html! { @for did in &status.recent { (row(did)) } }))
        }
    }
}

fn findings(status: &Status) -> Markup {
    let row = |found: &Value| {
        let text = |name: &str| found.get(name).and_then(Value::as_str).unwrap_or_default();
        let line = found.get("line").and_then(Value::as_u64);
        html! {
            tr {
                td { span.(text("severity")) { (text("severity")) } }
                td { code { (text("path")) @if let Some(line) = line { ":" (line) } } }
                td { (text("message")) span.more { (text("effect")) } }
                td { (text("help")) }
            }
        }
    };
    let head = [("Severity", TEXT), ("Where", TEXT), ("What", TEXT), ("What to do", TEXT)];
    let all = status.errors + status.warnings;
    let shown = status.findings.len() as u64;
    html! {
        @if shown > 0 {
            (table("findings", "Findings in posts", &head, html! { @for found in &status.findings { (row(found)) } }))
            @if shown < all { p { "These are the first " (Count(shown)) " of " (Count(all)) "; " code { "syndicated check" } " shows all." } }
        }
    }
}

fn http(server: &Served) -> Markup {
    let served = &server.served;
    let row = |name: &str, bytes: u64| html! { tr { th scope="row" { (name) } td.number { (Size(bytes)) } } };
    html! {
        section.columns {
            div {
                (table("answers", "Answers since the start", &[("File", TEXT), ("Status", TEXT), ("Requests", NUMBER)], html! {
                    @if served.requests_by.is_empty() { tr { td colspan="3" { "None yet" } } }
                    @for ((kind, code), count) in &served.requests_by {
                        tr { td { (kind) } td { @if *code == 0 { "other" } @else { (code) } } td.number { (Count(*count)) } }
                    }
                }))
            }
            div {
                (table("bytes", "Bytes since the start", &[("What", TEXT), ("Bytes", NUMBER)], html! {
                    @for (encoding, bytes) in served.bytes_by { (row(&format!("sent, {encoding}"), bytes)) }
                    @for (by, bytes) in served.saved_by { (row(&format!("saved, {}", by.replace('_', " ")), bytes)) }
                    (row("in memory", server.memory))
                }))
            }
            div {
                (table("clients", "Who asked since the start", &[("Client", TEXT), ("Requests", NUMBER)], html! {
                    @for (client, count) in served.clients_by {
                        tr { th scope="row" { (client) } td.number { (Count(count)) } }
                    }
                }))
            }
        }
    }
}

fn readers(readers: &[FeedReaders]) -> Markup {
    let row = |feed: &FeedReaders| {
        let requests = feed.requests();
        html! {
            tr {
                th scope="row" { code { (feed.path.as_str()) } }
                td.number { (Count(feed.clients)) }
                td.number { (Count(feed.yesterday)) }
                td.number { (Count(feed.subscribers())) }
                td { (aggregators(feed)) }
                td.number { (Count(requests)) }
                td.number { (Share(feed.not_modified, requests)) }
                td.number { (Count(feed.crawled)) }
            }
        }
    };
    let head = [
        ("Feed", TEXT),
        ("Clients today", NUMBER),
        ("Yesterday", NUMBER),
        ("Subscribers", NUMBER),
        ("Aggregators", TEXT),
        ("Requests", NUMBER),
        ("Not modified", NUMBER),
        ("By crawlers", NUMBER),
    ];
    html! {
        @if readers.is_empty() {
            section { h2 { "Readers" } p { "No feed has been asked for yet." } }
        } @else {
            (table("readers", "Readers", &head, html! { @for feed in readers.iter().take(MOST_FEEDS) { (row(feed)) } }))
            p { "Clients are estimates, within 5 % or so, without crawlers and aggregators; days are in UTC. Subscribers are what aggregators say."
                @if readers.len() > MOST_FEEDS { " These are the " (Count(MOST_FEEDS as u64)) " most read of " (Count(readers.len() as u64)) " feeds." } }
        }
    }
}

fn aggregators(feed: &FeedReaders) -> Markup {
    let more = feed.aggregators.len().saturating_sub(MOST_NAMED);
    html! {
        @for (n, aggregator) in feed.aggregators.iter().take(MOST_NAMED).enumerate() {
            @if n > 0 { ", " }
            (aggregator.name) " " (Count(aggregator.subscribers))
        }
        @if more > 0 { ", " (more) " more" }
    }
}

fn places(status: &Status) -> Markup {
    html! {
        section aria-labelledby="places" {
            h2 id="places" { "Where" }
            dl.places {
                div { dt { "Site" } dd { code { (status.site) } } }
                div { dt { "Feeds" } dd { code { (status.output) } } }
                @if let Some(server) = &status.server {
                    div { dt { "Served at" } dd { @for at in &server.listening { code { (at) } " " } } }
                }
            }
        }
    }
}

fn footer(refresh: Option<u32>) -> Markup {
    html! {
        footer {
            nav aria-label="Refresh" {
                "Refresh: "
                @if refresh.is_none() { strong aria-current="true" { "never" } } @else { a href="/" { "never" } }
                @for seconds in REFRESHES {
                    " "
                    @if refresh == Some(seconds) { strong aria-current="true" { "every " (seconds) " s" } }
                    @else { a href={ "/?refresh=" (seconds) } { "every " (seconds) " s" } }
                }
            }
            nav aria-label="For programs" {
                a href="/metrics" { "metrics" } " " a href="/status.json" { "status.json" } " "
                a href="/healthz" { "healthz" } " " a href="/readyz" { "readyz" }
            }
        }
    }
}

/// A table that scrolls by itself where the screen is narrow, also by keyboard.
pub(super) fn table(id: &str, name: &str, head: &[(&str, &str)], rows: Markup) -> Markup {
    html! {
        section {
            h2 id=(id) { (name) }
            div.scroll tabindex="0" role="region" aria-labelledby=(id) {
                table {
                    thead { tr { @for (name, class) in head { th.(class) scope="col" { (name) } } } }
                    tbody { (rows) }
                }
            }
        }
    }
}
