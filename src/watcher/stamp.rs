//! What a file looks like without reading it: whether it has changed, and whether somebody may be about to write to it.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::model::SitePath;

/// File systems round times (FAT to two seconds): a file changed so recently may change again without a new stamp.
const RACY_NS: i64 = 2_000_000_000;
/// How long an empty file may be about to be written.
const FRESH_NS: i64 = 1_000_000_000;

/// What tells that a file has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    size: u64,
    mtime_ns: i64,
    inode: u64,
    kind: u32,
    names: u64,
}

impl Stamp {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self {
            size: metadata.len(),
            mtime_ns: metadata.mtime().saturating_mul(1_000_000_000).saturating_add(metadata.mtime_nsec()),
            inode: metadata.ino(),
            kind: metadata.mode(),
            names: metadata.nlink(),
        }
    }

    /// Whether it is a folder.
    #[must_use]
    pub fn is_folder(self) -> bool {
        self.kind & 0o170_000 == 0o040_000
    }

    /// Whether it is a regular file.
    #[must_use]
    pub fn is_file(self) -> bool {
        self.kind & 0o170_000 == 0o100_000
    }

    /// Its size in bytes.
    #[must_use]
    pub fn size(self) -> u64 {
        self.size
    }

    /// Whether it is a regular file with several names, so that an edit through one of them is told of no other.
    #[must_use]
    pub fn has_names(self) -> bool {
        self.is_file() && self.names > 1
    }

    /// Whether so many bytes, read after it was looked at, may be what a writer who begins anew has left of a regular file: fewer
    /// than it had, or none of one that was written to within the last second. The kernel tells of it a little later.
    #[must_use]
    pub fn is_cut(self, read: usize, now_ns: i64) -> bool {
        let is_shorter = (read as u64) < self.size;
        self.is_file() && (is_shorter || (read == 0 && self.is_fresh(now_ns, FRESH_NS)))
    }

    /// Whether it is a regular file that was written to so many nanoseconds before `now_ns`, or in the minute since: who asks may
    /// have been held up, and what is later has a time that somebody set.
    #[must_use]
    pub fn is_fresh(self, now_ns: i64, before: i64) -> bool {
        let since_now = self.mtime_ns.saturating_sub(now_ns);
        self.is_file() && (-before..60 * FRESH_NS).contains(&since_now)
    }

    /// One number for the file at `path` in this state: never 0.
    #[must_use]
    pub fn number(self, path: &SitePath) -> i64 {
        let mut seed = xxh3_64_with_seed(&self.mtime_ns.to_le_bytes(), self.size);
        seed = xxh3_64_with_seed(&self.inode.to_le_bytes(), seed ^ u64::from(self.kind));
        match xxh3_64_with_seed(path.as_bytes(), seed).cast_signed() {
            0 => 1,
            number => number,
        }
    }

    /// The number to remember at the instant `now_ns`: 0, which matches nothing, when the file is so fresh that it may
    /// change again within the resolution of its time.
    #[must_use]
    pub fn trusted(self, path: &SitePath, now_ns: i64) -> i64 {
        if self.mtime_ns > now_ns.saturating_sub(RACY_NS) { 0 } else { self.number(path) }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, SystemTime};

    use super::*;

    const NOW_NS: i64 = 1_700_000_000_000_000_000;

    /// Of a file of ten bytes that was written to so many seconds before or after.
    fn written(seconds: i64) -> Stamp {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "0123456789").unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs((NOW_NS / 1_000_000_000 + seconds).try_into().unwrap());
        file.as_file().set_modified(time).unwrap();
        Stamp::of(&file.as_file().metadata().unwrap())
    }

    /// The writer has begun anew between the look and the reading, and the kernel has not told of it yet.
    #[test]
    fn what_became_shorter_while_it_was_read_is_cut_however_old_it_is() {
        for seconds in [-1_000_000, 0, 10] {
            let stamp = written(seconds);
            assert!(stamp.is_cut(0, NOW_NS) && stamp.is_cut(9, NOW_NS), "{seconds}");
            assert!(!stamp.is_cut(10, NOW_NS) && !stamp.is_cut(11, NOW_NS), "{seconds}");
        }
    }

    #[test]
    fn what_is_empty_is_cut_when_it_was_written_to_a_moment_ago() {
        for (seconds, is_cut) in [(-2, false), (0, true), (30, true), (61, false)] {
            assert_eq!(Stamp { size: 0, ..written(seconds) }.is_cut(0, NOW_NS), is_cut, "{seconds}");
        }
    }
}
