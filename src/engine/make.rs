//! One feed: its posts read once more, written in each format, published.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::assemble::Plan;
use super::files::Piece;
use super::media::Files;
use super::pages::{self, Built};
use super::{EngineError, Meanwhile, files, html};
use crate::catalog::{Listed, Outlined, Seen, Use, Used};
use crate::config::{Config, ContentMode};
use crate::model::{FeedPath, Item, Rhythm, SitePath};
use crate::normalizer::{Media, Normalizer, Others, Rendered};
use crate::publisher::{LocalFolder, Outcome, Publisher};
use crate::watcher::scan::{self, Content};
use crate::writers;

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
    /// Who knows what is touched while feeds are made.
    pub(super) meanwhile: Option<&'a dyn Meanwhile>,
    /// In microseconds since 1970.
    pub(super) now: i64,
    /// Whether what could not be rendered of posts is told with their feeds.
    pub(super) tells_markup: bool,
}

/// The posts that the texts of a feed lead to, and where they were looked for.
#[derive(Debug)]
pub(super) struct Linked<'a> {
    root: &'a Path,
    asked: RefCell<BTreeSet<SitePath>>,
    /// What the machine or the disk failed at.
    failed: RefCell<Option<EngineError>>,
}

impl<'a> Linked<'a> {
    pub(super) fn new(root: &'a Path) -> Self {
        Self { root, asked: RefCell::default(), failed: RefCell::default() }
    }
}

impl Others for Linked<'_> {
    fn read(&self, path: &SitePath) -> Option<Vec<u8>> {
        self.asked.borrow_mut().insert(path.clone());
        let path = path.under(self.root);
        match scan::read(Vec::new(), &path) {
            (Content::Bytes(bytes), _) => Some(bytes),
            (Content::Failed(error), _) => {
                *self.failed.borrow_mut() = Some(EngineError::Input { path, error });
                None
            }
            _ => None,
        }
    }
}

/// What was made, how the list of feeds shows it, and what became of it.
pub(super) type Finished = (Piece, Option<Outlined>, Made);

/// What became of one feed.
pub(super) enum Made {
    Published {
        files: Vec<(FeedPath, Outcome)>,
        used: Vec<Used>,
        links: BTreeSet<SitePath>,
        notes: Vec<String>,
    },
    /// One of its posts, or a file that one of them is shown with, is being written.
    Waiting,
    /// These posts are not what the catalog says: they have to be read again first.
    Stale(Vec<SitePath>),
    Failed(EngineError),
}

/// A feed in each format.
pub(super) struct Written {
    pub(super) documents: Vec<(FeedPath, Vec<u8>)>,
    /// When its posts come, where that is shown.
    pub(super) rhythm: Option<Rhythm>,
    /// The files beside the posts that it was made with, or should have been.
    pub(super) used: Vec<Used>,
    /// The paths that its posts lead to.
    pub(super) links: BTreeSet<SitePath>,
    pub(super) notes: Vec<String>,
}

