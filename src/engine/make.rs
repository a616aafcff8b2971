//! One feed: its posts read once more, written in each format, published.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::assemble::Plan;
use super::media::Files;
use super::pages::{self, Built};
use crate::catalog::{Listed, Use, Used};
use crate::config::{Config, ContentMode};
use crate::model::{FeedPath, Item, SitePath};
use crate::normalizer::{Media, Normalizer, Others, Rendered};
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
    /// Files of the site that are being written.
    pub(super) writing_in_site: &'a BTreeSet<SitePath>,
    /// In microseconds since 1970.
    pub(super) now: i64,
}

/// The posts that the texts of a feed lead to, and where they were looked for.
#[derive(Debug)]
pub(super) struct Linked<'a> {
    root: &'a Path,
    asked: RefCell<BTreeSet<SitePath>>,
}

impl<'a> Linked<'a> {
    pub(super) fn new(root: &'a Path) -> Self {
        Self { root, asked: RefCell::default() }
    }
}

impl Others for Linked<'_> {
    fn read(&self, path: &SitePath) -> Option<Vec<u8>> {
        self.asked.borrow_mut().insert(path.clone());
        match scan::read(&path.under(self.root)) {
            (Content::Bytes(bytes), _) => Some(bytes),
            _ => None,
        }
    }
}

/// What became of one feed.
pub(super) enum Made {
    Published {
        files: Vec<(FeedPath, Outcome)>,
        used: Vec<Used>,
        links: BTreeSet<SitePath>,
        notes: Vec<String>,
    },
    /// A file that one of its posts is shown with is being written.
    Waiting,
    /// These posts are not what the catalog says: they have to be read again first.
    Stale(Vec<SitePath>),
    Failed(PublishError),
}

/// A feed in each format.
pub(super) struct Written {
    pub(super) documents: Vec<(FeedPath, Vec<u8>)>,
    /// The files beside the posts that it was made with, or should have been.
    pub(super) used: Vec<Used>,
    /// The paths that its posts lead to.
    pub(super) links: BTreeSet<SitePath>,
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
        Made::Published { files, used: written.used, links: written.links, notes: written.notes }
    }

    /// Reads the posts of a feed and writes it in each format; or what keeps it from being written.
    pub(super) fn write(self, plan: Plan) -> Result<Written, Made> {
        let config = self.config;
        let Plan { key, mut feed, mode, posts, .. } = plan;
        let linked = Linked::new(&config.source.root);
        let (mut used, mut stale, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        for post in &posts {
            let Some(Rendered { mut item, left_out, media, wants_picture, .. }) = self.item(post, mode, &linked) else {
                stale.push(post.path.clone());
                continue;
            };
            notes.extend(left_out);
            if !media.is_empty() {
                used.extend(self.media(post, &media, &mut item)?);
            }
            if mode == ContentMode::Full && item.content.is_some() {
                used.extend(self.article(post, &mut item, wants_picture)?);
            }
            feed.items.push(Arc::new(item));
        }
        if !stale.is_empty() {
            return Err(Made::Stale(stale));
        }
        let left_out = |why: String| Made::Published {
            files: Vec::new(),
            used: Vec::new(),
            links: BTreeSet::new(),
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
        Ok(Written { documents, used, links: linked.asked.into_inner(), notes })
    }

    /// The post with its text; `None` when it is not what the catalog says.
    fn item(self, post: &Listed, mode: ContentMode, others: &Linked<'_>) -> Option<Rendered> {
        let (Content::Bytes(bytes), _) = scan::read(&post.path.under(&self.config.source.root)) else { return None };
        let mut found = self.normalizer.item_among(others, &post.path, &bytes, mode)?;
        (found.post.digest() == post.digest).then(|| {
            found.item = found.post.as_of(self.now, found.item);
            if let Some(id) = &post.id {
                found.item.id.clone_from(id);
            }
            found
        })
    }

    /// Puts in what the post's pictures and files are.
    fn media(self, post: &Listed, media: &Media, item: &mut Item) -> Result<Vec<Used>, Made> {
        let now_ns = self.now.saturating_mul(1000);
        let used = Files::of(self.config).put(media, item, (post.file, &post.path), now_ns);
        let is_written = |used: &Used| self.writing_in_site.contains(&used.place);
        if used.iter().any(is_written) { Err(Made::Waiting) } else { Ok(used) }
    }

    /// Puts the text of the post's built page in place of that of its source, where it is to be had.
    fn article(self, post: &Listed, item: &mut Item, wants_picture: bool) -> Result<Option<Used>, Made> {
        let Some(built) = Built::of(self.config) else { return Ok(None) };
        let place = built.place(&item.link);
        if !self.writing.is_empty() && pages::files(&place).iter().any(|file| self.writing.contains(file)) {
            return Err(Made::Waiting);
        }
        let page = built.read(&place, &item.link, self.normalizer, self.now.saturating_mul(1000));
        let finding =
            page.article.map(|(_, article)| pages::take_article(item, article, wants_picture, self.normalizer)).err();
        let (file, post, stamp) = (post.file, post.path.clone(), page.stamp);
        Ok(Some(Used { file, post, by: Use::Page, place, stamp, is_linked: false, finding }))
    }
}
