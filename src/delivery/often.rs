//! A body in memory, and what makes it cheaper to send when it is asked for often: a handle for each core, and for a large one a
//! file in memory that the kernel sends without copying it (sendfile(2)).

use std::fs::File;
use std::io::{self, Write as _};
use std::sync::{Arc, OnceLock};

use hyper::body::Bytes;
use rustix::fs::MemfdFlags;

use super::budget::{Budget, Room};
use super::cores::{Apart, EachCore};
use super::payload::Payload;

/// From this length on a file is worth its descriptor, in bytes.
pub(super) const LARGE: usize = 24 << 10;

/// Beyond this one it takes less of the processor and more time: 800 KB to 1,000 clients that share two cores with us go out 1,200
/// times a second from a file, and 2,000 times copied.
const HUGE: usize = 512 << 10;

/// A body in memory.
#[derive(Debug)]
pub(super) struct Kept {
    bytes: Bytes,
    often: OnceLock<Often>,
}

/// What a body gets that is asked for often.
#[derive(Debug)]
struct Often {
    /// To count how many hold the same takes cores longer than to send it, where it is small.
    handles: EachCore<Bytes>,
    file: Option<Arc<MemoryFile>>,
}

/// The same bytes in a file that no folder has.
#[derive(Debug)]
pub(super) struct MemoryFile {
    file: File,
    bytes: Bytes,
    _room: Room,
}

impl Kept {
    pub(super) fn new(bytes: Bytes) -> Self {
        Self { bytes, often: OnceLock::new() }
    }

    /// In bytes.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes, and the file that they are in where there is one.
    pub(super) fn take(&self) -> Payload {
        let often = self.often.get();
        let own = often.and_then(|often| often.handles.own());
        Payload::new(own.unwrap_or(&self.bytes).clone(), often.and_then(|often| often.file.clone()))
    }

    /// It is asked for often.
    pub(super) fn favour(&self, budget: &Arc<Budget>) {
        let handle = || Bytes::from_owner(Apart(self.bytes.clone()));
        // Without a file, it is sent from here.
        let file = || budget.room_for_file(self.bytes.len()).and_then(|room| MemoryFile::of(&self.bytes, room).ok());
        let file = if (LARGE..=HUGE).contains(&self.bytes.len()) { file().map(Arc::new) } else { None };
        let _ = self.often.set(Often { handles: EachCore::of(handle), file });
    }
}

impl AsRef<[u8]> for Apart<Bytes> {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl MemoryFile {
    fn of(bytes: &Bytes, room: Room) -> io::Result<Self> {
        let mut file = File::from(rustix::fs::memfd_create("feed", MemfdFlags::CLOEXEC)?);
        file.write_all(bytes)?;
        Ok(Self { file, bytes: bytes.clone(), _room: room })
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// At which byte of the file this part of memory begins, if it is a part of the body.
    pub(super) fn position(&self, part: &[u8]) -> Option<u64> {
        let position = part.as_ptr().addr().checked_sub(self.bytes.as_ptr().addr())?;
        (position.checked_add(part.len())? <= self.bytes.len()).then_some(position as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_body_is_known_by_where_it_is() {
        let budget = Budget::new(1 << 20);
        let kept = Kept::new(Bytes::from(vec![7; LARGE]));
        assert!(kept.take().file().is_none());
        kept.favour(&budget);
        let body = kept.take();
        let file = body.file().unwrap();
        assert_eq!((body.len(), budget.held()), (LARGE, LARGE as u64));
        assert_eq!(file.position(&body[5..]), Some(5));
        assert_eq!(file.position(&body), Some(0));
        assert_eq!(file.position(&vec![7; LARGE]), None);
        drop((kept, body));
        assert_eq!(budget.held(), 0);
    }
}
