//! The text of a Jekyll post: its title, summary, content and picture.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::Jekyll;
use super::liquid::Liquid;
use super::name::Name;
use crate::config::ContentMode;
use crate::model::Value;
use crate::normalizer::body::markdown::Flavor;
use crate::normalizer::dialect::{Head, Source, Text, Unrendered};
use crate::normalizer::fields::{Fields, Origin, Sourced};
use crate::normalizer::liquid::without_figures;
use crate::normalizer::media::Media;
use crate::normalizer::{excerpt, permalink, render, text};

impl Jekyll {
    pub(super) fn text_of(&self, source: &Source<'_>, name: &Name<'_>, head: &Head, mode: ContentMode) -> Text {
        let defaults = self.defaults.for_path(name.path, name.collection);
        let fields = Fields { front: &source.document.front, defaults: &defaults };
        let options = self.options(name, head);
        let liquid = Liquid::new(self, source, fields, name, head, options);
        let as_it_stands = OnceCell::new();
        // The excerpt of most posts is all of their text, which is rendered once.
        let html = |text: &str| {
            let render = || without_figures(render::raw(text, &options)).into_owned();
            let is_all = *text == *source.document.body;
            if is_all { Cow::Borrowed(as_it_stands.get_or_init(render).as_str()) } else { Cow::Owned(render()) }
        };
        let body = OnceCell::new();
        let whole = || render::clean(&html(body.get_or_init(|| liquid.body())), &options);
        let summary = match fields.truthy("description").filter(|value| !value.is_blank()).and_then(Value::to_text) {
            Some(stated) => Some(Sourced::new(text::from_html(&stated), fields.origin("description"))),
            None => self
                .excerpt(fields, &liquid, html)
                .map(|html| Sourced::new(excerpt::summary(&html.value, options.base), html.from)),
        };
        // jekyll-feed's own switch, which a post or its defaults may set: the summary is all there is.
        let mode = match fields.at("feed", "excerpt_only").and_then(Value::as_bool) {
            Some(true) => ContentMode::None,
            _ => mode,
        };
        let content = match mode {
            ContentMode::Full => Some(whole()),
            ContentMode::Excerpt => Some(match self.excerpt(fields, &liquid, html) {
                Some(html) => render::clean(&html.value, &options),
                None => whole(),
            }),
            ContentMode::None => None,
        };
        Text {
            title: self.title(fields, name, content.as_deref(), whole),
            summary: summary.filter(|summary| !summary.value.is_empty()),
            content,
            media: Media::of(fields, self.scene.of(&self.config.site), self.scene.pictures),
            left_out: liquid.left_out(),
        }
    }

    /// All of the text as HTML that is not cleaned yet.
    pub(super) fn html_of(&self, source: &Source<'_>, name: &Name<'_>, head: &Head) -> (String, Vec<Unrendered>) {
        let defaults = self.defaults.for_path(name.path, name.collection);
        let fields = Fields { front: &source.document.front, defaults: &defaults };
        let options = self.options(name, head);
        let liquid = Liquid::new(self, source, fields, name, head, options);
        let html = without_figures(render::raw(&liquid.body(), &options)).into_owned();
        (html, liquid.left_out())
    }

    fn options<'a>(&'a self, name: &Name<'_>, head: &'a Head) -> render::Options<'a> {
        render::Options {
            base: &head.link.value,
            source: if self.is_markdown(name.extension) { render::Kind::Markdown } else { render::Kind::Html },
            flavor: Flavor::Kramdown(&self.kramdown),
            keep_iframes: self.config.content.keep_iframes,
        }
    }

    /// `excerpt` as it stands, else the text before the separator as HTML; `None` when an empty separator asks for none.
    fn excerpt<'h>(
        &self,
        fields: Fields<'_>,
        liquid: &Liquid<'_>,
        html: impl FnOnce(&str) -> Cow<'h, str>,
    ) -> Option<Sourced<Cow<'h, str>>> {
        if let Some(own) = fields.truthy("excerpt").and_then(Value::to_text) {
            return Some(Sourced::new(own.into(), fields.origin("excerpt")));
        }
        let own = fields.truthy("excerpt_separator").and_then(Value::to_text);
        let separator = own.as_deref().unwrap_or(&self.site.excerpt_separator);
        if separator.is_empty() {
            return None;
        }
        let source = liquid.excerpt(excerpt::source(&liquid.source.document.body, separator));
        Some(Sourced::new(html(&source), Origin::Body))
    }

    /// `title`, else the slug in words; an empty title is the first sentence of the text.
    fn title(
        &self,
        fields: Fields<'_>,
        name: &Name<'_>,
        content: Option<&str>,
        html: impl FnOnce() -> String,
    ) -> Sourced<String> {
        let in_words = || {
            let words = permalink::titleize(name.day_and_slug().1);
            Sourced::new(text::line(&text::smartify(&words, &self.kramdown)), Origin::FileName)
        };
        let Some(stated) = fields.truthy("title").and_then(Value::to_text) else { return in_words() };
        let title = text::from_html(&text::smartify(&stated, &self.kramdown));
        if !title.is_empty() {
            return Sourced::new(title, fields.origin("title"));
        }
        let sentence = match content {
            Some(html) => text::first_sentence(&text::from_html(html), 80),
            None => text::first_sentence(&text::from_html(&html()), 80),
        };
        if sentence.is_empty() { in_words() } else { Sourced::new(sentence, Origin::Body) }
    }
}
