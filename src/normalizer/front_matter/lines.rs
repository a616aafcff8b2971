//! The top-level keys of front matter as its lines show them: where each stands, and what belongs to it.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::model::{Code, Diagnostic, Duplicates, Value};

use super::fields::Field;
use super::source::{FIRST_LINE, count};

/// A line with a key at column 0, and the lines up to the next one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block<'a> {
    pub(super) key: &'a str,
    /// The line of the file, from 1.
    pub(super) line: u32,
    /// What follows the colon on that line, trimmed, in bytes of the header.
    pub(super) raw: Range<usize>,
    /// All of it, in bytes of the header.
    pub(super) text: Range<usize>,
}

/// Which lines begin a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heads {
    /// Those that do so in YAML.
    Strict,
    /// Also `key:value`, a slip that is common.
    Lenient,
}

/// The blocks of a header, in its order. Lines before the first key belong to none.
pub(super) fn blocks(header: &str, heads: Heads) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut at = 0;
    for (number, line) in header.split_inclusive('\n').enumerate() {
        let end = at + line.len();
        if let Some((key, value)) = key_and_value(line, heads) {
            let raw = value.trim_end_matches(is_space);
            let at_value = end - value.len() + (raw.len() - raw.trim_start_matches(is_space).len());
            let raw = at_value..end - (value.len() - raw.len());
            blocks.push(Block { key, line: FIRST_LINE.saturating_add(count(number)), raw, text: at..end });
        } else if let Some(block) = blocks.last_mut() {
            block.text.end = end;
        }
        at = end;
    }
    blocks
}

/// The key of a line that begins at column 0, and all that follows its colon.
pub(super) fn key_and_value(line: &str, heads: Heads) -> Option<(&str, &str)> {
    let first = line.chars().next()?;
    if first == '"' || first == '\'' {
        let (key, rest) = line.get(1..)?.split_once(first)?;
        let value = rest.trim_start_matches(' ').strip_prefix(':')?;
        return ends_key(value).then_some((key, value));
    }
    if first.is_whitespace() || "-?:#,[]{}&*!|>%@`".contains(first) {
        return None;
    }
    let colon = line.match_indices(':').find(|(at, _)| line.get(at + 1..).is_some_and(ends_key));
    if let Some((at, _)) = colon {
        let (key, value) = line.split_at_checked(at)?;
        return (!key.contains(" #")).then_some((key.trim_end(), value.get(1..)?));
    }
    let (key, value) = line.split_once(':')?;
    let is_slip = heads == Heads::Lenient
        && !value.starts_with("//")
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    is_slip.then_some((key, value))
}

/// What separates in YAML; other white space is text.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn ends_key(behind_colon: &str) -> bool {
    behind_colon.is_empty() || behind_colon.starts_with(is_space)
}

/// Pairs a parser's keys with the lines on which they stand last.
pub(super) fn locate(pairs: Vec<(String, Value)>, blocks: &[Block<'_>]) -> Vec<Field> {
    let last: HashMap<&str, &Block<'_>> = blocks.iter().map(|block| (block.key, block)).collect();
    let field = |(key, value): (String, Value)| {
        let block = last.get(key.as_str());
        let (line, raw) = block.map_or((None, 0..0), |block| (Some(block.line), block.raw.clone()));
        Field { key, value, line, raw }
    };
    pairs.into_iter().map(field).collect()
}

/// One warning for each key that stands twice: at its second line, or where the field that holds it stands.
pub(super) fn duplicates(found: Duplicates, blocks: &[Block<'_>]) -> Vec<Diagnostic> {
    let mut lines: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for block in blocks {
        lines.entry(block.key).or_default().push(block.line);
    }
    let warning = |(field, inner): (String, Option<String>)| {
        let lines = lines.get(field.as_str()).map(Vec::as_slice).unwrap_or_default();
        let (line, message) = match inner {
            None => (lines.get(1).or(lines.first()), format!("`{field}` stands twice; the last one counts")),
            Some(inner) => (lines.last(), format!("`{inner}` stands twice in `{field}`; the last one counts")),
        };
        Diagnostic::new(Code::DuplicateKey, message).at(line.copied())
    };
    found.into_iter().map(warning).collect()
}

/// The line of the file with the first text that is no comment.
pub(super) fn first_line_of_text(header: &str) -> Option<u32> {
    let is_text = |line: &str| !line.trim_start().is_empty() && !line.trim_start().starts_with('#');
    header.lines().position(is_text).map(|number| FIRST_LINE.saturating_add(count(number)))
}
