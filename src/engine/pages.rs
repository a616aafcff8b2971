//! The pages that the site's generator has built: where that of a post lies, what it looks like, and what has changed.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::make::Linked;
use super::media::{Files, followed};
use super::{Engine, EngineError};
use crate::catalog::{FeedId, Seen, Shown, Use};
use crate::config::{Config, ContentMode, FollowSymlinks, Pages};
use crate::model::{Code, Diagnostic, Item, Post, SitePath, WebUrl};
use crate::normalizer::{Normalizer, Rendered};
use crate::watcher::changes::Batch;
use crate::watcher::scan::{self, Content, Stamp};

/// The ways in which generators and servers let a path be a file, the first of which that is there counts.
const ENDINGS: [&str; 3] = ["/index.html", ".html", ""];

/// The folder of built pages of one site.
#[derive(Debug, Clone, Copy)]
pub(super) struct Built<'a> {
    pages: &'a Pages,
    site: &'a WebUrl,
    follow: FollowSymlinks,
}

/// What a post's page gave.
#[derive(Debug)]
pub(super) struct Page {
    /// As [`Built::stamp`] gives it; 0, which it never gives, where the page may change without another stamp.
    pub(super) stamp: Option<i64>,
    /// Its path and the post's text, or why that is not to be had.
    pub(super) article: Result<(SitePath, String), Diagnostic>,
}

/// A post as feeds of whole posts show it.
#[derive(Debug)]
pub struct Entry {
    /// Its place in feeds.
    pub post: Post,
    /// What feeds show.
    pub item: Item,
    /// Where the text of its built page is wanted: the path of that, or why it has the text of its source.
    pub from_page: Option<Result<SitePath, Diagnostic>>,
}

impl<'a> Built<'a> {
    /// `None` when posts have the text of their source.
    pub(super) fn of(config: &'a Config) -> Option<Self> {
        let pages = config.content.pages.as_ref()?;
        Some(Self { pages, site: &config.site.url, follow: config.source.follow_symlinks })
    }

    /// What the path of the page with this address begins with: the path of the address below the site's, decoded. The
    /// root's is empty. It never leads out of the folder.
    pub(super) fn place(self, link: &WebUrl) -> SitePath {
        let path = link.url().path();
        let below = path.strip_prefix(self.site.url().path()).unwrap_or(path);
        let decoded: Vec<u8> = percent_decode_str(below).collect();
        let segments = decoded.split(|&b| b == b'/').filter(|segment| !matches!(*segment, b"" | b"." | b".."));
        segments.fold(SitePath::default(), |place, segment| place.join(OsStr::from_bytes(segment)))
    }

    /// Number of the file that is the page, in its present state; `None` when there is none, or none can be seen: whoever
    /// makes a feed with it says why.
    fn stamp(self, place: &SitePath) -> Option<i64> {
        let (path, _, stamp) = self.find(place).ok()??;
        Some(stamp.number(&path))
    }

    /// The text of the post with this address, from its page at this place, at the instant `now_ns`.
    ///
    /// # Errors
    /// When the machine or the disk fails, which says nothing about the page.
    pub(super) fn read(
        self,
        place: &SitePath,
        link: &WebUrl,
        normalizer: &Normalizer,
        now_ns: i64,
    ) -> Result<Page, EngineError> {
        let Some((path, file, _)) = self.find(place)? else {
            let names = files(place).map(|path| path.to_string()).join(", ");
            let problem = format!("it has no page: there is none of {names} in the folder of built pages");
            return Ok(Page { stamp: None, article: Err(Diagnostic::new(Code::NoArticle, problem)) });
        };
        let (content, stamp) = scan::read(Vec::new(), &file);
        // What cannot be read may become readable without a change of its own.
        let readable = !matches!(content, Content::Unreadable(_) | Content::Gone);
        let stamp = stamp.filter(|_| readable).map_or(0, |stamp| stamp.trusted(&path, now_ns));
        let article = match content {
            Content::Bytes(bytes) => {
                normalizer.article(&bytes, link).ok_or_else(|| format!("nothing is selected in its page {path}"))
            }
            Content::TooLarge(size) => Err(format!("its page {path} has {} MiB, and 16 are allowed", size >> 20)),
            Content::Unreadable(why) => Err(format!("its page {path} cannot be read: {why}")),
            Content::Failed(error) => return Err(EngineError::Input { path: file, error }),
            Content::Gone => Err(format!("its page {path} vanished while it was read")),
        };
        let article = article.map_err(|problem| Diagnostic::new(Code::NoArticle, problem));
        Ok(Page { stamp: Some(stamp), article: article.map(|article| (path, article)) })
    }

    /// The file that is the page, by its path in the folder and without links, and its stamp.
    fn find(self, place: &SitePath) -> Result<Option<(SitePath, PathBuf, Stamp)>, EngineError> {
        let folder = &self.pages.folder;
        for path in files(place) {
            let file = followed(folder, &path, self.follow)
                .map_err(|error| EngineError::Input { path: path.under(folder), error })?;
            let Some(file) = file else { continue };
            if let Some(stamp) = scan::Entry::at(path.clone()).stamp(folder).filter(|stamp| stamp.is_file()) {
                return Ok(Some((path, file, stamp)));
            }
        }
        Ok(None)
    }
}

