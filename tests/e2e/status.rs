//! `status`: what a service says of itself, and when all is published.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;

use rustix::process::Signal;
use serde_json::Value;

use crate::fixture::{Site, front, short};

const POST: &str = "site/_posts/2022-01-01-a.md";

fn site() -> Site {
    Site::jekyll().post("2022-01-01-a.md", short("A", "tech")).post("2022-01-02-b.md", short("B", "money"))
}

fn status(site: &Site, arguments: &[&str]) -> Value {
    let ran = site.run_cmd(["status", "--json"].iter().chain(arguments));
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}{}", ran.stdout, ran.stderr))
}

#[test]
fn it_says_what_is_there_what_changed_and_what_is_wrong() {
    let site = site().post("2022-01-03-c.md", "---\ntitle: C\n");
    let running = site.start();
    let first = status(&site, &[]);
    assert_eq!(first["state"], "idle");
    assert_eq!(first["pid"], running.pid());
    assert_eq!((&first["posts"]["kept"], &first["posts"]["left_out"]), (&2.into(), &1.into()));
    assert_eq!((&first["feeds"], &first["errors"], &first["warnings"]), (&3.into(), &1.into(), &0.into()));
    assert_eq!(first["findings"][0]["path"], "_posts/2022-01-03-c.md");
    assert_eq!(first["findings"][0]["line"], 1);
    assert!(first["memory"]["resident"].as_u64().unwrap() > 1_000_000);
    site.write(POST, short("A again", "tech"));
    running.settles(&site);
    let then = status(&site, &[]);
    assert_eq!(then["last"]["posts"], "_posts/2022-01-01-a.md");
    assert_eq!(then["last"]["feeds"], "all posts, category tech");
    assert_eq!((&then["last"]["written"], &then["publications"]), (&4.into(), &2.into()));
    site.run_cmd(["status"]).exits(0).says("state     idle").says("posts     2 kept, 1 left out").says("c.md:1: ");
}

#[test]
fn waiting_ends_when_all_that_was_saved_before_is_published() {
    let site = site();
    let running = site.start();
    for n in 0..50 {
        site.write(POST, short(&format!("A {n}"), "tech"));
        running.settles(&site);
        assert_eq!(site.feed("tech/rss.xml").titles(), [format!("A {n}")]);
        assert_eq!(site.feed("atom.xml").titles(), ["B".to_owned(), format!("A {n}")]);
    }
    running.as_built(&site);
}

#[test]
fn it_is_not_idle_while_a_post_is_being_written() {
    let site = site();
    let running = site.start();
    let mut file = File::create(site.path(POST)).unwrap();
    running.until("it is known that the post is being written", || {
        file.write_all(b"x").unwrap();
        status(&site, &[])["state"] == "waiting"
    });
    file.set_len(0).unwrap();
    drop(file);
    site.write(POST, short("A again", "tech"));
    running.as_built(&site);
}

#[test]
fn it_tells_the_next_instant_of_the_schedule() {
    let site = site().file(
        "site/_posts/2999-01-01-later.md",
        front("title: Later\ncategories: [tech]\ndate: 2999-01-01 08:00:00 +0800", "x"),
    );
    let _running = site.start();
    assert_eq!(status(&site, &[])["next"], "2999-01-01T00:00:00+00:00");
    site.run_cmd(["status"]).says("2999-01-01T00:00:00+00:00: a post appears or expires");
}

#[test]
fn what_cannot_be_published_ends_with_3_and_is_waited_for() {
    let site = site();
    let running = site.start();
    // A foreign file in the way.
    site.write("feeds/other/rss.xml", "mine");
    site.write("site/_posts/2022-01-03-c.md", short("C", "other"));
    running.logs("feeds/other/rss.xml");
    let failing = status(&site, &[]);
    assert_eq!(failing["state"], "failing");
    assert!(failing["failing"][0].as_str().unwrap().contains("other/rss.xml"), "{failing:#}");
    site.run_cmd(["status"]).exits(3).says("failing");
    site.run_cmd(["status", "--wait", "--timeout", "0"]).exits(2).complains("not idle within 0 seconds");
    site.remove("feeds/other/rss.xml");
    running.as_built(&site);
}

#[test]
fn nobody_is_there_before_and_after_a_service() {
    let site = site();
    site.run_cmd(["status"]).exits(2).complains("no service keeps these feeds current");
    let mut running = site.start();
    assert_eq!(running.stop(Signal::TERM), Some(0));
    site.run_cmd(["status"]).exits(2).complains("`syndicated run` starts one");
    // Killed, it leaves a socket, which the next one replaces.
    let mut running = site.start();
    running.stop(Signal::KILL);
    site.run_cmd(["status"]).exits(2).complains("no service keeps these feeds current");
    let running = site.start();
    assert_eq!(status(&site, &[])["pid"], running.pid());
}

#[test]
fn a_service_whose_configuration_cannot_be_read_any_more_is_asked_by_its_state_folder() {
    let site = site();
    let running = site.start();
    site.write("syndicated.toml", "[content]\nlimt = 1\n");
    let refused = site.run_cmd(["status"]).exits(2).complains("limt").complains("status.sock");
    assert!(refused.stderr.contains("syndicated status --state DIR"), "{}", refused.stderr);
    let state = ".syndicated/feeds";
    assert_eq!(status(&site, &["--state", state])["pid"], running.pid());
    // Neither is it needed that there is one, or a site.
    site.remove("syndicated.toml");
    site.write(POST, short("A again", "tech"));
    site.run_cmd(["status", "--wait", "--state", state]).exits(0);
    assert_eq!(site.feed("tech/rss.xml").titles(), ["A again"]);
    site.run_cmd(["status", "--state", "elsewhere"]).exits(2).complains("no service keeps these feeds current");
}

#[test]
fn only_its_own_user_may_ask_and_a_long_name_is_no_hindrance() {
    let deep = "d".repeat(100);
    let site = site().config(&format!("[state]\npath = \"{deep}\""));
    let running = site.start();
    running.settles(&site);
    let mode = std::fs::metadata(site.path(&deep).join("status.sock")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_broken_post_is_told_of_once() {
    let site = site();
    let running = site.start();
    let broken = |n: usize| format!("---\ntitle: \"C \"c\" {}\"\ndate: 2022-01-03 00:00:00 +0000\n---\n{n}\n", "c");
    for n in 0..5 {
        site.write("site/_posts/2022-01-03-c.md", broken(n));
        running.settles(&site);
    }
    assert_eq!(running.log().matches("front-matter-repaired").count(), 1, "{}", running.log());
}
