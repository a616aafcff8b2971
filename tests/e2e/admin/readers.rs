//! Who reads which feed: clients, subscribers, crawlers; over restarts, and without anybody's address.

use std::os::unix::fs::PermissionsExt as _;

use rustix::process::Signal;
use serde_json::Value;

use super::{FEED, Metrics, Operated, site};
use crate::fixture::Site;
use crate::http::client::Client;

const STATE: &str = ".syndicated/feeds/readers.json";
const FEEDLY: &str = "User-Agent: Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers)";

fn watched() -> Site {
    site().config("[server]\nmetrics_per_feed = 10")
}

/// Asks for the feed from each of so many addresses, as one proxy passes them on.
fn asked_by(operated: &Operated, many: usize) {
    let mut proxy = Client::tcp(&operated.public);
    for n in 0..many {
        let client = format!("X-Forwarded-For: 203.0.113.9, 198.51.{}.{}", n / 200, n % 200);
        proxy.asks("GET", FEED, &[&client, "User-Agent: newsboat/2.32"]).is(200);
    }
}

#[track_caller]
fn clients(metrics: &Metrics) -> f64 {
    metrics.get("syndicated_feed_clients{feed=\"rss.xml\"}")
}

#[test]
fn clients_are_counted_once_crawlers_and_aggregators_apart() {
    let site = watched();
    let operated = Operated::start(&site);
    asked_by(&operated, 100);
    asked_by(&operated, 100);
    let before = clients(&operated.metrics());
    assert!((80.0..=120.0).contains(&before), "{before}");
    for n in 0..50 {
        let from = format!("X-Forwarded-For: 198.51.100.{n}");
        operated.reads(FEED, &[&from, "User-Agent: Mozilla/5.0 (compatible; Googlebot/2.1)"]).is(200);
        operated.reads(FEED, &[&from, &FEEDLY.replace("16", &n.to_string())]).is(200);
    }
    operated.reads(FEED, &["User-Agent: Feedbin feed-id:12 - 5 subscribers"]).is(200);
    operated.reads(FEED, &["User-Agent: Feedbin feed-id:13 - 2 subscribers"]).is(200);
    let metrics = operated.metrics();
    assert_eq!(clients(&metrics), before);
    // What Feedly has said last counts.
    metrics.has("syndicated_feed_subscribers{feed=\"rss.xml\"}", 49.0 + 5.0 + 2.0);
    metrics.has("syndicated_http_feed_requests_total{client=\"crawler\"}", 50.0);
    metrics.has("syndicated_http_feed_requests_total{client=\"aggregator\"}", 52.0);
    metrics.has("syndicated_http_feed_requests_total{client=\"reader\"}", 200.0);
    assert!(operated.text("/").contains("Feedly 49, Feedbin 5, Feedbin 2"));
}

#[test]
fn who_is_no_proxy_is_one_client_whatever_it_says() {
    let site = watched().config("trusted_proxies = []");
    let operated = Operated::start(&site);
    asked_by(&operated, 100);
    assert_eq!(clients(&operated.metrics()), 1.0);
}

#[test]
fn counts_survive_a_restart_and_no_address_is_kept() {
    let site = watched();
    let mut operated = Operated::start(&site);
    asked_by(&operated, 30);
    operated.reads(FEED, &[FEEDLY]).is(200);
    let tag = operated.reads(FEED, &[]).is(200).tag().to_owned();
    operated.reads(FEED, &[&format!("If-None-Match: {tag}")]).is(304);
    let before = clients(&operated.metrics());
    assert_eq!(operated.running.stop(Signal::TERM), Some(0));
    let kept = site.text(STATE);
    assert!(!kept.contains("198.51") && !kept.contains("203.0") && !kept.contains("newsboat"), "{kept}");
    assert_eq!(std::fs::metadata(site.path(STATE)).unwrap().permissions().mode() & 0o777, 0o600);
    let mut operated = Operated::start(&site);
    // The same clients are the same on the same day.
    asked_by(&operated, 30);
    let metrics = operated.metrics();
    assert_eq!(clients(&metrics), before);
    metrics.has("syndicated_feed_subscribers{feed=\"rss.xml\"}", 16.0);
    // Counters begin anew, as Prometheus expects it; what was served in all is on the page.
    metrics.has("syndicated_feed_requests_total{feed=\"rss.xml\"}", 30.0);
    metrics.has("syndicated_http_requests_total{code=\"200\",kind=\"rss\"}", 30.0);
    assert!(operated.text("/").contains("<dt>Requests</dt><dd><strong>63</strong>"));
    operated.running.stop(Signal::TERM);
    // The catalog and everything else may go.
    std::fs::remove_file(site.path(".syndicated/feeds/catalog.sqlite")).unwrap();
    let operated = Operated::start(&site);
    assert!(operated.text("/").contains("<dt>Requests</dt><dd><strong>63</strong>"));
}

#[test]
fn what_cannot_be_read_is_begun_anew_with_a_word() {
    let site = watched();
    site.write(STATE, "{\"version\":1,");
    let mut operated = Operated::start(&site);
    assert!(operated.running.logs("who reads the feeds is counted anew").contains("readers.json"));
    operated.reads(FEED, &[]).is(200);
    assert_eq!(operated.running.stop(Signal::TERM), Some(0));
    let operated = Operated::start(&site);
    assert!(!operated.running.log().contains("counted anew"));
    assert!(operated.text("/").contains("<dt>Requests</dt><dd><strong>1</strong>"));
}

#[test]
fn the_day_before_is_a_number_and_its_key_is_gone() {
    let site = watched();
    let mut operated = Operated::start(&site);
    asked_by(&operated, 30);
    let count = clients(&operated.metrics());
    operated.running.stop(Signal::TERM);
    let mut kept: Value = serde_json::from_str(&site.text(STATE)).unwrap();
    let (day, key) = (kept["day"].as_i64().unwrap(), kept["key"].as_str().unwrap().to_owned());
    kept["day"] = (day - 1).into();
    site.write(STATE, kept.to_string());
    let mut operated = Operated::start(&site);
    assert_eq!(clients(&operated.metrics()), 0.0);
    assert!(operated.text("/").contains(&format!("<td class=\"number\">0</td><td class=\"number\">{count}</td>")));
    operated.running.stop(Signal::TERM);
    assert!(!site.text(STATE).contains(&key));
}
