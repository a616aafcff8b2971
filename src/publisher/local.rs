//! A folder of the local file system, whose files are written beside and renamed.
//!
//! Every path is walked segment by segment without following symbolic links, so nothing below the output can steer a
//! write out of it; the output itself may be a link. Nothing is synced: what a power cut tears is found by its size or
//! its bytes and written again.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Timespec, Timestamps};
use rustix::io::Errno;

use super::store::{Key, Kind, Stat, Store, StoreError};
use crate::model::FeedPath;

/// Temporary files begin with it. The name of the file that they replace is not in it: together they could be too long.
const TEMPORARY: &str = ".syndicated-tmp-";
const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
const NANOS: i64 = 1_000_000_000;
/// How often a folder may vanish between its creation and its first file, because another feed's removal emptied it.
const ATTEMPTS: usize = 16;

/// The output as a local folder.
#[derive(Debug)]
pub struct LocalFolder {
    root: PathBuf,
    mode: Option<u32>,
    next: AtomicU64,
}

/// A temporary file; it is removed when it is dropped before it was renamed.
#[derive(Debug)]
pub struct Temporary {
    folder: OwnedFd,
    /// `None` once it was renamed.
    name: Option<String>,
    file: File,
}

impl LocalFolder {
    /// The folder at `root`, which is made when it is first needed. Files get `mode`, or 0666 less the umask.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>, mode: Option<u32>) -> Self {
        Self { root: root.into(), mode, next: AtomicU64::new(0) }
    }

    /// Opens the folder with this path below the root, and makes it when asked to; `None` when there is none.
    fn open_folder(&self, path: &str, create: bool) -> Result<Option<OwnedFd>, StoreError> {
        let open_root = || found(rustix::fs::open(&self.root, FOLDER, Mode::empty()));
        let mut root = open_root()?;
        if create && root.is_none() {
            std::fs::create_dir_all(&self.root)?;
            root = open_root()?;
        }
        let Some(mut folder) = root else { return Ok(None) };
        let mut end = 0;
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            end += segment.len();
            let open = || rustix::fs::openat(&folder, segment, FOLDER | OFlags::NOFOLLOW, Mode::empty());
            let mut opened = open();
            if create && opened.as_ref().err() == Some(&Errno::NOENT) {
                match rustix::fs::mkdirat(&folder, segment, Mode::from_raw_mode(0o777)) {
                    Ok(()) | Err(Errno::EXIST) => opened = open(),
                    Err(error) => return Err(error.into()),
                }
            }
            folder = match opened {
                Ok(below) => below,
                Err(Errno::NOENT) => return Ok(None),
                Err(Errno::NOTDIR | Errno::LOOP) => return Err(in_the_way(&folder, segment, path, end)),
                Err(error) => return Err(error.into()),
            };
            end += 1;
        }
        Ok(Some(folder))
    }

    fn create_temporary(&self, folder: &str) -> Result<Temporary, StoreError> {
        let mode = self.mode().unwrap_or(Mode::from_raw_mode(0o666));
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut last = Errno::NOENT;
        for _ in 0..ATTEMPTS {
            let Some(folder) = self.open_folder(folder, true)? else { continue };
            let name = format!("{TEMPORARY}{}-{}", std::process::id(), self.next.fetch_add(1, Ordering::Relaxed));
            match rustix::fs::openat(&folder, &name, flags, mode) {
                Ok(file) => return Ok(Temporary { folder, name: Some(name), file: File::from(file) }),
                Err(error @ (Errno::NOENT | Errno::EXIST)) => last = error,
                Err(error) => return Err(error.into()),
            }
        }
        Err(last.into())
    }

    /// Opens a file to read it; `None` when there is none.
    fn open(&self, key: Key<'_>) -> Result<Option<OwnedFd>, StoreError> {
        let (folder, name) = split(key);
        let Some(folder) = self.open_folder(folder, false)? else { return Ok(None) };
        // Not blocking, in case that a pipe has come there since it was looked at.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        found(rustix::fs::openat(&folder, name, flags, Mode::empty()))
    }

    /// What a file is, and its first bytes, at most so many, both of the same one; `None` when there is no regular file.
    pub(super) fn read_some(&self, key: Key<'_>, most: u64) -> Result<Option<(Stat, Vec<u8>)>, StoreError> {
        let Some(file) = self.open(key)? else { return Ok(None) };
        let stat = stat(&rustix::fs::fstat(&file)?);
        if stat.kind != Kind::File {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(stat.size.min(most)).unwrap_or(0));
        File::from(file).take(most).read_to_end(&mut bytes)?;
        Ok(Some((stat, bytes)))
    }

    fn mode(&self) -> Option<Mode> {
        self.mode.map(|mode| Mode::from_raw_mode(mode & 0o7777))
    }

    /// Removes the folder and those above it, as long as they are empty.
    fn remove_empty(&self, mut folder: &str) {
        while !folder.is_empty() {
            let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
            let Ok(Some(parent)) = self.open_folder(above, false) else { return };
            if rustix::fs::unlinkat(&parent, name, AtFlags::REMOVEDIR).is_err() {
                return;
            }
            folder = above;
        }
    }
}

impl Store for LocalFolder {
    type Temporary = Temporary;

    fn locate(&self, key: Key<'_>) -> String {
        self.root.join(Path::new(key.as_str())).display().to_string()
    }

