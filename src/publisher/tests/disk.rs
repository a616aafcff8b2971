//! A disk in memory that outlives its publisher: it counts operations, and fails or freezes at one of them.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use super::*;

const TEMPORARY: &str = ".syndicated-tmp-";

/// What goes wrong, and at which operation.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fault {
    /// This one fails, as on a full disk.
    Error(usize),
    /// This one and every later one fails: the process is dead. A write leaves half of its file.
    Freeze(usize),
}

#[derive(Debug, Clone)]
pub(super) struct Content {
    pub(super) bytes: Vec<u8>,
    pub(super) mtime_ns: i64,
    pub(super) inode: u64,
}

#[derive(Debug, Default)]
pub(super) struct Inner {
    pub(super) files: BTreeMap<String, Content>,
    pub(super) fault: Option<Fault>,
    pub(super) operations: usize,
    pub(super) reads: usize,
    clock: u64,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Disk(Arc<Mutex<Inner>>);

impl Disk {
    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    /// Starts counting anew, with this fault to come.
    pub(super) fn arm(&self, fault: Option<Fault>) {
        let mut inner = self.inner();
        (inner.fault, inner.operations, inner.reads) = (fault, 0, 0);
    }

    /// A file written by somebody else.
    pub(super) fn put(&self, name: &str, bytes: &[u8]) {
        let mut inner = self.inner();
        let content = inner.content(bytes);
        inner.files.insert(name.to_owned(), content);
    }

    pub(super) fn get(&self, name: &str) -> Option<Vec<u8>> {
        self.inner().files.get(name).map(|content| content.bytes.clone())
    }

    /// The names of all files but the manifest.
    pub(super) fn names(&self) -> Vec<String> {
        self.inner().files.keys().filter(|name| *name != Key::Manifest.as_str()).cloned().collect()
    }

    /// The number of the newest file.
    pub(super) fn clock(&self) -> u64 {
        self.inner().clock
    }

    fn step(&self) -> Result<MutexGuard<'_, Inner>, StoreError> {
        let mut inner = self.inner();
        inner.operations += 1;
        let now = inner.operations;
        match inner.fault {
            Some(Fault::Error(at)) if now == at => Err(failure()),
            Some(Fault::Freeze(at)) if now >= at => Err(failure()),
            _ => Ok(inner),
        }
    }
}

impl Inner {
    fn content(&mut self, bytes: &[u8]) -> Content {
        self.clock += 1;
        Content { bytes: bytes.to_vec(), mtime_ns: i64::try_from(self.clock).unwrap(), inode: self.clock }
    }
}

impl Content {
    fn stat(&self) -> Stat {
        Stat { kind: Kind::File, size: self.bytes.len() as u64, mtime_ns: self.mtime_ns, inode: self.inode }
    }
}

impl Store for Disk {
    type Temporary = String;

    fn locate(&self, key: Key<'_>) -> String {
        key.as_str().to_owned()
    }

    fn stat(&self, key: Key<'_>) -> Result<Option<Stat>, StoreError> {
        Ok(self.step()?.files.get(key.as_str()).map(Content::stat))
    }

    fn read(&self, key: Key<'_>) -> Result<Option<Vec<u8>>, StoreError> {
        let mut inner = self.step()?;
        inner.reads += 1;
        Ok(inner.files.get(key.as_str()).map(|content| content.bytes.clone()))
    }

    fn write_temporary(&self, key: Key<'_>, bytes: &[u8], _: Option<&Stat>) -> Result<String, StoreError> {
        let stepped = self.step().is_ok();
        let mut inner = self.inner();
        let folder = key.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
        let name = format!("{folder}/{TEMPORARY}{}", inner.clock);
        let name = name.trim_start_matches('/').to_owned();
        if !stepped && matches!(inner.fault, Some(Fault::Error(_))) {
            return Err(failure());
        }
        let content = inner.content(if stepped { bytes } else { &bytes[..bytes.len() / 2] });
        inner.files.insert(name.clone(), content);
        if stepped { Ok(name) } else { Err(failure()) }
    }

    fn rename(&self, temporary: String, key: Key<'_>) -> Result<Stat, StoreError> {
        match self.step() {
            Ok(mut inner) => {
                let content = inner.files.remove(&temporary).unwrap();
                let stat = content.stat();
                inner.files.insert(key.as_str().to_owned(), content);
                Ok(stat)
            }
            Err(error) => {
                let mut inner = self.inner();
                if matches!(inner.fault, Some(Fault::Error(_))) {
                    inner.files.remove(&temporary);
                }
                Err(error)
            }
        }
    }

    fn align(&self, _: Key<'_>) {}

    fn remove(&self, key: Key<'_>) -> Result<(), StoreError> {
        self.step()?.files.remove(key.as_str());
        Ok(())
    }

    fn clean(&self, folders: &BTreeSet<&str>) {
        let Ok(mut inner) = self.step() else { return };
        inner.files.retain(|name, _| {
            let (folder, name) = name.rsplit_once('/').unwrap_or(("", name));
            !(folders.contains(folder) && name.starts_with(TEMPORARY))
        });
    }
}

fn failure() -> StoreError {
    StoreError::Io(io::ErrorKind::StorageFull.into())
}
