//! Kernel limits and mounts, each in a namespace of the test's own.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Tortured, seeds, tell};
use crate::fixture::{Ran, Site, has_tool, short};
use crate::service::Running;

/// Runs one of the tests below in a namespace; what it tells is told.
fn within(flags: &str, test: &str) {
    if !has_tool("unshare", &[flags, "true"]) {
        return;
    }
    let this = std::env::current_exe().unwrap();
    let name = format!("torture::namespaces::{test}");
    let arguments = [flags, this.to_str().unwrap(), "--ignored", "--exact", &name, "--nocapture"];
    let ran = Ran::from(Command::new("unshare").args(arguments).output().unwrap());
    assert!(ran.code == 0 && ran.stdout.contains("1 passed"), "{}\n{}", ran.stdout, ran.stderr);
    ran.stderr.lines().filter_map(|line| line.strip_prefix("torture: ")).for_each(tell);
}

fn limit(name: &str, most: u32) {
    fs::write(Path::new("/proc/sys/user").join(name), most.to_string()).unwrap();
}

#[test]
fn at_the_limit_of_watches_it_says_what_to_set_and_looks_at_the_rest() {
    within("-r", "few_watches");
}

#[test]
#[ignore = "run by the test above, in its namespace"]
fn few_watches() {
    limit("max_inotify_watches", 3);
    let mut changes = 0;
    for seed in seeds(1) {
        let tortured = Tortured::new(seed);
        let site = &tortured.site;
        let running = site.start();
        running.logs("raise fs.inotify.max_user_watches with sysctl");
        changes += tortured.storm.rages(site);
        running.as_built(site);
        let line = "what could not be watched is looked at every 10 s";
        site.run_cmd(["status"]).says(line);
    }
    // Nobody asks: it looks by itself.
    let site = Site::jekyll().file("site/a/b/c/_posts/2022-01-01-a.md", short("A", "tech"));
    let running = site.start();
    site.write("site/a/b/c/_posts/2022-01-02-b.md", short("B", "tech"));
    running.until("the unwatched folder was looked at", || site.feed("tech/atom.xml").titles() == ["B", "A"]);
    // What is freed is used again.
    limit("max_inotify_watches", 1000);
    running.as_built(&site);
    site.write("site/a/b/c/_posts/2022-01-03-c.md", short("C", "tech"));
    running.as_built(&site);
    tell(&format!("{changes} changes with too few watches, no difference"));
}

#[test]
fn without_an_inotify_instance_it_says_what_to_set_and_looks_at_everything() {
    within("-r", "no_instance");
}

#[test]
#[ignore = "run by the test above, in its namespace"]
fn no_instance() {
    limit("max_inotify_instances", 0);
    let mut changes = 0;
    for seed in seeds(1) {
        let tortured = Tortured::new(seed);
        let running = tortured.site.start();
        running.logs("raise fs.inotify.max_user_instances with sysctl");
        changes += tortured.storm.rages(&tortured.site);
        running.as_built(&tortured.site);
    }
    tell(&format!("{changes} changes without an inotify instance, no difference"));
}

#[test]
fn what_is_unmounted_leaves_its_feeds_and_is_current_when_it_is_back() {
    within("-rm", "mounted");
}

fn run(program: &str, arguments: &[&str]) {
    Ran::from(Command::new(program).args(arguments).output().unwrap()).exits(0);
}

fn mount(from: &Path, at: &Path) {
    run("mount", &["--bind", from.to_str().unwrap(), at.to_str().unwrap()]);
}

/// It may be in use for as long as it is walked.
fn unmount(running: &Running, at: &Path) {
    running.until("it can be unmounted", || Command::new("umount").arg(at).output().unwrap().status.success());
}

#[test]
#[ignore = "run by the test above, in its namespace"]
fn mounted() {
    the_posts_are_unmounted();
    let mut mounts = 0;
    for seed in seeds(1) {
        let tortured = Tortured::new(seed);
        let site = &tortured.site;
        site.rename("site", "real");
        let (real, at) = (site.path("real"), site.path("site"));
        fs::create_dir(&at).unwrap();
        mount(&real, &at);
        let running = site.start();
        tortured.storm.rages(site);
        running.as_built(site);
        let before = site.published();
        unmount(&running, &at);
        let folder = tortured.storm.ground.brought("anchor");
        site.write(&format!("real/{folder}/2022-01-01-unseen.md"), short("Unseen", "tech"));
        running.logs("there is no post below");
        assert!(site.published() == before, "the feeds stay");
        mount(&real, &at);
        running.as_built(site);
        tortured.storm.rages(site);
        running.as_built(site);
        mounts += 1;
        drop(running);
        run("umount", &[at.to_str().unwrap()]);
    }
    tell(&format!("{mounts} sites unmounted and mounted again, no difference"));
}

fn the_posts_are_unmounted() {
    let site = Site::jekyll().file("disk/2022-01-01-a.md", short("A", "tech"));
    let (disk, posts) = (site.path("disk"), site.path("site/_posts"));
    mount(&disk, &posts);
    let running = site.start();
    let before = (site.published(), site.stamps());
    unmount(&running, &posts);
    running.logs("no post");
    site.run_cmd(["status"]).exits(3).says("a disk may not be mounted");
    assert!(before == (site.published(), site.stamps()), "the feeds stay");
    site.write("disk/2022-01-02-b.md", short("B", "tech"));
    mount(&disk, &posts);
    running.as_built(&site);
    assert_eq!(site.feed("tech/atom.xml").titles(), ["B", "A"]);
    // A file system of its own, which takes its posts with it.
    unmount(&running, &posts);
    run("mount", &["-t", "tmpfs", "posts", posts.to_str().unwrap()]);
    site.write("site/_posts/2022-01-03-c.md", short("C", "tech"));
    running.as_built(&site);
    assert_eq!(site.feed("tech/atom.xml").titles(), ["C"]);
    drop(running);
    run("umount", &[posts.to_str().unwrap()]);
}
