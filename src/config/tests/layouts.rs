//! Where feeds are, in each layout.

use super::{Fixture, MINIMAL};
use crate::config::{Config, PathTemplate};
use crate::model::Format::{self, Atom, Json, Rss};
use crate::model::{Folding, Slug};

fn paths(config: &Config) -> Vec<String> {
    let fill = |path: &PathTemplate, format: Format| path.fill(format, "x");
    let layout = &config.output.layout.paths;
    [&layout.all, &layout.category, &layout.tag, &layout.author]
        .into_iter()
        .flat_map(|path| [fill(path, Rss), fill(path, Atom)])
        .collect()
}

#[test]
fn named_layouts() {
    let cases = [
        (
            "default",
            "rss.xml atom.xml x/rss.xml x/atom.xml _tag/x/rss.xml _tag/x/atom.xml _author/x/rss.xml _author/x/atom.xml",
        ),
        (
            "jekyll-feed",
            "rss.xml feed.xml rss/x.xml feed/x.xml rss/by_tag/x.xml feed/by_tag/x.xml rss/by_author/x.xml \
             feed/by_author/x.xml",
        ),
        (
            "hugo",
            "index.xml atom.xml categories/x/index.xml categories/x/atom.xml tags/x/index.xml tags/x/atom.xml \
             authors/x/index.xml authors/x/atom.xml",
        ),
        (
            "zola",
            "rss.xml atom.xml categories/x/rss.xml categories/x/atom.xml tags/x/rss.xml tags/x/atom.xml \
             authors/x/rss.xml authors/x/atom.xml",
        ),
        (
            "wordpress",
            "feed/index.xml feed/atom/index.xml category/x/feed/index.xml category/x/feed/atom/index.xml \
             tag/x/feed/index.xml tag/x/feed/atom/index.xml author/x/feed/index.xml author/x/feed/atom/index.xml",
        ),
    ];
    for (name, expected) in cases {
        let config = Fixture::with(&format!("{MINIMAL}[output]\nlayout = \"{name}\"\n")).load();
        assert_eq!(paths(&config).join(" "), expected, "{name}");
    }
}

#[test]
fn json_lies_beside() {
    let cases = [
        ("\"default\"", "feed.json x/feed.json _tag/x/feed.json _author/x/feed.json"),
        ("\"jekyll-feed\"", "feed.json feed/x.json feed/by_tag/x.json feed/by_author/x.json"),
        ("\"hugo\"", "feed.json categories/x/feed.json tags/x/feed.json authors/x/feed.json"),
        ("\"zola\"", "feed.json categories/x/feed.json tags/x/feed.json authors/x/feed.json"),
        (
            "\"wordpress\"",
            "feed/json/index.json category/x/feed/json/index.json tag/x/feed/json/index.json author/x/feed/json/index.json",
        ),
        (
            "{ all = \"all.{ext}\", tag = \"_t/{slug}.{format}\", author = \"_a/{slug}/{format}.{ext}\" }",
            "all.json x/feed.json _t/x.json _a/x/json.json",
        ),
    ];
    for (layout, expected) in cases {
        let formats = "formats = [\"atom\", \"json\"]";
        let config = Fixture::with(&format!("{MINIMAL}[output]\n{formats}\nlayout = {layout}\n")).load();
        let paths = &config.output.layout.paths;
        let found = [&paths.all, &paths.category, &paths.tag, &paths.author].map(|path| path.fill(Json, "x"));
        assert_eq!(found.join(" "), expected, "{paths:?}");
    }
}

#[test]
fn templates_over_a_named_layout() {
    let own = format!("{MINIMAL}[output.layout]\nall = \"all.{{format}}.{{ext}}\"\ntag = \"_t/{{slug}}.{{format}}\"\n");
    let config = Fixture::with(&own).load();
    assert_eq!(paths(&config)[..6].join(" "), "all.rss.xml all.atom.xml x/rss.xml x/atom.xml _t/x.rss _t/x.atom");
    let config = Fixture::with(&own).env("SYNDICATED_OUTPUT_LAYOUT", "hugo").load();
    assert_eq!(paths(&config)[0], "index.xml");
    let hugo = format!("{MINIMAL}[output]\nlayout = \"hugo\"\n");
    let config = Fixture::with(&hugo).env("SYNDICATED_OUTPUT_LAYOUT_ALL", "{format}.xml").load();
    assert_eq!(paths(&config)[..3].join(" "), "rss.xml atom.xml categories/x/index.xml");
}

#[test]
fn the_site_keeps_the_path_of_its_feed() {
    let site = "url: https://example.com\nfeed: { path: /news/atom.xml }\n";
    let config = Fixture::jekyll(site).env("SYNDICATED_OUTPUT_LAYOUT", "jekyll-feed").load();
    assert_eq!(paths(&config)[..2].join(" "), "rss.xml news/atom.xml");
    assert_eq!(paths(&Fixture::jekyll(site).load())[..2].join(" "), "rss.xml atom.xml");
    let site = "url: https://example.com\nfeed: { tags: { path: /by-tag- } }\n";
    let config = Fixture::jekyll(site).env("SYNDICATED_OUTPUT_LAYOUT", "jekyll-feed").load();
    assert_eq!(config.output.layout.paths.tag.fill(Atom, "x"), "by-tag-x.xml");
    assert!(config.categories.tags);
}

