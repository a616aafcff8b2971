//! `serve`: the feeds of a folder that others build.

use rustix::process::Signal;
use serde_json::Value;

use super::{POST, Serving, site};
use crate::fixture::short;

#[test]
fn it_follows_what_others_build() {
    let site = site();
    let serving = Serving::built(&site);
    serving.get("/feeds/tech/rss.xml").is(404);
    site.build();
    serving.running.until("the first build is served", || serving.get("/feeds/tech/rss.xml").status == 200);
    site.write(POST, short("A again", "tech"));
    site.build();
    let published = std::fs::read(site.path("feeds/tech/rss.xml")).unwrap();
    serving.running.until("the second one too", || serving.get("/feeds/tech/rss.xml").is(200).body == published);
    site.write(POST, short("A", "money"));
    site.build();
    serving.running.until("what is gone is gone", || serving.get("/feeds/tech/rss.xml").status == 410);
    serving.get("/feeds/money/rss.xml").is(200);
}

#[test]
fn what_was_removed_while_nothing_ran_is_gone() {
    let site = site();
    site.build();
    let mut serving = Serving::built(&site);
    assert_eq!(serving.running.stop(Signal::TERM), Some(0));
    site.write(POST, short("A", "money"));
    site.build();
    let serving = Serving::built(&site);
    serving.get("/feeds/tech/rss.xml").is(410);
}

#[test]
fn it_does_not_hinder_a_build_and_writes_nothing_into_the_output() {
    let site = site();
    site.build();
    let before = site.stamps();
    let serving = Serving::built(&site);
    serving.asks("GET", "/feeds/rss.xml", &["Accept-Encoding: br"]).is(200);
    assert_eq!(site.build().files().0, 0);
    assert_eq!(site.stamps(), before);
}

#[test]
fn status_says_where_and_how_much_is_served() {
    let site = site();
    let serving = Serving::start(&site);
    let tag = serving.get("/feeds/rss.xml").is(200).tag().to_owned();
    serving.asks("GET", "/feeds/rss.xml", &[&format!("If-None-Match: {tag}")]).is(304);
    serving.get("/feeds/none").is(404);
    let mut client = serving.connect();
    client.get("/feeds/atom.xml").is(200);
    let status: Value = serde_json::from_str(&site.run_cmd(["status", "--json"]).exits(0).stdout).unwrap();
    let server = &status["server"];
    assert_eq!(server["listening"][0], serving.address.as_str());
    assert_eq!((&server["requests"], &server["not_modified"], &server["errors"]), (&4.into(), &1.into(), &1.into()));
    assert_eq!(server["files"], 14);
    assert!(server["bytes"].as_u64().unwrap() > 1000 && server["cached"].as_u64().unwrap() > 1000, "{server}");
    site.run_cmd(["status"]).exits(0).says(&format!("http      {}: 4 requests", serving.address));
}

#[test]
fn without_a_listener_there_is_no_server() {
    let site = site();
    let running = site.start();
    let status: Value = serde_json::from_str(&site.run_cmd(["status", "--json"]).exits(0).stdout).unwrap();
    assert_eq!(status["server"], Value::Null);
    assert!(!running.log().contains("listening"));
}

#[test]
fn the_page_of_a_year_goes_with_its_last_post() {
    let site = site().config("[output]\narchive = true").post("2019-01-01-old.md", short("Old", "tech"));
    let serving = Serving::start(&site);
    serving.running.logs(" ready");
    let of_the_year = "/feeds/tech/_archive/2019/rss.xml";
    serving.get(of_the_year).is(200);
    site.remove("site/_posts/2019-01-01-old.md");
    serving.running.until("it is gone", || serving.get(of_the_year).status == 410);
    let feed = serving.get("/feeds/tech/rss.xml").is(200);
    assert!(!String::from_utf8_lossy(&feed.body).contains("2019"));
}
