//! One feed: its posts read once more, written in each format, published.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::assemble::Plan;
use super::pages::{self, Built};
use crate::catalog::{Article, Listed};
use crate::config::{Config, ContentMode};
use crate::model::{FeedPath, Item, SitePath};
use crate::normalizer::Normalizer;
use crate::publisher::{LocalFolder, Outcome, PublishError, Publisher};
use crate::watcher::scan::{self, Content};
use crate::writers::{self, Target};

/// What it takes to make feeds.
#[derive(Clone, Copy)]
pub(super) struct Maker<'a> {
    pub(super) config: &'a Config,
    pub(super) normalizer: &'a Normalizer,
    /// The paths of feeds that the configuration names.
    pub(super) taken: &'a HashSet<FeedPath>,
    /// Built pages that are being written.
    pub(super) writing: &'a BTreeSet<SitePath>,
    /// In microseconds since 1970.
    pub(super) now: i64,
    /// Whether what could not be rendered of posts is told with their feeds.
    pub(super) tells_markup: bool,
}

/// What became of one feed.
pub(super) enum Made {
    Published {
        files: Vec<(FeedPath, Outcome)>,
        articles: Vec<Article>,
        notes: Vec<String>,
    },
    /// The page of one of its posts is being written.
    Waiting,
    /// These posts are not what the catalog says: they have to be read again first.
    Stale(Vec<SitePath>),
    Failed(PublishError),
}

/// A feed in each format.
pub(super) struct Written {
    pub(super) documents: Vec<(FeedPath, Vec<u8>)>,
    /// The built pages that its posts have their text from, or should have.
    pub(super) articles: Vec<Article>,
    pub(super) notes: Vec<String>,
}

impl Maker<'_> {
    /// Makes a feed and publishes it.
    pub(super) fn publish(self, plan: Plan, publisher: &Publisher<LocalFolder>) -> Made {
        let written = match self.write(plan) {
            Ok(written) => written,
            Err(made) => return made,
        };
        let mut files = Vec::with_capacity(written.documents.len());
        for (path, bytes) in written.documents {
            match publisher.publish(&path, &bytes) {
                Ok(outcome) => files.push((path, outcome)),
                Err(error) => return Made::Failed(error),
            }
        }
        Made::Published { files, articles: written.articles, notes: written.notes }
    }

    /// Reads the posts of a feed and writes it in each format; or what keeps it from being written.
    pub(super) fn write(self, plan: Plan) -> Result<Written, Made> {
        let config = self.config;
        let Plan { key, mut feed, mode, posts, .. } = plan;
        let (mut articles, mut stale, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        for post in &posts {
            let Some((mut item, left_out)) = self.item(post, mode) else {
                stale.push(post.path.clone());
                continue;
            };
            notes.extend(left_out.into_iter().filter(|_| self.tells_markup));
            if mode == ContentMode::Full && item.content.is_some() {
                articles.extend(self.article(post, &mut item)?);
            }
            feed.items.push(Arc::new(item));
        }
        if !stale.is_empty() {
            return Err(Made::Stale(stale));
        }
        let left_out = |why: String| Made::Published {
            files: Vec::new(),
            articles: Vec::new(),
            notes: vec![format!("the feed of {key} {why}")],
        };
        let (mut places, mut targets) = (Vec::new(), Vec::new());
        for (format, path) in config.feed_paths(&key) {
            let Some(path) = path else {
                return Err(left_out(format!("has no path that can be written in {} and was left out", format.name())));
            };
            if !config.is_standing(&key) && self.taken.contains(&path) {
                return Err(left_out(format!("was left out: another feed of the configuration has the path {path}")));
            }
            targets.push(Target { format, self_url: config.address(&path) });
            places.push(path);
        }
        let fitted = writers::fit(&feed, &targets, config.content.max_size)
            .map_err(|error| left_out(format!("cannot be written: {error}")))?;
        let (kept, all) = (fitted.kept, feed.items.len());
        let note = (kept < all).then(|| {
            format!("the feed of {key} holds {kept} of its {all} newest posts: more would pass content.max_size")
        });
        let documents = places.into_iter().zip(fitted.documents.into_iter().map(|(_, bytes)| bytes)).collect();
        notes.extend(note);
        Ok(Written { documents, articles, notes })
    }

    /// The post with its text, and what could not be rendered of it; `None` when it is not what the catalog says.
    fn item(self, post: &Listed, mode: ContentMode) -> Option<(Item, Vec<String>)> {
        let (Content::Bytes(bytes), _) = scan::read(&post.path.under(&self.config.source.root)) else { return None };
        let (found, item, left_out) = self.normalizer.item(&post.path, &bytes, mode)?;
        (found.digest() == post.digest).then(|| {
            let mut item = found.as_of(self.now, item);
            if let Some(id) = &post.id {
                item.id.clone_from(id);
            }
            (item, left_out)
        })
    }

    /// Puts the text of the post's built page in place of that of its source, where it is to be had.
    fn article(self, post: &Listed, item: &mut Item) -> Result<Option<Article>, Made> {
        let Some(built) = Built::of(self.config) else { return Ok(None) };
        let place = built.place(&item.link);
        if !self.writing.is_empty() && pages::files(&place).iter().any(|file| self.writing.contains(file)) {
            return Err(Made::Waiting);
        }
        let page = built.read(&place, &item.link, self.normalizer, self.now.saturating_mul(1000));
        let finding = match page.article {
            Ok(article) => {
                item.content = Some(article);
                None
            }
            Err(finding) => Some(finding),
        };
        Ok(Some(Article { file: post.file, post: post.path.clone(), page: place, stamp: page.stamp, finding }))
    }
}
