//! The lists of all feeds, for readers and for people: made again when a feed comes, goes or has another title or home, that for
//! people also when it has news, and otherwise left alone.

use std::collections::HashSet;

use super::{Engine, EngineError, Report, html};
use crate::catalog::{FeedSummary, Outlined};
use crate::config::Config;
use crate::model::{Feed, FeedKey, FeedPath, Format, WebUrl};
use crate::publisher::{LocalFolder, Outcome, Publisher};
use crate::writers::{self, Outline, Target};

impl Config {
    /// The documents of a feed, with their addresses.
    #[must_use]
    pub fn targets(&self, key: &FeedKey) -> Vec<Target> {
        let target =
            |(format, path): (Format, Option<FeedPath>)| Some(Target { format, self_url: self.address(&path?) });
        self.feed_paths(key).into_iter().filter_map(target).collect()
    }

    /// How the lists show a feed: as RSS, where there is that.
    pub(super) fn best(&self, key: &FeedKey) -> Option<Target> {
        let targets = self.targets(key);
        targets.iter().find(|target| target.format == Format::Rss).or(targets.first()).cloned()
    }

    fn outline(&self, Outlined { key, title, home, .. }: &Outlined) -> Option<Outline> {
        Some(Outline { title: title.clone(), feed: self.best(key)?.self_url, home: WebUrl::parse(home)? })
    }
}

impl Engine {
    /// Publishes those lists of all feeds that may be others than those that are there.
    pub(super) fn publish_lists(
        &self,
        publisher: &Publisher<LocalFolder>,
        taken: &HashSet<FeedPath>,
        report: &mut Report,
    ) -> Result<bool, EngineError> {
        let config = &self.config;
        let outlines = self.catalog.outlines()?;
        let opml = config.output.opml_path().map(|path| {
            let feeds: Vec<Outline> = outlines.iter().filter_map(|outlined| config.outline(outlined)).collect();
            (path, writers::opml(&config.site.title, &feeds))
        });
        let page = config.output.html.clone().map(|path| {
            let page = html::index(config, &path, taken, &outlines);
            (path, page)
        });
        for (path, text) in opml.into_iter().chain(page) {
            match publisher.publish(&path, text.as_bytes()) {
                Ok(Outcome::Written) => report.written += 1,
                // It is compared at each start: that is nothing to count.
                Ok(Outcome::Unchanged) => {}
                Err(error) => {
                    report.failures.push(error.into());
                    return Ok(false);
                }
            }
            self.catalog.settle_feeds(Vec::new(), [(&path, publisher.hint(&path))])?;
        }
        Ok(true)
    }

    /// What a feed says of itself, without its items.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn head(&self, feed: &FeedSummary) -> Result<Feed, EngineError> {
        Ok(super::assemble::describe(feed.feed, &feed.key, &self.catalog, &self.config, &self.normalizer)?)
    }
}
