//! No feed is ever lost: what is missing, emptied, damaged or in the way, and what is left untouched.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::process::geteuid;

use crate::fixture::{Ran, Report, Site, front, has_tool, short};

/// Two categories, two posts, built.
fn built() -> Site {
    let site = Site::jekyll().post("2022-01-01-a.md", short("A", "tech")).post("2022-01-02-b.md", short("B", "money"));
    assert_eq!(site.build().files(), (7, 0, 0));
    site
}

/// A build that is refused says this, and touches nothing.
#[track_caller]
fn refused(site: &Site, text: &str) {
    let before = (site.published(), site.stamps());
    site.run_cmd(["build"]).exits(2).complains(text).complains("left as they are");
    assert!(before == (site.published(), site.stamps()));
}

#[test]
fn a_missing_posts_folder_leaves_the_feeds_as_they_are() {
    let site = built();
    site.rename("site/_posts", "moved");
    refused(&site, "no post");
}

#[test]
fn a_missing_site_leaves_the_feeds_as_they_are() {
    let site = built();
    site.rename("site", "moved");
    let before = site.stamps();
    site.run_cmd(["build"]).exits(2).complains("site");
    assert_eq!(site.stamps(), before);
}

#[test]
fn an_emptied_posts_folder_leaves_the_feeds_as_they_are() {
    let site = built();
    site.remove("site/_posts/2022-01-01-a.md");
    site.remove("site/_posts/2022-01-02-b.md");
    refused(&site, "--allow-empty");
    fs::remove_dir_all(site.path(".syndicated")).unwrap();
    refused(&site, "--allow-empty");
}

