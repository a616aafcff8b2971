//! The sample at the top of the repository, and the feeds that are committed with it.

use std::path::Path;
use std::process::Command;

use crate::fixture::{PROGRAM, Ran, files_below};

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
