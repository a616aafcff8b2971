//! The watched folders of the site, each watched once, however many paths lead to it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind as IoError};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::notify::{ErrorKind, RecursiveMode, Watcher};

use super::{Interesting, LOOK_EVERY, Options};
use crate::config::FollowSymlinks;
use crate::model::SitePath;
use crate::watcher::changes::{Problem, below};
use crate::watcher::scan::Content;

/// What makes two paths one folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino() }
    }

    /// That of the folder to which `path` leads, links followed.
    pub(super) fn at(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().filter(Metadata::is_dir).map(|metadata| Self::of(&metadata))
    }
}

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Folders that were not watched before, or whose path led to another folder.
    pub(super) added: Vec<SitePath>,
    /// Folders that were watched and are no more.
    pub(super) dropped: Vec<SitePath>,
    /// A folder that is watched under another path was met, or what is watched is not what was meant: only a walk of
    /// everything sorts it out.
    pub(super) conflict: bool,
    /// What could not be watched.
    pub(super) problems: Vec<Problem>,
    /// The machine or the disk failed at something: what it would have shown is taken to be as it was.
    pub(super) failed: bool,
}

/// The set of watched folders.
pub(super) struct Tree {
    root: PathBuf,
    interesting: Arc<Interesting>,
    follow: FollowSymlinks,
    folders: BTreeMap<SitePath, Identity>,
    owners: HashMap<Identity, SitePath>,
    /// Folders that the kernel would not watch; nothing below them is watched either.
    unwatched: BTreeSet<SitePath>,
    /// What was in `unwatched` before the walk that is under way, and is not told again.
    told: BTreeSet<SitePath>,
    /// Whether some folder has, or may come to have, several paths.
    ambiguous: bool,
}

