//! A feed before it is written: what every format says of it, and its items.

use std::fmt;
use std::sync::Arc;

use super::{Author, Item, Label, Timestamp, WebUrl};

/// A syndication format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// RSS 2.0.
    Rss,
    /// Atom (RFC 4287).
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Rss, Self::Atom, Self::Json];

    /// What `{format}` stands for in path templates.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::Json => "json",
        }
    }

    /// Its media type (the RSS Advisory Board's profile; RFC 4287 §8; JSON Feed 1.1).
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }
}

/// A language of a site beside its default one, by the code that the site knows it by, such as `zh` or `pt-BR`.
///
/// The code is as the site has it and fit for one segment of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(Arc<str>);

impl Language {
    /// `None` unless `code` is of letters and digits, with single `-` or `_` between them, and at most 64 bytes long.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        let is_sound = code.split(['-', '_']).all(|part| !part.is_empty() && part.chars().all(char::is_alphanumeric));
        (is_sound && code.len() <= 64).then(|| Self(code.into()))
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which feed it is: of which posts, in which language of the site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedKey {
    /// `None` for the site's default language, and for sites that have one.
    pub language: Option<Language>,
    /// Which of the posts in that language.
    pub group: Group,
}

/// Which posts of a language are in a feed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Every post.
    All,
    /// Posts of a category, by its folded label.
    Category(String),
    /// Posts with a tag, by its folded label.
    Tag(String),
    /// Posts of an author, by the folded name.
    Author(String),
    /// The posts that the n-th `[[feed]]` of the configuration selects.
    Custom(usize),
}

/// The feed of the site's default language.
impl From<Group> for FeedKey {
    fn from(group: Group) -> Self {
        Self { language: None, group }
    }
}

impl fmt::Display for FeedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.language {
            None => self.group.fmt(f),
            Some(language) => write!(f, "{} in {language}", self.group),
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all posts"),
            Self::Category(key) => write!(f, "category {key}"),
            Self::Tag(key) => write!(f, "tag {key}"),
            Self::Author(key) => write!(f, "author {key}"),
            Self::Custom(n) => write!(f, "feed {}", n + 1),
        }
    }
}

/// Everything that a writer needs, the same for every format.
#[derive(Debug, Clone)]
pub struct Feed {
    /// Plain text, never empty.
    pub title: String,
    /// Plain text, never empty (RSS demands it).
    pub description: String,
    /// The page that the feed is about.
    pub home: WebUrl,
    /// A BCP 47 tag.
    pub language: Option<String>,
    /// The label of the feed's own category.
    pub category: Option<Label>,
    /// Who stands for items that name nobody.
    pub author: Option<Author>,
    /// WebSub hubs to announce.
    pub hubs: Vec<WebUrl>,
    /// A small square picture.
    pub icon: Option<WebUrl>,
    /// A larger picture.
    pub logo: Option<WebUrl>,
    /// Copyright line.
    pub rights: Option<String>,
    /// Newest first.
    pub items: Vec<Arc<Item>>,
}

impl Feed {
    /// The newest `updated` of its items: a feed's date never comes from the time of the run.
    #[must_use]
    pub fn updated(&self) -> Option<Timestamp> {
        self.items.iter().map(|item| item.updated).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_languages_are_fit_for_a_path() {
        for code in ["zh", "pt-BR", "zh_Hant", "a1"] {
            assert_eq!(Language::new(code).unwrap().code(), code);
        }
        for code in ["", ".", "..", "a/b", "a b", "-a", "a-", "a--b", "a.b", "{slug}", &"x".repeat(65)] {
            assert_eq!(Language::new(code), None, "{code}");
        }
    }

    #[test]
    fn feeds_are_in_the_order_of_languages_then_of_kinds() {
        let chinese = |group| FeedKey { language: Language::new("zh"), group };
        let mut keys = [chinese(Group::All), Group::Custom(0).into(), Group::All.into()];
        keys.sort();
        assert_eq!(keys.map(|key| key.to_string()), ["all posts", "feed 1", "all posts in zh"]);
    }
}
