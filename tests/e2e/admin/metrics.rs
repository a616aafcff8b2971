//! `/metrics`: what is counted, and by which rules it is told.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use syndicated::service::admin::table::METRICS;

use super::{FEED, Operated, POST, site};
use crate::fixture::{Ran, has_tool, short};

/// A service of which everything is told that there is to tell.
fn all_told() -> (crate::fixture::Site, Operated) {
    let push = "[websub]\nhub = true\nhubs = [\"https://hub.invalid/\"]";
    let site = site().config(&format!("[server]\nmetrics_per_feed = 2\n{push}"));
    let operated = Operated::start(&site);
    operated.reads(FEED, &["User-Agent: Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers)"]).is(200);
    (site, operated)
}

#[test]
fn what_is_told_is_what_the_table_has() {
    let (_site, operated) = all_told();
    let text = operated.text("/metrics");
    let told: BTreeSet<String> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")).map(str::to_owned).collect();
    let kind = |kind| format!("{kind:?}").to_lowercase();
    // Nobody subscribes here: `websub::live` has that of subscribers.
    let metrics = || METRICS.iter().filter(|it| it.name != "syndicated_feed_websub_subscriptions");
    let listed: BTreeSet<String> = metrics().map(|it| format!("{} {}", it.name, kind(it.kind))).collect();
    assert_eq!(told, listed);
    for metric in metrics() {
        let sample = text.lines().find(|line| line.starts_with(metric.name)).unwrap();
        let labels: BTreeSet<&str> = sample
            .split(['{', ','])
            .skip(1)
            .map(|part| part.split('=').next().unwrap())
            .filter(|l| *l != "le")
            .collect();
        assert_eq!(labels, BTreeSet::from_iter(metric.labels.iter().copied()), "{sample}");
    }
}

