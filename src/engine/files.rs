//! Which files a feed has: its own in each format, its page for people, and the copies at old paths.

use std::collections::HashSet;

use crate::config::Config;
use crate::model::{FeedKey, FeedPath};

/// The files of a feed. A feed that has to give way has none.
pub(super) fn of(config: &Config, key: &FeedKey, taken: &HashSet<FeedPath>) -> Vec<FeedPath> {
    if obstacle(config, key, taken).is_some() {
        return Vec::new();
    }
    let own = config.feed_paths(key).into_iter().filter_map(|(_, path)| path);
    own.chain(page(config, key, taken)).chain(config.old_paths(key)).collect()
}

/// The page of a feed. What the configuration names has its place, whatever that is of.
pub(super) fn page(config: &Config, key: &FeedKey, taken: &HashSet<FeedPath>) -> Option<FeedPath> {
    let is_free = |path: &FeedPath| !taken.contains(path) && config.output.aliases.in_the_way(path).is_none();
    config.page_path(key).filter(|path| config.is_standing(key) || is_free(path))
}

/// Why a feed has to give way to what the configuration names: feeds with the paths in `taken`, and aliases.
pub(super) fn obstacle(config: &Config, key: &FeedKey, taken: &HashSet<FeedPath>) -> Option<String> {
    if config.is_standing(key) {
        return None;
    }
    config.feed_paths(key).into_iter().filter_map(|(_, path)| path).find_map(|path| {
        if taken.contains(&path) {
            return Some(format!("another feed of the configuration has the path {path}"));
        }
        match config.output.aliases.in_the_way(&path)? {
            old if *old == path => Some(format!("the configuration has the alias {old}")),
            old => Some(format!("its path {path} cannot stand beside the alias {old}")),
        }
    })
}

/// The paths that the configuration names; those of other feeds must not meet them.
pub(super) fn taken(config: &Config) -> HashSet<FeedPath> {
    let of = |key| {
        let paths = config.feed_paths(&key).into_iter().filter_map(|(_, path)| path);
        paths.chain(config.page_path(&key)).collect::<Vec<_>>()
    };
    config.standing_feeds().flat_map(of).chain(lists(config)).collect()
}

/// The files that list all feeds.
pub(super) fn lists(config: &Config) -> impl Iterator<Item = FeedPath> + use<> {
    config.output.opml_path().into_iter().chain(config.output.html.clone())
}

/// What is to be said of aliases that lead to files which are not there.
pub(super) fn dangling(config: &Config, is_there: impl Fn(&FeedPath) -> bool) -> impl Iterator<Item = String> {
    config.output.aliases.iter().filter(move |(_, now)| !is_there(now)).map(|(old, now)| {
        format!("the alias {old} leads to {now}, which no feed has now: there is no copy of it until one has")
    })
}
