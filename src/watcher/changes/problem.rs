//! What keeps the watcher from seeing everything at once, as sentences for the log.

use std::path::PathBuf;

/// Trouble of the watcher. It goes on in each case; the sentence says how, and what its owner can do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Problem {
    /// The kernel gives no further watch (`fs.inotify.max_user_watches`).
    #[error(
        "the kernel's limit on watched folders is reached at {}: raise fs.inotify.max_user_watches with sysctl; \
         what could not be watched is looked at every {seconds} s", .folder.display()
    )]
    WatchLimit {
        /// The first folder that could not be watched.
        folder: PathBuf,
        /// How often it is looked at instead.
        seconds: u64,
    },
    /// A folder cannot be watched for another reason.
    #[error("{} cannot be watched ({reason}): it is looked at every {seconds} s", .folder.display())]
    Unwatchable {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        reason: String,
        /// How often it is looked at instead.
        seconds: u64,
    },
    /// The kernel dropped events.
    #[error(
        "the kernel's queue of file events overflowed, everything is looked at again; \
         if this repeats, raise fs.inotify.max_queued_events with sysctl"
    )]
    Overflow,
    /// The site's root is not there.
    #[error("{} is gone; it is looked for every second", .root.display())]
    RootGone {
        /// The root.
        root: PathBuf,
    },
    /// The site's root is there again.
    #[error("{} is back", .root.display())]
    RootBack {
        /// The root.
        root: PathBuf,
    },
    /// The system gives no events at all, or not those of other machines.
    #[error("{reason}: everything is looked at every {seconds} s")]
    Polling {
        /// Why.
        reason: String,
        /// How often.
        seconds: u64,
    },
}
