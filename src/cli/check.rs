//! `check`: what is wrong with posts and the feeds they give, without writing anything.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::args::{Check, Deny, ReportFormat};
use super::build::everything;
use super::{CommandError, Exit, current_dir, load, relative, show};
use crate::engine::{Engine, Silent, diagnostic};
use crate::model::{Diagnostic, Severity, SitePath};
use crate::watcher::scan::{self, Content};

pub(super) fn check(args: &Check) -> Result<Exit, CommandError> {
    let config = load(&args.site)?;
    let from = current_dir()?;
    let wanted = wanted(&args.paths, &from, &config.source.root)?;
    let mut engine = Engine::looking(config)?.trying_feeds();
    let report = everything(&mut engine, &Silent)?;
    let summary = engine.summary()?;
    let root = engine.config().source.root.clone();
    let mut found: Vec<(SitePath, Diagnostic)> = summary.diagnostics;
    found.retain(|(path, _)| wanted.is_empty() || wanted.iter().any(|folder| path.is_below(folder)));
    let errors = found.iter().filter(|(_, found)| found.severity() == Severity::Error).count();
    let warnings = found.len() - errors;
    match args.format {
        ReportFormat::Json => {
            let all: Vec<_> = found.iter().map(|(path, found)| diagnostic(path, found)).collect();
            show::print(&format!("{:#}\n", serde_json::Value::Array(all)));
        }
        ReportFormat::Github => found.iter().for_each(|(path, found)| {
            show::print(&annotation(&relative(&path.under(&root), &from), found));
        }),
        ReportFormat::Text => {
            as_text(&found, &root, &from);
            for problem in report.problems.iter().filter(|_| wanted.is_empty()) {
                show::print(&format!("note: {problem}\n\n"));
            }
            let posts = show::plural(usize::try_from(summary.counts.read()).unwrap_or(usize::MAX), "post");
            let verdict = format!("{}, {}", show::plural(errors, "error"), show::plural(warnings, "warning"));
            show::print(&format!("{posts} read: {verdict}\n"));
        }
    }
    let failed = errors > 0 || (args.deny == Some(Deny::Warnings) && warnings > 0);
    Ok(if failed { Exit::Findings } else { Exit::Done })
}

/// The paths below the site that were asked for.
fn wanted(paths: &[PathBuf], from: &Path, root: &Path) -> Result<Vec<SitePath>, CommandError> {
    paths.iter().map(|path| site_path(path, from, root)).collect()
}

/// A path of the command line, below the site: relative to the current folder, else to the site.
pub(super) fn site_path(path: &Path, from: &Path, root: &Path) -> Result<SitePath, CommandError> {
    let here = from.join(path);
    let absolute = if here.symlink_metadata().is_ok() { here } else { root.join(path) };
    let missing = |_| CommandError::Other(format!("{}: there is no such file or folder", path.display()));
    // The folder is resolved and the name kept, so that a linked post stays the post that it is.
    let resolved = match (absolute.parent(), absolute.file_name()) {
        (Some(parent), Some(name)) if !absolute.ends_with("..") => parent.canonicalize().map_err(missing)?.join(name),
        _ => absolute.canonicalize().map_err(missing)?,
    };
    resolved.symlink_metadata().map_err(missing)?;
    let resolved = if resolved.is_dir() { resolved.canonicalize().map_err(missing)? } else { resolved };
    let real_root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    SitePath::below(&real_root, &resolved)
        .ok_or_else(|| CommandError::Other(format!("{} is not below the site, {}", path.display(), root.display())))
}

fn as_text(found: &[(SitePath, Diagnostic)], root: &Path, from: &Path) {
    let mut sources: HashMap<&SitePath, Option<String>> = HashMap::new();
    for (path, found) in found {
        let place = path.under(root);
        // The last file read is enough: findings come sorted by path.
        if !sources.contains_key(path) {
            sources.clear();
        }
        let source = sources.entry(path).or_insert_with(|| match scan::read(&place).0 {
            Content::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            _ => None,
        });
        let shown = show::printable(&relative(&place, from));
        show::print(&format!("{}\n", show::finding(&shown, found, source.as_deref())));
    }
}

/// A workflow command of GitHub Actions, with the escapes that it asks for.
fn annotation(path: &str, found: &Diagnostic) -> String {
    let data = |text: &str| {
        let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
        show::printable(&text)
    };
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let mut place = format!("file={}", property(path));
    if let Some(line) = found.line {
        place.push_str(&format!(",line={line}"));
    }
    if let Some(column) = found.column {
        place.push_str(&format!(",col={column}"));
    }
    let message = format!("{} ({}; {})", found.message, found.code.effect(), found.code.help());
    format!("::{} {place},title={}::{}\n", found.severity(), found.code.as_str(), data(&message))
}
