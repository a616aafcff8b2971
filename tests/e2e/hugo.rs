//! Hugo sites: their feeds say what Hugo itself says. The expected entries are Hugo's own, by `scripts/golden-hugo`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::entries::{Facts, differences, expected, found};
use crate::fixture::{Site, files_below};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/hugo").join(name)
}

/// A golden site, and what Hugo says of it.
fn load(name: &str) -> (Site, Value) {
    let site = Site::bare().file(
        "syndicated.toml",
        "[source]\npath = \"site\"\n[output]\nlayout = \"hugo\"\n[content]\nlimit = 100\n[categories]\ntags = true\n",
    );
    for (path, bytes) in files_below(&golden(name)) {
        site.write(&format!("site/{path}"), bytes);
    }
    let expected = fs::read_to_string(golden(&format!("{name}.json"))).unwrap();
    (site, serde_json::from_str(&expected).unwrap())
}

/// The feed of a category has the posts and the page that it has in Hugo, at the same path where that is plain.
fn assert_category_as_hugo(site: &Site, category: &Value) {
    let get = |value: &Value| value.as_str().unwrap().to_owned();
    let link = get(&category["link"]);
    let mut feeds = site.published().into_iter().filter(|(path, _)| path.ends_with("index.xml"));
    let home = format!("<link>{link}</link>");
    let (path, _) = feeds
        .find(|(_, bytes)| String::from_utf8_lossy(bytes).contains(&home))
        .unwrap_or_else(|| panic!("no feed with {home}: {:?}", site.published().keys()));
    let links: Vec<String> =
        found(site, &path.replace("index.xml", "atom.xml")).iter().map(|facts| facts["link"].clone()).collect();
    assert_eq!(links, category["posts"].as_array().unwrap().iter().map(get).collect::<Vec<_>>(), "{path}");
    let name = path.rsplit('/').nth(1).unwrap();
    assert!(
        name.contains('~') || get(&category["feed"]).to_lowercase().ends_with(&format!("/{name}/index.xml")),
        "{path}"
    );
}

fn assert_as_hugo(name: &str) -> Site {
    let (site, golden) = load(name);
    site.build();
    let posts: Vec<Facts> = golden["posts"].as_array().unwrap().iter().map(expected).collect();
    let told = differences("Hugo", &posts, &found(&site, "atom.xml"));
    assert!(told.is_empty(), "{name}\n{told}");
    assert_eq!(site.feed("index.xml").title, golden["title"].as_str().unwrap());
    for category in golden["categories"].as_array().unwrap() {
        assert_category_as_hugo(&site, category);
    }
    site.assert_sound();
    site
}

#[test]
fn front_matter_dates_addresses_and_bundles() {
    let site = assert_as_hugo("plain");
    let feed = site.text("feeds/index.xml");
    assert!(feed.contains("© Example") && feed.contains("What it is about"), "{feed}");
    let page = site.feed("categories/tech-web/index.xml");
    assert_eq!(page.title, "All about the web | Plain");
}

#[test]
fn permalinks_and_dates_by_name() {
    assert_as_hugo("permalinks");
}

#[test]
fn ugly_addresses_in_their_own_case() {
    assert_as_hugo("ugly");
}

#[test]
fn of_languages_by_file_name_the_default_one() {
    assert_as_hugo("languages");
}

#[test]
fn of_languages_by_folder_the_default_one() {
    assert_as_hugo("folders");
}

#[test]
fn a_site_needs_no_configuration_and_unknown_shortcodes_are_told_once() {
    let post = |n: usize| {
        format!(
            "+++\ntitle = 'P{n}'\ndate = 2024-01-0{n}\n+++\n{{{{< box >}}}}In *{n}*{{{{< /box >}}}} {{{{< gone >}}}}\n"
        )
    };
    let site = Site::bare()
        .file("site/hugo.toml", "baseURL = 'https://example.com/'\ntitle = 'T'\n")
        .file("site/content/posts/one.md", post(1))
        .file("site/content/posts/two.md", post(2));
    let report = site.report(&["--site", "site"], 0);
    let problems = report.problems();
    for name in ["`box`", "`gone`"] {
        assert_eq!(problems.matches(name).count(), 1, "{problems}");
    }
    let feed = site.feed("rss.xml");
    assert_eq!(feed.titles(), ["P2", "P1"]);
    assert!(site.text("feeds/rss.xml").contains("In <em>2</em>"), "{}", site.text("feeds/rss.xml"));
    assert!(!site.text("feeds/rss.xml").contains("{{"));
}

#[test]
fn what_hugo_would_stop_at_is_told_with_its_line() {
    let site = Site::bare()
        .file("syndicated.toml", "[source]\npath = \"site\"\n")
        .file("site/hugo.toml", "baseURL = 'https://example.com/'\n")
        .file("site/content/posts/toml.md", "+++\ntitle = 'a'\ndate = x\n+++\n")
        .file("site/content/posts/json.md", "{\"title\": }\n")
        .file("site/content/posts/date.md", "---\ntitle: a\ndate: soon\n---\n")
        .file("site/content/posts/good.md", "---\ntitle: a\ndate: 2024-01-01\nlastmod: soon\n---\n");
    let report = site.report(&[], 0);
    assert_eq!(
        report.diagnostics(),
        [
            "content/posts/date.md:3 error no-date",
            "content/posts/good.md:4 warning bad-field",
            "content/posts/json.md:1 error front-matter-invalid",
            "content/posts/toml.md:3 error front-matter-invalid",
        ]
    );
}

#[test]
fn a_section_s_page_that_comes_and_goes_is_heeded_by_run() {
    let site = Site::bare()
        .file("syndicated.toml", "[source]\npath = \"site\"\n")
        .file("site/hugo.toml", "baseURL = 'https://example.com/'\n")
        .file("site/content/posts/good.md", "---\ntitle: a\ndate: 2024-01-01\n---\n");
    let running = site.start();
    running.until("the post is there", || site.exists("feeds/rss.xml"));
    site.write("site/content/posts/_index.md", "---\ncascade:\n  categories: [News]\n---\n");
    running.until("the cascade gives a category", || site.exists("feeds/news/rss.xml"));
    site.remove("site/content/posts/_index.md");
    running.until("it has gone with the section's page", || !site.exists("feeds/news/rss.xml"));
}
