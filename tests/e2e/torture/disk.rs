//! A disk that fills up, becomes read-only and has room again, beneath a running service: feeds stay whole all the time, it
//! is said what fails, and the service catches up alone.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use rustix::process::Signal;
use syndicated_bench::rng::Rng;

use super::victim::is_long;
use super::watching::Watching;
use crate::fixture::{PROGRAM, Ran, Site, files_below, has_tool, short};
use crate::service::Running;

/// On a small disk of its own; it has room for the journal of the catalog, which may take 4 MiB.
const INSIDE: &str = "mount -t tmpfs -o size=12m none disk && exec \"$0\" run";

struct Mounted {
    site: Site,
    running: Running,
    /// The disk, seen through the service's own root.
    disk: PathBuf,
    state: PathBuf,
}

impl Mounted {
    /// Feeds, and the state where it is to be there, too, on a disk of their own.
    fn start(state: &str) -> Option<Self> {
        if !has_tool("unshare", &["-m", "true"]) || !has_tool("nsenter", &["--version"]) {
            return None;
        }
        let site = Site::jekyll()
            .config(&format!("[output]\npath = \"disk/feeds\"\n[state]\npath = \"{state}\""))
            .file("disk/.keep", "")
            .post("2022-01-01-a.md", short("A", "tech"))
            .post("2022-01-02-b.md", short("B", "money"));
        let mut command = Command::new("unshare");
        command.args(["-m", "sh", "-c", INSIDE, PROGRAM]);
        site.prepare(&mut command);
        let running = Running::spawn(command);
        running.logs("ready");
        let root = PathBuf::from(format!("/proc/{}/root", running.pid()));
        let disk = root.join(site.path("disk").strip_prefix("/").unwrap());
        let state = site.path(state);
        Some(Self { site, running, disk, state })
    }

    /// Runs a command where the disk is mounted.
    fn inside(&self, command: &[&str]) -> Ran {
        let mut inside = Command::new("nsenter");
        inside.args(["--target", &self.running.pid().to_string(), "--mount"]).args(command);
        self.site.prepare(&mut inside);
        inside.current_dir("/");
        Ran::from(inside.output().unwrap())
    }

    fn edit(&self, n: usize, random: &mut Rng) {
        let text = "x".repeat(random.below(4000));
        let post = short(&format!("P{n} {} {text}", random.below(1000)), &format!("c{}, tech", random.below(9)));
        self.site.write(&format!("site/_posts/2022-02-{:02}-p.md", n % 28 + 1), post);
    }

    fn fill(&self) {
        assert!(fs::write(self.disk.join("filler"), vec![0; 16 << 20]).is_err(), "the disk is full");
    }

    fn free(&self) {
        fs::remove_file(self.disk.join("filler")).unwrap();
    }

    /// It says this, once more than before.
    fn says_again(&self, before: usize, text: &str) {
        self.running.until(text, || self.said(text) > before);
    }

    fn said(&self, text: &str) -> usize {
        self.running.log().matches(text).count()
    }

    /// It has caught up by itself, with the bytes of a build from nothing.
    fn assert_caught_up(&self, case: &str) {
        let state = self.state.to_str().unwrap();
        let program = [PROGRAM, "status", "--wait", "--timeout", "60", "--state", state, "--config"];
        let config = self.site.path("syndicated.toml");
        let asked = self.inside(&[&program[..], &[config.to_str().unwrap()]].concat());
        assert_eq!(asked.code, 0, "{case}: {}{}{}", asked.stdout, asked.stderr, self.running.log());
        let (published, again) = (files_below(&self.disk.join("feeds")), self.site.built_again());
        let differ = |path: &&String| published.get(*path) != again.get(*path);
        let differing: Vec<_> = published.keys().chain(again.keys()).filter(differ).collect();
        assert!(differing.is_empty(), "{case}: not as built: {differing:?}; the log:\n{}", self.running.log());
    }
}

#[test]
fn a_disk_that_fills_up_again_and_again_leaves_whole_feeds_and_it_catches_up() {
    let Some(mut mounted) = Mounted::start("disk/state") else { return };
    let watching = Watching::begin(mounted.disk.join("feeds"));
    let random = &mut Rng::of(1, 7);
    for round in 0..if is_long() { 30 } else { 2 } {
        let before = mounted.said("free some space");
        mounted.fill();
        // So many edits that at least one cannot be published.
        for n in 0..10 {
            mounted.edit(n + round, random);
        }
        mounted.says_again(before, "free some space");
        mounted.free();
        mounted.assert_caught_up(&format!("round {round}"));
    }
    let looks = watching.end();
    assert_eq!(mounted.running.stop(Signal::TERM), Some(0), "{}", mounted.running.log());
    eprintln!("{looks} feeds were read while the disk filled up");
}

#[test]
fn a_disk_that_becomes_read_only_is_said_and_it_catches_up_when_it_can_write() {
    let Some(mounted) = Mounted::start("state") else { return };
    let watching = Watching::begin(mounted.disk.join("feeds"));
    let random = &mut Rng::of(1, 8);
    let disk = mounted.site.path("disk");
    for round in 0..if is_long() { 10 } else { 2 } {
        let before = mounted.said("Read-only file system");
        mounted.inside(&["mount", "-o", "remount,ro", disk.to_str().unwrap()]).exits(0);
        mounted.edit(round, random);
        mounted.says_again(before, "Read-only file system");
        mounted.inside(&["mount", "-o", "remount,rw", disk.to_str().unwrap()]).exits(0);
        mounted.assert_caught_up(&format!("round {round}"));
    }
    watching.end();
}
