//! Walks the inputs: every file that may be a post or a page, with its stamp.

use std::collections::HashSet;
use std::fs::{self, DirEntry, File, FileType, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::buffer::spare_capacity;

pub use super::stamp::Stamp;
use crate::config::FollowSymlinks;
use crate::model::SitePath;

/// Largest file that is read: 16 MiB.
pub const MAX_FILE: u64 = 16 << 20;
/// Entries that are handed on together: enough to make the hand-over cheap.
const CHUNK: usize = 256;

/// What to walk.
pub struct Walk<'a> {
    /// The site's root, absolute.
    pub root: &'a Path,
    /// Whether a folder may hold inputs.
    pub wants_folder: &'a (dyn Fn(&SitePath) -> bool + Sync),
    /// Whether a file may be an input, by its name.
    pub wants_file: &'a (dyn Fn(&SitePath) -> bool + Sync),
    /// Which symbolic links are followed.
    pub follow: FollowSymlinks,
}

/// What a walk came across beside files.
#[derive(Debug, Default)]
pub struct Walked {
    /// Folders that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// Whether there are links to folders, or such as lead nowhere yet.
    pub folder_links: bool,
    /// The wanted files that are links.
    pub file_links: Vec<SitePath>,
}

/// A folder that could not be read.
#[derive(Debug)]
pub struct Unreadable {
    /// Which.
    pub path: SitePath,
    /// Why.
    pub error: io::Error,
}

/// A file that a walk came across.
#[derive(Debug)]
pub struct Entry {
    /// Where it lies.
    pub path: SitePath,
    /// `None` for what was found by its path.
    entry: Option<DirEntry>,
    linked: bool,
}

/// A file that was opened, or why it cannot be.
#[derive(Debug)]
pub enum Content {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// It is over [`MAX_FILE`]; its size in bytes.
    TooLarge(u64),
    /// It cannot be read, or is no regular file.
    Unreadable(String),
    /// The machine or the disk failed, which says nothing about the file.
    Failed(io::Error),
    /// It is not there.
    Gone,
}

impl Content {
    /// What an error of the system means for a file that is there.
    pub(crate) fn refused(error: io::Error) -> Self {
        use rustix::io::Errno;
        match Errno::from_io_error(&error) {
            Some(
                Errno::ACCESS
                | Errno::PERM
                | Errno::LOOP
                | Errno::NAMETOOLONG
                | Errno::NOTDIR
                | Errno::ISDIR
                | Errno::NXIO
                | Errno::NODEV
                | Errno::OVERFLOW
                | Errno::INVAL
                | Errno::OPNOTSUPP,
            ) => Self::Unreadable(error.to_string()),
            _ => Self::Failed(error),
        }
    }
}

impl Walk<'_> {
    /// Hands on all files below `start` that are wanted, in no particular order.
    ///
    /// A folder that several paths lead to, by links or mounts, is walked under the smallest of them and no other: so cycles
    /// end, and each file has one path that does not depend on the order of the file system.
    ///
    /// # Errors
    /// When `start` itself cannot be read.
    pub fn run(&self, start: &SitePath, emit: &mut dyn FnMut(Vec<Entry>)) -> Result<Walked, Unreadable> {
        let mut state = State::default();
        // The next folder is the last: they are in reverse order of their paths.
        let mut folders = vec![start.clone()];
        while let Some(folder) = folders.pop() {
            let read = self.folder(&folder, &mut folders, &mut state, emit);
            let error = match read {
                Ok(()) => continue,
                Err(error) => error,
            };
            if folder == *start {
                return Err(Unreadable { path: folder, error });
            }
            if error.kind() != io::ErrorKind::NotFound {
                state.walked.unreadable.push(Unreadable { path: folder, error });
            }
        }
        if !state.chunk.is_empty() {
            emit(state.chunk);
        }
        Ok(state.walked)
    }

    fn folder(
        &self,
        folder: &SitePath,
        folders: &mut Vec<SitePath>,
        state: &mut State,
        emit: &mut dyn FnMut(Vec<Entry>),
    ) -> io::Result<()> {
        let place = folder.under(self.root);
        let metadata = fs::metadata(&place)?;
        if !state.seen.insert((metadata.dev(), metadata.ino())) {
            return Ok(());
        }
        let first = folders.len();
        for entry in fs::read_dir(&place)? {
            self.entry(folder, entry?, folders, state)?;
            if state.chunk.len() >= CHUNK {
                emit(std::mem::take(&mut state.chunk));
            }
        }
        // Folders in the order of the paths in them: `a-b/x` is before `a/x`.
        if let Some(found) = folders.get_mut(first..) {
            found.sort_by(|a, b| b.as_bytes().iter().chain(b"/").cmp(a.as_bytes().iter().chain(b"/")));
        }
        Ok(())
    }

    fn entry(
        &self,
        folder: &SitePath,
        entry: DirEntry,
        folders: &mut Vec<SitePath>,
        state: &mut State,
    ) -> io::Result<()> {
        let path = folder.join(&entry.file_name());
        let kind = match entry.file_type() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            kind => kind?,
        };
        if kind.is_dir() {
            if (self.wants_folder)(&path) {
                folders.push(path.clone());
            }
            // A folder with the name of a post is reported, and what is in it is read.
            if (self.wants_file)(&path) {
                state.chunk.push(Entry { path, entry: Some(entry), linked: false });
            }
            return Ok(());
        }
        if kind.is_symlink() {
            if !self.may_follow(&path) {
                return Ok(());
            }
            let target = fs::metadata(entry.path()).ok();
            let is_folder = target.as_ref().is_some_and(Metadata::is_dir);
            state.walked.folder_links |= (is_folder || target.is_none()) && (self.wants_folder)(&path);
            if is_folder {
                if (self.wants_folder)(&path) {
                    folders.push(path);
                }
                return Ok(());
            }
            if (self.wants_file)(&path) {
                state.walked.file_links.push(path.clone());
            }
        }
        if (self.wants_file)(&path) {
            state.chunk.push(Entry { path, linked: kind.is_symlink(), entry: Some(entry) });
        }
        Ok(())
    }

    /// Whether the policy lets a link be followed. One that leads nowhere, or to itself, is: it is reported as unreadable.
    #[must_use]
    pub fn may_follow(&self, link: &SitePath) -> bool {
        match self.follow {
            FollowSymlinks::Never => false,
            FollowSymlinks::All => true,
            FollowSymlinks::Inside => match (fs::canonicalize(link.under(self.root)), fs::canonicalize(self.root)) {
                (Ok(target), Ok(root)) => target.starts_with(root),
                (Err(error), _) => error.kind() == io::ErrorKind::NotFound || is_circle(&error),
                (_, Err(_)) => false,
            },
        }
    }
}

