//! `check`: what is wrong with posts and the feeds they give, without writing anything.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::args::{Check, Deny, ReportFormat};
use super::build::everything;
use super::{CommandError, Exit, current_dir, load, relative, show};
use crate::engine::{Engine, Silent, diagnostic};
use crate::model::{Code, Diagnostic, Severity, SitePath};
use crate::watcher::scan::{self, Content};

/// A finding about a file: a post, or one of the configuration's.
struct Finding {
    /// Absolute.
    file: PathBuf,
    /// Below the site, where it lies there.
    path: Option<SitePath>,
    found: Diagnostic,
}

pub(super) fn check(args: &Check) -> Result<Exit, CommandError> {
    let config = load(&args.site)?;
    let from = current_dir()?;
    let wanted = wanted(&args.paths, &from, &config.source.root)?;
    let mut engine = Engine::looking(config)?.trying_feeds();
    let report = everything(&mut engine, &Silent)?;
    let summary = engine.summary()?;
    let mut found = of_configuration(&engine, report.nameless);
    found.extend(of_posts(&engine, summary.diagnostics));
    let is_wanted = |path: &SitePath| wanted.iter().any(|folder| path.is_below(folder));
    found.retain(|finding| wanted.is_empty() || finding.path.as_ref().is_some_and(is_wanted));
    let errors = found.iter().filter(|finding| finding.found.severity() == Severity::Error).count();
    let warnings = found.len() - errors;
    match args.format {
        ReportFormat::Json => {
            let all: Vec<_> = found.iter().map(|finding| diagnostic(&finding.name(), &finding.found)).collect();
            show::print(&format!("{:#}\n", serde_json::Value::Array(all)));
        }
        ReportFormat::Github => found.iter().for_each(|finding| {
            show::print(&annotation(&relative(&finding.file, &from), &finding.found));
        }),
        ReportFormat::Text => {
            as_text(&found, &from);
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

impl Finding {
    fn new(file: PathBuf, root: &Path, found: Diagnostic) -> Self {
        Self { path: SitePath::below(root, &file), file, found }
    }

    /// The path below the site, else the whole.
    fn name(&self) -> String {
        self.path.as_ref().map_or_else(|| self.file.display().to_string(), |path| path.text().into_owned())
    }
}

/// What is wrong with the configuration's files, and what feeds lack because nobody states it.
fn of_configuration(engine: &Engine, nameless: u64) -> Vec<Finding> {
    let config = engine.config();
    let root = &config.source.root;
    let mut found: Vec<Finding> =
        config.findings.iter().map(|(file, found)| Finding::new(file.clone(), root, found.clone())).collect();
    if nameless > 0
        && let Some(file) = config.stating_file()
    {
        let posts = show::plural(usize::try_from(nameless).unwrap_or(usize::MAX), "post");
        let message = format!(
            "the site names no author, nor does the front matter of {posts}: in Atom its title is the author's name"
        );
        found.push(Finding::new(file.clone(), root, Diagnostic::new(Code::SiteIncomplete, message)));
    }
    found
}

/// What is wrong with posts: each with a line where there is one, and what many posts have once.
fn of_posts(engine: &Engine, diagnostics: Vec<(SitePath, Diagnostic)>) -> Vec<Finding> {
    let root = &engine.config().source.root;
    let mut times: HashMap<String, usize> = HashMap::new();
    for (_, found) in diagnostics.iter().filter(|(_, found)| found.code == Code::UnknownMarkup) {
        *times.entry(found.message.clone()).or_default() += 1;
    }
    let mut all = Vec::with_capacity(diagnostics.len());
    for (path, mut found) in diagnostics {
        let file = path.under(root);
        if matches!(found.code, Code::SameId | Code::SamePermalink)
            && let (Content::Bytes(bytes), _) = scan::read(Vec::new(), &file)
        {
            let place = engine.normalizer().place_of_id(&path, &bytes);
            found = found.at(place.map(|(line, _)| line)).column(place.and_then(|(_, column)| column));
        }
        if found.code == Code::UnknownMarkup {
            match times.remove(&found.message) {
                // An earlier post had it.
                None => continue,
                Some(1) => {}
                Some(n) => found.message.push_str(&format!(" (also in {})", show::plural(n - 1, "other post"))),
            }
        }
        all.push(Finding { file, path: Some(path), found });
    }
    all
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

fn as_text(found: &[Finding], from: &Path) {
    let mut sources: HashMap<&Path, Option<String>> = HashMap::new();
    for Finding { file, found, .. } in found {
        // The last file read is enough: findings come sorted by path.
        if !sources.contains_key(file.as_path()) {
            sources.clear();
        }
        let source = sources.entry(file).or_insert_with(|| match scan::read(Vec::new(), file).0 {
            Content::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            _ => None,
        });
        let shown = show::printable(&relative(file, from));
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
