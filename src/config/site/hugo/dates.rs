//! `[frontmatter]`: which keys hold a page's dates (Hugo's `page_frontmatter.go`).

use super::strings;
use crate::config::HugoDates;
use crate::model::Value;

/// The configured chains, else Hugo's own, with the other names of each key.
pub(super) fn read(stated: Option<&Value>, notes: &mut Vec<String>) -> HugoDates {
    let mut chain = |key: &str, default: &[&str]| {
        let stated = stated.and_then(|stated| stated.get(key)).map(strings).filter(|keys| !keys.is_empty());
        let stated = stated.unwrap_or_else(|| vec![":default".to_owned()]);
        let mut keys = Vec::new();
        for name in stated.iter().map(|name| name.to_lowercase()) {
            match name.as_str() {
                ":default" => default.iter().for_each(|name| push(name, &mut keys)),
                ":filemodtime" | ":git" => notes.push(format!(
                    "`{name}` in the site's `frontmatter.{key}` is skipped: feeds depend on what posts say alone"
                )),
                name => push(name, &mut keys),
            }
        }
        keys
    };
    HugoDates {
        date: chain("date", &["date", "publishdate", "lastmod"]),
        lastmod: chain("lastmod", &["lastmod", "date", "publishdate"]),
        publish: chain("publishdate", &["publishdate", "date"]),
        expiry: chain("expirydate", &["expirydate"]),
    }
}

/// Adds a key and its other names, each once.
fn push(name: &str, keys: &mut Vec<String>) {
    let others: &[&str] = match name {
        "lastmod" => &["modified"],
        "publishdate" => &["pubdate", "published"],
        "expirydate" => &["unpublishdate"],
        _ => &[],
    };
    for name in std::iter::once(&name).chain(others) {
        if !keys.iter().any(|known| known == name) {
            keys.push((*name).to_owned());
        }
    }
}
