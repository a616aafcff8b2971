//! The text of a Zola page: its title, summary, content and picture.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::address::{self, Address};
use super::page::{self, Page};
use super::place::Place;
use super::{CONTENT, Zola};
use crate::config::ContentMode;
use crate::model::{SitePath, Value, WebUrl};
use crate::normalizer::body::html;
use crate::normalizer::body::markdown::zola::Rendered;
use crate::normalizer::dialect::{Head, Others, Source, Text, Unrendered};
use crate::normalizer::fields::{Fields, Origin, Sourced};
use crate::normalizer::front_matter::{self, Fences, FrontMatter, Parsed};
use crate::normalizer::media::{Beside, Media, Scene};
use crate::normalizer::{excerpt, media, permalink, targets, text};

/// What links to pages by their files begin with.
pub(super) const INTERNAL: &str = "@/";

impl Zola {
    pub(super) fn text_of(&self, source: &Source<'_>, fields: Fields<'_>, head: &Head, mode: ContentMode) -> Text {
        let (path, body) = (source.path.text(), &*source.document.body);
        let cleaning = html::Cleaning { base: &head.link.value, keep_iframes: self.config.content.keep_iframes };
        let clean = |html: &str| html::clean(html, &cleaning);
        let page = Page::new(self, fields, &path, source.others);
        let (Rendered { html, summary: before_divider }, left_out) = self.rendered(body, &page);
        let plain = |html: &str| excerpt::summary(html, &head.link.value);
        let first_paragraph = || self.rendered(&excerpt::source(body, "\n\n"), &page).0.html;
        let summary = match (&before_divider, fields.text(&["description"])) {
            (Some(html), _) => Sourced::new(plain(html), Origin::Body),
            (None, Some(stated)) => Sourced::new(text::line(&stated.value), stated.from),
            (None, None) => Sourced::new(plain(&first_paragraph()), Origin::Body),
        };
        let content = match mode {
            ContentMode::Full => Some(clean(&html)),
            ContentMode::Excerpt => Some(clean(&before_divider.unwrap_or_else(first_paragraph))),
            ContentMode::None => None,
        };
        Text {
            title: self.title(fields, &path),
            summary: Some(summary).filter(|summary| !summary.value.is_empty()),
            content,
            media: self.media(fields, &path, head),
            left_out: left_out.iter().map(|name| not_rendered(name)).collect(),
        }
    }

    /// All of the text as HTML that is not cleaned yet.
    pub(super) fn html_of(&self, source: &Source<'_>) -> (String, Vec<Unrendered>) {
        let path = source.path.text();
        let fields = Fields { front: &source.document.front, defaults: &Value::Null };
        let (rendered, left_out) = self.rendered(&source.document.body, &Page::new(self, fields, &path, source.others));
        (rendered.html, left_out.iter().map(|name| not_rendered(name)).collect())
    }

    /// What `extra` names; the files beside an `index.md` first.
    fn media(&self, fields: Fields<'_>, path: &str, head: &Head) -> Media {
        let Some(extra) = fields.get("extra") else { return Media::default() };
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let scene = Scene {
            site: &self.config.site,
            roots: &self.roots,
            beside: Some(Beside { folder, page: &head.link.value, is_bundle: file.starts_with("index.") }),
            prefix: None,
        };
        Media::of(Fields { front: &FrontMatter::default(), defaults: extra }, scene, media::PICTURES)
    }

    /// Without one, the name in words.
    fn title(&self, fields: Fields<'_>, path: &str) -> Sourced<String> {
        let stated = fields.text(&["title"]).map(|title| Sourced::new(text::line(&title.value), title.from));
        stated.filter(|title| !title.value.is_empty()).unwrap_or_else(|| {
            let name = Place::of(path, &self.site).map_or(path, |place| place.name);
            let name = super::dates::date_in_name(name).and_then(|dated| dated.slug).unwrap_or(name);
            Sourced::new(text::line(&permalink::titleize(&name.replace('_', "-"))), Origin::FileName)
        })
    }

    /// The text of a page as HTML that is not cleaned yet, and the names of the shortcodes that nobody here knows.
    fn rendered(&self, body: &str, page: &Page<'_>) -> (Rendered, Vec<String>) {
        let (rendered, left_out) = page.rendered(body);
        // Where there is no such page Zola stops; no link is better than a broken one.
        let resolve = |target: &str| {
            let address = self.internal(target.strip_prefix(INTERNAL)?, page.others);
            Some(address.map_or_else(|| "#".to_owned(), |url| url.to_string()))
        };
        let linked = |html: String| match targets::replaced(&html, "href=\"", resolve) {
            Cow::Owned(linked) => linked,
            Cow::Borrowed(_) => html,
        };
        (Rendered { html: linked(rendered.html), summary: rendered.summary.map(linked) }, left_out)
    }

    /// The address of the page that is in a file as that page says it; by its place alone where it cannot be read.
    pub(super) fn internal(&self, target: &str, others: &dyn Others) -> Option<WebUrl> {
        let (file, fragment) = target.split_at_checked(target.find('#').unwrap_or(target.len()))?;
        let file = percent_decode_str(file).decode_utf8_lossy();
        let url = self.section_link(&file).or_else(|| self.page_link(&format!("{CONTENT}/{file}"), others))?;
        WebUrl::parse(&format!("{url}{fragment}"))
    }

    /// The address of the section whose page is in a file below the content.
    fn section_link(&self, file: &str) -> Option<WebUrl> {
        let at = file.rfind('/').map_or(0, |at| at + 1);
        let (folder, name) = file.split_at_checked(at)?;
        let (stem, language) = self.site.split_name(name.strip_suffix(".md")?)?;
        let address = || address::absolute(&self.config.site.url, &format!("{}{folder}", language.prefix));
        (stem == "_index").then(address).flatten()
    }

    fn page_link(&self, path: &str, others: &dyn Others) -> Option<WebUrl> {
        let place = Place::of(path, &self.site)?;
        let bytes = others.read(&SitePath::from_bytes(path.as_bytes())).unwrap_or_default();
        let front = match front_matter::parse(&bytes, Fences::Indented) {
            Parsed::Document(document) => document.front,
            Parsed::Absent(_) | Parsed::Unusable(_) => FrontMatter::default(),
        };
        let fields = Fields { front: &front, defaults: &Value::Null };
        Address::of(fields, place, &self.site).link(&self.config.site.url)
    }
}

fn not_rendered(name: &str) -> Unrendered {
    if name == page::CONTENT_TEMPLATE {
        let message = "what stands in braces cannot be run here: it stays as it is written".to_owned();
        return Unrendered { line: None, message };
    }
    let name: String = name.chars().take(100).collect();
    let message = format!("the shortcode `{name}` cannot be run here: feeds have the text that it holds, if any");
    Unrendered { line: None, message }
}
