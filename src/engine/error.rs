//! Why an engine could do nothing, and what can be done about it.

use std::io;
use std::path::PathBuf;

use rustix::io::Errno;

use crate::catalog::CatalogError;
use crate::publisher::PublishError;

/// Why nothing could be done.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The posts cannot be read.
    #[error("cannot read {}: {error}{}\n  the published feeds were left as they are", path.display(), advice(.error))]
    Source {
        /// What could not be read.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file beside the posts that a feed is made of cannot be read.
    #[error("cannot read {}: {error}{}", path.display(), advice(.error))]
    Input {
        /// What could not be read.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// There is no post.
    #[error(
        "there is no post below {}\n  the published feeds were left as they are: a disk may not be mounted\n  \
         if the site is meant to have no posts, say --allow-empty", path.display()
    )]
    Emptied {
        /// The site's root.
        path: PathBuf,
    },
    /// The catalog cannot be used.
    #[error(transparent)]
    Catalog(CatalogError),
    /// The output cannot be used.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// A thread cannot be started.
    #[error("cannot start a thread: {0}; raise the limit on processes (ulimit -u, or TasksMax= of the unit)")]
    Thread(io::Error),
    /// The threads cannot be started.
    #[error("cannot start {0} threads: {1}")]
    Threads(usize, rayon::ThreadPoolBuildError),
}

impl From<CatalogError> for EngineError {
    fn from(error: CatalogError) -> Self {
        Self::Catalog(error)
    }
}

/// What to do about posts that cannot be read, to be put behind it; empty where nobody knows.
fn advice(error: &io::Error) -> &'static str {
    match Errno::from_io_error(error) {
        Some(Errno::MFILE | Errno::NFILE) => "; raise the limit on open files (ulimit -n)",
        Some(Errno::ACCESS | Errno::PERM) => "; let this user read there",
        Some(Errno::IO) => "; that disk may be failing",
        Some(Errno::STALE | Errno::NOTCONN | Errno::TIMEDOUT) => "; see whether it is still mounted",
        _ => "",
    }
}
