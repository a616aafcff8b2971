//! The invariants of ARCHITECTURE.md that can be read off the sources.

use std::fs;
use std::path::{Path, PathBuf};

const ROOMS: [&str; 12] = [
    "model",
    "config",
    "normalizer",
    "writers",
    "watcher",
    "catalog",
    "publisher",
    "engine",
    "delivery",
    "websub",
    "service",
    "cli",
];

struct Source {
    path: String,
    room: String,
    /// Without tests, which may cross rooms and write files.
    is_test: bool,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let below = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                let room = below.split(['/', '.']).next().unwrap().to_owned();
                let is_test = below.contains("/tests/") || below.ends_with("tests.rs");
                let text = fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
                sources.push(Source { path: below, room, is_test, text });
            }
        }
    }
    assert!(sources.len() > 50);
    sources
}

fn names_room(text: &str, room: &str) -> bool {
    text.contains(&format!("crate::{room}::")) || text.contains(&format!("crate::{room};"))
}

#[test]
fn a_room_imports_only_what_comes_before_it() {
    let allowed = |room: &str| -> &[&str] {
        match room {
            "model" => &[],
            "config" => &["model"],
            "normalizer" | "writers" | "watcher" | "catalog" | "publisher" => &["model", "config"],
            "engine" => &["model", "config", "normalizer", "writers", "watcher", "catalog", "publisher"],
            // It reads what the publisher has written.
            "delivery" => &["model", "config", "publisher"],
            // It sends what is published, as what delivery says that it is.
            "websub" => &["model", "config", "publisher", "delivery"],
            "service" => &["model", "config", "normalizer", "watcher", "publisher", "engine", "delivery", "websub"],
            _ => &ROOMS,
        }
    };
    for source in sources().iter().filter(|source| !source.is_test && ROOMS.contains(&source.room.as_str())) {
        for room in ROOMS.iter().filter(|room| **room != source.room && !allowed(&source.room).contains(room)) {
            assert!(!names_room(&source.text, room), "{} imports {room}", source.path);
        }
    }
}

#[test]
fn the_core_has_no_file_system_no_clock_and_no_runtime() {
    for source in sources().iter().filter(|source| !source.is_test) {
        if ["model", "normalizer", "writers"].contains(&source.room.as_str()) {
            for forbidden in ["std::fs", "std::net", "std::env", "SystemTime", "Instant", "tokio", "std::thread"] {
                assert!(!source.text.contains(forbidden), "{} uses {forbidden}", source.path);
            }
        }
        if !["delivery", "service", "watcher", "websub", "cli"].contains(&source.room.as_str()) {
            assert!(!source.text.contains("tokio::"), "{} uses tokio", source.path);
        }
    }
}

#[test]
fn only_its_writer_knows_the_crate_of_a_format() {
    for source in sources().iter().filter(|source| !source.is_test) {
        for (name, home) in [("rss::{", "writers/rss"), ("atom_syndication::", "writers/atom")] {
            let foreign = source.text.lines().any(|line| line.trim_start().starts_with(&format!("use {name}")));
            assert!(!foreign || source.path.starts_with(home), "{} uses {name}", source.path);
        }
    }
}

#[test]
fn only_the_publisher_the_catalog_and_what_a_user_asks_for_write_files() {
    let writes = ["fs::write", "File::create", "create_dir", "fs::rename", "fs::remove", "OpenOptions::new().write"];
    let allowed = [
        "publisher/",
        "catalog/schema.rs",
        "cli/init.rs",
        "cli/complete.rs",
        "cli/ids/",
        // A socket where the user wants one.
        "delivery/listener.rs",
        // All only in the state folder.
        "delivery/ledger.rs",
        "delivery/past.rs",
        "delivery/remembered.rs",
        "service/front.rs",
        "websub/store.rs",
        "websub/ping/outbox.rs",
        "watcher/notify/cookies.rs",
    ];
    for source in sources().iter().filter(|source| !source.is_test) {
        let found = writes.iter().find(|write| source.text.contains(**write));
        assert!(
            found.is_none() || allowed.iter().any(|room| source.path.starts_with(room)),
            "{} writes files: {found:?}",
            source.path
        );
    }
}

#[test]
fn files_are_short_and_say_what_they_are() {
    for source in sources() {
        let lines = source.text.lines().count();
        assert!(lines <= 400, "{} has {lines} lines", source.path);
        assert!(source.text.starts_with("//! "), "{} does not say what it is", source.path);
    }
}
