//! Where feeds lie below the output: which there are in any case, and which path each has.

use super::{Config, CustomFeed, Output, PathTemplate};
use crate::model::{FeedKey, FeedPath, Format, Group, Period};

/// Where the list of all feeds lies below the output that readers import.
const OPML: &str = "feeds.opml";

impl Output {
    /// Where the list of all feeds lies that readers import; `None` when there is to be none.
    #[must_use]
    pub fn opml_path(&self) -> Option<FeedPath> {
        FeedPath::new(OPML).filter(|_| self.opml)
    }

    /// The files that list all feeds, each with what it is called.
    pub(super) fn lists(&self) -> Vec<(FeedPath, &'static str)> {
        let opml = self.opml_path().map(|path| (path, "the list of all feeds (output.opml)"));
        let page = self.html.clone().map(|path| (path, "the page that lists all feeds (output.html)"));
        opml.into_iter().chain(page).collect()
    }
}

impl Config {
    /// Feeds that are there also without posts.
    pub fn standing_feeds(&self) -> impl Iterator<Item = FeedKey> + use<'_> {
        let categories = self.categories.standing.iter().cloned().map(|label| Group::Category(label).into());
        let languages = std::iter::once(None).chain(self.languages.keys().cloned().map(Some));
        let in_each = languages.flat_map(|language| {
            let is_there = |feed: &CustomFeed| feed.is_in(language.as_ref());
            let custom = self.feeds.iter().enumerate().filter(|(_, feed)| is_there(feed));
            let groups: Vec<Group> = std::iter::once(Group::All).chain(custom.map(|(n, _)| Group::Custom(n))).collect();
            groups.into_iter().map(move |group| FeedKey { language: language.clone(), group })
        });
        in_each.chain(categories)
    }

    /// Whether a feed is there also without posts.
    #[must_use]
    pub fn is_standing(&self, key: &FeedKey) -> bool {
        match &key.group {
            Group::All => true,
            Group::Custom(n) => self.feeds.get(*n).is_some_and(|feed| feed.is_in(key.language.as_ref())),
            Group::Category(label) => key.language.is_none() && self.categories.standing.contains(label),
            Group::Tag(_) | Group::Author(_) => false,
        }
    }

    /// Where a feed lies below the output, in each format: a function of its key alone.
    ///
    /// `None` when the template gives no path that can be written.
    #[must_use]
    pub fn feed_paths(&self, key: &FeedKey) -> Vec<(Format, Option<FeedPath>)> {
        self.output.formats.iter().map(|&format| (format, self.feed_path(key, format))).collect()
    }

    /// Where a feed lies in one format.
    #[must_use]
    pub fn feed_path(&self, key: &FeedKey, format: Format) -> Option<FeedPath> {
        self.filled(key, |template, slug| template.fill(format, slug))
    }

    /// Where the page for people lies that shows a feed: a function of its key alone.
    ///
    /// `None` when there are no pages, or the template gives no path that can be written.
    #[must_use]
    pub fn page_path(&self, key: &FeedKey) -> Option<FeedPath> {
        self.output.html.as_ref()?;
        self.filled(key, PathTemplate::fill_page)
    }

    fn filled(&self, key: &FeedKey, fill: impl Fn(&PathTemplate, &str) -> String) -> Option<FeedPath> {
        let layout = &self.output.layout;
        let folder = layout.folder(key.language.as_ref());
        let paths = layout.paths_in(key.language.as_ref());
        let path = match &key.group {
            Group::All => fill(&paths.all, ""),
            Group::Category(label) => fill(&paths.category, &layout.rules.name(label)),
            Group::Tag(label) => fill(&paths.tag, &layout.rules.name(label)),
            Group::Author(name) => fill(&paths.author, &layout.rules.name(name)),
            Group::Custom(n) => self.feeds.get(*n).map_or_else(String::new, |feed| fill(&feed.path, "")),
        };
        FeedPath::new(&[folder.as_str(), &path].concat())
    }

    /// The path of a page of a feed's archive in each format, where it has one that can be written.
    #[must_use]
    pub fn archive_paths(&self, key: &FeedKey, period: Period) -> Vec<(Format, Option<FeedPath>)> {
        let Some(archive) = &self.output.archive else { return Vec::new() };
        let page = |path: Option<FeedPath>| archive.path(&path?, period);
        self.feed_paths(key).into_iter().map(|(format, path)| (format, page(path))).collect()
    }

    /// The old paths that a feed is kept at.
    #[must_use]
    pub fn old_paths(&self, key: &FeedKey) -> Vec<FeedPath> {
        let aliases = &self.output.aliases;
        if aliases.is_empty() {
            return Vec::new();
        }
        let paths = self.feed_paths(key).into_iter().filter_map(|(_, path)| path);
        paths.flat_map(|path| aliases.of(&path).to_vec()).collect()
    }

    /// Whether the feed of a category, a tag or an author may have this path, if there is the right one.
    pub(super) fn may_be_of_a_label(&self, path: &FeedPath) -> bool {
        let layout = &self.output.layout;
        let mut languages = std::iter::once(None).chain(self.languages.keys().map(Some));
        languages.any(|language| {
            let paths = layout.paths_in(language);
            let (tags, authors) = (self.categories.tags, self.categories.authors);
            let kinds = [(true, &paths.category), (tags, &paths.tag), (authors, &paths.author)];
            let below = path.as_str().strip_prefix(&layout.folder(language));
            below.is_some_and(|below| {
                let of = |template| {
                    self.output.formats.iter().any(|&format| fits(PathTemplate::template(template, format), below))
                };
                kinds.iter().any(|&(is_made, template)| is_made && of(template))
            })
        })
    }
}

/// Whether a template gives this path for something in place of each `{slug}`.
fn fits(template: &str, path: &str) -> bool {
    let fits_segment = |(open, segment): (&str, &str)| match open.split_once("{slug}") {
        None => open == segment,
        Some((start, rest)) => {
            let end = rest.rsplit("{slug}").next().unwrap_or_default();
            segment.len() > start.len() + end.len() && segment.starts_with(start) && segment.ends_with(end)
        }
    };
    template.split('/').count() == path.split('/').count() && template.split('/').zip(path.split('/')).all(fits_segment)
}
