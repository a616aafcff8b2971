//! Templates against what Jekyll makes of them, and against whoever wants to break the machine with them.

mod hostile;

use std::path::Path;

use super::*;
use crate::config::{Dialect, Overrides, Templates, load};

/// A site whose pages are where Jekyll's fixture has them.
#[derive(Debug)]
pub(super) struct Pages;

impl Host for Pages {
    fn page_of(&self, target: Target<'_>) -> Option<String> {
        Some(match target {
            Target::Post(name) => format!("/post/{name}/"),
            Target::File(path) => format!("/file/{path}"),
        })
    }

    fn markdown(&self, text: &str) -> String {
        crate::normalizer::body::markdown::to_html(text, crate::normalizer::body::markdown::Flavor::Kramdown)
    }

    fn beside(&self, name: &str) -> String {
        format!("./_posts/{name}")
    }
}

pub(super) fn page() -> Value {
    let text = |text: &str| Value::String(text.to_owned());
    let list = |texts: &[&str]| Value::List(texts.iter().map(|it| text(it)).collect());
    let pairs = [
        ("title", text("A Case")),
        ("date", text("2020-02-03 04:05:06 +0000")),
        ("categories", list(&["news"])),
        ("tags", list(&["x", "y"])),
        ("list", Value::List([3, 1, 2].map(Value::Int).to_vec())),
        ("num", Value::Int(5)),
        ("map", Value::Map(vec![("k".to_owned(), text("v"))])),
    ];
    Value::Map(pairs.map(|(key, value)| (key.to_owned(), value)).to_vec())
}

/// Renders with the site of the golden files.
pub(super) fn rendered(source: &str, templates: &Templates) -> (String, Vec<Finding>) {
    let page = page();
    let partials = Partials::new(&templates.partials);
    let globals = [("site", &templates.site), ("page", &page)];
    let site = WebUrl::parse("https://example.com/base/").unwrap();
    let now = DateTime::parse_from_rfc3339("2020-02-03T04:05:06+00:00").unwrap();
    let environment =
        Environment { globals: &globals, site: &site, zone: Zone::UTC, now, partials: &partials, host: &Pages };
    render(source, environment)
}

pub(super) fn templates() -> Templates {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/liquid/site");
    let overrides = Overrides { site: Some(folder.clone()), ..Overrides::default() };
    let config = load(&overrides, &[], &folder, Some("UTC")).unwrap();
    let Dialect::Jekyll(site) = &config.source.dialect else { panic!("no Jekyll site") };
    Templates::clone(&site.templates)
}

/// `tests/golden/liquid/make` wrote what Jekyll 4.3.1 makes of each.
#[test]
fn templates_are_what_jekyll_makes_of_them() {
    let cases = include_str!("../../../tests/golden/liquid/cases.txt");
    let expected = include_str!("../../../tests/golden/liquid/expected.txt");
    let templates = templates();
    let mut wrong = Vec::new();
    for (case, expected) in cases.split("\n=====\n").zip(expected.split("\n=====\n")) {
        let (text, _) = rendered(case.strip_suffix('\n').unwrap_or(case), &templates);
        if text.trim_end_matches('\n') != expected.trim_end_matches('\n') {
            wrong.push(format!("{case}\n--- Jekyll:\n{expected}\n--- here:\n{text}\n"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