/// Gives an item the text of its page, and where it is to have one the first picture of that.
pub(super) fn take_article(item: &mut Item, article: String, wants_picture: bool, normalizer: &Normalizer) {
    if wants_picture {
        item.image = normalizer.first_picture(&article).or(item.image.take());
    }
    item.content = Some(article);
}

/// The files of which the first that is there is the page.
pub(super) fn files(place: &SitePath) -> [SitePath; 3] {
    let place = place.as_bytes();
    ENDINGS.map(|ending| {
        let ending = if place.is_empty() { ending.trim_start_matches('/') } else { ending };
        SitePath::from_bytes(&[place, ending.as_bytes()].concat())
    })
}

/// The places whose page a file may be: [`files`] the other way round.
fn places(file: &SitePath) -> impl Iterator<Item = SitePath> {
    let of = |ending: &str| file.as_bytes().strip_suffix(ending.as_bytes()).map(SitePath::from_bytes);
    let root = (file.as_bytes() == b"index.html").then(SitePath::default);
    ENDINGS.map(of).into_iter().flatten().chain(root)
}

impl Engine {
    /// The post in these bytes as feeds of whole posts show it; `None` when it is none that has a place in a feed.
    #[must_use]
    pub fn entry(&self, path: &SitePath, bytes: &[u8]) -> Option<Entry> {
        let linked = Linked::new(&self.config.source.root);
        let Rendered { post, mut item, media, wants_picture, .. } =
            self.normalizer.item_among(&linked, path, bytes, ContentMode::Full)?;
        Files::of(&self.config).show(&media, &mut item);
        let built = Built::of(&self.config).filter(|_| item.content.is_some());
        let from_page = built.map(|built| {
            let page = built.read(&built.place(&item.link), &item.link, &self.normalizer, 0);
            let article = page.map_err(|error| Diagnostic::new(Code::NoArticle, error.to_string()))?.article;
            article.map(|(path, article)| {
                take_article(&mut item, article, wants_picture, &self.normalizer);
                path
            })
        });
        Some(Entry { post, item, from_page })
    }

    /// Marks the feeds that show a page which is another than when they were made. Returns what the owner should know.
    pub(super) fn look_at_pages(&self, batch: &Batch) -> Result<Option<String>, EngineError> {
        let Some(built) = Built::of(&self.config) else { return Ok(None) };
        let shown = self.pages_in_doubt(batch)?;
        let changed = |(place, feeds): (SitePath, Vec<(FeedId, Seen)>)| {
            let stamp = built.stamp(&place);
            feeds.into_iter().filter(move |(_, known)| known.stamp != stamp).map(|(feed, _)| feed).collect::<Vec<_>>()
        };
        let feeds: BTreeSet<FeedId> = self.pool.install(|| shown.into_par_iter().flat_map_iter(changed).collect());
        self.catalog.mark_dirty(feeds)?;
        let folder = &built.pages.folder;
        let missing = batch.everything && !folder.is_dir();
        Ok(missing.then(|| format!("there is no folder {} of built pages: build the site first", folder.display())))
    }

    fn pages_in_doubt(&self, batch: &Batch) -> Result<Shown, EngineError> {
        let pages = batch.pages.as_deref();
        if batch.everything || pages.is_some_and(|pages| pages.everything) {
            return Ok(self.catalog.used(Use::Page)?);
        }
        let mut shown = Shown::new();
        let Some(pages) = pages else { return Ok(shown) };
        let both = || pages.paths.iter().chain(&pages.folders);
        for place in both().flat_map(places).collect::<BTreeSet<_>>() {
            self.catalog.used_at(Use::Page, &place, &mut shown)?;
        }
        for folder in &pages.folders {
            self.catalog.used_below(Use::Page, folder, &mut shown)?;
        }
        Ok(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::{Built, files, places};
    use crate::config::{FollowSymlinks, Pages};
    use crate::model::{SitePath, WebUrl};

    fn place(site: &str, link: &str) -> String {
        let pages = Pages { folder: "/pages".into(), select: None, remove: None };
        let (site, link) = (WebUrl::parse(site).unwrap(), WebUrl::parse(link).unwrap());
        Built { pages: &pages, site: &site, follow: FollowSymlinks::Inside }.place(&link).text().into_owned()
    }

    #[test]
    fn a_link_has_one_place_in_the_folder() {
        let cases = [
            ("https://x.example/", "https://x.example/a/b/", "a/b"),
            ("https://x.example/", "https://x.example/a//b.html?q#f", "a/b.html"),
            ("https://x.example/", "https://x.example/", ""),
            ("https://x.example/base/", "https://x.example/base/a", "a"),
            ("https://x.example/", "https://x.example/%E6%96%B0/100%25", "新/100%"),
            ("https://x.example/", "https://x.example/%2Fetc%2F..%2F..%2Fpasswd", "etc/passwd"),
        ];
        for (site, link, expected) in cases {
            assert_eq!(place(site, link), expected, "{link}");
        }
    }

    #[test]
    fn every_file_of_a_place_leads_back_to_it() {
        for place in ["", "a", "a/b.html", "a/index.html", "index", ".html", "a/index"] {
            let place = SitePath::from_bytes(place.as_bytes());
            for file in files(&place).into_iter().filter(|file| !file.as_bytes().is_empty()) {
                assert!(places(&file).any(|found| found == place), "{file} of {place:?}");
                assert!(places(&file).count() <= 4);
            }
        }
    }
}
