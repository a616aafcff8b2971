//! Behind a reverse proxy: whose word counts about what the client asked for.

use super::{Serving, site};

const PATH: &str = "/feeds/rss.xml";
const HERE: &str = "https://example.com/feeds/rss.xml";

fn asks(serving: &Serving, host: &str, fields: &str) -> (u16, Option<String>) {
    let response = serving.sends(format!("GET {PATH}?a=b HTTP/1.1\r\nHost: {host}\r\n{fields}\r\n"));
    (response.status, response.field("location").map(str::to_owned))
}

#[test]
fn another_host_or_scheme_is_sent_to_the_one_of_the_feed() {
    let site = site().config("[server]\ncanonical = true");
    let serving = Serving::start(&site);
    let there = (301, Some(HERE.to_owned()));
    for (host, fields, expected) in [
        ("example.com", "", (200, None)),
        ("EXAMPLE.com:443", "", (200, None)),
        ("www.example.com", "", there.clone()),
        ("example.com", "X-Forwarded-Proto: http\r\n", there.clone()),
        ("example.com", "X-Forwarded-Proto: https\r\n", (200, None)),
        ("127.0.0.1:8080", "X-Forwarded-Host: example.com\r\nX-Forwarded-Proto: https\r\n", (200, None)),
        ("127.0.0.1:8080", "Forwarded: for=192.0.2.1;host=example.com;proto=https\r\n", (200, None)),
        // The proxy's own word is the last.
        ("127.0.0.1", "Forwarded: host=example.com, host=www.example.com\r\n", there.clone()),
        ("127.0.0.1", "X-Forwarded-Host: www.example.com, example.com\r\n", (200, None)),
    ] {
        assert_eq!(asks(&serving, host, fields), expected, "{host} {fields}");
    }
    // Nothing that is not a feed is sent anywhere.
    let response = serving.sends("GET //evil.example/ HTTP/1.1\r\nHost: www.example.com\r\n\r\n").is(404);
    assert_eq!(response.field("location"), None);
}

#[test]
fn who_is_no_proxy_is_not_believed() {
    let site = site().config("[server]\ncanonical = true\ntrusted_proxies = [\"192.0.2.0/24\"]");
    let serving = Serving::start(&site);
    assert_eq!(asks(&serving, "example.com", "X-Forwarded-Host: www.example.com\r\n").0, 200);
    assert_eq!(asks(&serving, "example.com", "Forwarded: host=www.example.com;proto=http\r\n").0, 200);
    assert_eq!(asks(&serving, "www.example.com", "X-Forwarded-Host: example.com\r\n").0, 301);
}

#[test]
fn otherwise_every_host_is_served() {
    let site = site();
    let serving = Serving::start(&site);
    assert_eq!(asks(&serving, "localhost:8080", "X-Forwarded-Proto: http\r\n").0, 200);
}
