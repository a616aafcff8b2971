//! What a full build from nothing gives, and how it differs from what is there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use syndicated::config::{self, Config, Overrides};
use syndicated::engine::{Engine, EngineError, Silent, Start, Summary};
use syndicated::publisher::Lock;
use syndicated::watcher::changes::Batch;
use tempfile::TempDir;

pub(super) fn load(site: &Path, out: &Path, state: &Path) -> Config {
    let overrides = Overrides {
        site: Some(site.to_path_buf()),
        out: Some(out.to_path_buf()),
        state: Some(state.to_path_buf()),
        ..Overrides::default()
    };
    let mut config = config::load(&overrides, &[], site, Some("UTC")).unwrap_or_else(|error| panic!("{error}"));
    if let Some(archive) = &mut config.output.archive {
        // A few posts divide a year into months, and a month into days.
        archive.posts = 2;
    }
    config
}

/// A folder for one history, in memory where the system has room there: a history waits for the disk at each step.
pub(super) fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir()
        && let Ok(folder) = tempfile::tempdir_in(memory)
    {
        return folder;
    }
    tempfile::tempdir().unwrap()
}

/// Every file below a folder with its bytes.
pub(super) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                let name = entry.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                files.insert(name, fs::read(entry.path()).unwrap());
            }
        }
    }
    files
}

/// Copies a folder's files.
pub(super) fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    for (name, bytes) in tree(from) {
        let file = to.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
}

/// Builds the site from nothing, and holds output, findings, counts and schedule of `engine` against it.
pub(super) fn against_full(
    engine: &Engine,
    summary: &Summary,
    site: &Path,
    out: &Path,
    now: i64,
    allow_empty: bool,
) -> Result<(), TestCaseError> {
    let fresh = scratch();
    let (full_out, full_state) = (fresh.path().join("out"), fresh.path().join("state"));
    let config = load(site, &full_out, &full_state);
    let lock = Lock::acquire(&full_out, &full_state).unwrap();
    let mut full = Engine::open(config, &lock, Start { full: true, allow_empty }).unwrap();
    let report = full.apply(&Batch { everything: true, ..Batch::default() }, now, &Silent).unwrap();
    prop_assert!(report.failures.is_empty(), "{:?}", report.failures);
    same_files(&tree(out), &tree(&full_out))?;
    prop_assert_eq!(format!("{:#?}", summary), format!("{:#?}", full.summary().unwrap()));
    let feeds = |engine: &Engine| {
        let feeds = engine.feeds().unwrap();
        feeds.into_iter().map(|feed| (feed.key.to_string(), feed.posts, feed.newest)).collect::<Vec<_>>()
    };
    prop_assert_eq!(feeds(engine), feeds(&full));
    prop_assert_eq!(engine.next_instant(now).unwrap(), full.next_instant(now).unwrap());
    Ok(())
}

/// Whether a full build has no post to publish, either.
pub(super) fn full_is_empty(site: &Path, now: i64) -> bool {
    let fresh = scratch();
    let (out, state) = (fresh.path().join("out"), fresh.path().join("state"));
    let lock = Lock::acquire(&out, &state).unwrap();
    let mut full = Engine::open(load(site, &out, &state), &lock, Start::default()).unwrap();
    let applied = full.apply(&Batch { everything: true, ..Batch::default() }, now, &Silent);
    matches!(applied, Err(EngineError::Emptied { .. }))
}

pub(super) fn same_files(
    ours: &BTreeMap<String, Vec<u8>>,
    full: &BTreeMap<String, Vec<u8>>,
) -> Result<(), TestCaseError> {
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    prop_assert_eq!(names(ours), names(full), "the files of the output");
    for (name, bytes) in ours {
        let other = &full[name];
        prop_assert!(
            bytes == other,
            "{} differs\n--- ours\n{}\n--- full build\n{}",
            name,
            String::from_utf8_lossy(bytes),
            String::from_utf8_lossy(other)
        );
    }
    Ok(())
}
