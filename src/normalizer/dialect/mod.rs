//! How each generator reads its posts: one file a dialect.

mod hugo;
mod jekyll;
mod plain;
mod zola;

use std::fmt::Debug;

use super::fields::Sourced;
use super::front_matter::{Document, Fences, FrontMatter};
use super::media::{self, Media};
use crate::config::{self, Config, ContentMode};
use crate::model::{Author, CategoryPage, Diagnostic, ItemId, Label, Language, LeftOut, SitePath, Timestamp, WebUrl};

/// What a file is by its place and name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It lies where posts lie.
    Post,
    /// It may be the page of a category.
    Page,
    /// Neither: it is never opened.
    None,
}

/// Everything about a post but its text.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// The language whose feeds it is in; `None` for the site's default one.
    pub(crate) language: Option<Language>,
    pub(crate) date: Sourced<Timestamp>,
    pub(crate) updated: Sourced<Timestamp>,
    pub(crate) link: Sourced<WebUrl>,
    pub(crate) id: Sourced<ItemId>,
    pub(crate) categories: Sourced<Vec<Label>>,
    /// The collection that it is of, where that is not the posts: it is in feeds of that collection alone.
    pub(crate) collection: Option<String>,
    /// Those that an entry shows; `None`: all.
    pub(crate) shown_categories: Option<Vec<Label>>,
    pub(crate) tags: Sourced<Vec<Label>>,
    /// Each with where the name, and what is known of it, come from.
    pub(crate) authors: Vec<Sourced<Author>>,
    pub(crate) shown_from: Option<i64>,
    pub(crate) shown_until: Option<i64>,
}

/// The other posts of a site, for the text of one that leads to them: what a link says depends on them then.
pub trait Others: Debug {
    /// The bytes of a post; `None` when it is not there.
    fn read(&self, path: &SitePath) -> Option<Vec<u8>>;
}

/// No other posts.
#[derive(Debug, Clone, Copy)]
pub struct Alone;

impl Others for Alone {
    fn read(&self, _path: &SitePath) -> Option<Vec<u8>> {
        None
    }
}

/// A post as the dialect gets it.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    pub(crate) others: &'a dyn Others,
    pub(crate) path: &'a SitePath,
    /// Without front matter it is an empty one.
    pub(crate) document: &'a Document<'a>,
    pub(crate) has_front_matter: bool,
}

/// The text of a post.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) title: Sourced<String>,
    pub(crate) summary: Option<Sourced<String>>,
    pub(crate) content: Option<String>,
    pub(crate) media: Media,
    /// What of its markup could not be rendered.
    pub(crate) left_out: Vec<Unrendered>,
}

/// Markup of a post that could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unrendered {
    /// The line of the file, from 1, of what is wrong there; `None` for what is only not known here, such as a tag of a plugin.
    pub(crate) line: Option<u32>,
    /// In a whole sentence.
    pub(crate) message: String,
}

impl Unrendered {
    /// With the place of the post, where it is about a line of it.
    pub(crate) fn told(&self, path: &SitePath) -> String {
        match self.line {
            Some(line) => format!("{path}:{line}: {}", self.message),
            None => self.message.clone(),
        }
    }
}

/// One generator's rules. A new dialect is one file that implements this, and one line in [`for_config`].
pub(crate) trait Dialect: Debug + Send + Sync {
    /// Which fences front matter has.
    fn fences(&self) -> Fences {
        Fences::Yaml
    }
    /// What the file is by its place and name.
    fn role(&self, path: &SitePath) -> Role;

    /// Whether a folder may hold posts or pages.
    fn wants_folder(&self, path: &SitePath) -> bool;

    /// Whether lines of `Key: value` at the head of a file are front matter.
    fn reads_headers(&self) -> bool {
        false
    }

    /// Everything about the post but its text, or why it is in no feed.
    fn head(&self, source: &Source<'_>, diagnostics: &mut Vec<Diagnostic>) -> Result<Head, LeftOut>;

    /// The place of the post among those of the same instant, the greatest first; `None`: its path says it.
    fn rank(&self, _head: &Head) -> Option<Vec<u8>> {
        None
    }

    /// The text of the post, for a feed in this mode.
    fn text(&self, source: &Source<'_>, head: &Head, mode: ContentMode) -> Text;

    /// All of the post's text as HTML that is not cleaned yet, and what of its markup could not be rendered.
    fn html(&self, source: &Source<'_>, head: &Head) -> (String, Vec<Unrendered>);

    /// Whether front matter names a picture or sound that the post comes with.
    fn names_media(&self, front: &FrontMatter) -> bool {
        media::is_any_named(|key| front.get(key).is_some())
    }

    /// The category that the page stands for.
    fn page(&self, _source: &Source<'_>) -> Option<CategoryPage> {
        None
    }

    /// The page of a category that the generator makes by itself, in a language of the site.
    fn category_link(&self, _label: &Label, _language: Option<&Language>) -> Option<WebUrl> {
        None
    }
    /// The title of that page, where it has one of its own.
    fn category_title(&self, _label: &Label, _language: Option<&Language>) -> Option<String> {
        None
    }
}

/// The dialect of a configuration.
pub(crate) fn for_config(config: &Config) -> Box<dyn Dialect> {
    match &config.source.dialect {
        config::Dialect::Hugo(site) => Box::new(hugo::Hugo::new(config, site)),
        config::Dialect::Jekyll(site) => Box::new(jekyll::Jekyll::new(config, site)),
        config::Dialect::Zola(site) => Box::new(zola::Zola::new(config, site)),
        config::Dialect::Plain { permalink, authors } => Box::new(plain::Plain::new(config, permalink, authors)),
    }
}
