//! One feed: its posts read once more, written in each format, published.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::Meanwhile;
use super::assemble::Plan;
use super::pages::{self, Built};
use crate::catalog::{Article, FeedId, Listed, Outlined};
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
    /// Who knows what is touched while feeds are made.
    pub(super) meanwhile: Option<&'a dyn Meanwhile>,
    /// In microseconds since 1970.
    pub(super) now: i64,
}

/// A feed that was made, and what became of it.
pub(super) type Finished = (FeedId, Outlined, Made);

/// What became of one feed.
pub(super) enum Made {
    Published {
        files: Vec<(FeedPath, Outcome)>,
        articles: Vec<Article>,
        notes: Vec<String>,
    },
    /// One of its posts, or the page of one, is being written.
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
    /// Makes some feeds, and publishes those whose posts nobody has touched meanwhile.
    pub(super) fn publish(self, plans: Vec<Plan>, publisher: &Publisher<LocalFolder>) -> Vec<Finished> {
        let (mut read, mut pages) = (BTreeSet::new(), BTreeSet::new());
        let mut made = Vec::with_capacity(plans.len());
        for plan in plans {
            let posts: Vec<SitePath> = plan.posts.iter().map(|post| post.path.clone()).collect();
            let (id, outlined, written) = (plan.id, plan.outlined(), self.write(plan));
            if let Ok(written) = &written {
                read.extend(posts.iter().cloned());
                pages.extend(written.articles.iter().flat_map(|article| pages::files(&article.page)));
            }
            made.push((id, outlined, posts, written));
        }
        let (touched, touched_pages) = self.touched(&read, &pages);
        let is_touched = |posts: &[SitePath], written: &Written| {
            let mut files = written.articles.iter().flat_map(|article| pages::files(&article.page));
            posts.iter().any(|post| touched.contains(post)) || files.any(|file| touched_pages.contains(&file))
        };
        let settle = |(id, outlined, posts, written): (_, _, Vec<SitePath>, Result<Written, Made>)| {
            let made = match written {
                Ok(written) if is_touched(&posts, &written) => Made::Waiting,
                Ok(written) => place(written, publisher),
                Err(made) => made,
            };
            (id, outlined, made)
        };
        made.into_iter().map(settle).collect()
    }

    /// Those of the posts and pages that were read which may have been half.
    fn touched(
        self,
        posts: &BTreeSet<SitePath>,
        pages: &BTreeSet<SitePath>,
    ) -> (BTreeSet<SitePath>, BTreeSet<SitePath>) {
        let Some(meanwhile) = self.meanwhile else { return Default::default() };
        let posts = if posts.is_empty() { BTreeSet::new() } else { meanwhile.touched(posts) };
        let pages = if pages.is_empty() { BTreeSet::new() } else { meanwhile.touched_pages(pages) };
        (posts, pages)
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
            notes.extend(left_out);
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

/// Puts a feed's files in their places.
fn place(written: Written, publisher: &Publisher<LocalFolder>) -> Made {
    let mut files = Vec::with_capacity(written.documents.len());
    for (path, bytes) in written.documents {
        match publisher.publish(&path, &bytes) {
            Ok(outcome) => files.push((path, outcome)),
            Err(error) => return Made::Failed(error),
        }
    }
    Made::Published { files, articles: written.articles, notes: written.notes }
}
