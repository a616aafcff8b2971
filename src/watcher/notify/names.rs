//! Single files whose events matter wherever they lie: the configuration files, and the root where it is a link.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use ::notify::{RecursiveMode, Watcher};

use super::tree::{Identity, Tree};

/// What an event at a name is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// This configuration file.
    Config(PathBuf),
    /// Where the root is.
    Root,
}

#[derive(Debug)]
struct Name {
    /// Its folder, by identity: events of a folder carry one of its paths, not always the one we know the file by.
    folder: Identity,
    name: OsString,
    meaning: Meaning,
}

/// The names, and the folders that are watched for their sake alone.
#[derive(Debug)]
pub(super) struct Names {
    root: PathBuf,
    /// Each configuration file with what it leads to, where that is another path.
    configs: Vec<(PathBuf, Option<PathBuf>)>,
    names: Vec<Name>,
    folders: BTreeMap<PathBuf, Identity>,
}

impl Names {
    pub(super) fn new(root: PathBuf, configs: &[PathBuf]) -> Self {
        let configs = configs.iter().map(|path| (path.clone(), target(path))).collect();
        Self { root, configs, names: Vec::new(), folders: BTreeMap::new() }
    }

    /// What an event at `path` is about, if it is about one of the names.
    pub(super) fn find(&self, path: &Path, tree: &Tree) -> Option<&Meaning> {
        let name = path.file_name()?;
        if !self.names.iter().any(|known| known.name == name) {
            return None;
        }
        let folder = self.folder(path.parent()?, tree)?;
        self.names.iter().find(|known| known.folder == folder && known.name == name).map(|known| &known.meaning)
    }

    /// Whether a configuration file is reached through links, so that any change of names may make it another file.
    pub(super) fn has_links(&self) -> bool {
        self.configs.iter().any(|(_, target)| target.is_some())
    }

    /// Finds out anew where the names are and watches their folders; returns the configuration files that now lead elsewhere.
    pub(super) fn refresh(&mut self, watcher: &mut dyn Watcher, tree: &Tree) -> Vec<PathBuf> {
        let mut moved = Vec::new();
        for (path, known) in &mut self.configs {
            let now = target(path);
            if *known != now {
                known.clone_from(&now);
                moved.push(path.clone());
            }
        }
        let configs = self.configs.iter().flat_map(|(path, target)| {
            std::iter::once(path).chain(target).map(move |place| (place.clone(), Meaning::Config(path.clone())))
        });
        let root = fs::symlink_metadata(&self.root).is_ok_and(|metadata| metadata.is_symlink());
        let places: Vec<_> = configs.chain(root.then(|| (self.root.clone(), Meaning::Root))).collect();
        self.names.clear();
        for (place, meaning) in places {
            self.add(&place, meaning, watcher, tree);
        }
        moved
    }

    /// Forgets which folders are watched, so that the next [`refresh`](Self::refresh) asks for each again.
    pub(super) fn distrust(&mut self) {
        self.folders.clear();
    }

    fn add(&mut self, place: &Path, meaning: Meaning, watcher: &mut dyn Watcher, tree: &Tree) {
        let (Some(parent), Some(name)) = (place.parent(), place.file_name()) else { return };
        let Some(folder) = Identity::at(parent) else { return };
        self.names.push(Name { folder, name: name.to_owned(), meaning });
        if tree.owns(folder) {
            // The tree watches it, under its own path.
            self.folders.retain(|_, known| *known != folder);
        } else if !self.folders.iter().any(|(path, known)| *known == folder && path == parent)
            && watcher.watch(parent, RecursiveMode::NonRecursive).is_ok()
        {
            self.folders.retain(|_, known| *known != folder);
            self.folders.insert(parent.to_path_buf(), folder);
        }
    }

    fn folder(&self, path: &Path, tree: &Tree) -> Option<Identity> {
        let below = crate::model::SitePath::below(tree.root(), path);
        below.and_then(|below| tree.identity(&below)).or_else(|| self.folders.get(path).copied())
    }

    /// Forgets a folder that vanished or moved, and says whether it was watched.
    pub(super) fn forget_folder(&mut self, path: &Path) -> bool {
        self.folders.remove(path).is_some()
    }
}

/// Where `path` leads to, if that is another path.
fn target(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).ok().filter(|target| target.as_os_str() != OsStr::new(path))
}
