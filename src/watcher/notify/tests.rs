//! Storms and single changes on real folders: what happened is covered by what is said.

mod limits;
mod mounted;
mod site;
mod stress;
mod sync;

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use self::site::{Site, path};
use super::{Message, Options, watch};
use crate::config::FollowSymlinks;
use crate::watcher::changes::Inbox;

fn site() -> Site {
    Site::new(FollowSymlinks::Inside, |dir| {
        fs::create_dir_all(dir.join("site/posts")).unwrap();
        fs::create_dir_all(dir.join("site/_site/deep")).unwrap();
        fs::write(dir.join("site/posts/a.md"), "old").unwrap();
        fs::write(dir.join("config.toml"), "x = 1").unwrap();
    })
}

#[test]
fn truncate_and_write_is_one_look_after_the_close() {
    let mut site = site();
    let mut file = OpenOptions::new().write(true).truncate(true).open(site.file("posts/a.md")).unwrap();
    for _ in 0..100 {
        file.write_all(b"new").unwrap();
    }
    drop(file);
    site.assert_mirrored();
    assert!(site.seen.iter().all(|batch| !batch.everything && batch.folders.is_empty()));
}

#[test]
fn a_post_is_unsettled_until_it_is_closed() {
    let mut site = site();
    let mut file = File::create(site.file("posts/b.md")).unwrap();
    file.write_all(b"half").unwrap();
    site.write("other.md", "");
    // The events came in this order, so whoever has seen the second file knows of the first.
    site.until("the other file", |site| site.covered("other.md"));
    assert!(site.seen.last().unwrap().writing.contains(&path("posts/b.md")) || site.covered("posts/b.md"));
    drop(file);
    site.assert_mirrored();
}

#[test]
fn write_beside_and_rename() {
    let mut site = site();
    site.write("posts/.a.md.tmp", "new");
    site.rename("posts/.a.md.tmp", "posts/a.md");
    site.assert_mirrored();
    assert_eq!(site.mirror[&path("posts/a.md")], b"new");
}

#[test]
fn backup_rename() {
    let mut site = site();
    site.rename("posts/a.md", "posts/a.md~");
    site.write("posts/a.md", "new");
    fs::remove_file(site.file("posts/a.md~")).unwrap();
    site.assert_mirrored();
}

#[test]
fn a_rename_within_the_site_is_one_step() {
    let mut site = site();
    site.rename("posts/a.md", "posts/b.md");
    site.until("the new name", |site| site.covered("posts/b.md"));
    assert!(site.covered("posts/a.md"));
    site.mkdir("posts/c/d");
    site.write("posts/c/d/x.md", "");
    site.settle();
    site.seen.clear();
    site.rename("posts/c", "e");
    site.until("the new folder", |site| site.covered("e/d/x.md"));
    assert!(site.covered("posts/c/d/x.md"));
    site.write("e/d/y.md", "");
    site.assert_mirrored();
}

#[test]
fn modes_links_and_removals() {
    let mut site = site();
    fs::set_permissions(site.file("posts/a.md"), PermissionsExt::from_mode(0o600)).unwrap();
    site.until("the mode", |site| site.covered("posts/a.md"));
    fs::hard_link(site.file("posts/a.md"), site.file("posts/hard.md")).unwrap();
    site.link("a.md", "posts/soft.md");
    site.assert_mirrored();
    fs::remove_file(site.file("posts/a.md")).unwrap();
    fs::remove_file(site.file("posts/soft.md")).unwrap();
    site.assert_mirrored();
    fs::remove_dir_all(site.file("posts")).unwrap();
    site.assert_mirrored();
}

#[test]
fn folders_of_no_interest_say_nothing() {
    let mut site = site();
    for n in 0..50 {
        site.mkdir(&format!("_site/deep/{n}"));
        site.write(&format!("_site/deep/{n}/index.html"), "");
    }
    site.write("_site.md", "");
    site.settle();
    let named = |batch: &crate::watcher::changes::Batch| {
        batch.paths.iter().chain(&batch.folders).any(|path| path.as_bytes().starts_with(b"_site"))
    };
    assert!(!site.seen.iter().any(|batch| batch.everything || named(batch)));
}

#[test]
fn nothing_falls_between_a_new_folder_and_its_watch() {
    let mut site = site();
    for n in 0..200 {
        site.mkdir(&format!("{n}/b/c"));
        site.write(&format!("{n}/b/c/x.md"), "x");
    }
    site.assert_mirrored();
    assert!((0..200).all(|n| site.covered(&format!("{n}/b/c/x.md"))));
    for n in 0..200 {
        site.write(&format!("{n}/b/c/y.md"), "y");
    }
    site.assert_mirrored();
}

