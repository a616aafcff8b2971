//! `list`: the feeds that there are.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::args::List;
use super::build::everything;
use super::{CommandError, Exit, load, show};
use crate::engine::{Engine, Silent};
use crate::model::{Group, Timestamp};

pub(super) fn list(args: &List) -> Result<Exit, CommandError> {
    let config = load(&args.site)?;
    let mut engine = Engine::looking(config)?;
    everything(&mut engine, &Silent)?;
    let mut rows = Vec::new();
    for feed in engine.feeds()? {
        let label = engine.title(&feed)?;
        let paths: Vec<_> = engine
            .config()
            .feed_paths(&feed.key)
            .into_iter()
            .filter_map(|(format, path)| Some((format.name(), path?.to_string())))
            .collect();
        let offset = engine.config().site.zone;
        let newest = feed
            .newest
            .and_then(|micros| Timestamp::from_micros(micros, 0))
            .and_then(|at| Timestamp::new(offset.show(at.date_time())))
            .map(Timestamp::rfc3339);
        let language = engine.config().site_in(feed.key.language.as_ref()).language.clone();
        let aliases: Vec<_> = engine.config().old_paths(&feed.key).iter().map(ToString::to_string).collect();
        rows.push((kind(&feed.key.group), language, label, paths, feed.posts, newest, aliases));
    }
    if args.json {
        let feeds: Vec<Value> = rows
            .into_iter()
            .map(|(kind, language, label, paths, posts, newest, aliases)| {
                let paths: Map<String, Value> =
                    paths.into_iter().map(|(format, path)| (format.to_owned(), json!(path))).collect();
                json!({
                    "kind": kind, "language": language, "label": label, "paths": paths, "aliases": aliases, "posts": posts,
                    "newest": newest,
                })
            })
            .collect();
        show::print(&format!("{:#}\n", Value::Array(feeds)));
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    for (kind, _, label, paths, posts, newest, aliases) in rows {
        let paths: Vec<_> = paths.into_iter().map(|(_, path)| path).collect();
        let newest = newest.unwrap_or_else(|| "-".to_owned());
        let _ = writeln!(text, "{kind:<8}  {posts:>7}  {newest:<25}  {}  {}", paths.join(" "), show::printable(&label));
        for alias in aliases {
            let _ = writeln!(text, "{:<8}  {posts:>7}  {newest:<25}  {alias}", "alias");
        }
    }
    show::print(&text);
    Ok(Exit::Done)
}

fn kind(group: &Group) -> &'static str {
    match group {
        Group::All => "all",
        Group::Category(_) => "category",
        Group::Tag(_) => "tag",
        Group::Author(_) => "author",
        Group::Custom(_) => "feed",
    }
}
