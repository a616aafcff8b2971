//! The site's own data files: YAML, TOML or JSON, bounded in size, depth and expansion, as one kind of value.

use std::io::Read as _;
use std::path::Path;

use serde::de::DeserializeSeed as _;

use crate::config::error::line_and_column;
use crate::model::{Seed, Tally, Value};

/// How large a data file may be, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// How deep flow collections may nest: the scanner's time is the product of depth and length.
const MAX_FLOW_DEPTH: usize = 100;
/// How much a file may expand to by its aliases, in values and bytes of text: without them, a byte needs less than three.
const MAX_EXPANDED: usize = 4 << 20;

/// What is wrong with a data file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::config) struct Fault {
    /// Line and column, from 1.
    pub(in crate::config) place: Option<(usize, usize)>,
    pub(in crate::config) message: String,
}

impl Fault {
    fn new(message: impl Into<String>) -> Self {
        Self { place: None, message: message.into() }
    }
}

/// The text of a regular file; `None` when there is none. Bytes that are not UTF-8 become U+FFFD.
pub(in crate::config) fn read(path: &Path) -> Result<Option<String>, Fault> {
    // Opening a FIFO would block, so its kind is asked first.
    match std::fs::metadata(path) {
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(Fault::new(error.to_string())),
        Ok(metadata) if !metadata.is_file() => return Err(Fault::new("not a regular file")),
        Ok(_) => {}
    }
    let file = std::fs::File::open(path).map_err(|error| Fault::new(error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| Fault::new(error.to_string()))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Fault::new("larger than 1 MiB"));
    }
    let text = String::from_utf8_lossy(&bytes);
    Ok(Some(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()))
}

/// Whether the error says that there is no such file, also because its folder is a file.
fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

/// The value of a text in the language that the extension names (YAML for any other than `toml` and `json`).
pub(in crate::config) fn parse(text: &str, extension: &str) -> Result<Value, Fault> {
    let tally = Tally::new(MAX_EXPANDED);
    parse_as(text, extension, Seed::new(&tally))
}

/// The same with plain scalars of YAML as Jekyll has them from Ruby's parser (`yes`, `010`, `12:30`).
pub(super) fn parse_ruby(text: &str, extension: &str) -> Result<Value, Fault> {
    let tally = Tally::new(MAX_EXPANDED);
    parse_as(text, extension, Seed::of_ruby(&tally, text))
}

fn parse_as(text: &str, extension: &str, seed: Seed<'_>) -> Result<Value, Fault> {
    match extension {
        "toml" => {
            let document = toml::de::Deserializer::parse(text).map_err(|error| toml_fault(text, &error))?;
            seed.deserialize(document).map_err(|error| toml_fault(text, &error))
        }
        "json" => seed.deserialize(&mut serde_json::Deserializer::from_str(text)).map_err(|error| Fault {
            place: Some((error.line(), error.column())),
            message: without_place(&error.to_string()),
        }),
        _ => {
            if flow_depth(text) > MAX_FLOW_DEPTH {
                return Err(Fault::new("brackets and braces are nested too deeply, or not closed"));
            }
            // Ruby's parser reads the first document and leaves others alone.
            let Some(document) = serde_yaml::Deserializer::from_str(text).next() else { return Ok(Value::Null) };
            seed.deserialize(document).map_err(|error| Fault {
                place: error.location().map(|at| (at.line(), at.column())),
                message: without_place(&error.to_string()),
            })
        }
    }
}

/// The front matter of a section's page, in YAML or TOML; null for a page without one.
pub(in crate::config) fn front_matter(text: &str) -> Result<Value, Fault> {
    let first = text.lines().next().unwrap_or_default().trim_end();
    let extension = match first {
        "---" => "yaml",
        "+++" => "toml",
        _ => return Ok(Value::Null),
    };
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
    let mut end = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == first {
            break;
        }
        end += line.len();
    }
    parse(rest.get(..end).unwrap_or_default(), extension)
}

fn toml_fault(text: &str, error: &toml::de::Error) -> Fault {
    let place = error.span().map(|span| line_and_column(text, span.start));
    Fault { place, message: error.message().to_owned() }
}

/// A message without the position that parsers put at its end: it is shown before it.
fn without_place(message: &str) -> String {
    message.split(" at line ").next().unwrap_or_default().to_owned()
}

/// The deepest that brackets and braces can nest here, quotes and comments ignored.
fn flow_depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}