#[test]
fn folders_move_in_out_and_in_each_others_place() {
    let mut site = site();
    let outside = site.outside("elsewhere");
    fs::create_dir_all(outside.join("deep")).unwrap();
    fs::write(outside.join("deep/x.md"), "x").unwrap();
    fs::rename(&outside, site.file("in")).unwrap();
    site.write("in/deep/y.md", "y");
    site.assert_mirrored();
    for _ in 0..21 {
        site.rename("in", "aside");
        site.rename("posts", "in");
        site.rename("aside", "posts");
    }
    site.write("in/z.md", "z");
    site.write("posts/deep/z.md", "z");
    site.assert_mirrored();
    fs::rename(site.file("posts"), &outside).unwrap();
    fs::write(outside.join("deep/late.md"), "").unwrap();
    site.assert_mirrored();
    assert!(!site.seen.iter().any(|batch| batch.paths.contains(&path("posts/deep/late.md"))));
}

#[test]
fn a_folder_that_is_made_again_is_watched_again() {
    let mut site = site();
    for n in 0..100 {
        site.mkdir("again/deep");
        site.write("again/deep/x.md", &n.to_string());
        fs::remove_dir_all(site.file("again")).unwrap();
    }
    site.mkdir("again/deep");
    site.settle();
    site.write("again/deep/last.md", "last");
    site.assert_mirrored();
}

#[test]
fn a_burst_like_a_checkout() {
    let mut site = site();
    for folder in 0..10 {
        site.mkdir(&format!("{folder}"));
        for n in 0..200 {
            site.write(&format!("{folder}/{n}.md"), "one");
        }
    }
    site.assert_mirrored();
    for folder in 0..10 {
        for n in 0..200 {
            let name = format!("{folder}/{n}.md");
            fs::remove_file(site.file(&name)).unwrap();
            site.write(&name, "two");
        }
    }
    site.assert_mirrored();
}

#[test]
fn a_followed_folder_has_the_smallest_of_its_paths() {
    let mut site = site();
    site.mkdir("real/deep");
    site.write("real/deep/x.md", "x");
    site.settle();
    site.link("real", "zlink");
    site.write("real/deep/x.md", "1");
    site.assert_mirrored();
    site.link("real/deep", "alink");
    site.assert_mirrored();
    site.write("real/deep/y.md", "by its real path");
    site.assert_mirrored();
    assert!(site.mirror.contains_key(&path("alink/y.md")) && !site.mirror.contains_key(&path("real/deep/y.md")));
    fs::remove_file(site.file("alink")).unwrap();
    site.assert_mirrored();
    site.write("real/deep/z.md", "z");
    site.assert_mirrored();
    site.link("..", "real/cycle");
    site.link(".", "real/deep/self");
    site.write("real/deep/z.md", "zz");
    site.assert_mirrored();
}

#[test]
fn a_link_that_is_swapped_leads_to_the_other_folder() {
    let mut site = Site::new(FollowSymlinks::All, |dir| {
        for name in ["one", "two"] {
            fs::create_dir_all(dir.join(name).join("deep")).unwrap();
            fs::write(dir.join(name).join("deep/x.md"), name).unwrap();
        }
    });
    let (one, two) = (site.outside("one"), site.outside("two"));
    site.link(one.to_str().unwrap(), "current");
    site.assert_mirrored();
    for target in [&two, &one, &two] {
        site.link(target.to_str().unwrap(), "next");
        site.rename("next", "current");
        site.assert_mirrored();
        fs::write(target.join("deep/x.md"), format!("{target:?} again")).unwrap();
        site.assert_mirrored();
    }
}

#[test]
fn links_out_of_the_site_are_followed_only_if_all_are() {
    let mut site = site();
    fs::create_dir(site.outside("elsewhere")).unwrap();
    site.link(site.outside("elsewhere").to_str().unwrap(), "out");
    site.settle();
    site.seen.clear();
    fs::write(site.outside("elsewhere/x.md"), "").unwrap();
    site.settle();
    assert!(!site.covered("out/x.md"));
}

fn come_and_go(site: &mut Site, away: &Path) {
    fs::rename(&site.root, away).unwrap();
    site.until("the root's end", |site| site.problems().iter().any(|text| text.contains("is gone")));
    fs::write(away.join("posts/meanwhile.md"), "new").unwrap();
}

#[test]
fn the_root_goes_and_comes_back() {
    let mut site = site();
    let away = site.outside("away");
    come_and_go(&mut site, &away);
    fs::rename(&away, &site.root).unwrap();
    site.until("the root's return", |site| site.mirror.contains_key(&path("posts/meanwhile.md")));
    assert!(site.problems().last().unwrap().contains("is back"));
    site.write("posts/after.md", "");
    site.assert_mirrored();
}

