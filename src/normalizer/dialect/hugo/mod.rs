//! Hugo: the dated pages of the main sections, at the addresses that Hugo gives them; an id is the permalink, as in its RSS.

mod address;
mod content;
mod dates;
mod host;
mod links;
mod passthrough;
mod place;
mod summary;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Dialect, Head, Role, Source, Text, Unrendered};
use crate::config::{self, Config, ContentMode, HugoCascade, HugoLanguage, HugoSite, HugoTaxonomy};
use crate::model::{Author, Code, Diagnostic, ItemId, Label, Language, LeftOut, SitePath, Value, WebUrl, term_path};
use crate::normalizer::fields::{Fields, Origin, Sourced};
use crate::normalizer::front_matter::{Fences, FrontMatter};
use crate::normalizer::media::{self, Root};
use crate::normalizer::resolve::{self, DateRule};
use crate::normalizer::{label, text};
use address::Page;
use dates::Lookup;
use place::Place;

#[derive(Debug)]
pub(super) struct Hugo {
    config: Config,
    site: HugoSite,
    rule: DateRule,
    /// A language's folders of files that are published.
    roots: BTreeMap<Option<Language>, Vec<Root>>,
}

impl Hugo {
    pub(super) fn new(config: &Config, site: &HugoSite) -> Self {
        let rule = DateRule { zone: config.site.zone, is_ruby: false };
        let roots = site.languages().map(|own| {
            let folders = own.static_dirs.iter().chain([&own.content, &own.assets]);
            (own.language.clone(), folders.map(|folder| Root::new(folder)).collect())
        });
        Self { rule, roots: roots.collect(), config: config.clone(), site: site.clone() }
    }

    /// What the configuration says of the site in a page's language.
    fn own(&self, place: &Place<'_>) -> &config::Site {
        self.config.site_in(place.language.language.as_ref())
    }

    /// The place of a file, also of one that lies outside the content.
    fn place<'a>(&'a self, path: &'a str) -> Place<'a> {
        let file = path.rsplit('/').next().unwrap_or_default();
        Place::of(path, &self.site).unwrap_or(Place {
            language: &self.site.default,
            folder: "",
            name: file,
            is_html: false,
        })
    }

