//! Real folders.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::*;

fn folder(root: &std::path::Path) -> Publisher {
    open(LocalFolder::new(root, None))
}

fn names(root: &std::path::Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn feeds_are_written_replaced_and_removed_with_their_folders() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("site/feeds");
    let publisher = folder(&root);
    publisher.publish(&path("news/old/rss.xml"), b"one").unwrap();
    publisher.publish(&path("atom.xml"), b"two").unwrap();
    assert_eq!(fs::read(root.join("news/old/rss.xml")).unwrap(), b"one");
    publisher.publish(&path("news/old/rss.xml"), b"three").unwrap();
    publisher.finish().unwrap();
    assert_eq!(fs::read(root.join("news/old/rss.xml")).unwrap(), b"three");
    assert_eq!(names(&root), [".syndicated.json", "atom.xml", "news"]);

    publisher.remove(&path("news/old/rss.xml")).unwrap();
    publisher.finish().unwrap();
    assert_eq!(names(&root), [".syndicated.json", "atom.xml"]);
}

#[test]
fn a_folder_with_somebody_elses_file_stays() {
    let dir = tempfile::tempdir().unwrap();
    let publisher = folder(dir.path());
    publisher.publish(&path("news/rss.xml"), b"x").unwrap();
    fs::write(dir.path().join("news/index.html"), "theirs").unwrap();
    publisher.remove(&path("news/rss.xml")).unwrap();
    assert_eq!(names(&dir.path().join("news")), ["index.html"]);
}

#[test]
fn an_unchanged_file_keeps_its_time_and_its_inode() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("rss.xml");
    folder(dir.path()).publish(&path("rss.xml"), b"x").unwrap();
    let before = fs::metadata(&file).unwrap();
    assert_eq!(folder(dir.path()).publish(&path("rss.xml"), b"x").unwrap(), Outcome::Unchanged);
    let after = fs::metadata(&file).unwrap();
    assert_eq!((before.ino(), before.modified().unwrap()), (after.ino(), after.modified().unwrap()));
}

#[test]
fn each_change_is_a_second_later_at_least() {
    let dir = tempfile::tempdir().unwrap();
    let publisher = folder(dir.path());
    let mut last = i64::MIN;
    for n in 0..5 {
        publisher.publish(&path("rss.xml"), format!("{n}").as_bytes()).unwrap();
        let now = fs::metadata(dir.path().join("rss.xml")).unwrap().mtime();
        assert!(now > last);
        last = now;
    }
    assert_eq!(publisher.suspect(), [], "the hint is of the file as it is now");
}

#[test]
fn permissions_are_those_that_were_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let mode = |name: &str| fs::metadata(dir.path().join(name)).unwrap().permissions().mode() & 0o7777;
    folder(dir.path()).publish(&path("plain.xml"), b"x").unwrap();
    fs::write(dir.path().join("reference"), "").unwrap();
    assert_eq!(mode("plain.xml"), mode("reference"), "under the umask, like any other file");

    let publisher = open(LocalFolder::new(dir.path(), Some(0o666)));
    publisher.publish(&path("open.xml"), b"x").unwrap();
    assert_eq!(mode("open.xml"), 0o666, "whatever the umask");
    assert_eq!(publisher.publish(&path("plain.xml"), b"x").unwrap(), Outcome::Unchanged);
    assert_eq!(mode("plain.xml"), 0o666, "an unchanged file too");
}

#[test]
fn links_inside_the_output_are_never_followed() {
    let dir = tempfile::tempdir().unwrap();
    let (root, outside) = (dir.path().join("feeds"), dir.path().join("outside"));
    fs::create_dir_all(root.join("a")).unwrap();
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("rss.xml"), "theirs").unwrap();
    symlink(&outside, root.join("news")).unwrap();
    symlink(&outside, root.join("a/b")).unwrap();
    symlink(outside.join("rss.xml"), root.join("rss.xml")).unwrap();
    symlink(outside.join("new.xml"), root.join("dangling.xml")).unwrap();

    let publisher = folder(&root);
    for (name, obstacle) in
        [("news/rss.xml", "news"), ("a/b/c/rss.xml", "a/b"), ("rss.xml", "rss.xml"), ("dangling.xml", "dangling.xml")]
    {
        let error = publisher.publish(&path(name), b"ours").unwrap_err().to_string();
        assert!(error.contains(&format!("{obstacle} is a symbolic link")), "{error}");
    }
    publisher.finish().unwrap();
    assert_eq!(names(&outside), ["rss.xml"]);
    assert_eq!(fs::read(outside.join("rss.xml")).unwrap(), b"theirs");
}