#[derive(Default)]
struct State {
    chunk: Vec<Entry>,
    /// Device and inode of the folders that were walked.
    seen: HashSet<(u64, u64)>,
    walked: Walked,
}

impl Entry {
    /// A file that is known by its path alone.
    #[must_use]
    pub fn at(path: SitePath) -> Self {
        Self { path, entry: None, linked: true }
    }

    /// Its stamp, following a link; `None` when it is gone. A link that leads nowhere has a stamp of its own.
    #[must_use]
    pub fn stamp(&self, root: &Path) -> Option<Stamp> {
        let followed = match &self.entry {
            Some(entry) if !self.linked => entry.metadata(),
            _ => fs::metadata(self.path.under(root)),
        };
        let metadata = followed.or_else(|_| fs::symlink_metadata(self.path.under(root))).ok()?;
        Some(Stamp::of(&metadata))
    }
}

/// Opens and reads a file, never waiting on a FIFO or a device; with the stamp of what was opened. It goes into the memory
/// of `buffer`: that of the file before is faster than memory of its own.
#[must_use]
pub fn read(buffer: Vec<u8>, path: &Path) -> (Content, Option<Stamp>) {
    match open(path) {
        Ok((file, metadata)) => {
            let stamp = Some(Stamp::of(&metadata));
            if let Some(what) = special(metadata.file_type()) {
                return (Content::Unreadable(format!("it is {what}")), stamp);
            }
            if metadata.len() > MAX_FILE {
                return (Content::TooLarge(metadata.len()), stamp);
            }
            match read_whole(buffer, file, metadata.len()) {
                Ok(bytes) if bytes.len() as u64 > MAX_FILE => (Content::TooLarge(bytes.len() as u64), stamp),
                Ok(bytes) => (Content::Bytes(bytes), stamp),
                Err(error) => (Content::refused(error), stamp),
            }
        }
        Err(error) => {
            let link = fs::symlink_metadata(path).ok();
            let stamp = link.as_ref().map(Stamp::of);
            match (error.kind(), link) {
                (io::ErrorKind::NotFound, None) => (Content::Gone, None),
                (io::ErrorKind::NotFound, Some(_)) => {
                    (Content::Unreadable("it is a link that leads nowhere".to_owned()), stamp)
                }
                (_, link) => match link.and_then(|link| special(link.file_type())) {
                    Some(what) => (Content::Unreadable(format!("it is {what}")), stamp),
                    None => (Content::refused(error), stamp),
                },
            }
        }
    }
}

/// All bytes of a file, or one more than [`MAX_FILE`]. One call is enough for nearly all: there is room for more bytes
/// than it is said to have, and the system does not fill it.
fn read_whole(mut bytes: Vec<u8>, file: File, size: u64) -> io::Result<Vec<u8>> {
    let size = usize::try_from(size).unwrap_or_default();
    bytes.clear();
    bytes.reserve(size + 1);
    let read = rustix::io::retry_on_intr(|| rustix::io::read(&file, spare_capacity(&mut bytes)))?;
    if read != size {
        file.take((MAX_FILE + 1).saturating_sub(read as u64)).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn open(path: &Path) -> io::Result<(File, Metadata)> {
    let nonblocking = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file = File::options().read(true).custom_flags(nonblocking).open(path)?;
    file.metadata().map(|metadata| (file, metadata))
}

fn is_circle(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

fn special(kind: FileType) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_file() {
        None
    } else if kind.is_dir() {
        Some("a folder")
    } else if kind.is_fifo() {
        Some("a FIFO")
    } else if kind.is_socket() {
        Some("a socket")
    } else if kind.is_symlink() {
        Some("a link that leads nowhere")
    } else {
        Some("a device")
    }
}

/// Whether `path` is one of the folders that are never scanned, or lies below one.
#[must_use]
pub fn is_skipped(path: &Path, skip: &[PathBuf]) -> bool {
    skip.iter().any(|skipped| path.starts_with(skipped))
}
