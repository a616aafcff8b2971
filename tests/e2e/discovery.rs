//! What leads readers to feeds: the list of all as OPML, and the lines for the site's own pages.

use crate::fixture::{Site, short};

fn site() -> Site {
    Site::jekyll()
        .post("2022-01-01-a.md", short("A", "'R&D', tech"))
        .post("2022-01-02-b.md", short("B", "'c++'"))
        .config("[[feed]]\npath = \"own/{format}.xml\"\ntitle = \"Mine & \\\"yours\\\"\"\nany.categories = [\"tech\"]")
}

/// The addresses in the list, in its order.
fn listed(site: &Site) -> Vec<String> {
    let text = site.text("feeds/feeds.opml");
    let addresses = text.split("xmlUrl=\"").skip(1);
    addresses
        .map(|rest| rest.split_once('"').unwrap().0.trim_start_matches("https://example.com/feeds/").to_owned())
        .collect()
}

#[test]
fn a_json_feed_beside_the_others_says_the_same() {
    let site = site().config("[output]\nformats = [\"rss\", \"atom\", \"json\"]");
    site.build();
    site.assert_sound();
    for folder in ["", "tech/"] {
        let [json, atom] = ["feed.json", "atom.xml"].map(|name| site.feed(&format!("{folder}{name}")));
        assert_eq!((&json.title, json.ids(), json.titles()), (&atom.title, atom.ids(), atom.titles()), "{folder}");
        assert!(!json.items.is_empty());
    }
    let lines = site.run_cmd(["snippets", "--category", "tech"]).stdout;
    assert!(lines.contains("type=\"application/feed+json\"") && lines.contains("/feeds/tech/feed.json"), "{lines}");
    let site = site.env("SYNDICATED_OUTPUT_FORMATS", "rss, atom");
    site.build();
    assert!(!site.exists("feeds/feed.json") && !site.exists("feeds/tech/feed.json"));
}

#[test]
fn the_list_has_every_feed_and_follows_what_comes_and_goes() {
    let site = site();
    site.build();
    site.assert_sound();
    let text = site.text("feeds/feeds.opml");
    let line = "<outline text=\"R&amp;D | Example\" title=\"R&amp;D | Example\" type=\"rss\" ";
    assert!(text.contains(line) && text.contains("htmlUrl=\"https://example.com/\""), "{text}");
    let feeds = listed(&site);
    assert_eq!((feeds.len(), feeds[0].as_str(), feeds[4].as_str()), (5, "rss.xml", "own/rss.xml"), "{text}");
    for feed in &feeds {
        assert!(site.exists(&format!("feeds/{feed}")), "{feed}");
    }
    site.write("site/_posts/2022-01-02-b.md", short("B", "tech"));
    assert_eq!(site.build().number("/files/removed"), 2);
    assert_eq!(listed(&site).len(), 4);
    site.write("site/tech.html", "---\nlayout: category\ntitle: Machines\ncategory: tech\npermalink: /m/\n---\n");
    site.build();
    let text = site.text("feeds/feeds.opml");
    assert!(
        text.contains("title=\"Machines | Example\"") && text.contains("htmlUrl=\"https://example.com/m/\""),
        "{text}"
    );
}

#[test]
fn an_edit_that_changes_no_title_leaves_the_list_alone() {
    let site = site();
    site.build();
    let before = site.stamps();
    site.write("site/_posts/2022-01-01-a.md", short("A changed", "'R&D', tech"));
    assert_eq!(site.build().number("/files/written"), 8, "the feeds of the post, and no list");
    assert_eq!(site.stamps()["feeds.opml"], before["feeds.opml"]);
}

#[test]
fn a_lost_list_is_made_again() {
    let site = site();
    site.build();
    let text = site.text("feeds/feeds.opml");
    site.remove("feeds/feeds.opml");
    assert_eq!(site.build().number("/files/written"), 1);
    site.write("feeds/feeds.opml", "cut");
    site.build();
    assert_eq!(site.text("feeds/feeds.opml"), text);
}

#[test]
fn atom_feeds_are_listed_where_there_is_no_rss() {
    let site = site().config("[output]\nformats = [\"atom\"]");
    site.build();
    assert_eq!(listed(&site)[0], "atom.xml");
}

#[test]
fn the_list_can_be_turned_off_and_a_foreign_one_stays() {
    let site = site();
    site.build();
    let site = site.config("[output]\nopml = false");
    assert_eq!(site.build().number("/files/removed"), 1);
    assert!(!site.exists("feeds/feeds.opml"));
    site.write("feeds/feeds.opml", "mine");
    site.build();
    assert_eq!(site.text("feeds/feeds.opml"), "mine");
}

#[test]
fn a_feed_cannot_have_the_place_of_the_list() {
    let own = |formats: &str| {
        Site::jekyll().post("2022-01-01-a.md", short("A", "x")).config(&format!(
            "[output]\n{formats}formats = [\"rss\"]\n[[feed]]\npath = \"feeds.opml\"\ntitle = \"Own\""
        ))
    };
    own("").run_cmd(["build"]).exits(2).complains("feeds.opml");
    own("opml = false\n").run_cmd(["build"]).exits(0);
    let layout = Site::jekyll().config("[output.layout]\ncategory = \"{slug}.opml\"\n[output]\nformats = [\"rss\"]");
    layout.run_cmd(["build"]).exits(2).complains("output.opml");
}

#[test]
fn snippets_are_for_the_standing_feeds_or_for_a_category() {
    let site = site();
    let ran = site.run_cmd(["snippets"]).exits(0);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(
        lines,
        [
            "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"Example\" href=\"https://example.com/feeds/rss.xml\">",
            "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"Example\" href=\"https://example.com/feeds/atom.xml\">",
            "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"Mine &amp; &quot;yours&quot;\" href=\"https://example.com/feeds/own/rss.xml\">",
            "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"Mine &amp; &quot;yours&quot;\" href=\"https://example.com/feeds/own/atom.xml\">",
        ]
    );
    let ran = site.run_cmd(["snippets", "--category", "r&d"]).exits(0).says("title=\"R&amp;D | Example\"");
    assert_eq!(ran.stdout.lines().count(), 2);
    site.run_cmd(["snippets", "--category", "nobody's"]).exits(2).complains("no post has the category nobody's");
    assert!(!site.exists("feeds"), "nothing is written");
}

#[test]
fn snippets_have_the_categories_that_jekyll_feed_makes_feeds_of() {
    let site = Site::jekyll()
        .file(
            "site/_config.yml",
            "title: E\nurl: https://example.com\ntimezone: UTC\nfeed: {categories: [news, nobody]}\n",
        )
        .post("2022-01-01-a.md", "---\ncategories: [news, other]\n---\nx\n")
        .env("SYNDICATED_OUTPUT_LAYOUT", "jekyll-feed")
        .env("SYNDICATED_OUTPUT_FORMATS", "atom");
    let ran = site.run_cmd(["snippets"]).exits(0);
    let hrefs: Vec<&str> = ran.stdout.lines().filter_map(|line| line.split("href=\"").nth(1)).collect();
    let feeds = ["feed.xml", "feed/news.xml", "feed/nobody.xml"].map(|path| format!("https://example.com/{path}\">"));
    assert_eq!(hrefs, feeds);
}
