//! Feeds beside those of all posts and of labels: which posts they select, and in which languages there are.

use globset::GlobMatcher;

use super::{ContentMode, PathTemplate};
use crate::model::Language;

/// A feed of one's own.
#[derive(Debug, Clone)]
pub struct CustomFeed {
    /// The collection whose documents it is of; `None`: the posts.
    pub collection: Option<String>,
    /// The languages that it is there in.
    pub spread: Spread,
    /// Its path below the folder of a language, a format.
    pub path: PathTemplate,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// At least one of these must hold, unless it is empty.
    pub any: Selection,
    /// All of these must hold.
    pub all: Selection,
    /// None of these may hold.
    pub none: Selection,
    /// How many items.
    pub limit: usize,
    /// What of the body.
    pub mode: ContentMode,
}

/// In which of a site's languages there is a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spread {
    /// In each, with the posts of that one.
    Each,
    /// In this one; `None` is the default language.
    One(Option<Language>),
}

impl CustomFeed {
    /// Whether it is there in a language; `None` is the default one.
    #[must_use]
    pub fn is_in(&self, language: Option<&Language>) -> bool {
        match &self.spread {
            Spread::Each => true,
            Spread::One(own) => own.as_ref() == language,
        }
    }
}

/// Conditions on a post.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Folded labels.
    pub categories: Vec<String>,
    /// Folded labels.
    pub tags: Vec<String>,
    /// Folded names.
    pub authors: Vec<String>,
    /// Globs on the path below the site.
    pub paths: Vec<GlobMatcher>,
}

impl Selection {
    /// Whether there is no condition.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.categories.is_empty() && self.tags.is_empty() && self.authors.is_empty() && self.paths.is_empty()
    }
}
