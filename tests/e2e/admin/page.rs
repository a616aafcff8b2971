//! The status page, and the same for programs.

use serde_json::Value;

use super::{FEED, Operated, POST, site};
use crate::fixture::short;
use crate::http::client::Client;

#[test]
fn it_shows_what_is_there_what_changed_and_what_is_wrong() {
    let site = site().post("2022-01-03-c.md", "---\ntitle: C\n");
    let operated = Operated::start(&site);
    site.write(POST, short("A again", "tech"));
    operated.running.settles(&site);
    operated.reads(FEED, &["User-Agent: Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers)"]).is(200);
    let page = operated.text("/");
    for text in [
        "Up to date",
        "<dt>Posts</dt><dd><strong>2</strong><span>1 left out</span>",
        "<dt>Feeds</dt><dd><strong>3</strong><span>2 publications</span>",
        "<span>1 error, 0 warnings</span>",
        "Left out: 1 broken.",
        "<td>all posts, category tech</td><td>_posts/2022-01-01-a.md</td>",
        "<code>_posts/2022-01-03-c.md:1</code>",
        "the front matter never ends",
        "end it with a line of three dashes",
        "<code>rss.xml</code>",
        "Feedly 16",
        &operated.public,
    ] {
        assert!(page.contains(text), "{text} is not in {page}");
    }
    site.write("feeds/other/rss.xml", "mine");
    site.write("site/_posts/2022-01-05-e.md", short("E", "other"));
    operated.running.logs("feeds/other/rss.xml");
    operated.running.until("it is shown that it fails", || operated.text("/").contains("Cannot be published"));
}

#[test]
fn nothing_that_anybody_wrote_becomes_markup() {
    let bad = "<img src=x onerror=alert(1)>";
    let site = site()
        .post(&format!("2022-01-03-{}.md", "<img src=x onerror=alert(1)>\""), "---\ntitle: C\n")
        .post("2022-01-04-d.md", short("D", &format!("\"{bad}\"")))
        .post("2022-01-05-e.md", format!("---\ntitle: \"E\" {bad}\ndate: {bad}\n---\n"));
    let operated = Operated::start(&site);
    operated.reads(FEED, &["User-Agent: <img>&\"' (16 subscribers)"]).is(200);
    let response = operated.get("/").is(200);
    let page = String::from_utf8(response.body.clone()).unwrap();
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;"), "{page}");
    assert!(page.contains("&lt;img&gt;&amp;"), "{page}");
    assert!(!page.contains("<img") && !page.contains("<script"), "{page}");
    let policy = response.field("content-security-policy").unwrap();
    assert_eq!(
        policy,
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    assert!(!page.contains("style=") && !page.contains("<style"), "its policy would not let it");
    for (name, value) in [("x-content-type-options", "nosniff"), ("cache-control", "no-store")] {
        assert_eq!(response.field(name), Some(value));
    }
    let sheet = operated.get("/style.css").is(200);
    assert_eq!(sheet.field("content-type"), Some("text/css; charset=utf-8"));
}

#[test]
fn it_looks_again_by_itself_only_when_asked_to() {
    let site = site();
    let operated = Operated::start(&site);
    assert!(!operated.text("/").contains("http-equiv"));
    assert!(operated.text("/?refresh=15").contains("<meta http-equiv=\"refresh\" content=\"15\">"));
    for query in ["refresh=0", "refresh=1", "refresh=15;url=x", "x"] {
        assert!(!operated.text(&format!("/?{query}")).contains("http-equiv"), "{query}");
    }
}

#[test]
fn programs_get_what_the_command_prints() {
    let site = site().post("2022-01-03-c.md", "---\ntitle: C\n");
    let operated = Operated::start(&site);
    let response = operated.get("/status.json").is(200);
    assert_eq!(response.field("content-type"), Some("application/json"));
    let by_http: Value = serde_json::from_slice(&response.body).unwrap();
    let by_command: Value = serde_json::from_str(&site.run_cmd(["status", "--json"]).stdout).unwrap();
    let steady = |mut status: Value| {
        for passing in ["uptime", "memory", "working"] {
            status.as_object_mut().unwrap().remove(passing).unwrap();
        }
        // Compressed in idle time.
        status["server"]["cached"] = 0.into();
        status
    };
    assert_eq!(steady(by_http.clone()), steady(by_command));
    assert_eq!(by_http["recent"][0], by_http["last"]);
    assert_eq!(by_http["posts"]["reasons"]["broken"], 1);
}

#[test]
fn there_is_nothing_but_to_read() {
    let site = site();
    let operated = Operated::start(&site);
    let mut client = Client::tcp(&operated.admin);
    for path in ["/", "/metrics", "/healthz", "/readyz", "/status.json", "/style.css"] {
        let length = client.asks("HEAD", path, &[]).is(200).field("content-length").map(str::to_owned);
        assert_ne!(length.as_deref(), Some("0"), "{path}");
    }
    assert_eq!(client.asks("POST", "/", &[]).is(405).field("allow"), Some("GET, HEAD"));
    for path in ["/feeds/rss.xml", "/metrics/", "/../etc/passwd", "//"] {
        client.get(path).is(404);
    }
    // And nothing of it is for readers.
    for path in ["/metrics", "/healthz", "/readyz", "/status.json", "/style.css"] {
        operated.reads(path, &[]).is(404);
    }
}
