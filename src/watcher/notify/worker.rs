//! From events to facts: what each event means, which folders to watch, and when to distrust what is known.
//!
//! Events are handled in rounds: all that wait are read first, then the folders in doubt are watched, and only then
//! are the facts recorded, all at once. So a folder's rescan comes after its watch, and a rename within the site
//! is one step.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use ::notify::Event;
use ::notify::event::{CreateKind, EventKind, ModifyKind, RemoveKind, RenameMode};
use tokio::sync::oneshot;

use super::names::{Meaning, Names};
use super::tree::{Identity, Tree, Walk};
use super::{LOOK_EVERY, Message, Options, Queue};
use crate::model::SitePath;
use crate::watcher::changes::{Change, Fact, Inbox, Problem};
use crate::watcher::poll::{self, Stamps};

/// How often a root that is gone is looked for.
const RETURN_EVERY: Duration = Duration::from_secs(1);

/// How long folders that move while they are walked are left alone before the next walk.
const WALK_AGAIN: Duration = Duration::from_millis(100);

/// Most messages of a round: more wait, so that facts come out while events pour in.
const ROUND: usize = 4096;

/// Up to so many unwatched folders are looked at one by one.
const MAX_UNWATCHED: usize = 100;

pub(super) struct Worker {
    tree: Tree,
    names: Names,
    watcher: Box<dyn ::notify::Watcher + Send>,
    inbox: Arc<Inbox>,
    queue: Queue,
    /// The root as it was when its watch was made; `None` while it is gone.
    root: Option<Identity>,
    /// Whether folders moved while they were walked, so that some watches may be missing.
    tangled: bool,
    /// Whether other machines may change the site without an event.
    distant: bool,
    stamps: Stamps,
    /// A rename whose new path has not been told yet.
    rename: Option<Rename>,
}

/// The first half of a rename.
struct Rename {
    /// The kernel's number for it.
    cookie: usize,
    old: SitePath,
    is_folder: bool,
}

/// What one round has found.
#[derive(Default)]
struct Round {
    facts: Vec<Fact>,
    /// Folders to be watched anew if they exist, with what happened to them if they do not.
    folders: BTreeMap<SitePath, Change>,
    /// The root may be gone, or another folder.
    root: bool,
    /// Nothing that is known can be trusted.
    all: bool,
    /// The names of configuration files may lead elsewhere.
    names: bool,
    checks: Vec<oneshot::Sender<Vec<SitePath>>>,
}

impl Worker {
    pub(super) fn new(
        options: &Options,
        watcher: Box<dyn ::notify::Watcher + Send>,
        inbox: Arc<Inbox>,
        queue: Queue,
    ) -> Self {
        // Events carry absolute paths.
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let root = absolute(&options.root);
        let configs: Vec<PathBuf> = options.config_files.iter().map(|path| absolute(path)).collect();
        Self {
            tree: Tree::new(root.clone(), options),
            names: Names::new(root, &configs),
            watcher,
            inbox,
            queue,
            root: None,
            tangled: false,
            distant: false,
            stamps: Stamps::new(&configs),
            rename: None,
        }
    }

    /// Makes the first watches. No fact is recorded: all is in doubt until the first scan.
    pub(super) fn begin(&mut self) {
        self.root = Identity::at(self.tree.root());
        let mut problems = self.tree.regrow(&mut *self.watcher).problems;
        self.names.refresh(&mut *self.watcher, &self.tree);
        if self.root.is_none() {
            problems.push(Problem::RootGone { root: self.tree.root().to_path_buf() });
        }
        if let Some(name) = poll::distant_file_system(self.tree.root()) {
            self.distant = true;
            let reason = format!("the posts are on {name}, where changes made elsewhere give no event");
            problems.push(Problem::Polling { reason, seconds: LOOK_EVERY.as_secs() });
        }
        self.inbox.record(problems.into_iter().map(Fact::Problem));
    }

    /// Handles messages until it is told to stop.
    pub(super) fn run(mut self, messages: &Receiver<Message>) {
        let mut last_look = Instant::now();
        loop {
            let first = match self.look_every().map(|every| last_look + every) {
                None => messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(next) => messages.recv_timeout(next.saturating_duration_since(Instant::now())),
            };
            if self.queue.is_stopped() || matches!(first, Err(RecvTimeoutError::Disconnected)) {
                return;
            }
            let mut round = Round::default();
            for message in first.into_iter().chain(messages.try_iter()).take(ROUND) {
                self.message(message, &mut round);
            }
            if self.look_every().is_some_and(|every| last_look.elapsed() >= every) {
                self.look(&mut round);
                last_look = Instant::now();
            }
            self.finish(round);
        }
    }

