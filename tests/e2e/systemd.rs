//! What a service manager is told, by the protocol of sd_notify(3).

use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use rustix::time::{ClockId, clock_gettime};

use crate::fixture::{Ran, Site, has_tool, short};
use crate::service::Running;

/// A manager of the test's own.
struct Manager {
    socket: UnixDatagram,
    _folder: tempfile::TempDir,
}

/// Starts a service under a manager.
fn under_a_manager(site: &Site, environment: &[(&str, &str)]) -> (Manager, Running) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut command = site.command(["run"]);
    command.env("NOTIFY_SOCKET", &path).envs(environment.iter().copied());
    (Manager { socket, _folder: folder }, Running::spawn(command))
}

impl Manager {
    /// The next message.
    fn hears(&self) -> String {
        let mut bytes = [0; 4096];
        let length = self.socket.recv(&mut bytes).expect("a message in time");
        String::from_utf8(bytes[..length].to_vec()).unwrap()
    }

    /// Waits for a message with this line.
    fn hears_of(&self, line: &str) -> String {
        loop {
            let message = self.hears();
            if message.lines().any(|it| it.starts_with(line)) {
                return message;
            }
        }
    }
}

fn site() -> Site {
    Site::jekyll().post("2022-01-01-a.md", short("A", "tech"))
}

#[test]
fn it_is_ready_when_everything_is_published() {
    let site = site();
    let (manager, _running) = under_a_manager(&site, &[]);
    manager.hears_of("READY=1");
    assert_eq!(site.feed("tech/atom.xml").titles(), ["A"]);
}

#[test]
fn a_reload_is_told_from_its_beginning_to_its_end() {
    let site = site();
    let (manager, running) = under_a_manager(&site, &[]);
    manager.hears_of("READY=1");
    running.send(Signal::HUP);
    let reloading = manager.hears_of("RELOADING=1");
    let at = reloading.lines().find_map(|line| line.strip_prefix("MONOTONIC_USEC=")).unwrap();
    assert!(at.parse::<u64>().unwrap() > 0, "{reloading}");
    manager.hears_of("READY=1");
    // One that is refused ends as well.
    let site = site.config("[content]\nmode = \"nonsense\"");
    running.send(Signal::HUP);
    manager.hears_of("RELOADING=1");
    manager.hears_of("READY=1");
    running.logs("the old one goes on");
    drop(site);
}

#[test]
fn publications_failures_and_the_end_are_told_in_words() {
    let site = site();
    let (manager, mut running) = under_a_manager(&site, &[]);
    manager.hears_of("READY=1");
    site.write("site/_posts/2022-01-01-a.md", short("A again", "tech"));
    let sentence = manager.hears_of("STATUS=last change");
    assert!(sentence.contains("4 files of all posts, category tech in "), "{sentence}");
    site.write("feeds/other/rss.xml", "mine");
    site.write("site/_posts/2022-01-02-b.md", short("B", "other"));
    assert!(manager.hears_of("STATUS=tries again").contains("other/rss.xml"));
    assert_eq!(running.stop(Signal::TERM), Some(0));
    manager.hears_of("STOPPING=1");
}

#[test]
fn the_watchdog_is_fed_while_nothing_happens() {
    let site = site();
    let (manager, _running) = under_a_manager(&site, &[("WATCHDOG_USEC", "100000")]);
    manager.hears_of("READY=1");
    for _ in 0..3 {
        manager.hears_of("WATCHDOG=1");
    }
}

#[test]
fn without_a_manager_that_listens_it_works_all_the_same() {
    let site = site();
    let (manager, running) = under_a_manager(&site, &[]);
    manager.hears_of("READY=1");
    drop(manager);
    site.write("site/_posts/2022-01-01-a.md", short("A again", "tech"));
    running.as_built(&site);
}

/// By `Type=notify-reload` the manager takes only a reload that began after it sent the signal, and the next `READY=1` for its end.
#[test]
fn a_reload_begins_after_its_signal_and_ends() {
    let microseconds = || {
        let now = clock_gettime(ClockId::Monotonic);
        u64::try_from(now.tv_sec).unwrap() * 1_000_000 + u64::try_from(now.tv_nsec).unwrap() / 1000
    };
    let site = site();
    let (manager, running) = under_a_manager(&site, &[]);
    manager.hears_of("READY=1");
    let site = site.config("[site]\ntitle = \"Renamed\"");
    let sent = microseconds();
    running.send(Signal::HUP);
    let reloading = manager.hears_of("RELOADING=1");
    let began = reloading.lines().find_map(|line| line.strip_prefix("MONOTONIC_USEC=")).unwrap().parse().unwrap();
    assert!((sent..=microseconds()).contains(&began), "{reloading}");
    manager.hears_of("READY=1");
    assert_eq!(site.feed("atom.xml").title, "Renamed", "what it asks for is published by then");
    running.as_built(&site);
}

#[test]
fn the_unit_is_sound_and_its_exposure_small() {
    const UNIT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/syndicated.service");
    if !has_tool("systemd-analyze", &["security", "--offline=true", UNIT]) {
        return;
    }
    // In tenths.
    let exposure = ["security", "--offline=true", "--threshold=15", UNIT];
    Ran::from(Command::new("systemd-analyze").args(exposure).output().unwrap()).exits(0);
    let site = Site::bare();
    let unit = std::fs::read_to_string(UNIT).unwrap().replace("/usr/bin/syndicated", crate::fixture::PROGRAM);
    site.write("syndicated.service", unit);
    let here: &Path = &site.path("syndicated.service");
    let verified = Ran::from(Command::new("systemd-analyze").arg("verify").arg(here).output().unwrap());
    assert!(!verified.stderr.contains("syndicated.service"), "{}", verified.stderr);
}
