//! Bytes into the output folder: atomically, and only where they differ.
//!
//! The manifest in the output says which files are ours; only those are ever replaced or removed. What the catalog
//! keeps of a file's size and time is a hint that saves reading it, never a reason to believe it: what does not match
//! is compared by bytes. A name is in the manifest on disk before its file is visible, so no crash makes a file of
//! ours look foreign.

mod error;
mod hint;
mod local;
mod lock;
mod manifest;
mod published;
mod store;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::{FeedPath, Hint};

pub use error::PublishError;
pub use local::LocalFolder;
pub use lock::{Lock, LockError};
pub use manifest::Digest;
use manifest::{Manifest, Parsed};
pub use published::{Found, Published};
pub use store::{Key, Kind, Stat, Store, StoreError};

/// What publishing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The file is new or was replaced.
    Written,
    /// It had these bytes already, and was not touched.
    Unchanged,
}

/// The files of one output. Several threads may publish at once, each its own paths.
#[derive(Debug)]
pub struct Publisher<S: Store = LocalFolder> {
    store: S,
    state: Mutex<State>,
    note: Option<String>,
}

#[derive(Debug)]
struct State {
    manifest: Manifest,
    /// Those of its paths that the manifest on disk does not have.
    unsaved: BTreeSet<FeedPath>,
    hints: HashMap<FeedPath, Hint>,
    /// The manifest on disk, as we read or wrote it.
    saved: Option<(Digest, Stat)>,
    /// The manifest was torn by a power cut, and files that were written with it may be, too.
    torn: bool,
    /// The marker is on disk.
    writing: bool,
    /// Paths that were published or removed and have not been told.
    news: BTreeSet<FeedPath>,
}

impl<S: Store> Publisher<S> {
    /// Reads the manifest of an output and removes temporary files that a crash left beside our files.
    ///
    /// A file whose hint matches is ours even where the manifest does not say so. Where the manifest is damaged, so is
    /// every file with a hint; the lines that can be read count, and [`Publisher::note`] says what happened.
    ///
    /// # Errors
    /// When the manifest cannot be read, is something else, or was written by a newer version.
    pub fn open(store: S, hints: HashMap<FeedPath, Hint>) -> Result<Self, PublishError> {
        let key = Key::Manifest;
        let failed = |error| PublishError::new(&store, key, "read", error);
        let found = store.stat(key).map_err(failed)?;
        if let Some(stat) = found.filter(|stat| stat.kind != Kind::File) {
            return Err(in_the_way(&store, key, stat.kind));
        }
        let bytes = store.read(key).map_err(failed)?;
        let (mut manifest, damage) = match bytes.as_deref().map(Manifest::parse) {
            None => (Manifest::default(), None),
            Some(Parsed::Whole(manifest)) => (manifest, None),
            Some(Parsed::Damaged(manifest, reason)) => (manifest, Some(reason)),
            Some(Parsed::Foreign(reason)) => {
                return Err(PublishError::Manifest { path: store.locate(key), reason });
            }
        };
        // Before anything is dropped: a crash may have left a temporary file where a feed never came to be.
        let writing = matches!(store.stat(Key::Marker), Ok(Some(_)));
        let mut folders = BTreeSet::from([""]);
        if writing || damage.is_some() {
            folders.extend(manifest.files.keys().map(FeedPath::folder));
        }
        store.clean(&folders);
        settle(&store, &mut manifest);
        let torn = damage.is_some();
        let mut unsaved = BTreeSet::new();
        for (path, hint) in &hints {
            let listed = manifest.files.get(path);
            let vouched = listed != Some(&Some(hint.digest())) && is_there(&store, path, hint);
            if vouched || (torn && listed.is_none()) {
                unsaved.extend(listed.is_none().then(|| path.clone()));
                manifest.files.insert(path.clone(), Some(hint.digest()));
            }
        }
        let note = damage.map(|reason| {
            let (path, count) = (store.locate(key), manifest.files.len());
            format!("{path} is damaged ({reason}); {count} of its files are known, and it will be written anew")
        });
        let saved = bytes.map(|bytes| Digest::of(&bytes)).zip(found);
        let publisher = Self {
            store,
            state: Mutex::new(State { manifest, unsaved, hints, saved, torn, writing, news: BTreeSet::new() }),
            note,
        };
        publisher.keep_known();
        Ok(publisher)
    }

    /// What only hints vouch for goes into the manifest at once: by the next start they may be gone. Where it cannot be
    /// written now, [`Publisher::finish`] tries again and says so. A torn one stays until all files have been looked at.
    fn keep_known(&self) {
        let mut state = self.state();
        if !state.torn && !state.unsaved.is_empty() {
            let _ = self.save(&mut state);
        }
    }

    /// What its owner should know about the manifest that was found.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// Every path that is ours, sorted.
    #[must_use]
    pub fn paths(&self) -> Vec<FeedPath> {
        self.state().manifest.files.keys().cloned().collect()
    }

    /// Whether a path is ours.
    #[must_use]
    pub fn has(&self, path: &FeedPath) -> bool {
        self.state().manifest.files.contains_key(path)
    }

