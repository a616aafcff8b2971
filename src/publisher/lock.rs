//! One instance a destination: a lock that the kernel gives up when its holder dies, so that none is ever stale.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The right to write an output and its state, until it is dropped or the process ends.
///
/// Two locks, since two configurations may have one output and different states, or one state and different outputs. The
/// output is locked as a folder (`flock` on its own descriptor), which leaves no file for a web server to show.
#[derive(Debug)]
pub struct Lock {
    _output: File,
    _state: File,
}

/// Why an output cannot be written now.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error("{} is in use by another syndicated{}; stop that one, or choose another output and state", .path.display(), holder(*.pid))]
    Held {
        /// The output or the state folder.
        path: PathBuf,
        /// The process, where the system tells.
        pid: Option<u32>,
    },
    /// The folder cannot be made or opened.
    #[error("cannot lock {}: {source}{}", .path.display(), super::error::advice(.source))]
    Io {
        /// The output, the state folder, or the lock file in it.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
}

impl Lock {
    /// Takes the lock of an output and its state folder, and makes both folders where they are missing.
    ///
    /// # Errors
    /// [`LockError::Held`] when another process has it, [`LockError::Io`] when a folder cannot be made or opened.
    pub fn acquire(output: &Path, state: &Path) -> Result<Self, LockError> {
        let state_lock = lock_state(state)?;
        let failed = |source| LockError::Io { path: output.to_owned(), source };
        std::fs::create_dir_all(output).map_err(failed)?;
        let folder = File::open(output).map_err(failed)?;
        match folder.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(LockError::Held { path: output.to_owned(), pid: flock_holder(&folder) });
            }
            // Network file systems that cannot lock a folder (`EBADF`, `ENOLCK`, `EOPNOTSUPP`) leave the state's lock.
            Err(TryLockError::Error(_)) => {}
        }
        Ok(Self { _output: folder, _state: state_lock })
    }
}

/// Locks the file `lock` in the state folder and writes our process id into it.
fn lock_state(state: &Path) -> Result<File, LockError> {
    let path = state.join("lock");
    let failed = |source| LockError::Io { path: path.clone(), source };
    std::fs::create_dir_all(state).map_err(failed)?;
    let mut file =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let read = Read::by_ref(&mut file).take(32).read_to_string(&mut text);
            let pid = read.ok().and_then(|_| text.trim().parse().ok());
            return Err(LockError::Held { path: state.to_owned(), pid });
        }
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    file.set_len(0).and_then(|()| file.rewind()).map_err(failed)?;
    writeln!(file, "{}", std::process::id()).map_err(failed)?;
    Ok(file)
}

/// Linux lists every lock; a line is `1: FLOCK  ADVISORY  WRITE 4711 08:02:131078 0 EOF`, with the device in hex.
fn flock_holder(file: &File) -> Option<u32> {
    let metadata = file.metadata().ok()?;
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let (major, minor) = (rustix::fs::major(metadata.dev()), rustix::fs::minor(metadata.dev()));
    let place = format!("{major:02x}:{minor:02x}:{}", metadata.ino());
    locks.lines().find_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        let (kind, pid) = (fields.next()?, fields.nth(2)?);
        (kind == "FLOCK" && fields.next() == Some(place.as_str())).then(|| pid.parse().ok())?
    })
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |pid| format!(" (process {pid})"))
}
