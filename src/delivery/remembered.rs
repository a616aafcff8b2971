//! Which feeds there were: kept in the state folder, apart from the catalog. Losing it costs `404` instead of `410`, nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::FeedPath;

/// Its name in the state folder.
const NAME: &str = "http.json";
/// So many removed feeds are remembered, the latest.
const MOST: usize = 100_000;
const VERSION: u32 = 1;

/// The feeds that were served, and those that are gone.
#[derive(Debug)]
pub(super) struct Remembered {
    file: PathBuf,
    served: BTreeSet<FeedPath>,
    /// Since when, in seconds since 1970.
    gone: BTreeMap<FeedPath, i64>,
}

#[derive(Default, Serialize, Deserialize)]
struct Document {
    version: u32,
    served: Vec<String>,
    gone: BTreeMap<String, i64>,
}

impl Remembered {
    /// What is remembered in this state folder; nothing, where that cannot be read.
    pub(super) fn of(state: &Path) -> Self {
        let file = state.join(NAME);
        let bytes = std::fs::read(&file).unwrap_or_default();
        let document: Document = serde_json::from_slice(&bytes).unwrap_or_default();
        let document = if document.version == VERSION { document } else { Document::default() };
        let path = |path: &String| FeedPath::new(path);
        Self {
            file,
            served: document.served.iter().filter_map(path).collect(),
            gone: document.gone.iter().filter_map(|(gone, since)| Some((path(gone)?, *since))).collect(),
        }
    }

    /// These are the feeds now (`now` in seconds since 1970); whether that is news.
    pub(super) fn serve(&mut self, paths: BTreeSet<FeedPath>, now: i64) -> bool {
        if paths == self.served {
            return false;
        }
        for path in std::mem::replace(&mut self.served, paths) {
            self.gone.insert(path, now);
        }
        self.gone.retain(|path, _| !self.served.contains(path));
        if let Some(many) = self.gone.len().checked_sub(MOST).filter(|many| *many > 0) {
            let mut oldest: Vec<(i64, FeedPath)> =
                self.gone.iter().map(|(path, since)| (*since, path.clone())).collect();
            oldest.sort();
            oldest.truncate(many);
            self.gone.retain(|path, since| oldest.binary_search(&(*since, path.clone())).is_err());
        }
        true
    }

    /// The feeds that are gone.
    pub(super) fn gone(&self) -> BTreeSet<FeedPath> {
        self.gone.keys().cloned().collect()
    }

    /// Writes it down.
    pub(super) fn save(&self) -> io::Result<()> {
        let text = |path: &FeedPath| path.as_str().to_owned();
        let document = Document {
            version: VERSION,
            served: self.served.iter().map(text).collect(),
            gone: self.gone.iter().map(|(path, since)| (text(path), *since)).collect(),
        };
        if let Some(folder) = self.file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let new = self.file.with_extension(format!("json.{}", std::process::id()));
        let written =
            std::fs::write(&new, serde_json::to_vec(&document)?).and_then(|()| std::fs::rename(&new, &self.file));
        written.inspect_err(|_| drop(std::fs::remove_file(&new)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(names: &[&str]) -> BTreeSet<FeedPath> {
        names.iter().map(|name| FeedPath::new(name).unwrap()).collect()
    }

    #[test]
    fn what_was_served_and_is_not_is_gone_until_it_comes_back() {
        let state = tempfile::tempdir().unwrap();
        let mut remembered = Remembered::of(state.path());
        assert!(remembered.serve(paths(&["a.xml", "b.xml"]), 1));
        assert!(!remembered.serve(paths(&["a.xml", "b.xml"]), 2));
        assert!(remembered.serve(paths(&["b.xml"]), 3));
        remembered.save().unwrap();
        let mut again = Remembered::of(state.path());
        assert_eq!(again.gone(), paths(&["a.xml"]));
        assert!(again.serve(paths(&["a.xml"]), 4));
        assert_eq!(again.gone(), paths(&["b.xml"]));
        assert_eq!(std::fs::read_dir(state.path()).unwrap().count(), 1);
    }

    #[test]
    fn damage_is_forgetting() {
        let state = tempfile::tempdir().unwrap();
        for text in [
            "",
            "{",
            "[]",
            "{\"version\":2,\"served\":[\"a\"],\"gone\":{}}",
            "{\"version\":1,\"served\":[\"../a\"],\"gone\":{}}",
        ] {
            std::fs::write(state.path().join(NAME), text).unwrap();
            let mut remembered = Remembered::of(state.path());
            remembered.serve(paths(&["b.xml"]), 1);
            assert_eq!(remembered.gone(), paths(&[]), "{text}");
        }
    }
}
