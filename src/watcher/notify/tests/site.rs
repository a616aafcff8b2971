//! A site on disk, its watcher, and a mirror of it that looks only where batches say that something is in doubt.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use super::super::tree::Identity;
use super::super::{Options, QUEUE, Queue, Watcher, watch_through};
use crate::config::FollowSymlinks;
use crate::model::SitePath;
use crate::watcher::changes::{Batch, Inbox};

/// No wait of a test is longer, and a test that waits so long fails.
const LIMIT: Duration = Duration::from_secs(60);

pub(super) fn path(text: &str) -> SitePath {
    SitePath::from_bytes(text.as_bytes())
}

pub(super) struct Site {
    pub(super) root: PathBuf,
    pub(super) inbox: Arc<Inbox>,
    pub(super) watcher: Watcher,
    pub(super) mirror: BTreeMap<SitePath, Vec<u8>>,
    /// The batches so far.
    pub(super) seen: Vec<Batch>,
    follow: FollowSymlinks,
    runtime: tokio::runtime::Runtime,
    _dir: Option<TempDir>,
}

impl Site {
    /// A site in `site` of a new folder, after `prepare` has filled that; `_site` is of no interest.
    pub(super) fn new(follow: FollowSymlinks, prepare: impl FnOnce(&std::path::Path)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("site");
        fs::create_dir(&root).unwrap();
        prepare(dir.path());
        let mut site = Self::at(root, follow, vec![dir.path().join("config.toml")]);
        site._dir = Some(dir);
        site
    }

    pub(super) fn at(root: PathBuf, follow: FollowSymlinks, config_files: Vec<PathBuf>) -> Self {
        Self::with_queue(QUEUE, root, follow, config_files)
    }

    /// A site whose watcher forgets events beyond so many.
    pub(super) fn with_queue(length: usize, root: PathBuf, follow: FollowSymlinks, config_files: Vec<PathBuf>) -> Self {
        let inbox = Arc::new(Inbox::default());
        let interesting = Arc::new(|path: &SitePath| !path.as_bytes().starts_with(b"_site"));
        let cookies = root.parent().unwrap().join("cookies");
        let options = Options { root: root.clone(), config_files, interesting, follow, poll: None, cookies };
        let watcher = watch_through(Queue::new(length), options, Arc::clone(&inbox)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let mut site =
            Self { root, inbox, watcher, mirror: BTreeMap::new(), seen: Vec::new(), follow, runtime, _dir: None };
        site.mirror = site.on_disk();
        site
    }

    pub(super) fn outside(&self, name: &str) -> PathBuf {
        self.root.parent().unwrap().join(name)
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        fs::write(self.file(name), text).unwrap();
    }

    pub(super) fn mkdir(&self, name: &str) {
        fs::create_dir_all(self.file(name)).unwrap();
    }

    pub(super) fn rename(&self, from: &str, to: &str) {
        fs::rename(self.file(from), self.file(to)).unwrap();
    }

    pub(super) fn link(&self, target: &str, name: &str) {
        std::os::unix::fs::symlink(target, self.file(name)).unwrap();
    }

    /// Takes the next batch and looks where it says.
    pub(super) fn step(&mut self) {
        let inbox = Arc::clone(&self.inbox);
        let batch = self
            .runtime
            .block_on(async { tokio::time::timeout(LIMIT, inbox.next()).await })
            .unwrap_or_else(|_| panic!("no batch came; so far: {:?}", self.seen));
        self.apply(&batch);
        self.seen.push(batch);
    }

    pub(super) fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let start = std::time::Instant::now();
        while !holds(self) {
            assert!(start.elapsed() < LIMIT, "not seen: {what}; so far: {:?}", self.seen);
            self.step();
        }
    }

    /// Waits as often at once.
    pub(super) fn settle_at_once(&self, waiting: usize) {
        let waiting: Vec<_> = (0..waiting).map(|_| self.runtime.spawn(self.watcher.sync())).collect();
        let all = async {
            for synced in waiting {
                synced.await.unwrap();
            }
        };
        let all = self.runtime.block_on(async { tokio::time::timeout(LIMIT, all).await });
        all.expect("some were never answered");
    }

    /// Waits until all that has happened so far has come through.
    pub(super) fn settle(&mut self) {
        let synced = self.runtime.block_on(async { tokio::time::timeout(LIMIT, self.watcher.sync()).await });
        synced.unwrap_or_else(|_| panic!("it never came through; so far: {:?}", self.seen));
        while !self.inbox.is_quiet() {
            self.step();
        }
    }

    /// What a reader of the whole site finds. That it is what the mirror has says that nothing was missed.
    pub(super) fn assert_mirrored(&mut self) {
        self.settle();
        let disk = self.on_disk();
        assert_eq!(self.mirror, disk, "last batches: {:?}", self.seen.iter().rev().take(12).collect::<Vec<_>>());
    }

    pub(super) fn covered(&self, name: &str) -> bool {
        let path = path(name);
        let covers = |batch: &Batch| {
            batch.everything || batch.paths.contains(&path) || batch.folders.iter().any(|folder| path.is_below(folder))
        };
        self.seen.iter().any(covers)
    }

    pub(super) fn problems(&self) -> Vec<String> {
        self.seen.iter().flat_map(|batch| &batch.problems).map(ToString::to_string).collect()
    }

    pub(super) fn check(&self) -> Vec<SitePath> {
        self.runtime.block_on(self.watcher.check())
    }

    pub(super) fn apply(&mut self, batch: &Batch) {
        if batch.everything {
            self.mirror = self.on_disk();
        }
        for folder in &batch.folders {
            self.mirror.retain(|path, _| !path.is_below(folder));
            let found = self.walk(folder.clone());
            self.mirror.extend(found);
        }
        for path in &batch.paths {
            self.mirror.remove(path);
            if let Ok(bytes) = fs::read(path.under(&self.root)) {
                self.mirror.insert(path.clone(), bytes);
            }
        }
    }

    fn on_disk(&self) -> BTreeMap<SitePath, Vec<u8>> {
        self.walk(SitePath::default())
    }

    /// Every file below `top`, each folder once, under the smallest of its paths.
    fn walk(&self, top: SitePath) -> BTreeMap<SitePath, Vec<u8>> {
        let (mut files, mut seen, mut stack) = (BTreeMap::new(), HashSet::new(), vec![top]);
        while let Some(at) = stack.pop() {
            let place = at.under(&self.root);
            let is_link = !at.as_bytes().is_empty() && place.is_symlink();
            if at.as_bytes().starts_with(b"_site") || is_link && self.follow == FollowSymlinks::Never {
                continue;
            }
            let Some(identity) = Identity::at(&place) else {
                if let Ok(bytes) = fs::read(&place) {
                    files.insert(at, bytes);
                }
                continue;
            };
            if seen.insert(identity) {
                let mut entries: Vec<_> = fs::read_dir(&place).into_iter().flatten().flatten().collect();
                entries.sort_by_key(|entry| std::cmp::Reverse(entry.file_name().into_string().unwrap() + "/"));
                stack.extend(entries.iter().map(|entry| at.join(&entry.file_name())));
            }
        }
        files
    }
}
