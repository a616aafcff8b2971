//! Where Zola puts pages: `path`, else the folder of the language, those of the file, and `slug` or the name (its `page.rs`).

use std::fmt::Write as _;

use super::dates::date_in_name;
use super::place::Place;
use crate::config::ZolaSite;
use crate::model::WebUrl;
use crate::normalizer::fields::{Fields, Origin};

/// The longest path that a page may have, in bytes.
const MAX_BYTES: usize = 8 * 1024;

/// The path of a page.
pub(super) struct Address {
    /// As it is written, from slash to slash.
    path: String,
    /// The key of the front matter that says it; `None`: the file's place.
    key: Option<&'static str>,
}

impl Address {
    pub(super) fn of(fields: Fields<'_>, place: Place<'_>, site: &ZolaSite) -> Self {
        if let Some(path) = fields.text(&["path"]) {
            let path = path.value.trim();
            let lead = if path.starts_with('/') { "" } else { "/" };
            let end = if path.ends_with('/') { "" } else { "/" };
            return Self { path: format!("{lead}{path}{end}"), key: Some("path") };
        }
        let stated = fields.text(&["slug"]);
        let key = stated.as_ref().map(|_| "slug");
        let slug = stated.map_or_else(|| name(place, site).to_owned(), |slug| slug.value);
        let slug = site.paths.path(&slug);
        let folder = if place.folder.is_empty() { String::new() } else { format!("{}/", place.folder) };
        let end = if slug.ends_with('/') { "" } else { "/" };
        Self { path: format!("/{}{folder}{slug}{end}", place.language.prefix), key }
    }

    /// As it is written, from slash to slash.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// As readers fetch it.
    pub(super) fn link(&self, site: &WebUrl) -> Option<WebUrl> {
        (self.path.len() <= MAX_BYTES).then(|| absolute(site, &self.path)).flatten()
    }

    /// As Zola writes it, unless the site has another address than the one that it states.
    pub(super) fn permalink(&self, site: &ZolaSite) -> Option<String> {
        site.base.as_ref().map(|base| format!("{base}{}", self.path))
    }

    /// The key to blame.
    pub(super) fn key(&self) -> &'static str {
        self.key.unwrap_or("path")
    }

    /// Where it came from.
    pub(super) fn origin(&self, fields: Fields<'_>) -> Origin {
        self.key.map_or(Origin::FileName, |key| fields.origin(key))
    }
}

/// The name without its date, unless the site keeps it.
fn name<'a>(place: Place<'a>, site: &ZolaSite) -> &'a str {
    let slug = date_in_name(place.name).and_then(|dated| dated.slug).filter(|_| !site.keeps_dates);
    slug.unwrap_or(place.name)
}

/// The absolute address of a path, what no path may hold percent-encoded.
pub(super) fn absolute(site: &WebUrl, path: &str) -> Option<WebUrl> {
    let mut address = String::with_capacity(path.len() + 16);
    for byte in path.trim_start_matches('/').bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/%".contains(&byte) {
            address.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(address, "%{byte:02X}");
        }
    }
    site.below(&address)
}
