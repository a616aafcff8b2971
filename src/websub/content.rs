//! What is delivered of a feed: its bytes and what is said of them, read once for all who get it, and as long as somebody does.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use hyper::body::Bytes;
use hyper::header::HeaderValue;

use super::changes::{self, Entries};
use super::subscription::Digest;
use crate::delivery::Kind;
use crate::model::FeedPath;
use crate::publisher::{self, Published, StoreError};

/// How much of a file says what it is.
const ENOUGH: u64 = 1024;

/// A version of a feed.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) version: Digest,
    pub(super) bytes: Bytes,
    pub(super) content_type: HeaderValue,
    /// The version before, and what is new since.
    changes: Option<(Digest, Bytes)>,
}

impl Content {
    /// What somebody gets who has this version.
    pub(super) fn for_one_with(&self, has: Option<&Digest>) -> Bytes {
        match &self.changes {
            Some((before, changes)) if Some(before) == has => changes.clone(),
            _ => self.bytes.clone(),
        }
    }
}

/// The feeds of an output.
#[derive(Debug)]
pub(super) struct Contents {
    files: Published,
    only_changes: bool,
    known: Mutex<HashMap<FeedPath, Known>>,
}

#[derive(Debug, Default)]
struct Known {
    content: Weak<Content>,
    /// The entries of the newest version that was read, and of the one before.
    newest: Option<(Digest, Arc<Entries>)>,
    before: Option<(Digest, Arc<Entries>)>,
}

impl Contents {
    pub(super) fn new(files: Published, only_changes: bool) -> Self {
        Self { files, only_changes, known: Mutex::default() }
    }

    /// The files that are published.
    pub(super) fn list(&self) -> Result<Vec<(FeedPath, Digest)>, StoreError> {
        let listed = self.files.list()?;
        Ok(listed.into_iter().filter_map(|(path, digest)| Some((path, digest?.sha256))).collect())
    }

    /// Whether a file is a feed.
    pub(super) fn is_feed(&self, path: &FeedPath) -> bool {
        let head = self.files.head(path, ENOUGH).ok().flatten();
        head.is_some_and(|found| matches!(Kind::of(&found.bytes), Kind::Rss | Kind::Atom | Kind::JsonFeed))
    }

    /// A feed as it is now, which was last known to be of this version; `None` where it is gone.
    pub(super) fn read(&self, path: &FeedPath, version: &Digest) -> io::Result<Option<Arc<Content>>> {
        // Held while it is read: all others want the same.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(content) = known.get(path).and_then(|known| known.content.upgrade())
            && content.version == *version
        {
            return Ok(Some(content));
        }
        let Some(found) = self.files.read(path).map_err(|error| io::Error::other(error.to_string()))? else {
            known.remove(path);
            return Ok(None);
        };
        let version = publisher::Digest::of(&found.bytes).sha256;
        let known = known.entry(path.clone()).or_default();
        let changes = if self.only_changes { known.changes(version, &found.bytes) } else { None };
        let content = Arc::new(Content {
            version,
            content_type: HeaderValue::from_static(Kind::of(&found.bytes).content_type()),
            bytes: found.bytes.into(),
            changes,
        });
        known.content = Arc::downgrade(&content);
        Ok(Some(content))
    }
}

impl Known {
    /// What is new in a version, since the one before it.
    fn changes(&mut self, version: Digest, bytes: &[u8]) -> Option<(Digest, Bytes)> {
        if self.newest.as_ref().is_none_or(|(newest, _)| *newest != version) {
            self.before = self.newest.take();
            self.newest = Entries::of(bytes).map(|entries| (version, Arc::new(entries)));
        }
        let (before, entries) = self.before.as_ref()?;
        Some((*before, changes::since(entries, bytes)?.into()))
    }
}
