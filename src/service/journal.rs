//! What the service says in its log: each thing once, not once an event.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use tracing::{debug, error, info, warn};

use super::log;
use super::status::Publication;
use crate::engine::Report;
use crate::model::{Diagnostic, Severity, SitePath};
use crate::watcher::changes::Problem;

/// How many sentences, and the findings of how many posts, are remembered as said: more than a site gives reason for.
const MOST_SAID: usize = 10_000;

/// How many findings are said at once; there may be thousands at a start.
const MOST_FINDINGS: usize = 100;

/// How many hindrances of the watcher are told to those who ask.
const MOST_TOLD: usize = 20;

/// What was said.
#[derive(Debug, Default)]
pub(super) struct Journal {
    /// What holds for long.
    said: BTreeSet<String>,
    /// What fails, until it is over.
    failing: BTreeSet<String>,
    /// What the watcher has said and not taken back.
    hindrances: BTreeSet<String>,
    /// What was found in a post when it was last told of, as a hash.
    findings: BTreeMap<SitePath, u64>,
}

impl Journal {
    /// Says what a batch has found and what could not be done; the report's publication is the caller's to say.
    pub(super) fn tell(&mut self, report: &Report) {
        self.tell_findings(&report.findings);
        for problem in &report.problems {
            if self.said.len() < MOST_SAID && self.said.insert(problem.clone()) {
                warn!("{problem}");
            }
        }
        for failure in &report.failures {
            self.fails(failure.to_string());
        }
        if report.failures.is_empty() {
            if !self.failing.is_empty() {
                info!("everything is published again");
            }
            self.failing.clear();
        }
    }

    /// What the watcher has to say: what comes and goes each time, the rest once.
    pub(super) fn watcher(&mut self, problem: &Problem) {
        let sentence = problem.to_string();
        match problem {
            Problem::RootBack { root } => {
                self.hindrances.remove(&Problem::RootGone { root: root.clone() }.to_string());
                warn!("{sentence}");
            }
            Problem::RootGone { .. } => {
                warn!("{sentence}");
                self.hindrances.insert(sentence);
            }
            _ if self.hindrances.contains(&sentence) => debug!("{sentence}"),
            _ => {
                warn!("{sentence}");
                if self.hindrances.len() < MOST_SAID {
                    self.hindrances.insert(sentence);
                }
            }
        }
    }

    /// What hinders the watcher, or has.
    pub(super) fn hindrances(&self) -> Vec<String> {
        self.hindrances.iter().take(MOST_TOLD).cloned().collect()
    }

    /// Something failed, and will be tried again.
    pub(super) fn fails(&mut self, text: String) {
        if !self.failing.contains(&text) {
            error!("{text}");
            self.failing.insert(text);
        }
    }

    /// What fails at the moment.
    pub(super) fn failing(&self) -> Vec<String> {
        self.failing.iter().cloned().collect()
    }

    /// Findings come sorted by post. A post that was read again is told of when it is not as it was last told.
    fn tell_findings(&mut self, findings: &[(SitePath, Diagnostic)]) {
        let mut left = MOST_FINDINGS;
        let mut more = 0;
        for of_post in findings.chunk_by(|(a, _), (b, _)| a == b) {
            let Some((path, _)) = of_post.first() else { continue };
            let mut hash = DefaultHasher::new();
            for (_, found) in of_post {
                (found.line, found.code.as_str(), &found.message).hash(&mut hash);
            }
            if self.findings.len() >= MOST_SAID {
                self.findings.clear();
            }
            if self.findings.insert(path.clone(), hash.finish()) == Some(hash.finish()) {
                continue;
            }
            if left == 0 {
                more += of_post.len();
                continue;
            }
            left = left.saturating_sub(of_post.len());
            of_post.iter().for_each(|(path, found)| say_finding(path, found));
        }
        if more > 0 {
            warn!("there are {more} more findings in posts; `syndicated check` shows all of them");
        }
    }
}

/// Says what was published: at `what` in the life of the service.
pub(super) fn say_publication(did: &Publication, what: &'static str) {
    let Publication { milliseconds: ms, written, removed, feeds, posts, .. } = did;
    if posts.is_empty() {
        info!(written, removed, ms, feeds, "{what}");
    } else {
        info!(written, removed, ms, feeds, posts, "{what}");
    }
}

/// Says that a batch changed nothing.
pub(super) fn say_nothing_changed(report: &Report, ms: u64, what: &'static str) {
    debug!(looked_at = report.looked_at, opened = report.opened, ms, "{what}: nothing to write");
}

/// What a report is about, in words.
pub(super) fn publication(report: &Report, at: String, milliseconds: u64) -> Publication {
    let opened = usize::try_from(report.opened).unwrap_or(usize::MAX);
    Publication {
        at,
        milliseconds,
        written: report.written,
        removed: report.removed,
        feeds: log::some(&report.changed_feeds),
        // Of many, which come first says nothing.
        posts: if opened > report.changed.len() {
            log::count(report.opened, "input")
        } else {
            log::some(&report.changed)
        },
    }
}

fn say_finding(path: &SitePath, found: &Diagnostic) {
    let (line, code) = (found.line.unwrap_or_default(), found.code.as_str());
    let message = format!("{} ({})", found.message, found.code.effect());
    match found.severity() {
        Severity::Error => error!(post = %path, line, code, "{message}"),
        Severity::Warning => warn!(post = %path, line, code, "{message}"),
    }
}
