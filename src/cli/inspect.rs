//! `inspect`: how one post is understood, field by field, and in which feeds it is.

use std::fmt::Write as _;

use super::args::Inspect;
use super::build::everything;
use super::check::site_path;
use super::{CommandError, Exit, current_dir, load, show};
use crate::clock;
use crate::engine::{Engine, Entry, Silent, Summary};
use crate::model::{Diagnostic, FeedKey, Group, LeftOut, Severity, SitePath, Timestamp};
use crate::normalizer::{Explanation, Role};
use crate::watcher::scan::{self, Content};
use crate::writers;

pub(super) fn inspect(args: &Inspect) -> Result<Exit, CommandError> {
    let config = load(&args.site)?;
    let path = site_path(&args.post, &current_dir()?, &config.source.root)?;
    let bytes = match scan::read(Vec::new(), &path.under(&config.source.root)).0 {
        Content::Bytes(bytes) => bytes,
        Content::TooLarge(size) => {
            return Err(CommandError::Other(format!("{path} has {size} bytes, which is too large")));
        }
        Content::Unreadable(why) => return Err(CommandError::Other(format!("{path} cannot be read: {why}"))),
        Content::Failed(why) => return Err(CommandError::Other(format!("{path} cannot be read: {why}"))),
        Content::Gone => return Err(CommandError::Other(format!("{path}: there is no such file"))),
    };
    let mut engine = Engine::looking(config)?;
    let has_pins = !engine.config().identity.pins.is_empty();
    if has_pins || !args.entry {
        everything(&mut engine, &Silent)?;
    }
    if args.entry {
        return entry(&engine, &path, &bytes);
    }
    let mut text = String::new();
    line(&mut text, "post", path.to_string());
    line(&mut text, "dialect", engine.config().source.dialect.name().to_owned());
    if engine.normalizer().role(&path) == Role::Post {
        match engine.explain(&path, &bytes) {
            Ok(explanation) => {
                describe(&mut text, &explanation, &engine, &path)?;
                match engine.entry(&path, &bytes).and_then(|entry| entry.from_page) {
                    Some(Ok(page)) => line(&mut text, "text", format!("that of its built page {page}")),
                    Some(Err(why)) => line(&mut text, "text", format!("that of its source: {}", why.message)),
                    None => {}
                }
            }
            Err(why) => {
                let said = (why == LeftOut::Broken).then(|| first_error(&engine.summary().ok()?, &path)).flatten();
                line(&mut text, "feeds", format!("in none: {}", said.unwrap_or_else(|| left_out(why).to_owned())));
            }
        }
    } else {
        line(&mut text, "feeds", "in none: it is not where posts are, or its name is not one of a post".to_owned());
    }
    let summary = engine.summary()?;
    for (_, found) in summary.diagnostics.iter().filter(|(other, _)| *other == path) {
        text.push('\n');
        text.push_str(&show::finding(&path.to_string(), found, Some(&String::from_utf8_lossy(&bytes))));
    }
    show::print(&text);
    Ok(Exit::Done)
}

/// The message of the first error about a post.
fn first_error(summary: &Summary, path: &SitePath) -> Option<String> {
    let mut own = summary.diagnostics.iter().filter(|(other, _)| other == path);
    let error = own.find(|(_, found)| found.severity() == Severity::Error)?;
    Some(error.1.message.clone())
}

fn entry(engine: &Engine, path: &SitePath, bytes: &[u8]) -> Result<Exit, CommandError> {
    let Some(Entry { post, mut item, .. }) = engine.entry(path, bytes) else {
        return Err(CommandError::Other(format!(
            "{path} is in no feed; `syndicated inspect` without --entry says why"
        )));
    };
    if let Some(id) = engine.moved_id(path)? {
        item.id = id;
    }
    let entry =
        writers::entry(&post.as_of(clock::now(), item)).map_err(|error| CommandError::Other(error.to_string()))?;
    show::print(&format!("{}\n", entry.trim_end()));
    Ok(Exit::Done)
}

fn describe(
    text: &mut String,
    explanation: &Explanation,
    engine: &Engine,
    path: &SitePath,
) -> Result<(), CommandError> {
    let moved = engine.moved_id(path)?;
    for (name, field) in &explanation.fields {
        if let Some(id) = moved.as_ref().filter(|_| *name == "id") {
            line(text, name, id.as_str().to_owned());
            let _ = writeln!(text, "            from the pinned ids: a post with the same text was renamed");
            continue;
        }
        let value = if field.value.is_empty() { "(none)".to_owned() } else { field.value.clone() };
        line(text, name, value);
        let _ = writeln!(text, "            from {}", show::printable(&field.from.to_string()));
    }
    let now = clock::now();
    match (explanation.shown_from, explanation.shown_until) {
        (Some(from), _) if from > now => line(text, "appears", instant(from)),
        (_, Some(until)) if until <= now => line(text, "expired", instant(until)),
        (_, Some(until)) => line(text, "expires", instant(until)),
        _ => {}
    }
    let places = engine.places(path)?;
    if places.is_empty() {
        line(text, "feeds", format!("in none: {}", why_nowhere(engine, path)?));
        return Ok(());
    }
    for (n, place) in places.iter().enumerate() {
        let limit = engine.limit(&place.key) as u64;
        let shown = if place.rank > limit { format!(", and the feed holds {limit}") } else { String::new() };
        let paths: Vec<_> = engine
            .config()
            .feed_paths(&place.key)
            .into_iter()
            .filter_map(|(_, path)| Some(path?.to_string()))
            .collect();
        let name = if n == 0 { "feeds" } else { "" };
        line(text, name, format!("{}: number {}{shown} ({})", key(&place.key, engine), place.rank, paths.join(", ")));
    }
    Ok(())
}

/// Why a post that is understood is in no feed.
fn why_nowhere(engine: &Engine, path: &SitePath) -> Result<String, CommandError> {
    if engine.is_older(path)? {
        return Ok("the site's limit_posts keeps only posts that are newer".to_owned());
    }
    let summary = engine.summary()?;
    let found: Option<&(SitePath, Diagnostic)> = summary.diagnostics.iter().find(|(other, _)| other == path);
    Ok(found.map_or_else(|| "its time is not now".to_owned(), |(_, found)| found.message.clone()))
}

fn key(key: &FeedKey, engine: &Engine) -> String {
    match &key.group {
        Group::Custom(n) => engine.config().feeds.get(*n).map_or_else(|| key.to_string(), |feed| feed.title.clone()),
        _ => key.to_string(),
    }
}

fn left_out(why: LeftOut) -> &'static str {
    match why {
        LeftOut::NoFrontMatter => "it has no front matter",
        LeftOut::Draft => "it is a draft",
        LeftOut::Unpublished => "it says published: false",
        LeftOut::Hidden => "it asks not to be in feeds",
        LeftOut::NoDateInName => "there is no date in its name",
        LeftOut::Broken => "it is broken",
        LeftOut::NoDate => "it states no date",
    }
}

fn instant(micros: i64) -> String {
    Timestamp::from_micros(micros, 0).map_or_else(|| "at no time".to_owned(), Timestamp::rfc3339)
}

fn line(text: &mut String, name: &str, value: String) {
    let _ = writeln!(text, "{name:<11} {}", show::printable(&value));
}
