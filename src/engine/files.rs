//! Which files a feed has: its own in each format, its page for people, the copies at old paths, and those of the pages of its archive.

use std::collections::HashSet;
use std::fmt;

use crate::catalog::{ArchivePage, Catalog, CatalogError, FeedId};
use crate::config::Config;
use crate::model::{FeedKey, FeedPath, Format, Period};

/// The page for people of a feed. What the configuration names has its place, whatever that is of.
pub(super) fn page(config: &Config, key: &FeedKey, taken: &HashSet<FeedPath>) -> Option<FeedPath> {
    let is_free = |path: &FeedPath| !taken.contains(path) && config.output.aliases.in_the_way(path).is_none();
    config.page_path(key).filter(|path| config.is_standing(key) || is_free(path))
}

/// What is made and published at once: the documents of a feed, or those of a page of its archive.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// By which it is settled.
    pub(super) id: FeedId,
    /// The feed itself.
    pub(super) feed: FeedId,
    pub(super) key: FeedKey,
    /// What the page covers.
    pub(super) page: Option<Period>,
}

impl From<(FeedId, FeedKey)> for Piece {
    fn from((id, key): (FeedId, FeedKey)) -> Self {
        Self { id, feed: id, key, page: None }
    }
}

impl From<ArchivePage> for Piece {
    fn from(ArchivePage { page, feed, key, period }: ArchivePage) -> Self {
        Self { id: page, feed, key, page: Some(period) }
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.page {
            None => write!(f, "the feed of {}", self.key),
            Some(period) => write!(f, "the page {period} of the archive of {}", self.key),
        }
    }
}

impl Piece {
    /// Whether it is to have files.
    pub(super) fn is_there(&self, catalog: &Catalog, config: &Config) -> Result<bool, CatalogError> {
        match self.page.zip(config.window().archive) {
            Some((period, division)) => catalog.is_page(self.feed, period, division),
            None => Ok(config.is_standing(&self.key) || catalog.has_posts(self.feed)?),
        }
    }

    /// Its path in each format.
    pub(super) fn paths(&self, config: &Config) -> Vec<(Format, Option<FeedPath>)> {
        match self.page {
            None => config.feed_paths(&self.key),
            Some(period) => config.archive_paths(&self.key, period),
        }
    }

    /// Its files. What has to give way has none.
    pub(super) fn files(&self, config: &Config, taken: &HashSet<FeedPath>) -> Vec<FeedPath> {
        if self.obstacle(config, taken).is_some() {
            return Vec::new();
        }
        let own = self.paths(config).into_iter().filter_map(|(_, path)| path);
        if self.page.is_some() {
            return own.collect();
        }
        own.chain(page(config, &self.key, taken)).chain(config.old_paths(&self.key)).collect()
    }

    /// Why it has to give way to what the configuration names: feeds with the paths in `taken`, and aliases. The pages of a
    /// feed go with it.
    pub(super) fn obstacle(&self, config: &Config, taken: &HashSet<FeedPath>) -> Option<String> {
        let why = obstacle(config, &self.key, taken).map(|why| format!("the feed of {} was left out: {why}", self.key));
        let page = || self.paths(config).into_iter().filter_map(|(_, path)| path).find(|path| taken.contains(path));
        why.or_else(|| self.page.and_then(|_| page()).map(|path| format!("{self} was left out: {}", has_path(&path))))
    }
}

fn obstacle(config: &Config, key: &FeedKey, taken: &HashSet<FeedPath>) -> Option<String> {
    if config.is_standing(key) {
        return None;
    }
    config.feed_paths(key).into_iter().filter_map(|(_, path)| path).find_map(|path| {
        if taken.contains(&path) {
            return Some(has_path(&path));
        }
        match config.output.aliases.in_the_way(&path)? {
            old if *old == path => Some(format!("the configuration has the alias {old}")),
            old => Some(format!("its path {path} cannot stand beside the alias {old}")),
        }
    })
}

fn has_path(path: &FeedPath) -> String {
    format!("another feed of the configuration has the path {path}")
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
