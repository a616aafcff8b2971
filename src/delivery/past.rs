//! The last versions of each feed: not their bytes, but a hash of each of their entries, enough to tell what is new since.
//!
//! They are kept in the state folder, apart from the catalog, in a file that grows by a line for each version that was sent
//! and is written anew when most of it is out of date. Losing it costs `200` instead of `226`, nothing else.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::form::TagBase;
use crate::model::FeedPath;

/// Its name in the state folder.
const NAME: &str = "http.versions";
/// So many versions of a feed are remembered, beside the current one.
const MOST: usize = 8;
/// So much memory they may take in all, in bytes, whatever the number of feeds.
const MEMORY: usize = 8 << 20;
/// What a version takes beside its entries.
const AROUND: usize = 96;
/// A longer file was not written by us.
const LONGEST: u64 = 64 << 20;
/// The file may have so many lines that say nothing, and as many as there are feeds.
const SLACK: usize = 1024;

/// A version of a feed.
#[derive(Debug, Clone)]
pub(super) struct Past {
    pub(super) tags: TagBase,
    /// A hash of each entry.
    pub(super) entries: Arc<[u64]>,
}

/// The file.
#[derive(Debug)]
pub(super) struct Log {
    file: PathBuf,
    open: Option<File>,
    /// Of each feed what is in the file, the last one last; only while feeds are put up.
    found: HashMap<FeedPath, Vec<Past>>,
    lines: usize,
}

#[derive(Serialize, Deserialize)]
struct Line {
    path: String,
    tag: String,
    /// Sixteen hexadecimal digits each.
    entries: String,
}

/// As many of these versions, the latest first, as one of so many feeds may have remembered.
pub(super) fn within_bounds(versions: impl IntoIterator<Item = Past>, feeds: usize) -> Arc<[Past]> {
    let share = MEMORY / feeds.max(1);
    let mut taken = 0;
    let fits = |past: &Past| {
        taken += past.entries.len() * size_of::<u64>() + AROUND;
        taken <= share
    };
    versions.into_iter().take(MOST).take_while(fits).collect()
}

impl Log {
    /// What is remembered in this state folder; nothing, where that cannot be read.
    pub(super) fn of(state: &Path) -> Self {
        let mut log = Self { file: state.join(NAME), open: None, found: HashMap::new(), lines: 0 };
        if let Ok(file) = File::open(&log.file)
            && file.metadata().is_ok_and(|metadata| metadata.len() <= LONGEST)
        {
            // A line that a crash tore is none, nor is what follows a part that cannot be read.
            for line in BufReader::new(file).lines().map_while(Result::ok) {
                log.lines += 1;
                let Some((path, past)) = read(&line) else { continue };
                let versions = log.found.entry(path).or_default();
                versions.retain(|other| other.tags != past.tags);
                versions.push(past);
                if versions.len() > MOST + 1 {
                    versions.remove(0);
                }
            }
        }
        log
    }

    /// What was found of a feed, the latest first.
    pub(super) fn take(&mut self, path: &FeedPath) -> Vec<Past> {
        let mut versions = self.found.remove(path).unwrap_or_default();
        versions.reverse();
        versions
    }

    /// All feeds are up: what was found of others is forgotten.
    pub(super) fn forget_others(&mut self) {
        self.found = HashMap::new();
    }

    /// Whether most of the file is out of date.
    pub(super) fn is_long(&self, feeds: usize) -> bool {
        self.lines > 2 * (MOST + 1) * feeds + SLACK
    }

    /// Writes down a version that is about to be sent.
    pub(super) fn add(&mut self, path: &FeedPath, past: &Past) -> io::Result<()> {
        let file = match &mut self.open {
            Some(file) => file,
            None => {
                if let Some(folder) = self.file.parent() {
                    fs::create_dir_all(folder)?;
                }
                self.open.insert(OpenOptions::new().create(true).append(true).open(&self.file)?)
            }
        };
        self.lines += 1;
        // At once, so that no other line comes between.
        file.write_all(&write(path, past)?)
    }

