//! Categories, tags and authors: how the values of front matter become labels.

use super::fields::{Fields, Origin, Sourced};
use crate::config::Split;
use crate::model::{Author, Code, Diagnostic, Label, Value, WebUrl};

/// The labels of a value that may hold several: a list item by item, a string split as configured.
pub(crate) fn plural(value: &Value, split: Split, dialect_splits: bool) -> Vec<Label> {
    let Value::String(text) = value else {
        return value.items().iter().filter_map(Value::to_text).filter_map(|text| Label::new(&text)).collect();
    };
    match split {
        Split::Comma => text.split([',', '，']).filter_map(Label::new).collect(),
        Split::Dialect if dialect_splits => text.split_whitespace().filter_map(Label::new).collect(),
        Split::Dialect | Split::None => Label::new(text).into_iter().collect(),
    }
}

/// The labels of a value that is one label as it stands; a list is taken item by item.
pub(crate) fn singular(value: &Value) -> Vec<Label> {
    value.items().iter().filter_map(Value::to_text).filter_map(|text| Label::new(&text)).collect()
}

/// Adds those that are not there yet.
pub(crate) fn merge(into: &mut Vec<Label>, more: Vec<Label>) {
    for label in more {
        if !into.contains(&label) {
            into.push(label);
        }
    }
}

/// A comma in a string that splits at white space: `news, releases` gives `news,`, which is hardly meant.
pub(crate) fn warn_about_commas(fields: Fields<'_>, key: &str, diagnostics: &mut Vec<Diagnostic>) {
    let Some(text) = fields.front.get(key).and_then(Value::as_str) else { return };
    if !text.split_whitespace().any(|word| word.ends_with(',')) {
        return;
    }
    let list = text.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ");
    diagnostics.push(
        Diagnostic::new(
            Code::CommaInLabels,
            format!("`{key}: {text}` splits at white space, commas are part of the labels; a list would be `{key}: [{list}]`"),
        )
        .at(fields.front.line(key)),
    );
}

/// Who wrote the post, by `author` or `authors`: names, maps of name, email and uri, or keys into the site's authors.
pub(crate) fn authors(
    fields: Fields<'_>,
    known: impl Fn(&str) -> Option<Author>,
    site: Option<&Author>,
) -> Sourced<Vec<Author>> {
    for key in ["author", "authors"] {
        let Some(value) = fields.get(key).filter(|value| !value.is_blank()) else { continue };
        let named: Vec<Author> = value.items().iter().filter_map(|value| author(value, &known)).collect();
        if !named.is_empty() {
            return Sourced::new(named, fields.origin(key));
        }
    }
    Sourced::new(site.cloned().into_iter().collect(), Origin::Configuration("site.author"))
}

fn author(value: &Value, known: impl Fn(&str) -> Option<Author>) -> Option<Author> {
    if let Value::Map(_) = value {
        let text =
            |keys: &[&str]| keys.iter().find_map(|key| value.get(key)?.to_text()).filter(|t| !t.trim().is_empty());
        return Some(Author {
            name: super::text::line(&text(&["name", "display_name", "title"])?),
            email: text(&["email"]),
            uri: text(&["uri", "url", "website"]).and_then(|uri| WebUrl::parse(&uri)),
        })
        .filter(|author| !author.name.is_empty());
    }
    let name = value.to_text()?;
    known(name.trim()).or_else(|| {
        let name = super::text::line(&name);
        (!name.is_empty()).then_some(Author { name, email: None, uri: None })
    })
}
