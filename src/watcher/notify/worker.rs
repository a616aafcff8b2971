//! The actor's thread: which folders to watch, what to look at for want of events, when to distrust what is known.
//!
//! Events are handled in rounds: all that wait are read first, then the folders in doubt are watched, and only then
//! are the facts recorded, all at once. So a folder's rescan comes after its watch, and a rename within the site
//! is one step.

mod events;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use self::events::Rename;
use super::cookies::Cookies;
use super::names::Names;
use super::tree::{Identity, Tree, Walk};
use super::{Answer, LOOK_EVERY, Message, Options, Queue};
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
    cookies: Cookies,
    watcher: Box<dyn ::notify::Watcher + Send>,
    inbox: Arc<Inbox>,
    queue: Queue,
    /// The root as it was when its watch was made; `None` while it is gone.
    root: Option<Identity>,
    /// Whether folders moved while they were walked, so that some watches may be missing.
    tangled: bool,
    /// Whether the disk failed while folders were walked, so that some watches may be missing.
    failing: bool,
    /// Whether other machines may change the site without an event.
    distant: bool,
    stamps: Stamps,
    /// A rename whose new path has not been told yet.
    rename: Option<Rename>,
    /// Whether `notify`'s own thread has ended.
    is_blind: bool,
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
    /// Those for whom all that they wait for is in this round.
    synced: Vec<Answer>,
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
            cookies: Cookies::new(absolute(&options.cookies)),
            watcher,
            inbox,
            queue,
            root: None,
            tangled: false,
            failing: false,
            distant: false,
            stamps: Stamps::new(&configs),
            rename: None,
            is_blind: false,
        }
    }

    /// Makes the first watches. No fact is recorded: all is in doubt until the first scan.
    pub(super) fn begin(&mut self) {
        self.root = Identity::at(self.tree.root());
        let mut walk = self.tree.regrow(&mut *self.watcher);
        (self.tangled, self.failing) = (walk.conflict, walk.failed);
        let mut problems = std::mem::take(&mut walk.problems);
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

    /// Handles messages until it is told to stop, or no events will come any more.
    pub(super) fn run(&mut self, messages: &Receiver<Message>) {
        let mut last_look = Instant::now();
        loop {
            // The message that says so may have been read in the round before.
            if self.queue.is_stopped() || self.is_blind {
                return;
            }
            let first = match self.look_every().map(|every| last_look + every) {
                None => messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(next) => messages.recv_timeout(next.saturating_duration_since(Instant::now())),
            };
            if matches!(first, Err(RecvTimeoutError::Disconnected)) {
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
        match (self.root, self.distant || self.failing || !self.tree.unwatched().is_empty()) {
            (None, _) => Some(RETURN_EVERY),
            (Some(_), true) => Some(LOOK_EVERY),
            (Some(_), false) => None,
        }
    }

    fn look(&mut self, round: &mut Round) {
        if self.tangled || self.failing {
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
            Message::Sync { answer, looks } => self.sync(answer, looks, round),
            Message::Blind => self.is_blind = true,
            Message::Flag => {}
        }
    }

    /// Answers when all events up to now have come. What gives none is looked at now, if that is wanted.
    fn sync(&mut self, answer: Answer, looks: bool, round: &mut Round) {
        if looks && self.look_every().is_some() {
            self.look(round);
        }
        if let Err(answer) = self.cookies.send(&mut *self.watcher, answer) {
            if looks {
                round.facts.push(Fact::Everything);
            }
            round.synced.push(answer);
        }
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
            round.synced.extend(self.cookies.receive_all());
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
        for answer in round.synced {
            answer.give();
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
        (self.tangled, self.failing) = (walk.conflict, walk.failed);
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
                self.failing |= walk.failed;
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
