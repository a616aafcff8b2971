//! Plain trees: any Markdown, HTML or text files, dated by front matter or file name, addressed by a template.

mod code;
mod containers;
mod links;
mod mdx;
mod name;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{Dialect, Head, Others, Role, Source, Text, Unrendered};
use crate::config::{Config, ContentMode};
use crate::model::{Author, Code, Diagnostic, ItemId, LeftOut, SitePath, Value};
use crate::normalizer::body::markdown::Flavor;
use crate::normalizer::fields::{Fields, Origin, Sourced};
use crate::normalizer::media::{Beside, Media, Root, Scene};
use crate::normalizer::permalink::{self, Placeholders, Tree};
use crate::normalizer::resolve::{self, DateRule};
use crate::normalizer::{excerpt, label, media, render, text};
use name::Name;

const DATES: [&str; 4] = ["date", "published", "pubDate", "created"];
const EXPIRY: [&str; 3] = ["expires", "expiryDate", "expiry_date"];

#[derive(Debug)]
pub(super) struct Plain {
    config: Config,
    permalink: String,
    authors: BTreeMap<String, Author>,
    rule: DateRule,
    roots: Vec<Root>,
}

impl Plain {
    pub(super) fn new(config: &Config, permalink: &str, authors: &BTreeMap<String, Author>) -> Self {
        let rule = DateRule { zone: config.site.zone, is_ruby: false };
        let roots = ["", "public", "static", "content"].map(Root::new).into();
        Self { config: config.clone(), permalink: permalink.to_owned(), authors: authors.clone(), rule, roots }
    }

    /// Sites of this kind keep what is published as it is in one of a few folders, or beside the post.
    fn media(&self, fields: Fields<'_>, path: &str, head: &Head) -> Media {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let is_bundle = file.starts_with("index.");
        let beside = Some(Beside { folder, page: &head.link.value, is_bundle });
        Media::of(fields, Scene { site: &self.config.site, roots: &self.roots, beside, prefix: None }, media::PICTURES)
    }

    fn rendering<'a>(&'a self, source: &'a Source<'_>, path: &'a str, head: &'a Head) -> Rendering<'a> {
        let kind = kind(path).unwrap_or(render::Kind::Markdown);
        let options = render::Options {
            base: &head.link.value,
            source: kind,
            flavor: Flavor::CommonMark,
            keep_iframes: self.config.content.keep_iframes,
        };
        Rendering { plain: self, others: source.others, path, options }
    }

    fn shown_until(&self, fields: Fields<'_>) -> Option<i64> {
        EXPIRY.iter().find_map(|key| self.rule.read(fields, key)).map(|at| at.micros())
    }
}

impl Dialect for Plain {
    fn role(&self, path: &SitePath) -> Role {
        let text = path.text();
        let file = text.rsplit('/').next().unwrap_or_default();
        let is_post = !file.starts_with(['.', '#']) && !file.ends_with('~') && kind(file).is_some();
        if is_post { Role::Post } else { Role::None }
    }

    fn wants_folder(&self, path: &SitePath) -> bool {
        !path.text().split('/').any(|folder| folder.starts_with('.') || folder == "node_modules")
    }

    fn reads_headers(&self) -> bool {
        true
    }

