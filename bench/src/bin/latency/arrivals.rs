//! Sees feeds being renamed into place, by inotify.

use std::ffi::OsStr;
use std::fs;
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify, WatchDescriptor};

use super::Result;

/// What stands for both formats in each folder.
const NAMES: [&str; 2] = ["rss.xml", "atom.xml"];

/// Watches the folder of all feeds, and that of the category whose turn it is.
#[derive(Debug)]
pub(crate) struct Arrivals {
    inotify: Inotify,
    out: PathBuf,
    all: WatchDescriptor,
    category: Option<(WatchDescriptor, PathBuf)>,
}

impl Arrivals {
    pub(crate) fn new(out: &Path) -> Result<Self> {
        let inotify = Inotify::init(InitFlags::IN_NONBLOCK | InitFlags::IN_CLOEXEC)?;
        let all = inotify.add_watch(out, AddWatchFlags::IN_MOVED_TO)?;
        Ok(Self { inotify, out: out.to_owned(), all, category: None })
    }

    /// Watches the folder of this category from now on, and forgets what came before.
    pub(crate) fn expect(&mut self, category: &str) -> Result<()> {
        if let Some((watch, _)) = self.category.take() {
            self.inotify.rm_watch(watch)?;
        }
        let folder = self.out.join(category);
        let watch = self.inotify.add_watch(&folder, AddWatchFlags::IN_MOVED_TO)?;
        self.category = Some((watch, folder));
        while !self.moved(Duration::ZERO)?.is_empty() {}
        Ok(())
    }

    /// The time from `saved` until `marker` stood in the four feeds; `None` where that took longer than `timeout`.
    pub(crate) fn wait(&self, saved: Instant, marker: &str, timeout: Duration) -> Result<Option<Duration>> {
        let category = self.category.as_ref().map(|(_, folder)| folder.as_path());
        let folders = [Some(self.out.as_path()), category].into_iter().flatten();
        let mut missing: Vec<PathBuf> = folders.flat_map(|folder| NAMES.map(|name| folder.join(name))).collect();
        while !missing.is_empty() {
            let Some(left) = timeout.checked_sub(saved.elapsed()) else { return Ok(None) };
            for path in self.moved(left)? {
                // An event can be that of an earlier batch: only a feed that holds the edit counts, once it has been read.
                if let Some(at) = missing.iter().position(|wanted| *wanted == path)
                    && holds(&path, marker)
                {
                    missing.swap_remove(at);
                }
            }
        }
        Ok(Some(saved.elapsed()))
    }

    /// The files that have been renamed into place since the last call; waits for one at most as long as told.
    fn moved(&self, patience: Duration) -> Result<Vec<PathBuf>> {
        // One millisecond more than asked for, lest the last one is spent in a busy loop.
        let patience = if patience.is_zero() { 0 } else { patience.as_millis() + 1 };
        let patience = PollTimeout::try_from(patience).unwrap_or(PollTimeout::MAX);
        poll(&mut [PollFd::new(self.inotify.as_fd(), PollFlags::POLLIN)], patience)?;
        let events = match self.inotify.read_events() {
            Ok(events) => events,
            Err(Errno::EAGAIN) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let path = |watch: WatchDescriptor, name: &OsStr| match &self.category {
            _ if watch == self.all => Some(self.out.join(name)),
            Some((of_category, folder)) if watch == *of_category => Some(folder.join(name)),
            _ => None,
        };
        Ok(events.into_iter().filter_map(|event| path(event.wd, event.name.as_deref()?)).collect())
    }
}

fn holds(path: &Path, marker: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|feed| feed.contains(marker))
}
