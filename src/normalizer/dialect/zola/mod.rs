//! Zola: the dated pages of the content, at the addresses that Zola gives them; an id is the permalink, as in its feeds.

mod address;
mod content;
mod dates;
mod page;
mod place;
#[cfg(test)]
mod tests;

use percent_encoding::percent_decode_str;

use super::{Dialect, Head, Role, Source, Text, Unrendered};
use crate::config::{Config, ContentMode, ZolaSite, ZolaTaxonomy};
use crate::model::{Author, Code, Diagnostic, ItemId, Label, Language, LeftOut, SitePath, Value, WebUrl};
use crate::normalizer::fields::{Fields, Origin, Sourced};
use crate::normalizer::front_matter::{Fences, FrontMatter};
use crate::normalizer::label;
use crate::normalizer::media::{self, Root};
use crate::normalizer::resolve::{self, DateRule};
use crate::normalizer::tera::Templates;
use address::Address;
use place::Place;

/// The folder of the content.
const CONTENT: &str = "content";

#[derive(Debug)]
pub(super) struct Zola {
    config: Config,
    site: ZolaSite,
    templates: Templates,
    rule: DateRule,
    /// The folders of files that are published.
    roots: [Root; 2],
}

impl Zola {
    pub(super) fn new(config: &Config, site: &ZolaSite) -> Self {
        let rule = DateRule { zone: config.site.zone, is_ruby: false };
        let templates = Templates::parse(&site.templates);
        Self { rule, roots: ["static", CONTENT].map(Root::new), config: config.clone(), site: site.clone(), templates }
    }

    /// Why Zola, or the page itself, wants it in no feed.
    fn left_out(&self, fields: Fields<'_>, place: Place<'_>) -> Option<LeftOut> {
        let is_draft = fields.flag("draft") == Some(true) || self.site.is_draft(place.folder);
        if is_draft && !self.config.source.drafts {
            return Some(LeftOut::Draft);
        }
        resolve::is_hidden(fields).then_some(LeftOut::Hidden)
    }

    /// The labels of a taxonomy, by the first of its names that the page has.
    fn labels(&self, fields: Fields<'_>, names: &[&str]) -> Sourced<Vec<Label>> {
        let value = names.iter().find_map(|name| fields.at("taxonomies", name));
        let labels = value.map(|value| label::plural(value, self.config.categories.split, false));
        Sourced::new(label::distinct(labels.unwrap_or_default()), fields.origin("taxonomies"))
    }

    /// `authors`, else the site's author, else the taxonomy or what themes have for it.
    fn authors(&self, fields: Fields<'_>) -> Vec<Sourced<Author>> {
        let own = label::authors(fields, |_| None, &self.config.site);
        if !own.is_empty() {
            return own;
        }
        let none = FrontMatter::default();
        let mut found = ["taxonomies", "extra"].into_iter().filter_map(|key| {
            let below = Fields { front: &none, defaults: fields.get(key)? };
            let authors = label::authors(below, |_| None, &self.config.site);
            let from_key = |author: Sourced<Author>| Sourced::new(author.value, fields.origin(key));
            (!authors.is_empty()).then(|| authors.into_iter().map(from_key).collect())
        });
        found.next().unwrap_or(own)
    }
}

impl Dialect for Zola {
    fn fences(&self) -> Fences {
        Fences::Indented
    }

    fn role(&self, path: &SitePath) -> Role {
        let path = path.text();
        let is_ignored = || self.site.ignored.iter().any(|glob| glob.is_match(&*path));
        if Place::of(&path, &self.site).is_some() && !is_ignored() { Role::Post } else { Role::None }
    }

    fn wants_folder(&self, path: &SitePath) -> bool {
        let path = path.text();
        path.is_empty() || path.split('/').next() == Some(CONTENT)
    }

    fn head(&self, source: &Source<'_>, diagnostics: &mut Vec<Diagnostic>) -> Result<Head, LeftOut> {
        if !source.has_front_matter {
            return Err(LeftOut::NoFrontMatter);
        }
        let path = source.path.text();
        let place = Place::of(&path, &self.site).ok_or(LeftOut::NoFrontMatter)?;
        let fields = Fields { front: &source.document.front, defaults: &Value::Null };
        if let Some(why) = self.left_out(fields, place) {
            return Err(why);
        }
        let date = dates::published(fields, place, self.rule, diagnostics)?;
        let updated = resolve::updated_by(fields, &["updated"], &date, self.rule, diagnostics);
        let page = Address::of(fields, place, &self.site);
        let Some(link) = page.link(&self.config.site.url) else {
            diagnostics.push(fields.blame(page.key(), Code::BadPermalink, "the permalink gives no address"));
            return Err(LeftOut::Broken);
        };
        // What Zola writes, also where it is no address as it stands but an IRI.
        let own = page.permalink(&self.site).and_then(|permalink| ItemId::parse(&permalink));
        let own_id = || Sourced::new(own.unwrap_or_else(|| ItemId::from(&link)), Origin::Field("link"));
        Ok(Head {
            language: place.language.language.clone(),
            collection: None,
            shown_categories: None,
            shown_from: (!self.config.source.future).then(|| date.value.micros()),
            shown_until: None,
            id: resolve::id(fields, &self.config.identity_keys, own_id, diagnostics),
            categories: self.labels(fields, &ZolaTaxonomy::CATEGORIES),
            tags: self.labels(fields, &ZolaTaxonomy::TAGS),
            authors: self.authors(fields),
            updated,
            date,
            link: Sourced::new(link, page.origin(fields)),
        })
    }

    /// By permalink, ascending.
    fn rank(&self, head: &Head) -> Option<Vec<u8>> {
        let link: Vec<u8> = percent_decode_str(head.link.value.as_str()).collect();
        // Complements turn the order of bytes around, and the last one puts an address before those that go on from it.
        Some(link.into_iter().map(|byte| !byte).chain([u8::MAX]).collect())
    }

    fn text(&self, source: &Source<'_>, head: &Head, mode: ContentMode) -> Text {
        let fields = Fields { front: &source.document.front, defaults: &Value::Null };
        self.text_of(source, fields, head, mode)
    }

    fn html(&self, source: &Source<'_>, _head: &Head) -> (String, Vec<Unrendered>) {
        self.html_of(source)
    }

    fn names_media(&self, front: &FrontMatter) -> bool {
        front.get("extra").is_some_and(|extra| media::is_any_named(|key| extra.get(key).is_some()))
    }

    fn category_link(&self, label: &Label, language: Option<&Language>) -> Option<WebUrl> {
        let own = self.site.in_language(language);
        let taxonomy = own.taxonomy(&ZolaTaxonomy::CATEGORIES).filter(|taxonomy| taxonomy.has_pages)?;
        let term = self.site.terms.path(label.as_str());
        address::absolute(&self.config.site.url, &format!("/{}{}/{term}/", own.prefix, taxonomy.path))
    }
}
