//! `[aliases]`: old paths of feeds, kept as copies that lead readers to the new ones.

use std::fs;

use rustix::process::Signal;
use serde_json::Value;

use crate::fixture::{Ran, Site, short};
use crate::service::Running;

const ALIASES: &str = "[aliases]\n\"old/feed.xml\" = \"tech/atom.xml\"\n\"index.xml\" = \"rss.xml\"\n";

/// Feeds of all posts, of `tech` and of `money`.
fn site() -> Site {
    Site::jekyll().post("2022-01-01-a.md", short("A", "tech")).post("2022-01-02-b.md", short("B", "money"))
}

#[track_caller]
fn same(site: &Site, old: &str, now: &str) {
    let read = |path: &str| fs::read(site.path("feeds").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert!(read(old) == read(now), "{old} is not {now}");
}

/// Everything is as a build from nothing has it, which the service says itself.
#[track_caller]
fn holds(running: &Running, site: &Site, what: &str) {
    running.logs(what);
    running.as_built(site);
}

fn refused(aliases: &str) -> Ran {
    site().config(&format!("[aliases]\n{aliases}")).run_cmd(["build"]).exits(2)
}

#[test]
fn an_old_path_is_a_copy_that_says_the_new_address_and_is_ours() {
    let site = site().config(ALIASES);
    assert_eq!(site.build().files(), (9, 0, 0));
    same(&site, "old/feed.xml", "tech/atom.xml");
    same(&site, "index.xml", "rss.xml");
    assert_eq!(site.feed("old/feed.xml").own_url, "https://example.com/feeds/tech/atom.xml");
    assert_eq!(site.feed("index.xml").own_url, "https://example.com/feeds/rss.xml");
    for old in ["old/feed.xml", "index.xml"] {
        assert!(site.text("feeds/.syndicated.json").contains(&format!("\"{old}\"")), "{old}");
        assert!(!site.text("feeds/feeds.opml").contains(old), "readers find the new addresses only");
    }
    site.run_cmd(["build"]).exits(0).says("0 files written, 9 unchanged");
    site.remove("feeds/index.xml");
    site.write("feeds/old/feed.xml", "torn");
    assert_eq!(site.build().number("/files/written"), 2);
    site.assert_sound();
}

#[test]
fn a_path_with_a_leading_slash_is_one_on_the_site() {
    let site = site().config("[aliases]\n\"/feeds/old/feed.xml\" = \"/feeds/tech/atom.xml\"");
    site.build();
    same(&site, "old/feed.xml", "tech/atom.xml");
    let root = self::site().config(
        "[output]\nfeeds_url = \"/\"\n[aliases]\n\"/feed/%E6%96%B0.xml\" = \"/atom.xml\"\n\"feed/100%25.xml\" = \"rss.xml\"",
    );
    root.build();
    same(&root, "feed/新.xml", "atom.xml");
    same(&root, "feed/100%25.xml", "rss.xml");
}

#[test]
fn what_can_never_be_a_copy_is_refused_at_its_line() {
    let cases = [
        ("\"atom.xml\" = \"rss.xml\"", 4, "`atom.xml` meets the path of the feed of all posts"),
        ("\"rss.xml/old.xml\" = \"rss.xml\"", 4, "meets the path of the feed of all posts"),
        ("\"feeds.opml\" = \"rss.xml\"", 4, "meets the path of the list of all feeds"),
        ("\"../feed.xml\" = \"rss.xml\"", 4, "must be the path of a file below the output"),
        ("\"/feed.xml\" = \"rss.xml\"", 4, "is not below `/feeds/`, where feeds are"),
        ("\"feed/\" = \"rss.xml\"", 4, "is a folder"),
        ("\".hidden\" = \"rss.xml\"", 4, "must be the path of a file below the output"),
        ("\"old.xml\" = \"feed.xml\"", 4, "`feed.xml` is the path of no feed"),
        ("\"old.xml\" = \"feeds.opml\"", 4, "`feeds.opml` is the path of no feed"),
        ("\"old.xml\" = \"_tag/x/rss.xml\"", 4, "`_tag/x/rss.xml` is the path of no feed"),
        ("\"old.xml\" = \"old.xml\"", 4, "`old.xml` is an alias itself"),
        ("\"a.xml\" = \"rss.xml\"\n\"b.xml\" = \"a.xml\"", 5, "`a.xml` is an alias itself"),
        ("\"a\" = \"rss.xml\"\n\"a/b\" = \"rss.xml\"", 5, "cannot stand beside the alias `a`"),
        ("\"a.xml\" = \"rss.xml\"\n\"/feeds/a.xml\" = \"rss.xml\"", 4, "cannot stand beside the alias `a.xml`"),
        ("\"old.xml\" = 5", 4, "as a string, the path of the feed"),
        ("old.xml = \"rss.xml\"", 4, "an old path in quotes"),
    ];
    for (aliases, line, problem) in cases {
        let ran = refused(aliases).complains(problem).complains(&format!("syndicated.toml:{line}:"));
        let caret = ran.stderr.lines().find(|line| line.trim_start_matches([' ', '|']).starts_with('^'));
        assert!(caret.is_some(), "{}", ran.stderr);
    }
    site().config("[output]\naliases = 1").run_cmd(["build"]).exits(2).complains("unknown key `output.aliases`");
    site().config("aliases = 1").run_cmd(["build"]).exits(2).complains("aliases");
}

#[test]
fn a_feed_that_there_is_not_yet_is_a_warning_and_its_copy_comes_and_goes_with_it() {
    let site = site().config("[aliases]\n\"old/feed.xml\" = \"fresh/atom.xml\"");
    let said = "the alias old/feed.xml leads to fresh/atom.xml, which no feed has now";
    site.run_cmd(["build"]).exits(0).says(said);
    site.run_cmd(["check"]).exits(0).says(said);
    assert!(!site.exists("feeds/old"));
    let running = site.start();
    running.logs(said);
    site.write("site/_posts/2022-01-03-c.md", short("C", "fresh"));
    running.as_built(&site);
    same(&site, "old/feed.xml", "fresh/atom.xml");
    site.write("site/_posts/2022-01-03-c.md", short("C again", "fresh"));
    running.as_built(&site);
    same(&site, "old/feed.xml", "fresh/atom.xml");
    assert!(site.text("feeds/old/feed.xml").contains("C again"));
    site.remove("site/_posts/2022-01-03-c.md");
    running.as_built(&site);
    assert!(!site.exists("feeds/old") && !site.exists("feeds/fresh"));
}

#[test]
fn a_category_whose_feed_would_stand_there_gives_way_and_that_is_said() {
    let site = site().config("[aliases]\n\"tech/rss.xml\" = \"money/rss.xml\"");
    let ran = site.run_cmd(["build"]).exits(0);
    ran.says("the feed of category tech was left out: the configuration has the alias tech/rss.xml");
    same(&site, "tech/rss.xml", "money/rss.xml");
    assert!(!site.exists("feeds/tech/atom.xml"));
    let folder = self::site().config("[aliases]\n\"tech\" = \"money/rss.xml\"");
    let ran = folder.run_cmd(["build"]).exits(0);
    ran.says("its path tech/rss.xml cannot stand beside the alias tech");
    same(&folder, "tech", "money/rss.xml");
}

#[test]
fn a_reload_adds_changes_and_removes_them() {
    let site = site();
    let running = site.start();
    let bare = site.text("syndicated.toml");
    let hold = |n: usize, aliases: &str| {
        site.write("syndicated.toml", format!("{bare}[aliases]\n{aliases}\n"));
        running
            .until("the new configuration holds", || running.log().matches("the new configuration holds").count() == n);
        running.as_built(&site);
    };
    hold(1, "\"old/feed.xml\" = \"tech/atom.xml\"");
    same(&site, "old/feed.xml", "tech/atom.xml");
    hold(2, "\"old/feed.xml\" = \"money/atom.xml\"\n\"more.xml\" = \"rss.xml\"");
    same(&site, "old/feed.xml", "money/atom.xml");
    same(&site, "more.xml", "rss.xml");
    // A category gives its place to an alias, and takes it back.
    hold(3, "\"tech/atom.xml\" = \"atom.xml\"");
    same(&site, "tech/atom.xml", "atom.xml");
    assert!(!site.exists("feeds/old") && !site.exists("feeds/more.xml") && !site.exists("feeds/tech/rss.xml"));
    hold(4, "");
    assert_eq!(site.feed("tech/atom.xml").titles(), ["A"]);
    // One that is refused changes nothing.
    let before = site.stamps();
    site.write("syndicated.toml", format!("{bare}[aliases]\n\"rss.xml\" = \"atom.xml\"\n"));
    running.send(Signal::HUP);
    running.logs("meets the path of the feed of all posts");
    assert_eq!(site.stamps(), before);
}

#[test]
fn a_layout_that_changes_leaves_its_old_paths_as_aliases() {
    let site = site();
    let running = site.start();
    let old = site.text("feeds/tech/rss.xml");
    let site = site.config(
        "[output]\nlayout = \"hugo\"\n[aliases]\n\"tech/rss.xml\" = \"categories/tech/index.xml\"\n\"rss.xml\" = \"index.xml\"",
    );
    holds(&running, &site, "the new configuration holds");
    same(&site, "tech/rss.xml", "categories/tech/index.xml");
    assert_ne!(site.text("feeds/tech/rss.xml"), old, "it says the new address");
    assert!(!site.exists("feeds/tech/atom.xml") && !site.exists("feeds/money"));
}

#[test]
fn a_foreign_file_at_an_old_path_is_left_alone_and_hinders_no_feed() {
    let site = site().config(ALIASES).file("feeds/index.xml", "mine");
    let ran = site.run_cmd(["build"]).exits(3);
    ran.complains("feeds/index.xml");
    assert_eq!(site.text("feeds/index.xml"), "mine");
    assert_eq!(site.feed("rss.xml").titles(), ["B", "A"]);
    assert_eq!(site.feed("atom.xml").titles(), ["B", "A"]);
    site.remove("feeds/index.xml");
    site.build();
    same(&site, "index.xml", "rss.xml");
}

#[test]
fn list_names_them() {
    let site = site().config(ALIASES);
    site.run_cmd(["list"]).exits(0).says("old/feed.xml").says("alias ");
    let feeds: Vec<Value> = serde_json::from_str(&site.run_cmd(["list", "--json"]).stdout).unwrap();
    let of = |kind: &str, label: &str| {
        let feed = feeds.iter().find(|feed| feed["kind"] == kind && feed["label"] == label).unwrap();
        feed["aliases"].clone()
    };
    assert_eq!(of("category", "tech"), serde_json::json!(["old/feed.xml"]));
    assert_eq!(of("category", "money"), serde_json::json!([]));
}
