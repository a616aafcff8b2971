//! What a run did, for people and for programs.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::EngineError;
use crate::catalog::Counts;
use crate::model::{Diagnostic, FeedKey, Severity, SitePath, is_deceptive, printable};

/// What one batch did.
#[derive(Debug, Default)]
pub struct Report {
    /// Inputs that were looked at.
    pub looked_at: u64,
    /// Inputs that were opened.
    pub opened: u64,
    /// The first few inputs that were opened, or are gone.
    pub changed: Vec<SitePath>,
    /// Files of feeds that were written.
    pub written: u64,
    /// Files of feeds that were made again and had the same bytes.
    pub unchanged: u64,
    /// Files that were removed.
    pub removed: u64,
    /// The feeds with a file that was written or removed.
    pub changed_feeds: Vec<FeedKey>,
    /// Feeds that wait for a post that is being written, or changed each time that it was read.
    pub waiting: u64,
    /// Whether a feed was made with pictures or sound that are files of the site, or would be.
    pub names_files: bool,
    /// Findings about inputs that were opened, in this batch.
    pub findings: Vec<(SitePath, Diagnostic)>,
    /// What could not be published; the old files stand.
    pub failures: Vec<EngineError>,
    /// What the owner should know beside the posts.
    pub problems: Vec<String>,
    /// How many of the posts that were opened name no author, counted by an engine that only looks and tries the feeds.
    pub nameless: u64,
    /// Reading: walking, parsing, filling the catalog.
    pub reading: Duration,
    /// Writing: rendering and publishing.
    pub writing: Duration,
}

/// The state of the whole site after a run.
#[derive(Debug, Default)]
pub struct Summary {
    /// Posts by what became of them.
    pub counts: Counts,
    /// Feeds with their files.
    pub feeds: u64,
    /// Files beside those: copies at old paths.
    pub copies: u64,
    /// All findings, by path and line.
    pub diagnostics: Vec<(SitePath, Diagnostic)>,
}

impl Report {
    /// Leaves each problem, failure and feed once, each problem as one line: what is wrong in a post is found in every feed that holds it.
    pub(super) fn say_once(&mut self) {
        let mut said = HashSet::new();
        self.problems.iter_mut().filter(|problem| problem.contains(is_deceptive)).for_each(|problem| {
            *problem = printable(problem).into_owned();
        });
        self.problems.retain(|problem| said.insert(problem.clone()));
        self.failures.retain(|failure| said.insert(failure.to_string()));
        let mut named = HashSet::new();
        self.changed_feeds.retain(|feed| named.insert(feed.clone()));
    }

    /// Adds what a further round did.
    pub(crate) fn add(&mut self, other: Self) {
        self.looked_at += other.looked_at;
        self.opened += other.opened;
        self.changed.extend(other.changed);
        self.written += other.written;
        self.unchanged += other.unchanged;
        self.removed += other.removed;
        self.waiting = other.waiting;
        self.names_files |= other.names_files;
        self.changed_feeds.extend(other.changed_feeds);
        self.findings.extend(other.findings);
        self.failures = other.failures;
        self.problems.extend(other.problems);
        self.nameless += other.nameless;
        self.reading += other.reading;
        self.writing += other.writing;
    }
}

impl Summary {
    /// How many findings have this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|(_, diagnostic)| diagnostic.severity() == severity).count()
    }

    /// Why posts are in no feed, in words, the most frequent first.
    #[must_use]
    pub fn reasons(&self) -> Vec<(String, u64)> {
        let counts = &self.counts;
        let mut reasons: Vec<(String, u64)> =
            counts.left_out.iter().map(|(why, n)| (why.as_str().to_owned(), *n)).collect();
        reasons.push(("dated in the future".to_owned(), counts.future));
        reasons.push(("expired".to_owned(), counts.expired));
        reasons.push(("older than the site's limit_posts".to_owned(), counts.older));
        reasons.push(("with the id of another post".to_owned(), counts.same_id));
        reasons.retain(|(_, n)| *n > 0);
        reasons.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        reasons
    }
}

/// The report of `build --json`.
#[must_use]
pub fn to_json(report: &Report, summary: &Summary) -> Value {
    let reasons: Map<String, Value> = summary.reasons().into_iter().map(|(why, n)| (why, json!(n))).collect();
    let diagnostics: Vec<Value> =
        summary.diagnostics.iter().map(|(path, found)| diagnostic(&path.text(), found)).collect();
    json!({
        "posts": {
            "read": summary.counts.read(),
            "opened": report.opened,
            "kept": summary.counts.live,
            "left_out": summary.counts.read() - summary.counts.live,
            "reasons": reasons,
        },
        "feeds": summary.feeds,
        "waiting": report.waiting,
        "files": { "written": report.written, "unchanged": report.unchanged, "removed": report.removed },
        "seconds": {
            "reading": report.reading.as_secs_f64(),
            "writing": report.writing.as_secs_f64(),
        },
        "errors": summary.count(Severity::Error),
        "warnings": summary.count(Severity::Warning),
        "failures": report.failures.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "problems": report.problems,
        "diagnostics": diagnostics,
    })
}

/// One finding as `build --json` and `check --format json` write it.
#[must_use]
pub fn diagnostic(path: &str, found: &Diagnostic) -> Value {
    json!({
        "path": path,
        "line": found.line,
        "column": found.column,
        "severity": found.severity().as_str(),
        "code": found.code.as_str(),
        "message": found.message,
        "effect": found.code.effect(),
        "help": found.code.help(),
    })
}
