//! What readers see of a feed's entries, compared with what a generator says of its own.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use chrono::DateTime;
use serde_json::Value;
use syndicated::normalizer::text;

use crate::fixture::Site;

/// What readers see of an entry: each fact by its name.
pub(crate) type Facts = BTreeMap<&'static str, String>;

fn instant(rfc3339: &str) -> String {
    DateTime::parse_from_rfc3339(rfc3339).unwrap().to_utc().to_rfc3339()
}

/// All text without white space, which generators' templates are full of.
pub(crate) fn bare(html: &str) -> String {
    text::from_html(html).split_whitespace().collect()
}

/// The names of all tags in order, but of those that feeds do without.
pub(crate) fn tags(html: &str) -> String {
    let name = |tag: &str| tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect::<String>();
    let names = html.split('<').skip(1).map(name);
    let names: Vec<String> =
        names.filter(|name| !["", "script", "input"].contains(&name.trim_start_matches('/'))).collect();
    names.join(" ")
}

pub(crate) fn expected(post: &Value) -> Facts {
    let get = |key: &str| post[key].as_str().unwrap().to_owned();
    let mut facts = Facts::from([
        ("link", get("link")),
        ("guid", get("link")),
        ("published", instant(&get("published"))),
        ("updated", instant(&get("updated"))),
        ("summary", bare(&get("summary"))),
        ("content", bare(&get("content"))),
    ]);
    // Without one, Hugo and Zola have an empty title, which is none for a feed.
    if !get("title").is_empty() {
        facts.insert("title", text::line(&get("title")));
    }
    facts
}

pub(crate) fn found(site: &Site, path: &str) -> Vec<Facts> {
    let bytes = fs::read(site.path("feeds").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let feed = feed_rs::parser::Builder::new().sanitize_content(false).build().parse(bytes.as_slice()).unwrap();
    let text = |text: Option<feed_rs::model::Text>| text.map(|text| text.content).unwrap_or_default();
    let entries = feed.entries.into_iter().map(|entry| {
        let content = entry.content.and_then(|content| content.body).unwrap_or_default();
        Facts::from([
            ("link", entry.links.first().unwrap().href.clone()),
            (
                "authors",
                entry.authors.iter().filter_map(|author| author.name.as_deref()).collect::<Vec<_>>().join(", "),
            ),
            ("labels", entry.categories.iter().map(|label| label.term.as_str()).collect::<Vec<_>>().join(", ")),
            ("guid", entry.id),
            ("published", entry.published.unwrap().to_rfc3339()),
            ("updated", entry.updated.unwrap().to_rfc3339()),
            ("title", text(entry.title)),
            ("summary", text(entry.summary).split_whitespace().collect()),
            ("content", bare(&content)),
            ("tags", tags(&content)),
        ])
    });
    entries.collect()
}

/// The first difference of each entry, as a person would want it.
pub(crate) fn differences(generator: &str, expected: &[Facts], found: &[Facts]) -> String {
    let mut told = String::new();
    let links = |all: &[Facts]| all.iter().map(|facts| facts["link"].clone()).collect::<Vec<_>>();
    let (wanted, got) = (links(expected), links(found));
    for link in wanted.iter().filter(|link| !got.contains(link)) {
        let _ = writeln!(told, "missing: {link}");
    }
    for link in got.iter().filter(|link| !wanted.contains(link)) {
        let _ = writeln!(told, "not {generator}'s: {link}");
    }
    for facts in expected {
        let Some(ours) = found.iter().find(|ours| ours["link"] == facts["link"]) else { continue };
        for (name, value) in facts.iter().filter(|(name, value)| ours[*name] != **value) {
            let _ = writeln!(told, "{}: {name}\n  {generator} {value}\n  ours {}", facts["link"], ours[*name]);
        }
    }
    if told.is_empty() && wanted != got {
        let _ = writeln!(told, "order\n  {generator} {wanted:#?}\n  ours {got:#?}");
    }
    told
}
