//! `kill -9` at any moment of a build: every file that is there is whole, and the next build ends as if nothing had been.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use syndicated_bench::corpus::{self, Options};
use syndicated_bench::rng::Rng;

use super::compare::{same_files, scratch, tree};

const KILLS: u64 = 20;

fn build(home: &Path, out: &str, full: bool) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_syndicated"));
    command
        .current_dir(home)
        .args(["build", "--quiet", "--site", "site", "--out", out, "--state"])
        .arg(format!("{out}-state"));
    command.env("SYNDICATED_OUTPUT_HTML", "true");
    command.args(full.then_some("--full")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn parses(name: &str, bytes: &[u8]) {
    if name.ends_with(".json") {
        assert!(bytes.ends_with(b"]}\n"), "{name} is cut");
        return;
    }
    for (kind, end) in [(".opml", &b"</opml>\n"[..]), (".html", b"</html>\n")] {
        if name.ends_with(kind) {
            assert!(bytes.ends_with(end), "{name} is cut");
            return;
        }
    }
    let feed = feed_rs::parser::parse(bytes);
    assert!(feed.is_ok(), "{name}: {feed:?}\n{}", String::from_utf8_lossy(bytes));
}

#[test]
fn a_killed_build_leaves_whole_files_and_is_made_up_for() {
    let home = scratch();
    let site = home.path().join("site");
    corpus::write(&Options { posts: 2_000, categories: 60, ..Options::new(&site) }).unwrap();
    let began = Instant::now();
    assert!(build(home.path(), "reference", true).status().unwrap().success());
    let whole = usize::try_from(began.elapsed().as_micros()).unwrap();
    let reference = tree(&home.path().join("reference"));
    reference.iter().for_each(|(name, bytes)| parses(name, bytes));
    let out = home.path().join("out");
    let mut random = Rng::of(1, 1);
    for kill in 0..KILLS {
        if kill % 5 == 0 {
            // From nothing; the others over what the last ones left.
            let _ = fs::remove_dir_all(&out);
            let _ = fs::remove_dir_all(home.path().join("out-state"));
        }
        let mut killed = build(home.path(), "out", kill % 2 == 0).spawn().unwrap();
        // Not a wait for anything: the moment is meant to be any.
        thread::sleep(Duration::from_micros(random.below(whole) as u64));
        killed.kill().unwrap();
        killed.wait().unwrap();
        for (name, bytes) in tree(&out) {
            // A temporary file may remain: it has another name, and no reader asks for it.
            let is_published =
                [".xml", ".opml", ".html"].iter().any(|end| name.ends_with(end)) || name == ".syndicated.json";
            if is_published && reference.get(&name) != Some(&bytes) {
                parses(&name, &bytes);
            }
        }
        if kill % 5 == 3 {
            assert_eq!(build(home.path(), "out", false).status().unwrap().code(), Some(0), "after kill {kill}");
            same_files(&tree(&out), &reference).unwrap();
        }
    }
    assert_eq!(build(home.path(), "out", false).status().unwrap().code(), Some(0));
    same_files(&tree(&out), &reference).unwrap();
}