    /// Our files that are missing, or that no hint vouches for: their feeds must be made and published again.
    #[must_use]
    pub fn suspect(&self) -> Vec<FeedPath> {
        let state = self.state();
        let paths: Vec<&FeedPath> = state.manifest.files.keys().collect();
        let vouched = |path: &FeedPath, found: Option<Stat>| {
            found.is_some_and(|stat| state.hints.get(path).is_some_and(|hint| hint.is_of(&stat)))
        };
        let found = self.store.stat_all(&paths);
        paths
            .iter()
            .zip(found)
            .filter(|(path, found)| !vouched(path, *found))
            .map(|(path, _)| (*path).clone())
            .collect()
    }

    /// Whether the manifest on disk is as it was left. Where it is not, someone else was in the output: its files may be
    /// gone, and every name is written into the manifest again before a file of it is.
    #[must_use]
    pub fn is_undisturbed(&self) -> bool {
        let mut state = self.state();
        let same = match (&state.saved, self.store.stat(Key::Manifest)) {
            (None, Ok(None)) => true,
            (Some((_, left)), Ok(Some(found))) => *left == found,
            _ => false,
        };
        if !same {
            state.unsaved = state.manifest.files.keys().cloned().collect();
        }
        same
    }

    /// What to keep about a file until the next run; `None` before it was published.
    #[must_use]
    pub fn hint(&self, path: &FeedPath) -> Option<Hint> {
        self.state().hints.get(path).copied()
    }

