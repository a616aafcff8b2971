//! When polling speaks up, and on which file systems it is needed.

use super::*;
use crate::config::FollowSymlinks;
use crate::watcher::notify::watch;
use std::sync::Arc;

fn next(inbox: &Inbox) -> super::super::changes::Batch {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let limit = Duration::from_secs(60);
    runtime.block_on(async { tokio::time::timeout(limit, inbox.next()).await }).expect("a look in time")
}

#[test]
fn everything_is_looked_at_again_and_again() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("site");
    let config = dir.path().join("config.toml");
    fs::create_dir(&root).unwrap();
    let inbox = Arc::new(Inbox::default());
    let options = Options {
        root: root.clone(),
        config_files: vec![config.clone()],
        interesting: Arc::new(|_| true),
        follow: FollowSymlinks::Never,
        poll: Some(Duration::from_millis(1)),
        cookies: dir.path().join("cookies"),
    };
    let watcher = watch(options, Arc::clone(&inbox)).unwrap();
    for _ in 0..3 {
        let batch = next(&inbox);
        assert!(batch.everything && !batch.config && batch.problems.is_empty());
    }
    fs::write(&config, "x = 1").unwrap();
    while !next(&inbox).config {}
    fs::remove_dir(&root).unwrap();
    while next(&inbox).problems != [Problem::RootGone { root: root.clone() }] {}
    fs::create_dir(&root).unwrap();
    while next(&inbox).problems != [Problem::RootBack { root: root.clone() }] {}
    drop(watcher);
    inbox.take_due();
    assert!(inbox.is_quiet(), "it ends when it is dropped");
}

#[test]
#[cfg(target_os = "linux")]
fn file_systems_without_events_are_known_by_their_numbers() {
    assert_eq!(distant_kind(0x6969), Some("NFS"));
    assert_eq!(distant_kind(0xff53_4d42), Some("CIFS"));
    assert_eq!(distant_kind(0xef53), None, "ext4");
    assert_eq!(distant_kind(0x794c_7630), None, "an overlay");
    assert_eq!(distant_file_system(Path::new("/proc/self/nothing")), None);
}
