//! Whether all that happened up to now has been told: a file of our own takes the way of all events, and comes last.
//!
//! One inotify instance tells events in the order in which they happened, whatever folder they are in (inotify(7)). To open
//! a file for writing and to close it is told like any other write, and leaves the disk as it was.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::Answer;
use ::notify::event::{AccessKind, AccessMode, EventKind};
use ::notify::{RecursiveMode, Watcher};

/// How many cookies are waited for. Of more, the oldest have been lost.
const MOST_WAITING: usize = 1000;

/// When so many are waited for, the watch may have been lost.
const DOUBTFUL: usize = 8;

/// Files that are there only to be noticed, each for somebody who waits until it is.
#[derive(Debug)]
pub(super) struct Cookies {
    folder: PathBuf,
    /// The folder that is watched, kept open so that no other one can have its identity.
    watched: Option<File>,
    /// By the names of their files, which are numbers.
    waiting: Vec<(usize, Answer)>,
}

impl Cookies {
    /// Cookies in `folder`, absolute, which is made and watched when the first is sent.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, watched: None, waiting: Vec::new() }
    }

    /// Sends one. When that is not possible, `answer` is given back.
    pub(super) fn send(&mut self, watcher: &mut dyn Watcher, answer: Answer) -> Result<(), Answer> {
        if self.waiting.len() >= MOST_WAITING {
            self.waiting.remove(0);
        }
        let name = self.free();
        let is_watched = self.is_watched() || self.watch(watcher);
        if self.waiting.len() >= DOUBTFUL {
            // A watch that is there stays as it is, with all that it has to tell.
            let _ = watcher.watch(&self.folder, RecursiveMode::NonRecursive);
        }
        if !(is_watched && self.touch(name)) {
            return Err(answer);
        }
        self.waiting.push((name, answer));
        Ok(())
    }

    /// Whether an event is of a cookie; who waits for it, if it is what they wait for.
    pub(super) fn receive(&mut self, place: &Path, kind: EventKind) -> Option<Option<Answer>> {
        place.starts_with(&self.folder).then(|| {
            // The last that is told of opening, making and closing a file.
            let is_closed = kind == EventKind::Access(AccessKind::Close(AccessMode::Write));
            let name: usize = place.file_name()?.to_str()?.parse().ok()?;
            let at = self.waiting.iter().position(|(waiting, _)| is_closed && *waiting == name)?;
            Some(self.waiting.remove(at).1)
        })
    }

    /// All who wait, when what is told no longer matters.
    pub(super) fn receive_all(&mut self) -> impl Iterator<Item = Answer> + use<> {
        std::mem::take(&mut self.waiting).into_iter().map(|(_, answer)| answer)
    }

    /// The first that nobody waits for.
    fn free(&self) -> usize {
        let is_free = |name: &usize| self.waiting.iter().all(|(waiting, _)| waiting != name);
        (0..MOST_WAITING).find(is_free).unwrap_or_default()
    }

    fn is_watched(&self) -> bool {
        let watched = self.watched.as_ref().and_then(|folder| folder.metadata().ok());
        let now = fs::metadata(&self.folder).ok();
        watched.zip(now).is_some_and(|(watched, now)| (watched.dev(), watched.ino()) == (now.dev(), now.ino()))
    }

    fn watch(&mut self, watcher: &mut dyn Watcher) -> bool {
        if let Some(old) = self.watched.take() {
            // While the old folder is open, the kernel does not tell that it is gone; told later, it would end the new watch.
            let _ = watcher.unwatch(&self.folder);
            drop(old);
        }
        let folder = fs::create_dir_all(&self.folder).and_then(|()| File::open(&self.folder));
        // The watch comes last: what is there then is watched, and if it is another folder by now, it is watched again.
        self.watched = folder.ok().filter(|_| watcher.watch(&self.folder, RecursiveMode::NonRecursive).is_ok());
        // Of those in the old folder nothing is told any more.
        self.watched.is_some() && self.waiting.iter().all(|(name, _)| self.touch(*name))
    }

    fn touch(&self, name: usize) -> bool {
        let path = self.folder.join(name.to_string());
        OpenOptions::new().write(true).create(true).truncate(false).open(path).is_ok()
    }
}
