//! `kill -9` at every system call that changes a file, and at any moment of builds and of a service under changes: every
//! published file is whole, and the next start needs no hand.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;
use syndicated_bench::rng::Rng;

use super::victim::{Before, Victim, can_inject, is_for_readers, is_long, seeds, some};
use crate::fixture::{Ran, Site, files_below, front, has_tool};
use crate::reading::Read;
use crate::service::Running;

/// System calls that leave something behind.
const CALLS: [&str; 8] = [
    "write",
    "pwrite64",
    "fsync,fdatasync",
    "?rename,renameat,renameat2",
    "?unlink,unlinkat",
    "?mkdir,mkdirat",
    "ftruncate",
    "?open,openat",
];

fn killed_at_every_call(before: Before) {
    if !can_inject() {
        return;
    }
    let victim = Victim::new(before);
    let places = CALLS.iter().flat_map(|calls| (1..=victim.calls(calls)).map(move |n| (*calls, n)));
    let cases = some(places.collect(), 40);
    for (calls, n) in &cases {
        let case = format!("{calls}:signal=SIGKILL:when={n}");
        victim.set_up();
        let output = victim.build_with(&case);
        assert!(!output.status.success(), "{case}: it was not killed");
        victim.assert_whole(&case);
        victim.assert_made_up_for(&case);
    }
    if is_long() {
        eprintln!("{before:?}: killed at {} system calls", cases.len());
    }
}

#[test]
fn a_first_build_may_be_killed_at_every_system_call() {
    killed_at_every_call(Before::Nothing);
}

#[test]
fn an_edit_may_be_killed_at_every_system_call() {
    killed_at_every_call(Before::Feeds);
}

/// A site that is changed at random.
struct Changing {
    site: Site,
    random: Rng,
}

impl Changing {
    fn new(seed: u64) -> Self {
        let mut changing = Self { site: Site::jekyll(), random: Rng::of(seed, 1) };
        for n in 0..60 {
            changing.save(n);
        }
        changing
    }

    fn post(n: usize) -> String {
        format!("site/_posts/2022-{:02}-{:02}-p.md", n % 12 + 1, n / 12 + 1)
    }

    fn save(&mut self, n: usize) {
        let (a, b) = (self.random.below(12), self.random.below(1000));
        let post = front(
            &format!("title: P{n} {b}\ncategories: [c{a}, d{}]", b % 5),
            &"words and more words. ".repeat(self.random.below(200)),
        );
        self.site.write(&Self::post(n), post);
    }

    /// Saves, replaces, renames or removes a post.
    fn change(&mut self) {
        let (one, two) = (self.random.below(60), self.random.below(60));
        let path = |n| self.site.path(&Self::post(n));
        // Where there is no such post, that change is none.
        match self.random.below(8) {
            0 => _ = std::fs::remove_file(path(one)),
            1 => _ = std::fs::rename(path(one), path(two)),
            2 => {
                let new = self.site.path("site/_posts/.new");
                self.site.write("site/_posts/.new", front(&format!("title: P{one} anew\ncategories: [c1, e]"), "x"));
                std::fs::rename(new, path(one)).unwrap();
            }
            _ => self.save(one),
        }
    }
}

/// Starts the program in the middle of something and kills it at a moment that the seed settles.
fn kill_once(changing: &mut Changing, serves: bool) {
    let began = Instant::now();
    let moment = Duration::from_micros(changing.random.below(if serves { 300_000 } else { 120_000 }) as u64);
    let mut command = changing.site.command(if serves { ["run", "--quiet"] } else { ["build", "--quiet"] });
    let mut child: Child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while serves && began.elapsed() < moment {
        changing.change();
    }
    // Not a wait for anything: the moment is meant to be any.
    thread::sleep(moment.saturating_sub(began.elapsed()));
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Every file that a reader may ask for is whole, well-formed, and in the manifest.
fn assert_sound(site: &Site, case: &str) {
    let published = site.published();
    let Some(manifest) = published.get(".syndicated.json") else {
        assert!(!published.keys().any(|path| is_for_readers(path)), "{case}: feeds without a manifest");
        return;
    };
    let manifest: Value = serde_json::from_slice(manifest).unwrap_or_else(|error| panic!("{case}: {error}"));
    let named: Vec<&str> =
        manifest["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    let mut for_readers = Vec::new();
    for (path, bytes) in published.iter().filter(|(path, _)| is_for_readers(path)) {
        assert!(named.contains(&path.as_str()), "{case}: the manifest does not name {path}");
        if path.ends_with(".xml") {
            Read::parse(bytes);
        }
        for_readers.push(site.path("feeds").join(path));
    }
    assert_well_formed(&for_readers);
}

/// By a strict parser, where there is one.
fn assert_well_formed(files: &[PathBuf]) {
    if !files.is_empty() && has_tool("xmllint", &["--version"]) {
        Ran::from(Command::new("xmllint").args(["--noout", "--nonet"]).args(files).output().unwrap()).exits(0);
    }
}

#[test]
fn it_may_be_killed_at_any_moment() {
    let seeds = seeds(1..11);
    let kills = seeds.end - seeds.start;
    for seed in seeds {
        let mut changing = Changing::new(seed);
        let case = format!("SEED={seed}");
        // Half of them begin with feeds that are to be changed, half from nothing; as many builds as services.
        if seed % 2 == 0 {
            changing.site.build();
            (0..10).for_each(|_| changing.change());
        }
        kill_once(&mut changing, seed % 4 < 2);
        assert_sound(&changing.site, &case);
        let again = if seed % 3 == 0 {
            let mut running = Running::spawn(changing.site.command(["run"]));
            running.logs("ready");
            running.settles(&changing.site);
            assert_eq!(running.stop(Signal::TERM), Some(0), "{case}: {}", running.log());
            changing.site.built_again()
        } else {
            changing.site.run_cmd(["build", "--quiet"]).exits(0);
            changing.site.built_again()
        };
        let published = files_below(&changing.site.path("feeds"));
        let differ = |path: &&String| published.get(*path) != again.get(*path);
        let differing: Vec<_> = published.keys().chain(again.keys()).filter(differ).collect();
        assert!(differing.is_empty(), "{case}: not as built from nothing: {differing:?}");
    }
    if is_long() {
        eprintln!("killed {kills} times at any moment");
    }
}
