//! The site's folder is renamed away, comes back, is another; events are lost; nothing is watched.

use std::fs;
use std::path::Path;

use rustix::process::Signal;

use super::writers::ended;
use super::{Tortured, seeds, tell};
use crate::fixture::{Site, short, skipped};

#[test]
fn a_root_that_is_renamed_away_leaves_the_feeds_and_is_followed_when_it_is_back() {
    for seed in seeds(1) {
        let tortured = Tortured::new(seed);
        let site = &tortured.site;
        let running = site.start();
        let before = site.published();
        site.rename("site", "moved");
        running.logs("site is gone");
        let folder = tortured.storm.ground.brought("anchor");
        site.write(&format!("moved/{folder}/2022-01-01-meanwhile.md"), short("Meanwhile", "tech"));
        running.until("the feeds stay as they are", || site.published() == before);
        site.rename("moved", "site");
        running.logs("site is back");
        running.as_built(site);
        assert!(site.feed(if seed % 3 == 2 { "feed.xml" } else { "atom.xml" }).titles().contains(&"Meanwhile"));
        tortured.storm.rages(site);
        running.as_built(site);
        // Another folder in its place, at once.
        let other = tortured.storm.ground.site();
        fs::rename(other.path("site"), site.path("other")).unwrap();
        site.write(&format!("other/{folder}/2022-01-01-other.md"), short("Other", "tech"));
        site.rename("site", "old");
        site.rename("other", "site");
        running.as_built(site);
        tortured.storm.rages(site);
        running.as_built(site);
    }
}

#[test]
fn a_root_that_is_a_link_is_followed_when_the_link_is_swapped() {
    let site = Site::plain();
    site.rename("site", "one");
    let other = Site::plain();
    fs::rename(other.path("site"), site.path("two")).unwrap();
    site.write("one/2022-01-01-one.md", short("One", "tech"));
    site.write("two/2022-01-01-two.md", short("Two", "tech"));
    std::os::unix::fs::symlink("one", site.path("site")).unwrap();
    let running = site.start();
    for (target, title) in [("two", "Two"), ("one", "One"), ("two", "Two")] {
        std::os::unix::fs::symlink(target, site.path("next")).unwrap();
        site.rename("next", "site");
        running.as_built(&site);
        assert_eq!(site.feed("atom.xml").titles(), [title]);
    }
}

/// How many renames there and back fill the kernel's queue. A rename is two events, and no two alike follow each other,
/// which the kernel would make one.
fn fill() -> Option<u32> {
    let queue = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").unwrap_or_default();
    let length = queue.trim().parse::<u32>().ok().filter(|&length| length <= 100_000);
    if length.is_none() {
        skipped("overflow", "the kernel's queue of file events is not to be filled");
    }
    length.map(|length| length / 4 + 1)
}

fn flood(folder: &Path, times: u32) {
    let (one, two) = (folder.join("2001-01-01-x.md"), folder.join("2001-01-01-y.md"));
    fs::write(&one, short("X", "tech")).unwrap();
    for _ in 0..times {
        fs::rename(&one, &two).unwrap();
        fs::rename(&two, &one).unwrap();
    }
}

#[test]
fn an_overflow_of_the_kernel_s_queue_is_said_and_loses_nothing() {
    let Some(times) = fill() else { return };
    let mut overflows = 0;
    for seed in seeds(1) {
        let tortured = Tortured::new(seed);
        let site = &tortured.site;
        let running = site.start();
        running.pauses();
        let writers = tortured.storm.begin(site);
        flood(&site.path("site").join(tortured.storm.ground.brought("anchor")), times);
        ended(writers);
        running.send(Signal::CONT);
        running.logs("the kernel's queue of file events overflowed");
        running.as_built(site);
        overflows += 1;
        // And it goes on with events.
        tortured.storm.rages(site);
        running.as_built(site);
    }
    tell(&format!("{overflows} overflows of the kernel's queue, nothing lost"));
}

#[test]
fn an_edit_of_the_configuration_whose_event_was_lost_is_noticed() {
    let Some(times) = fill() else { return };
    for inside in [true, false] {
        let site = Site::jekyll().post("2022-01-01-a.md", short("A", "tech"));
        let running = site.start();
        running.pauses();
        flood(&site.path("site/_posts"), times);
        let site = if inside {
            site.file("site/_config.yml", "title: Renamed\nurl: https://example.com\ntimezone: UTC\n")
        } else {
            site.config("[site]\ntitle = \"Renamed\"")
        };
        running.send(Signal::CONT);
        running.logs("the kernel's queue of file events overflowed");
        running.as_built(&site);
        assert_eq!(site.feed("atom.xml").title, "Renamed");
    }
}

#[test]
fn without_events_everything_is_looked_at_as_often_as_was_said() {
    let site = Site::jekyll().post("2022-01-01-a.md", short("A", "tech"));
    let site = site.config("poll = \"100 ms\"");
    let running = site.start();
    site.write("site/_posts/2022-01-02-b.md", short("B", "tech"));
    running.until("the new post is found by looking", || site.feed("tech/atom.xml").titles() == ["B", "A"]);
    site.write("site/_config.yml", "title: Renamed\nurl: https://example.com\ntimezone: UTC\n");
    running.until("so is the configuration", || site.feed("atom.xml").title == "Renamed");
    for path in fs::read_dir(format!("/proc/{}/fd", running.pid())).unwrap() {
        let target = fs::read_link(path.unwrap().path()).unwrap_or_default();
        assert!(!target.to_string_lossy().contains("inotify"), "it watches nothing");
    }
}

#[test]
fn a_storm_that_nobody_tells_of_is_found_by_the_next_look() {
    let mut changes = 0;
    for seed in seeds(1) {
        let tortured = Tortured::new(seed).poll("1 h");
        let running = tortured.site.start();
        for _ in 0..2 {
            changes += tortured.storm.rages(&tortured.site);
            running.as_built(&tortured.site);
        }
    }
    tell(&format!("{changes} changes without events, no difference"));
}
