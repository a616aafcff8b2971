//! What is known of readers, as it lies in the state folder. Losing it costs the counts, nothing else.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::audience::Aggregator;
use super::counts::Served;
use crate::model::FeedPath;

/// Its name in the state folder.
const NAME: &str = "readers.json";
const VERSION: u32 = 1;

/// What is kept.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// In seconds since 1970.
    pub(super) since: i64,
    /// The day of the clients, in days since 1970.
    pub(super) day: i64,
    /// The key under which they are known on that day.
    pub(super) key: [u8; 16],
    pub(super) totals: Totals,
    pub(super) feeds: BTreeMap<FeedPath, KeptFeed>,
}

/// What was served in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Requests that were answered.
    pub requests: u64,
    /// Those of them with `304`.
    pub not_modified: u64,
    /// Bytes of bodies.
    pub bytes: u64,
    /// Bytes that were not sent because clients had them, or because what was sent was smaller.
    pub saved: u64,
}

/// What is kept of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptFeed {
    pub(super) sent: u64,
    pub(super) not_modified: u64,
    pub(super) crawled: u64,
    pub(super) clients: String,
    pub(super) yesterday: u64,
    pub(super) aggregators: Vec<Aggregator>,
}

#[derive(Serialize, Deserialize)]
struct Document {
    version: u32,
    since: i64,
    day: i64,
    key: String,
    totals: Totals,
    feeds: BTreeMap<String, KeptFeed>,
}

impl Totals {
    pub(super) fn of(served: &Served) -> Self {
        Self {
            requests: served.requests(),
            not_modified: served.not_modified(),
            bytes: served.bytes(),
            saved: served.saved(),
        }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            requests: self.requests.saturating_add(other.requests),
            not_modified: self.not_modified.saturating_add(other.not_modified),
            bytes: self.bytes.saturating_add(other.bytes),
            saved: self.saved.saturating_add(other.saved),
        }
    }
}

/// What is kept in this folder; `None` where nothing is.
pub(super) fn read(state: &Path) -> Result<Option<Kept>, String> {
    let file = state.join(NAME);
    let of_file = |why: &dyn std::fmt::Display| format!("{}: {why}", file.display());
    let bytes = match std::fs::read(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(|error| of_file(&error))?,
    };
    let document: Document = serde_json::from_slice(&bytes).map_err(|error| of_file(&error))?;
    if document.version != VERSION {
        return Err(of_file(&format_args!("version {} is not known here", document.version)));
    }
    let key = u128::from_str_radix(&document.key, 16).map_err(|error| of_file(&error))?.to_be_bytes();
    let Document { since, day, totals, feeds, .. } = document;
    let feeds = feeds.into_iter().filter_map(|(path, feed)| Some((FeedPath::new(&path)?, feed))).collect();
    Ok(Some(Kept { since, day, key, totals, feeds }))
}

/// Writes it down, for its owner alone: by the key of the day, an address could be tried.
pub(super) fn write(state: &Path, kept: &Kept) -> io::Result<()> {
    let document = Document {
        version: VERSION,
        since: kept.since,
        day: kept.day,
        key: format!("{:032x}", u128::from_be_bytes(kept.key)),
        totals: kept.totals,
        feeds: kept.feeds.iter().map(|(path, feed)| (path.as_str().to_owned(), feed.clone())).collect(),
    };
    std::fs::create_dir_all(state)?;
    let new = state.join(format!("{NAME}.{}", std::process::id()));
    let open = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new);
    let written = open.and_then(|mut file| file.write_all(&serde_json::to_vec(&document)?));
    let placed = written.and_then(|()| std::fs::rename(&new, state.join(NAME)));
    placed.inspect_err(|_| drop(std::fs::remove_file(&new)))
}

/// A key that nobody knows.
pub(super) fn random() -> [u8; 16] {
    let mut key = [0; 16];
    // Where the system has no such call, what is left is a key that is only hard to guess.
    if rustix::rand::getrandom(&mut key, rustix::rand::GetRandomFlags::empty()).is_err() {
        use std::hash::BuildHasher as _;
        let halves = [0, 1].map(|n| std::hash::RandomState::new().hash_one(n).to_ne_bytes());
        key.iter_mut().zip(halves.concat()).for_each(|(byte, random)| *byte = random);
    }
    key
}
