//! What has changed since it was last asked for: facts in, batches out, no clock and no file system.
//!
//! A finished write (a close after writing, a rename into place) is due at once; whatever arrives while a batch is being
//! applied is the next batch, so that bursts batch by themselves and nothing waits for a timer. Two things do wait:
//!
//! - a file that is being written, until it is closed or [`QUIET`] has passed without a further write;
//! - the removal of a file or folder, for [`GRACE`], unless the path appears again.

mod inbox;
mod problem;
mod settling;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use self::settling::Settling;
use crate::model::SitePath;

pub use self::inbox::Inbox;
pub use self::problem::Problem;

/// After this long without a further write, a file that nobody closed is read as it is.
pub const QUIET: Duration = Duration::from_secs(1);

/// How long a removal waits for the path to come back. Editors that set the old file aside, and scripts that remove and
/// write again, need some milliseconds between the two, on a loaded machine some tens; nobody waits for a removal.
pub const GRACE: Duration = Duration::from_millis(300);

/// How many paths are told apart. Beyond it everything is in doubt, which costs one `stat` a file and no memory.
pub const MAX_PATHS: usize = 50_000;

/// How many problems wait to be told; further ones are dropped.
const MAX_PROBLEMS: usize = 100;

/// Something that the file system, or what watches it, has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A file below the site.
    File(SitePath, Change),
    /// A folder appeared, vanished or moved: all that is below it is in doubt.
    Folder(SitePath, Change),
    /// What is in this folder is known under another path from now on, or is gone; another fact says what to look at.
    Elsewhere(SitePath),
    /// One of the configuration files.
    Config(PathBuf, Change),
    /// The queue overflowed, the root moved or was unmounted, a watch was lost: all is in doubt.
    Everything,
    /// The watcher itself is in trouble.
    Problem(Problem),
}

/// What happened to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was created or written to, and not closed yet.
    Writing,
    /// It stands as it is meant: closed after writing, renamed to or linked here, or moved elsewhere within the site.
    Done,
    /// Its attributes changed. That alone does not end a write: editors set the mode before they close.
    Attributes,
    /// It was removed, or renamed to somewhere outside the site.
    Removed,
}

/// What is in doubt. Each path may exist, be another file than before, or be gone: only a look tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Files to look at, none of them below one of `folders`.
    pub paths: BTreeSet<SitePath>,
    /// Folders to look at with all that is below them, none below another.
    pub folders: BTreeSet<SitePath>,
    /// Whether all is in doubt; `paths` and `folders` are then empty.
    pub everything: bool,
    /// Whether all pictures and sound of posts are in doubt; `everything` means these too.
    pub media: bool,
    /// Whether a configuration file is in doubt.
    pub config: bool,
    /// Files that are unsettled: being written, or gone for less than [`GRACE`]. Whatever else is looked at, these stay
    /// as they were; each is in doubt in a later batch, under this path or another.
    pub writing: BTreeSet<SitePath>,
    /// What is in doubt below the folder of built pages, where that is watched; `everything` means these too.
    pub pages: Option<Box<Batch>>,
    /// What the log should say.
    pub problems: Vec<Problem>,
}

impl Batch {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let own = [self.paths.is_empty(), self.folders.is_empty(), self.problems.is_empty()];
        let pages = self.pages.as_ref().is_none_or(|pages| pages.is_empty());
        own.iter().all(|&empty| empty) && pages && !self.everything && !self.media && !self.config
    }
}

/// The facts since the last batch. Instants are given as the time since any fixed start, and must not go back.
#[derive(Debug, Default)]
pub struct Changes {
    files: Settling<SitePath>,
    folders: Settling<SitePath>,
    config: Settling<PathBuf>,
    everything: bool,
    problems: Vec<Problem>,
}

impl Changes {
    /// Takes note of a fact.
    pub fn record(&mut self, fact: Fact, now: Duration) {
        match fact {
            Fact::Everything => self.everything = true,
            Fact::Folder(path, _) if path.as_bytes().is_empty() => self.everything = true,
            Fact::Elsewhere(folder) => self.files.forget_unsettled(below(&folder)),
            Fact::File(path, change) => self.files.record(path, change, now),
            Fact::Folder(path, change) => self.folders.record(path, change, now),
            Fact::Config(path, change) => self.config.record(path, change, now),
            Fact::Problem(problem) => self.report(problem),
        }
        if self.everything {
            self.files.forget_ready();
            self.folders.forget();
        }
        self.bound();
    }

    /// What is due at `now`, with what is unsettled then.
    pub fn take(&mut self, now: Duration) -> Batch {
        let mut paths = self.files.take(now);
        let folders = outermost(self.folders.take(now));
        let everything = std::mem::take(&mut self.everything);
        if everything {
            paths.clear();
        }
        for folder in &folders {
            remove_below(&mut paths, folder);
            paths.remove(folder);
        }
        Batch {
            paths,
            folders,
            everything,
            media: false,
            config: !self.config.take(now).is_empty(),
            writing: self.files.unsettled().cloned().collect(),
            pages: None,
            problems: std::mem::take(&mut self.problems),
        }
    }

    /// When the next batch is due, or is to be asked for to find out: an instant in the past when it already is, `None`
    /// when nothing is in doubt.
    #[must_use]
    pub fn next_due(&self) -> Option<Duration> {
        if self.everything || !self.problems.is_empty() {
            return Some(Duration::ZERO);
        }
        [self.files.next_due(), self.folders.next_due(), self.config.next_due()].into_iter().flatten().min()
    }

    /// Whether nothing is in doubt, now or later.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.next_due().is_none()
    }

    /// How many files and folders are in doubt, and whether everything is.
    #[must_use]
    pub fn in_doubt(&self) -> (usize, bool) {
        let ready = self.files.ready_len() + self.folders.ready_len() + self.config.ready_len();
        let unsettled = self.files.unsettled_len() + self.folders.unsettled_len() + self.config.unsettled_len();
        (ready + unsettled, self.everything)
    }

    fn report(&mut self, problem: Problem) {
        if self.problems.len() < MAX_PROBLEMS && !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Trades too many paths for a look at everything. Ready ones go first: the unsettled keep a half-written post out.
    fn bound(&mut self) {
        if self.files.ready_len() + self.folders.ready_len() > MAX_PATHS {
            self.files.forget_ready();
            self.folders.forget_ready();
            self.everything = true;
        }
        if self.files.unsettled_len() + self.folders.unsettled_len() > MAX_PATHS {
            self.files.forget();
            self.folders.forget();
            self.everything = true;
        }
        // There are as many configuration files as were named, so these need no bound.
    }
}

/// The folders that lie below no other one.
fn outermost(mut folders: BTreeSet<SitePath>) -> BTreeSet<SitePath> {
    let mut outer = BTreeSet::new();
    // A folder sorts before all that is below it.
    while let Some(folder) = folders.pop_first() {
        remove_below(&mut folders, &folder);
        outer.insert(folder);
    }
    outer
}

/// What lies below `folder`, without itself: from `folder/` to before `folder0`, `0` being the byte after `/`. Not for
/// the root, below which all lies.
pub(super) fn below(folder: &SitePath) -> Range<SitePath> {
    let bound = |end: u8| SitePath::from_bytes(&[folder.as_bytes(), &[end]].concat());
    bound(b'/')..bound(b'/' + 1)
}

fn remove_below(paths: &mut BTreeSet<SitePath>, folder: &SitePath) {
    let below: Vec<SitePath> = paths.range(below(folder)).cloned().collect();
    for path in &below {
        paths.remove(path);
    }
}
