//! `run`: the feeds follow every kind of edit.

use std::fs::File;
use std::io::Write as _;
use std::process::Command;

use crate::fixture::{Ran, Site, front, has_tool, short};
use crate::reading::Read;
use crate::service::Running;

const POST: &str = "site/_posts/2022-01-01-a.md";

/// One post in `tech`, one in `money`.
fn site() -> Site {
    Site::jekyll().post("2022-01-01-a.md", short("A", "tech")).post("2022-01-02-b.md", short("B", "money"))
}

/// Waits until both formats of a feed hold posts of these titles.
#[track_caller]
fn shows(running: &Running, site: &Site, folder: &str, titles: &[&str]) {
    for format in ["rss", "atom"] {
        let path = format!("feeds/{folder}{format}.xml");
        running.until(&format!("{path} shows {titles:?}"), || {
            std::fs::read(site.path(&path)).is_ok_and(|bytes| Read::parse(&bytes).titles() == titles)
        });
    }
}

#[test]
fn a_post_written_in_place_never_shows_half() {
    let site = site();
    let running = site.start();
    // Truncated, and held open: its feeds wait, the others go on.
    let mut file = File::create(site.path(POST)).unwrap();
    site.write("site/_posts/2022-01-03-c.md", short("C", "money, other"));
    running.until("the other categories go on", || {
        // Still being written, again and again.
        file.write_all(b"---\ntitle: Half\n").unwrap();
        for path in ["tech/rss.xml", "tech/atom.xml"] {
            assert!(site.feed(path).only().content.contains("Text of A."), "the last state stays until it is closed");
        }
        site.exists("feeds/other/atom.xml")
    });
    file.set_len(0).unwrap();
    drop(file);
    site.write(POST, short("A again", "tech"));
    shows(&running, &site, "tech/", &["A again"]);
    shows(&running, &site, "", &["C", "B", "A again"]);
    running.as_built(&site);
}

#[test]
fn a_post_that_is_being_written_stays_when_another_appears_at_its_instant() {
    let at = syndicated::clock::now() / 1_000_000 + 3;
    let date = chrono::DateTime::from_timestamp(at, 0).unwrap().format("%F %T +0000").to_string();
    let site = site().file(
        &format!("site/_posts/{}-soon.md", &date[..10]),
        front(&format!("title: Soon\ncategories: [tech, later]\ndate: {date}"), "x"),
    );
    let running = site.start();
    let mut file = File::create(site.path(POST)).unwrap();
    let mut looks = 0;
    running.until("the other feed of the post shows it", || {
        file.write_all(b"---\ntitle: Half\n").unwrap();
        assert_eq!(site.feed("tech/atom.xml").titles().last(), Some(&"A"), "the last state stays until it is closed");
        looks += i32::from(site.exists("feeds/later/atom.xml"));
        looks > 100
    });
    file.set_len(0).unwrap();
    drop(file);
    site.write(POST, short("A again", "tech"));
    shows(&running, &site, "tech/", &["Soon", "A again"]);
}

#[test]
fn a_reload_waits_for_a_post_that_is_being_written() {
    let site = site();
    let running = site.start();
    let mut file = File::create(site.path(POST)).unwrap();
    let site = site.config("[content]\nmode = \"none\"");
    let mut looks = 0;
    running.until("the reload was noticed and waits", || {
        file.write_all(b"---\ntitle: Half\n").unwrap();
        assert_eq!(site.feed("tech/atom.xml").titles(), ["A"], "the last state stays until it is closed");
        looks += i32::from(running.log().contains("waits until the posts are closed"));
        looks > 100
    });
    file.set_len(0).unwrap();
    drop(file);
    site.write(POST, short("A again", "tech"));
    shows(&running, &site, "tech/", &["A again"]);
    running.logs("the new configuration holds");
    running.as_built(&site);
}

#[test]
fn a_post_written_beside_and_renamed_over() {
    let site = site();
    let running = site.start();
    site.write("site/_posts/.2022-01-01-a.md.swp", short("A again", "tech"));
    site.rename("site/_posts/.2022-01-01-a.md.swp", POST);
    shows(&running, &site, "tech/", &["A again"]);
    running.as_built(&site);
}

#[test]
fn a_post_moved_to_a_backup_and_written_anew() {
    let site = site();
    let running = site.start();
    site.rename(POST, &format!("{POST}~"));
    site.write(POST, short("A again", "tech"));
    site.remove(&format!("{POST}~"));
    running.until("the new text is there", || {
        // The feed of a category with one post never goes away meanwhile.
        site.feed("tech/rss.xml").only().title == "A again"
    });
    shows(&running, &site, "", &["B", "A again"]);
    running.as_built(&site);
}

#[test]
fn a_new_post_appears_and_a_deleted_one_goes_with_its_category() {
    let site = site();
    let running = site.start();
    site.write("site/_posts/2022-01-03-c.md", short("C", "fresh, tech"));
    shows(&running, &site, "fresh/", &["C"]);
    shows(&running, &site, "tech/", &["C", "A"]);
    site.remove("site/_posts/2022-01-03-c.md");
    running.until("the category goes", || !site.exists("feeds/fresh"));
    shows(&running, &site, "tech/", &["A"]);
    running.as_built(&site);
}

