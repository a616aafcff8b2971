//! Pages for people over HTTP.

use super::{POST, Serving, decoded, site};
use crate::fixture::short;

#[test]
fn the_way_to_the_pages_is_where_people_look() {
    let site = site();
    let serving = Serving::start(&site);
    for above in ["/", "/feeds", "/?x=y"] {
        assert_eq!(serving.get(above).is(302).field("location"), Some("/feeds/"), "{above}");
    }
    let index = serving.get("/feeds/").is(200);
    assert_eq!(index.body, std::fs::read(site.path("feeds/index.html")).unwrap());
    assert_eq!(serving.get("/feeds/index.html").is(200).tag(), index.tag());
    let page = serving.get("/feeds/%E7%A7%91%E6%8A%80/feed.html").is(200);
    assert_eq!(page.body, std::fs::read(site.path("feeds/科技/feed.html")).unwrap());
    serving.get("/feeds/tech/").is(404);
}

#[test]
fn a_page_is_sent_with_the_policy_that_it_states() {
    let site = site();
    let serving = Serving::start(&site);
    for path in ["/feeds/", "/feeds/feed.html", "/feeds/tech/feed.html"] {
        let response = serving.get(path).is(200);
        assert_eq!(response.field("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(response.field("link"), None);
        let page = String::from_utf8(response.body.clone()).unwrap();
        let (_, stated) = page.split_once("http-equiv=\"Content-Security-Policy\" content=\"").unwrap();
        let policy = format!("{}; frame-ancestors 'none'", stated.split_once('"').unwrap().0);
        assert_eq!(response.field("content-security-policy"), Some(policy.as_str()));
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
    }
    assert_eq!(serving.get("/feeds/rss.xml").is(200).field("content-security-policy"), None);
}

#[test]
fn pages_are_kept_current_and_cached_like_feeds() {
    let site = site();
    let serving = Serving::start(&site);
    let first = serving.asks("GET", "/feeds/", &["Accept-Encoding: gzip"]).is(200);
    assert!(decoded(&first) == std::fs::read(site.path("feeds/index.html")).unwrap());
    serving.asks("GET", "/feeds/", &[&format!("If-None-Match: {}", first.tag()), "Accept-Encoding: gzip"]).is(304);
    let tech = serving.get("/feeds/tech/feed.html").is(200);
    site.write("site/_posts/2022-03-04-c.md", short("Something new", "money"));
    serving.running.settles(&site);
    let index = serving.asks("GET", "/feeds/", &[&format!("If-None-Match: {}", first.tag())]).is(200);
    assert!(String::from_utf8(index.body).unwrap().contains("<time>2022-03-04</time>"));
    let money = serving.get("/feeds/money/feed.html").is(200);
    assert!(String::from_utf8(money.body).unwrap().contains("Something new"));
    assert_eq!(serving.get("/feeds/tech/feed.html").is(200).tag(), tech.tag());
    site.write(POST, short("A", "money"));
    serving.running.settles(&site);
    serving.get("/feeds/tech/feed.html").is(410);
}

#[test]
fn feeds_at_the_root_have_their_pages_there() {
    let site = site().config("[output]\nfeeds_url = \"https://feeds.example.com/\"");
    let serving = Serving::start(&site);
    assert_eq!(serving.get("/").is(200).body, std::fs::read(site.path("feeds/index.html")).unwrap());
    // Among the pages of the site, its home page stays.
    let site = super::site().config("[output]\nfeeds_url = \"/\"");
    let serving = Serving::start(&site);
    assert_eq!(serving.get("/").is(200).body, std::fs::read(site.path("feeds/feeds.html")).unwrap());
    assert!(!site.exists("feeds/index.html"));
}

#[test]
fn without_pages_there_is_nothing_for_people() {
    let site = site().config("[output]\nhtml = false");
    let serving = Serving::start(&site);
    for path in ["/", "/feeds", "/feeds/", "/feeds/index.html", "/feeds/tech/feed.html"] {
        serving.get(path).is(404);
    }
}

#[test]
fn a_reload_brings_pages_and_takes_them_away() {
    let site = site();
    let serving = Serving::start(&site);
    let before = site.text("syndicated.toml");
    site.write("syndicated.toml", format!("{before}[output]\nhtml = false\n"));
    serving.running.until("the pages are gone", || serving.get("/feeds/tech/feed.html").status == 410);
    serving.get("/feeds/").is(404);
    serving.get("/feeds/tech/rss.xml").is(200);
    site.write("syndicated.toml", before);
    serving.running.until("they are back", || serving.get("/feeds/").status == 200);
    serving.running.settles(&site);
    serving.get("/feeds/tech/feed.html").is(200);
}
