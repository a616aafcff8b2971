//! Categories, tags and authors: how the values of front matter become labels.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::Hash;

use super::fields::{Fields, Origin, Sourced};
use super::front_matter::FrontMatter;
use crate::config::{Site, Split};
use crate::model::{Author, Code, Diagnostic, Label, Value};

/// The texts of a value: of a list each item, the items of lists in it among them; a string as it stands.
pub(crate) fn texts(value: &Value) -> Vec<Cow<'_, str>> {
    let mut texts = Vec::new();
    push_texts(value, &mut texts);
    texts
}

/// The same, a string split at white space, as Ruby's `split` does.
pub(crate) fn words(value: &Value) -> Vec<Cow<'_, str>> {
    match value {
        Value::String(text) => text.split_ascii_whitespace().map(Cow::Borrowed).collect(),
        _ => texts(value),
    }
}

fn push_texts<'v>(value: &'v Value, texts: &mut Vec<Cow<'v, str>>) {
    match value {
        Value::String(text) => texts.push(text.as_str().into()),
        Value::List(items) => items.iter().for_each(|item| push_texts(item, texts)),
        _ => texts.extend(value.to_text().map(Cow::Owned)),
    }
}

/// The labels of a value that may hold several: a list item by item, a string split as configured.
pub(crate) fn plural(value: &Value, split: Split, splits_words: bool) -> Vec<Label> {
    let texts = match (split, value) {
        (Split::Comma, Value::String(text)) => text.split([',', '，']).map(Cow::Borrowed).collect(),
        (Split::Dialect, _) if splits_words => words(value),
        _ => texts(value),
    };
    labels(&texts)
}

/// The labels that texts are.
pub(crate) fn labels(texts: &[Cow<'_, str>]) -> Vec<Label> {
    texts.iter().filter_map(|text| Label::new(text)).collect()
}

/// The first of equal values each, in order.
pub(crate) fn distinct<T: Clone + Eq + Hash>(values: Vec<T>) -> Vec<T> {
    const FEW: usize = 16;
    let mut kept: Vec<T> = Vec::with_capacity(values.len());
    let mut seen = HashSet::new();
    let is_few = values.len() <= FEW;
    for value in values {
        let is_new = if is_few { !kept.contains(&value) } else { seen.insert(value.clone()) };
        if is_new {
            kept.push(value);
        }
    }
    kept
}

/// How many categories, and how many tags, of a post count. Each is a feed, and the post stands whole in all of them.
pub(crate) const MOST_LABELS: usize = 200;

/// The labels that count, and what there is to say of more.
pub(crate) fn bound(labels: &mut Sourced<Vec<Label>>, front: &FrontMatter) -> Option<Diagnostic> {
    let count = labels.value.len();
    if count <= MOST_LABELS {
        return None;
    }
    labels.value.truncate(MOST_LABELS);
    let message = format!("it has {count} labels, of which the first {MOST_LABELS} count");
    Some(labels.from.blame(front, Diagnostic::new(Code::TooManyLabels, message)))
}

/// A comma in a string that splits at white space: `news, releases` gives `news,`, which is hardly meant.
pub(crate) fn warn_about_commas(fields: Fields<'_>, key: &str, diagnostics: &mut Vec<Diagnostic>) {
    /// How many words the report shows.
    const SHOWN: usize = 20;
    let Some(text) = fields.front.get(key).and_then(Value::as_str) else { return };
    if !text.split_whitespace().any(|word| word.ends_with(',')) {
        return;
    }
    let mut words = text.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty());
    let mut list = words.by_ref().take(SHOWN).collect::<Vec<_>>().join(", ");
    if words.next().is_some() {
        list.push_str(", …");
    }
    let message =
        format!("`{key}` splits at white space and commas are part of its labels; a list would be `{key}: [{list}]`");
    diagnostics.push(fields.blame(key, Code::CommaInLabels, message));
}

/// How many authors a post has at most, and how deep lists of them nest.
const MOST_AUTHORS: usize = 100;
const DEEPEST: usize = 4;
/// The keys of a map that may hold an author's name; handles last.
const NAMES: [&str; 12] = [
    "name",
    "display_name",
    "displayname",
    "full_name",
    "title",
    "nickname",
    "username",
    "login",
    "handle",
    "key",
    "twitter",
    "github",
];

/// Who wrote the post, by `author` or `authors`: names, maps of name, email and uri, keys into what is `known` of the site's
/// authors, or lists of these.
pub(crate) fn authors(fields: Fields<'_>, known: impl Fn(&str) -> Option<Author>, site: &Site) -> Vec<Sourced<Author>> {
    for key in ["author", "authors"] {
        let Some(value) = fields.get(key) else { continue };
        let mut found = Found { authors: Vec::new(), known: &known, site, from: fields.origin(key) };
        found.add(value, 0);
        if !found.authors.is_empty() {
            return found.authors;
        }
    }
    site.author.clone().map(|author| Sourced::new(author, Origin::Configuration("site.author"))).into_iter().collect()
}

struct Found<'a> {
    authors: Vec<Sourced<Author>>,
    known: &'a dyn Fn(&str) -> Option<Author>,
    site: &'a Site,
    from: Origin,
}

impl Found<'_> {
    fn add(&mut self, value: &Value, depth: usize) {
        match value {
            Value::List(items) if depth < DEEPEST => items.iter().for_each(|item| self.add(item, depth + 1)),
            Value::Map(pairs) => match self.by_map(value) {
                Some(author) => self.push(author, self.from.clone()),
                // A map of authors by their keys.
                None => {
                    pairs.iter().filter(|(_, value)| matches!(value, Value::Map(_))).for_each(|(key, value)| match self
                        .by_map(value)
                    {
                        Some(author) => self.push(author, self.from.clone()),
                        None => self.add_name(key),
                    })
                }
            },
            // A switch is no name.
            Value::Bool(_) | Value::Null | Value::List(_) => {}
            scalar => scalar.to_text().iter().for_each(|name| self.add_name(name)),
        }
    }

    fn add_name(&mut self, name: &str) {
        if let Some(author) = (self.known)(name.trim()) {
            return self.push(author, Origin::Data(Box::new(self.from.clone()), "authors"));
        }
        let name = super::text::line(name);
        if !name.is_empty() {
            self.push(Author { name, email: None, uri: None }, self.from.clone());
        }
    }

    fn by_map(&self, map: &Value) -> Option<Author> {
        let texts = |keys: &'static [&'static str]| {
            keys.iter().filter_map(|key| map.get(key)).filter(|value| !matches!(value, Value::Bool(_)))
        };
        let text = |keys| texts(keys).filter_map(Value::to_text).find(|text| !text.trim().is_empty());
        let handle = |value: &Value| Some(super::text::line(value.to_text()?.trim_start_matches('@')));
        let both = || {
            let parts = [text(&["first_name", "firstname", "first"]), text(&["last_name", "lastname", "last"])];
            Some(super::text::line(&parts.into_iter().flatten().collect::<Vec<_>>().join(" ")))
        };
        let named = texts(&NAMES).filter_map(handle).find(|name| !name.is_empty());
        Some(Author {
            name: named.or_else(both).filter(|name| !name.is_empty())?,
            email: text(&["email", "mail"]).filter(|email| email.contains('@')),
            uri: text(&["uri", "url", "website", "web", "homepage", "link"]).and_then(|uri| self.site.absolute(&uri)),
        })
    }

    fn push(&mut self, author: Author, from: Origin) {
        if self.authors.len() < MOST_AUTHORS && !self.authors.iter().any(|known| known.value == author) {
            self.authors.push(Sourced::new(author, from));
        }
    }
}
