//! Bytes of a post in, an item and its diagnostics out: what a post means, in each dialect. Pure.

pub mod body;
pub mod date;
mod defaults;
mod dialect;
pub mod excerpt;
mod fields;
pub mod front_matter;
mod gotemplate;
mod label;
mod lint;
mod liquid;
mod media;
mod permalink;
mod render;
mod resolve;
mod select;
mod shortcode;
mod targets;
mod tera;
#[cfg(test)]
mod tests;
pub mod text;

use std::collections::HashSet;

use crate::config::{Config, ContentMode};
use crate::model::{
    Author, BodyHash, Claim, Diagnostic, FeedKey, Group, Item, Label, Language, LeftOut, Post, Reading, Record,
    SitePath, WebUrl,
};

use body::{article, html};
pub use dialect::{Alone, Others, Role};
use dialect::{Dialect, Head, Source};
pub use fields::{Origin, Sourced};
use front_matter::{Document, Parsed};
pub use lint::Lint;
pub use media::{Look, Media};

/// Reads the posts of one site. Pure: the same bytes always give the same values.
#[derive(Debug)]
pub struct Normalizer {
    config: Config,
    dialect: Box<dyn Dialect>,
    /// What is taken out of built pages; `None` when posts have the text of their source.
    article: Option<article::Selection>,
}

/// A post as a feed shows it.
#[derive(Debug)]
pub struct Rendered {
    /// Its place in feeds.
    pub post: Post,
    /// What feeds show, without what only a look at files could tell.
    pub item: Item,
    /// What could not be rendered of its text, in whole sentences.
    pub left_out: Vec<String>,
    /// The files that it names.
    pub media: Media,
    /// Whether it has no picture of its own, so that the first of its text stands in.
    pub wants_picture: bool,
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
    /// a feed.
    #[must_use]
    pub fn item(&self, path: &SitePath, bytes: &[u8], mode: ContentMode) -> Option<Rendered> {
        self.item_among(&Alone, path, bytes, mode)
    }

