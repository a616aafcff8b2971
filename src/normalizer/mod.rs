//! Bytes of a post in, an item and its diagnostics out: what a post means, in each dialect. Pure.

pub mod body;
pub mod date;
mod defaults;
mod dialect;
pub mod excerpt;
mod fields;
pub mod front_matter;
mod label;
mod liquid;
mod media;
mod permalink;
mod render;
mod resolve;
mod select;
mod shortcode;
#[cfg(test)]
mod tests;
pub mod text;

use std::collections::HashSet;

use crate::config::{Config, ContentMode};
use crate::model::{
    BodyHash, Claim, Diagnostic, FeedKey, Item, Label, LeftOut, Post, Reading, Record, SitePath, WebUrl,
};

use body::{article, html};
pub use dialect::Role;
use dialect::{Dialect, Head, Source, Text};
pub use fields::{Origin, Sourced};
use front_matter::{Document, Parsed};

/// Reads the posts of one site. Pure: the same bytes always give the same values.
#[derive(Debug)]
pub struct Normalizer {
    config: Config,
    dialect: Box<dyn Dialect>,
    /// What is taken out of built pages; `None` when posts have the text of their source.
    article: Option<article::Selection>,
}

/// How a post is understood, field by field.
#[derive(Debug)]
pub struct Explanation {
    /// Field, value as text, and where it came from.
    pub fields: Vec<(&'static str, Sourced<String>)>,
    /// The instant from which it is shown, in microseconds since 1970.
    pub shown_from: Option<i64>,
    /// The instant from which it is no longer shown.
    pub shown_until: Option<i64>,
}

/// What a post is known by, beside its id.
#[derive(Debug)]
pub struct Identity {
    /// Its page.
    pub link: WebUrl,
    /// Its text below the front matter.
    pub body: BodyHash,
    /// Whether its front matter says its id.
    pub is_stated: bool,
}

impl Normalizer {
    /// For the site of this configuration.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let pages = config.content.pages.as_ref();
        Self {
            dialect: dialect::for_config(config),
            article: pages.map(|pages| article::Selection::new(pages.select.as_ref(), pages.remove.as_ref())),
            config: config.clone(),
        }
    }

    /// What a file is by its place and name.
    #[must_use]
    pub fn role(&self, path: &SitePath) -> Role {
        if self.config.source.exclude.is_match(path.text().as_ref()) {
            return Role::None;
        }
        self.dialect.role(path)
    }

    /// Whether a folder may hold inputs.
    #[must_use]
    pub fn wants_folder(&self, path: &SitePath) -> bool {
        !self.config.source.exclude.is_match(path.text().as_ref()) && self.dialect.wants_folder(path)
    }

    /// What an input is, and which feeds it belongs to.
    #[must_use]
    pub fn read(&self, path: &SitePath, bytes: &[u8]) -> Record {
        let parsed = self.parse(bytes);
        match self.role(path) {
            Role::None => Record { reading: Reading::Other, diagnostics: Vec::new() },
            Role::Page => Record { reading: self.read_page(path, &parsed), diagnostics: Vec::new() },
            Role::Post => {
                let mut diagnostics = Vec::new();
                let reading = match self.head(path, parsed, &mut diagnostics) {
                    Ok((read, head)) => Reading::Post(self.post(path, &read, &head)),
                    Err(why) => Reading::LeftOut(why),
                };
                Record { reading, diagnostics }
            }
        }
    }

    /// The post with its text as a feed in this mode shows it; `None` when these bytes are no post that has a place in
    /// a feed. With it comes what could not be rendered of the text, in whole sentences.
    #[must_use]
    pub fn item(&self, path: &SitePath, bytes: &[u8], mode: ContentMode) -> Option<(Post, Item, Vec<String>)> {
        let (document, head) = self.head(path, self.parse(bytes), &mut Vec::new()).ok()?;
        let text = self.text(path, &document, &head, mode);
        let post = self.post(path, &document, &head);
        let item = Item {
            id: head.id.value,
            link: head.link.value,
            title: text.title.value,
            published: head.date.value,
            updated: head.updated.value,
            authors: head.authors.value,
            categories: head.shown_categories.unwrap_or(head.categories.value),
            tags: head.tags.value,
            summary: text.summary.map(|summary| summary.value),
            content: text.content,
            image: text.image,
            enclosure: text.enclosure,
        };
        Some((post, item, text.left_out))
    }