    fn head(&self, source: &Source<'_>, diagnostics: &mut Vec<Diagnostic>) -> Result<Head, LeftOut> {
        let path = source.path.text();
        let name = Name::of(&path);
        let fields = Fields { front: &source.document.front, defaults: &Value::Null };
        if !source.has_front_matter && name.day.is_none() {
            return Err(LeftOut::NoFrontMatter);
        }
        let status = fields.text(&["status"]).map(|status| status.value.to_ascii_lowercase());
        if fields.flag("draft") == Some(true) || status.as_deref() == Some("draft") {
            return Err(LeftOut::Draft);
        }
        // `published` is a date on some sites and a switch on others.
        if fields.flag("published") == Some(false) || fields.flag("publish") == Some(false) {
            return Err(LeftOut::Unpublished);
        }
        if resolve::is_hidden(fields) {
            return Err(LeftOut::Hidden);
        }
        let dates: &[&str] = if fields.flag("published").is_some() { &["date", "pubDate"] } else { &DATES };
        let date = resolve::published(fields, dates, name.day, self.rule, diagnostics)?;
        let updated = resolve::updated(fields, &date, self.rule, diagnostics);
        let split = self.config.categories.split;
        let labels = |keys: [&'static str; 2]| {
            let stated = keys.into_iter().find(|key| fields.get(key).is_some_and(|value| !value.is_blank()));
            let values = keys.into_iter().filter_map(|key| fields.get(key));
            let labels = values.flat_map(|value| label::plural(value, split, false)).collect();
            Sourced::new(label::distinct(labels), fields.origin(stated.unwrap_or_default()))
        };
        let (categories, tags) = (labels(["categories", "category"]), labels(["tags", "tag"]));
        let stated_slug = fields.text(&["slug"]).map(|slug| slug.value);
        let slug = stated_slug.as_deref().unwrap_or(name.slug);
        let at = self.config.site.zone.show(date.value.date_time());
        let whole = path.rsplit_once('.').map_or(&*path, |(whole, _)| whole);
        let title = fields.text(&["title"]).map_or_else(|| slug.to_owned(), |title| title.value);
        let folders: Vec<_> = categories.value.iter().map(|label| Cow::Borrowed(label.as_str())).collect();
        let placeholders = Placeholders {
            date: at,
            slug,
            basename: name.stem,
            path: whole,
            categories: &folders,
            output_ext: ".html",
            collection: path.split_once('/').map_or("", |(folder, _)| folder),
            tree: Some(Tree { folder: name.folder, stem: name.slug, title: &title, has_slug: stated_slug.is_some() }),
        };
        let url = match fields.text(&["permalink"]) {
            Some(own) => placeholders.expand(&own.value).map(|url| Sourced::new(url, own.from)),
            None => placeholders
                .expand(&self.permalink)
                .map(|url| Sourced::new(url, Origin::Configuration("source.permalink"))),
        };
        let link = url.and_then(|url| {
            let link = permalink::absolute(&self.config.site.url, &url.value)?;
            Some(Sourced::new(link, url.from))
        });
        let Some(link) = link else {
            let message = "the permalink gives no address";
            diagnostics.push(fields.blame("permalink", Code::BadPermalink, message));
            return Err(LeftOut::Broken);
        };
        let own_id = || Sourced::new(ItemId::from(&link.value), Origin::Field("link"));
        Ok(Head {
            language: None,
            collection: None,
            shown_categories: None,
            shown_from: (!self.config.source.future).then(|| date.value.micros()),
            shown_until: self.shown_until(fields),
            id: resolve::id(fields, &self.config.identity_keys, own_id, diagnostics),
            authors: label::authors(fields, |key| self.authors.get(key).cloned(), &self.config.site),
            updated: Sourced::new(resolve::shown(updated.value, &self.config), updated.from),
            date: Sourced::new(resolve::shown(date.value, &self.config), date.from),
            link,
            categories,
            tags,
        })
    }