    /// The same, with links to other posts of the site as those posts say them.
    #[must_use]
    pub fn item_among(
        &self,
        others: &dyn Others,
        path: &SitePath,
        bytes: &[u8],
        mode: ContentMode,
    ) -> Option<Rendered> {
        let (document, head) = self.head(path, self.parse(bytes), &mut Vec::new()).ok()?;
        let text = self.dialect.text(&Source { others, ..document.source(path) }, &head, mode);
        let post = self.post(path, &document, &head);
        let wants_picture = self.config.content.first_picture && !text.media.has_picture();
        let whole = || self.dialect.text(&document.source(path), &head, ContentMode::Full).content;
        let image = match &text.content {
            _ if !wants_picture => None,
            Some(content) if mode == ContentMode::Full => body::first_picture(content),
            _ => whole().and_then(|content| body::first_picture(&content)),
        };
        let mut item = Item {
            id: head.id.value,
            link: head.link.value,
            title: text.title.value,
            published: head.date.value,
            updated: head.updated.value,
            authors: head.authors.into_iter().map(|author| author.value).collect(),
            categories: head.shown_categories.unwrap_or(head.categories.value),
            tags: head.tags.value,
            summary: text.summary.map(|summary| summary.value),
            content: text.content,
            image,
            more_images: Vec::new(),
            enclosure: None,
            more_enclosures: Vec::new(),
        };
        text.media.put_into(&mut item, &mut |_| None);
        let left_out = text.left_out.iter().map(|markup| markup.told(path)).collect();
        Some(Rendered { post, item, left_out, media: text.media, wants_picture })
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

    /// The first picture in a text that is fit for feeds.
    #[must_use]
    pub fn first_picture(&self, html: &str) -> Option<WebUrl> {
        body::first_picture(html)
    }

    /// Where each field of a post comes from, or why it is in no feed; `look` tells of the files that it names.
    ///
    /// # Errors
    /// The reason for which it is left out.
    pub fn explain(&self, path: &SitePath, bytes: &[u8], look: &mut Look<'_>) -> Result<Explanation, LeftOut> {
        let (document, head) = self.head(path, self.parse(bytes), &mut Vec::new())?;
        let text = self.dialect.text(&document.source(path), &head, ContentMode::None);
        let wants_picture = self.config.content.first_picture && !text.media.has_picture();
        let whole = wants_picture
            .then(|| self.dialect.text(&document.source(path), &head, ContentMode::Full).content)
            .flatten();
        let is_anonymous = head.authors.is_empty();
        let mut fields = Vec::new();
        let mut add = |name, value: String, from: Origin| fields.push((name, Sourced::new(value, from)));
        add("title", text.title.value, text.title.from);
        add("date", head.date.value.rfc3339(), head.date.from);
        add("updated", head.updated.value.rfc3339(), head.updated.from);
        add("link", head.link.value.to_string(), head.link.from);
        add("id", head.id.value.as_str().to_owned(), head.id.from);
        for (name, labels) in [("categories", head.categories), ("tags", head.tags)] {
            let none = || Origin::Nowhere("the post names none".to_owned());
            add(name, join(&labels.value), if labels.value.is_empty() { none() } else { labels.from });
        }
        let nobody =
            || Sourced::new(String::new(), Origin::Nowhere("neither the post nor the site names one".to_owned()));
        let authors = head.authors.into_iter().map(|author| Sourced::new(in_words(&author.value), author.from));
        for (n, author) in authors.chain(is_anonymous.then(nobody)).enumerate() {
            add(if n == 0 { "authors" } else { "" }, author.value, author.from);
        }
        if let Some(summary) = text.summary {
            add("summary", text::first_sentence(&summary.value, 100), summary.from);
        }
        if let Some(language) = &head.language {
            let name = String::from_utf8_lossy(path.file_name()).to_lowercase();
            let by_name = name.contains(&format!(".{language}."));
            let is_stated = document.document.front.get("lang").and_then(|lang| lang.as_str()) == Some(language.code());
            let from = match (is_stated, by_name) {
                (true, _) => Origin::Field("lang"),
                (false, true) => Origin::FileName,
                (false, false) => Origin::Folder,
            };
            add("language", language.to_string(), from);
        } else if let Some(language) = &self.config.site.language {
            add("language", language.clone(), Origin::Configuration("site.language"));
        }
        fields.extend(text.media.explain(look));
        let picture = whole.as_deref().and_then(body::first_picture);
        fields.extend(picture.map(|url| ("image", Sourced::new(url.to_string(), Origin::Body))));
        Ok(Explanation { fields, shown_from: head.shown_from, shown_until: head.shown_until })
    }

    /// The page that the site's generator makes of a category by itself, in a language of the site.
    #[must_use]
    pub fn category_link(&self, label: &Label, language: Option<&Language>) -> Option<WebUrl> {
        self.dialect.category_link(label, language)
    }

    /// The title of that page, where it has one of its own.
    #[must_use]
    pub fn category_title(&self, label: &Label, language: Option<&Language>) -> Option<String> {
        self.dialect.category_title(label, language)
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
        let front = &read.document.front;
        diagnostics.extend(resolve::too_early(&head.date, front));
        diagnostics
            .extend([&mut head.categories, &mut head.tags].into_iter().filter_map(|all| label::bound(all, front)));
        if let Some(shown) = &mut head.shown_categories {
            shown.truncate(label::MOST_LABELS);
        }
        if !is_stated(&head)
            && let Some(pin) = self.config.identity.pins.get(path)
        {
            head.id = Sourced::new(pin.id.clone(), Origin::Pinned);
        }
        Ok((read, head))
    }

    /// A file without fences, whose front matter may be lines of keys all the same.
    fn with_headers<'a>(&self, document: Document<'a>) -> Read<'a> {
        let (document, has_front_matter) =
            if self.dialect.reads_headers() { document.with_headers() } else { (document, false) };
        Read { document, has_front_matter }
    }

    fn read_page(&self, path: &SitePath, parsed: &Parsed<'_>) -> Reading {
        let Parsed::Document(document) = parsed else { return Reading::Other };
        let source = Source { others: &Alone, path, document, has_front_matter: true };
        self.dialect.page(&source).map_or(Reading::Other, Reading::Page)
    }

    /// The feed of all posts, and those of its labels.
    fn claim_labels(&self, head: &Head, claims: &mut Vec<Claim>) {
        let categories = &self.config.categories;
        let feed = |group| FeedKey { language: head.language.clone(), group };
        claims.push(Claim { feed: feed(Group::All), label: None });
        let mut claim = |labels: &mut dyn Iterator<Item = Label>, group: fn(String) -> Group| {
            let mut keys = HashSet::new();
            // Two spellings of one label in one post: the first counts.
            let first = labels.map(|label| (categories.key(&label), label)).filter(|(key, _)| keys.insert(key.clone()));
            claims.extend(first.map(|(key, label)| Claim { feed: feed(group(key)), label: Some(label) }));
        };
        claim(&mut head.categories.value.iter().cloned(), Group::Category);
        if categories.tags {
            claim(&mut head.tags.value.iter().cloned(), Group::Tag);
        }
        if categories.authors {
            claim(&mut head.authors.iter().filter_map(|author| Label::new(&author.value.name)), Group::Author);
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
                let feed = FeedKey { language: head.language.clone(), group: Group::Custom(n) };
                claims.push(Claim { feed, label: None });
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
            size: read.document.body.len() as u64,
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
        Source { others: &Alone, path, document: &self.document, has_front_matter: self.has_front_matter }
    }
}

/// Whether the post itself says its id, which nothing else may change then.
fn is_stated(head: &Head) -> bool {
    matches!(&head.id.from, Origin::FrontMatter { key, .. } | Origin::Defaults(key) if key == resolve::FEED_ID)
}

fn in_words(author: &Author) -> String {
    let email = author.email.as_ref().map(|email| format!(" <{email}>"));
    let uri = author.uri.as_ref().map(|uri| format!(" ({uri})"));
    [Some(author.name.clone()), email, uri].into_iter().flatten().collect()
}

fn join(labels: &[Label]) -> String {
    labels.iter().map(Label::as_str).collect::<Vec<_>>().join(", ")
}
