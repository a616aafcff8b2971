//! `run` as a service: signals, reloads, a second instance, and an output that fails for a while.

use std::fs;
use std::process::Command;

use rustix::process::Signal;

use crate::fixture::{PROGRAM, Site, has_tool, short};
use crate::reading::Read;
use crate::service::Running;

fn site() -> Site {
    Site::jekyll().post("2022-01-01-a.md", short("A", "tech")).post("2022-01-02-b.md", short("B", "tech"))
}

#[track_caller]
fn shows(running: &Running, site: &Site, path: &str, titles: &[&str]) {
    running.until(&format!("{path} shows {titles:?}"), || {
        fs::read(site.path("feeds").join(path)).is_ok_and(|bytes| Read::parse(&bytes).titles() == titles)
    });
}

#[test]
fn sigterm_and_sigint_end_it_with_0_and_everything_saved_before_published() {
    for (round, signal) in [Signal::TERM, Signal::INT].repeat(4).into_iter().enumerate() {
        let site = site();
        let mut running = site.start();
        for n in 0..round * 10 {
            site.write(&format!("site/_posts/2022-02-01-p{n:02}.md"), short(&format!("P{n}"), "late"));
        }
        assert_eq!(running.stop(signal), Some(0));
        running.logs("stopped");
        assert_eq!(site.published(), site.built_again());
        site.assert_sound();
    }
}

#[test]
fn sighup_reads_the_configuration_again() {
    let site = site();
    let running = site.start();
    let site = site.config("[content]\nlimit = 1");
    running.send(Signal::HUP);
    shows(&running, &site, "tech/atom.xml", &["B"]);
    running.logs("the new configuration holds");
}

#[test]
fn an_edited_configuration_is_taken_over_by_itself() {
    let site = site();
    let running = site.start();
    let site = site.config("[content]\nlimit = 1");
    shows(&running, &site, "tech/rss.xml", &["B"]);
    site.write("site/_config.yml", "title: Renamed\nurl: https://example.com\ntimezone: UTC\n");
    running.until("the site's title is the new one", || site.feed("rss.xml").title == "Renamed");
}

#[test]
fn a_broken_configuration_is_refused_and_the_old_one_goes_on() {
    let site = site();
    let running = site.start();
    let good = site.text("syndicated.toml");
    site.write("syndicated.toml", "[content]\nlimt = 1\n");
    running.send(Signal::HUP);
    let line = running.logs("the old one goes on");
    assert!(line.contains("limt"), "{line}");
    site.write("site/_posts/2022-01-03-c.md", short("C", "tech"));
    shows(&running, &site, "tech/atom.xml", &["C", "B", "A"]);
    site.write("syndicated.toml", format!("{good}[content]\nlimit = 2\n"));
    running.send(Signal::HUP);
    shows(&running, &site, "tech/atom.xml", &["C", "B"]);
}

#[test]
fn a_state_that_cannot_be_opened_at_a_reload_is_said_and_it_catches_up_when_it_can() {
    let site = site();
    let running = site.start();
    let state = site.path(".syndicated/feeds/catalog.sqlite");
    fs::remove_file(&state).unwrap();
    // A folder with something in it cannot be replaced, by root neither.
    site.write(".syndicated/feeds/catalog.sqlite/in-the-way", "");
    let site = site.config("[content]\nlimit = 1");
    running.send(Signal::HUP);
    running.logs("the old one goes on");
    site.write("site/_posts/2022-01-03-c.md", short("C", "tech"));
    fs::remove_dir_all(&state).unwrap();
    // By the old configuration or the new one, whose file is noticed, too.
    running.until("the newest is there", || site.feed("tech/atom.xml").titles().first() == Some(&"C"));
    running.send(Signal::HUP);
    shows(&running, &site, "tech/atom.xml", &["C"]);
}

#[test]
fn what_holds_for_long_is_said_once() {
    let site = site().config("[content]\nmax_size = 1024");
    let running = site.start();
    running.logs("the feed of category tech holds");
    for title in ["C", "D", "E"] {
        site.write("site/_posts/2022-01-03-c.md", short(title, "tech"));
        running.until("the newest is there", || site.feed("tech/atom.xml").titles().first() == Some(&title));
    }
    assert_eq!(running.log().matches("the feed of category tech holds 1 of its 3").count(), 1, "{}", running.log());
}

#[test]
fn another_output_is_taken_over_by_a_reload() {
    let site = site();
    let running = site.start();
    let site = site.config("[output]\npath = \"public\"");
    running.send(Signal::HUP);
    running.until("the new folder holds the feeds", || {
        site.exists("public/tech/atom.xml") && site.exists("public/.syndicated.json")
    });
}

