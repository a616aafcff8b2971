//! Hubs of others are told what has changed, once it can be fetched, and nothing else.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use rustix::process::Signal;

use super::web::{Heard, Said, Web};
use super::{RSS, site};
use crate::fixture::{Site, short};

/// A hub that takes pings with this status, 0 for none.
struct Hub {
    web: Web,
    status: Arc<AtomicU16>,
}

impl Hub {
    fn new() -> Self {
        let status = Arc::new(AtomicU16::new(204));
        let own = Arc::clone(&status);
        Self { web: Web::start(move |_| Said::just(own.load(Ordering::SeqCst))), status }
    }

    fn takes_with(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    fn told_by(&self, site: Site) -> Site {
        self.told_with(site, "")
    }

    fn told_with(&self, site: Site, more: &str) -> Site {
        site.config(&format!("[websub]\nhubs = [\"{}\"]\n{more}", self.web.url("/")))
    }

    /// The topics that it has heard of from the request of this number on.
    fn topics_from(&self, number: usize) -> Vec<String> {
        self.web.heard()[number..].iter().flat_map(topics).collect()
    }

    fn requests(&self) -> usize {
        self.web.heard().len()
    }
}

/// The topics of a ping, which is one by the letter.
fn topics(heard: &Heard) -> Vec<String> {
    assert_eq!((heard.method.as_str(), heard.target.as_str()), ("POST", "/"));
    assert_eq!(heard.field("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(heard.form("hub.mode"), ["publish"]);
    assert_eq!(heard.form("hub.url"), heard.form("hub.topic"), "both names");
    heard.form("hub.topic")
}

fn all() -> BTreeSet<String> {
    let paths = ["rss.xml", "atom.xml", "tech/rss.xml", "tech/atom.xml", "money/rss.xml", "money/atom.xml"];
    paths.map(|path| format!("https://example.com/feeds/{path}")).into()
}

fn save(site: &Site, title: &str) {
    site.write("site/_posts/2022-01-01-a.md", short(title, "tech"));
}

fn of_tech() -> BTreeSet<String> {
    all().into_iter().filter(|topic| !topic.contains("money")).collect()
}

#[test]
fn a_build_notes_what_has_changed_and_ping_tells_it_once() {
    let hub = Hub::new();
    let site = hub.told_by(site());
    site.run_cmd(["build"]).exits(0).says("6 changed files to be told of: `syndicated ping`");
    assert_eq!(hub.requests(), 0);
    site.run_cmd(["ping"]).exits(0).says("hubs were told of 6 changes");
    let told = hub.topics_from(0);
    assert_eq!((told.len(), BTreeSet::from_iter(told)), (6, all()));
    site.run_cmd(["ping"]).exits(0).says("hubs know all that has changed");
    assert_eq!(hub.requests(), 6);
    save(&site, "A changed");
    assert_eq!(site.build().number("/pings/noted"), 4);
    save(&site, "A changed again");
    site.build();
    site.run_cmd(["ping", "-q"]).exits(0);
    let told = hub.topics_from(6);
    assert_eq!((told.len(), BTreeSet::from_iter(told)), (4, of_tech()), "once, however often it was built");
}

#[test]
fn what_is_unchanged_is_never_told_whatever_is_built_again_or_lost() {
    let hub = Hub::new();
    let site = hub.told_by(site());
    site.build();
    site.run_cmd(["ping"]).exits(0);
    let before = hub.requests();
    site.build();
    site.report(&["--full"], 0);
    std::fs::remove_dir_all(site.path(".syndicated")).unwrap();
    site.build();
    site.run_cmd(["ping"]).exits(0).says("hubs know all that has changed");
    assert_eq!(hub.requests(), before);
    std::fs::remove_dir_all(site.path(".syndicated")).unwrap();
    save(&site, "A changed");
    site.build();
    site.run_cmd(["ping"]).exits(0).says("told of 4 changes");
}

#[test]
fn what_was_published_when_nobody_noted_it_is_told_all_the_same() {
    let hub = Hub::new();
    let site = hub.told_by(site());
    site.build();
    site.run_cmd(["ping"]).exits(0);
    let before = hub.requests();
    // As if it had been killed between its last file and its note.
    let noted = std::fs::read(site.path(".syndicated/feeds/pings.sqlite")).unwrap();
    save(&site, "A changed");
    site.build();
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(site.path(&format!(".syndicated/feeds/pings.sqlite{suffix}")));
    }
    std::fs::write(site.path(".syndicated/feeds/pings.sqlite"), noted).unwrap();
    site.run_cmd(["ping"]).exits(0).says("told of 4 changes");
    assert_eq!(BTreeSet::from_iter(hub.topics_from(before)), of_tech());
}

#[test]
fn lists_copies_at_old_paths_and_what_is_gone_are_nobody_s_topic() {
    let hub = Hub::new();
    let site = hub.told_by(site()).config("[aliases]\n\"feed.xml\" = \"atom.xml\"");
    site.build();
    site.write("site/_posts/2022-01-01-a.md", short("A", "money"));
    site.build();
    site.run_cmd(["ping"]).exits(0);
    let told = BTreeSet::from_iter(hub.topics_from(0));
    assert_eq!(told, all().into_iter().filter(|topic| !topic.contains("tech")).collect());
}

#[test]
fn build_with_ping_does_both() {
    let hub = Hub::new();
    let site = hub.told_by(site());
    let report = site.report(&["--ping"], 0);
    assert_eq!((report.number("/pings/noted"), report.number("/pings/sent")), (6, 6));
    assert_eq!(BTreeSet::from_iter(hub.topics_from(0)), all());
    hub.takes_with(500);
    save(&site, "A changed");
    site.run_cmd(["build", "--ping"]).exits(3).complains("it answered 500");
    assert_eq!(site.feed("tech/rss.xml").titles(), ["A changed"]);
    hub.takes_with(200);
    site.run_cmd(["build", "--ping"]).exits(0).says("hubs were told of 4 changes");
}

#[test]
fn a_hub_that_takes_many_is_told_many_at_once_and_one_that_does_not_one_by_one() {
    let hub = Hub::new();
    let site = hub.told_with(site(), &format!("batch = [\"{}\"]", hub.web.url("/")));
    site.report(&["--ping"], 0);
    assert_eq!((hub.requests(), BTreeSet::from_iter(hub.topics_from(0))), (1, all()));
    let picky = Web::start(|heard| Said::just(if heard.form("hub.url").len() == 1 { 202 } else { 400 }));
    let site = super::site().config(&format!("[websub]\nhubs = [\"{0}\"]\nbatch = [\"{0}\"]", picky.url("/")));
    site.report(&["--ping"], 0);
    assert_eq!(picky.heard().len(), 7);
}

#[test]
fn each_hub_is_told_and_one_that_fails_costs_the_others_nothing() {
    let (one, two) = (Hub::new(), Hub::new());
    let site = site().config(&format!("[websub]\nhubs = [\"{}\", \"{}\"]", one.web.url("/"), two.web.url("/")));
    one.takes_with(503);
    site.run_cmd(["build", "--ping"]).exits(3).complains("it answered 503");
    assert_eq!(one.requests(), 1, "what is down is not asked again for the rest");
    assert_eq!(BTreeSet::from_iter(two.topics_from(0)), all());
    one.takes_with(204);
    site.run_cmd(["ping"]).exits(0).says("told of 6 changes");
    assert_eq!(BTreeSet::from_iter(one.topics_from(1)), all());
    assert_eq!(two.requests(), 6);
}

#[test]
fn a_topic_that_a_hub_refuses_costs_the_others_nothing() {
    let picky = Web::start(|heard| Said::just(if heard.form("hub.topic") == [RSS] { 403 } else { 204 }));
    let site = super::site().config(&format!("[websub]\nhubs = [\"{}\"]", picky.url("/")));
    site.run_cmd(["build", "--ping"]).exits(3).says("told of 5 changes, and could not be told of 1").complains("403");
    assert_eq!(picky.heard().len(), 6);
}

#[test]
fn redirects_are_not_followed() {
    let elsewhere = Web::start(|_| Said::just(204));
    let there = elsewhere.url("/");
    let moved = Web::start(move |_| Said { fields: vec![("Location", there.clone())], ..Said::just(307) });
    let site = super::site().config(&format!("[websub]\nhubs = [\"{}\"]", moved.url("/")));
    site.run_cmd(["build", "--ping"]).exits(3).complains("it answered 307");
    assert_eq!((moved.heard().len(), elsewhere.connections()), (1, 0));
}

#[test]
fn run_tells_by_itself_when_the_files_are_in_place() {
    let site = site();
    let folder = site.path("feeds");
    // It fetches what it is told of, as hubs do.
    let hub = Web::start(move |heard| {
        let topic = heard.form("hub.topic").concat();
        let path = topic.strip_prefix("https://example.com/feeds/").unwrap();
        Said::text(200, &std::fs::read_to_string(folder.join(path)).unwrap())
    });
    let site = site.config(&format!("[websub]\nhubs = [\"{}\"]", hub.url("/")));
    let running = site.start();
    hub.until("all are told", |heard| heard.len() == 6);
    save(&site, "A saved");
    let heard = hub.until("what has changed is told", |heard| heard.len() == 10);
    assert_eq!(BTreeSet::from_iter(heard[6..].iter().flat_map(topics)), of_tech());
    assert!(site.text("feeds/tech/rss.xml").contains("A saved"));
    let count = |name: &str| {
        let status = site.run_cmd(["status", "--json"]).exits(0);
        let status: serde_json::Value = serde_json::from_str(&status.stdout).unwrap();
        status["websub"]["pings"][name].as_u64()
    };
    running.until("it is counted", || count("sent") == Some(10) && count("waiting") == Some(0));
    site.run_cmd(["status"]).exits(0).says("hubs told of 10 changes");
    site.run_cmd(["ping"]).exits(2).complains("process");
}

#[test]
fn a_hub_that_never_answers_keeps_nothing_from_being_published() {
    let hub = Hub::new();
    hub.takes_with(0);
    let site = hub.told_by(site());
    let mut running = site.start();
    hub.web.until("the hub hangs", |heard| !heard.is_empty());
    for n in 0..5 {
        save(&site, &format!("A {n}"));
        running.settles(&site);
        assert_eq!(site.feed("tech/rss.xml").titles(), [format!("A {n}")]);
    }
    assert_eq!(running.stop(Signal::TERM), Some(0));
}

#[test]
fn what_could_not_be_told_is_told_after_a_crash() {
    let hub = Hub::new();
    hub.takes_with(503);
    let site = hub.told_by(site());
    let mut running = site.start();
    running.logs("a hub cannot be told of changes");
    running.stop(Signal::KILL);
    hub.takes_with(204);
    let before = hub.requests();
    let _running = site.start();
    hub.web.until("all are told", |heard| heard.len() >= before + 6);
    assert_eq!(BTreeSet::from_iter(hub.topics_from(before)), all());
}

#[test]
fn without_hubs_there_is_nothing_to_tell() {
    let site = site();
    site.build();
    site.run_cmd(["ping"]).exits(2).complains("`hubs` under `[websub]`");
    assert!(!site.exists(".syndicated/feeds/pings.sqlite"));
}
