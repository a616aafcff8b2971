//! The authors that a site knows by keys: a data file of them, and what a value says of one.

use std::collections::BTreeMap;
use std::path::Path;

use super::jekyll::text_of;
use super::{Facts, Lookup, address, data};
use crate::model::{Author, Label, Value, WebUrl, is_email};

/// By key.
pub(super) type Authors = BTreeMap<String, Author>;

/// `authors.*` in a folder of the site; a file that cannot be read is noted.
pub(super) fn read(lookup: Lookup<'_>, folder: &str, facts: &mut Facts) -> Authors {
    let mut authors = Authors::new();
    for extension in ["yml", "yaml", "json", "toml"] {
        let name = Path::new(folder).join(format!("authors.{extension}")).to_string_lossy().into_owned();
        let path = facts.root.join(&name);
        facts.files.push(path.clone());
        let value = match data::read(&path).and_then(|text| text.map(|text| data::parse(&text, extension)).transpose())
        {
            Ok(value) => value.unwrap_or_default(),
            Err(fault) => {
                let line = fault.place.map_or(String::new(), |(line, _)| format!(":{line}"));
                facts.notes.push(format!("{}{line} is not used: {}", lookup.show(&name), fault.message));
                continue;
            }
        };
        if let Value::Map(pairs) = value {
            let address = facts.address.as_ref().ok();
            authors.extend(pairs.into_iter().filter_map(|(key, value)| {
                let author = author_of(&value, Some(&key), address)?;
                Some((key, author))
            }));
        }
    }
    authors
}

/// An author from a name, or a map with `name`, `email` and `uri` or `url`; `key` is a name for one without.
pub(super) fn author_of(value: &Value, key: Option<&str>, address: Option<&WebUrl>) -> Option<Author> {
    let field = |name: &str| value.get(name).and_then(text_of);
    let name = if matches!(value, Value::Map(_)) { field("name") } else { text_of(value) };
    let name = Label::new(&name.or_else(|| key.map(str::to_owned))?)?;
    Some(Author {
        name: name.as_str().to_owned(),
        email: field("email").filter(|email| is_email(email)),
        uri: field("uri").or_else(|| field("url")).and_then(|uri| match address {
            Some(address) => address::on_site(address, &uri),
            None => WebUrl::parse(&uri).filter(WebUrl::is_web),
        }),
    })
}