#[test]
fn a_second_instance_is_refused_with_the_pid_of_the_first() {
    let site = site();
    let mut running = site.start();
    let pid = format!("process {}", running.pid());
    site.run_cmd(["build"]).exits(2).complains(&pid);
    site.run_cmd(["run"]).exits(2).complains(&pid);
    site.run_cmd(["check"]).exits(0);
    assert_eq!(running.stop(Signal::TERM), Some(0));
    site.build();
}

#[test]
fn after_a_crash_the_next_one_starts() {
    let site = site();
    let mut running = site.start();
    running.stop(Signal::KILL);
    site.write("site/_posts/2022-01-03-c.md", short("C", "tech"));
    let running = site.start();
    shows(&running, &site, "tech/atom.xml", &["C", "B", "A"]);
}

#[test]
fn logs_can_be_json() {
    let site = site();
    let running = site.start_with(&["--json"]);
    let line: serde_json::Value = serde_json::from_str(&running.logs("ready")).unwrap();
    assert_eq!((&line["message"], &line["level"], &line["written"]), (&"ready".into(), &"INFO".into(), &5.into()));
}

#[test]
fn a_start_without_posts_is_refused() {
    let site = Site::jekyll();
    site.run_cmd(["run"]).exits(2).complains("--allow-empty");
}

#[test]
fn posts_that_vanish_at_once_leave_the_feeds_and_it_catches_up_when_they_return() {
    let site = site();
    let running = site.start();
    site.rename("site/_posts", "away");
    running.logs("left as they are");
    assert_eq!(site.feed("tech/atom.xml").titles(), ["B", "A"]);
    site.write("away/2022-01-03-c.md", short("C", "tech"));
    site.rename("away", "site/_posts");
    shows(&running, &site, "tech/atom.xml", &["C", "B", "A"]);
}

#[test]
fn a_foreign_file_in_the_way_is_said_and_it_catches_up_when_that_is_gone() {
    let site = site();
    let running = site.start();
    site.write("feeds/fresh/rss.xml", "mine");
    site.write("site/_posts/2022-01-03-c.md", short("C", "fresh"));
    running.logs("feeds/fresh/rss.xml");
    shows(&running, &site, "rss.xml", &["C", "B", "A"]);
    assert_eq!(site.text("feeds/fresh/rss.xml"), "mine");
    site.remove("feeds/fresh/rss.xml");
    shows(&running, &site, "fresh/rss.xml", &["C"]);
    running.logs("everything is published again");
}

#[test]
fn an_output_folder_that_vanished_is_made_again_with_all_feeds() {
    let site = site().post("2022-01-01-m.md", short("M", "money"));
    let running = site.start();
    fs::remove_dir_all(site.path("feeds")).unwrap();
    site.write("site/_posts/2022-01-03-c.md", short("C", "tech"));
    shows(&running, &site, "tech/atom.xml", &["C", "B", "A"]);
    shows(&running, &site, "money/atom.xml", &["M"]);
    shows(&running, &site, "money/rss.xml", &["M"]);
}

#[test]
fn an_output_that_cannot_be_written_is_said_and_it_catches_up_when_it_can() {
    let site = site();
    let running = site.start();
    // In the way of the folder itself: for root, too, nothing can be written there.
    site.rename("feeds", "kept");
    site.write("feeds", "a file");
    site.write("site/_posts/2022-01-03-c.md", short("C", "tech"));
    running.logs("ERROR");
    site.remove("feeds");
    site.rename("kept", "feeds");
    shows(&running, &site, "tech/atom.xml", &["C", "B", "A"]);
    running.logs("everything is published again");
}

#[test]
fn a_full_disk_is_said_and_it_catches_up_when_there_is_room() {
    if !has_tool("unshare", &["-m", "true"]) {
        return;
    }
    let site = site().file("feeds/.keep", "");
    let script = "mount -t tmpfs -o size=200k none feeds && exec \"$0\" run";
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", script, PROGRAM]);
    site.prepare(&mut command);
    let running = Running::spawn(command);
    running.logs("ready");
    // Its disk is seen through its own root.
    let feeds = std::path::PathBuf::from(format!("/proc/{}/root", running.pid()))
        .join(site.path("feeds").strip_prefix("/").unwrap());
    let titles = || Read::parse(&fs::read(feeds.join("tech/atom.xml")).unwrap()).titles().join(" ");
    assert_eq!(titles(), "B A");
    let filler = vec![0; 1 << 20];
    assert!(fs::write(feeds.join("filler"), filler).is_err(), "the disk is full");
    site.write("site/_posts/2022-01-03-c.md", short("C", "tech") + &"x".repeat(9000));
    running.logs("No space left on device");
    assert_eq!(titles(), "B A");
    fs::remove_file(feeds.join("filler")).unwrap();
    running.until("there is room again", || titles() == "C B A");
    running.logs("everything is published again");
}