#[test]
fn a_post_moves_between_categories() {
    let site = site();
    let running = site.start();
    site.write(POST, short("A", "money"));
    shows(&running, &site, "money/", &["B", "A"]);
    running.until("its old category goes", || !site.exists("feeds/tech"));
    running.as_built(&site);
}

#[test]
fn a_broken_post_goes_is_logged_and_returns_when_it_is_mended() {
    let site = site();
    let running = site.start();
    site.write(POST, "---\ntitle: A\n\nText\n");
    running.until("its category goes", || !site.exists("feeds/tech"));
    assert!(running.logs("front-matter-unterminated").contains("2022-01-01-a.md"));
    site.write(POST, short("A mended", "tech"));
    shows(&running, &site, "tech/", &["A mended"]);
}

#[test]
fn folders_are_moved_in_and_out_with_their_posts() {
    let site =
        site().file("aside/deep/2022-02-01-x.md", short("X", "tech")).file("aside/2022-02-02-y.md", short("Y", "tech"));
    let running = site.start();
    site.rename("aside", "site/_posts/en");
    shows(&running, &site, "tech/", &["Y", "X", "A"]);
    // What is written in a folder that came is seen, too.
    site.write("site/_posts/en/deep/2022-02-01-x.md", short("X again", "tech"));
    shows(&running, &site, "tech/", &["Y", "X again", "A"]);
    site.rename("site/_posts/en", "aside");
    shows(&running, &site, "tech/", &["A"]);
    running.as_built(&site);
}

#[test]
fn a_new_folder_of_posts_is_seen() {
    let site = site();
    let running = site.start();
    site.write("site/news/_posts/deep/2022-02-01-x.md", short("X", "tech"));
    shows(&running, &site, "news/", &["X"]);
    shows(&running, &site, "tech/", &["X", "A"]);
}

#[test]
fn the_pages_of_categories_are_watched() {
    let site = site();
    let running = site.start();
    site.write("site/category/tech.html", "---\nlayout: category\ntitle: 科技\ncategory: tech\n---\n");
    running.until("the title is the page's", || site.feed("tech/atom.xml").title == "科技 | Example");
    site.remove("site/category/tech.html");
    running.until("the title is the label again", || site.feed("tech/atom.xml").title == "tech | Example");
}

#[test]
fn a_future_post_appears_at_its_instant() {
    let site = site();
    let seconds = || syndicated::clock::now() / 1_000_000;
    let at = seconds() + 3;
    let date = chrono::DateTime::from_timestamp(at, 0).unwrap().format("%F %T +0000");
    let site = site.file(
        &format!("site/_posts/{}-soon.md", &date.to_string()[..10]),
        front(&format!("title: Soon\ncategories: [tech]\ndate: {date}"), "x"),
    );
    let running = site.start();
    let mut seen_without = false;
    running.until("it appears by itself", || {
        let shown = site.feed("tech/atom.xml").titles() == ["Soon", "A"];
        seen_without |= !shown;
        shown
    });
    assert!(seen_without && seconds() >= at);
}

#[test]
fn a_change_that_is_dated_in_the_future_is_told_at_its_instant() {
    let site = site();
    let at = syndicated::clock::now() / 1_000_000 + 3;
    let changed = chrono::DateTime::from_timestamp(at, 0).unwrap().format("%FT%T+00:00").to_string();
    site.write(POST, front(&format!("title: A\ncategories: [tech]\nlast_modified_at: {changed}"), "x"));
    let running = site.start();
    let mut told_before = false;
    running.until("it is told by itself", || {
        let told = site.text("feeds/tech/atom.xml").contains(&format!("<updated>{changed}</updated>"));
        told_before |= told && syndicated::clock::now() / 1_000_000 < at;
        told
    });
    assert!(!told_before);
    running.as_built(&site);
}

#[test]
fn three_hundred_posts_change_with_a_branch() {
    if !has_tool("git", &["--version"]) {
        return;
    }
    let site = Site::jekyll();
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        site.prepare(&mut git);
        git.args(["-C", "site", "-c", "user.name=T", "-c", "user.email=t@example.com"]).args(arguments);
        Ran::from(git.output().unwrap()).exits(0);
    };
    let name = |n: usize| format!("site/_posts/20{:02}-{:02}-{:02}-p{n}.md", n % 20, n % 12 + 1, n % 28 + 1);
    git(&["init", "-q", "-b", "one"]);
    for n in 0..300 {
        site.write(&name(n), short(&format!("One {n}"), &format!("c{}", n % 30)));
    }
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "one"]);
    git(&["checkout", "-q", "-b", "two"]);
    for n in 0..300 {
        match n % 3 {
            0 => site.remove(&name(n)),
            _ => site.write(&name(n), short(&format!("Two {n}"), &format!("d{}", n % 20))),
        }
    }
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "two"]);
    git(&["checkout", "-q", "one"]);
    let running = site.start();
    for branch in ["two", "one"] {
        git(&["checkout", "-q", branch]);
        running.as_built(&site);
    }
}
