//! What happens when the kernel does not give all the watches that are asked for.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use ::notify::{Config, Error, ErrorKind, EventHandler, RecursiveMode, Watcher, WatcherKind};
use tokio::sync::oneshot;

use super::super::tree::Tree;
use super::super::worker::Worker;
use super::super::{Message, Options, Queue};
use super::site::path;
use crate::config::FollowSymlinks;
use crate::model::SitePath;
use crate::watcher::changes::{Inbox, Problem};

/// Gives so many watches and no more.
struct Limited {
    limit: usize,
    watched: BTreeSet<PathBuf>,
}

impl Watcher for Limited {
    fn new<F: EventHandler>(_: F, _: Config) -> ::notify::Result<Self> {
        Ok(Self { limit: 0, watched: BTreeSet::new() })
    }

    fn watch(&mut self, path: &Path, _: RecursiveMode) -> ::notify::Result<()> {
        if !self.watched.contains(path) && self.watched.len() == self.limit {
            return Err(Error::new(ErrorKind::MaxFilesWatch));
        }
        self.watched.insert(path.to_path_buf());
        Ok(())
    }

    fn unwatch(&mut self, path: &Path) -> ::notify::Result<()> {
        self.watched.remove(path).then_some(()).ok_or_else(Error::watch_not_found)
    }

    fn kind() -> WatcherKind {
        WatcherKind::NullWatcher
    }
}

fn options(root: &Path, follow: FollowSymlinks) -> Options {
    let interesting = Arc::new(|path: &SitePath| path.file_name() != b"node_modules");
    let cookies = root.parent().unwrap().join("cookies");
    Options { root: root.to_path_buf(), config_files: vec![], interesting, follow, poll: None, cookies }
}

fn tree(root: &Path, follow: FollowSymlinks) -> Tree {
    Tree::new(root.to_path_buf(), &options(root, follow))
}

#[test]
fn beyond_the_limit_folders_are_known_as_unwatched_and_told_once() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a/b", "c/d/e", "f", "node_modules/x/y"] {
        fs::create_dir_all(dir.path().join(name)).unwrap();
    }
    let mut watcher = Limited { limit: 3, watched: BTreeSet::new() };
    let mut tree = tree(dir.path(), FollowSymlinks::Never);
    let walk = tree.regrow(&mut watcher);
    assert_eq!(walk.problems.len(), 1);
    assert!(matches!(&walk.problems[0], Problem::WatchLimit { folder, .. } if folder.ends_with("c")));
    assert_eq!(walk.added, [path(""), path("a"), path("a/b")]);
    assert_eq!(tree.unwatched().iter().collect::<Vec<_>>(), [&path("c"), &path("f")]);
    assert_eq!(tree.regrow(&mut watcher).problems, [], "told already");

    watcher.limit = 10;
    let walk = tree.regrow(&mut watcher);
    assert_eq!(walk.added, [path("c"), path("c/d"), path("c/d/e"), path("f")]);
    assert!(tree.unwatched().is_empty() && watcher.watched.len() == 7);
}

#[test]
fn the_watches_are_those_of_the_folders_on_disk() {
    let dir = tempfile::tempdir().unwrap();
    let site = |name: &str| dir.path().join(name);
    fs::create_dir_all(site("real/deep")).unwrap();
    std::os::unix::fs::symlink("real", site("link")).unwrap();
    std::os::unix::fs::symlink("nowhere", site("dangling")).unwrap();
    let mut watcher = Limited { limit: 100, watched: BTreeSet::new() };
    let mut tree = tree(dir.path(), FollowSymlinks::Inside);
    tree.regrow(&mut watcher);
    let names = |watcher: &Limited| -> Vec<String> {
        let below = |path: &PathBuf| path.strip_prefix(dir.path()).unwrap().to_str().unwrap().to_owned();
        watcher.watched.iter().map(below).collect()
    };
    assert_eq!(names(&watcher), ["", "link", "link/deep"]);
    assert!(tree.is_ambiguous());

    std::os::unix::fs::symlink("real/deep", site("a")).unwrap();
    assert!(tree.grow(&mut watcher, &path("a")).conflict);
    let walk = tree.regrow(&mut watcher);
    assert_eq!((walk.added, walk.dropped), (vec![path("a")], vec![path("link/deep")]));
    assert_eq!(names(&watcher), ["", "a", "link"]);

    fs::remove_file(site("link")).unwrap();
    assert!(tree.forget(&mut watcher, &path("link")));
    tree.regrow(&mut watcher);
    assert_eq!(names(&watcher), ["", "a", "real"]);
}

#[test]
fn forgetting_a_folder_leaves_its_siblings() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a/x", "a-b/x", "a0/x"] {
        fs::create_dir_all(dir.path().join(name)).unwrap();
    }
    let mut watcher = Limited { limit: 100, watched: BTreeSet::new() };
    let mut tree = tree(dir.path(), FollowSymlinks::Never);
    tree.regrow(&mut watcher);
    assert!(tree.forget(&mut watcher, &path("a")) && !tree.forget(&mut watcher, &path("nothing")));
    assert!(!tree.knows(&path("a/x")) && tree.knows(&path("a-b/x")) && tree.knows(&path("a0/x")));
    assert_eq!(watcher.watched.len(), 5);
}

/// The watcher gives no events at all, as after losing them unnoticed.
#[test]
fn a_check_finds_what_events_did_not_tell() {
    let dir = tempfile::tempdir().unwrap();
    let inbox = Arc::new(Inbox::default());
    let (queue, messages) = Queue::new(16);
    let silent = Limited { limit: 100, watched: BTreeSet::new() };
    fs::create_dir_all(dir.path().join("old/deep")).unwrap();
    let options = options(dir.path(), FollowSymlinks::Never);
    let mut worker = Worker::new(&options, Box::new(silent), Arc::clone(&inbox), queue.clone());
    worker.begin();
    fs::create_dir_all(dir.path().join("new/deep")).unwrap();
    fs::remove_dir_all(dir.path().join("old")).unwrap();
    let (answer, missing) = oneshot::channel();
    queue.push(Message::Check(answer));
    let thread = std::thread::spawn(move || worker.run(&messages));
    assert_eq!(missing.blocking_recv().unwrap(), [path("new"), path("new/deep")]);
    let batch = inbox.take_due().unwrap();
    assert_eq!(batch.folders, BTreeSet::from([path("new"), path("old")]));
    queue.stop.store(true, Ordering::Relaxed);
    queue.push(Message::Flag);
    thread.join().unwrap();
}