    fn stat(&self, key: Key<'_>) -> Result<Option<Stat>, StoreError> {
        let (folder, name) = split(key);
        let Some(folder) = self.open_folder(folder, false)? else { return Ok(None) };
        Ok(found(rustix::fs::statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW))?.map(|raw| stat(&raw)))
    }

    /// Feeds of one folder follow each other, so each folder is opened once.
    fn stat_all(&self, feeds: &[&FeedPath]) -> Vec<Option<Stat>> {
        let mut opened: Option<(&str, Option<OwnedFd>)> = None;
        let mut found = Vec::with_capacity(feeds.len());
        for path in feeds {
            let (folder, name) = split(Key::Feed(path));
            if opened.as_ref().is_none_or(|(last, _)| *last != folder) {
                opened = Some((folder, self.open_folder(folder, false).ok().flatten()));
            }
            let below = opened.as_ref().and_then(|(_, below)| below.as_ref());
            let raw = below.and_then(|below| rustix::fs::statat(below, name, AtFlags::SYMLINK_NOFOLLOW).ok());
            found.push(raw.map(|raw| stat(&raw)));
        }
        found
    }

    fn read(&self, key: Key<'_>) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self
            .open(key)?
            .map(|file| {
                let mut bytes = Vec::new();
                File::from(file).read_to_end(&mut bytes).map(|_| bytes)
            })
            .transpose()?)
    }

    fn write_temporary(&self, key: Key<'_>, bytes: &[u8], previous: Option<&Stat>) -> Result<Temporary, StoreError> {
        let (path, _) = split(key);
        let written = self.create_temporary(path).and_then(|mut temporary| {
            if let Some(mode) = self.mode() {
                rustix::fs::fchmod(&temporary.file, mode)?;
            }
            temporary.file.write_all(bytes)?;
            if let Some(previous) = previous {
                temporary.change_after(previous)?;
            }
            Ok(temporary)
        });
        written.inspect_err(|_| self.remove_empty(path))
    }

    fn rename(&self, mut temporary: Temporary, key: Key<'_>) -> Result<Stat, StoreError> {
        let (path, target) = split(key);
        let renamed = temporary.rename(target);
        drop(temporary);
        renamed.inspect_err(|_| self.remove_empty(path))
    }

    fn align(&self, key: Key<'_>) {
        let Some(mode) = self.mode() else { return };
        let (folder, name) = split(key);
        let Ok(Some(folder)) = self.open_folder(folder, false) else { return };
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let Ok(file) = rustix::fs::openat(&folder, name, flags, Mode::empty()) else { return };
        if rustix::fs::fstat(&file).is_ok_and(|raw| Mode::from_raw_mode(raw.st_mode) != mode) {
            let _ = rustix::fs::fchmod(&file, mode);
        }
    }

    fn remove(&self, key: Key<'_>) -> Result<(), StoreError> {
        let (path, name) = split(key);
        if let Some(folder) = self.open_folder(path, false)? {
            found(rustix::fs::unlinkat(&folder, name, AtFlags::empty()))?;
            self.remove_empty(path);
        }
        Ok(())
    }

    fn clean(&self, folders: &BTreeSet<&str>) {
        for path in folders {
            let Ok(Some(folder)) = self.open_folder(path, false) else { continue };
            let Ok(entries) = Dir::read_from(&folder) else { continue };
            for entry in
                entries.flatten().filter(|entry| entry.file_name().to_bytes().starts_with(TEMPORARY.as_bytes()))
            {
                let _ = rustix::fs::unlinkat(&folder, entry.file_name(), AtFlags::empty());
            }
        }
    }
}

impl Temporary {
    fn stat(&self) -> Result<Stat, StoreError> {
        Ok(stat(&rustix::fs::fstat(&self.file)?))
    }

    fn change_after(&self, previous: &Stat) -> Result<(), StoreError> {
        let second = previous.mtime_ns.div_euclid(NANOS);
        if self.stat()?.mtime_ns.div_euclid(NANOS) <= second {
            let later = Timespec { tv_sec: second.saturating_add(1), tv_nsec: 0 };
            rustix::fs::futimens(&self.file, &Timestamps { last_access: later, last_modification: later })?;
        }
        Ok(())
    }

    fn rename(&mut self, target: &str) -> Result<Stat, StoreError> {
        let stat = self.stat()?;
        if let Some(name) = &self.name {
            rustix::fs::renameat(&self.folder, name, &self.folder, target)?;
            self.name = None;
        }
        Ok(stat)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(name) = self.name.take() {
            let _ = rustix::fs::unlinkat(&self.folder, name, AtFlags::empty());
        }
    }
}

/// A key's folder and its name there.
fn split(key: Key<'_>) -> (&str, &str) {
    key.as_str().rsplit_once('/').unwrap_or(("", key.as_str()))
}

fn stat(raw: &rustix::fs::Stat) -> Stat {
    let kind = match FileType::from_raw_mode(raw.st_mode) {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Folder,
        FileType::Symlink => Kind::Symlink,
        _ => Kind::Other,
    };
    let mtime_ns = i128::from(raw.st_mtime) * i128::from(NANOS) + i128::from(raw.st_mtime_nsec);
    Stat {
        kind,
        size: u64::try_from(raw.st_size).unwrap_or(0),
        mtime_ns: i64::try_from(mtime_ns).unwrap_or(i64::MAX),
        inode: raw.st_ino,
    }
}

/// What stands where `path` needs a folder, up to the byte `end`.
fn in_the_way(folder: &OwnedFd, segment: &str, path: &str, end: usize) -> StoreError {
    match rustix::fs::statat(folder, segment, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(raw) => StoreError::InTheWay { path: path.get(..end).unwrap_or(path).to_owned(), kind: stat(&raw).kind },
        Err(error) => error.into(),
    }
}

/// `None` for what does not exist.
fn found<T>(result: rustix::io::Result<T>) -> Result<Option<T>, StoreError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl From<Errno> for StoreError {
    fn from(error: Errno) -> Self {
        Self::Io(error.into())
    }
}
