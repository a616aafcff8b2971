//! Whether the catalog's file is as it was left: the database itself does not notice that somebody else wrote into it, and
//! would mix what it remembers with what it reads.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::{Catalog, CatalogError};

/// What tells that a file was written to: its number, size and time in seconds and nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seal(u64, u64, i64, i64);

impl Seal {
    fn of(path: &Path) -> Option<Self> {
        let found = fs::metadata(path).ok()?;
        Some(Self(found.ino(), found.size(), found.mtime(), found.mtime_nsec()))
    }
}

impl Catalog {
    /// Takes note of the file as it is now: until the next batch nobody may write into it.
    pub fn seal(&mut self) {
        self.left = self.path.as_deref().filter(|_| self.is_whole()).and_then(Seal::of);
    }

    /// Whether the file is as it was left.
    ///
    /// # Errors
    /// [`CatalogError::Gone`] and [`CatalogError::Changed`] where it is not.
    pub fn is_as_left(&self) -> Result<(), CatalogError> {
        let (Some(left), Some(path)) = (self.left, &self.path) else { return Ok(()) };
        match Seal::of(path) {
            None => Err(CatalogError::Gone(path.clone())),
            Some(found) if found != left => Err(CatalogError::Changed(path.clone())),
            Some(_) => Ok(()),
        }
    }
}
