//! Pages for people, as files beside the feeds.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use crate::fixture::{Site, front, short};

const HTML: &str = "[output]\nhtml = true";

fn site() -> Site {
    Site::jekyll()
        .post("2022-01-01-a.md", short("A", "'R&D', tech"))
        .post("2022-01-02-b.md", short("B", "'c++', 科技"))
        .config("[[feed]]\npath = \"own/{format}.xml\"\ntitle = \"Mine & \\\"yours\\\"\"\nany.categories = [\"tech\"]")
}

/// The pages that there are, with their texts.
fn pages(site: &Site) -> Vec<(String, String)> {
    let published = site.published().into_iter().filter(|(path, _)| path.ends_with(".html"));
    published.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

/// The addresses on a page that it leads to.
fn links(page: &str) -> impl Iterator<Item = String> + '_ {
    let links = page.split(" href=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    links.map(|(link, _)| link.replace("&amp;", "&"))
}

/// Every relative link on every page leads to a file that is there; those files.
fn assert_leads(site: &Site) -> BTreeSet<String> {
    let published = site.published();
    let mut reached = BTreeSet::new();
    for (path, page) in pages(site) {
        let base = url::Url::parse("file:///").unwrap().join(&path.replace('%', "%25")).unwrap();
        for link in links(&page).filter(|link| !link.contains("://") && !link.starts_with("data:")) {
            let there = base.join(&link).unwrap();
            let there = percent_decode_str(there.path()).decode_utf8().unwrap()[1..].to_owned();
            assert!(published.contains_key(&there), "{path} leads to {link}");
            reached.insert(there);
        }
    }
    reached
}

#[test]
fn pages_are_made_when_they_are_asked_for() {
    let site = site();
    site.build();
    assert!(pages(&site).is_empty());
    let without = site.published();
    let site = site.config(HTML);
    assert_eq!(site.build().files().0, 7, "six feeds, and the list of them");
    let names: Vec<String> = pages(&site).into_iter().map(|(path, _)| path).collect();
    assert_eq!(names.iter().filter(|name| name.ends_with("/feed.html")).count(), 5, "{names:?}");
    assert!(site.exists("feeds/feed.html") && site.exists("feeds/index.html") && site.exists("feeds/tech/feed.html"));
    let is_as_before = |(path, bytes): (&String, &Vec<u8>)| path.starts_with('.') || site.published()[path] == *bytes;
    assert!(without.iter().all(is_as_before), "the feeds are what they were");
    assert_eq!(site.build().files().0, 0);
    let site = site.env("SYNDICATED_OUTPUT_HTML", "false");
    assert_eq!(site.build().number("/files/removed"), 7);
    assert!(site.published() == without);
}

#[test]
fn whoever_serves_feeds_has_pages_unless_they_are_not_wanted() {
    for (config, there) in [
        ("[server]\nlisten = \"127.0.0.1:0\"", true),
        ("[server]\nlisten = []", false),
        ("[server]\nlisten = \"127.0.0.1:0\"\n[output]\nhtml = false", false),
    ] {
        let site = site().config(config);
        site.build();
        assert_eq!(site.exists("feeds/index.html"), there, "{config}");
    }
}

#[test]
fn pages_lead_to_all_feeds_wherever_they_are_copied() {
    let site = site().config(HTML);
    site.build();
    let reached = assert_leads(&site);
    let missing: Vec<String> =
        site.published().into_keys().filter(|path| !path.starts_with('.') && !reached.contains(path)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let index = site.text("feeds/index.html");
    assert!(index.contains(">R&amp;D</a>") && index.contains(">Mine &amp; &quot;yours&quot;</a>"), "{index}");
    assert!(index.contains("<link rel=\"canonical\" href=\"https://example.com/feeds/\">"));
}

#[test]
fn in_other_layouts_they_stand_beside_the_site_s_own_pages() {
    for layout in ["jekyll-feed", "hugo", "zola", "wordpress"] {
        let site = site()
            .config("[output]\nhtml = true\nfeeds_url = \"/\"\nformats = [\"rss\", \"atom\", \"json\"]\n[categories]\ntags = true\nauthors = true")
            .env("SYNDICATED_OUTPUT_LAYOUT", layout)
            .post("2022-01-03-c.md", front("title: C\ntags: [t]\nauthor: Ann\ncategories: ['a:b']", "x"));
        site.build();
        assert_leads(&site);
        let pages = pages(&site);
        assert!(pages.len() > 8 && site.exists("feeds/feeds.html"), "{layout}");
        assert!(pages.iter().all(|(path, _)| !path.ends_with("index.html")), "{layout}");
    }
}

#[test]
fn an_edit_changes_the_pages_of_its_feeds_and_the_list_no_more() {
    let site = site().config(HTML);
    site.age();
    site.build();
    let before = site.stamps();
    let changed = |site: &Site| -> Vec<String> {
        let after = site.stamps().into_iter().filter(|(path, stamp)| before.get(path) != Some(stamp));
        after.map(|(path, _)| path).filter(|path| path.ends_with(".html")).collect()
    };
    site.write("site/_posts/2022-01-02-b.md", short("B again", "'c++', 科技"));
    site.build();
    let pages = changed(&site);
    assert_eq!(pages.len(), 3, "{pages:?}");
    assert!(pages.contains(&"feed.html".to_owned()) && pages.contains(&"科技/feed.html".to_owned()));
    // What is newest is on the list.
    site.write("site/_posts/2022-02-03-c.md", short("C", "科技"));
    site.build();
    assert!(changed(&site).contains(&"index.html".to_owned()));
    assert!(site.text("feeds/index.html").contains("<time>2022-02-03</time>"));
}

#[test]
fn a_post_cannot_do_anything_on_a_page() {
    let evil = "<script>alert(1)</script><img src=x onerror=alert(1)>";
    let site = Site::jekyll()
        .post(
            "2022-01-01-a.md",
            front(
                &format!("title: '{evil}'\ncategories: ['{evil}']\nauthor: '{evil}'\nimage: 'javascript:alert(1)'"),
                evil,
            ),
        )
        .config(HTML);
    site.build();
    for (path, page) in pages(&site) {
        assert_eq!(page.matches("<script").count(), 1, "{path}");
        assert!(
            !page.contains("<img") && !page.contains("javascript:") && page.contains("default-src 'none'"),
            "{path}"
        );
    }
}

#[test]
fn a_long_history_and_large_posts_are_small_pages() {
    let mut site = Site::jekyll().config("[output]\nhtml = true\n[content]\nlimit = 500");
    for n in 0..60 {
        let text = format!("{} <b>bold</b> ", "many words & more".repeat(20)).repeat(20);
        site = site.post(
            &format!("2022-01-{:02}-p{n}.md", n % 28 + 1),
            front(&format!("title: {}\ncategories: [tech]", "long ".repeat(200)), &text),
        );
    }
    site.build();
    for (path, page) in pages(&site) {
        assert!(page.len() < 50_000, "{path}: {}", page.len());
    }
    assert_eq!(site.text("feeds/tech/feed.html").matches("<article").count(), 20);
}

#[test]
fn the_language_of_the_site_is_that_of_its_pages() {
    for (language, html, said) in [
        ("zh-CN", "<html lang=\"zh-CN\">", "什么是订阅源？"),
        ("zh-TW", "<html lang=\"zh-TW\">", "什麼是訂閱源？"),
        ("en-GB", "<html lang=\"en-GB\">", "What is a feed?"),
        ("ar", "<html lang=\"en\">", "What is a feed?"),
    ] {
        let site = site().config(&format!("{HTML}\n[site]\nlanguage = \"{language}\""));
        site.build();
        for (path, page) in pages(&site) {
            assert!(page.contains(html) && page.contains(said), "{language} {path}: {page}");
            assert_eq!(page.contains("<h1 lang=\"ar\" dir=\"auto\">"), language == "ar", "{path}");
        }
    }
}

#[test]
fn a_foreign_page_stays_and_says_so() {
    let site = site().config(HTML).file("feeds/index.html", "mine");
    site.run_cmd(["build"]).exits(3).complains("index.html was not written by syndicated");
    assert_eq!(site.text("feeds/index.html"), "mine");
    assert!(site.exists("feeds/tech/feed.html") && site.exists("feeds/tech/rss.xml"));
}

#[test]
fn a_feed_cannot_have_the_place_of_a_page() {
    let own = |path: &str| {
        let own = format!("[output]\nformats = [\"rss\"]\nhtml = true\n[[feed]]\npath = \"{path}\"\ntitle = \"Own\"");
        Site::jekyll().post("2022-01-01-a.md", short("A", "tech")).config(&own)
    };
    own("index.html").run_cmd(["build"]).exits(2).complains("the page that lists all feeds (output.html)");
    own("feed.html").run_cmd(["build"]).exits(2).complains("`feed.html` meets the path of the feed of all posts");
    own("more.html").run_cmd(["build"]).exits(2).complains("`more.html` meets the path of `[[feed]]` 1");
    // A category gives way with its page alone.
    let site = own("tech/feed.xml");
    site.build();
    assert!(site.exists("feeds/tech/rss.xml") && site.text("feeds/tech/feed.html").contains("Own"));
    assert!(site.text("feeds/index.html").contains("dir=\"auto\">tech</th>"));
}
