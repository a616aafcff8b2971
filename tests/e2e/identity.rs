//! Ids that survive: a site that pins them can move, be renamed and come from elsewhere, and no reader sees a post twice.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::Stdio;
use std::thread;

use crate::fixture::{Site, front};

const POSTS: [(&str, &str); 4] = [
    ("2022-01-01-alpha.md", "title: Alpha\ncategories: [news]"),
    ("2022-02-02-beta.md", "title: Beta\ndate: 2022-02-02 10:00:00\nlast_modified_at: 2022-02-03"),
    ("2022-03-03-gamma.md", "title: Gamma\nslug: third"),
    ("2022-04-04-delta.md", "title: Delta\nfeed_id: tag:example.com,2022:delta"),
];

fn site() -> Site {
    POSTS.iter().fold(Site::jekyll(), |site, (name, keys)| site.post(name, front(keys, &format!("Text of {name}."))))
}

/// The ids of the feed of all posts, by title, the same in both formats.
fn ids(site: &Site) -> BTreeMap<String, String> {
    let of = |path: &str| -> BTreeMap<String, String> {
        site.feed(path).items.into_iter().map(|item| (item.title, item.id)).collect()
    };
    assert_eq!(of("rss.xml"), of("atom.xml"));
    of("atom.xml")
}

fn rows(site: &Site) -> Vec<String> {
    site.text("site/ids.tsv").lines().map(str::to_owned).collect()
}

#[test]
fn a_pinned_site_moves_and_no_id_changes() {
    let site = site();
    site.build();
    let before = ids(&site);
    site.run_cmd(["ids", "pin"]).exits(0).says("site/ids.tsv: 4 posts, 4 new");
    let feeds = site.published();
    site.build();
    assert!(site.published() == feeds, "pinning changes no feed");

    let moves = [
        "url: http://example.com\n",
        "url: https://other.example.org\nbaseurl: /blog\n",
        "url: https://other.example.org\npermalink: /:title/\n",
        "url: https://other.example.org\npermalink: pretty\ntimezone: Asia/Shanghai\n",
    ];
    for config in moves {
        site.write("site/_config.yml", format!("title: Example\n{config}"));
        site.build();
        assert_eq!(ids(&site), before, "{config}");
        assert!(!site.feed("rss.xml").items[0].link.starts_with("https://example.com"), "{config}");
    }
    // Other dates, in the front matter and in the name.
    site.write("site/_posts/2022-02-02-beta.md", front("title: Beta\ndate: 2022-05-05", "Text of 2022-02-02-beta.md."));
    site.rename("site/_posts/2022-01-01-alpha.md", "site/_posts/2021-12-31-alpha-and-omega.md");
    site.rename("site/_posts/2022-03-03-gamma.md", "site/_posts/2022-03-03-third.md");
    fs::create_dir(site.path("site/archive")).unwrap();
    fs::create_dir(site.path("site/archive/_posts")).unwrap();
    site.rename("site/_posts/2022-04-04-delta.md", "site/archive/_posts/2022-04-04-delta.md");
    site.build();
    assert_eq!(ids(&site), before, "renamed");
    site.run_cmd(["inspect", "site/_posts/2022-03-03-third.md"]).exits(0).says("a post with the same text was renamed");
    let entry = site.run_cmd(["inspect", "--entry", "site/_posts/2022-03-03-third.md"]).exits(0);
    assert!(entry.stdout.contains(&before["Gamma"]), "{}", entry.stdout);
    // Pinned again, the new names have the ids, and texts may change.
    site.run_cmd(["build", "--pin"]).exits(0).says("4 posts, 3 new");
    assert_eq!(rows(&site).len(), 4);
    site.write("site/_posts/2022-03-03-third.md", front("title: Gamma", "Another text."));
    site.build();
    assert_eq!(ids(&site), before, "rewritten");
    site.assert_sound();
}

#[test]
fn rows_are_sorted_by_path_and_pinning_twice_writes_once() {
    let site = site();
    site.run_cmd(["build", "--pin", "-q"]).exits(0);
    let text = site.text("site/ids.tsv");
    let paths: Vec<&str> = text.lines().map(|line| line.split('\t').next().unwrap()).collect();
    assert!(paths.is_sorted() && paths.len() == 4, "{text}");
    let first: Vec<&str> = text.lines().next().unwrap().split('\t').collect();
    assert_eq!(first[..2], ["_posts/2022-01-01-alpha.md", "https://example.com/news/2022/01/01/alpha"]);
    let shasum = "14336c4fa85a"; // printf 'Text of 2022-01-01-alpha.md.\n' | sha256sum
    assert!(first[2].len() == 64 && first[2].starts_with(shasum), "{}", first[2]);
    let before = fs::metadata(site.path("site/ids.tsv")).unwrap().modified().unwrap();
    site.run_cmd(["ids", "pin"]).exits(0).says("0 new");
    assert_eq!(fs::metadata(site.path("site/ids.tsv")).unwrap().modified().unwrap(), before);
    assert!(!site.exists("site/ids.tsv.new"));
}