#[test]
fn another_folder_takes_the_roots_place() {
    let mut site = site();
    fs::create_dir(site.outside("next")).unwrap();
    fs::write(site.outside("next/n.md"), "n").unwrap();
    fs::rename(&site.root, site.outside("away")).unwrap();
    fs::rename(site.outside("next"), &site.root).unwrap();
    site.until("the other root", |site| site.mirror.contains_key(&path("n.md")));
    site.write("after.md", "");
    site.assert_mirrored();
}

#[test]
fn a_root_that_is_a_link_may_be_swapped() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["one", "two"] {
        fs::create_dir(dir.path().join(name)).unwrap();
        fs::write(dir.path().join(name).join("x.md"), name).unwrap();
    }
    let root = dir.path().join("current");
    std::os::unix::fs::symlink("one", &root).unwrap();
    let mut site = Site::at(root.clone(), FollowSymlinks::Inside, vec![]);
    for target in ["two", "one"] {
        std::os::unix::fs::symlink(target, dir.path().join("next")).unwrap();
        fs::rename(dir.path().join("next"), &root).unwrap();
        site.until("the other root", |site| site.mirror[&path("x.md")] == target.as_bytes());
        site.write("after.md", "");
        site.assert_mirrored();
    }
}

#[test]
fn the_configuration_is_watched_wherever_it_lies() {
    let mut site = site();
    let config = |site: &Site| site.seen.iter().filter(|batch| batch.config).count();
    fs::write(site.outside("config.toml"), "x = 2").unwrap();
    site.until("the write", |site| config(site) == 1);
    fs::write(site.outside("config.new"), "x = 3").unwrap();
    fs::rename(site.outside("config.new"), site.outside("config.toml")).unwrap();
    site.until("the rename", |site| config(site) == 2);
    fs::write(site.outside("unrelated"), "").unwrap();
    site.settle();
    assert_eq!(config(&site), 2);
    fs::remove_file(site.outside("config.toml")).unwrap();
    site.until("the removal", |site| config(site) == 3);
}

/// As a mounted ConfigMap is updated: the file is a link through a folder that is swapped.
#[test]
fn a_configuration_behind_links_is_followed() {
    let link = |target: &str, place: &Path| std::os::unix::fs::symlink(target, place);
    let mut site = Site::new(FollowSymlinks::Inside, |dir| {
        for name in ["one", "two"] {
            fs::create_dir(dir.join(name)).unwrap();
            fs::write(dir.join(name).join("config.toml"), name).unwrap();
        }
        link("one", &dir.join("data")).unwrap();
        link("data/config.toml", &dir.join("config.toml")).unwrap();
    });
    let count = |site: &Site| site.seen.iter().filter(|batch| batch.config).count();
    fs::write(site.outside("one/config.toml"), "edited").unwrap();
    site.until("the edit of the target", |site| count(site) == 1);
    link("two", &site.outside("next")).unwrap();
    fs::rename(site.outside("next"), site.outside("data")).unwrap();
    site.until("the swap", |site| count(site) == 2);
    fs::write(site.outside("two/config.toml"), "edited").unwrap();
    site.until("the edit of the new target", |site| count(site) == 3);
}

#[test]
fn a_configuration_inside_the_site_is_both() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("site");
    fs::create_dir(&root).unwrap();
    let mut site = Site::at(root.clone(), FollowSymlinks::Never, vec![root.join("_config.yml")]);
    site.write("_config.yml", "title: x");
    site.until("both", |site| site.covered("_config.yml") && site.seen.iter().any(|batch| batch.config));
    site.write("x.md", "");
    site.assert_mirrored();
}

#[test]
fn a_check_finds_nothing_where_nothing_was_lost() {
    let mut site = site();
    site.mkdir("a/b/c");
    site.settle();
    assert_eq!(site.check(), []);
    site.write("a/b/c/x.md", "");
    site.assert_mirrored();
}

#[test]
fn it_ends_whenever_it_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        root: folder.path().to_path_buf(),
        config_files: Vec::new(),
        interesting: Arc::new(|_| true),
        follow: FollowSymlinks::Inside,
        poll: None,
        cookies: folder.path().join("cookies"),
    };
    let (done, ended) = mpsc::channel();
    std::thread::spawn(move || {
        for _ in 0..1000 {
            let watcher = watch(options.clone(), Arc::new(Inbox::default())).unwrap();
            // It is reading when the end is told.
            (0..2000).for_each(|_| watcher.queue.push(Message::Flag));
            drop(watcher);
        }
        done.send(()).unwrap();
    });
    ended.recv_timeout(Duration::from_secs(20)).unwrap();
}
