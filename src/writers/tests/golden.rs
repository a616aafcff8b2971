//! Documents as text, reviewed by hand; `UPDATE=1` rewrites them.

use super::*;

pub(super) fn check(name: &str, document: &str) {
    if name.ends_with(".xml") {
        assert_well_formed(document);
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/writers/tests/golden").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, document).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == document, "{name} differs (UPDATE=1 rewrites it):\n{document}");
}

#[test]
fn full() {
    check("full.rss.xml", &document(&full_feed(), Format::Rss));
    check("full.atom.xml", &document(&full_feed(), Format::Atom));
    check("full.json", &document(&full_feed(), Format::Json));
}

#[test]
fn bare() {
    let feed = bare_feed(vec![bare_item(2), bare_item(1)]);
    check("bare.rss.xml", &document(&feed, Format::Rss));
    check("bare.atom.xml", &document(&feed, Format::Atom));
    check("bare.json", &document(&feed, Format::Json));
}

#[test]
fn empty() {
    let feed = bare_feed(Vec::new());
    check("empty.rss.xml", &document(&feed, Format::Rss));
    check("empty.atom.xml", &document(&feed, Format::Atom));
    check("empty.json", &document(&feed, Format::Json));
}

#[test]
fn standalone_entry() {
    check("entry.atom.xml", &entry(&full_item()).unwrap());
}