    /// Writes the file anew with these versions, of each feed the latest first.
    pub(super) fn rewrite(&mut self, feeds: &[(FeedPath, Vec<Past>)]) -> io::Result<()> {
        let new = self.file.with_extension(format!("versions.{}", std::process::id()));
        let mut text = Vec::new();
        self.lines = 0;
        for (path, versions) in feeds {
            for past in versions.iter().rev() {
                text.extend(write(path, past)?);
                self.lines += 1;
            }
        }
        self.open = None;
        let written = fs::write(&new, text).and_then(|()| fs::rename(&new, &self.file));
        written.inspect_err(|_| drop(fs::remove_file(&new)))
    }
}

fn write(path: &FeedPath, past: &Past) -> io::Result<Vec<u8>> {
    let line = Line {
        path: path.as_str().to_owned(),
        tag: past.tags.digits().to_owned(),
        entries: past.entries.iter().map(|entry| format!("{entry:016x}")).collect(),
    };
    let mut text = serde_json::to_vec(&line)?;
    text.push(b'\n');
    Ok(text)
}

fn read(line: &str) -> Option<(FeedPath, Past)> {
    let Line { path, tag, entries } = serde_json::from_str(line).ok()?;
    let (digits, rest) = entries.as_bytes().as_chunks::<16>();
    let entry = |digits: &[u8; 16]| u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    let entries: Option<Arc<[u64]>> = digits.iter().map(entry).collect();
    let past = Past { tags: TagBase::parse(&tag)?, entries: entries.filter(|_| rest.is_empty())? };
    Some((FeedPath::new(&path)?, past))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(n: u8) -> Past {
        Past { tags: TagBase::of(&[n; 32]), entries: Arc::from([u64::from(n), u64::MAX - u64::from(n)]) }
    }

    fn path(name: &str) -> FeedPath {
        FeedPath::new(name).unwrap()
    }

    fn shown(versions: &[Past]) -> Vec<u64> {
        versions.iter().map(|past| past.entries[0]).collect()
    }

    #[test]
    fn the_last_versions_of_each_feed_come_back() {
        let state = tempfile::tempdir().unwrap();
        let mut log = Log::of(state.path());
        for n in 0..20 {
            log.add(&path("a.xml"), &past(n)).unwrap();
        }
        log.add(&path("b.xml"), &past(7)).unwrap();
        log.add(&path("a.xml"), &past(15)).unwrap();
        let mut again = Log::of(state.path());
        let versions = again.take(&path("a.xml"));
        assert_eq!(shown(&versions), [15, 19, 18, 17, 16, 14, 13, 12, 11]);
        assert_eq!(*versions[0].entries, [15, u64::MAX - 15]);
        assert_eq!(shown(&again.take(&path("b.xml"))), [7]);
        again.rewrite(&[(path("a.xml"), versions)]).unwrap();
        let mut last = Log::of(state.path());
        assert_eq!(shown(&last.take(&path("a.xml"))), [15, 19, 18, 17, 16, 14, 13, 12, 11]);
        assert!(last.take(&path("b.xml")).is_empty());
        assert_eq!(fs::read_dir(state.path()).unwrap().count(), 1);
    }

    #[test]
    fn damage_is_forgetting() {
        let state = tempfile::tempdir().unwrap();
        Log::of(state.path()).add(&path("a.xml"), &past(1)).unwrap();
        let whole = fs::read_to_string(state.path().join(NAME)).unwrap();
        let torn = whole.get(..whole.len() / 2).unwrap();
        for (text, versions) in [
            (format!("{torn}\n{whole}"), 1),
            (format!("{whole}{torn}"), 1),
            (whole.replace("a.xml", "../a.xml"), 0),
            (whole.replace("\"entries\":\"", "\"entries\":\"0"), 0),
            (whole.replace("\"tag\":\"01", "\"tag\":\""), 0),
            (String::new(), 0),
        ] {
            fs::write(state.path().join(NAME), &text).unwrap();
            assert_eq!(Log::of(state.path()).take(&path("a.xml")).len(), versions, "{text}");
        }
    }

    #[test]
    fn many_feeds_remember_fewer_versions() {
        let versions = || (0..20).map(past);
        assert_eq!(within_bounds(versions(), 1).len(), MOST);
        let some = within_bounds(versions(), MEMORY / (3 * (AROUND + 16))).len();
        assert_eq!(some, 3);
        assert!(within_bounds(versions(), usize::MAX).is_empty());
    }
}
