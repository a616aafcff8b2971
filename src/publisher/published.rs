//! The output as those see it who only read it: what the manifest lists, and the bytes of those files.

use std::path::Path;

use super::local::LocalFolder;
use super::manifest::{Digest, Manifest, Parsed};
use super::store::{Key, Kind, Stat, Store as _, StoreError};
use crate::model::FeedPath;

/// No file is served that is larger, in bytes.
const MOST: u64 = 64 << 20;

/// The published files of an output. Nothing is ever written, and no symbolic link below the output is followed.
#[derive(Debug)]
pub struct Published {
    store: LocalFolder,
}

/// A published file as it was found.
#[derive(Debug)]
pub struct Found {
    /// What the system says of it.
    pub stat: Stat,
    /// Its bytes; or only the first of them, where no more were asked for.
    pub bytes: Vec<u8>,
}

impl Published {
    /// The output at `root`, which need not be there.
    #[must_use]
    pub fn at(root: &Path) -> Self {
        Self { store: LocalFolder::new(root, None) }
    }

    /// The paths that the manifest lists, sorted; where it says so with what their files hold. None where there is none.
    ///
    /// # Errors
    /// When the manifest is there and cannot be read, or is something else.
    pub fn list(&self) -> Result<Vec<(FeedPath, Option<Digest>)>, StoreError> {
        let Some(bytes) = self.store.read(Key::Manifest)? else { return Ok(Vec::new()) };
        match Manifest::parse(&bytes) {
            Parsed::Whole(manifest) | Parsed::Damaged(manifest, _) => Ok(manifest.files.into_iter().collect()),
            Parsed::Foreign(reason) => Err(StoreError::Io(std::io::Error::other(reason))),
        }
    }

    /// What is at these paths, sorted, without opening it; `None` where there is no file.
    #[must_use]
    pub fn stat_all(&self, paths: &[&FeedPath]) -> Vec<Option<Stat>> {
        let files = self.store.stat_all(paths);
        files.into_iter().map(|found| found.filter(|stat| stat.kind == Kind::File)).collect()
    }

    /// All of a file, as one process left it; `None` where there is no file.
    ///
    /// # Errors
    /// When it cannot be read, or is larger than any feed.
    pub fn read(&self, path: &FeedPath) -> Result<Option<Found>, StoreError> {
        let Some((stat, bytes)) = self.store.read_some(Key::Feed(path), MOST + 1)? else { return Ok(None) };
        if bytes.len() as u64 > MOST {
            return Err(StoreError::Io(std::io::ErrorKind::FileTooLarge.into()));
        }
        Ok(Some(Found { stat, bytes }))
    }

    /// The first bytes of a file, at most so many.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn head(&self, path: &FeedPath, bytes: u64) -> Result<Option<Found>, StoreError> {
        let found = self.store.read_some(Key::Feed(path), bytes)?;
        Ok(found.map(|(stat, bytes)| Found { stat, bytes }))
    }
}
