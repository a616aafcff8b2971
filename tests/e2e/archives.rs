//! Archives (RFC 5005): every feed with its whole history beside it, in linked pages by calendar.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::fixture::{Site, front, short};

const ON: &str = "[output]\narchive = true\nformats = [\"rss\", \"atom\", \"json\"]";
const BASE: &str = "https://example.com/feeds/";
const HISTORY: &str = "http://purl.org/syndication/history/1.0";

/// Posts of three years, with none in 2022.
fn site() -> Site {
    Site::jekyll()
        .config(ON)
        .post("2020-03-01-a.md", short("A", "tech"))
        .post("2020-12-31-b.md", short("B", "tech, money"))
        .post("2021-01-01-c.md", short("C", "tech"))
        .post("2023-05-05-d.md", short("D", "tech"))
        .post("2023-06-06-e.md", short("E", "money"))
}

/// The links of an XML document, by relation, as paths below the output; and whether it says that it is a page of an archive.
fn links(site: &Site, path: &str) -> (BTreeMap<String, String>, bool) {
    let text = site.text(&format!("feeds/{path}"));
    let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let atom = "http://www.w3.org/2005/Atom";
    let head = document.root_element();
    let head = head.children().find(|node| node.has_tag_name("channel")).unwrap_or(head);
    let links = head.children().filter(|node| node.has_tag_name((atom, "link"))).filter_map(|link| {
        let path = link.attribute("href")?.strip_prefix(BASE)?.to_owned();
        Some((link.attribute("rel")?.to_owned(), path))
    });
    (links.collect(), head.children().any(|node| node.has_tag_name((HISTORY, "archive"))))
}

/// The pages of a feed's archive, newest first, by the links from the feed on; each is held against its own links.
fn pages(site: &Site, feed: &str) -> Vec<String> {
    let (own, is_page) = links(site, feed);
    assert!(!is_page && !own.contains_key("current") && !own.contains_key("next-archive"), "{feed}: {own:?}");
    let (mut pages, mut next) = (Vec::<String>::new(), own.get("prev-archive").cloned());
    while let Some(page) = next {
        let (links, is_page) = links(site, &page);
        assert!(is_page, "{page}");
        assert_eq!(links.get("self"), Some(&page));
        assert_eq!(links.get("current").map(String::as_str), Some(feed), "{page}");
        assert_eq!(links.get("next-archive"), pages.last(), "{page}");
        pages.push(page);
        next = links.get("prev-archive").cloned();
    }
    pages
}