    /// What the page's sections and the site give it: the nearest section first.
    fn cascade<'a>(place: &Place<'a>) -> Cow<'a, Value> {
        let logical = place.logical();
        let sections = place.language.sections.iter().rev().filter(|section| {
            let rest = place.folder.strip_prefix(section.folder.as_str());
            section.folder.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        let all = sections.flat_map(|section| &section.cascade).chain(&place.language.cascade);
        let mut matching =
            all.filter(|HugoCascade { path, .. }| path.as_ref().is_none_or(|path| path.is_match(&logical)));
        let mut values = matching.next().map_or(Cow::Owned(Value::Null), |first| Cow::Borrowed(&first.values));
        for more in matching {
            add_absent(values.to_mut(), &more.values);
        }
        values
    }

    /// Why Hugo, or the page itself, wants it in no feed.
    fn left_out(&self, fields: Fields<'_>) -> Option<LeftOut> {
        if fields.flag("draft") == Some(true) && !self.config.source.drafts {
            return Some(LeftOut::Draft);
        }
        let build = |key: &str| {
            let value = fields.at("build", key).or_else(|| fields.at("_build", key));
            value.and_then(|value| match value.as_bool() {
                Some(is_on) => Some(if is_on { "always".to_owned() } else { "never".to_owned() }),
                None => value.to_text().map(|text| text.to_lowercase()),
            })
        };
        let is_unpublished = matches!(build("render").as_deref(), Some("never" | "link"));
        if is_unpublished || fields.flag("headless") == Some(true) {
            return Some(LeftOut::Unpublished);
        }
        let is_unlisted = matches!(build("list").as_deref(), Some("never" | "local"));
        (is_unlisted || resolve::is_hidden(fields)).then_some(LeftOut::Hidden)
    }

    /// The labels of a taxonomy: a list item by item, a string as one.
    fn labels(&self, fields: Fields<'_>, taxonomy: Option<&HugoTaxonomy>) -> Sourced<Vec<Label>> {
        let taxonomy = taxonomy.map(|taxonomy| taxonomy.key.as_str()).unwrap_or_default();
        let value = fields.get(taxonomy);
        let labels = value.map(|value| label::plural(value, self.config.categories.split, false));
        Sourced::new(label::distinct(labels.unwrap_or_default()), fields.origin(taxonomy))
    }

    /// By `author` or `authors`, at the top or under `params`.
    fn authors(&self, fields: Fields<'_>, place: &Place<'_>) -> Vec<Sourced<Author>> {
        let is_stated = |fields: Fields<'_>| ["author", "authors"].iter().any(|key| fields.get(key).is_some());
        let params = fields.get("params").unwrap_or(&Value::Null);
        let below = Fields { front: &FrontMatter::default(), defaults: params };
        let which = if !is_stated(fields) && is_stated(below) { below } else { fields };
        label::authors(which, |key| known_author(place.language, key), self.own(place))
    }

    /// The address of the page, or why it has none.
    fn link(&self, fields: Fields<'_>, page: &Page<'_>) -> Result<Sourced<WebUrl>, Diagnostic> {
        let own = fields.text(&["url"]);
        let key = if own.is_some() { "url" } else { "slug" };
        let path = match &own {
            Some(own) => page.of_url(&own.value).map(|path| (path, own.from.clone())),
            None => page.of_place().map(|(path, by_pattern)| {
                let slug = || if page.slug.is_empty() { Origin::FileName } else { fields.origin("slug") };
                (path, if by_pattern { Origin::Configuration("permalinks") } else { slug() })
            }),
        };
        let Some((path, from)) = path else {
            let message = "the permalink is longer than the path of any page can be";
            return Err(fields.blame(key, Code::BadPermalink, message));
        };
        address::absolute(&self.own(&page.place).url, &path).map(|link| Sourced::new(link, from)).ok_or_else(|| {
            let message = format!("{} is no address", text::first_sentence(&path, 100));
            fields.blame(key, Code::BadPermalink, message)
        })
    }
}

impl Dialect for Hugo {
    fn fences(&self) -> Fences {
        Fences::All
    }

    fn role(&self, path: &SitePath) -> Role {
        let path = path.text();
        let is_post = Place::of(&path, &self.site).is_some_and(|place| {
            place.language.main_sections.iter().any(|section| section.eq_ignore_ascii_case(place.section()))
        });
        if is_post { Role::Post } else { Role::None }
    }

    fn wants_folder(&self, path: &SitePath) -> bool {
        let path = path.text();
        let leads_to = |folder: &str, to: &str| {
            to.strip_prefix(folder).is_some_and(|rest| folder.is_empty() || rest.is_empty() || rest.starts_with('/'))
        };
        self.site.languages().any(|language| {
            leads_to(&path, &language.content)
                || (leads_to(&language.content, &path) && !path.split('/').any(|segment| segment.starts_with('.')))
        })
    }

