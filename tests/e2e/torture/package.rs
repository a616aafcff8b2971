//! The Debian package, installed, used and purged on an overlay of this machine, in namespaces of the test's own.

use std::process::Command;

use crate::fixture::{Ran, Site, has_tool, short, skipped};

/// What is done on the overlay; its last word says that it came to its end.
const STEPS: &str = include_str!("package.sh");

#[test]
fn the_package_is_installed_used_and_purged() {
    let Ok(package) = std::env::var("SYNDICATED_DEB") else {
        return skipped("package", "SYNDICATED_DEB names no package (`scripts/torture package` makes one)");
    };
    // An overlay of the root is Debian itself, and what is written to it is gone with the namespace.
    if !has_tool("unshare", &["-m", "mount", "-t", "tmpfs", "none", "/mnt"])
        || !has_tool("dpkg", &["--status", "init-system-helpers"])
    {
        return;
    }
    let site = Site::jekyll().post("2022-01-01-a.md", short("A", "tech"));
    let mut steps = Command::new("unshare");
    steps.args(["-m", "-p", "-f", "bash", "-euc", STEPS, "steps", &package]).arg(site.path("site"));
    let ran = Ran::from(steps.output().unwrap()).exits(0).says("all of it holds");
    for line in ran.stdout.lines().filter_map(|line| line.strip_prefix("SKIPPED: ")) {
        skipped("package", line);
    }
}
