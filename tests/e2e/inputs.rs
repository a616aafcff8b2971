//! Bad input through the public face: bounded time and memory, said in printable words, and nobody else's feed touched.

mod files;
mod names;
mod outside;
mod texts;

use std::collections::BTreeMap;
use std::process::Command;

use crate::fixture::{PROGRAM, Ran, Report, Site, short};

/// All the memory that the program may ask the system for, in KiB; this includes what it never touches.
const MEMORY: u64 = 1 << 20;
/// A guard against what never ends, in seconds.
const FOREVER: &str = "240";

/// A Jekyll site with a sound post.
fn sound() -> Site {
    Site::jekyll().post("2022-01-01-sound.md", short("Sound", "news"))
}

/// Runs the program with little memory.
fn bounded(site: &Site, arguments: &[&str]) -> Ran {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -v {MEMORY}; exec timeout {FOREVER} \"$0\" \"$@\""), PROGRAM]);
    command.args(arguments);
    site.prepare(&mut command);
    // Each thread has a stack and an arena of address space.
    command.env("SYNDICATED_STATE_THREADS", "2").env("MALLOC_ARENA_MAX", "2");
    Ran::from(command.output().unwrap())
}

/// Builds the site with little memory; its feeds are sound, and that of the sound post's category is as it is without
/// the others.
fn built(site: &Site) -> Report {
    let ran = bounded(site, &["build", "--json"]).exits(0);
    site.assert_sound();
    assert_eq!(of_others(site), of_others(&ended(sound())));
    Report(serde_json::from_str(&ran.stdout).unwrap())
}

/// The feeds that only the sound post is in.
fn of_others(site: &Site) -> BTreeMap<String, Vec<u8>> {
    let mut published = site.published();
    published.retain(|path, _| path.starts_with("news/"));
    assert_eq!(published.len(), 2, "{:?}", published.keys());
    published
}

fn ended(site: Site) -> Site {
    site.build();
    site
}

/// What is said to people has no escape sequence, and no line that a name made up.
fn printable(site: &Site) {
    let says = [&["build", "--full", "--verbose"][..], &["check"], &["check", "--format", "github"], &["list"]];
    for arguments in says {
        let ran = bounded(site, arguments);
        assert!((0..=1).contains(&ran.code), "{ran:?}");
        for line in ran.stdout.lines().chain(ran.stderr.lines()) {
            assert!(!line.contains(is_deceptive), "{line:?}");
            assert!(!line.starts_with("forged"), "{line:?}");
        }
    }
}

fn is_deceptive(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
