//! From what a batch holds in doubt to the least that has to be looked at.

use std::collections::BTreeSet;
use std::fs;

use super::{Engine, EngineError};
use crate::catalog::CatalogError;
use crate::config::Config;
use crate::model::SitePath;
use crate::watcher::changes::Batch;
use crate::watcher::scan::{self, Walked};

/// The symbolic links of a site, by which a change in one place shows in another.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Whether there are links to folders, or such as lead nowhere yet. Which path the files behind them have, only a
    /// walk of everything can tell.
    folders: bool,
    /// Links to files: no event tells of them when the file they lead to changes.
    files: BTreeSet<SitePath>,
}

impl Links {
    /// Whether a file may have several paths.
    pub(super) fn has_folders(&self) -> bool {
        self.folders
    }

    /// Takes note of what a walk has met; of everything, or of one folder.
    pub(super) fn note(&mut self, walked: &mut Walked, everything: bool) {
        if everything {
            *self = Self::default();
        }
        self.folders |= walked.folder_links;
        self.files.extend(walked.file_links.drain(..));
    }
}

/// What has to be looked at.
#[derive(Debug)]
pub(super) enum Scope {
    /// All files.
    Everything,
    /// These folders with all that is below them, and these files.
    Part {
        /// Folders that are there, or were.
        folders: BTreeSet<SitePath>,
        /// Files that are there, or were.
        files: BTreeSet<SitePath>,
    },
}

impl Config {
    /// The stamp of a file with what its row in the pinned ids says; one that cannot be trusted stays so.
    pub(super) fn mark(&self, stamp: i64, path: &SitePath) -> i64 {
        if stamp == 0 { 0 } else { stamp ^ self.identity.pins.mark(path) }
    }
}

impl Engine {
    /// What has to be looked at for the catalog to be true again of all that `batch` says.
    pub(super) fn scope(&mut self, batch: &Batch) -> Result<Scope, EngineError> {
        if batch.everything || self.catalog.is_new() {
            return Ok(Scope::Everything);
        }
        let mut folders = batch.folders.clone();
        let mut files = BTreeSet::new();
        for path in batch.paths.difference(&batch.writing) {
            let metadata = fs::symlink_metadata(path.under(&self.config.source.root)).ok();
            let is_link = metadata.as_ref().is_some_and(fs::Metadata::is_symlink);
            if metadata.is_some_and(|metadata| metadata.is_dir()) || (is_link && self.leads_to_folder(path)) {
                folders.insert(path.clone());
                continue;
            }
            if self.has_own_place(path)? {
                files.insert(path.clone());
                self.note_file(path, is_link);
            } else {
                return Ok(Scope::Everything);
            }
        }
        if folders.iter().any(|folder| self.links.folders || self.lies_behind_link(folder, true)) {
            return Ok(Scope::Everything);
        }
        if !batch.is_empty() {
            for link in self.links.files.difference(&batch.writing) {
                if !files.contains(link) && self.has_changed(link)? {
                    files.insert(link.clone());
                }
            }
        }
        Ok(Scope::Part { folders, files })
    }

    /// Whether a file's path is the one under which a walk of everything would meet it.
    fn has_own_place(&self, path: &SitePath) -> Result<bool, CatalogError> {
        if !self.links.folders && !self.lies_behind_link(path, false) {
            return Ok(true);
        }
        // Of a folder that is gone, another path may show the files now; and what is unknown may be known by another path.
        Ok(self.catalog.stamp(path)?.is_some() && !self.catalog.has_files_below(path)?)
    }

    fn note_file(&mut self, path: &SitePath, is_link: bool) {
        if is_link {
            self.links.files.insert(path.clone());
            // It may lead to a folder one day.
            self.links.folders |= !path.under(&self.config.source.root).exists();
        } else {
            self.links.files.remove(path);
        }
    }

    fn leads_to_folder(&self, link: &SitePath) -> bool {
        link.under(&self.config.source.root).is_dir()
    }

    fn lies_behind_link(&self, path: &SitePath, or_is_one: bool) -> bool {
        let root = &self.config.source.root;
        let is_link =
            |path: SitePath| fs::symlink_metadata(path.under(root)).is_ok_and(|metadata| metadata.is_symlink());
        path.ancestors().any(is_link) || (or_is_one && is_link(path.clone()))
    }

    fn has_changed(&self, link: &SitePath) -> Result<bool, CatalogError> {
        let stamp = scan::Entry::at(link.clone()).stamp(&self.config.source.root);
        Ok(stamp.map(|stamp| self.config.mark(stamp.number(link), link)) != self.catalog.stamp(link)?)
    }
}
