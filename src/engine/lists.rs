//! The lists of all feeds, for readers and for people: made again when a feed comes, goes or has another title or home, that for
//! people also when it has news, and otherwise left alone.

use std::collections::HashSet;

use super::{Engine, EngineError, Report, html};
use crate::catalog::{FeedSummary, Outlined, Relisted};
use crate::config::Config;
use crate::model::{Feed, FeedKey, FeedPath, Format, WebUrl};
use crate::publisher::{LocalFolder, Outcome, Publisher};
use crate::writers::{self, History, Outline, Target};

impl Config {
    /// The documents of a feed, with their addresses.
    #[must_use]
    pub fn targets(&self, key: &FeedKey) -> Vec<Target> {
        let target = |(format, path): (Format, Option<FeedPath>)| {
            Some(Target { format, self_url: self.address(&path?), history: History::default() })
        };
        self.feed_paths(key).into_iter().filter_map(target).collect()
    }

    /// The document by which the lists lead to a feed: RSS, where there is that.
    fn best(&self, key: &FeedKey) -> Option<Target> {
        let formats = &self.output.formats;
        let format = formats.iter().find(|format| **format == Format::Rss).or(formats.first()).copied()?;
        Some(Target { format, self_url: self.address(&self.feed_path(key, format)?), history: History::default() })
    }
}

impl Engine {
    /// Publishes those lists of all feeds that may be others than those that are there; whether all of them are there now.
    pub(super) fn publish_lists(
        &self,
        publisher: &Publisher<LocalFolder>,
        taken: &HashSet<FeedPath>,
        report: &mut Report,
    ) -> Result<bool, EngineError> {
        let config = &self.config;
        let outlines = self.catalog.outlines()?;
        let feeds: Vec<(Outlined, Target)> = outlines
            .into_iter()
            .filter_map(|outlined| config.best(&outlined.key).map(|best| (outlined, best)))
            .collect();
        let path = config.output.opml_path().filter(|_| self.lists_in_doubt == Relisted::All);
        let opml = path.map(|path| (path, opml(config, &feeds)));
        let page = config.output.html.clone().map(|path| {
            let page = html::index(config, &path, taken, &feeds);
            (path, page)
        });
        let lists: Vec<(FeedPath, String)> = opml.into_iter().chain(page).collect();
        let (mut published, wanted) = (Vec::new(), lists.len());
        for (path, text) in lists {
            match publisher.publish(&path, text.as_bytes()) {
                Ok(outcome) => {
                    // What is the same is compared at each start: that is nothing to count.
                    report.written += u64::from(outcome == Outcome::Written);
                    published.push(path);
                }
                Err(error) => report.failures.push(error.into()),
            }
        }
        self.catalog.settle_feeds(Vec::new(), published.iter().map(|path| (path, publisher.hint(path))))?;
        Ok(published.len() == wanted)
    }

    /// What a feed says of itself, without its items.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn head(&self, feed: &FeedSummary) -> Result<Feed, EngineError> {
        Ok(super::assemble::describe(feed.feed, &feed.key, &self.catalog, &self.config, &self.normalizer)?)
    }
}

fn opml(config: &Config, feeds: &[(Outlined, Target)]) -> String {
    let outline = |(Outlined { title, home, .. }, best): &(Outlined, Target)| {
        Some(Outline { title: title.clone(), feed: best.self_url.clone(), home: WebUrl::parse(home)? })
    };
    writers::opml(&config.site.title, &feeds.iter().filter_map(outline).collect::<Vec<_>>())
}
