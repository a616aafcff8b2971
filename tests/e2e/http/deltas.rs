//! `A-IM: feed` (RFC 3229): who has an earlier version of a feed is sent what is new in it, and nothing else.

use std::collections::BTreeMap;
use std::process::Command;

use rustix::process::Signal;
use serde_json::Value;

use super::client::Response;
use super::{Serving, decoded};
use crate::fixture::{Site, has_tool, short};
use crate::reading::Read;

const PATHS: [&str; 3] = ["/feeds/tech/rss.xml", "/feeds/tech/atom.xml", "/feeds/tech/feed.json"];
const CODINGS: [(&str, &str); 4] = [("identity", ""), ("gzip", "-gzip"), ("br", "-br"), ("zstd", "-zstd")];

fn name(n: u32) -> String {
    format!("site/_posts/2022-01-{n:02}-p.md")
}

fn post(n: u32, title: &str) -> (String, String) {
    (name(n), short(title, "tech"))
}

/// Five posts in all three formats.
fn site() -> Site {
    let site = Site::jekyll().config("[output]\nformats = [\"rss\", \"atom\", \"json\"]");
    for n in 1..=5 {
        let (path, text) = post(n, &format!("P{n}"));
        site.write(&path, text);
    }
    site
}

fn write(site: &Site, n: u32, title: &str) {
    let (path, text) = post(n, title);
    site.write(&path, text);
}

/// Asks for what is new since this tag.
fn since(serving: &Serving, path: &str, tag: &str, more: &[&str]) -> Response {
    let condition = format!("If-None-Match: {tag}");
    serving.asks("GET", path, &[&["A-IM: feed", &condition], more].concat())
}

