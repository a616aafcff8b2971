//! The generator's sites: what it says that a correct run gives is what a run gives.

use std::collections::BTreeMap;
use std::process::Command;

use syndicated_bench::corpus::{Expectations, Layout, Options, Severity, write};

use crate::fixture::{Ran, Site, has_tool};
use crate::reading::Read;

/// The one that Debian's packages are for.
pub(crate) const PYTHON: &str = "/usr/bin/python3";

#[test]
fn a_flat_site_with_a_tenth_irregular() {
    holds(Layout::JekyllFlat, 0.1, 1);
}

#[test]
fn a_dated_site_mostly_irregular() {
    holds(Layout::JekyllDated, 0.6, 2);
}

fn holds(layout: Layout, irregular: f64, seed: u64) {
    let site = Site::bare().file("syndicated.toml", "[source]\npath = \"site\"\n");
    let expected = write(&Options { layout, irregular, seed, ..Options::new(site.path("site")) }).unwrap();
    let report = site.build();
    let (kept, left_out) = (report.number("/posts/kept"), report.number("/posts/left_out"));
    assert_eq!((kept, left_out), (expected.kept as u64, expected.dropped as u64));
    assert_eq!(reported(&report.0), said(&expected));
    let mut categories = 0;
    for folder in site.feed_folders() {
        let feed = site.feed(&format!("{folder}/atom.xml"));
        let label = feed.label.clone().unwrap();
        let newest = expected.newest.iter().find(|(key, _)| fold(key) == fold(&label));
        let (_, newest) = newest.unwrap_or_else(|| panic!("a feed of {label}"));
        assert_eq!(&numbers(&feed), newest, "{label}");
        categories += 1;
    }
    assert_eq!(categories, expected.newest.len());
    assert_eq!(numbers(&site.feed("rss.xml")), expected.all);
    site.assert_sound();
    a_second_reader_agrees(&site);
}

/// `feedparser` reads every feed without a complaint, and finds as many items.
fn a_second_reader_agrees(site: &Site) {
    if !has_tool(PYTHON, &["-c", "import feedparser"]) {
        return;
    }
    let script = "import feedparser, sys\nfor path in sys.argv[1:]:\n    feed = feedparser.parse(path)\n    \
                  print(feed.get('bozo_exception', ''), len(feed.entries))";
    let feeds: Vec<String> = site.published().into_keys().filter(|path| path.ends_with(".xml")).collect();
    let mut python = Command::new(PYTHON);
    python.args(["-c", script]).args(feeds.iter().map(|path| site.path("feeds").join(path)));
    let ran = Ran::from(python.output().unwrap()).exits(0);
    let expected: Vec<String> = feeds.iter().map(|path| format!(" {}", site.feed(path).items.len())).collect();
    assert_eq!(ran.stdout.lines().collect::<Vec<_>>(), expected);
}

/// Readers do not tell labels apart by case.
fn fold(label: &str) -> String {
    label.to_lowercase()
}

fn said(expected: &Expectations) -> BTreeMap<String, &'static str> {
    let word = |severity| if severity == Severity::Error { "error" } else { "warning" };
    expected.reported.iter().map(|(path, severity)| (path.clone(), word(*severity))).collect()
}

fn reported(report: &serde_json::Value) -> BTreeMap<String, &str> {
    let found = report["diagnostics"].as_array().unwrap();
    found
        .iter()
        .map(|found| (found["path"].as_str().unwrap().to_owned(), found["severity"].as_str().unwrap()))
        .collect()
}

/// The generator's number of each item: eighteen digits of its link.
fn numbers(feed: &Read) -> Vec<String> {
    let number = |link: &str| {
        let runs = link.split(|c: char| !c.is_ascii_digit());
        runs.filter(|run| run.len() == 18).map(str::to_owned).next_back().unwrap_or_else(|| panic!("{link}"))
    };
    feed.links().into_iter().map(number).collect()
}