#[test]
fn nothing_but_pinning_writes_ids() {
    let site = site();
    site.build();
    site.run_cmd(["check"]).exits(0);
    assert!(!site.exists("site/ids.tsv"));
    site.run_cmd(["ids", "pin"]).exits(0);
    let text = site.text("site/ids.tsv");
    site.write("site/_posts/2022-05-05-new.md", front("title: New", "New."));
    site.build();
    assert_eq!(site.text("site/ids.tsv"), text);
    assert_eq!(ids(&site)["New"], "https://example.com/2022/05/05/new");
}

#[test]
fn what_front_matter_says_wins_over_the_row() {
    let site = site();
    site.run_cmd(["ids", "pin"]).exits(0);
    site.write("site/_posts/2022-01-01-alpha.md", front("title: Alpha\nfeed_id: urn:x:alpha", "x"));
    site.build();
    assert_eq!(ids(&site)["Alpha"], "urn:x:alpha");
}

#[test]
fn of_copies_none_takes_the_id_and_an_edited_file_is_a_new_post() {
    let site = site();
    site.run_cmd(["ids", "pin"]).exits(0);
    let text = site.text("site/_posts/2022-01-01-alpha.md");
    site.rename("site/_posts/2022-01-01-alpha.md", "site/_posts/2022-01-01-one.md");
    site.write("site/_posts/2022-01-01-two.md", text.replace("Alpha", "Copy"));
    site.build();
    let found = ids(&site);
    assert_eq!(found["Alpha"], "https://example.com/news/2022/01/01/one");
    assert_eq!(found["Copy"], "https://example.com/news/2022/01/01/two");
    // The copy goes, and it can be told again which is the old post.
    site.remove("site/_posts/2022-01-01-two.md");
    site.build();
    assert_eq!(ids(&site)["Alpha"], "https://example.com/news/2022/01/01/alpha");
    site.write("site/_posts/2022-01-01-one.md", text.replace("Text", "Other text"));
    site.build();
    assert_eq!(ids(&site)["Alpha"], "https://example.com/news/2022/01/01/one");
    // The old name comes back: it is the old post.
    site.write("site/_posts/2022-01-01-one.md", &text);
    site.write("site/_posts/2022-01-01-alpha.md", text.replace("Alpha", "Back"));
    site.build();
    let found = ids(&site);
    assert_eq!(found["Back"], "https://example.com/news/2022/01/01/alpha");
    assert_eq!(found["Alpha"], "https://example.com/news/2022/01/01/one");
}

#[test]
fn a_row_of_a_post_that_is_gone_stays_until_another_has_its_id() {
    let site = site();
    site.run_cmd(["ids", "pin"]).exits(0);
    let (name, text) = ("site/_posts/2022-01-01-alpha.md", site.text("site/_posts/2022-01-01-alpha.md"));
    site.remove(name);
    site.run_cmd(["ids", "pin"]).exits(0).says("3 posts, 0 new; 1 row of");
    assert_eq!(rows(&site).len(), 4);
    site.write(
        "site/_posts/2022-01-01-again.md",
        front("title: Again\nfeed_id: https://example.com/news/2022/01/01/alpha", "x"),
    );
    site.run_cmd(["ids", "pin"]).exits(0).says("4 posts, 1 new\n");
    site.remove("site/_posts/2022-01-01-again.md");
    site.write(name, text);
    site.build();
}

#[test]
fn lines_that_are_no_rows_are_told_and_the_others_count() {
    let site = site();
    site.run_cmd(["ids", "pin"]).exits(0);
    let text = site.text("site/ids.tsv").replace("https://example.com/news", "https://kept.example/news");
    let first = text.lines().next().unwrap().replace("alpha.md", "nobody.md");
    site.write("site/ids.tsv", format!("<<<<<<< HEAD\n{text}{first}\n"));
    let report = site.build();
    assert!(report.problems().contains("site/ids.tsv:1: "), "{}", report.problems());
    assert!(report.problems().contains("site/ids.tsv:6: line 2 has the id"), "{}", report.problems());
    assert_eq!(ids(&site)["Alpha"], "https://kept.example/news/2022/01/01/alpha");
    site.run_cmd(["check"]).exits(0).says("--> site/ids.tsv:1");
}

#[test]
fn a_file_that_cannot_be_read_is_refused_because_every_id_could_be_another() {
    let site = site().file("site/ids.tsv/x", "a folder");
    site.run_cmd(["build"]).exits(2).complains("ids.tsv is no file");
    assert!(!site.exists("feeds"));
}

#[test]
fn the_file_may_lie_elsewhere() {
    let site = site().config("[identity]\nids = \"data/ids.tsv\"").file("data/.keep", "");
    site.run_cmd(["ids", "pin"]).exits(0).says("data/ids.tsv");
    assert!(site.exists("data/ids.tsv") && !site.exists("site/ids.tsv"));
}

