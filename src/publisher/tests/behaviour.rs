//! What publishing reads and writes.

use super::disk::{Disk, Fault};
use super::*;

#[test]
fn the_same_bytes_are_not_written_and_with_a_hint_not_read() {
    let disk = Disk::default();
    let publisher = open(disk.clone());
    assert_eq!(publisher.publish(&path("a.xml"), b"one").unwrap(), Outcome::Written);
    publisher.finish().unwrap();
    let known = hints(&publisher);
    let written = disk.clock();

    let warm = Publisher::open(disk.clone(), known).unwrap();
    disk.arm(None);
    assert_eq!(warm.suspect(), []);
    assert_eq!(warm.publish(&path("a.xml"), b"one").unwrap(), Outcome::Unchanged);
    warm.finish().unwrap();
    assert_eq!((disk.clock(), disk.inner().reads), (written, 0));

    let without_state = open(disk.clone());
    assert_eq!(without_state.suspect(), [path("a.xml")]);
    assert_eq!(without_state.publish(&path("a.xml"), b"one").unwrap(), Outcome::Unchanged);
    without_state.finish().unwrap();
    assert_eq!(disk.clock(), written);
    assert_eq!(without_state.suspect(), []);
}

#[test]
fn many_new_feeds_cost_two_manifests_and_a_marker() {
    let disk = Disk::default();
    let publisher = open(disk.clone());
    let paths: Vec<_> = (0..100).map(|n| path(&format!("c{n}/rss.xml"))).collect();
    publisher.announce(&paths).unwrap();
    for path in &paths {
        publisher.publish(path, b"x").unwrap();
    }
    publisher.finish().unwrap();
    assert_eq!(disk.clock(), 103);
}

#[test]
fn files_that_changed_behind_our_back_are_suspect_and_healed() {
    let disk = Disk::default();
    let publisher = open(disk.clone());
    for name in ["a.xml", "b.xml", "c.xml"] {
        publisher.publish(&path(name), b"ours").unwrap();
    }
    publisher.finish().unwrap();
    disk.put("a.xml", b"edit");
    disk.inner().files.remove("b.xml");

    assert_eq!(publisher.suspect(), [path("a.xml"), path("b.xml")]);
    for name in ["a.xml", "b.xml"] {
        assert_eq!(publisher.publish(&path(name), b"ours").unwrap(), Outcome::Written);
        assert_eq!(disk.get(name).unwrap(), b"ours");
    }
}

#[test]
fn a_fresh_clone_adopts_its_files() {
    let disk = Disk::default();
    disk.put("a.xml", b"same");
    let publisher = open(disk.clone());
    assert_eq!(publisher.publish(&path("a.xml"), b"same").unwrap(), Outcome::Unchanged);
    assert_eq!(publisher.publish(&path("a.xml"), b"next").unwrap(), Outcome::Written);
    assert_eq!(publisher.paths(), [path("a.xml")]);
    // The process dies here; the file is ours all the same.
    assert_eq!(open(disk.clone()).publish(&path("a.xml"), b"last").unwrap(), Outcome::Written);
}

#[test]
fn a_foreign_file_is_named_and_left() {
    let disk = Disk::default();
    disk.put("a.xml", b"theirs");
    let publisher = open(disk.clone());
    publisher.announce(&[path("a.xml")]).unwrap();
    let error = publisher.publish(&path("a.xml"), b"ours").unwrap_err();
    assert!(error.to_string().starts_with("a.xml was not written by syndicated"), "{error}");
    publisher.remove(&path("a.xml")).unwrap();
    assert_eq!(disk.get("a.xml").unwrap(), b"theirs");
}

#[test]
fn a_file_that_came_to_an_announced_path_is_foreign() {
    let disk = Disk::default();
    let publisher = open(disk.clone());
    publisher.announce(&[path("a.xml")]).unwrap();
    disk.put("a.xml", b"theirs");
    assert!(matches!(publisher.publish(&path("a.xml"), b"ours"), Err(PublishError::Foreign { .. })));
    publisher.remove(&path("a.xml")).unwrap();
    assert_eq!(disk.get("a.xml").unwrap(), b"theirs");
    assert_eq!(publisher.paths(), []);
}

#[test]
fn an_announcement_that_could_not_be_written_claims_nothing() {
    let disk = Disk::default();
    let publisher = open(disk.clone());
    // The path, the manifest, its temporary file, its renaming.
    disk.arm(Some(Fault::Error(3)));
    assert!(publisher.announce(&[path("a.xml")]).is_err());
    assert_eq!(publisher.paths(), []);
    assert_eq!(publisher.publish(&path("a.xml"), b"x").unwrap(), Outcome::Written);
    assert!(disk.get(".syndicated.json").is_some());
}

#[test]
fn nothing_published_leaves_nothing_behind() {
    let disk = Disk::default();
    open(disk.clone()).finish().unwrap();
    assert!(disk.inner().files.is_empty());
}

#[test]
fn a_hint_of_other_bytes_vouches_for_nothing() {
    let disk = Disk::default();
    let publisher = open(disk.clone());
    publisher.publish(&path("a.xml"), b"old").unwrap();
    publisher.finish().unwrap();
    publisher.publish(&path("a.xml"), b"new").unwrap();
    // The process dies before the manifest is written, but the catalog has the new hint.
    let next = Publisher::open(disk.clone(), hints(&publisher)).unwrap();
    assert_eq!(next.suspect(), []);
    assert_eq!(next.publish(&path("a.xml"), b"old").unwrap(), Outcome::Written);
    assert_eq!(disk.get("a.xml").unwrap(), b"old");
}
