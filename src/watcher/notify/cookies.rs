//! Whether all that happened up to now has been told: a file of our own takes the way of all events, and comes last.
//!
//! One inotify instance tells events in the order in which they happened, whatever folder they are in (inotify(7)).

use std::fs;
use std::path::{Path, PathBuf};

use ::notify::{RecursiveMode, Watcher};
use tokio::sync::oneshot;

/// Files that are made only to be noticed, each for somebody who waits until it is.
#[derive(Debug)]
pub(super) struct Cookies {
    folder: PathBuf,
    made: u64,
    waiting: Vec<(PathBuf, oneshot::Sender<()>)>,
}

impl Cookies {
    /// Cookies in `folder`, absolute, which is made and watched when the first is sent.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, made: 0, waiting: Vec::new() }
    }

    /// Sends one. When that is not possible, `answer` is given back.
    pub(super) fn send(
        &mut self,
        watcher: &mut dyn Watcher,
        answer: oneshot::Sender<()>,
    ) -> Result<(), oneshot::Sender<()>> {
        let path = self.folder.join(self.made.to_string());
        self.made += 1;
        // Each time, because the folder may be another than before.
        let is_sent = fs::create_dir_all(&self.folder).is_ok()
            && watcher.watch(&self.folder, RecursiveMode::NonRecursive).is_ok()
            && fs::write(&path, []).is_ok();
        if !is_sent {
            return Err(answer);
        }
        self.waiting.push((path, answer));
        Ok(())
    }

    /// Whether an event is of a cookie; who waits for it, if it is the first.
    pub(super) fn receive(&mut self, place: &Path) -> Option<Option<oneshot::Sender<()>>> {
        place.starts_with(&self.folder).then(|| {
            let at = self.waiting.iter().position(|(path, _)| path == place)?;
            let (path, answer) = self.waiting.swap_remove(at);
            // Left over, it harms nobody.
            let _ = fs::remove_file(path);
            Some(answer)
        })
    }

    /// All who wait, when what is told no longer matters.
    pub(super) fn receive_all(&mut self) -> impl Iterator<Item = oneshot::Sender<()>> + use<> {
        std::mem::take(&mut self.waiting).into_iter().map(|(path, answer)| {
            let _ = fs::remove_file(path);
            answer
        })
    }
}
