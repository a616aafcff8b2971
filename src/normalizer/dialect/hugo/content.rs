//! The text of a Hugo page: its title, summary, content and picture.

use std::borrow::Cow;

use super::Hugo;
use super::place::Place;
use super::{passthrough, summary};
use crate::config::ContentMode;
use crate::model::SitePath;
use crate::normalizer::body::markdown::{self, Flavor};
use crate::normalizer::dialect::{Head, Others, Source, Text, Unrendered};
use crate::normalizer::fields::{Fields, Origin, Sourced};
use crate::normalizer::front_matter::FrontMatter;
use crate::normalizer::gotemplate::Notes;
use crate::normalizer::media::{Beside, Media, Scene};
use crate::normalizer::shortcode;
use crate::normalizer::{excerpt, media, permalink, render, targets, text};

/// What ends a summary.
const DIVIDER: &str = "<!--more-->";

impl Hugo {
    pub(super) fn text_of(
        &self,
        source: &Source<'_>,
        fields: Fields<'_>,
        place: &Place<'_>,
        head: &Head,
        mode: ContentMode,
    ) -> Text {
        let options = self.options(place, head);
        let body = &source.document.body;
        let page = Rendering::new(self, source, fields, place, &options);
        let (html, left_out) = page.html(body);
        let summary = page.summary(body, &html);
        let plain = Sourced::new(excerpt::summary(&summary.value, options.base), summary.from);
        let content = match mode {
            ContentMode::Full => Some(render::clean(&html, &options)),
            ContentMode::Excerpt => Some(render::clean(&summary.value, &options)),
            ContentMode::None => None,
        };
        let in_words = || Sourced::new(text::line(&permalink::titleize(place.name)), Origin::FileName);
        let stated = fields.text(&["title"]).map(|title| Sourced::new(text::line(&title.value), title.from));
        Text {
            title: stated.filter(|title| !title.value.is_empty()).unwrap_or_else(in_words),
            summary: Some(plain).filter(|summary| !summary.value.is_empty()),
            content,
            media: self.media(fields, source.path, place, head),
            left_out: left_out.iter().map(|name| not_rendered(name)).collect(),
        }
    }

    /// What front matter names, at the top or under `params`; a leaf bundle's own files first.
    fn media(&self, fields: Fields<'_>, path: &SitePath, place: &Place<'_>, head: &Head) -> Media {
        let path = path.text();
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let is_bundle = file.starts_with("index.");
        let prefix = ["media_prefix", "mediaprefix"].iter().find_map(|key| place.language.params.get(key)?.as_str());
        let scene = Scene {
            site: self.own(place),
            roots: self.roots.get(&place.language.language).map_or(&[], Vec::as_slice),
            beside: Some(Beside { folder, page: &head.link.value, is_bundle }),
            prefix: prefix.filter(|prefix| !prefix.is_empty()),
        };
        let of = |fields| Media::of(fields, scene, media::PICTURES);
        match fields.get("params") {
            Some(params) => {
                let below = Fields { front: &FrontMatter::default(), defaults: params };
                of(fields).or_else(|| of(below))
            }
            None => of(fields),
        }
    }

    /// All of the text as HTML that is not cleaned yet.
    pub(super) fn html_of(
        &self,
        source: &Source<'_>,
        fields: Fields<'_>,
        place: &Place<'_>,
        head: &Head,
    ) -> (String, Vec<Unrendered>) {
        let options = self.options(place, head);
        let page = Rendering::new(self, source, fields, place, &options);
        let (html, left_out) = page.html(&source.document.body);
        (html, left_out.iter().map(|name| not_rendered(name)).collect())
    }

    fn options<'a>(&self, place: &Place<'_>, head: &'a Head) -> render::Options<'a> {
        render::Options {
            base: &head.link.value,
            source: if place.is_html { render::Kind::Html } else { render::Kind::Markdown },
            flavor: Flavor::Goldmark(place.language.markdown),
            keep_iframes: self.config.content.keep_iframes,
        }
    }
}