#[test]
fn prometheus_finds_nothing_to_complain_about() {
    if !has_tool("promtool", &["--version"]) {
        return;
    }
    let (_site, operated) = all_told();
    let response = operated.get("/metrics").is(200);
    assert_eq!(response.field("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let mut promtool = Command::new("promtool");
    promtool.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = promtool.spawn().unwrap();
    child.stdin.take().unwrap().write_all(&response.body).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap()).exits(0);
    assert_eq!(ran.stdout + &ran.stderr, "");
}

#[test]
fn what_is_served_is_counted() {
    let site = site();
    let operated = Operated::start(&site);
    let whole = std::fs::read(site.path("feeds/rss.xml")).unwrap().len();
    let first = operated.reads(FEED, &[]).is(200);
    let small = operated.reads(FEED, &["Accept-Encoding: gzip"]).is(200).body.len();
    for _ in 0..3 {
        operated.reads(FEED, &[&format!("If-None-Match: {}", first.tag())]).is(304);
    }
    crate::http::client::Client::tcp(&operated.public).asks("HEAD", FEED, &[]).is(200);
    operated.reads(FEED, &["User-Agent: Googlebot/2.1"]).is(200);
    operated.reads("/feeds/feeds.opml", &[]).is(200);
    let missing = operated.reads("/feeds/none.xml", &[]).is(404).body.len();
    let metrics = operated.metrics();
    for (kind, code, count) in [("rss", 200, 4.0), ("rss", 304, 3.0), ("opml", 200, 1.0), ("none", 404, 1.0)] {
        metrics.has(&format!("syndicated_http_requests_total{{code=\"{code}\",kind=\"{kind}\"}}"), count);
    }
    assert_eq!(metrics.of("syndicated_http_requests_total").len(), 4);
    let opml = std::fs::read(site.path("feeds/feeds.opml")).unwrap().len();
    let number = |bytes: usize| bytes as f64;
    metrics.has("syndicated_http_response_bytes_total{encoding=\"identity\"}", number(2 * whole + opml + missing));
    metrics.has("syndicated_http_response_bytes_total{encoding=\"gzip\"}", number(small));
    metrics.has("syndicated_http_saved_bytes_total{by=\"not_modified\"}", number(3 * whole));
    metrics.has("syndicated_http_saved_bytes_total{by=\"compression\"}", number(whole - small));
    metrics.has("syndicated_http_feed_requests_total{client=\"crawler\"}", 1.0);
    metrics.has("syndicated_http_feed_requests_total{client=\"other\"}", 6.0);
    metrics.has("syndicated_http_connections_total{outcome=\"accepted\"}", 9.0);
    let looked =
        ["hit", "miss"].map(|it| metrics.get(&format!("syndicated_http_cache_lookups_total{{result=\"{it}\"}}")));
    assert_eq!(looked.iter().sum::<f64>(), 5.0);
    assert!(metrics.get("syndicated_http_cache_bytes") >= number(small));
    metrics.has("syndicated_http_cache_limit_bytes", 67_108_864.0);
    metrics.has("syndicated_http_files", number(site.published().len() - 1));
}

#[test]
fn what_is_published_is_counted() {
    let site = site().config("[output]\nhtml = false");
    let site = site.post("2022-01-03-c.md", "---\ntitle: C\n").post("2022-01-04-d.md", "---\nfeed: false\n---\n");
    let operated = Operated::start(&site);
    let first = operated.metrics();
    for (name, value) in [
        ("syndicated_ready", 1.0),
        ("syndicated_posts{outcome=\"kept\"}", 2.0),
        ("syndicated_posts{outcome=\"broken\"}", 1.0),
        ("syndicated_posts{outcome=\"feed: false\"}", 1.0),
        ("syndicated_feeds", 3.0),
        ("syndicated_findings{severity=\"error\"}", 1.0),
        ("syndicated_publications_total", 1.0),
        ("syndicated_files_total{outcome=\"written\"}", 7.0),
        ("syndicated_scans_total", 1.0),
        ("syndicated_failing", 0.0),
        ("syndicated_change_latency_seconds_count", 0.0),
    ] {
        first.has(name, value);
    }
    assert!(first.get("syndicated_catalog_bytes") > 0.0);
    assert!(first.get("process_resident_memory_bytes") > 1e6);
    let began = first.get("process_start_time_seconds");
    assert!(first.get("syndicated_last_publication_timestamp_seconds") >= began);
    site.write(POST, short("A again", "tech"));
    operated.running.settles(&site);
    let then = operated.metrics();
    then.has("syndicated_publications_total", 2.0);
    then.has("syndicated_files_total{outcome=\"written\"}", 11.0);
    then.has("syndicated_change_latency_seconds_count", 1.0);
    then.has("process_start_time_seconds", began);
    let latency = then.get("syndicated_change_latency_seconds_sum");
    assert!(latency > 0.0 && latency < 20.0, "{latency}");
    // A foreign file in the way.
    site.write("feeds/other/rss.xml", "mine");
    site.write("site/_posts/2022-01-05-e.md", short("E", "other"));
    operated.running.logs("feeds/other/rss.xml");
    operated.running.until("it is told that it fails", || operated.metrics().get("syndicated_failing") > 0.0);
    operated.metrics().has("syndicated_posts{outcome=\"kept\"}", 3.0);
}

#[test]
fn as_many_feeds_as_wanted_have_metrics_of_their_own() {
    let site = site();
    let operated = Operated::start(&site);
    for (path, times) in [(FEED, 1), ("/feeds/tech/atom.xml", 3), ("/feeds/money/rss.xml", 2)] {
        (0..times).for_each(|_| _ = operated.reads(path, &[]).is(200));
    }
    assert_eq!(operated.metrics().of("syndicated_feed_requests_total"), Vec::<&str>::new());
    let site = site.config("[server]\nmetrics_per_feed = 2");
    operated.running.send(rustix::process::Signal::HUP);
    operated.running.logs("the new configuration holds");
    let metrics = operated.metrics();
    metrics.has("syndicated_feed_requests_total{feed=\"tech/atom.xml\"}", 3.0);
    metrics.has("syndicated_feed_requests_total{feed=\"money/rss.xml\"}", 2.0);
    metrics.has("syndicated_feed_clients{feed=\"tech/atom.xml\"}", 1.0);
    assert_eq!(metrics.of("syndicated_feed_requests_total").len(), 2);
    drop(site);
}
