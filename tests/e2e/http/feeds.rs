//! What a feed is served as.

use sha2::{Digest as _, Sha256};

use super::client::seconds;
use super::{POST, Serving, decoded, large, site};
use crate::fixture::{Site, short};

/// `Accept-Encoding`, and the coding that comes of it.
const CODINGS: [(&str, Option<&str>); 7] = [
    ("identity", None),
    ("gzip", Some("gzip")),
    ("br", Some("br")),
    ("zstd", Some("zstd")),
    ("gzip, deflate, br, zstd", Some("br")),
    ("br;q=0.5, gzip;q=0.9, identity;q=0.1", Some("gzip")),
    ("deflate", None),
];

#[test]
fn a_feed_is_what_is_published_with_its_type_and_its_addresses() {
    let site = site().config("[websub]\nhubs = [\"https://hub.example/\"]");
    let serving = Serving::start(&site);
    for (path, file, media_type) in [
        ("/feeds/rss.xml", "feeds/rss.xml", "application/rss+xml"),
        ("/feeds/tech/atom.xml", "feeds/tech/atom.xml", "application/atom+xml"),
        ("/feeds/%E7%A7%91%E6%8A%80/rss.xml", "feeds/科技/rss.xml", "application/rss+xml"),
        ("/feeds/%e7%a7%91%e6%8a%80/rss.xml", "feeds/科技/rss.xml", "application/rss+xml"),
        ("/feeds/%74ech/atom.xml?utm_source=x", "feeds/tech/atom.xml", "application/atom+xml"),
        ("/feeds/feeds.opml", "feeds/feeds.opml", "text/x-opml"),
    ] {
        let response = serving.get(path).is(200);
        assert_eq!(response.body, std::fs::read(site.path(file)).unwrap(), "{path}");
        assert_eq!(response.field("content-type"), Some(format!("{media_type}; charset=utf-8").as_str()));
        assert_eq!(response.field("access-control-allow-origin"), Some("*"));
        assert_eq!(response.field("access-control-expose-headers"), Some("ETag, IM, Link"));
        assert_eq!(response.field("x-content-type-options"), Some("nosniff"));
        let name = file.strip_prefix("feeds/").unwrap().replace("科技", "%E7%A7%91%E6%8A%80");
        let links = format!("<https://example.com/feeds/{name}>; rel=\"self\", <https://hub.example/>; rel=\"hub\"");
        assert_eq!(response.field("link"), Some(links.as_str()));
    }
}

#[test]
fn each_coding_is_the_same_feed_with_a_tag_of_its_own() {
    let site = site();
    let serving = Serving::start(&site);
    let published = std::fs::read(site.path("feeds/atom.xml")).unwrap();
    let mut tags = Vec::new();
    for (accepted, coding) in CODINGS {
        let field = format!("Accept-Encoding: {accepted}");
        let response = serving.asks("GET", "/feeds/atom.xml", &[&field]).is(200);
        assert_eq!(response.field("content-encoding"), coding, "{accepted}");
        assert_eq!(response.field("vary"), Some("A-IM, Accept-Encoding"));
        assert!(decoded(&response) == published, "{accepted}");
        let digest: String = Sha256::digest(&published).iter().map(|byte| format!("{byte:02x}")).collect();
        let suffix = coding.map(|coding| format!("-{coding}")).unwrap_or_default();
        assert_eq!(response.tag(), format!("\"{}{suffix}\"", &digest[..32]));
        tags.push((coding, response.tag().to_owned(), response.body));
    }
    assert!(tags.iter().all(|(coding, tag, body)| {
        tags.iter().all(|(other, own, its)| (coding == other) == (tag == own) && (coding == other) == (body == its))
    }));
    serving.asks("GET", "/feeds/atom.xml", &["Accept-Encoding: identity;q=0"]).is(406);
}