    /// What a post is known by, beside its id; `None` when these bytes are no post.
    #[must_use]
    pub fn identity(&self, path: &SitePath, bytes: &[u8]) -> Option<Identity> {
        let (read, head) = self.head(path, front_matter::parse(bytes, self.dialect.fences()), &mut Vec::new()).ok()?;
        let is_stated = is_stated(&head);
        Some(Identity { link: head.link.value, body: BodyHash::of(&read.document.body), is_stated })
    }

    /// The text of the post with this link, taken out of the page that its generator has built; `None` when nothing
    /// in the page is selected, or what is selected holds nothing to be read.
    #[must_use]
    pub fn article(&self, page: &[u8], link: &WebUrl) -> Option<String> {
        let page = String::from_utf8_lossy(page);
        let html = self.article.as_ref()?.extract(&page)?;
        let cleaning = html::Cleaning { base: link, keep_iframes: self.config.content.keep_iframes };
        let article = html::clean(html.trim(), &cleaning);
        Some(article).filter(|article| !article.trim().is_empty())
    }

    /// Where each field of a post comes from, or why it is in no feed.
    ///
    /// # Errors
    /// The reason for which it is left out.
    pub fn explain(&self, path: &SitePath, bytes: &[u8]) -> Result<Explanation, LeftOut> {
        let (document, head) = self.head(path, self.parse(bytes), &mut Vec::new())?;
        let text = self.text(path, &document, &head, ContentMode::None);
        let mut fields = Vec::new();
        let mut add = |name, value: String, from: Origin| fields.push((name, Sourced::new(value, from)));
        add("title", text.title.value, text.title.from);
        add("date", head.date.value.rfc3339(), head.date.from);
        add("updated", head.updated.value.rfc3339(), head.updated.from);
        add("link", head.link.value.to_string(), head.link.from);
        add("id", head.id.value.as_str().to_owned(), head.id.from);
        add("categories", join(&head.categories.value), head.categories.from);
        add("tags", join(&head.tags.value), head.tags.from);
        let authors: Vec<_> = head.authors.value.iter().map(|author| author.name.as_str()).collect();
        add("authors", authors.join(", "), head.authors.from);
        if let Some(summary) = text.summary {
            add("summary", text::first_sentence(&summary.value, 100), summary.from);
        }
        if let Some(enclosure) = text.enclosure {
            let told = format!("{} ({}, {} bytes)", enclosure.url, enclosure.media_type, enclosure.length);
            add("enclosure", told, Origin::FrontMatter { key: "enclosure".to_owned(), line: None });
        }
        if let Some(image) = text.image {
            add("image", image.to_string(), Origin::FrontMatter { key: "image".to_owned(), line: None });
        }
        Ok(Explanation { fields, shown_from: head.shown_from, shown_until: head.shown_until })
    }

    /// The page that the site's generator makes of a category by itself.
    #[must_use]
    pub fn category_link(&self, label: &Label) -> Option<WebUrl> {
        self.dialect.category_link(label)
    }

    /// The title of that page, where it has one of its own.
    #[must_use]
    pub fn category_title(&self, label: &Label) -> Option<String> {
        self.dialect.category_title(label)
    }

