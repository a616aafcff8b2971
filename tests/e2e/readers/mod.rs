//! Feed readers that people use, subscribed over HTTP: each shows every post once, with its title, date, link and text,
//! and nothing again after an edit, another title of the site, or a restart.

mod feed_rs;
mod feedparser;
mod newsboat;
mod sfeed;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use rustix::process::Signal;

use crate::fixture::{Ran, Site};
use crate::service::Running;

/// An item as a reader keeps it.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) title: String,
    pub(super) link: String,
    /// In seconds since 1970.
    pub(super) date: i64,
    /// With whatever markup the reader keeps.
    pub(super) text: String,
}

/// A program that keeps what it has fetched of one feed.
pub(super) trait Reader {
    /// Fetches the feed as a subscriber does, and gives all items that it shows then.
    fn fetch(&mut self, url: &str) -> Vec<Seen>;
    /// Whether it shows the new text of an item that it has.
    fn takes_edits(&self) -> bool;
}

/// The posts of the site: name, title, date as a post states it, the same in seconds since 1970, a piece of the text.
const POSTS: [(&str, &str, &str, i64, &str); 5] = [
    ("2024-01-01-plain", "Plain", "2024-01-01 08:00:00 +0000", 1_704_096_000, "First words."),
    (
        "2024-01-02-chinese",
        "央行：货币政策\u{300c}稳健\u{300d}",
        "2024-01-02 08:00:00 +0800",
        1_704_153_600,
        "据新华社电",
    ),
    ("2024-01-03-marks", "A & B < C \u{201c}d\u{201d} ]]>", "2024-01-03 08:00:00 -0500", 1_704_286_800, "x &amp; y"),
    ("2024-01-04-emoji", "\u{1f600} Smile", "2024-01-04 08:00:00 +0000", 1_704_355_200, "an emoji \u{1f680}"),
    ("2024-01-05-html", "Raw", "2024-01-05 08:00:00 +0000", 1_704_441_600, "in a <b>block</b>"),
];

fn post(title: &str, date: &str, text: &str) -> String {
    format!("---\ntitle: '{title}'\ndate: {date}\ncategories: [tech]\n---\n<p>{text}</p>\n")
}

fn link(name: &str) -> String {
    format!("https://example.com/tech/{}.html", name.replacen('-', "/", 3))
}

/// A service with a site, on a port that it has again after a restart.
struct Subscribed {
    site: Site,
    running: Running,
    address: String,
}

impl Subscribed {
    fn start() -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let mut site = Site::jekyll();
        for (name, title, date, _, text) in POSTS {
            site = site.post(&format!("{name}.html"), post(title, date, text));
        }
        let running = site.start_with(&["--listen", &address]);
        Self { site, running, address }
    }

    fn restart(&mut self) {
        assert_eq!(self.running.stop(Signal::TERM), Some(0));
        self.running = self.site.start_with(&["--listen", &self.address]);
    }

    /// How many answers were `304` and `226`.
    fn spared(&self) -> u64 {
        let status: serde_json::Value =
            serde_json::from_str(&self.site.run_cmd(["status", "--json"]).exits(0).stdout).unwrap();
        status["server"]["not_modified"].as_u64().unwrap()
    }
}

/// Holds what a reader shows against the posts, of which some have another text by now.
#[track_caller]
fn assert_shows(seen: &[Seen], expected: &BTreeMap<&str, (&str, i64, &str)>, when: &str) {
    let mut titles: Vec<&str> = seen.iter().map(|item| item.title.as_str()).collect();
    titles.sort_unstable();
    let mut wanted: Vec<&str> = expected.values().map(|(title, ..)| *title).collect();
    wanted.sort_unstable();
    assert_eq!(titles, wanted, "{when}");
    for (name, (title, date, text)) in expected {
        let item = seen.iter().find(|item| item.title == *title).unwrap();
        assert_eq!((item.link.as_str(), item.date), (link(name).as_str(), *date), "{when}: {title}");
        assert!(item.text.contains(text), "{when}: {title}: {:?} lacks {text:?}", item.text);
    }
}

/// A subscription's life.
fn is_served_well(reader: &mut dyn Reader, file: &str) {
    let mut subscribed = Subscribed::start();
    let url = format!("http://{}/feeds/{file}", subscribed.address);
    let mut expected: BTreeMap<_, _> =
        POSTS.iter().map(|(name, title, _, at, text)| (*name, (*title, *at, *text))).collect();
    assert_shows(&reader.fetch(&url), &expected, "at first");
    let spared = subscribed.spared();
    assert_shows(&reader.fetch(&url), &expected, "when nothing has changed");
    assert_eq!(subscribed.spared(), spared + 1, "what has not changed is not sent again");

    let (name, title, date, at, _) = POSTS[0];
    subscribed.site.write(&format!("site/_posts/{name}.html"), post(title, date, "Other words."));
    subscribed.site.write("site/_posts/2024-01-06-new.html", post("New", "2024-01-06 08:00:00 +0000", "Just in."));
    subscribed.running.settles(&subscribed.site);
    expected.insert("2024-01-06-new", ("New", 1_704_528_000, "Just in."));
    let edited = if reader.takes_edits() { "Other words." } else { "words." };
    expected.insert(name, (title, at, edited));
    assert_shows(&reader.fetch(&url), &expected, "after an edit and a new post");

    subscribed.site.write("site/_config.yml", "title: Renamed\nurl: https://example.com\ntimezone: UTC\n");
    subscribed.running.logs("the new configuration holds");
    subscribed.running.settles(&subscribed.site);
    assert_eq!(subscribed.site.feed("atom.xml").title, "Renamed");
    assert_shows(&reader.fetch(&url), &expected, "after the site has another title");

    subscribed.restart();
    let spared = subscribed.spared();
    assert_shows(&reader.fetch(&url), &expected, "after a restart");
    assert_eq!(subscribed.spared(), spared + 1, "a restart changes no tag");
}

/// Runs a program of a reader, which has to end well.
fn run(command: &mut Command) -> String {
    Ran::from(command.output().unwrap()).exits(0).stdout
}

/// A folder for what a reader keeps.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
}