    /// How often something must be looked at for want of events; normally nothing is.
    fn look_every(&self) -> Option<Duration> {
        if self.tangled {
            return Some(WALK_AGAIN);
        }
        match (self.root, self.distant || !self.tree.unwatched().is_empty()) {
            (None, _) => Some(RETURN_EVERY),
            (Some(_), true) => Some(LOOK_EVERY),
            (Some(_), false) => None,
        }
    }

    fn look(&mut self, round: &mut Round) {
        if self.tangled {
            round.all = true;
        } else if self.root.is_none() {
            round.root = Identity::at(self.tree.root()).is_some();
        } else if self.distant || self.tree.unwatched().len() > MAX_UNWATCHED {
            round.facts.push(Fact::Everything);
        } else {
            round.folders.extend(self.tree.unwatched().iter().map(|folder| (folder.clone(), Change::Removed)));
        }
        if self.distant {
            round.facts.extend(self.stamps.changed());
        }
    }

    fn message(&mut self, message: Message, round: &mut Round) {
        match message {
            Message::Event(event) => self.event(&event, round),
            Message::MountsChanged => round.all = true,
            Message::Check(answer) => round.checks.push(answer),
            Message::Flag => {}
        }
    }

    fn event(&mut self, event: &Event, round: &mut Round) {
        if event.need_rescan() {
            round.all = true;
            round.facts.push(Fact::Problem(Problem::Overflow));
        }
        // The two halves of a rename have been told one by one before.
        if event.kind == EventKind::Modify(ModifyKind::Name(RenameMode::Both)) {
            return;
        }
        let Some(place) = event.paths.first() else { return };
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

    /// Brings the watches up to date, then records what the round has found.
    fn finish(&mut self, mut round: Round) {
        if self.queue.take_lost() {
            round.all = true;
            round.facts.push(Fact::Problem(Problem::Overflow));
        }
        let checks = std::mem::take(&mut round.checks);
        self.look_at_root(&mut round);
        let mut missing = Vec::new();
        if round.all {
            round.facts.push(Fact::Everything);
            round.names = true;
            self.names.distrust();
            missing = self.regrow(&mut round).added;
            round.folders.clear();
        } else if !checks.is_empty() {
            round.names = true;
            let walk = self.regrow(&mut round);
            let doubtful = walk.added.iter().chain(&walk.dropped);
            round.facts.extend(doubtful.map(|folder| Fact::Folder(folder.clone(), Change::Done)));
            missing = walk.added;
        }
        self.watch_folders(&mut round);
        if round.names || !round.folders.is_empty() {
            let moved = self.names.refresh(&mut *self.watcher, &self.tree);
            round.facts.extend(moved.into_iter().map(|path| Fact::Config(path, Change::Done)));
        }
        self.inbox.record(round.facts);
        for check in checks {
            // Whoever asked may have gone.
            let _ = check.send(missing.clone());
        }
    }

    /// Notices that the root is gone, is back, or is another folder.
    fn look_at_root(&mut self, round: &mut Round) {
        if !(round.root || round.all || !round.checks.is_empty() || self.root.is_none()) {
            return;
        }
        let now = Identity::at(self.tree.root());
        let root = || self.tree.root().to_path_buf();
        match (self.root, now) {
            (Some(_), None) => round.facts.push(Fact::Problem(Problem::RootGone { root: root() })),
            (None, Some(_)) => round.facts.push(Fact::Problem(Problem::RootBack { root: root() })),
            _ => {}
        }
        round.all |= round.root || self.root != now;
        self.root = now;
    }

    fn regrow(&mut self, round: &mut Round) -> Walk {
        let mut walk = self.tree.regrow(&mut *self.watcher);
        self.tangled = walk.conflict;
        note(&mut walk, &mut round.facts);
        walk
    }

    fn watch_folders(&mut self, round: &mut Round) {
        let mut conflict = self.tree.is_ambiguous() && !round.folders.is_empty();
        for (folder, gone) in &round.folders {
            if !conflict {
                let mut walk = self.tree.grow(&mut *self.watcher, folder);
                note(&mut walk, &mut round.facts);
                conflict |= walk.conflict;
            }
            let change = if self.tree.folder_at(folder).is_some() { Change::Done } else { *gone };
            round.facts.push(Fact::Folder(folder.clone(), change));
        }
        if conflict {
            self.regrow(round);
            round.facts.push(Fact::Everything);
        }
    }
}

/// Takes note of what a walk has found, apart from what is to be looked at.
fn note(walk: &mut Walk, facts: &mut Vec<Fact>) {
    facts.extend(walk.problems.drain(..).map(Fact::Problem));
    facts.extend(walk.dropped.iter().cloned().map(Fact::Elsewhere));
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
