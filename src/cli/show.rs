//! Reports and findings as text for people.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use super::relative;
use crate::config::Config;
use crate::engine::{Report, Summary};
use crate::model::{self, Diagnostic, Format, Group, Severity, SitePath, is_deceptive};

/// How many findings a build shows unless it is verbose.
const FINDINGS: usize = 10;
/// How many failures of one kind are worth reading.
const FAILURES: usize = 5;

/// To standard output. That a reader has gone away (`| head`) is no error.
pub(super) fn print(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
}

/// To standard error.
pub(super) fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// What a build did, and where to look next.
pub(super) fn report(
    report: &Report,
    summary: &Summary,
    config: &Config,
    from: &Path,
    took: Duration,
    verbose: bool,
) -> String {
    let mut text = String::new();
    let root = printable(&relative(&config.source.root, from));
    let _ = writeln!(text, "{} ({}, {root})", printable(&config.site.title), config.source.dialect.name());
    let counts = &summary.counts;
    let out = counts.read() - counts.live;
    let reasons: Vec<String> = summary.reasons().into_iter().map(|(why, n)| format!("{n} {why}")).collect();
    let why = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
    let _ = writeln!(text, "  posts     {} read, {} kept, {out} left out{why}", counts.read(), counts.live);
    let _ = writeln!(
        text,
        "  feeds     {}: {} written, {} unchanged, {} removed",
        summary.feeds,
        plural(usize::try_from(report.written).unwrap_or(usize::MAX), "file"),
        total_files(summary, config).saturating_sub(report.written + report.failures.len() as u64),
        report.removed
    );
    let _ = writeln!(text, "  time      {}", seconds(took));
    for note in config.notes.iter().chain(&report.problems) {
        let _ = writeln!(text, "  note      {}", printable(note));
    }
    text.push_str(&findings(summary, verbose));
    let all = config.feed_paths(&Group::All.into());
    let shown = all.iter().find(|(format, _)| *format == Format::Atom).or(all.first());
    if let Some((_, Some(path))) = shown {
        let file = config.output.dir.join(path.as_str());
        let _ = writeln!(text, "  look at   {} -> {}", relative(&file, from), config.address(path));
    }
    text
}

fn total_files(summary: &Summary, config: &Config) -> u64 {
    let (has_opml, has_pages) = (u64::from(config.output.opml), u64::from(config.output.html.is_some()));
    summary.feeds * (config.output.formats.len() as u64 + has_pages) + summary.copies + has_opml + has_pages
}

fn findings(summary: &Summary, verbose: bool) -> String {
    let (errors, warnings) = (summary.count(Severity::Error), summary.count(Severity::Warning));
    if errors + warnings == 0 {
        return String::new();
    }
    let mut text = String::new();
    let _ = writeln!(text, "  findings  {}, {}", plural(errors, "error"), plural(warnings, "warning"));
    let most = if verbose { usize::MAX } else { FINDINGS };
    let worst = |severity| summary.diagnostics.iter().filter(move |(_, found)| found.severity() == severity);
    for (path, found) in worst(Severity::Error).chain(worst(Severity::Warning)).take(most) {
        let _ = writeln!(text, "    {}", one_line(path, found));
    }
    let more = (errors + warnings).saturating_sub(most);
    let rest = if more > 0 { format!("{more} more; ") } else { String::new() };
    let _ = writeln!(text, "    {rest}`syndicated check` shows lines, effects and what to do");
    text
}

/// `path:line: severity: message`, as compilers and editors write and read it.
pub(super) fn one_line(path: &SitePath, found: &Diagnostic) -> String {
    let line = found.line.map(|line| format!(":{line}")).unwrap_or_default();
    let column = found.column.map(|column| format!(":{column}")).unwrap_or_default();
    format!("{path}{line}{column}: {}: {}", found.severity(), printable(&found.message))
}

/// What could not be published.
pub(super) fn failures(report: &Report, with_problems: bool) -> String {
    let mut text = String::new();
    if with_problems {
        for problem in &report.problems {
            let _ = writeln!(text, "syndicated: {problem}");
        }
    }
    for failure in report.failures.iter().take(FAILURES) {
        let _ = writeln!(text, "syndicated: {}", printable(&failure.to_string()));
    }
    if let Some(more) = report.failures.len().checked_sub(FAILURES + 1) {
        let _ = writeln!(text, "syndicated: and {} more files could not be published", more + 1);
    }
    if report.waiting > 0 {
        let _ = writeln!(
            text,
            "syndicated: {} feeds have posts that are being written, and wait for the next run",
            report.waiting
        );
    }
    if !report.failures.is_empty() {
        let _ = writeln!(text, "syndicated: the old files of those feeds stand as they were; the next run tries again");
    }
    text
}

/// A finding with its line, a caret, what happens to the post, and what to do.
pub(super) fn finding(path: &str, found: &Diagnostic, source: Option<&str>) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}[{}]: {}", found.severity(), found.code.as_str(), printable(&found.message));
    let place = match (found.line, found.column) {
        (Some(line), Some(column)) => format!("{path}:{line}:{column}"),
        (Some(line), None) => format!("{path}:{line}"),
        _ => path.to_owned(),
    };
    let number = found.line.map(|line| line.to_string()).unwrap_or_default();
    let margin = " ".repeat(number.len());
    let _ = writeln!(text, "{margin}--> {place}");
    let line = found.line.and_then(|line| source?.lines().nth(line as usize - 1));
    if let Some(line) = line {
        let (line, caret) = excerpt(line, found.column);
        let _ = writeln!(text, "{margin} |\n{number} | {line}\n{margin} | {caret}");
    }
    let _ = writeln!(text, "{margin} = {}", found.code.effect());
    let _ = writeln!(text, "{margin} = help: {}", found.code.help());
    text
}

/// A line cut to what fits beside its caret, and the caret under the column.
fn excerpt(line: &str, column: Option<u32>) -> (String, String) {
    const WIDTH: usize = 100;
    let column = column.map_or(1, |column| column.max(1) as usize);
    let skip = column.saturating_sub(WIDTH / 2).saturating_sub(1);
    let skip = if line.chars().count() <= WIDTH { 0 } else { skip };
    let shown: String = line.chars().skip(skip).take(WIDTH).map(|c| if is_deceptive(c) { ' ' } else { c }).collect();
    let before: String =
        shown.chars().take(column - 1 - skip).map(|c| if is_wide(c) { '\u{3000}' } else { ' ' }).collect();
    (shown, before + "^")
}

/// Whether a terminal gives a character two columns: the blocks of East Asian scripts.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe4f
        | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x2_0000..=0x3_fffd)
}

/// Without what could forge a line or an escape sequence.
pub(super) fn printable(text: &str) -> String {
    model::printable(text).into_owned()
}

pub(super) fn plural(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

pub(super) fn seconds(took: Duration) -> String {
    if took < Duration::from_secs(1) {
        format!("{:.0} ms", took.as_secs_f64() * 1000.0)
    } else {
        format!("{:.2} s", took.as_secs_f64())
    }
}