#[test]
fn head_says_the_same_without_the_body() {
    let site = site();
    let serving = Serving::start(&site);
    let mut client = serving.connect();
    for (accepted, _) in CODINGS {
        let field = format!("Accept-Encoding: {accepted}");
        let get = client.asks("GET", "/feeds/rss.xml", &[&field]).is(200);
        let head = client.asks("HEAD", "/feeds/rss.xml", &[&field]).is(200);
        let but_date = |fields: &[(String, String)]| -> Vec<_> {
            fields.iter().filter(|(name, _)| name != "date").cloned().collect()
        };
        assert_eq!(but_date(&head.fields), but_date(&get.fields));
        assert_eq!(get.field("content-length"), Some(get.body.len().to_string().as_str()));
    }
    client.asks("HEAD", "/feeds/none.xml", &[]).is(404);
    // Nothing of a body was left on the connection.
    client.get("/feeds/rss.xml").is(200);
}

#[test]
fn a_feed_that_is_asked_for_often_becomes_smaller() {
    let site = large(60_000);
    let serving = Serving::start(&site);
    let published = std::fs::read(site.path("feeds/atom.xml")).unwrap();
    let field = "Accept-Encoding: br";
    let first = serving.asks("GET", "/feeds/atom.xml", &[field]).is(200);
    let mut client = serving.connect();
    serving.running.until("a smaller one is sent", || {
        let again = client.asks("GET", "/feeds/atom.xml", &[field]).is(200);
        assert!(decoded(&again) == published);
        let is_other = again.tag().ends_with("-br11\"");
        assert!(if is_other { again.body.len() < first.body.len() } else { again.tag() == first.tag() });
        is_other
    });
    // Whoever has the larger one still has the feed.
    let held = client.asks("GET", "/feeds/atom.xml", &[field, &format!("If-None-Match: {}", first.tag())]).is(304);
    assert_eq!(held.tag(), first.tag());
}

#[test]
fn its_date_is_the_file_s_and_moves_on_with_each_change() {
    let site = site();
    let serving = Serving::start(&site);
    let mut client = serving.connect();
    let mut last = client.get("/feeds/tech/atom.xml").is(200);
    for n in 0..5 {
        site.write(POST, short(&format!("A {n}"), "tech"));
        serving.running.settles(&site);
        let next = client.get("/feeds/tech/atom.xml").is(200);
        assert!(next.modified() > last.modified() && next.tag() != last.tag());
        assert!(next.modified() <= seconds(next.field("date").unwrap()), "{next:?}");
        let file = std::fs::metadata(site.path("feeds/tech/atom.xml")).unwrap();
        assert_eq!(next.modified(), std::os::unix::fs::MetadataExt::mtime(&file));
        last = next;
    }
    // Published again with the same bytes, it is as it was.
    site.write("site/_posts/2022-01-02-b.md", short("B again", "money"));
    serving.running.settles(&site);
    let same = client.get("/feeds/tech/atom.xml").is(200);
    assert_eq!((same.modified(), same.tag()), (last.modified(), last.tag()));
}

#[test]
fn it_is_fresh_for_a_tenth_of_its_age() {
    let site = site();
    site.build();
    let now = std::time::SystemTime::now();
    for (path, age) in [("feeds/rss.xml", 10 * 86_400), ("feeds/atom.xml", 3_700)] {
        let file = std::fs::File::options().write(true).open(site.path(path)).unwrap();
        file.set_modified(now - std::time::Duration::from_secs(age)).unwrap();
    }
    let serving = Serving::built(&site);
    for (path, value) in
        [("/feeds/rss.xml", "max-age=3600"), ("/feeds/atom.xml", "max-age=300"), ("/feeds/tech/rss.xml", "max-age=60")]
    {
        assert_eq!(serving.get(path).is(200).field("cache-control"), Some(value), "{path}");
    }
}

#[test]
fn a_site_with_its_feeds_at_its_root() {
    let site = Site::jekyll()
        .post("2022-01-01-a.md", short("A", "tech"))
        .config("[output]\nfeeds_url = \"https://example.com/\"");
    let serving = Serving::start(&site);
    serving.get("/tech/rss.xml").is(200);
    serving.get("/feeds/tech/rss.xml").is(404);
}
