//! Where feeds lie below the output: which there are in any case, and which path each has.

use super::{Config, CustomFeed, PathTemplate};
use crate::model::{FeedKey, FeedPath, Format, Group, Period};

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
        let layout = &self.output.layout;
        let folder = layout.folder(key.language.as_ref());
        let paths = layout.paths_in(key.language.as_ref());
        self.output
            .formats
            .iter()
            .map(|&format| {
                let path = match &key.group {
                    Group::All => paths.all.fill(format, ""),
                    Group::Category(label) => paths.category.fill(format, &layout.rules.name(label)),
                    Group::Tag(label) => paths.tag.fill(format, &layout.rules.name(label)),
                    Group::Author(name) => paths.author.fill(format, &layout.rules.name(name)),
                    Group::Custom(n) => self.feeds.get(*n).map_or_else(String::new, |feed| feed.path.fill(format, "")),
                };
                (format, FeedPath::new(&[folder.as_str(), &path].concat()))
            })
            .collect()
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