#[test]
fn pinning_one_more_post_reads_only_that_one_again() {
    let site = site();
    site.run_cmd(["ids", "pin"]).exits(0);
    site.write("site/_posts/2022-05-05-new.md", front("title: New", "New."));
    site.age();
    site.build();
    assert_eq!(site.build().number("/posts/opened"), 0);
    site.run_cmd(["build", "--pin"]).exits(0);
    assert_eq!(site.build().number("/posts/opened"), 1);
}

#[test]
fn a_running_service_heeds_the_file() {
    let site = site();
    let running = site.start();
    site.run_cmd(["ids", "pin"]).exits(0);
    running.logs("the new configuration holds");
    site.write(
        "site/ids.tsv",
        site.text("site/ids.tsv").replace("https://example.com/news", "https://kept.example/news"),
    );
    let show =
        |text: &str| ["rss.xml", "atom.xml"].iter().all(|path| site.text(&format!("feeds/{path}")).contains(text));
    running.until("the id of the row", || show("https://kept.example/news/2022/01/01/alpha"));
    site.rename("site/_posts/2022-01-01-alpha.md", "site/_posts/2022-01-01-renamed.md");
    running.until("the new name", || show("/renamed"));
    assert_eq!(ids(&site)["Alpha"], "https://kept.example/news/2022/01/01/alpha");
}

const WORDPRESS: &str = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Old</title><link>http://old.example</link>\
    <item><title>Alpha</title><link>http://old.example/news/2022/01/01/alpha.html?utm_source=rss</link>\
    <guid isPermaLink=\"false\">http://old.example/?p=11</guid></item>\
    <item><title>Gone</title><link>http://old.example/gone/</link><guid isPermaLink=\"false\">http://old.example/?p=12</guid></item>\
    </channel></rss>";

#[test]
fn ids_of_another_program_s_feeds_are_taken_over() {
    let json = r#"{"version": "https://jsonfeed.org/version/1", "title": "Old", "items": [
        {"id": "urn:old:beta", "url": "https://old.example/2022/02/02/beta.html", "content_text": "x"},
        {"id": "urn:old:delta", "url": "https://old.example/2022/04/04/delta.html", "content_text": "x"}]}"#;
    let site = site().file("old.xml", WORDPRESS).file("old.json", json);
    let ran = site.run_cmd(["ids", "import", "old.xml", "old.json", "-v"]).exits(0);
    let ran = ran.says("_posts/2022-01-01-alpha.md keeps http://old.example/?p=11");
    let ran = ran.says("not taken over: http://old.example/?p=12 of http://old.example/gone/: no post has this page");
    ran.says("_posts/2022-04-04-delta.md says its own").says("site/ids.tsv: 2 ids taken over from 4 entries, 2 not");
    site.build();
    let found = ids(&site);
    let id = |title: &str| found[title].as_str();
    assert_eq!((id("Alpha"), id("Beta")), ("http://old.example/?p=11", "urn:old:beta"));
    assert_eq!((id("Gamma"), id("Delta")), ("https://example.com/2022/03/03/third", "tag:example.com,2022:delta"));
    // The same again changes nothing, and pinning keeps what was taken over.
    let text = site.text("site/ids.tsv");
    site.run_cmd(["ids", "import", "old.xml", "old.json"]).exits(0).says("2 ids taken over");
    assert_eq!(site.text("site/ids.tsv"), text);
    site.run_cmd(["ids", "pin"]).exits(0).says("4 posts, 2 new");
    site.build();
    assert_eq!(ids(&site), found);
}

#[test]
fn a_feed_may_be_named_by_its_address_or_come_from_standard_input() {
    let site = site();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/feed/", server.local_addr().unwrap());
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut stream, _) = server.accept().unwrap();
            let mut request = BufReader::new(stream.try_clone().unwrap()).lines();
            while request.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{WORDPRESS}", WORDPRESS.len()).unwrap();
        });
        site.run_cmd(["ids", "import", &address]).exits(0).says("1 id taken over from 2 entries, 1 not");
    });
    let text = site.text("site/ids.tsv");
    site.remove("site/ids.tsv");
    let mut command = site.command(["ids", "import", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(WORDPRESS.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(site.text("site/ids.tsv"), text);
}

#[test]
fn what_is_no_feed_is_refused_and_nothing_written() {
    let site = site().file("page.html", "<html></html>");
    site.run_cmd(["ids", "import", "page.html"]).exits(2).complains("page.html: is no RSS, Atom or JSON feed");
    site.run_cmd(["ids", "import", "missing.xml"]).exits(2).complains("missing.xml: cannot be read");
    site.run_cmd(["ids", "import", "http://127.0.0.1:9/feed/"])
        .exits(2)
        .complains("http://127.0.0.1:9/feed/: cannot be fetched");
    assert!(!site.exists("site/ids.tsv"));
}