#[test]
fn an_unreadable_posts_folder_leaves_the_feeds_as_they_are() {
    let site = built();
    fs::set_permissions(site.path("site/_posts"), fs::Permissions::from_mode(0o000)).unwrap();
    let mut command = site.command(["build"]);
    if geteuid().is_root() {
        // Permissions do not bind root: the same user without that power does as well.
        let drop = ["--bounding-set", "-all", "--inh-caps", "-all"];
        if !has_tool("setpriv", &[&drop[..], &["true"]].concat()) {
            return;
        }
        command = Command::new("setpriv");
        command.args(drop).args([crate::fixture::PROGRAM, "build"]);
        site.prepare(&mut command);
    }
    let before = site.stamps();
    Ran::from(command.output().unwrap()).exits(2).complains("_posts").complains("left as they are");
    assert_eq!(site.stamps(), before);
    fs::set_permissions(site.path("site/_posts"), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(site.build().files().0, 0);
}

#[test]
fn allow_empty_says_that_no_post_is_meant() {
    let site = built();
    site.remove("site/_posts/2022-01-01-a.md");
    site.remove("site/_posts/2022-01-02-b.md");
    assert_eq!(site.report(&["--allow-empty"], 0).number("/files/removed"), 4);
    assert_eq!(
        site.published().into_keys().collect::<Vec<_>>(),
        [".syndicated.json", "atom.xml", "feeds.opml", "rss.xml"]
    );
    assert!(site.feed("atom.xml").items.is_empty());
    site.assert_sound();
}

#[test]
fn a_foreign_file_in_the_way_is_named_and_untouched_and_the_other_feeds_are_written() {
    let site = Site::jekyll().post("2022-01-01-a.md", short("A", "tech, money")).file("feeds/tech/rss.xml", "mine");
    let report = site.report(&[], 3);
    assert!(report.problems().contains("feeds/tech/rss.xml"), "{}", report.problems());
    assert_eq!(site.text("feeds/tech/rss.xml"), "mine");
    assert_eq!(site.feed("money/rss.xml").titles(), ["A"]);
    assert_eq!(site.feed("atom.xml").titles(), ["A"]);
    assert!(!site.text("feeds/.syndicated.json").contains("tech/rss.xml"));
    site.run_cmd(["build"]).exits(3).complains("feeds/tech/rss.xml");
    site.remove("feeds/tech/rss.xml");
    site.build();
    assert_eq!(site.feed("tech/rss.xml").titles(), ["A"]);
    site.assert_sound();
}

#[test]
fn foreign_files_beside_the_feeds_stay() {
    let site = built();
    site.write("feeds/index.html", "mine");
    site.write("feeds/tech/notes.txt", "mine");
    site.remove("site/_posts/2022-01-01-a.md");
    site.build();
    assert_eq!((site.text("feeds/index.html"), site.text("feeds/tech/notes.txt")), ("mine".into(), "mine".into()));
    assert!(!site.exists("feeds/tech/rss.xml"));
}

#[test]
fn a_folder_where_a_feed_belongs_is_named_and_untouched() {
    let site = Site::jekyll().post("2022-01-01-a.md", short("A", "tech")).file("feeds/rss.xml/x", "mine");
    let report = site.report(&[], 3);
    assert!(report.problems().contains("feeds/rss.xml"), "{}", report.problems());
    assert_eq!(site.text("feeds/rss.xml/x"), "mine");
    assert_eq!(site.feed("tech/rss.xml").titles(), ["A"]);
}

#[test]
fn the_manifest_says_what_is_ours() {
    let site = built();
    let manifest: serde_json::Value = serde_json::from_str(&site.text("feeds/.syndicated.json")).unwrap();
    let listed: Vec<(String, u64)> = manifest["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (file["path"].as_str().unwrap().to_owned(), file["length"].as_u64().unwrap()))
        .collect();
    let mut published = site.published();
    published.remove(".syndicated.json");
    let there: Vec<(String, u64)> = published.into_iter().map(|(path, bytes)| (path, bytes.len() as u64)).collect();
    assert_eq!(listed, there);
}

#[test]
fn nothing_is_touched_when_nothing_changed() {
    let site = built();
    site.age();
    site.build();
    let before = site.stamps();
    let report = site.build();
    assert_eq!((report.files().0, report.files().2, report.number("/posts/opened")), (0, 0, 0));
    assert_eq!(site.report(&["--full"], 0).files(), (0, 6, 0));
    assert_eq!(site.stamps(), before);
}

#[test]
fn a_touched_post_touches_no_feed() {
    let site = built();
    let before = site.stamps();
    site.write("site/_posts/2022-01-01-a.md", short("A", "tech"));
    assert_eq!(site.build().files().0, 0);
    assert_eq!(site.stamps(), before);
}

#[test]
fn a_changed_post_touches_its_own_feeds_only() {
    let site = built();
    let before = site.stamps();
    site.write("site/_posts/2022-01-01-a.md", short("A changed", "tech"));
    assert_eq!(site.build().files().0, 4);
    let after = site.stamps();
    for path in ["money/rss.xml", "money/atom.xml"] {
        assert_eq!(before[path], after[path], "{path}");
    }
}

#[test]
fn a_deleted_state_folder_costs_speed_and_nothing_else() {
    let site = built();
    let before = (site.published(), site.stamps());
    fs::remove_dir_all(site.path(".syndicated")).unwrap();
    assert_eq!(site.build().files(), (0, 6, 0));
    assert!(before == (site.published(), site.stamps()));
}

#[test]
fn a_fresh_clone_of_posts_and_feeds_rewrites_nothing() {
    let (old, clone) = (built(), Site::bare());
    for (path, bytes) in crate::fixture::files_below(&old.path("")) {
        if !path.starts_with(".syndicated/") {
            clone.write(&path, bytes);
        }
    }
    let before = clone.stamps();
    assert_eq!(clone.build().files(), (0, 6, 0));
    assert_eq!(clone.stamps(), before);
}

#[test]
fn deleted_and_truncated_files_are_healed_and_the_others_untouched() {
    let site = built();
    let (bytes, before) = (site.published(), site.stamps());
    site.remove("feeds/tech/rss.xml");
    fs::File::options().write(true).open(site.path("feeds/money/atom.xml")).unwrap().set_len(10).unwrap();
    assert_eq!(site.build().files().0, 2);
    assert!(site.published() == bytes);
    let changed: Vec<_> =
        site.stamps().into_iter().filter(|(path, stamp)| before[path] != *stamp).map(|(path, _)| path).collect();
    assert!(
        changed.iter().all(|path| ["tech/rss.xml", "money/atom.xml", ".syndicated.json"].contains(&&**path)),
        "{changed:?}"
    );
}

#[test]
fn a_removed_output_folder_is_made_again() {
    let site = built();
    let bytes = site.published();
    fs::remove_dir_all(site.path("feeds")).unwrap();
    site.build();
    assert!(site.published() == bytes);
}

#[test]
fn a_category_that_loses_its_last_post_loses_its_files_and_its_folder() {
    let site = built();
    site.write("site/_posts/2022-01-01-a.md", short("A", "money"));
    assert_eq!(site.build().number("/files/removed"), 2);
    assert!(!site.exists("feeds/tech"));
    assert!(!site.text("feeds/.syndicated.json").contains("tech/"));
}

#[test]
fn another_layout_leaves_no_orphan() {
    let site = built();
    let site = site.config("[output.layout]\ncategory = \"by/{slug}.{format}\"");
    let report = site.build();
    assert_eq!(report.number("/files/removed"), 4);
    let files: Vec<_> = site.published().into_keys().collect();
    let expected = [
        ".syndicated.json",
        "atom.xml",
        "by/money.atom",
        "by/money.rss",
        "by/tech.atom",
        "by/tech.rss",
        "feeds.opml",
        "rss.xml",
    ];
    assert_eq!(files, expected);
    assert!(!site.exists("feeds/tech"));
}

#[test]
fn a_format_that_is_no_longer_wanted_goes() {
    let site = built().config("[output]\nformats = [\"atom\"]");
    assert_eq!(site.build().number("/files/removed"), 3);
    assert!(!site.exists("feeds/rss.xml") && site.exists("feeds/tech/atom.xml"));
}

#[test]
fn what_an_interrupted_run_left_behind_is_cleaned_up() {
    let site = built();
    site.write("feeds/.syndicated-tmp-1-1", "half a feed");
    site.write("site/_posts/2022-01-01-a.md", short("A changed", "tech"));
    site.build();
    let left: Vec<_> = site.published().into_keys().filter(|path| path.contains("tmp")).collect();
    assert_eq!(left, [""; 0]);
}

/// The catalog is damaged so; the next build says so and gives the same bytes.
#[track_caller]
fn damaged(spoil: impl Fn(&std::path::Path)) -> Report {
    let site = built();
    site.age();
    let before = (site.published(), site.stamps());
    spoil(&site.path(".syndicated/feeds/catalog.sqlite"));
    let report = site.build();
    assert!(before == (site.published(), site.stamps()));
    assert!(report.problems().contains("catalog"), "{}", report.problems());
    assert_eq!(site.build().number("/posts/opened"), 0, "the new catalog serves");
    report
}

#[test]
fn a_catalog_of_garbage_is_made_anew() {
    damaged(|catalog| fs::write(catalog, "garbage").unwrap());
}

#[test]
fn a_truncated_catalog_is_made_anew() {
    damaged(|catalog| {
        let half = fs::metadata(catalog).unwrap().len() / 2;
        fs::File::options().write(true).open(catalog).unwrap().set_len(half).unwrap();
    });
}

#[test]
fn a_catalog_with_a_page_of_noise_is_made_anew() {
    damaged(|catalog| {
        let mut bytes = fs::read(catalog).unwrap();
        let noise = (4096..bytes.len()).map(|n| (n * 2_654_435_761) as u8).collect::<Vec<_>>();
        bytes.splice(4096.., noise);
        fs::write(catalog, bytes).unwrap();
    });
}

#[test]
fn a_catalog_of_another_version_is_made_anew() {
    damaged(|catalog| {
        // The user version, at offset 60 of an SQLite file.
        let mut bytes = fs::read(catalog).unwrap();
        bytes[60..64].copy_from_slice(&9999_u32.to_be_bytes());
        fs::write(catalog, bytes).unwrap();
    });
}

#[test]
fn a_damaged_manifest_is_said_and_written_anew() {
    let site = built();
    let bytes = site.published();
    site.write("feeds/.syndicated.json", &bytes[".syndicated.json"][..100]);
    let report = site.build();
    assert!(report.problems().contains(".syndicated.json is damaged"), "{}", report.problems());
    assert!(site.published() == bytes);
}

#[test]
fn a_full_disk_is_a_clear_error_and_the_old_feeds_stay_whole() {
    if !has_tool("unshare", &["-m", "true"]) {
        return;
    }
    let site = built();
    site.write("site/_posts/2022-01-01-a.md", short("A", "tech") + &"x".repeat(300_000));
    // A disk of its own that holds the feeds as they are, and little more; what is on it at the end comes back.
    let script = "cp -a feeds kept && mount -t tmpfs -o size=100k none feeds && cp -a kept/. feeds/ && \
                  { \"$0\" build; code=$?; rm -r kept; cp -a feeds kept; exit $code; }";
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", script, crate::fixture::PROGRAM]);
    site.prepare(&mut command);
    Ran::from(command.output().unwrap()).exits(3).complains("No space left on device").complains("the old files");
    let mut after = crate::fixture::files_below(&site.path("kept"));
    let mut before = site.published();
    for files in [&mut before, &mut after] {
        files.remove(".syndicated.json");
    }
    assert!(before == after);
    site.build();
    assert!(site.feed("tech/rss.xml").items[0].content.len() > 300_000);
}

#[test]
fn a_post_that_changes_all_the_while_is_said_and_its_feeds_keep_their_last_state() {
    let site = Site::jekyll().post("2022-01-01-a.md", short("A", "tech")).post("2022-01-02-b.md", short("B", "other"));
    site.build();
    let done = AtomicBool::new(false);
    let ran = thread::scope(|scope| {
        scope.spawn(|| {
            for n in (0..u32::MAX).take_while(|_| !done.load(Ordering::Relaxed)) {
                site.write("beside.md", front(&format!("title: A\ncategories: [tech]\nfeed_id: urn:x:{n}"), "x"));
                site.rename("beside.md", "site/_posts/2022-01-01-a.md");
            }
        });
        let runs = (0..100).map(|_| site.run_cmd(["build", "--full"]));
        let ran = runs.into_iter().find(|ran| ran.code != 0);
        done.store(true, Ordering::Relaxed);
        ran
    });
    ran.expect("one of them meets the changes each time").exits(3).complains("have posts that are being written");
    assert_eq!(site.feed("other/atom.xml").titles(), ["B"]);
    site.report(&[], 0);
    site.assert_sound();
}
