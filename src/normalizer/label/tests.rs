//! Authors in all shapes, in every dialect. What Jekyll's are was compared with jekyll-feed 0.16: where it has a name, the first
//! of ours is that.

use proptest::prelude::*;

use crate::model::Author;
use crate::normalizer::tests::Site;

/// Sites that know `dora` as Dora D, and whose own author is Site.
fn sites() -> [(Site, &'static str); 3] {
    let jekyll = [
        ("_config.yml", "author: { name: Site, email: s@example.com }\n"),
        ("_data/authors/erin.yml", "email: erin@example.com\n"),
        ("_data/authors/dora.yml", "name: Dora D\nuri: https://dora.example/\n"),
    ];
    let hugo = [
        (
            "hugo.yaml",
            "params: { author: { name: Site, email: s@example.com }, authors: { Erin: { email: erin@example.com } } }\n",
        ),
        ("data/authors/dora.toml", "Name = 'Dora D'\nURL = 'https://dora.example/'\n"),
        ("content/authors/fay-f/_index.md", "---\ntitle: Fay F\n---\n"),
        ("content/posts/a.md", ""),
    ];
    let plain = "[site]\nauthor = { name = \"Site\", email = \"s@example.com\" }\n";
    [
        (Site::with(&jekyll, ""), "_posts/2024-01-01-a.md"),
        (Site::with(&hugo, ""), "content/posts/a.md"),
        (Site::with(&[], plain), "2024-01-01-a.md"),
    ]
}

fn told(author: &Author) -> String {
    let email = author.email.as_ref().map(|email| format!(" <{email}>")).unwrap_or_default();
    let uri = author.uri.as_ref().map(|uri| format!(" ({uri})")).unwrap_or_default();
    format!("{}{email}{uri}", author.name)
}

fn authors(site: &Site, path: &str, front: &str) -> Vec<String> {
    site.item(path, &format!("date: 2024-01-01\n{front}"), "").authors.iter().map(told).collect()
}

#[test]
fn every_dialect_reads_every_shape() {
    const SITE: &str = "Site <s@example.com>";
    for (front, expected) in [
        ("author: Ann", vec!["Ann"]),
        ("author: '  Ann   Lee '", vec!["Ann Lee"]),
        ("author: 42", vec!["42"]),
        ("author: Ann & Bob <x>", vec!["Ann & Bob <x>"]),
        ("author: [Ann, Bob]", vec!["Ann", "Bob"]),
        ("authors: [Ann, Ann, [Bob, [Cy]]]", vec!["Ann", "Bob", "Cy"]),
        ("authors: Ann", vec!["Ann"]),
        ("author: Ann\nauthors: [Bob]", vec!["Ann"]),
        ("author: ''\nauthors: [Bob]", vec!["Bob"]),
        (
            "author: { name: Eve, email: e@x.example, uri: https://e.example/ }",
            vec!["Eve <e@x.example> (https://e.example/)"],
        ),
        ("author: { name: Eve, email: none, website: /eve }", vec!["Eve (https://example.com/eve)"]),
        ("authors: [{ name: Z, url: https://z.example/ }, { name: Y }]", vec!["Z (https://z.example/)", "Y"]),
        ("author: { twitter: '@eve' }", vec!["eve"]),
        ("author: { first_name: Eve, last_name: Lee }", vec!["Eve Lee"]),
        ("authors: { gus: { name: Gus }, hal: { email: h@x.example } }", vec!["Gus", "hal"]),
        ("author: { email: e@x.example }", vec![SITE]),
        ("author: { name: '', title: ' ' }", vec![SITE]),
        ("author: { name: { first: Eve } }", vec!["Eve"]),
        ("author: true", vec![SITE]),
        ("author: [false, null, '']", vec![SITE]),
        ("author: {}", vec![SITE]),
        ("author: []\nauthors: {}", vec![SITE]),
        ("x: 1", vec![SITE]),
    ] {
        for (site, path) in &sites() {
            assert_eq!(authors(site, path, front), expected, "{path}: {front}");
        }
    }
}

#[test]
fn keys_lead_into_the_data_of_the_site() {
    let [jekyll, hugo, plain] = sites();
    let dora = "Dora D (https://dora.example/)";
    for (site, path) in [&jekyll, &hugo] {
        assert_eq!(authors(site, path, "author: dora"), [dora]);
        assert_eq!(authors(site, path, "authors: [dora, nobody]"), [dora, "nobody"]);
        assert_eq!(authors(site, path, "author: erin"), ["erin <erin@example.com>"]);
    }
    assert_eq!(authors(&hugo.0, hugo.1, "Authors: [DORA, Fay F, fay-f]"), [dora, "Fay F"]);
    assert_eq!(authors(&hugo.0, hugo.1, "params: { author: dora }"), [dora]);
    assert_eq!(authors(&plain.0, plain.1, "author: dora"), ["dora"]);
}

#[test]
fn no_name_is_empty_or_a_raw_value() {
    let sites = sites();
    proptest!(|(front in "(author|authors): [\\[\\]{}a-c:, '\"~\n-]{0,24}")| {
        for (site, path) in &sites {
            let text = format!("---\ndate: 2024-01-01\n{front}\n---\n");
            let path = crate::model::SitePath::from_bytes(path.as_bytes());
            let found = site.normalizer().item(&path, text.as_bytes(), crate::config::ContentMode::None);
            for author in found.map(|found| found.item.authors).unwrap_or_default() {
                prop_assert!(!author.name.trim().is_empty());
            }
        }
    });
}
