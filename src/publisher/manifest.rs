//! `.syndicated.json`: which files below the output are ours, and what is in them.
//!
//! One file a line, sorted by path and without times, so that it can be committed with the feeds and its differences
//! are small.

use std::collections::BTreeMap;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::model::FeedPath;

const VERSION: u64 = 1;
const BEGINNING: &[u8] = b"{\"version\":";

/// What a file contains: its length in bytes and its SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest {
    /// In bytes.
    pub length: u64,
    /// Of all of them.
    pub sha256: [u8; 32],
}

impl Digest {
    /// The digest of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self { length: bytes.len() as u64, sha256: Sha256::digest(bytes).into() }
    }
}

/// Our files, each with its digest; one that was announced and not yet written by us has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) files: BTreeMap<FeedPath, Option<Digest>>,
}

/// What the bytes of a manifest say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parsed {
    /// It is whole.
    Whole(Manifest),
    /// It is damaged (a power cut, a merge conflict); the lines that can be read, and what is wrong.
    Damaged(Manifest, String),
    /// It is no manifest of ours, or of a newer version.
    Foreign(String),
}

impl Manifest {
    /// The manifest as a JSON document, a function of its contents alone.
    pub(super) fn to_json(&self) -> String {
        let mut json = String::with_capacity(64 + self.files.len() * 160);
        json.push_str(&format!("{{\"version\":{VERSION},\"files\":["));
        let mut separator = "\n";
        for (path, digest) in &self.files {
            json.push_str(separator);
            push_line(&mut json, path, *digest);
            separator = ",\n";
        }
        json.push_str("\n]}\n");
        json
    }

    /// Reads a manifest, and of a damaged one what can be read.
    ///
    /// A line is an entry by itself, so that both sides of a merge conflict and the beginning of a cut file count. An
    /// empty file, or one of zero bytes alone, is what a power cut leaves of a manifest.
    pub(super) fn parse(bytes: &[u8]) -> Parsed {
        if bytes.iter().all(|&b| b == 0 || b.is_ascii_whitespace()) {
            return Parsed::Damaged(Self::default(), "it is empty".to_owned());
        }
        let reason = match serde_json::from_slice::<Document>(bytes) {
            Ok(document) if document.version == VERSION => {
                let read: Option<BTreeMap<_, _>> = document.files.iter().map(Line::entry).collect();
                match read {
                    Some(files) => return Parsed::Whole(Self { files }),
                    None => "a path or digest in it is not valid".to_owned(),
                }
            }
            Ok(document) => return Parsed::Foreign(format!("version {} is not known", document.version)),
            Err(error) => error.to_string(),
        };
        let lines = bytes.split(|&b| b == b'\n').filter_map(|line| {
            let line = line.trim_ascii();
            serde_json::from_slice::<Line>(line.strip_suffix(b",").unwrap_or(line)).ok()?.entry()
        });
        let files: BTreeMap<_, _> = lines.collect();
        // The first line alone tells a list that was cut, or is in conflict, from a file that is something else.
        if files.is_empty() && !bytes.starts_with(BEGINNING) && !BEGINNING.starts_with(bytes) {
            return Parsed::Foreign(reason);
        }
        Parsed::Damaged(Self { files }, reason)
    }
}

#[derive(Deserialize)]
struct Document {
    version: u64,
    #[serde(default)]
    files: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    path: String,
    length: Option<u64>,
    sha256: Option<String>,
}

impl Line {
    fn entry(&self) -> Option<(FeedPath, Option<Digest>)> {
        let path = FeedPath::new(&self.path)?;
        let digest = match (self.length, &self.sha256) {
            (Some(length), Some(hex)) => Some(Digest { length, sha256: from_hex(hex)? }),
            _ => None,
        };
        Some((path, digest))
    }
}

/// One file of what may be tens of thousands, at each publication.
fn push_line(json: &mut String, path: &FeedPath, digest: Option<Digest>) {
    json.push_str("{\"path\":");
    json.push_str(&serde_json::Value::from(path.as_str()).to_string());
    if let Some(Digest { length, sha256 }) = digest {
        json.push_str(",\"length\":");
        json.push_str(&length.to_string());
        json.push_str(",\"sha256\":\"");
        for byte in sha256 {
            for digit in [byte >> 4, byte & 15] {
                json.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
            }
        }
        json.push('"');
    }
    json.push('}');
}

fn from_hex(hex: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let digit = |c: &u8| char::from(*c).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte = digit(high)? << 4 | digit(low)?;
    }
    Some(bytes)
}
