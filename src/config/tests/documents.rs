//! The documents that are made from the table of keys: the repository's `config.toml`, `init`, the README's table.

use std::collections::{BTreeMap, BTreeSet};

use super::Fixture;
use crate::config::init::render;
use crate::config::{Fallback, KEYS, init_text, markdown_table};

/// Rewritten with `UPDATE=1 cargo test`.
#[test]
fn the_repository_s_config_toml_is_made_from_the_table() {
    let open = BTreeMap::from([
        ("source.path", "\"examples/finance-news\"".to_owned()),
        ("output.path", "\"feeds\"".to_owned()),
    ]);
    let made = render(&BTreeMap::new(), &open);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/config.toml");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &made).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).unwrap() == made,
        "config.toml is not what the table of keys gives: UPDATE=1"
    );
}

/// Every line that is commented out can be brought in, and is what it says.
#[test]
fn every_commented_line_holds() {
    let text = render(&BTreeMap::new(), &BTreeMap::new());
    let whole = text.replace("\n#   ", "\n## ").replace("\n# ", "\n");
    let parts = text.replace("\n# author =", "\n##").replace("\n# layout =", "\n##");
    let parts = parts.replace("\n#   ", "\n").replace("\n# ", "\n");
    assert!(whole.contains("\nlayout = \"default\"\n") && parts.contains("\nlayout.all = "));
    Fixture::with(&text).env("SYNDICATED_SITE_URL", "https://example.com").load();
    Fixture::with(&whole).load();
    Fixture::with(&parts).load();
}

/// The defaults that the documents state are those that hold.
#[test]
fn the_stated_defaults_are_the_defaults() {
    let mut text = String::from("site.url = \"https://example.com\"\n");
    for key in KEYS.iter().filter(|key| key.is_single() && !key.is_part()) {
        if let Fallback::Value(toml) = key.default {
            text += &format!("{} = {toml}\n", key.path);
        }
    }
    let fixture = Fixture::with(&text);
    let with = fixture.load();
    std::fs::write(fixture.path().join("syndicated.toml"), super::MINIMAL).unwrap();
    let without = fixture.load();
    assert_eq!(format!("{with:?}"), format!("{without:?}"));
}

#[test]
fn init_shows_what_the_site_says() {
    let fixture = Fixture::jekyll("title: \"The \\\"Site\\\"\"\nurl: https://example.com\nlang: de\n");
    let text = init_text(&fixture.path().join("site"));
    assert!(text.contains("\n# title = \"The \\\"Site\\\"\"\n") && text.contains("\n# language = \"de\"\n"), "{text}");
    let fixture = fixture.file("site/syndicated.toml", &text);
    assert_eq!(fixture.load().site.url.as_str(), "https://example.com/");
}

#[test]
fn init_leaves_open_what_has_to_be_given() {
    for (file, line) in [("a.md", "\nurl = "), ("hugo.toml", "\nurl = "), ("zola.toml", "\nurl = ")] {
        let fixture = Fixture::new().file(file, "");
        let text = init_text(fixture.path());
        assert!(text.contains(line), "{text}");
        fixture.file("config.toml", &text).load();
    }
}

#[test]
fn each_key_has_one_path_and_one_variable() {
    let paths: BTreeSet<_> = KEYS.iter().map(|key| key.path).collect();
    let variables: BTreeSet<_> = KEYS.iter().filter_map(|key| key.variable()).collect();
    assert_eq!(paths.len(), KEYS.len());
    assert_eq!(variables.len(), KEYS.iter().filter(|key| key.is_single()).count());
    let table = markdown_table();
    assert_eq!(table.lines().count(), KEYS.len() + 2);
    assert!(table.contains("| `output.path` | `\"feeds\"` | `SYNDICATED_OUTPUT_PATH`, `--out` |"), "{table}");
}
