//! Requests for what is not there, and requests that make no sense.

use super::client::request;
use super::{POST, Response, Serving, site};
use crate::fixture::short;

/// A short page for people, in HTML that loads nothing.
#[track_caller]
fn is_page(response: &Response) {
    assert_eq!(response.field("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(response.field("content-security-policy"), Some("default-src 'none'"));
    assert!(response.body.starts_with(b"<!doctype html>") && response.body.len() < 1000, "{response:?}");
}

#[test]
fn unknown_feeds_are_404_and_removed_ones_410_also_after_a_restart() {
    let site = site();
    let mut serving = Serving::start(&site);
    is_page(&serving.get("/feeds/none/rss.xml").is(404));
    serving.get("/feeds/tech/rss.xml").is(200);
    site.write(POST, short("A", "money"));
    serving.running.settles(&site);
    is_page(&serving.get("/feeds/tech/rss.xml").is(410));
    serving.running.stop(rustix::process::Signal::TERM);
    let serving = Serving::start(&site);
    serving.get("/feeds/tech/rss.xml").is(410);
    serving.get("/feeds/none/rss.xml").is(404);
    site.write(POST, short("A", "tech"));
    serving.running.settles(&site);
    serving.get("/feeds/tech/rss.xml").is(200);
}

#[test]
fn an_old_path_leads_to_the_one_now() {
    let site = site().config("[aliases]\n\"old/feed.xml\" = \"tech/atom.xml\"\n\"none.xml\" = \"none/rss.xml\"");
    let serving = Serving::start(&site);
    for method in ["GET", "HEAD"] {
        let response = serving.asks(method, "/feeds/old/feed.xml", &[]).is(301);
        assert_eq!(response.field("location"), Some("https://example.com/feeds/tech/atom.xml"));
    }
    is_page(&serving.get("/feeds/old/feed.xml"));
    serving.get("/feeds/none.xml").is(404);
    serving.get("/feeds/tech/atom.xml").is(200);
}

#[test]
fn only_what_is_published_is_served() {
    let site = site();
    site.write("feeds/secret.xml", "<rss>mine</rss>");
    site.write("feeds/.hidden", "mine");
    let serving = Serving::start(&site);
    for path in [
        "/feeds/secret.xml",
        "/feeds/.hidden",
        "/feeds/.syndicated.json",
        "/feeds/tech",
        "/feeds/tech/",
        "/feeds//tech/rss.xml",
        "/feeds/tech/rss.xml/",
        "/feeds/TECH/rss.xml",
        "/tech/rss.xml",
        "/feeds/tech/rss.xml%20",
        "/feeds/%252e%252e/syndicated.toml",
    ] {
        serving.get(path).is(404);
    }
    // A link in place of a feed leads nowhere.
    std::fs::remove_file(site.path("feeds/money/rss.xml")).unwrap();
    std::os::unix::fs::symlink(site.path("syndicated.toml"), site.path("feeds/money/rss.xml")).unwrap();
    let response = serving.get("/feeds/money/rss.xml");
    assert!(!String::from_utf8_lossy(&response.body).contains("[source]"), "{response:?}");
}

#[test]
fn other_methods_are_405_and_say_what_is_allowed() {
    let site = site();
    let serving = Serving::start(&site);
    for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "get"] {
        let response = serving.asks(method, "/feeds/rss.xml", &["Content-Length: 0"]).is(405);
        assert_eq!(response.field("allow"), Some("GET, HEAD, OPTIONS"), "{method}");
        is_page(&response);
    }
    for path in ["/feeds/rss.xml", "*"] {
        let allowed = serving.asks("OPTIONS", path, &["Origin: https://reader.example"]).is(204);
        assert_eq!(allowed.field("allow"), Some("GET, HEAD, OPTIONS"));
        assert_eq!(allowed.field("access-control-allow-origin"), Some("*"));
        assert!(allowed.field("access-control-allow-headers").unwrap().contains("If-None-Match"));
    }
}

#[test]
fn a_body_is_not_waited_for_and_ends_the_connection() {
    let site = site();
    let serving = Serving::start(&site);
    for (fields, status) in [("Content-Length: 1000000000", 405), ("Transfer-Encoding: chunked", 405)] {
        let mut client = serving.connect();
        let response = client.asks("POST", "/feeds/rss.xml", &[fields]).is(status);
        assert_eq!(response.field("connection"), Some("close"), "{fields}");
        client.closed().unwrap();
    }
    let mut client = serving.connect();
    client.sends(request("GET", "/feeds/rss.xml", &["Content-Length: 5"]) + "GET /feeds/atom.xml HTTP/1.1\r\n");
    assert_eq!(client.hears(false).is(200).field("connection"), Some("close"));
    client.closed().unwrap();
}

#[test]
fn requests_that_make_no_sense_are_4xx_and_harm_nobody() {
    let site = site();
    let serving = Serving::start(&site);
    let get = |target: &str| format!("GET {target} HTTP/1.1\r\nHost: example.com\r\n\r\n");
    let host = |fields: &str| format!("GET /feeds/rss.xml HTTP/1.1\r\n{fields}\r\n");
    let long = |length: usize| "a".repeat(length);
    let cases: Vec<(String, u16)> = vec![
        (get("/feeds/../feeds/rss.xml"), 400),
        (get("/../../etc/passwd"), 400),
        (get("/feeds/%2e%2e/%2e%2e/etc/passwd"), 400),
        (get("/feeds/..%2f..%2fetc/passwd"), 400),
        (get("/feeds/tech%2Frss.xml"), 400),
        (get("/feeds/tech%5Crss.xml"), 400),
        (get("/feeds/rss.xml%00"), 400),
        (get("/feeds/rss.xml\0"), 400),
        (get("/feeds/%ff.xml"), 400),
        (get("/feeds/%zz"), 400),
        (get("/feeds/%"), 400),
        (get("feeds/rss.xml"), 400),
        (get("http://"), 400),
        (get("http:///feeds/rss.xml"), 400),
        (get("ftp://example.com/feeds/rss.xml"), 400),
        (get("http://user@example.com/feeds/rss.xml"), 400),
        ("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n".to_owned(), 400),
        (get(&format!("/feeds/{}", long(9_000))), 414),
        (get(&format!("/feeds/rss.xml?{}", long(40_000))), 414),
        (host(""), 400),
        (host("Host: a.example\r\nHost: b.example\r\n"), 400),
        (host("Host: \r\n"), 400),
        (host("Host: a/b\r\n"), 400),
        (host("Host: a.example:x\r\n"), 400),
        (host("Host: user@a.example\r\n"), 400),
        (host(&format!("Host: {}\r\n", long(300))), 400),
        (host(&format!("Host: a.example\r\nX: {}\r\n", long(20_000))), 431),
        (host(&format!("Host: a.example\r\nX: {}\r\n", long(100_000))), 431),
        (host(&format!("Host: a.example\r\n{}", "X: y\r\n".repeat(100))), 431),
        (host("Host: a.example\r\nContent-Length: 1\r\nContent-Length: 2\r\n"), 400),
        (host("Host: a.example\r\nContent-Length: -1\r\n"), 400),
        (host("Host : a.example\r\n"), 400),
        (host("Host: a.example\r\n folded\r\n"), 400),
        ("GET /feeds/rss.xml HTTP/3.0\r\n\r\n".to_owned(), 400),
        ("GET /feeds/rss.xml\r\n\r\n".to_owned(), 400),
        ("\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}".to_owned(), 400),
        ("nonsense\r\n\r\n".to_owned(), 400),
    ];
    for (bytes, status) in cases {
        let shown: String = bytes.chars().take(120).collect();
        let mut client = serving.connect();
        client.sends(&bytes);
        let response = client.try_hear(false).unwrap_or_else(|error| panic!("{shown:?}: {error}"));
        assert_eq!(response.status, status, "{shown:?}");
        assert_eq!(response.field("etag"), None, "{shown:?}");
    }
    // HTTP/2 without TLS is not spoken here.
    let mut client = serving.connect();
    client.sends("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    client.closed().unwrap();
    serving.get("/feeds/rss.xml").is(200);
}

#[test]
fn old_and_unusual_requests_that_do_make_sense() {
    let site = site();
    let serving = Serving::start(&site);
    // RFC 9112 §3.2.2: the absolute form is taken, and its host counts.
    serving.sends("GET http://example.com/feeds/rss.xml HTTP/1.1\r\nHost: other.example\r\n\r\n").is(200);
    serving.sends("GET /feeds/rss.xml HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n").is(200);
    serving.sends("\r\nGET /feeds/rss.xml HTTP/1.1\r\nhost:example.com\r\n\r\n").is(200);
    let mut client = serving.connect();
    client.sends("GET /feeds/rss.xml HTTP/1.0\r\n\r\n");
    client.hears(false).is(200);
    client.closed().unwrap();
    // Several at once, answered in order.
    let mut client = serving.connect();
    client.sends(
        request("GET", "/feeds/rss.xml", &[])
            + &request("HEAD", "/feeds/none", &[])
            + &request("GET", "/feeds/atom.xml", &[]),
    );
    assert!(client.hears(false).is(200).field("content-type").unwrap().starts_with("application/rss"));
    client.hears(true).is(404);
    assert!(client.hears(false).is(200).field("content-type").unwrap().starts_with("application/atom"));
}
