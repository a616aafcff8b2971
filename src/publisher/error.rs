//! What can go wrong with a feed that is ready, and what its owner can do about it.

use std::io;

use rustix::io::Errno;

use super::store::{Key, Kind, Store, StoreError};

/// Why a feed was not published, removed or looked at. What was published before is untouched.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// A file that we did not write.
    #[error(
        "{path} was not written by syndicated, so it is left alone; move it away, or choose another path for the feed"
    )]
    Foreign {
        /// Where it is.
        path: String,
    },
    /// Something other than a file where the feed belongs, or other than a folder above it.
    #[error("{path}: {obstacle} is {kind}, which syndicated does not follow or replace; move it away")]
    InTheWay {
        /// Where the feed belongs.
        path: String,
        /// What is in its way, relative to the output.
        obstacle: String,
        /// What it is.
        kind: Kind,
    },
    /// The list of published files makes no sense.
    #[error(
        "{path} does not list published files ({reason}); restore it, for instance from version control, or delete it \
         together with the feeds beside it"
    )]
    Manifest {
        /// Where it is.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The operating system refused.
    #[error("cannot {action} {path}: {source}{}", advice(.source))]
    Io {
        /// `read`, `write`, `remove`.
        action: &'static str,
        /// Where the file is.
        path: String,
        /// The operating system's reason.
        source: io::Error,
    },
}

impl PublishError {
    pub(super) fn new<S: Store>(store: &S, key: Key<'_>, action: &'static str, error: StoreError) -> Self {
        let path = store.locate(key);
        match error {
            StoreError::InTheWay { path: obstacle, kind } => Self::InTheWay { path, obstacle, kind },
            StoreError::Io(source) => Self::Io { action, path, source },
        }
    }
}

/// What to do about an error of the operating system, to be put behind it; empty where nobody knows.
pub(super) fn advice(error: &io::Error) -> &'static str {
    match Errno::from_io_error(error) {
        Some(Errno::NOSPC) => "; free some space, the published feeds stay as they are",
        Some(Errno::DQUOT) => "; this user's quota is used up, the published feeds stay as they are",
        Some(Errno::ACCESS | Errno::PERM) => "; let this user write there, or choose another output",
        Some(Errno::EXIST | Errno::NOTDIR) => {
            "; a file is in the way of a folder: move it, or choose another output and state"
        }
        Some(Errno::ROFS) => "; choose an output that is not mounted read-only",
        Some(Errno::MFILE | Errno::NFILE) => "; raise the limit on open files (ulimit -n)",
        Some(Errno::IO) => "; that disk may be failing, the published feeds stay as they are",
        Some(Errno::NAMETOOLONG) => "; choose a shorter output path or path template",
        _ => "",
    }
}