/// The titles of what was sent.
fn titles(response: &Response) -> Vec<String> {
    let bytes = decoded(response);
    if response.field("content-type").unwrap().contains("json") {
        let feed: Value = serde_json::from_slice(&bytes).unwrap();
        return feed["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().into()).collect();
    }
    roxmltree::Document::parse(std::str::from_utf8(&bytes).unwrap()).unwrap();
    Read::parse(&bytes).titles().into_iter().map(str::to_owned).collect()
}

#[test]
fn only_what_is_new_is_sent_in_every_format_and_coding() {
    let site = site();
    let serving = Serving::start(&site);
    let tags = PATHS.map(|path| serving.get(path).is(200).tag().to_owned());
    write(&site, 6, "P6");
    serving.running.settles(&site);
    for (path, old) in PATHS.iter().zip(&tags) {
        let whole = serving.get(path).is(200);
        for (coding, suffix) in CODINGS {
            let accept = format!("Accept-Encoding: {coding}");
            let new = since(&serving, path, old, &[&accept]).is(226);
            assert_eq!(titles(&new), ["P6"], "{path} {coding}");
            assert_eq!(new.field("im"), Some("feed"));
            assert_eq!(new.field("content-encoding").unwrap_or(""), suffix.trim_start_matches('-'));
            // The tag of all of it, which the client has now.
            assert_eq!(new.tag(), format!("\"{}{suffix}\"", whole.tag().trim_matches('"')));
            assert_eq!(new.modified(), whole.modified());
            assert_eq!(new.field("vary"), Some("A-IM, Accept-Encoding"));
            // A cache that does not know 226 must not give it to others.
            assert_eq!(new.field("cache-control"), Some("no-store, im, max-age=60"));
            for field in ["content-type", "link", "access-control-allow-origin"] {
                assert_eq!(new.field(field), whole.field(field), "{field}");
            }
            let tag = new.tag().to_owned();
            let held = since(&serving, path, &tag, &[&accept]).is(304);
            assert_eq!((held.tag(), held.field("im")), (tag.as_str(), None));
            assert_eq!(held.field("vary"), Some("A-IM, Accept-Encoding"));
        }
    }
}

#[test]
fn head_says_the_same_without_the_body() {
    let site = site();
    let serving = Serving::start(&site);
    let old = format!("If-None-Match: {}", serving.get(PATHS[1]).is(200).tag());
    write(&site, 6, "P6");
    serving.running.settles(&site);
    let mut client = serving.connect();
    for (coding, _) in CODINGS {
        let fields = ["A-IM: feed", &old, &format!("Accept-Encoding: {coding}")];
        let get = client.asks("GET", PATHS[1], &fields).is(226);
        let head = client.asks("HEAD", PATHS[1], &fields).is(226);
        let but_date = |response: &Response| -> Vec<_> {
            response.fields.iter().filter(|(name, _)| name != "date").cloned().collect()
        };
        assert_eq!(but_date(&head), but_date(&get));
        assert_eq!(get.field("content-length"), Some(get.body.len().to_string().as_str()));
    }
}

#[test]
fn who_does_not_ask_or_has_nothing_that_is_known_gets_all_of_it() {
    let site = site();
    let serving = Serving::start(&site);
    let old = format!("If-None-Match: {}", serving.get(PATHS[0]).is(200).tag());
    write(&site, 6, "P6");
    serving.running.settles(&site);
    for fields in [
        &[old.as_str()][..],
        &[old.as_str(), "A-IM: feed;q=0"],
        &[old.as_str(), "A-IM: vcdiff, gzip"],
        &["A-IM: feed"],
        &["A-IM: feed", "If-None-Match: \"0123456789abcdef0123456789abcdef\""],
        &["A-IM: feed", "If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT"],
    ] {
        let whole = serving.asks("GET", PATHS[0], fields).is(200);
        assert_eq!(whole.field("im"), None, "{fields:?}");
        assert_eq!(titles(&whole).len(), 6, "{fields:?}");
    }
    // A proxy made it weak; others are with it.
    let weak = old.replace(": \"", ": \"x\", W/\"");
    for fields in
        [["A-IM: feed", old.as_str()], ["A-IM: gzip, FEED;q=0.3", old.as_str()], ["A-IM: feed", weak.as_str()]]
    {
        assert_eq!(titles(&serving.asks("GET", PATHS[0], &fields).is(226)), ["P6"], "{fields:?}");
    }
    let list = serving.get("/feeds/feeds.opml").is(200);
    assert_eq!(list.field("vary"), Some("Accept-Encoding"), "it has no entries");
}

#[test]
fn an_old_entry_that_is_edited_is_new_and_one_that_is_deleted_is_not() {
    let site = site();
    let serving = Serving::start(&site);
    for path in PATHS {
        let first = serving.get(path).is(200).tag().to_owned();
        write(&site, 2, &format!("P2 again, for {path}"));
        serving.running.settles(&site);
        let edited = since(&serving, path, &first, &[]).is(226);
        assert_eq!(titles(&edited), [format!("P2 again, for {path}")]);
        site.remove(&name(3));
        serving.running.settles(&site);
        let deleted = since(&serving, path, edited.tag(), &[]).is(226);
        assert!(titles(&deleted).is_empty(), "{path}");
        write(&site, 3, "P3");
        serving.running.settles(&site);
        // It is as it was, for who had it; and new for who came between.
        since(&serving, path, edited.tag(), &[]).is(304);
        assert_eq!(titles(&since(&serving, path, deleted.tag(), &[]).is(226)), ["P3"]);
        // Several versions at once: the latest counts.
        let both = format!("{first}, {}", deleted.tag());
        assert_eq!(titles(&since(&serving, path, &both, &[]).is(226)), ["P3"]);
    }
}

#[test]
fn the_last_few_versions_are_remembered_and_no_more() {
    let site = site();
    let serving = Serving::start(&site);
    let mut tags = Vec::new();
    for n in 0..12 {
        tags.push(serving.get(PATHS[0]).is(200).tag().to_owned());
        write(&site, 10 + n, &format!("N{n}"));
        serving.running.settles(&site);
    }
    for (age, tag) in tags.iter().rev().enumerate() {
        let response = since(&serving, PATHS[0], tag, &[]);
        let sent = if response.status == 226 { age + 1 } else { 17 };
        assert_eq!((response.status, titles(&response).len()), (if age < 8 { 226 } else { 200 }, sent), "{age}");
    }
}

#[test]
fn they_are_remembered_across_restarts_and_crashes_and_losing_them_costs_a_200() {
    let site = site();
    let mut serving = Serving::start(&site);
    let mut tag = serving.get(PATHS[1]).is(200).tag().to_owned();
    for (n, signal) in [(6, Signal::TERM), (7, Signal::KILL), (8, Signal::TERM)] {
        serving.running.stop(signal);
        // Before the service comes back.
        write(&site, n, &format!("P{n}"));
        serving = Serving::start(&site);
        let new = since(&serving, PATHS[1], &tag, &[]).is(226);
        assert_eq!(titles(&new), [format!("P{n}")]);
        tag = new.tag().to_owned();
    }
    serving.running.stop(Signal::TERM);
    site.remove(".syndicated/feeds/http.versions");
    write(&site, 9, "P9");
    serving = Serving::start(&site);
    assert_eq!(titles(&since(&serving, PATHS[1], &tag, &[]).is(200)).len(), 9);
    // `serve` remembers what it has sent of what others build.
    serving.running.stop(Signal::TERM);
    let serving = Serving::built(&site);
    let tag = serving.get(PATHS[1]).is(200).tag().to_owned();
    write(&site, 10, "P10");
    site.build();
    serving.running.until("the second build is served", || serving.get(PATHS[1]).is(200).tag() != tag);
    assert_eq!(titles(&since(&serving, PATHS[1], &tag, &[]).is(226)), ["P10"]);
}

#[test]
fn a_reader_that_adds_up_what_is_new_has_all_there_is() {
    let site = site().config("[content]\nlimit = 6");
    let serving = Serving::start(&site);
    let mut tags: [String; 3] = Default::default();
    let mut held: [BTreeMap<String, String>; 3] = Default::default();
    let entries = |response: &Response| -> Vec<(String, String)> {
        let read = Read::parse(&decoded(response));
        read.items.into_iter().map(|item| (item.id.clone(), format!("{item:?}"))).collect()
    };
    for round in 0..20_u32 {
        for (n, path) in PATHS.iter().enumerate().take(2) {
            // Each in its own rhythm.
            if round % (n as u32 + 1) == 0 {
                let response = since(&serving, path, &tags[n], &[]);
                if response.status != 304 {
                    held[n].extend(entries(&response));
                }
                tags[n] = response.tag().to_owned();
                for (id, entry) in entries(&serving.get(path).is(200)) {
                    assert_eq!(held[n].get(&id), Some(&entry), "{round}, {path}");
                }
            }
        }
        match round % 5 {
            0 => site.remove(&name(1 + round / 5)),
            n => write(&site, 1 + (round * 7 + n) % 20, &format!("Round {round}")),
        }
        serving.running.settles(&site);
    }
}

#[test]
fn what_was_saved_is_counted() {
    let site = site();
    let serving = Serving::start(&site);
    let tag = serving.get(PATHS[0]).is(200).tag().to_owned();
    write(&site, 6, "P6");
    serving.running.settles(&site);
    let whole = serving.get(PATHS[0]).is(200).body.len();
    let new = since(&serving, PATHS[0], &tag, &[]).is(226).body.len();
    since(&serving, PATHS[0], "\"x\"", &[]).is(200);
    let status: Value = serde_json::from_str(&site.run_cmd(["status", "--json"]).exits(0).stdout).unwrap();
    let server = &status["server"];
    assert_eq!((&server["delta_answers"], &server["bytes_saved"]), (&1.into(), &(whole - new).into()));
}

#[test]
fn feeds_that_a_new_configuration_is_about_to_bring_are_not_yet_there_instead_of_nowhere() {
    let site = Site::jekyll();
    for n in 0..400 {
        site.write(&format!("site/_posts/2022-01-01-{n}.md"), short("P", &format!("c{n}")));
    }
    let serving = Serving::start(&site);
    serving.running.settles(&site);
    let mut client = serving.connect();
    client.get("/feeds/by/c399.xml").is(404);
    let layout =
        "[source]\npath = \"site\"\n[output]\nformats = [\"rss\"]\n[output.layout]\ncategory = \"by/{slug}.xml\"\n";
    site.write("syndicated.toml", layout);
    serving.running.send(Signal::HUP);
    serving.running.logs("the new configuration holds");
    let mut seen = Vec::new();
    serving.running.until("it is there", || {
        seen.push(client.get("/feeds/by/c399.xml").status);
        seen.last() == Some(&200)
    });
    assert!(seen.iter().all(|status| matches!(status, 200 | 503)), "{seen:?}");
    serving.running.settles(&site);
    client.get("/feeds/by/none.xml").is(404);
}

/// How many requests were answered with what is new alone.
fn answered_so(site: &Site) -> u64 {
    let status: Value = serde_json::from_str(&site.run_cmd(["status", "--json"]).exits(0).stdout).unwrap();
    status["server"]["delta_answers"].as_u64().unwrap()
}

#[test]
fn newsboat_takes_what_is_new_and_has_all_there_is() {
    if !has_tool("newsboat", &["-v"]) {
        return;
    }
    let site = site();
    let serving = Serving::start(&site);
    site.write("reader/urls", format!("http://{}{}\n", serving.address, PATHS[0]));
    site.write("reader/config", "");
    let read = || {
        let mut newsboat = Command::new("newsboat");
        site.prepare(&mut newsboat);
        newsboat.args(["-u", "reader/urls", "-C", "reader/config", "-c", "reader/cache.db", "-x", "reload"]);
        assert!(newsboat.env("TERM", "dumb").output().unwrap().status.success());
        let cache = rusqlite::Connection::open(site.path("reader/cache.db")).unwrap();
        let mut items = cache.prepare("SELECT title FROM rss_item ORDER BY title").unwrap();
        items.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect::<Vec<String>>()
    };
    // It keeps the tag of a feed from the second time on.
    read();
    assert_eq!(read(), ["P1", "P2", "P3", "P4", "P5"]);
    write(&site, 2, "P2 again");
    write(&site, 6, "P6");
    serving.running.settles(&site);
    assert_eq!(read(), ["P1", "P2 again", "P3", "P4", "P5", "P6"]);
    assert_eq!(answered_so(&site), 1);
    // It has the whole feed's tag now.
    read();
    let status: Value = serde_json::from_str(&site.run_cmd(["status", "--json"]).exits(0).stdout).unwrap();
    assert_eq!(status["server"]["not_modified"], 1);
}

#[test]
fn feedparser_takes_what_is_new() {
    if !has_tool("/usr/bin/python3", &["-c", "import feedparser"]) {
        return;
    }
    let site = site();
    let serving = Serving::start(&site);
    let read = |path: &str, tag: &str| {
        let script = "import feedparser, sys\nfeed = feedparser.parse(sys.argv[1], etag=sys.argv[2] or None)\n\
            assert not feed.bozo, feed.get('bozo_exception')\n\
            print(feed.status, feed.get('etag', ''), *[entry.title for entry in feed.entries], sep='\\n')\n";
        let mut python = Command::new("/usr/bin/python3");
        site.prepare(&mut python);
        let said = python.args(["-c", script, &format!("http://{}{path}", serving.address), tag]).output().unwrap();
        let said = String::from_utf8(said.stdout).unwrap();
        said.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    for (n, path) in PATHS.iter().take(2).enumerate() {
        let first = read(path, "");
        assert_eq!(first[0], "200");
        write(&site, 6, &format!("P6 {n}"));
        serving.running.settles(&site);
        let new = read(path, &first[1]);
        assert_eq!((new[0].as_str(), &new[2..]), ("226", &[format!("P6 {n}")][..]));
        assert_eq!(read(path, &new[1])[0], "304");
    }
}