#[test]
fn the_layout_of_jekyll_feed_has_its_names_limit_and_address() {
    let config =
        Fixture::jekyll("url: https://example.com\nbaseurl: /b\n").env("SYNDICATED_OUTPUT_LAYOUT", "jekyll-feed");
    let config = config.load();
    assert_eq!(config.output.feeds_url.as_str(), "https://example.com/b/");
    assert_eq!((config.content.limit, config.categories.folding), (10, Folding::None));
    let name = |label: &str| config.output.layout.rules.name(label).into_owned();
    for label in ["News", "c++", "a b", "新闻", "50%"] {
        assert_eq!(name(label), label);
    }
    for label in ["../up", "a/b", ".NET", "x~0a1b2c3d", &"x".repeat(300)] {
        assert_eq!(name(label), Slug::new(label).as_str());
    }
}

#[test]
fn the_public_address_of_feeds() {
    let cases = [
        ("https://cdn.example/f", "https://cdn.example/f/"),
        ("/", "https://example.com/"),
        ("f/", "https://example.com/f/"),
    ];
    for (text, url) in cases {
        let config = Fixture::with(&format!("{MINIMAL}[output]\nfeeds_url = \"{text}\"\n")).load();
        assert_eq!(config.output.feeds_url.as_str(), url);
    }
}

#[test]
fn templates_that_could_lose_a_feed_are_refused() {
    let cases = [
        ("all = \"{slug}.xml\"", "must not have `{slug}`"),
        ("category = \"{format}.xml\"", "needs `{slug}` in it"),
        ("category = \"{slug}.xml\"", "is the same path for rss and atom"),
        ("all = \"../{format}.xml\"", "without empty, `.` or `..` segments"),
        ("all = \"/{format}.xml\"", "without empty, `.` or `..` segments"),
        ("all = \"a//{format}.xml\"", "without empty, `.` or `..` segments"),
        ("all = \"{format}/\"", "without empty, `.` or `..` segments"),
        ("all = \"{formt}.xml\"", "and no other brace"),
        ("all = \"{format}?.xml\"", "must not hold control characters"),
        ("all = \".{format}\"", "must not be a hidden file"),
        ("all = \".syndicated.json/{format}\"", "nor lie in `.syndicated`"),
        ("category = \"{slug}{slug}/{format}.xml\"", "is too long"),
        ("category = \"{slug}.{format}\"\ntag = \"{slug}.{format}\"", "can meet"),
        ("category = \"{slug}.xml.{format}\"\nall = \"a.xml.{format}\"", "can meet"),
        ("all = \"all/{format}.xml\"", "can meet"),
    ];
    for (templates, problem) in cases {
        let error = Fixture::with(&format!("{MINIMAL}[output.layout]\n{templates}\n")).error();
        assert!(error.contains(problem), "{templates}: {error}");
    }
    // What no slug can be does not count: none begins with `_`.
    Fixture::with(&format!("{MINIMAL}[output.layout]\nall = \"_all/{{format}}.xml\"\n")).load();
    // One format needs no `{format}`.
    Fixture::with(&format!("{MINIMAL}[output]\nformats = [\"rss\"]\nlayout = {{ all = \"feed.xml\" }}\n")).load();
}

#[test]
fn feeds_of_ones_own() {
    let config = Fixture::with(&format!(
        "{MINIMAL}[content]\nlimit = 9\n[[feed]]\npath = \"chips/{{format}}.xml\"\ntitle = \"Chips\"\n\
         any = {{ categories = [\"Semi  Conductors\"], tags = [\"芯片\"] }}\nnone.paths = [\"_posts/old/**\"]\nlimit = 50\n\
         [[feed]]\npath = \"all-{{format}}.xml\"\ntitle = \"All\"\nmode = \"excerpt\"\n"
    ))
    .load();
    let [chips, all] = &config.feeds[..] else { panic!("two feeds") };
    assert_eq!(chips.path.fill(Atom, ""), "chips/atom.xml");
    assert_eq!(
        (chips.any.categories.as_slice(), chips.any.tags.as_slice()),
        (&["semi conductors".to_owned()][..], &["芯片".to_owned()][..])
    );
    assert!(chips.none.paths[0].is_match("_posts/old/a/b.md") && !chips.none.paths[0].is_match("_posts/new.md"));
    assert_eq!((chips.limit, all.limit), (50, 9));
    assert!(all.any.is_empty() && all.all.is_empty() && all.none.is_empty());
}

#[test]
fn labels_by_what_they_fold_to() {
    let label = "[categories.label.\"TechWeb\"]\ntitle = \"中国网科技新闻\"\nurl = \"/category/TechWeb.html\"\n";
    let config = Fixture::with(&format!("{MINIMAL}{label}")).load();
    let settings = &config.categories.labels["techweb"];
    assert_eq!(settings.title.as_deref(), Some("中国网科技新闻"));
    let page = config.site.absolute(settings.url.as_deref().unwrap());
    assert_eq!(page.unwrap().as_str(), "https://example.com/category/TechWeb.html");
    let config = Fixture::with(&format!("{MINIMAL}[categories]\nfold_case = false\n{label}")).load();
    assert!(config.categories.labels.contains_key("TechWeb"));
}