    fn parse<'a>(&self, bytes: &'a [u8]) -> Parsed<'a> {
        front_matter::parse(bytes, self.dialect.fences())
    }

    fn head<'a>(
        &self,
        path: &SitePath,
        parsed: Parsed<'a>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<(Read<'a>, Head), LeftOut> {
        let read = match parsed {
            Parsed::Document(document) => Read { document, has_front_matter: true },
            Parsed::Absent(document) => self.with_headers(document),
            Parsed::Unusable(diagnostic) => {
                diagnostics.push(diagnostic);
                return Err(LeftOut::Broken);
            }
        };
        let mut found = Vec::new();
        let head = self.dialect.head(&read.source(path), &mut found);
        // A file that its generator never reads as a post is nothing to report.
        let silent = matches!(head, Err(why) if why != LeftOut::Broken && why != LeftOut::NoDateInName);
        if !silent {
            diagnostics.extend(read.document.diagnostics.iter().cloned());
            diagnostics.append(&mut found);
        }
        let mut head = head?;
        if !is_stated(&head)
            && let Some(pin) = self.config.identity.pins.get(path)
        {
            head.id = Sourced::new(pin.id.clone(), Origin::Pinned);
        }
        Ok((read, head))
    }

    /// A file without fences, whose front matter may be lines of keys all the same.
    fn with_headers<'a>(&self, document: Document<'a>) -> Read<'a> {
        let found = if self.dialect.reads_headers() { front_matter::headers(&document.body) } else { None };
        let Some((front, at, body_line)) = found else { return Read { document, has_front_matter: false } };
        let body = front_matter::tail(document.body, at);
        Read {
            document: Document { front, body, body_line, diagnostics: document.diagnostics },
            has_front_matter: true,
        }
    }

    fn text(&self, path: &SitePath, read: &Read<'_>, head: &Head, mode: ContentMode) -> Text {
        self.dialect.text(&read.source(path), head, mode)
    }

    fn read_page(&self, path: &SitePath, parsed: &Parsed<'_>) -> Reading {
        let Parsed::Document(document) = parsed else { return Reading::Other };
        let source = Source { path, document, has_front_matter: true };
        self.dialect.page(&source).map_or(Reading::Other, Reading::Page)
    }

    /// The feed of all posts, and those of its labels.
    fn claim_labels(&self, head: &Head, claims: &mut Vec<Claim>) {
        let categories = &self.config.categories;
        claims.push(Claim { feed: FeedKey::All, label: None });
        let mut claim = |labels: &mut dyn Iterator<Item = Label>, feed: fn(String) -> FeedKey| {
            let mut keys = HashSet::new();
            // Two spellings of one label in one post: the first counts.
            let first = labels.map(|label| (categories.key(&label), label)).filter(|(key, _)| keys.insert(key.clone()));
            claims.extend(first.map(|(key, label)| Claim { feed: feed(key), label: Some(label) }));
        };
        claim(&mut head.categories.value.iter().cloned(), FeedKey::Category);
        if categories.tags {
            claim(&mut head.tags.value.iter().cloned(), FeedKey::Tag);
        }
        if categories.authors {
            claim(&mut head.authors.value.iter().filter_map(|author| Label::new(&author.name)), FeedKey::Author);
        }
    }

    /// What the catalog keeps: the place of the post in each feed.
    fn post(&self, path: &SitePath, read: &Read<'_>, head: &Head) -> Post {
        let categories = &self.config.categories;
        let mut claims = Vec::with_capacity(4);
        if head.collection.is_none() {
            self.claim_labels(head, &mut claims);
        }
        for (n, feed) in self.config.feeds.iter().enumerate() {
            if select::matches(feed, path, head, categories) {
                claims.push(Claim { feed: FeedKey::Custom(n), label: None });
            }
        }
        let pins = &self.config.identity.pins;
        let may_be_renamed = !pins.is_empty() && head.id.from != Origin::Pinned && !is_stated(head);
        Post {
            id: head.id.value.clone(),
            link: head.link.value.clone(),
            published: head.date.value,
            rank: self.dialect.rank(head),
            shown_from: head.shown_from,
            shown_until: head.shown_until,
            changed: (!self.config.source.future && head.updated.value > head.date.value)
                .then(|| head.updated.value.micros()),
            body: may_be_renamed.then(|| BodyHash::of(&read.document.body)),
            claims,
        }
    }
}

/// A file with its front matter taken off.
#[derive(Debug)]
struct Read<'a> {
    document: Document<'a>,
    has_front_matter: bool,
}

impl Read<'_> {
    fn source<'s>(&'s self, path: &'s SitePath) -> Source<'s> {
        Source { path, document: &self.document, has_front_matter: self.has_front_matter }
    }
}

/// Whether the post itself says its id, which nothing else may change then.
fn is_stated(head: &Head) -> bool {
    matches!(&head.id.from, Origin::FrontMatter { key, .. } | Origin::Defaults(key) if key == resolve::FEED_ID)
}

fn join(labels: &[Label]) -> String {
    labels.iter().map(Label::as_str).collect::<Vec<_>>().join(", ")
}
