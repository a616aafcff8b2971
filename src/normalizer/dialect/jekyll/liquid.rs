//! Liquid in a Jekyll post: what its templates may ask for, and the pages that its tags lead to.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::RefCell;

use super::{Jekyll, directory};
use crate::model::{Label, Value};
use crate::normalizer::dialect::jekyll::name::Name;
use crate::normalizer::dialect::{Head, Source, Unrendered};
use crate::normalizer::fields::Fields;
use crate::normalizer::liquid::{self, Environment, Finding, Host, Target};
use crate::normalizer::permalink;
use crate::normalizer::render;

/// The text of one post on its way through Liquid.
pub(super) struct Liquid<'a> {
    jekyll: &'a Jekyll,
    pub(super) source: &'a Source<'a>,
    fields: Fields<'a>,
    name: &'a Name<'a>,
    head: &'a Head,
    options: render::Options<'a>,
    left_out: RefCell<Vec<Unrendered>>,
}

/// What of a post is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Excerpt,
}

impl<'a> Liquid<'a> {
    pub(super) fn new(
        jekyll: &'a Jekyll,
        source: &'a Source<'a>,
        fields: Fields<'a>,
        name: &'a Name<'a>,
        head: &'a Head,
        options: render::Options<'a>,
    ) -> Self {
        Self { jekyll, source, fields, name, head, options, left_out: RefCell::default() }
    }

    /// The post's text; as it is where there is nothing for Liquid, or the post wants none.
    pub(super) fn body(&self) -> Cow<'a, str> {
        self.render(Cow::Borrowed(&*self.source.document.body), Part::Whole)
    }

    /// An excerpt in source form, whose blocks may be cut off.
    pub(super) fn excerpt<'s>(&self, source: Cow<'s, str>) -> Cow<'s, str> {
        if !liquid::is_template(&source) {
            return source;
        }
        // What is wrong in it is wrong in the whole, too, and told with its line there.
        self.render(Cow::Owned(liquid::complete(&source).into_owned()), Part::Excerpt)
    }

    /// What could not be rendered.
    pub(super) fn left_out(self) -> Vec<Unrendered> {
        self.left_out.into_inner()
    }

    fn render<'s>(&self, source: Cow<'s, str>, part: Part) -> Cow<'s, str> {
        if !liquid::is_template(&source) || self.fields.boolean("render_with_liquid") == Some(false) {
            return source;
        }
        let page = self.page(part);
        let jekyll = Value::Map(vec![
            ("environment".to_owned(), Value::String("production".to_owned())),
            ("version".to_owned(), Value::String("4.3".to_owned())),
        ]);
        let globals = [("site", &self.jekyll.site.templates.site), ("page", &page), ("jekyll", &jekyll)];
        let environment = Environment {
            globals: &globals,
            site: &self.jekyll.config.site.url,
            base_path: &self.jekyll.base_path,
            zone: self.jekyll.config.site.zone,
            now: self.jekyll.config.site.zone.show(self.head.date.value.date_time()),
            partials: &self.jekyll.partials,
            host: self,
        };
        let (text, findings) = liquid::render(&source, environment);
        let told = findings.into_iter().filter(|finding| part == Part::Whole || finding.line.is_none());
        told.for_each(|finding| self.note(finding));
        Cow::Owned(text)
    }

    /// A fault is told with the post's line, which is not the template's.
    fn note(&self, finding: Finding) {
        let before = self.source.document.body_line.saturating_sub(1);
        let line = finding.line.map(|line| line.saturating_add(before));
        let markup = Unrendered { line, message: finding.message };
        let mut left_out = self.left_out.borrow_mut();
        if !left_out.contains(&markup) {
            left_out.push(markup);
        }
    }

    /// `page`: the front matter over the site's defaults, and what Jekyll adds.
    fn page(&self, part: Part) -> Value {
        let defaults = match self.fields.defaults {
            Value::Map(pairs) => pairs.as_slice(),
            _ => &[],
        };
        let front = self.fields.front.keys();
        let keys = front
            .chain(defaults.iter().map(|(key, _)| key.as_str()).filter(|key| self.fields.front.get(key).is_none()));
        let mut page: Vec<(String, Value)> = keys
            .filter(|key| !ADDED.contains(key))
            .filter_map(|key| Some((key.to_owned(), self.fields.get(key)?.clone())))
            .collect();
        let url = self.url();
        let slug_in_name = self.name.day_and_slug().1;
        let slug = self.fields.text(&["slug"]).map_or_else(|| slug_in_name.to_owned(), |slug| slug.value);
        let title = self.fields.truthy("title").and_then(Value::to_text);
        let at = self.jekyll.config.site.zone.show(self.head.date.value.date_time());
        let labels = |labels: &[Label]| {
            Value::List(labels.iter().map(|label| Value::String(label.as_str().to_owned())).collect())
        };
        let mut add = |key: &str, value: Value| page.push((key.to_owned(), value));
        let file = self.name.below.rsplit('/').next().unwrap_or(self.name.below);
        add("title", Value::String(title.unwrap_or_else(|| permalink::titleize(slug_in_name))));
        add("date", Value::String(at.format("%Y-%m-%d %H:%M:%S %z").to_string()));
        add("categories", labels(&self.head.categories.value));
        add("tags", labels(&self.head.tags.value));
        // `Excerpt#id`.
        let suffix = if part == Part::Excerpt { "#excerpt" } else { "" };
        add("id", Value::String([directory(&url), "/", &slug, suffix].concat()));
        add("slug", Value::String(slug));
        add("url", Value::String(url));
        add("path", Value::String(self.name.path.to_owned()));
        add("relative_path", Value::String(self.name.path.to_owned()));
        add("name", Value::String(file.to_owned()));
        add("ext", Value::String(format!(".{}", self.name.extension)));
        add("collection", Value::String(self.name.collection.to_owned()));
        add("draft", Value::Bool(self.name.draft));
        Value::Map(page)
    }

    fn url(&self) -> String {
        self.jekyll.below_site(&self.head.link.value)
    }
}

/// What Jekyll adds to the front matter, or gives another form.
const ADDED: [&str; 13] = [
    "title",
    "date",
    "categories",
    "tags",
    "id",
    "slug",
    "url",
    "path",
    "relative_path",
    "name",
    "ext",
    "collection",
    "draft",
];

impl Host for Liquid<'_> {
    fn page_of(&self, target: Target<'_>) -> Option<String> {
        match target {
            Target::Post(name) => {
                self.jekyll.post_named(self.source.others, name.trim_matches('/'), self.name.extension)
            }
            Target::File(path) => self.jekyll.page_of_file(self.source.others, path.trim_start_matches('/')),
        }
    }

    fn markdown(&self, text: &str) -> String {
        let options = render::Options { source: render::Kind::Markdown, ..self.options };
        render::raw(text, &options).into_owned()
    }

    fn beside(&self, name: &str) -> String {
        let folder = self.name.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("./{folder}/{name}")
    }
}
