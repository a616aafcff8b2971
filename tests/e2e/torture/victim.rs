//! A small site in two versions, on which builds are made to fail: whatever happens to one, each file is of one version,
//! and the next build gives the second.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsStr;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::fixture::{PROGRAM, Ran, Site, has_tool, short};
use crate::reading::Read;

pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// Longer than any build of a small site takes on any machine (timeout(1)): after that it hangs.
const LIMIT: &str = "120";

/// Seeds: `SEED=17`, or `SEEDS=500`, or `SEEDS=1..500` (both ends are played), or these.
pub(super) fn seeds(default: Range<u64>) -> Range<u64> {
    if let Ok(seed) = env::var("SEED") {
        let seed = seed.parse().unwrap();
        return seed..seed + 1;
    }
    let Ok(text) = env::var("SEEDS") else { return default };
    let (from, to) = text.split_once("..").unwrap_or(("1", &text));
    from.parse().unwrap()..to.parse::<u64>().unwrap() + 1
}

/// Of many cases every one in a long run, and otherwise a few that lie apart.
pub(super) fn some<T>(cases: Vec<T>, few: usize) -> Vec<T> {
    if is_long() {
        return cases;
    }
    let step = cases.len().div_ceil(few).max(1);
    cases.into_iter().step_by(step).collect()
}

/// Whether everything is to be tried, as `scripts/torture` does.
pub(super) fn is_long() -> bool {
    env::var_os("SEEDS").is_some()
}

/// Whether system calls can be made to fail here.
pub(super) fn can_inject() -> bool {
    has_tool("strace", &["-f", "-o", "/dev/null", "-e", "inject=sync:error=EIO", "true"])
}

/// What there is when a build begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Before {
    Nothing,
    /// Feeds and state of the first version.
    Feeds,
}

pub(super) struct Victim {
    pub(super) site: Site,
    before: Before,
    old: Files,
    new: Files,
}

impl Victim {
    pub(super) fn new(before: Before) -> Self {
        let site = Site::jekyll().env("SYNDICATED_STATE_THREADS", "1");
        let mut victim = Self { site, before, old: Files::new(), new: Files::new() };
        victim.write(1);
        if before == Before::Feeds {
            victim.old = victim.site.built_again();
        }
        victim.write(2);
        victim.new = victim.site.built_again();
        victim
    }

    /// Everything as it is before a build.
    pub(super) fn set_up(&self) {
        for folder in ["feeds", ".syndicated"] {
            let _ = std::fs::remove_dir_all(self.site.path(folder));
        }
        if self.before == Before::Feeds {
            self.write(1);
            self.site.run_cmd(["build", "--quiet"]).exits(0);
        }
        self.write(2);
    }

    /// The posts of a version: one is edited and changes its category, one is removed, one is new.
    fn write(&self, version: u32) {
        for n in 1..=4_u32 {
            let path = format!("site/_posts/2022-01-0{n}-p.md");
            let edited = if n == 3 { version } else { 1 };
            if n == 2 + version % 2 * 2 {
                let _ = std::fs::remove_file(self.site.path(&path));
            } else {
                self.site.write(&path, short(&format!("P{n} in {edited}"), &format!("tech, c{n}{edited}")));
            }
        }
    }

    /// Builds while strace makes system calls fail or kills, which never takes for ever.
    pub(super) fn build_with(&self, inject: &str) -> Output {
        self.build_traced(&[], inject)
    }

    /// The same, for system calls on this file alone.
    pub(super) fn build_beside(&self, file: &Path, inject: &str) -> Output {
        self.build_traced(&[OsStr::new("-P"), file.as_os_str()], inject)
    }

    fn build_traced(&self, options: &[&OsStr], inject: &str) -> Output {
        let mut command = Command::new("timeout");
        command.args(["--signal=KILL", LIMIT, "strace", "-f", "-qq", "-o", "/dev/null"]).args(options);
        let calls = inject.split(':').next().unwrap();
        command.args(["-e", &format!("trace={calls}"), "-e", &format!("inject={inject}"), PROGRAM, "build"]);
        self.site.prepare(&mut command);
        command.output().unwrap()
    }

    /// How often a thread makes one of these system calls in a build at most.
    pub(super) fn calls(&self, names: &str) -> usize {
        self.set_up();
        let mut command = Command::new("strace");
        let log = self.site.path("strace.log");
        command.args(["-f", "-qq", "-o"]).arg(&log).args(["-e", &format!("trace={names}"), PROGRAM, "build"]);
        self.site.prepare(&mut command);
        Ran::from(command.output().unwrap()).exits(0);
        let mut of_thread: BTreeMap<(String, String), usize> = BTreeMap::new();
        for line in std::fs::read_to_string(log).unwrap().lines() {
            // `4711 write(4, ...`, and not `4711 <... write resumed>`.
            let Some((thread, (name, _))) =
                line.split_once(' ').and_then(|(id, rest)| Some((id, rest.split_once('(')?)))
            else {
                continue;
            };
            *of_thread.entry((thread.to_owned(), name.trim().to_owned())).or_default() += 1;
        }
        of_thread.into_values().max().unwrap_or(0)
    }

    /// Every file that a reader may ask for is wholly of one of the versions, and the manifest names it.
    pub(super) fn assert_whole(&self, case: &str) {
        let published = self.site.published();
        let Some(manifest) = published.get(".syndicated.json") else {
            assert!(!published.keys().any(|path| path.ends_with(".xml")), "{case}: feeds without a manifest");
            return;
        };
        let manifest: Value = serde_json::from_slice(manifest).unwrap_or_else(|error| panic!("{case}: {error}"));
        let named: Vec<&str> =
            manifest["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
        for (path, bytes) in published.iter().filter(|(path, _)| is_for_readers(path)) {
            assert!(named.contains(&path.as_str()), "{case}: the manifest does not name {path}");
            // The list of feeds is written when some of them could not be, too; a post that may not be read is in none.
            let is_whole = [&self.old, &self.new].iter().any(|files| files.get(path) == Some(bytes))
                || (path.ends_with(".opml") && bytes.ends_with(b"</opml>\n"))
                || (case.contains("EACCES") && bytes.ends_with(b">\n") && !Read::parse(bytes).title.is_empty());
            assert!(is_whole, "{case}: {path} is of no version:\n{}", String::from_utf8_lossy(bytes));
        }
    }

    /// A build that nothing disturbs gives exactly the second version, whatever was left.
    pub(super) fn assert_made_up_for(&self, case: &str) {
        let ran = self.site.run_cmd(["build"]);
        assert_eq!(ran.code, 0, "{case}: the next build: {}", ran.stderr);
        self.assert_new(case);
    }

    /// All is as in the second version.
    pub(super) fn assert_new(&self, case: &str) {
        let published = self.site.published();
        let differ = |path: &&String| published.get(*path) != self.new.get(*path);
        let differing: Vec<_> = published.keys().chain(self.new.keys()).filter(differ).collect();
        assert!(differing.is_empty(), "{case}: not as built from nothing: {differing:?}");
    }
}

pub(super) fn is_for_readers(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|end| end == "xml" || end == "opml")
}
