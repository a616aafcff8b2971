//! The list of all feeds: made again when a feed comes, goes or has another title or home, and otherwise left alone.

use super::{Engine, EngineError, Report};
use crate::catalog::{FeedSummary, Outlined};
use crate::config::{Config, OPML};
use crate::model::{Feed, FeedKey, FeedPath, Format, WebUrl};
use crate::publisher::{LocalFolder, Outcome, Publisher};
use crate::writers::{self, History, Outline, Target};

impl Config {
    /// Where the list of all feeds lies below the output; `None` when there is to be none.
    #[must_use]
    pub fn opml_path(&self) -> Option<FeedPath> {
        FeedPath::new(OPML).filter(|_| self.output.opml)
    }

    /// The documents of a feed, with their addresses.
    #[must_use]
    pub fn targets(&self, key: &FeedKey) -> Vec<Target> {
        let target = |(format, path): (Format, Option<FeedPath>)| {
            Some(Target { format, self_url: self.address(&path?), history: History::default() })
        };
        self.feed_paths(key).into_iter().filter_map(target).collect()
    }

    /// How the list shows a feed: as RSS, where there is that.
    fn outline(&self, Outlined { key, title, home }: Outlined) -> Option<Outline> {
        let targets = self.targets(&key);
        let best = targets.iter().find(|target| target.format == Format::Rss).or(targets.first())?;
        Some(Outline { title, feed: best.self_url.clone(), home: WebUrl::parse(&home)? })
    }
}

impl Engine {
    /// Publishes the list of all feeds, if it may be another than the one that is there.
    pub(super) fn publish_opml(
        &self,
        publisher: &Publisher<LocalFolder>,
        report: &mut Report,
    ) -> Result<bool, EngineError> {
        let Some(path) = self.config.opml_path() else { return Ok(true) };
        let feeds: Vec<Outline> =
            self.catalog.outlines()?.into_iter().filter_map(|outlined| self.config.outline(outlined)).collect();
        match publisher.publish(&path, writers::opml(&self.config.site.title, &feeds).as_bytes()) {
            Ok(Outcome::Written) => report.written += 1,
            // It is compared at each start: that is nothing to count.
            Ok(Outcome::Unchanged) => {}
            Err(error) => {
                report.failures.push(error.into());
                return Ok(false);
            }
        }
        self.catalog.settle_feeds(Vec::new(), [(&path, publisher.hint(&path))])?;
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
