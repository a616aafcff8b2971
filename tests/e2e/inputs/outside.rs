//! Nothing that a post says or a link leads to has us read, write or remove a file elsewhere.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::{bounded, ended, sound};
use crate::fixture::{Site, files_below, front, short};

/// Everything but the output and the state.
fn elsewhere(site: &Site) -> BTreeMap<String, Vec<u8>> {
    let mut files = files_below(&site.path(""));
    files.retain(|path, _| !path.starts_with("feeds/") && !path.starts_with(".syndicated/"));
    files
}

#[test]
fn links_that_leave_the_site_are_followed_only_if_that_is_allowed() {
    for (follow, titles) in [
        ("never", vec!["Sound"]),
        ("inside", vec!["Within", "Sound"]),
        ("all", vec!["Within", "Without", "Folder", "Sound"]),
    ] {
        let site = sound()
            .config(&format!("follow_symlinks = \"{follow}\""))
            .file("site/within.md", front("title: Within", "x"))
            .file("outside/without.md", front("title: Without", "x"))
            .file("outside/folder/2022-03-02-folder.md", front("title: Folder", "x"));
        symlink("../within.md", site.path("site/_posts/2022-03-04-within.md")).unwrap();
        symlink(site.path("outside/without.md"), site.path("site/_posts/2022-03-03-without.md")).unwrap();
        symlink("../../outside/folder", site.path("site/_posts/linked")).unwrap();
        site.build();
        assert_eq!(site.feed("atom.xml").titles(), titles, "{follow}");
    }
}

#[test]
fn what_a_post_says_never_steers_a_feed_out_of_the_output() {
    let bad = [
        "../../etc/x",
        "/etc/x",
        "..",
        ".",
        "../..",
        "..\\\\..\\\\x",
        "a/../../x",
        "x\\0y",
        "\\0",
        ".syndicated.json",
        ".syndicated",
        "atom.xml",
        "rss.xml",
        "feeds.opml",
        "_tag",
        "%2e%2e%2fx",
        "~",
        "~root",
        "C:\\\\x",
        "\\u202e/..",
    ];
    for layout in ["", "[output]\nlayout = \"jekyll-feed\""] {
        let mut site =
            sound().config("[categories]\ntags = true\nauthors = true").config(layout).file("outside/x", "theirs");
        for (n, text) in bad.iter().enumerate() {
            let keys = [
                "categories: [TEXT]",
                "tags: [TEXT]",
                "author: TEXT",
                "slug: TEXT",
                "permalink: TEXT",
                "feed_id: TEXT",
            ];
            let lines: Vec<String> = keys.iter().map(|key| key.replace("TEXT", &format!("\"{text}\""))).collect();
            site = site.post(
                &format!("2022-03-31-odd-{n}.md"),
                front(&format!("title: \"{text}\"\n{}", lines.join("\n")), "x"),
            );
        }
        let before = elsewhere(&site);
        let ran = bounded(&site, &["build"]);
        assert!([0, 1, 2, 3].contains(&ran.code), "{ran:?}");
        assert_eq!(elsewhere(&site), before);
        for path in site.published().keys() {
            let sound = |segment: &str| !segment.starts_with('.') && !segment.contains(['\\', '\0']);
            assert!(path == ".syndicated.json" || path.split('/').all(sound), "{path:?}");
        }
    }
}

/// A site whose output was built, with a folder elsewhere that holds files of the same names.
fn with_elsewhere() -> Site {
    let site = ended(sound().post("2022-02-01-more.md", short("More", "more")));
    for name in ["rss.xml", "atom.xml", "feeds.opml", ".syndicated.json", ".syndicated-tmp-1-1", ".syndicated.writing"]
    {
        site.write(&format!("outside/{name}"), "theirs");
    }
    site
}

/// Puts a link to a place elsewhere where something of ours was.
fn plant(site: &Site, ours: &str, theirs: &Path) {
    let place = site.path("feeds").join(ours);
    if place.is_dir() {
        fs::remove_dir_all(&place).unwrap()
    } else {
        fs::remove_file(&place).unwrap()
    }
    symlink(theirs, place).unwrap();
}

#[test]
fn links_that_are_planted_in_the_output_are_not_followed() {
    for (ours, theirs) in [
        ("news", "outside"),
        ("news/rss.xml", "outside/rss.xml"),
        ("news/rss.xml", "outside/new.xml"),
        ("atom.xml", "outside/atom.xml"),
        ("feeds.opml", "outside/feeds.opml"),
        (".syndicated.json", "outside/.syndicated.json"),
        (".syndicated.json", "outside/new.json"),
    ] {
        let site = with_elsewhere();
        plant(&site, ours, &site.path(theirs));
        let before = files_below(&site.path("outside"));
        // A feed that changes, one that goes, and one that is made again.
        site.write("site/_posts/2022-03-31-new.md", short("New", "news"));
        site.remove("site/_posts/2022-02-01-more.md");
        for arguments in [&["build"][..], &["build", "--full"]] {
            let ran = bounded(&site, arguments);
            assert!([2, 3].contains(&ran.code) && ran.stderr.contains("symbolic link"), "{ours}: {ran:?}");
            assert_eq!(files_below(&site.path("outside")), before, "{ours}");
        }
        // Its post gone, the link stays and what it leads to.
        site.remove("site/_posts/2022-01-01-sound.md");
        bounded(&site, &["build"]);
        assert_eq!(files_below(&site.path("outside")), before, "{ours}");
        assert!(site.exists(&format!("feeds/{ours}")), "{ours}");
    }
}

#[test]
fn a_link_that_is_swapped_in_while_feeds_are_written_is_not_followed() {
    let mut site = with_elsewhere();
    for n in 0..40 {
        site = site.post(&format!("2022-03-31-{n}.md"), short(&format!("Post {n}"), &format!("news, c{n}")));
    }
    let before = files_below(&site.path("outside"));
    let done = AtomicBool::new(false);
    let (folder, away) = (site.path("feeds/news"), site.path("away"));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let _ = fs::rename(&folder, &away);
                let _ = symlink(site.path("outside"), &folder);
                let _ = fs::remove_file(&folder);
                let _ = fs::rename(&away, &folder);
            }
        });
        for n in 0..12 {
            site.write("site/_posts/2022-04-01-last.md", short(&format!("Last {n}"), "news"));
            let ran = bounded(&site, &["build"]);
            assert!((0..=3).contains(&ran.code), "{ran:?}");
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(files_below(&site.path("outside")), before);
    let _ = fs::remove_dir_all(&folder);
    site.build();
    assert_eq!(site.published(), site.built_again());
}
