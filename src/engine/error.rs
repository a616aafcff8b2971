//! Why nothing could be done.

use std::io;
use std::path::PathBuf;

use crate::catalog::CatalogError;
use crate::publisher::PublishError;

/// Why nothing could be done.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The posts cannot be read.
    #[error("cannot read {}: {error}\n  the published feeds were left as they are", path.display())]
    Source {
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
    /// The threads cannot be started.
    #[error("cannot start {0} threads: {1}")]
    Threads(usize, rayon::ThreadPoolBuildError),
}

impl From<CatalogError> for EngineError {
    fn from(error: CatalogError) -> Self {
        Self::Catalog(error)
    }
}
