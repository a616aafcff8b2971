//! What each event means.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use ::notify::Event;
use ::notify::event::{CreateKind, EventKind, ModifyKind, RemoveKind, RenameMode};

use super::super::names::Meaning;
use super::super::tree::Identity;
use super::{Round, Worker};
use crate::model::SitePath;
use crate::watcher::changes::{Change, Fact, Problem};

/// The first half of a rename.
pub(super) struct Rename {
    /// The kernel's number for it.
    cookie: usize,
    old: SitePath,
    is_folder: bool,
}

impl Worker {
    pub(super) fn event(&mut self, event: &Event, round: &mut Round) {
        if event.need_rescan() {
            round.all = true;
            round.facts.push(Fact::Problem(Problem::Overflow));
        }
        // The two halves of a rename have been told one by one before.
        if event.kind == EventKind::Modify(ModifyKind::Name(RenameMode::Both)) {
            return;
        }
        let Some(place) = event.paths.first() else { return };
        if let Some(answer) = self.cookies.receive(place, event.kind) {
            round.synced.extend(answer);
            return;
        }
        let names_change = !matches!(event.kind, EventKind::Modify(ModifyKind::Data(_)) | EventKind::Access(_));
        round.names |= names_change && self.names.has_links();
        match self.names.find(place, &self.tree) {
            Some(Meaning::Root) => round.root = true,
            Some(Meaning::Config(path)) => {
                round.facts.push(Fact::Config(path.clone(), change_of(event.kind, place)));
                round.names = true;
            }
            None => {}
        }
        if matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))) {
            round.names |= self.names.forget_folder(place);
        }
        let Some(path) = SitePath::below(self.tree.root(), place) else { return };
        if path.as_bytes().is_empty() {
            round.root = true;
        } else if !self.is_watched(place.parent()) {
            // Told late, of a folder that has vanished or has another path by now: that put it in doubt as a whole.
        } else if self.tree.is_interesting(&path) || self.tree.knows(&path) {
            self.site_event(event, path, place, round);
        } else if let EventKind::Modify(ModifyKind::Name(_)) = event.kind {
            self.rename = None;
        }
    }

    fn is_watched(&self, folder: Option<&Path>) -> bool {
        folder
            .and_then(|folder| SitePath::below(self.tree.root(), folder))
            .is_some_and(|folder| self.tree.identity(&folder).is_some())
    }

    fn site_event(&mut self, event: &Event, path: SitePath, place: &Path, round: &mut Round) {
        let change = change_of(event.kind, place);
        match event.kind {
            EventKind::Create(CreateKind::Folder) => self.stands(path, Change::Done, round),
            EventKind::Create(_) if change == Change::Done => self.stands(path, change, round),
            EventKind::Remove(kind) => drop(self.left(path, kind == RemoveKind::Folder, round)),
            EventKind::Modify(ModifyKind::Name(RenameMode::From)) => {
                let old = path.clone();
                let is_folder = self.left(path, false, round);
                self.rename = event.tracker().map(|cookie| Rename { cookie, old, is_folder });
            }
            EventKind::Modify(ModifyKind::Name(_)) => {
                if let Some(rename) = self.rename.take_if(|rename| Some(rename.cookie) == event.tracker()) {
                    moved_within(rename, &path, round);
                }
                self.stands(path, change, round);
            }
            EventKind::Modify(ModifyKind::Metadata(_)) => self.stands(path, change, round),
            _ => round.facts.push(Fact::File(path, change)),
        }
    }

    /// Something of a kind that the event does not tell is at `path`.
    fn stands(&mut self, path: SitePath, change: Change, round: &mut Round) {
        let metadata = fs::symlink_metadata(path.under(self.tree.root()));
        if metadata.as_ref().is_ok_and(fs::Metadata::is_symlink) {
            self.tree.note_link();
        }
        if let Some(folder) = self.tree.folder_at(&path) {
            self.folder_stands(path, folder, change, round);
        } else if self.forget(&path, round) {
            round.folders.insert(path, Change::Removed);
        } else if metadata.is_ok() {
            round.facts.push(Fact::File(path, change));
        } else if change == Change::Done {
            // It has moved on already. If it was a folder, somebody may have seen files in it meanwhile.
            round.folders.insert(path, Change::Removed);
        }
    }

    fn folder_stands(&mut self, path: SitePath, folder: Identity, change: Change, round: &mut Round) {
        let known = self.tree.identity(&path);
        if known == Some(folder) && change == Change::Done {
            // The walk that found it watched it first and has had it looked at since.
            return;
        }
        if known.is_some_and(|known| known != folder) {
            self.forget(&path, round);
        }
        round.folders.insert(path, Change::Removed);
    }

    /// What was at `path` was removed, or renamed away. If it was a folder, `notify` has ended its watches. Returns
    /// whether it was.
    fn left(&mut self, path: SitePath, is_folder: bool, round: &mut Round) -> bool {
        let is_folder = self.forget(&path, round) || is_folder;
        if is_folder {
            round.folders.insert(path, Change::Removed);
        } else {
            round.facts.push(Fact::File(path, Change::Removed));
        }
        is_folder
    }

    /// Ends what is known of a folder, which the caller puts in doubt as a whole, and says whether it was one.
    fn forget(&mut self, path: &SitePath, round: &mut Round) -> bool {
        let known = self.tree.forget(&mut *self.watcher, path);
        if known {
            round.facts.push(Fact::Elsewhere(path.clone()));
        }
        known
    }
}

/// What an event that tells all there is to know means for the file at `place`.
fn change_of(kind: EventKind, place: &Path) -> Change {
    match kind {
        EventKind::Create(_) => {
            // A link to a file is there at once; nobody will close it.
            let linked = |metadata: fs::Metadata| metadata.is_symlink() || metadata.nlink() > 1;
            if fs::symlink_metadata(place).is_ok_and(linked) { Change::Done } else { Change::Writing }
        }
        EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(RenameMode::From)) => Change::Removed,
        EventKind::Modify(ModifyKind::Data(_)) => Change::Writing,
        EventKind::Modify(ModifyKind::Metadata(_)) => Change::Attributes,
        _ => Change::Done,
    }
}

/// A rename within the site takes the old path away for good, so that a post is never in the feeds twice. One that
/// gives the file another extension (`x.md~`, `x.md.bak`) is an editor's way to keep the old state, and a new
/// file is about to come.
fn moved_within(rename: Rename, new: &SitePath, round: &mut Round) {
    if rename.is_folder {
        round.folders.insert(rename.old, Change::Done);
    } else if extension(&rename.old) == extension(new) {
        round.facts.push(Fact::File(rename.old, Change::Done));
    }
}

fn extension(path: &SitePath) -> Option<&[u8]> {
    let name = path.file_name();
    name.iter().rposition(|&b| b == b'.').and_then(|dot| name.get(dot..))
}
