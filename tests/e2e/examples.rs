//! The sample at the top of the repository, and the feeds that are committed with it.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::fixture::{PROGRAM, Ran, files_below, golden};
use crate::reading::Read;

#[test]
fn the_committed_feeds_are_those_of_a_fresh_build() {
    let (top, folder) = (Path::new(env!("CARGO_MANIFEST_DIR")), tempfile::tempdir().unwrap());
    let (out, state) = (folder.path().join("feeds"), folder.path().join("state"));
    let mut build = Command::new(PROGRAM);
    build.current_dir(top).env_clear().env("TZ", "UTC").args(["build", "--out"]).arg(&out).arg("--state").arg(&state);
    let ran = Ran::from(build.output().unwrap()).exits(0).says("fin");
    assert!(!ran.stdout.contains("0 kept"), "{ran:?}");
    let (committed, fresh) = (files_below(&top.join("feeds")), files_below(&out));
    assert_eq!(committed.keys().collect::<Vec<_>>(), fresh.keys().collect::<Vec<_>>());
    for (path, bytes) in &fresh {
        assert!(&committed[path] == bytes, "feeds/{path} is out of date: cargo run --release -- build");
    }
}

/// Trees of other generators: where each post's page is, when it was published, and under which labels.
#[test]
fn the_examples_of_plain_trees_say_what_their_generators_do() {
    let mut told = String::new();
    for name in ["astro", "docusaurus", "eleventy", "obsidian", "pelican"] {
        let folder = tempfile::tempdir().unwrap();
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
        let (out, state) = (folder.path().join("feeds"), folder.path().join("state"));
        let mut build = Command::new(PROGRAM);
        build.current_dir(&example).env_clear().args(["build", "--out"]).arg(&out).arg("--state").arg(&state);
        Ran::from(build.output().unwrap()).exits(0);
        let _ = writeln!(told, "{name}: {}", files_below(&out).into_keys().collect::<Vec<_>>().join(" "));
        let all = files_below(&out).into_iter().find(|(path, _)| path.ends_with("atom.xml") && !path.contains('/'));
        for item in Read::parse(&all.unwrap().1).items {
            let _ =
                writeln!(told, "  {} {}\n    {}: {}", item.published, item.link, item.title, item.labels.join(", "));
        }
    }
    golden("examples.txt", &told);
}