    fn head(&self, source: &Source<'_>, diagnostics: &mut Vec<Diagnostic>) -> Result<Head, LeftOut> {
        if !source.has_front_matter {
            return Err(LeftOut::NoFrontMatter);
        }
        let path = source.path.text();
        let place = Place::of(&path, &self.site).ok_or(LeftOut::NoFrontMatter)?;
        let front = source.document.front.with_lowercase_keys();
        let defaults = Self::cascade(&place);
        let fields = Fields { front: &front, defaults: &defaults };
        if let Some(why) = self.left_out(fields) {
            return Err(why);
        }
        let dates = Lookup { fields, place, rule: self.rule }.dates(&place.language.dates, diagnostics)?;
        let slug = fields.text(&["slug"]).map(|slug| slug.value);
        // Hugo takes hyphens off its ends.
        let slug = slug.as_deref().map(|slug| slug.trim_matches('-')).filter(|slug| !slug.is_empty());
        let title = fields.text(&["title"]).map(|title| title.value).unwrap_or_default();
        let page = Page {
            place,
            date: Some(dates.date.value.date_time()),
            slug: slug.or(dates.slug).unwrap_or_default(),
            title: &title,
        };
        let link = self.link(fields, &page).map_err(|finding| {
            diagnostics.push(finding);
            LeftOut::Broken
        })?;
        let own_id = || Sourced::new(ItemId::from(&link.value), Origin::Field("link"));
        Ok(Head {
            language: place.language.language.clone(),
            collection: None,
            shown_categories: None,
            shown_from: dates.publish.filter(|_| !self.config.source.future).map(|at| at.micros()),
            shown_until: dates.expiry.filter(|_| !place.language.expired).map(|at| at.micros()),
            id: resolve::id(fields, &self.config.identity_keys, own_id, diagnostics),
            categories: self.labels(fields, place.language.categories.as_ref()),
            tags: self.labels(fields, place.language.tags.as_ref()),
            authors: self.authors(fields, &place),
            date: dates.date,
            updated: dates.updated,
            link,
        })
    }

    fn text(&self, source: &Source<'_>, head: &Head, mode: ContentMode) -> Text {
        let path = source.path.text();
        let place = self.place(&path);
        let front = source.document.front.with_lowercase_keys();
        let defaults = Self::cascade(&place);
        let fields = Fields { front: &front, defaults: &defaults };
        self.text_of(source, fields, &place, head, mode)
    }

    fn html(&self, source: &Source<'_>, head: &Head) -> (String, Vec<Unrendered>) {
        let path = source.path.text();
        let place = self.place(&path);
        let front = source.document.front.with_lowercase_keys();
        let defaults = Self::cascade(&place);
        self.html_of(source, Fields { front: &front, defaults: &defaults }, &place, head)
    }

    fn names_media(&self, front: &FrontMatter) -> bool {
        let front = front.with_lowercase_keys();
        let params = front.get("params").unwrap_or(&Value::Null);
        media::is_any_named(|key| front.get(key).is_some() || params.get(key).is_some())
    }

    fn category_link(&self, label: &Label, language: Option<&Language>) -> Option<WebUrl> {
        let own = self.site.in_language(language);
        let taxonomy = &own.categories.as_ref()?.key;
        let site = self.config.site_in(language);
        address::absolute(&site.url, &address::of_term(own, taxonomy, label.as_str())?)
    }

    fn category_title(&self, label: &Label, language: Option<&Language>) -> Option<String> {
        let own = self.site.in_language(language);
        term_title(own, &own.categories.as_ref()?.key, label.as_str())
    }
}

/// The title of the page of a term, where it has one of its own.
fn term_title(language: &HugoLanguage, taxonomy: &str, term: &str) -> Option<String> {
    let term = term_path(term, true);
    let own = |folder: &'_ str| folder.strip_prefix(taxonomy)?.strip_prefix('/').map(|own| term_path(own, true));
    let page = language.sections.iter().find(|section| own(&section.folder).is_some_and(|own| own == term))?;
    page.title.as_deref().map(text::line).filter(|title| !title.is_empty())
}

/// Of `data/authors` and `params.authors`, by the key, or the page of that term of the taxonomy.
fn known_author(language: &HugoLanguage, key: &str) -> Option<Author> {
    let known = language.authors.get(key).or_else(|| language.authors.get(&key.to_lowercase()));
    let by_page = || Some(Author { name: term_title(language, "authors", key)?, email: None, uri: None });
    known.cloned().or_else(by_page)
}

/// Adds the keys that a map lacks; maps in it are added to likewise.
fn add_absent(into: &mut Value, more: &Value) {
    let (Value::Map(into), Value::Map(more)) = (into, more) else { return };
    for (key, value) in more {
        match into.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => add_absent(known, value),
            None => into.push((key.clone(), value.clone())),
        }
    }
}