    /// Writes the names of feeds to come into the manifest, once for all of them. [`Publisher::publish`] does it for a
    /// path that was not announced, at the price of a manifest each.
    ///
    /// # Errors
    /// When the manifest cannot be written.
    pub fn announce<'a>(&self, paths: impl IntoIterator<Item = &'a FeedPath>) -> Result<(), PublishError> {
        let paths: Vec<&FeedPath> = paths.into_iter().collect();
        if self.state().torn {
            // The manifest that was torn may have named folders that no hint knows.
            self.store.clean(&paths.iter().map(|path| path.folder()).collect());
        }
        // What is there already is no file of ours yet: publishing it compares the bytes.
        let is_free = |path: &&FeedPath| matches!(self.store.stat(Key::Feed(path)), Ok(None));
        self.claim(paths.into_iter().filter(is_free))
    }

    /// Makes a feed's file have these bytes. A file that has them is not touched, and is ours from then on; one that is
    /// ours is replaced in one step.
    ///
    /// # Errors
    /// [`PublishError::Foreign`] for another file that is not ours; whatever the system refuses. The file that was there
    /// before stays whole, and no temporary file remains.
    pub fn publish(&self, path: &FeedPath, bytes: &[u8]) -> Result<Outcome, PublishError> {
        let key = Key::Feed(path);
        let digest = Digest::of(bytes);
        let found = self.stat(key)?;
        if let Some(stat) = &found {
            if self.holds(path, stat, &digest, bytes)? {
                self.store.align(key);
                self.record(path, digest, stat);
                return Ok(Outcome::Unchanged);
            }
            if !self.is_ours(path, stat) {
                return Err(PublishError::Foreign { path: self.store.locate(key) });
            }
        }
        self.claim([path])?;
        let stat = self.write(key, bytes, found.as_ref())?;
        self.record(path, digest, &stat);
        Ok(Outcome::Written)
    }

    /// Removes a feed's file, and the folders that are empty without it. A path that is not ours is left alone, and so
    /// is a folder or a link that has taken our file's place: it is ours no more.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn remove(&self, path: &FeedPath) -> Result<(), PublishError> {
        let Some(is_written) = self.state().manifest.files.get(path).map(Option::is_some) else { return Ok(()) };
        let key = Key::Feed(path);
        let removed = match self.store.stat(key) {
            Ok(Some(_)) if !is_written => Ok(()),
            Ok(None | Some(Stat { kind: Kind::File, .. })) => self.store.remove(key),
            Ok(Some(_)) | Err(StoreError::InTheWay { .. }) => Ok(()),
            Err(error) => Err(error),
        };
        removed.map_err(|error| PublishError::new(&self.store, key, "remove", error))?;
        let mut state = self.state();
        state.manifest.files.remove(path);
        state.unsaved.remove(path);
        state.hints.remove(path);
        state.news.insert(path.clone());
        Ok(())
    }

    /// Writes the manifest, unless the one on disk says the same. An output without feeds has none.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(&self) -> Result<(), PublishError> {
        let mut state = self.state();
        if state.manifest.files.is_empty() {
            if state.saved.take().is_some() {
                let removed = self.store.remove(Key::Manifest);
                removed.map_err(|error| PublishError::new(&self.store, Key::Manifest, "remove", error))?;
            }
        } else {
            self.save(&mut state)?;
        }
        state.torn = false;
        if std::mem::take(&mut state.writing) {
            let removed = self.store.remove(Key::Marker);
            removed.map_err(|error| PublishError::new(&self.store, Key::Marker, "remove", error))?;
        }
        Ok(())
    }

    /// Sees to it that the manifest on disk has these paths, so that a crash cannot make their files look foreign.
    fn claim<'a>(&self, paths: impl IntoIterator<Item = &'a FeedPath>) -> Result<(), PublishError> {
        let mut state = self.state();
        let mut needed = false;
        let mut added = Vec::new();
        for path in paths {
            if !state.manifest.files.contains_key(path) {
                state.manifest.files.insert(path.clone(), None);
                state.unsaved.insert(path.clone());
                added.push(path);
            }
            needed |= state.unsaved.contains(path);
        }
        if !needed {
            return Ok(());
        }
        let saved = self.save(&mut state);
        if saved.is_err() {
            for path in added {
                state.manifest.files.remove(path);
                state.unsaved.remove(path);
            }
        }
        saved
    }

    fn save(&self, state: &mut State) -> Result<(), PublishError> {
        let key = Key::Manifest;
        let json = state.manifest.to_json();
        let digest = Digest::of(json.as_bytes());
        let found = self.stat(key)?;
        if !state.saved.zip(found).is_some_and(|((saved, then), now)| saved == digest && then == now) {
            self.mark(state)?;
            let stat = self.replace(key, json.as_bytes(), None)?;
            state.saved = Some((digest, stat));
        }
        state.unsaved.clear();
        Ok(())
    }

    fn write(&self, key: Key<'_>, bytes: &[u8], previous: Option<&Stat>) -> Result<Stat, PublishError> {
        self.mark(&mut self.state())?;
        self.replace(key, bytes, previous)
    }

    /// From here to [`Publisher::finish`] a crash may leave temporary files.
    fn mark(&self, state: &mut State) -> Result<(), PublishError> {
        if !state.writing {
            self.replace(Key::Marker, b"", None)?;
            state.writing = true;
        }
        Ok(())
    }

    fn replace(&self, key: Key<'_>, bytes: &[u8], previous: Option<&Stat>) -> Result<Stat, PublishError> {
        let failed = |error| PublishError::new(&self.store, key, "write", error);
        let temporary = self.store.write_temporary(key, bytes, previous).map_err(failed)?;
        self.store.rename(temporary, key).map_err(failed)
    }

    /// What is at a path: a file, or nothing.
    fn stat(&self, key: Key<'_>) -> Result<Option<Stat>, PublishError> {
        match self.store.stat(key) {
            Ok(Some(stat)) if stat.kind != Kind::File => Err(in_the_way(&self.store, key, stat.kind)),
            Ok(found) => Ok(found),
            Err(error) => Err(PublishError::new(&self.store, key, "write", error)),
        }
    }

    /// Whether the file that was found has these bytes: by its hint, else by reading it.
    fn holds(&self, path: &FeedPath, stat: &Stat, digest: &Digest, bytes: &[u8]) -> Result<bool, PublishError> {
        if stat.size != digest.length {
            return Ok(false);
        }
        if self.hint(path).is_some_and(|hint| hint.is_of(stat) && hint.digest() == *digest) {
            return Ok(true);
        }
        let key = Key::Feed(path);
        let read = self.store.read(key).map_err(|error| PublishError::new(&self.store, key, "read", error))?;
        Ok(read.as_deref() == Some(bytes))
    }

    fn is_ours(&self, path: &FeedPath, stat: &Stat) -> bool {
        let state = self.state();
        // What has come to an announced path since it was announced is not ours. With the manifest torn, an empty file is
        // what the same power cut left of a feed.
        matches!(state.manifest.files.get(path), Some(Some(_))) || (state.torn && stat.size == 0)
    }

    fn record(&self, path: &FeedPath, digest: Digest, stat: &Stat) {
        let mut state = self.state();
        if state.manifest.files.insert(path.clone(), Some(digest)).is_none() {
            state.unsaved.insert(path.clone());
        }
        state.hints.insert(path.clone(), Hint::new(stat, &digest));
        state.news.insert(path.clone());
    }

    /// A thread that panicked left no half-made change behind: each is one insertion or removal.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Settles what a crash left announced: a file that is there is ours, with the digest that it has; the others are not.
fn settle<S: Store>(store: &S, manifest: &mut Manifest) {
    manifest.files.retain(|path, digest| {
        if digest.is_none() {
            let is_file = matches!(store.stat(Key::Feed(path)), Ok(Some(stat)) if stat.kind == Kind::File);
            let bytes = is_file.then(|| store.read(Key::Feed(path)).ok().flatten()).flatten();
            *digest = bytes.as_deref().map(Digest::of);
        }
        digest.is_some()
    });
}

/// Whether the file that a hint describes is still there.
fn is_there<S: Store>(store: &S, path: &FeedPath, hint: &Hint) -> bool {
    matches!(store.stat(Key::Feed(path)), Ok(Some(stat)) if hint.is_of(&stat))
}

fn in_the_way<S: Store>(store: &S, key: Key<'_>, kind: Kind) -> PublishError {
    PublishError::new(store, key, "write", StoreError::InTheWay { path: key.as_str().to_owned(), kind })
}