    fn text(&self, source: &Source<'_>, head: &Head, mode: ContentMode) -> Text {
        let path = source.path.text();
        let fields = Fields { front: &source.document.front, defaults: &Value::Null };
        let rendering = self.rendering(source, &path, head);
        let (body, left_out) = rendering.markdown(&source.document.body);
        let (heading, rest) = leading_heading(&body, rendering.options.source);
        let stated = fields.text(&["title"]);
        // A first heading that serves as the title is not repeated in the text.
        let body = if stated.is_none() && heading.is_some() { rest } else { &*body };
        let excerpt = || rendering.raw(&excerpt::source(body, "\n\n")).into_owned();
        let summary = match fields.text(&["description", "summary", "excerpt"]) {
            Some(stated) => Sourced::new(text::line(&stated.value), stated.from),
            None => Sourced::new(excerpt::summary(&excerpt(), &head.link.value), Origin::Body),
        };
        let in_words = || Sourced::new(text::line(&permalink::titleize(Name::of(&path).slug)), Origin::FileName);
        let title = stated
            .map(|stated| Sourced::new(text::line(&stated.value), stated.from))
            .or_else(|| heading.map(|heading| Sourced::new(text::line(heading), Origin::Body)))
            .filter(|title| !title.value.is_empty())
            .unwrap_or_else(in_words);
        Text {
            title,
            summary: Some(summary).filter(|summary| !summary.value.is_empty()),
            content: match mode {
                ContentMode::Full => Some(rendering.html(body)),
                ContentMode::Excerpt => Some(rendering.html(&excerpt::source(body, "\n\n"))),
                ContentMode::None => None,
            },
            media: self.media(fields, &path, head),
            left_out,
        }
    }

    fn html(&self, source: &Source<'_>, head: &Head) -> (String, Vec<Unrendered>) {
        let path = source.path.text();
        let rendering = self.rendering(source, &path, head);
        let (body, left_out) = rendering.markdown(&source.document.body);
        (rendering.raw(&body).into_owned(), left_out)
    }
}

/// One post's text on its way to HTML.
struct Rendering<'a> {
    plain: &'a Plain,
    others: &'a dyn Others,
    path: &'a str,
    options: render::Options<'a>,
}

impl Rendering<'_> {
    /// The text without what is no Markdown in it, and what could not be rendered of that.
    fn markdown<'t>(&self, body: &'t str) -> (Cow<'t, str>, Vec<Unrendered>) {
        if self.options.source != render::Kind::Markdown {
            return (body.into(), Vec::new());
        }
        let (text, components) = if self.path.ends_with(".mdx") {
            mdx::to_markdown(body)
        } else {
            (mdx::without_comments(body), BTreeSet::new())
        };
        let text = match containers::opened(&text) {
            Cow::Owned(opened) => opened.into(),
            Cow::Borrowed(_) => text,
        };
        let left_out = components.into_iter().map(|name| Unrendered {
            line: None,
            message: format!("the component `{name}` is the site's own: feeds have the text that it holds, if any"),
        });
        (text, left_out.collect())
    }

    /// HTML that is not cleaned yet.
    fn raw<'t>(&self, source: &'t str) -> Cow<'t, str> {
        let html = render::raw(source, &self.options);
        if self.options.source == render::Kind::Text {
            return html;
        }
        match self.plain.with_links(&html, self.path, self.others) {
            Cow::Owned(linked) => linked.into(),
            Cow::Borrowed(_) => html,
        }
    }

    fn html(&self, source: &str) -> String {
        match self.options.source {
            render::Kind::Text => render::html(source, &self.options),
            render::Kind::Markdown | render::Kind::Html => render::clean(&self.raw(source), &self.options),
        }
    }
}

fn kind(file: &str) -> Option<render::Kind> {
    match file.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
        "md" | "markdown" | "mdown" | "mkd" | "mdx" => Some(render::Kind::Markdown),
        "html" | "htm" => Some(render::Kind::Html),
        "txt" => Some(render::Kind::Text),
        _ => None,
    }
}

/// The text of a first-level heading that begins the post, and what follows it.
fn leading_heading(body: &str, kind: render::Kind) -> (Option<&str>, &str) {
    let start = body.trim_start();
    let (line, rest) = start.split_once('\n').unwrap_or((start, ""));
    match line.strip_prefix("# ") {
        Some(heading) if kind == render::Kind::Markdown => (Some(heading.trim().trim_end_matches('#').trim()), rest),
        _ => (None, body),
    }
}
