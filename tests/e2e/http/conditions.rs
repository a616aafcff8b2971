//! What a client has already is not sent again.

use super::{POST, Serving, site};
use crate::fixture::short;

const PATH: &str = "/feeds/tech/atom.xml";

#[test]
fn a_304_has_the_validators_of_its_200_for_each_coding() {
    let site = site();
    let serving = Serving::start(&site);
    let mut client = serving.connect();
    for coding in ["identity", "gzip", "br", "zstd"] {
        let accept = format!("Accept-Encoding: {coding}");
        let sent = client.asks("GET", PATH, &[&accept]).is(200);
        let (tag, date) = (sent.tag(), sent.field("last-modified").unwrap());
        for condition in [
            format!("If-None-Match: {tag}"),
            format!("If-None-Match: W/{tag}"),
            format!("If-None-Match: \"other\", {tag} , \"more\""),
            "If-None-Match: *".to_owned(),
            format!("If-Modified-Since: {date}"),
            format!("If-None-Match: {tag}\r\nIf-Modified-Since: Mon, 01 Jan 2001 00:00:00 GMT"),
        ] {
            for method in ["GET", "HEAD"] {
                let held = client.asks(method, PATH, &[&accept, &condition]).is(304);
                for field in ["etag", "last-modified", "vary", "cache-control", "access-control-allow-origin"] {
                    assert_eq!(held.field(field), sent.field(field), "{coding} {condition}");
                }
                assert!(held.field("date").is_some());
                for field in ["content-length", "content-type", "content-encoding", "link"] {
                    assert_eq!(held.field(field), None, "{condition}");
                }
            }
        }
        for condition in [
            "If-None-Match: \"other\"".to_owned(),
            format!("If-None-Match: \"other\"\r\nIf-Modified-Since: {date}"),
            "If-Modified-Since: Mon, 01 Jan 2001 00:00:00 GMT".to_owned(),
            "If-Modified-Since: yesterday".to_owned(),
        ] {
            client.asks("GET", PATH, &[&accept, &condition]).is(200);
        }
    }
}

#[test]
fn what_a_client_has_counts_in_every_coding_that_it_takes() {
    let site = site();
    let serving = Serving::start(&site);
    let gzip = serving.asks("GET", PATH, &["Accept-Encoding: gzip"]).is(200);
    let condition = format!("If-None-Match: {}", gzip.tag());
    let held = serving.asks("GET", PATH, &["Accept-Encoding: gzip, br", &condition]).is(304);
    assert_eq!(held.tag(), gzip.tag());
    // A cache that keeps the compressed one must not hand it to a client that cannot read it.
    serving.asks("GET", PATH, &[&condition]).is(200);
}

#[test]
fn a_304_never_touches_the_disk() {
    let site = site();
    let serving = Serving::start(&site);
    let tag = format!("If-None-Match: {}", serving.get("/feeds/money/rss.xml").is(200).tag());
    std::fs::rename(site.path("feeds"), site.path("elsewhere")).unwrap();
    serving.asks("GET", "/feeds/money/rss.xml", &[&tag]).is(304);
    std::fs::rename(site.path("elsewhere"), site.path("feeds")).unwrap();
}

#[test]
fn after_a_change_the_old_tag_is_worth_nothing() {
    let site = site();
    let serving = Serving::start(&site);
    let old = serving.get(PATH).is(200);
    let condition = format!("If-None-Match: {}", old.tag());
    site.write(POST, short("A again", "tech"));
    serving.running.settles(&site);
    let new = serving.asks("GET", PATH, &[&condition]).is(200);
    assert_ne!(new.tag(), old.tag());
    let since = format!("If-Modified-Since: {}", old.field("last-modified").unwrap());
    serving.asks("GET", PATH, &[&since]).is(200);
}

#[test]
fn a_restart_changes_no_tag_and_no_date() {
    let site = site();
    let mut serving = Serving::start(&site);
    let before = serving.get(PATH).is(200);
    serving.running.stop(rustix::process::Signal::TERM);
    let serving = Serving::start(&site);
    let after = serving.asks("GET", PATH, &[&format!("If-None-Match: {}", before.tag())]).is(304);
    assert_eq!(after.field("last-modified"), before.field("last-modified"));
}

#[test]
fn preconditions_that_fail_are_412() {
    let site = site();
    let serving = Serving::start(&site);
    let tag = serving.get(PATH).is(200).tag().to_owned();
    serving.asks("GET", PATH, &[&format!("If-Match: {tag}")]).is(200);
    serving.asks("GET", PATH, &["If-Match: \"other\""]).is(412);
    serving.asks("GET", PATH, &["If-Unmodified-Since: Mon, 01 Jan 2001 00:00:00 GMT"]).is(412);
}
