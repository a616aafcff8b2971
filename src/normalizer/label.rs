//! Categories, tags and authors: how the values of front matter become labels.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::Hash;

use super::fields::{Fields, Origin, Sourced};
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

/// Who wrote the post, by `author` or `authors`: names, maps of name, email and uri, or keys into the site's authors.
pub(crate) fn authors(fields: Fields<'_>, known: impl Fn(&str) -> Option<Author>, site: &Site) -> Sourced<Vec<Author>> {
    for key in ["author", "authors"] {
        let Some(value) = fields.get(key).filter(|value| !value.is_blank()) else { continue };
        let named: Vec<Author> = value.items().iter().filter_map(|value| author(value, &known, site)).collect();
        if !named.is_empty() {
            return Sourced::new(named, fields.origin(key));
        }
    }
    Sourced::new(site.author.clone().into_iter().collect(), Origin::Configuration("site.author"))
}

fn author(value: &Value, known: impl Fn(&str) -> Option<Author>, site: &Site) -> Option<Author> {
    if let Value::Map(_) = value {
        let text =
            |keys: &[&str]| keys.iter().find_map(|key| value.get(key)?.to_text()).filter(|t| !t.trim().is_empty());
        return Some(Author {
            name: super::text::line(&text(&["name", "display_name", "title"])?),
            email: text(&["email"]).filter(|email| email.contains('@')),
            uri: text(&["uri", "url", "website"]).and_then(|uri| site.absolute(&uri)),
        })
        .filter(|author| !author.name.is_empty());
    }
    let name = value.to_text()?;
    known(name.trim()).or_else(|| {
        let name = super::text::line(&name);
        (!name.is_empty()).then_some(Author { name, email: None, uri: None })
    })
}
