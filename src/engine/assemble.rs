//! From a feed's key to what its writers need: title, links, and which posts.

use super::files::Piece;
use crate::catalog::{Catalog, CatalogError, Division, FeedId, Listed, Outlined, Window};
use crate::config::{Config, ContentMode, Dialect, LabelSettings, Rules, capitalized};
use crate::model::{Feed, FeedKey, FeedPath, Format, Group, Label, Period, WebUrl};
use crate::normalizer::body::markdown::KramdownOptions;
use crate::normalizer::{Normalizer, text};
use crate::writers::{History, Target};

/// A feed or a page of its archive that is to be written: everything but the text of its posts.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) piece: Piece,
    /// Without items.
    pub(super) feed: Feed,
    pub(super) mode: ContentMode,
    pub(super) posts: Vec<Listed>,
    /// The pages of the archive that come before and after it.
    beside: [Option<Period>; 2],
}

impl Plan {
    /// How the list of all feeds shows it.
    pub(super) fn outlined(&self) -> Option<Outlined> {
        let Self { piece, feed, .. } = self;
        let outlined = || Outlined {
            key: piece.key.clone(),
            title: feed.title.clone(),
            home: feed.home.to_string(),
            rhythm: None,
        };
        piece.page.is_none().then(outlined)
    }

    /// Its document in a format that lies at `path`.
    pub(super) fn target(&self, format: Format, path: &FeedPath, config: &Config) -> Target {
        let key = &self.piece.key;
        let address = |paths: Vec<(Format, Option<FeedPath>)>| {
            let own = paths.into_iter().find(|(other, _)| *other == format)?;
            Some(config.address(&own.1?))
        };
        let [older, newer] = self.beside.map(|page| address(config.archive_paths(key, page?)));
        let current = self.piece.page.and_then(|_| address(config.feed_paths(key)));
        Target { format, self_url: config.address(path), history: History { current, older, newer } }
    }
}

impl Config {
    /// The public address of a published file.
    #[must_use]
    pub fn address(&self, path: &FeedPath) -> WebUrl {
        path.address(&self.output.feeds_url)
    }

    /// The most items that any feed holds.
    pub(super) fn window(&self) -> Window {
        let limit = self.feeds.iter().map(|feed| feed.limit).fold(self.content.limit, usize::max);
        let division = |posts| Division { posts, bytes: self.content.max_size };
        let archive = self.output.archive.as_ref().map(|archive| division(archive.posts));
        let site = match &self.source.dialect {
            Dialect::Jekyll(jekyll) => jekyll.limit_posts,
            _ => None,
        };
        Window { limit, ties: self.output.layout.rules.ties(), site, archive }
    }

    /// How many items a feed holds, and what of their text.
    pub(super) fn extent(&self, key: &FeedKey) -> (usize, ContentMode) {
        match &key.group {
            Group::Custom(n) => {
                self.feeds.get(*n).map_or((self.content.limit, self.content.mode), |feed| (feed.limit, feed.mode))
            }
            _ => (self.content.limit, self.content.mode),
        }
    }
}

/// Everything that is to be written of a feed, or of a page of its archive.
pub(super) fn plan(
    piece: Piece,
    catalog: &Catalog,
    config: &Config,
    normalizer: &Normalizer,
) -> Result<Plan, CatalogError> {
    let (limit, mode) = config.extent(&piece.key);
    let window = Window { limit, ..config.window() };
    let mut feed = describe(piece.feed, &piece.key, catalog, config, normalizer)?;
    let (posts, beside) = match (piece.page, window.archive) {
        (Some(period), Some(division)) => {
            // Hubs tell of the feed alone.
            feed.hubs.clear();
            (catalog.posts_of(piece.feed, period, window)?, catalog.pages_beside(piece.feed, period, division)?)
        }
        (_, division) => {
            let newest = division.map(|division| catalog.newest_page(piece.feed, division)).transpose()?;
            (catalog.newest(piece.feed, window)?, [newest.flatten(), None])
        }
    };
    Ok(Plan { piece, feed, mode, posts, beside })
}

pub(super) fn describe(
    id: FeedId,
    key: &FeedKey,
    catalog: &Catalog,
    config: &Config,
    normalizer: &Normalizer,
) -> Result<Feed, CatalogError> {
    let language = key.language.as_ref();
    let site = config.site_in(language);
    let rules = config.output.layout.rules;
    let mut feed = Feed {
        title: site.title.clone(),
        description: site.description.clone().unwrap_or_else(|| site.title.clone()),
        home: site.home.clone(),
        language: site.language.clone(),
        category: None,
        author: site.author.clone(),
        hubs: site.hubs.clone(),
        icon: site.icon.clone(),
        logo: site.logo.clone(),
        rights: site.rights.clone(),
        items: Vec::new(),
    };
    match &key.group {
        Group::All => {}
        Group::Category(folded) => {
            let label = catalog.spelling(id)?;
            let unset = LabelSettings::default();
            let settings = config.categories.labels.get(folded).unwrap_or(&unset);
            let (title, home) = match (rules, &label) {
                (Rules::JekyllFeed, label) => {
                    let name = label.as_ref().map_or(folded.as_str(), Label::as_str);
                    (Some(format!("{} | {}", site.title, capitalized(name))), None)
                }
                (Rules::Ours | Rules::Zola(_), label) => {
                    let page = if language.is_none() { catalog.page(folded, label.as_ref())? } else { None };
                    let by_generator = || label.as_ref().and_then(|label| normalizer.category_link(label, language));
                    let home = page.as_ref().map(|page| page.link.clone()).or_else(by_generator);
                    let name = page
                        .and_then(|page| page.title)
                        .or_else(|| label.as_ref().and_then(|label| normalizer.category_title(label, language)))
                        .or_else(|| label.as_ref().map(|label| label.as_str().to_owned()));
                    (name.map(|name| rules.titled(&name, &site.title)), home)
                }
            };
            let stated = settings.url.as_ref().and_then(|url| config.site.absolute(url));
            feed.home = stated.or(home).unwrap_or(feed.home);
            feed.title = settings.title.clone().or(title).unwrap_or(feed.title);
            feed.category = label;
        }
        Group::Tag(_) | Group::Author(_) => {
            let label: Option<Label> = catalog.spelling(id)?;
            // A feed of jekyll-feed's by tag has the site's title alone.
            let is_told = rules != Rules::JekyllFeed || matches!(key.group, Group::Author(_));
            if let Some(label) = label.as_ref().filter(|_| is_told) {
                feed.title = rules.titled(label.as_str(), &site.title);
            }
            if matches!(key.group, Group::Tag(_)) {
                feed.category = label;
            }
        }
        Group::Custom(n) => {
            if let Some(custom) = config.feeds.get(*n) {
                feed.title.clone_from(&custom.title);
                feed.description = custom.description.clone().unwrap_or_else(|| custom.title.clone());
            }
        }
    }
    if rules == Rules::JekyllFeed {
        feed.title = text::from_html(&text::smartify(&feed.title, &KramdownOptions::default()));
    }
    Ok(feed)
}
