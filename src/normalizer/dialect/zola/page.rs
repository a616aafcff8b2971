//! A page as the site's own templates see it: its shortcodes, and the links at its headings.

use std::cell::OnceCell;

use super::address::{self, Address};
use super::place::Place;
use super::{CONTENT, Zola};
use crate::config::ZolaAnchors;
use crate::model::Value;
use crate::normalizer::body::markdown::zola::{self, Context, Inserts, Rendered};
use crate::normalizer::dialect::Others;
use crate::normalizer::fields::Fields;
use crate::normalizer::shortcode::zola::{Call, Runs, expand};
use crate::normalizer::tera::Site;
use crate::normalizer::text;

/// The site's own template for the link at a heading.
const ANCHOR_LINK: &str = "anchor-link.html";

/// What stands for a text that is a template among the names of shortcodes.
pub(super) const CONTENT_TEMPLATE: &str = "{{ }}";

/// A page that is rendered.
pub(super) struct Page<'a> {
    pub(super) zola: &'a Zola,
    pub(super) fields: Fields<'a>,
    pub(super) place: Option<Place<'a>>,
    /// Its path below the site.
    pub(super) path: &'a str,
    pub(super) others: &'a dyn Others,
    /// What every template knows.
    known: OnceCell<Vec<(String, Value)>>,
}

impl<'a> Page<'a> {
    pub(super) fn new(zola: &'a Zola, fields: Fields<'a>, path: &'a str, others: &'a dyn Others) -> Self {
        Self { zola, fields, place: Place::of(path, &zola.site), path, others, known: OnceCell::new() }
    }

    /// A text of its as HTML that is not cleaned yet, and the names of the shortcodes that could not be run.
    pub(super) fn rendered(&self, body: &str) -> (Rendered, Vec<String>) {
        if let Some(plain) = &self.zola.site.plain_texts {
            let made = match plain.iter().any(|glob| glob.is_match(self.relative_path())) {
                true => Some(body.to_owned()),
                false => self.as_template(body),
            };
            let left_out = if made.is_none() { vec![CONTENT_TEMPLATE.to_owned()] } else { Vec::new() };
            return (self.render(made.as_deref().unwrap_or(body), &Inserts::default(), self.anchor_links()), left_out);
        }
        match expand(body, self) {
            None => (self.render(body, &Inserts::default(), self.anchor_links()), Vec::new()),
            Some(made) => (self.render(&made.text, &made.inserts, self.anchor_links()), made.left_out),
        }
    }

    /// What a text gives that is a template, as on sites for Zola 0.23.
    fn as_template(&self, body: &str) -> Option<String> {
        if !["{{", "{%"].iter().any(|mark| body.contains(mark)) {
            return Some(body.to_owned());
        }
        self.zola.templates.render_content(body, self.known().to_vec(), self)
    }

    /// Its path below the content.
    fn relative_path(&self) -> &str {
        self.path.strip_prefix(CONTENT).unwrap_or(self.path).trim_start_matches('/')
    }

    fn render(&self, source: &str, inserts: &Inserts, anchor_links: ZolaAnchors) -> Rendered {
        let anchor_link = |id: &str, level: u8, title: &str| self.anchor_link(id, level, title);
        let options = &self.zola.site.markdown;
        zola::render(source, &Context { options, inserts, anchor_links, anchor_link: &anchor_link })
    }

    /// What the section that it lies in says, else the site.
    fn anchor_links(&self) -> ZolaAnchors {
        let place = self.place.as_ref();
        let section = place.and_then(|it| it.language.sections.iter().find(|section| section.folder == it.folder));
        section.and_then(|section| section.anchor_links).unwrap_or(self.zola.site.markdown.anchor_links)
    }

    fn anchor_link(&self, id: &str, level: u8, title: &str) -> String {
        let pair = |key: &str, value: &str| (key.to_owned(), Value::String(value.to_owned()));
        let mut variables = self.known().to_vec();
        variables.extend([pair("id", id), pair("text", title), ("level".to_owned(), Value::Int(level.into()))]);
        self.zola.templates.render(ANCHOR_LINK, variables, self).unwrap_or_else(|| {
            let id = text::escape(id);
            format!("<a class=\"zola-anchor\" href=\"#{id}\" aria-label=\"Anchor link for: {id}\">🔗</a>")
        })
    }

    fn known(&self) -> &[(String, Value)] {
        self.known.get_or_init(|| {
            let language = self.place.as_ref().map_or(&*self.zola.site.default.code, |place| &*place.language.code);
            let language = Value::String(language.to_owned());
            vec![
                ("config".to_owned(), self.zola.site.config.clone()),
                ("lang".to_owned(), language.clone()),
                ("page".to_owned(), Value::Map(self.facts(language))),
            ]
        })
    }

