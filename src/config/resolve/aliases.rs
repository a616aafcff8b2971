//! `[aliases]`: old paths of feeds, each with the path of the feed that stands for it now.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use crate::config::Config;
use crate::config::aliases::{Aliases, neighbour};
use crate::config::error::{Origin, Report};
use crate::config::settings::{Setting, Written};
use crate::model::FeedPath;

/// What stands in the table, held against the feeds that the configuration gives.
pub(super) fn resolve(table: &[(String, Origin, Setting)], config: &Config, report: &mut Report) -> Aliases {
    let named = named(config);
    let mut targets: BTreeMap<FeedPath, FeedPath> = BTreeMap::new();
    let mut values: Vec<(&Origin, FeedPath)> = Vec::new();
    for (old, origin, setting) in table {
        let now = now(setting, config, report);
        let Some(old) = accept(parse(old, config), old, origin, report) else { continue };
        if let Some((_, name)) = neighbour(&named, old.as_str()) {
            report.add(origin, &format!("the alias `{old}` meets the path of {name}"));
        } else if config.output.archive.as_ref().is_some_and(|archive| archive.meets(old.as_str())) {
            report.add(origin, &format!("the alias `{old}` can meet a page of an archive (output.layout.archive)"));
        } else if let Some((other, _)) = neighbour(&targets, old.as_str()) {
            report.add(origin, &format!("the alias `{old}` cannot stand beside the alias `{other}`"));
        } else if let Some(now) = now {
            targets.insert(old, now.clone());
            values.push((&setting.origin, now));
        }
    }
    for (origin, now) in values {
        if targets.contains_key(&now) {
            report.add(origin, &format!("`{now}` is an alias itself; name the feed that is there now"));
        } else if !(named.get(now.as_str()).is_some_and(|name| name.starts_with(FEED))
            || config.may_be_of_a_label(&now))
        {
            report
                .add(origin, &format!("`{now}` is the path of no feed; `syndicated list` shows those that there are"));
        }
    }
    Aliases::new(targets)
}

const FEED: &str = "the feed of ";

/// The paths that are taken whatever the posts are, each with what has it.
fn named(config: &Config) -> BTreeMap<String, String> {
    let mut named = BTreeMap::new();
    for key in config.standing_feeds() {
        let paths = config.feed_paths(&key).into_iter().filter_map(|(_, path)| path);
        named.extend(paths.map(|path| (path.as_str().to_owned(), format!("{FEED}{key}"))));
        named.extend(config.page_path(&key).map(|path| (path.as_str().to_owned(), format!("the page of {key}"))));
    }
    named.extend(config.output.lists().into_iter().map(|(path, list)| (path.to_string(), list.to_owned())));
    named
}

fn now(setting: &Setting, config: &Config, report: &mut Report) -> Option<FeedPath> {
    let Written::Text(text) = &setting.written else {
        let problem = "an alias is an old path in quotes and, as a string, the path of the feed that is there now";
        report.add(&setting.origin, problem);
        return None;
    };
    accept(parse(text, config), text, &setting.origin, report)
}

fn accept(path: Result<FeedPath, String>, text: &str, origin: &Origin, report: &mut Report) -> Option<FeedPath> {
    path.map_err(|problem| report.add(origin, &format!("`{text}` {problem}"))).ok()
}

/// A path below the output; with a leading `/`, a path on the site, as web servers and generators write old addresses.
fn parse(text: &str, config: &Config) -> Result<FeedPath, String> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let below = if text.starts_with('/') {
        let output = decoded(config.output.feeds_url.url().path());
        let below = decoded(text).strip_prefix(&output).map(str::to_owned);
        below
            .ok_or_else(|| format!("is not below `{output}`, where feeds are: only files in the output can be kept"))?
    } else {
        text.to_owned()
    };
    if below.ends_with('/') {
        return Err("is a folder: name the file in it that a web server shows, such as `index.xml`".to_owned());
    }
    FeedPath::new(&below)
        .ok_or_else(|| "must be the path of a file below the output, without empty, hidden or `..` segments".to_owned())
}
