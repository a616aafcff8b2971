//! Looking at everything at an interval, where file events do not come.
//!
//! A look is a rescan that compares stamps, so the actor only says when; it opens no post.

#[cfg(test)]
mod tests;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::changes::{Change, Fact, Inbox, Problem};
use super::notify::{Message, Options, Queue};

/// The name of the file system at `path` if changes that others make there give no events on this machine: a network's, or
/// one shared with the host of a virtual machine or container. An overlay is none of them: what is changed through
/// it gives events, and changing the layers beneath is not allowed.
#[must_use]
pub fn distant_file_system(path: &Path) -> Option<&'static str> {
    #[cfg(target_os = "linux")]
    {
        // statfs(2); the type is of varying width and sign, its 32 bits are what counts.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::unnecessary_cast)]
        let kind = rustix::fs::statfs(path).ok()?.f_type as u32;
        distant_kind(kind)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        None
    }
}

/// Says `Everything` every `every`, and which configuration files have changed, until it is told to stop.
pub(super) fn run(options: &Options, every: Duration, inbox: &Inbox, flags: &Queue, messages: &Receiver<Message>) {
    let mut stamps = Stamps::new(&options.config_files);
    let mut gone = false;
    let mut next = Instant::now() + every;
    loop {
        let message = messages.recv_timeout(next.saturating_duration_since(Instant::now()));
        if flags.is_stopped() {
            return;
        }
        let mut synced = None;
        match message {
            Err(RecvTimeoutError::Disconnected) => return,
            // Where nothing is told, all has been told.
            Ok(Message::Sync { answer, looks: false }) => {
                answer.give();
                continue;
            }
            Ok(Message::Sync { answer, looks: true }) => synced = Some(answer),
            // A check is a look; nothing was missed that it could name.
            Ok(Message::Check(answer)) => drop(answer.send(Vec::new())),
            Ok(Message::Event(_) | Message::MountsChanged | Message::Blind | Message::Flag)
            | Err(RecvTimeoutError::Timeout) => {}
        }
        let missing = !options.root.is_dir();
        let news = match (gone, missing) {
            (false, true) => Some(Problem::RootGone { root: options.root.clone() }),
            (true, false) => Some(Problem::RootBack { root: options.root.clone() }),
            _ => None,
        };
        gone = missing;
        inbox.record(stamps.changed().chain(news.map(Fact::Problem)).chain([Fact::Everything]));
        if let Some(answer) = synced {
            answer.give();
        }
        next = Instant::now() + every;
    }
}

/// What the configuration files looked like when last asked.
#[derive(Debug)]
pub(super) struct Stamps(Vec<(PathBuf, Option<Stamp>)>);

/// Device, inode, size, and modification in seconds and nanoseconds.
type Stamp = (u64, u64, u64, i64, i64);

impl Stamps {
    pub(super) fn new(files: &[PathBuf]) -> Self {
        Self(files.iter().map(|path| (path.clone(), stamp(path))).collect())
    }

    /// A fact for each file that is another than before. One that was written a moment ago may not be finished, so
    /// that it is a write, and settles when the looks find it unchanged.
    pub(super) fn changed(&mut self) -> impl Iterator<Item = Fact> + use<'_> {
        self.0.iter_mut().filter_map(|(path, known)| {
            let now = stamp(path);
            let change = if now.is_some() { Change::Writing } else { Change::Removed };
            (std::mem::replace(known, now) != now).then(|| Fact::Config(path.clone(), change))
        })
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    fs::metadata(path).ok().map(|m| (m.dev(), m.ino(), m.size(), m.mtime(), m.mtime_nsec()))
}

/// By the magic numbers of statfs(2) and `linux/magic.h`.
#[cfg(target_os = "linux")]
fn distant_kind(kind: u32) -> Option<&'static str> {
    Some(match kind {
        0x0102_1997 => "9p",
        0x5346_414f => "AFS",
        0x00c3_6400 => "Ceph",
        0xff53_4d42 => "CIFS",
        0xfe53_4d42 => "SMB2",
        0x0000_517b => "SMB",
        0x7375_7245 => "Coda",
        0x6573_5546 => "FUSE or virtiofs",
        0x0116_1970 => "GFS2",
        0x0bd0_0bd0 => "Lustre",
        0x0000_564c => "NCP",
        0x0000_6969 => "NFS",
        0x7461_636f => "OCFS2",
        0x786f_4256 => "VirtualBox's shared folder",
        0xbacb_acbc => "VMware's shared folder",
        _ => return None,
    })
}