    /// What it says of itself; no more than a file can tell: its text and its neighbours are not among it.
    fn facts(&self, language: Value) -> Vec<(String, Value)> {
        let said = |key: &str| self.fields.get(key).cloned().unwrap_or_default();
        let text = |text: &str| Value::String(text.to_owned());
        let map = |value: Value| if value == Value::Null { Value::Map(Vec::new()) } else { value };
        let relative = self.relative_path();
        let folder = relative.rsplit_once("/index.").map(|(folder, _)| format!("{folder}/"));
        let mut facts: Vec<(String, Value)> =
            ["title", "description", "date", "updated"].iter().map(|key| ((*key).to_owned(), said(key))).collect();
        for (key, number) in ["year", "month", "day"].iter().zip(day(&said("date"))) {
            facts.push(((*key).to_owned(), number));
        }
        facts.extend([
            ("extra".to_owned(), map(said("extra"))),
            ("taxonomies".to_owned(), map(said("taxonomies"))),
            ("authors".to_owned(), Value::List(said("authors").items().to_vec())),
            ("draft".to_owned(), Value::Bool(self.fields.flag("draft") == Some(true))),
            ("lang".to_owned(), language),
            ("relative_path".to_owned(), text(relative)),
            ("colocated_path".to_owned(), folder.map_or(Value::Null, Value::String)),
        ]);
        if let Some(place) = self.place {
            let own = Address::of(self.fields, place, &self.zola.site);
            let parts = own.path().split('/').filter(|part| !part.is_empty()).map(text);
            let parts: Vec<Value> = parts.collect();
            facts.push(("slug".to_owned(), parts.last().cloned().unwrap_or_default()));
            facts.push(("components".to_owned(), Value::List(parts)));
            facts.push(("permalink".to_owned(), Value::String(self.on_site(own.path()))));
            facts.push(("path".to_owned(), text(own.path())));
        }
        facts
    }

    /// The address of a path on the site, as Zola writes it.
    fn on_site(&self, path: &str) -> String {
        let site = &self.zola.config.site.url;
        let base = self.zola.site.base.as_deref().unwrap_or(site.as_str()).trim_end_matches('/');
        format!("{base}/{}", path.trim_start_matches('/'))
    }

    /// `get_url`: of a page by its file, else of a path.
    fn url(&self, arguments: &[(String, Value)]) -> Option<String> {
        let path = named(arguments, "path")?.as_str()?;
        if let Some(target) = path.strip_prefix(super::content::INTERNAL) {
            return Some(self.zola.internal(target, self.others)?.to_string());
        }
        let language = named(arguments, "lang").and_then(Value::as_str).filter(|it| *it != self.zola.site.default.code);
        let path = language.map_or_else(|| path.to_owned(), |code| format!("{code}/{}", path.trim_start_matches('/')));
        let keeps_slash = matches!(named(arguments, "trailing_slash"), Some(Value::Bool(true)));
        let url = self.on_site(&path);
        let bare = url.strip_suffix('/').unwrap_or(&url);
        Some(if keeps_slash { format!("{bare}/") } else { bare.to_owned() })
    }

    /// The file of a picture: Zola makes others of it, whose names nobody else knows.
    fn picture(&self, arguments: &[(String, Value)]) -> Option<Value> {
        let path =
            named(arguments, "path")?.as_str()?.trim_start_matches(super::content::INTERNAL).trim_start_matches('/');
        let path = ["static/", "content/"].iter().find_map(|folder| path.strip_prefix(folder)).unwrap_or(path);
        let url = address::absolute(&self.zola.config.site.url, path)?;
        let unknown = ["width", "height", "orig_width", "orig_height"].map(|key| (key.to_owned(), Value::Null));
        let url = ("url".to_owned(), Value::String(url.to_string()));
        Some(Value::Map(std::iter::once(url).chain(unknown).collect()))
    }

    /// `trans`: a text of the site's in a language.
    fn translation(&self, arguments: &[(String, Value)]) -> Option<Value> {
        let (key, site) = (named(arguments, "key")?.as_str()?, &self.zola.site);
        let code = named(arguments, "lang").and_then(Value::as_str).unwrap_or(&site.default.code);
        let own = || site.config.at(&["translations", key]).filter(|_| code == site.default.code);
        let of_language = || site.config.at(&["languages", code, "translations", key]);
        own().or_else(of_language).or_else(|| site.config.at(&["translations", code, key])).cloned()
    }
}

impl Runs for Page<'_> {
    fn run(&self, call: &Call<'_>, nth: i64, body: Option<&str>) -> Option<(bool, Option<String>)> {
        let templates = &self.zola.templates;
        let name = [".md", ".html"].iter().map(|end| format!("shortcodes/{}{end}", call.name));
        let name = name.into_iter().find(|name| templates.has(name))?;
        let mut variables = call.arguments.clone();
        variables.extend(body.map(|body| ("body".to_owned(), Value::String(body.trim_end().to_owned()))));
        variables.push(("nth".to_owned(), Value::Int(nth)));
        variables.extend_from_slice(self.known());
        // A slash that was escaped is one that links are read by.
        let made = templates.render(&name, variables, self);
        let made = made.map(|made| made.replace("\r\n", "\n").replace("&#x2F;", "/"));
        Some((name.ends_with(".md"), made))
    }
}

impl Site for Page<'_> {
    fn call(&self, name: &str, arguments: &[(String, Value)]) -> Option<Value> {
        match name {
            "get_url" => self.url(arguments).map(Value::String),
            "resize_image" | "get_image_metadata" => self.picture(arguments),
            "trans" => self.translation(arguments),
            _ => None,
        }
    }

    fn markdown(&self, source: &str) -> String {
        self.render(source, &Inserts::default(), ZolaAnchors::None).html
    }

    fn slug(&self, text: &str) -> String {
        crate::model::Slugify::On.path(text)
    }
}

fn named<'v>(arguments: &'v [(String, Value)], name: &str) -> Option<&'v Value> {
    arguments.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// The year, month and day of a date as it is written.
fn day(date: &Value) -> [Value; 3] {
    let text = date.as_str().unwrap_or_default();
    let part =
        |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse().ok()).map_or(Value::Null, Value::Int);
    [part(0, 4), part(5, 7), part(8, 10)]
}