impl Tree {
    pub(super) fn new(root: PathBuf, options: &Options) -> Self {
        Self {
            root,
            interesting: Arc::clone(&options.interesting),
            follow: options.follow,
            folders: BTreeMap::new(),
            owners: HashMap::new(),
            unwatched: BTreeSet::new(),
            told: BTreeSet::new(),
            ambiguous: false,
        }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The watched folder's identity.
    pub(super) fn identity(&self, folder: &SitePath) -> Option<Identity> {
        self.folders.get(folder).copied()
    }

    /// Whether this was a folder of ours when last seen.
    pub(super) fn knows(&self, path: &SitePath) -> bool {
        self.folders.contains_key(path) || self.unwatched.contains(path)
    }

    pub(super) fn owns(&self, identity: Identity) -> bool {
        self.owners.contains_key(&identity)
    }

    pub(super) fn unwatched(&self) -> &BTreeSet<SitePath> {
        &self.unwatched
    }

    /// Whether a folder that comes or goes may change the path of another one.
    pub(super) fn is_ambiguous(&self) -> bool {
        self.ambiguous
    }

    /// Takes note of a link whose target may become a folder of ours.
    pub(super) fn note_link(&mut self) {
        self.ambiguous |= self.follow != FollowSymlinks::Never;
    }

    pub(super) fn is_interesting(&self, path: &SitePath) -> bool {
        path.as_bytes().is_empty() || (self.interesting)(path)
    }

    /// The identity of the folder at `path` if it is one of ours: a real one, or a link that is to be followed. What cannot
    /// be seen is as it was.
    pub(super) fn folder_at(&self, path: &SitePath) -> Option<Identity> {
        self.look(path).unwrap_or_else(|_| self.identity(path))
    }

    /// The same.
    ///
    /// # Errors
    /// When the machine or the disk fails, which says nothing about the folder, or when one that is watched may not be seen: its
    /// watch stays, for nothing may tell when it may be again.
    fn look(&self, path: &SitePath) -> io::Result<Option<Identity>> {
        let place = path.under(&self.root);
        let is_root = path.as_bytes().is_empty();
        let own = if is_root { fs::metadata(&place) } else { fs::symlink_metadata(&place) };
        let own = match own {
            Err(error) if error.kind() == IoError::PermissionDenied && self.folders.contains_key(path) => {
                return Err(error);
            }
            own => own,
        };
        let Some(mut metadata) = there(own)? else { return Ok(None) };
        if metadata.is_symlink() && self.may_follow(&place) {
            let Some(target) = there(fs::metadata(&place))? else { return Ok(None) };
            metadata = target;
        }
        Ok(metadata.is_dir().then(|| Identity::of(&metadata)))
    }

    /// Watches the folder at `top` and those of interest below it. Each is watched before it is read, so that what
    /// appears in it is either read or reported.
    pub(super) fn grow(&mut self, watcher: &mut dyn Watcher, top: &SitePath) -> Walk {
        let mut walk = Walk::default();
        let mut stack = vec![top.clone()];
        while let Some(folder) = stack.pop() {
            let Ok(found) = self.look(&folder) else {
                walk.failed = true;
                continue;
            };
            let Some(identity) = found else { continue };
            let owner = self.owners.get(&identity);
            if owner.is_some_and(|owner| *owner != folder) {
                walk.conflict = true;
            } else if owner.is_some() || self.adopt(watcher, &folder, identity, &mut walk) {
                let children = self.children(&folder);
                walk.failed |= children.is_err();
                stack.extend(children.unwrap_or_default());
            }
        }
        walk
    }

    /// Makes the watched folders those on disk, whatever was known of them. Every watch is asked for again: those that
    /// exist stay as they are, and one that the kernel dropped unseen comes back.
    pub(super) fn regrow(&mut self, watcher: &mut dyn Watcher) -> Walk {
        let mut walk = Walk::default();
        let mut seen = HashSet::new();
        let mut unseen: Vec<SitePath> = Vec::new();
        let mut stack = vec![SitePath::default()];
        self.ambiguous = false;
        self.told = std::mem::take(&mut self.unwatched);
        while let Some(folder) = stack.pop() {
            let Ok(found) = self.look(&folder) else {
                unseen.push(folder);
                continue;
            };
            let Some(identity) = found else { continue };
            if !seen.insert(identity) {
                self.ambiguous = true;
            } else if self.adopt(watcher, &folder, identity, &mut walk) {
                match self.children(&folder) {
                    Ok(children) => stack.extend(children),
                    Err(_) => unseen.push(folder),
                }
            }
        }
        walk.failed = !unseen.is_empty();
        let is_unseen = |folder: &SitePath| unseen.iter().any(|above| folder.is_below(above));
        let stale = |(folder, identity): (&SitePath, &Identity)| {
            let is_met = seen.contains(identity) && self.owners.get(identity) == Some(folder);
            (!is_met && !is_unseen(folder)).then(|| folder.clone())
        };
        let stale: Vec<SitePath> = self.folders.iter().filter_map(stale).collect();
        for folder in stale {
            self.drop_watch(watcher, &folder);
            walk.dropped.push(folder);
        }
        self.told.clear();
        walk
    }

    /// Ends the watches of `top`, which is not the root, and all below it, and says whether there were any.
    pub(super) fn forget(&mut self, watcher: &mut dyn Watcher, top: &SitePath) -> bool {
        let known = self.knows(top);
        self.unwatched.remove(top);
        self.drop_watch(watcher, top);
        let below = below(top);
        let unwatched: Vec<SitePath> = self.unwatched.range(below.clone()).cloned().collect();
        for folder in &unwatched {
            self.unwatched.remove(folder);
        }
        let below: Vec<SitePath> = self.folders.range(below).map(|(folder, _)| folder.clone()).collect();
        for folder in &below {
            self.drop_watch(watcher, folder);
        }
        known
    }

    /// Watches one folder, and says whether it is watched.
    fn adopt(&mut self, watcher: &mut dyn Watcher, folder: &SitePath, identity: Identity, walk: &mut Walk) -> bool {
        // The kernel has one watch for a folder, and `notify` one path for a watch: that of the last request. The old
        // path must go first, for its end would end the watch.
        if let Some(owner) = self.owners.get(&identity).filter(|owner| *owner != folder).cloned() {
            self.drop_watch(watcher, &owner);
            walk.dropped.push(owner);
        }
        let known = self.identity(folder) == Some(identity);
        if !known && self.drop_watch(watcher, folder) {
            walk.dropped.push(folder.clone());
        }
        let place = folder.under(&self.root);
        if let Err(error) = watcher.watch(&place, RecursiveMode::NonRecursive) {
            if self.drop_watch(watcher, folder) {
                walk.dropped.push(folder.clone());
            }
            if let Some(problem) = problem(place, &error) {
                if !self.is_told(folder, &problem) {
                    walk.problems.push(problem);
                }
                self.unwatched.insert(folder.clone());
            }
            return false;
        }
        // The path may have become another folder meanwhile, even one that is watched already and whose events would
        // now carry this path. This ends whichever watch was made.
        if self.folder_at(folder) != Some(identity) {
            let _ = watcher.unwatch(&place);
            if self.drop_watch(watcher, folder) {
                walk.dropped.push(folder.clone());
            }
            walk.conflict = true;
            return false;
        }
        self.unwatched.remove(folder);
        self.folders.insert(folder.clone(), identity);
        self.owners.insert(identity, folder.clone());
        if !known {
            walk.added.push(folder.clone());
        }
        true
    }

    fn is_told(&self, folder: &SitePath, problem: &Problem) -> bool {
        match problem {
            // One sentence is enough for all the folders that meet one limit.
            Problem::WatchLimit { .. } => !self.unwatched.is_empty() || !self.told.is_empty(),
            _ => self.unwatched.contains(folder) || self.told.contains(folder),
        }
    }

    /// Ends one watch, and says whether there was one.
    fn drop_watch(&mut self, watcher: &mut dyn Watcher, folder: &SitePath) -> bool {
        let Some(identity) = self.folders.remove(folder) else { return false };
        if self.owners.get(&identity) == Some(folder) {
            self.owners.remove(&identity);
        }
        // `notify` may have ended it already, on the event that made us end it.
        let _ = watcher.unwatch(&folder.under(&self.root));
        true
    }

    /// The folders of interest in `folder`, in descending order, so that the smallest is the first to be taken.
    ///
    /// # Errors
    /// When the machine or the disk fails.
    fn children(&mut self, folder: &SitePath) -> io::Result<Vec<SitePath>> {
        let Some(entries) = there(fs::read_dir(folder.under(&self.root)))? else { return Ok(Vec::new()) };
        let mut names: Vec<OsString> = Vec::new();
        for entry in entries {
            let Some(entry) = there(entry)? else { break };
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                names.push(entry.file_name());
            } else if kind.is_symlink() && self.follow != FollowSymlinks::Never {
                match fs::metadata(entry.path()) {
                    Ok(target) if target.is_dir() => names.push(entry.file_name()),
                    Ok(_) => continue,
                    Err(_) => {}
                }
                self.ambiguous = true;
            }
        }
        names.sort_unstable_by(|a, b| with_slash(b).cmp(with_slash(a)));
        Ok(names.iter().map(|name| folder.join(name)).filter(|child| self.is_interesting(child)).collect())
    }

