//! YAML by the full parser: scalars as it types them, aliases bounded, merge keys as Ruby's Psych applies them.

use serde::de::DeserializeSeed as _;

use crate::model::{Duplicates, Seed, Tally, Value};

/// A document, and the keys that stand twice in one map of it.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) value: Value,
    pub(super) duplicates: Duplicates,
}

/// Why there is no value.
#[derive(Debug)]
pub(super) enum Failure {
    /// The aliases expand without bound.
    Expands,
    /// It has so many brackets that the parser could take seconds.
    TooManyBrackets,
    /// The parser refused it.
    Syntax(Error),
}

/// The parser's words, and where they apply.
#[derive(Debug)]
pub(super) struct Error {
    pub(super) message: String,
    /// Line and column in the parsed text, both from 1.
    pub(super) position: Option<(usize, usize)>,
}

/// What one file may still cost, however many times a part of it is parsed.
pub(super) struct Effort {
    /// The scanner looks at each open bracket for each token.
    bracket_steps: usize,
    /// Values, and bytes of text in them, which aliases multiply.
    volume: usize,
}

impl Effort {
    /// For a file with so many bytes of front matter: about 20 ms at worst, for 64 KiB. Without aliases, a byte needs
    /// less than three of the volume, and a second time when it is repaired.
    pub(super) fn for_bytes(length: usize) -> Self {
        Self { bracket_steps: 8 << 20, volume: 8 * length + 1024 }
    }
}

/// Parses one document.
pub(super) fn parse(text: &str, effort: &mut Effort) -> Result<Tree, Failure> {
    let brackets = text.bytes().filter(|b| matches!(b, b'[' | b'{')).count();
    effort.bracket_steps =
        effort.bracket_steps.checked_sub(brackets.saturating_mul(text.len())).ok_or(Failure::TooManyBrackets)?;
    let tally = Tally::new(effort.volume);
    // Behind a document's start a leading `%` is no directive, which is how the file has it.
    let document = format!("---\n{text}");
    let read = Seed::new(&tally).deserialize(serde_yaml::Deserializer::from_str(&document));
    effort.volume = tally.left();
    match read {
        Ok(value) => Ok(Tree { value, duplicates: tally.into_duplicates() }),
        Err(error) => Err(failure(&error, text, tally.is_exceeded())),
    }
}

fn failure(error: &serde_yaml::Error, text: &str, expands: bool) -> Failure {
    let message = error.to_string();
    // A value that contains itself ends at the parser's bound on depth.
    let contains_itself = message.contains("recursion limit") && text.contains('&') && text.contains('*');
    if expands || contains_itself || message.contains("repetition limit") {
        return Failure::Expands;
    }
    let position = error.location().map(|at| (at.line().saturating_sub(1).max(1), at.column()));
    Failure::Syntax(Error { message, position })
}

/// The pairs of a document; nothing at all is an empty map. An error names what it is instead.
pub(super) fn into_map(value: Value) -> Result<Vec<(String, Value)>, &'static str> {
    match value {
        Value::Map(pairs) => Ok(pairs),
        Value::Null => Ok(Vec::new()),
        Value::List(_) => Err("a list"),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => Err("text"),
    }
}
