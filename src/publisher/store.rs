//! What the publisher asks of the place where feeds are: an interface that a bucket could have, too.

use std::collections::BTreeSet;
use std::fmt;
use std::io;

use crate::model::FeedPath;

/// One of the files that we keep below the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key<'a> {
    /// A feed.
    Feed(&'a FeedPath),
    /// The list of our own files.
    Manifest,
    /// There while files are under way: after a crash it says that temporary files may be left.
    Marker,
}

impl<'a> Key<'a> {
    /// Its path relative to the output.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        match self {
            Self::Feed(path) => path.as_str(),
            Self::Manifest => ".syndicated.json",
            Self::Marker => ".syndicated.writing",
        }
    }
}

/// What is found under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, which is never followed.
    Symlink,
    /// A pipe, a device, a socket.
    Other,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "a file",
            Self::Folder => "a folder",
            Self::Symlink => "a symbolic link",
            Self::Other => "neither a file nor a folder",
        })
    }
}

/// What a store tells about a file without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// What it is.
    pub kind: Kind,
    /// Its size in bytes.
    pub size: u64,
    /// When it was last changed, in nanoseconds since 1970.
    pub mtime_ns: i64,
    /// Its number in the file system.
    pub inode: u64,
}

/// Why a store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something that is not ours, and not what the path needs there.
    #[error("{path} is {kind}")]
    InTheWay {
        /// Relative to the output.
        path: String,
        /// What it is.
        kind: Kind,
    },
    /// The operating system's reason.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A place for files that are replaced as a whole: a reader sees all of the old bytes or all of the new.
pub trait Store: Send + Sync {
    /// A file that is written but not yet visible under its name.
    type Temporary;

    /// Where a file is, in words for people.
    fn locate(&self, key: Key<'_>) -> String;

    /// What is there now; `None` when there is nothing.
    ///
    /// # Errors
    /// When it cannot be asked.
    fn stat(&self, key: Key<'_>) -> Result<Option<Stat>, StoreError>;

    /// The same for many feeds, sorted by path; what cannot be asked counts as not there.
    fn stat_all(&self, feeds: &[&FeedPath]) -> Vec<Option<Stat>> {
        feeds.iter().map(|path| self.stat(Key::Feed(path)).ok().flatten()).collect()
    }

    /// The bytes of a regular file; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self, key: Key<'_>) -> Result<Option<Vec<u8>>, StoreError>;

    /// Writes a file that can replace `key`, changed at least a second after `previous` was: the HTTP dates made of the
    /// two differ.
    ///
    /// # Errors
    /// When it cannot be written; nothing is left behind.
    fn write_temporary(
        &self,
        key: Key<'_>,
        bytes: &[u8],
        previous: Option<&Stat>,
    ) -> Result<Self::Temporary, StoreError>;

    /// Makes a temporary file visible as `key`, in one step, and says what is there now.
    ///
    /// # Errors
    /// When it cannot; the temporary file is gone, and what was there before remains.
    fn rename(&self, temporary: Self::Temporary, key: Key<'_>) -> Result<Stat, StoreError>;

    /// Gives a file that stays as it is the permissions that a new one would have, where that is possible.
    fn align(&self, key: Key<'_>);

    /// Removes a file, and the folders that are empty without it. Nothing there is no error.
    ///
    /// # Errors
    /// When it cannot be removed.
    fn remove(&self, key: Key<'_>) -> Result<(), StoreError>;

    /// Removes what a crash left of temporary files in these folders (not below them; `""` is the output itself).
    fn clean(&self, folders: &BTreeSet<&str>);
}