impl Maker<'_> {
    /// Makes some feeds, and publishes those whose posts nobody has touched meanwhile.
    pub(super) fn publish(self, plans: Vec<Plan>, publisher: &Publisher<LocalFolder>) -> Vec<Finished> {
        let (mut read, mut pages) = (BTreeSet::new(), BTreeSet::new());
        let mut made = Vec::with_capacity(plans.len());
        for plan in plans {
            let posts: Vec<SitePath> = plan.posts.iter().map(|post| post.path.clone()).collect();
            let (piece, mut outlined, written) = (plan.piece.clone(), plan.outlined(), self.write(plan));
            if let Ok(written) = &written {
                if let Some(outlined) = &mut outlined {
                    outlined.rhythm = written.rhythm;
                }
                read.extend(posts.iter().cloned());
                for (by, file) in inputs_of(written) {
                    if by == Use::Page {
                        pages.insert(file)
                    } else {
                        read.insert(file)
                    };
                }
            }
            made.push((piece, outlined, posts, written));
        }
        let (touched, touched_pages) = self.touched(&read, &pages);
        let is_touched = |posts: &[SitePath], written: &Written| {
            let mut files = inputs_of(written);
            posts.iter().any(|post| touched.contains(post))
                || files.any(|(by, file)| if by == Use::Page { &touched_pages } else { &touched }.contains(&file))
        };
        let settle = |(piece, outlined, posts, written): (_, _, Vec<SitePath>, Result<Written, Made>)| {
            let made = match written {
                Ok(written) if is_touched(&posts, &written) => Made::Waiting,
                Ok(written) => place(written, self.config, publisher),
                Err(made) => made,
            };
            (piece, outlined, made)
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
        let (piece, mode, mut feed) = (&plan.piece, plan.mode, plan.feed.clone());
        let linked = Linked::new(&config.source.root);
        let (mut used, mut stale, mut notes, mut buffer) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for post in &plan.posts {
            let found = self.item(post, mode, &linked, &mut buffer);
            let Some(Rendered { mut item, left_out, media, wants_picture, .. }) = found else {
                stale.push(post.path.clone());
                continue;
            };
            notes.extend(left_out.into_iter().filter(|_| self.tells_markup));
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
        if let Some(error) = linked.failed.take() {
            return Err(Made::Failed(error));
        }
        let left_out = |why: String| Made::Published {
            files: Vec::new(),
            used: Vec::new(),
            links: BTreeSet::new(),
            notes: vec![why],
        };
        if let Some(why) = piece.obstacle(config, self.taken) {
            return Err(left_out(why));
        }
        let (mut places, mut targets) = (Vec::new(), Vec::new());
        for (format, path) in piece.paths(config) {
            let Some(path) = path else {
                let name = format.name();
                return Err(left_out(format!("{piece} has no path that can be written in {name} and was left out")));
            };
            targets.push(plan.target(format, &path, config));
            places.push(path);
        }
        // A page of an archive is complete, however large.
        let max_size = if piece.page.is_some() { u64::MAX } else { config.content.max_size };
        let fitted = writers::fit(&feed, &targets, max_size)
            .map_err(|error| left_out(format!("{piece} cannot be written: {error}")))?;
        let (kept, all) = (fitted.kept, feed.items.len());
        let note = (kept < all)
            .then(|| format!("{piece} holds {kept} of its {all} newest posts: more would pass content.max_size"));
        let mut documents: Vec<(FeedPath, Vec<u8>)> =
            places.into_iter().zip(fitted.documents.into_iter().map(|(_, bytes)| bytes)).collect();
        notes.extend(note);
        let has_page = config.output.html.is_some() && piece.page.is_none();
        let rhythm = has_page.then(|| Rhythm::of(feed.items.iter().take(kept).map(Arc::as_ref))).flatten();
        let page = has_page.then(|| files::page(config, &piece.key, self.taken)).flatten();
        documents.extend(page.map(|path| {
            let page = html::page(config, &piece.key, (&feed, kept), &targets, &path, rhythm);
            (path, page.into_bytes())
        }));
        Ok(Written { documents, rhythm, used, links: linked.asked.into_inner(), notes })
    }

    /// The post with its text; `None` when it is not what the catalog says.
    fn item(self, post: &Listed, mode: ContentMode, others: &Linked<'_>, buffer: &mut Vec<u8>) -> Option<Rendered> {
        let path = post.path.under(&self.config.source.root);
        let (Content::Bytes(bytes), _) = scan::read(std::mem::take(buffer), &path) else { return None };
        let found = self.normalizer.item_among(others, &post.path, &bytes, mode);
        *buffer = bytes;
        let mut found = found?;
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
        let used = Files::of(self.config).put(media, item, (post.file, &post.path), now_ns).map_err(Made::Failed)?;
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
        let page =
            built.read(&place, &item.link, self.normalizer, self.now.saturating_mul(1000)).map_err(Made::Failed)?;
        let finding =
            page.article.map(|(_, article)| pages::take_article(item, article, wants_picture, self.normalizer)).err();
        let (file, post, seen) = (post.file, post.path.clone(), Seen { stamp: page.stamp, is_linked: false });
        Ok(Some(Used { file, post, by: Use::Page, place, seen, finding }))
    }
}

/// The files beside its posts that a feed was made of.
fn inputs_of(written: &Written) -> impl Iterator<Item = (Use, SitePath)> + '_ {
    let linked = written.links.iter().map(|path| (Use::Media, path.clone()));
    let used = written.used.iter().flat_map(|used| match used.by {
        Use::Page => pages::files(&used.place).map(|file| (Use::Page, file)).to_vec(),
        Use::Media => vec![(Use::Media, used.place.clone())],
    });
    linked.chain(used)
}

/// Puts a feed's files in their places, and then their copies at old paths.
fn place(written: Written, config: &Config, publisher: &Publisher<LocalFolder>) -> Made {
    let mut files = Vec::with_capacity(written.documents.len());
    let own = written.documents.iter().map(|(path, bytes)| (path, bytes));
    let copies =
        own.clone().flat_map(|(path, bytes)| config.output.aliases.of(path).iter().map(move |old| (old, bytes)));
    for (path, bytes) in own.chain(copies) {
        match publisher.publish(path, bytes) {
            Ok(outcome) => files.push((path.clone(), outcome)),
            Err(error) => return Made::Failed(error.into()),
        }
    }
    Made::Published { files, used: written.used, links: written.links, notes: written.notes }
}
