//! The whole way: a post is saved, and a subscriber has the signed feed, which another program's reader reads.

use std::process::Command;

use super::subscriber::{Confirms, Subscriber};
use super::{RSS, form, request, site, with_hub};
use crate::corpus::PYTHON;
use crate::fixture::{Ran, Site, has_tool, short};
use crate::http::{Client, Serving};

const READ: &str = "
import feedparser, hashlib, hmac, sys
body = open(sys.argv[1], 'rb').read()
name, _, digits = sys.argv[2].partition('=')
assert hmac.compare_digest(hmac.new(b'hush', body, getattr(hashlib, name)).hexdigest(), digits)
feed = feedparser.parse(body)
assert not feed.bozo, feed.bozo_exception
print(feed.entries[0].title, [link.href for link in feed.feed.links if link.rel == 'hub'])
";

fn subscribes(site: &Site, serving: &Serving, more: &[(&str, &str)]) -> Subscriber {
    let subscriber = Subscriber::new(Confirms::Topic(RSS.to_owned()));
    let before = hub(site)["confirmed"].as_u64().unwrap();
    let body = form(&[&request("subscribe", RSS, &subscriber.callback())[..], more].concat());
    let head = "POST /feeds/_hub HTTP/1.1\r\nHost: example.com\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    serving.sends(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())).is(202);
    serving.running.until("it is confirmed", || hub(site)["confirmed"].as_u64().unwrap() > before);
    subscriber
}

fn hub(site: &Site) -> serde_json::Value {
    let status = site.run_cmd(["status", "--json"]).exits(0);
    let status: serde_json::Value = serde_json::from_str(&status.stdout).unwrap();
    status["websub"]["hub"].clone()
}

fn serving(site: &Site, arguments: &[&str]) -> Serving {
    let serving = Serving::of(site.start_with(&[&["--listen", "127.0.0.1:0"], arguments].concat()));
    serving.running.logs("a hub for these feeds");
    serving
}

#[test]
fn a_post_is_saved_and_a_subscriber_has_the_signed_feed() {
    let site = site().config("[websub]\nallow_private_callbacks = true");
    let serving = serving(&site, &["--hub"]);
    let subscriber = subscribes(&site, &serving, &[("hub.secret", "hush")]);
    site.write("site/_posts/2022-03-01-n.md", short("Just saved", "tech"));
    let got = subscriber.gets(1);
    if !has_tool(PYTHON, &["-c", "import feedparser"]) {
        return;
    }
    site.write("got.xml", &got.body);
    let mut python = Command::new(PYTHON);
    python.args(["-c", READ]).arg(site.path("got.xml")).arg(got.field("x-hub-signature").unwrap());
    Ran::from(python.output().unwrap()).exits(0).says("Just saved ['https://example.com/feeds/_hub']");
}

#[test]
fn what_it_does_is_told_by_status_metrics_and_the_page() {
    let site = with_hub(site(), "[server]\nmetrics_per_feed = 5");
    let serving = serving(&site, &["--admin", "127.0.0.1:0"]);
    let subscriber = subscribes(&site, &serving, &[]);
    site.write("site/_posts/2022-03-01-n.md", short("N", "tech"));
    subscriber.gets(1);
    serving.running.until("it is delivered", || hub(&site)["delivered"] == 1);
    let numbers = hub(&site);
    assert_eq!(numbers["topics"], serde_json::json!([{ "path": "rss.xml", "subscribers": 1 }]));
    assert_eq!((&numbers["requests"], &numbers["failed"]), (&1.into(), &0.into()));
    let text = site.run_cmd(["status"]).exits(0).stdout;
    assert!(text.contains("_hub: 1 subscribers to 1 feeds, 0 to confirm; 1 delivered"), "{text}");
    assert!(text.contains("rss.xml: 1 subscribers"), "{text}");

    let admin = serving.running.logs("open for operators");
    let admin = admin.split_once("address=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let get = |path: &str| String::from_utf8(Client::tcp(&admin).get(path).body).unwrap();
    let metrics = get("/metrics");
    for line in [
        "syndicated_websub_subscriptions 1",
        "syndicated_websub_subscribe_requests_total{outcome=\"confirmed\"} 1",
        "syndicated_websub_deliveries_total{outcome=\"delivered\"} 1",
        "syndicated_websub_deliveries_waiting 0",
        "syndicated_feed_websub_subscriptions{feed=\"rss.xml\"} 1",
    ] {
        assert!(metrics.lines().any(|told| told == line), "{line}: {metrics}");
    }
    let page = get("/");
    for part in ["<dt>Subscriptions</dt>", "<dt>Delivered</dt>", "<code>rss.xml</code></th><td class=\"number\">1</td>"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn a_reload_keeps_subscribers_and_one_that_ends_the_hub_ends_it() {
    let site = with_hub(site(), "");
    let serving = serving(&site, &[]);
    let subscriber = subscribes(&site, &serving, &[]);
    let settings = site.text("syndicated.toml");
    site.write("syndicated.toml", settings.replace("hub = true", "hub = true\nlease = \"3 days\""));
    serving.running.logs("the new configuration holds");
    site.write("site/_posts/2022-03-01-n.md", short("N", "tech"));
    subscriber.gets(1);
    let second = subscribes(&site, &serving, &[]);
    assert_eq!(second.asked(1).query("hub.lease_seconds").unwrap(), "259200");
    site.write("syndicated.toml", settings.replace("hub = true", "hub = false"));
    serving
        .running
        .until("there is no hub", || serving.asks("POST", "/feeds/_hub", &["Content-Length: 0"]).status == 405);
    serving.running.until("feeds announce none", || !site.text("feeds/rss.xml").contains("rel=\"hub\""));
    site.write("syndicated.toml", settings);
    serving
        .running
        .until("there is one again", || serving.asks("POST", "/feeds/_hub", &["Content-Length: 0"]).status == 415);
    assert_eq!(hub(&site)["subscribers"], 2);
}