/// The pages of a JSON feed.
fn json_pages(site: &Site, feed: &str) -> Vec<(String, Vec<String>)> {
    let (mut pages, mut next) = (Vec::new(), Some(feed.to_owned()));
    while let Some(path) = next {
        let page: Value = serde_json::from_str(&site.text(&format!("feeds/{path}"))).unwrap();
        assert_eq!(page["feed_url"], format!("{BASE}{path}"));
        let titles = page["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned());
        pages.push((path, titles.collect()));
        next = page["next_url"].as_str().map(|url| url.strip_prefix(BASE).unwrap().to_owned());
    }
    pages
}

/// Which files a change writes and removes, beside the manifest.
fn change(site: &Site, change: impl FnOnce(&Site)) -> (Vec<String>, Vec<String>) {
    let before = site.stamps();
    change(site);
    site.build();
    let after = site.stamps();
    let is_feed = |path: &&String| !path.starts_with('.') && path.ends_with("atom.xml");
    let written = after.iter().filter(|(path, stamp)| before.get(*path) != Some(stamp)).map(|(path, _)| path);
    let gone = before.keys().filter(|path| !after.contains_key(*path));
    assert!(site.published() == site.built_again(), "as a build from nothing");
    (written.filter(is_feed).cloned().collect(), gone.filter(is_feed).cloned().collect())
}

#[test]
fn every_feed_has_its_whole_history_in_linked_pages() {
    let site = site().config("[content]\nlimit = 2");
    site.build();
    site.assert_sound();
    for format in ["rss.xml", "atom.xml"] {
        let page = |folder: &str, year: u32| format!("{folder}_archive/{year}/{format}");
        assert_eq!(pages(&site, format), [2023, 2021, 2020].map(|year| page("", year)));
        assert_eq!(pages(&site, &format!("tech/{format}")), [2023, 2021, 2020].map(|year| page("tech/", year)));
        assert_eq!(pages(&site, &format!("money/{format}")), [2023, 2020].map(|year| page("money/", year)));
        assert_eq!(site.feed(format).titles(), ["E", "D"]);
        let titles = [2023, 2021, 2020].map(|year| site.feed(&page("", year)).titles().join(" "));
        assert_eq!(titles, ["E D", "C", "B A"]);
    }
    let json = json_pages(&site, "tech/feed.json");
    let json: Vec<(&str, String)> = json.iter().map(|(path, titles)| (path.as_str(), titles.join(" "))).collect();
    let page = |path, titles: &str| (path, titles.to_owned());
    assert_eq!(
        json,
        [
            page("tech/feed.json", "D C"),
            page("tech/_archive/2023/feed.json", "D"),
            page("tech/_archive/2021/feed.json", "C"),
            page("tech/_archive/2020/feed.json", "B A"),
        ]
    );
}

#[test]
fn a_page_says_of_its_posts_what_the_feed_says() {
    let site = site().config("[websub]\nhubs = [\"https://hub.example/\"]");
    site.build();
    for format in ["rss.xml", "atom.xml"] {
        let (feed, page) = (site.feed(format), site.feed(&format!("_archive/2020/{format}")));
        let of_2020 = &feed.items[3..];
        assert_eq!(format!("{of_2020:#?}"), format!("{:#?}", page.items.as_slice()));
        assert_eq!((&feed.title, &feed.home), (&page.title, &page.home));
        // A page is no topic that a hub could tell of.
        let hubs = |path: &str| site.text(path).matches("https://hub.example/").count();
        assert_eq!((hubs(&format!("feeds/{format}")), hubs(&format!("feeds/_archive/2020/{format}"))), (1, 0));
    }
    // The pages are parts of one feed, whose id they share (RFC 5005 §4).
    let id = |path: &str| site.text(path).split("<id>").nth(1).unwrap().split("</id>").next().unwrap().to_owned();
    assert_eq!(id("feeds/_archive/2020/atom.xml"), id("feeds/atom.xml"));
}

#[test]
fn there_are_none_unless_they_are_asked_for() {
    let site = Site::jekyll().post("2020-03-01-a.md", short("A", "tech"));
    site.build();
    assert!(!site.exists("feeds/_archive") && !site.text("feeds/atom.xml").contains("prev-archive"));
    let plain = site.published();
    let without = site.text("syndicated.toml");
    let site = site.config("[output]\narchive = true");
    site.build();
    assert_eq!(pages(&site, "tech/atom.xml"), ["tech/_archive/2020/atom.xml"]);
    site.write("syndicated.toml", without);
    site.build();
    assert!(site.published() == plain, "taken back");
}

#[test]
fn a_change_rewrites_its_own_page_and_at_most_the_neighbours() {
    let site = site().config("[content]\nlimit = 1\n[categories]\ntags = true");
    site.build();
    let all = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
    let edited = change(&site, |site| site.write("site/_posts/2020-03-01-a.md", short("A, mended", "tech")));
    assert_eq!(edited, (all(&["_archive/2020/atom.xml", "tech/_archive/2020/atom.xml"]), all(&[])));
    let moved = change(&site, |site| site.rename("site/_posts/2020-03-01-a.md", "site/_posts/2021-03-01-a.md"));
    let pages = ["_archive/2020/atom.xml", "_archive/2021/atom.xml"];
    let tech = ["tech/_archive/2020/atom.xml", "tech/_archive/2021/atom.xml"];
    assert_eq!(moved, (all(&[pages, tech].concat()), all(&[])));
    // In a year without any: a page more, between two that lead to it.
    let added = change(&site, |site| site.write("site/_posts/2022-01-01-f.md", short("F", "tech")));
    let pages = ["2021", "2022", "2023"].map(|year| format!("_archive/{year}/atom.xml"));
    let tech = pages.clone().map(|page| format!("tech/{page}"));
    assert_eq!(added, ([pages, tech].concat(), all(&[])));
    // The last post of a year.
    let removed = change(&site, |site| site.remove("site/_posts/2022-01-01-f.md"));
    let gone = all(&["_archive/2022/atom.xml", "tech/_archive/2022/atom.xml"]);
    let pages = ["_archive/2021/atom.xml", "_archive/2023/atom.xml"];
    let tech = ["tech/_archive/2021/atom.xml", "tech/_archive/2023/atom.xml"];
    assert_eq!(removed, (all(&[pages, tech].concat()), gone));
    assert!(!site.exists("feeds/tech/_archive/2022"));
    // A new year: the feeds lead to it.
    let new = change(&site, |site| site.write("site/_posts/2024-01-01-g.md", short("G", "money")));
    let written = [
        "_archive/2023/atom.xml",
        "_archive/2024/atom.xml",
        "atom.xml",
        "money/_archive/2023/atom.xml",
        "money/_archive/2024/atom.xml",
        "money/atom.xml",
    ];
    assert_eq!(new, (all(&written), all(&[])));
    // A post like the others of the year, too old for the feed.
    let old = change(&site, |site| site.write("site/_posts/2023-01-01-h.md", short("H", "money")));
    assert_eq!(old, (all(&["_archive/2023/atom.xml", "money/_archive/2023/atom.xml"]), all(&[])));
    // What a feed says of itself is on all of its pages.
    let page = front("layout: category\ncategory: money\ntitle: All about money", "");
    let (written, gone) = change(&site, |site| site.write("site/money.html", page));
    assert!(gone.is_empty() && written.iter().all(|path| path.starts_with("money/")) && written.len() == 4);
}

#[test]
fn a_year_above_500_posts_is_divided_into_months_and_such_a_month_into_days() {
    let site = Site::jekyll().config("[output]\narchive = true");
    let post = |month: usize, day: usize, n: usize| format!("site/_posts/2021-{month:02}-{day:02}-{n}.md");
    for n in 0..500 {
        site.write(&post(1 + n % 12, 1 + n % 28, n), short("P", "x"));
    }
    site.write("site/_posts/2020-01-01-old.md", short("Old", "x"));
    site.build();
    assert_eq!(pages(&site, "x/atom.xml"), ["x/_archive/2021/atom.xml", "x/_archive/2020/atom.xml"]);
    let (written, gone) = change(&site, |site| site.write(&post(3, 5, 500), short("P", "x")));
    assert_eq!(gone, ["_archive/2021/atom.xml", "x/_archive/2021/atom.xml"]);
    let mut months: Vec<String> = (1..=12).rev().map(|month| format!("x/_archive/2021-{month:02}/atom.xml")).collect();
    months.push("x/_archive/2020/atom.xml".to_owned());
    assert_eq!(pages(&site, "x/atom.xml"), months);
    // The months, the year before, and the feed itself; of the category, and of all posts.
    assert_eq!(written.len(), 2 * 14, "{written:?}");
    for n in 501..1000 {
        site.write(&post(3, 1 + n % 2, n), short("P", "x"));
    }
    site.build();
    let march = |path: &&String| path.contains("2021-03");
    let days: Vec<String> = pages(&site, "x/atom.xml").iter().filter(march).cloned().collect();
    assert!(days.len() > 2 && days.iter().all(|page| page.len() > "x/_archive/2021-03/atom.xml".len()), "{days:?}");
    assert!(site.published() == site.built_again());
    site.assert_sound();
    for n in 500..1000 {
        site.remove(&post(3, if n == 500 { 5 } else { 1 + n % 2 }, n));
    }
    site.build();
    assert_eq!(pages(&site, "x/atom.xml"), ["x/_archive/2021/atom.xml", "x/_archive/2020/atom.xml"]);
    assert!(site.published() == site.built_again());
}

#[test]
fn pages_stay_near_the_size_that_feeds_have_and_are_complete_all_the_same() {
    let long = "One of many words. ".repeat(300);
    let site = Site::jekyll().config("[output]\narchive = true\n[content]\nmax_size = \"16 KiB\"");
    for day in 1..=9 {
        site.write(&format!("site/_posts/2021-01-0{day}-p.md"), front("categories: [x]", &long));
        site.write(&format!("site/_posts/2020-0{day}-01-p.md"), front("categories: [x]", "Short."));
    }
    // A day is never divided: nothing of it is left out.
    site.write("site/_posts/2021-01-09-q.md", front("categories: [x]", &long.repeat(4)));
    site.build();
    let mut expected: Vec<String> = (1..=9).rev().map(|day| format!("x/_archive/2021-01-0{day}/atom.xml")).collect();
    expected.push("x/_archive/2020/atom.xml".to_owned());
    assert_eq!(pages(&site, "x/atom.xml"), expected);
    let counts: Vec<usize> = expected.iter().map(|page| site.feed(page).items.len()).collect();
    assert_eq!(counts, [2, 1, 1, 1, 1, 1, 1, 1, 1, 9]);
    assert!(site.text("feeds/x/_archive/2021-01-09/atom.xml").len() > 16 << 10);
    let shorter = change(&site, |site| site.write("site/_posts/2021-01-09-q.md", front("categories: [x]", "Short.")));
    assert!(shorter.1.is_empty() && shorter.0.len() == 4, "{shorter:?}");
}

#[test]
fn tags_authors_and_feeds_of_ones_own_have_archives_too() {
    let site = Site::jekyll()
        .config(ON)
        .config("[categories]\ntags = true\nauthors = true")
        .config("[[feed]]\npath = \"own/{format}.xml\"\ntitle = \"Own\"\nany.tags = [\"t\"]\nmode = \"none\"")
        .post("2020-03-01-a.md", front("title: A\ntags: [t]\nauthor: Ann", "Text."))
        .post("2021-03-01-b.md", front("title: B\ntags: [t]\nauthor: Ann", "Text."));
    site.build();
    site.assert_sound();
    for folder in ["_tag/t", "_author/ann", "own"] {
        let expected = [2021, 2020].map(|year| format!("{folder}/_archive/{year}/rss.xml"));
        assert_eq!(pages(&site, &format!("{folder}/rss.xml")), expected);
    }
    assert!(site.feed("own/_archive/2020/atom.xml").only().content.is_empty(), "as the feed has it");
}

#[test]
fn pages_lie_where_the_layout_says_and_meet_no_other_feed() {
    let site = site().config("[output.layout]\narchive = \"history/{period}/all\"");
    site.build();
    assert_eq!(pages(&site, "money/rss.xml"), ["2023", "2020"].map(|year| format!("money/history/{year}/all/rss.xml")));
    let base = site.text("syndicated.toml").replace("history/{period}/all", "_archive/{period}");
    for (more, said) in [
        ("[[feed]]\npath = \"_archive/2020/{format}.xml\"\ntitle = \"x\"", "can meet a page of an archive"),
        ("[aliases]\n\"tech/_archive\" = \"rss.xml\"", "can meet a page of an archive"),
    ] {
        site.write("syndicated.toml", format!("{base}\n{more}\n"));
        site.run_cmd(["build"]).exits(2).complains(said);
    }
    for (folder, said) in [
        ("{period}", "`{slug}/rss.xml` of a page of an archive can meet"),
        ("_archive", "needs `{period}`"),
        ("../{period}", "must be a path below the output"),
    ] {
        site.write("syndicated.toml", base.replace("_archive/{period}", folder));
        site.run_cmd(["build"]).exits(2).complains(said);
    }
}

#[test]
fn the_service_keeps_archives_current_as_a_build_would() {
    let site = site();
    let running = site.start();
    running.as_built(&site);
    let before = site.stamps();
    site.write("site/_posts/2020-03-01-a.md", short("A, mended", "tech"));
    running.as_built(&site);
    let after = site.stamps();
    let same = |path: &str| before[path] == after[path];
    assert!(
        !same("tech/_archive/2020/rss.xml")
            && same("tech/_archive/2021/rss.xml")
            && same("money/_archive/2020/rss.xml")
    );
    site.rename("site/_posts/2021-01-01-c.md", "site/_posts/2022-01-01-c.md");
    running.as_built(&site);
    site.remove("site/_posts/2023-05-05-d.md");
    site.remove("site/_posts/2023-06-06-e.md");
    running.as_built(&site);
    assert_eq!(pages(&site, "tech/atom.xml"), ["tech/_archive/2022/atom.xml", "tech/_archive/2020/atom.xml"]);
}
