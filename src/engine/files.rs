//! Which files a feed has: its own in each format, and the copies of them at old paths.

use std::collections::HashSet;

use crate::config::Config;
use crate::model::{FeedKey, FeedPath};

/// The files of a feed. A feed that has to give way has none.
pub(super) fn of(config: &Config, key: &FeedKey, taken: &HashSet<FeedPath>) -> Vec<FeedPath> {
    if obstacle(config, key, taken).is_some() {
        return Vec::new();
    }
    let own = config.feed_paths(key).into_iter().filter_map(|(_, path)| path);
    own.chain(config.old_paths(key)).collect()
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
    let of = |key| config.feed_paths(&key).into_iter().filter_map(|(_, path)| path).collect::<Vec<_>>();
    config.standing_feeds().flat_map(of).chain(config.opml_path()).collect()
}

/// What is to be said of aliases that lead to files which are not there.
pub(super) fn dangling(config: &Config, is_there: impl Fn(&FeedPath) -> bool) -> impl Iterator<Item = String> {
    config.output.aliases.iter().filter(move |(_, now)| !is_there(now)).map(|(old, now)| {
        format!("the alias {old} leads to {now}, which no feed has now: there is no copy of it until one has")
    })
}