fn not_rendered(name: &str) -> Unrendered {
    let name: String = name.chars().take(100).collect();
    let message = format!("the shortcode `{name}` is not Hugo's own: feeds have the text that it holds, if any");
    Unrendered { line: None, message }
}

/// One page's text on its way to HTML.
pub(super) struct Rendering<'a> {
    pub(super) hugo: &'a Hugo,
    pub(super) fields: Fields<'a>,
    pub(super) place: &'a Place<'a>,
    pub(super) options: &'a render::Options<'a>,
    pub(super) others: &'a dyn Others,
    /// Whether the page is a folder's, whose files are its own.
    pub(super) is_bundle: bool,
    /// What render hooks note on it.
    pub(super) notes: Notes,
}

impl<'a> Rendering<'a> {
    fn new(
        hugo: &'a Hugo,
        source: &'a Source<'_>,
        fields: Fields<'a>,
        place: &'a Place<'a>,
        options: &'a render::Options<'a>,
    ) -> Self {
        let path = source.path.text();
        let is_bundle = path.rsplit('/').next().is_some_and(|file| file.starts_with("index."));
        Self { hugo, fields, place, options, others: source.others, is_bundle, notes: Notes::default() }
    }
    /// All of the text as HTML that is not cleaned yet, and the names of the shortcodes that nobody here knows.
    fn html(&self, body: &str) -> (String, Vec<String>) {
        let Some(mut expanded) = shortcode::expand(body, self) else {
            return (self.markup(body), Vec::new());
        };
        let left_out = expanded.take_left_out();
        (expanded.restore(&self.markup(expanded.text())), left_out)
    }

    fn markup(&self, source: &str) -> String {
        if self.options.source == render::Kind::Html {
            return render::raw(source, self.options).into_owned();
        }
        self.rendered(source, self.options)
    }

    /// Markdown as HTML, by the site's render hooks where it has some.
    pub(super) fn rendered(&self, source: &str, options: &render::Options<'_>) -> String {
        match passthrough::hold(source, &self.place.language.passthrough) {
            Some(held) => held.restore(&self.without_formulas(&held.text, options)),
            None => self.without_formulas(source, options),
        }
    }

    fn without_formulas(&self, source: &str, options: &render::Options<'_>) -> String {
        if self.hugo.site.layouts.hooks.is_empty() {
            return self.with_links(render::raw(source, options).into_owned());
        }
        self.with_links(markdown::to_html_with(source, options.flavor, Some(self)))
    }

    /// What was Markdown with its links leading to the pages that they mean, where the site has Hugo do that.
    fn with_links(&self, html: String) -> String {
        if !self.place.language.resolves_links || self.hugo.site.layouts.hooks.contains_key("link") {
            return html;
        }
        let resolve = |target: &str| self.hugo.target_of(self.others, self.place, target);
        match targets::replaced(&html, "<a href=\"", resolve) {
            Cow::Owned(linked) => linked,
            Cow::Borrowed(_) => html,
        }
    }

    /// `summary`, else what is before the divider, else the first paragraphs with enough words.
    fn summary(&self, body: &str, html: &str) -> Sourced<String> {
        if let Some(own) = self.fields.text(&["summary"]) {
            return Sourced::new(self.markup(&own.value), own.from);
        }
        if memchr::memmem::find(body.as_bytes(), DIVIDER.as_bytes()).is_some() {
            let (html, _) = self.html(&excerpt::source(body, DIVIDER));
            return Sourced::new(html, Origin::Body);
        }
        let is_cjk = self.fields.flag("iscjklanguage");
        let by_letter = is_cjk.unwrap_or_else(|| self.place.language.has_cjk && body.contains(summary::is_cjk_letter));
        let end = summary::end(html, self.place.language.summary_length, by_letter);
        Sourced::new(html.get(..end).unwrap_or(html).to_owned(), Origin::Body)
    }
}