    fn may_follow(&self, link: &Path) -> bool {
        match self.follow {
            FollowSymlinks::Never => false,
            FollowSymlinks::All => true,
            FollowSymlinks::Inside => match (fs::canonicalize(&self.root), fs::canonicalize(link)) {
                (Ok(root), Ok(target)) => target.starts_with(root),
                _ => false,
            },
        }
    }
}

/// What was found; `None` where there is nothing, or nothing that may be seen.
fn there<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == IoError::NotFound => Ok(None),
        Err(error) => match Content::refused(error) {
            Content::Failed(error) => Err(error),
            _ => Ok(None),
        },
    }
}

fn with_slash(name: &OsString) -> impl Iterator<Item = &u8> {
    name.as_bytes().iter().chain(b"/")
}

/// What to say of a folder that could not be watched; nothing if it is gone, which another event tells.
fn problem(folder: PathBuf, error: &::notify::Error) -> Option<Problem> {
    let seconds = LOOK_EVERY.as_secs();
    match &error.kind {
        ErrorKind::PathNotFound => None,
        ErrorKind::Io(error) if matches!(error.kind(), IoError::NotFound | IoError::NotADirectory) => None,
        ErrorKind::MaxFilesWatch => Some(Problem::WatchLimit { folder, seconds }),
        ErrorKind::Io(error) => Some(Problem::Unwatchable { folder, reason: error.to_string(), seconds }),
        _ => Some(Problem::Unwatchable { folder, reason: error.to_string(), seconds }),
    }
}