#[test]
fn a_link_that_took_a_feeds_place_is_forgotten_not_removed() {
    let dir = tempfile::tempdir().unwrap();
    let (root, outside) = (dir.path().join("feeds"), dir.path().join("outside"));
    let publisher = folder(&root);
    publisher.publish(&path("news/rss.xml"), b"ours").unwrap();
    publisher.publish(&path("rss.xml"), b"ours").unwrap();
    fs::rename(root.join("news"), &outside).unwrap();
    symlink(&outside, root.join("news")).unwrap();
    fs::remove_file(root.join("rss.xml")).unwrap();
    symlink(outside.join("rss.xml"), root.join("rss.xml")).unwrap();

    assert_eq!(publisher.suspect(), [path("news/rss.xml"), path("rss.xml")]);
    for name in ["news/rss.xml", "rss.xml"] {
        publisher.remove(&path(name)).unwrap();
    }
    assert_eq!(publisher.paths(), []);
    assert_eq!(names(&root), [".syndicated.json", ".syndicated.writing", "news", "rss.xml"]);
    assert_eq!(fs::read(outside.join("rss.xml")).unwrap(), b"ours");
}

#[test]
fn the_output_itself_may_be_a_link() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("real")).unwrap();
    symlink(dir.path().join("real"), dir.path().join("feeds")).unwrap();
    folder(&dir.path().join("feeds")).publish(&path("rss.xml"), b"x").unwrap();
    assert_eq!(fs::read(dir.path().join("real/rss.xml")).unwrap(), b"x");
}

#[test]
fn a_file_or_folder_in_the_way_is_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("news"), "a file").unwrap();
    fs::create_dir(dir.path().join("rss.xml")).unwrap();
    let publisher = folder(dir.path());
    let error = publisher.publish(&path("news/rss.xml"), b"x").unwrap_err().to_string();
    assert!(error.contains("news is a file"), "{error}");
    let error = publisher.publish(&path("rss.xml"), b"x").unwrap_err().to_string();
    assert!(error.contains("rss.xml is a folder"), "{error}");
    // And the file that replaces a folder of ours, where the feeds of two layouts meet.
    publisher.publish(&path("a/b.xml"), b"x").unwrap();
    assert!(publisher.publish(&path("a"), b"x").is_err());
    publisher.remove(&path("a/b.xml")).unwrap();
    publisher.publish(&path("a"), b"x").unwrap();
}

#[test]
fn left_over_temporary_files_go_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let publisher = folder(dir.path());
    publisher.publish(&path("news/rss.xml"), b"x").unwrap();
    // A crash: what it was about to write is never finished.
    drop(publisher);
    for name in [".syndicated-tmp-1-2", "news/.syndicated-tmp-3-4", "news/.other-tmp", "news/index.html"] {
        fs::write(dir.path().join(name), "half").unwrap();
    }
    folder(dir.path()).finish().unwrap();
    assert_eq!(names(dir.path()), [".syndicated.json", "news"]);
    assert_eq!(names(&dir.path().join("news")), [".other-tmp", "index.html", "rss.xml"]);
}

#[test]
fn names_may_be_as_long_as_the_file_system_allows() {
    let dir = tempfile::tempdir().unwrap();
    let long = path(&format!("{}/{}", "f".repeat(255), "n".repeat(255)));
    let publisher = folder(dir.path());
    assert_eq!(publisher.publish(&long, b"x").unwrap(), Outcome::Written);
    publisher.remove(&long).unwrap();
    assert_eq!(names(dir.path()), [".syndicated.json", ".syndicated.writing"]);
}

#[test]
fn many_threads_publish_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let publisher = folder(dir.path());
    let paths: Vec<_> = (0..200).map(|n| path(&format!("c{}/{n}.xml", n % 7))).collect();
    publisher.announce(&paths).unwrap();
    paths.par_iter().for_each(|path| {
        assert_eq!(publisher.publish(path, path.as_str().as_bytes()).unwrap(), Outcome::Written);
    });
    // Removing the last file of a folder races with a new file in it.
    paths.par_iter().for_each(|old| {
        publisher.remove(old).unwrap();
        publisher.publish(&path(&format!("{old}.new")), b"x").unwrap();
    });
    publisher.finish().unwrap();
    assert_eq!(publisher.suspect(), []);
    assert_eq!(publisher.paths().len(), 200);
    assert_eq!(folder(dir.path()).paths().len(), 200);
}

#[test]
fn a_reader_never_sees_half_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let publisher = folder(dir.path());
    let (one, two) = (vec![b'1'; 300_000], vec![b'2'; 400_000]);
    publisher.publish(&path("rss.xml"), &one).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let seen = fs::read(dir.path().join("rss.xml")).unwrap();
                assert!(seen == one || seen == two, "{} bytes", seen.len());
            }
        });
        for _ in 0..50 {
            publisher.publish(&path("rss.xml"), &two).unwrap();
            publisher.publish(&path("rss.xml"), &one).unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a_refusal_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("feeds"), "").unwrap();
    let publisher = Publisher::open(LocalFolder::new(dir.path().join("feeds/below"), None), HashMap::new());
    assert!(publisher.is_err(), "the output lies below a file");

    let full = PublishError::new(
        &LocalFolder::new("/feeds", None),
        Key::Feed(&path("rss.xml")),
        "write",
        rustix::io::Errno::NOSPC.into(),
    );
    let text = full.to_string();
    assert!(text.starts_with("cannot write /feeds/rss.xml: ") && text.ends_with("feeds stay as they are"), "{text}");
}
