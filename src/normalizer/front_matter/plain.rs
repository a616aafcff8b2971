//! The shortcut for the shapes that nearly all front matter has, read in a fraction of the parser's time.
//!
//! `key: text`, `key: "text"`, `key: 'text'`, `key:` alone or with a list of `- text` lines, comments and blank lines at
//! column 0. Whatever is not certainly one of these is left to the parser, so that both always agree.

use std::ops::Range;

use crate::model::Value;

use super::fields::Field;
use super::source::{FIRST_LINE, count};

/// Beyond, looking for a key among those before it would cost more than it saves.
const MAX_FIELDS: usize = 64;
/// Far below the length at which the parser stops to see a key (1024).
const MAX_KEY: usize = 128;

/// The fields of a header; `None` where it takes the parser to tell.
pub(super) fn read(header: &str) -> Option<Vec<Field>> {
    if !is_ordinary(header.as_bytes()) {
        return None;
    }
    let mut fields: Vec<Field> = Vec::with_capacity(8);
    let mut list = List::Closed;
    let mut at = 0;
    for (number, line) in header.split('\n').enumerate() {
        let start = at;
        at += line.len() + 1;
        let line = line.strip_suffix('\r').unwrap_or(line).trim_end_matches(' ');
        match line.as_bytes().first() {
            None | Some(b'#') => {}
            Some(b' ' | b'-') => list.push(line, fields.last_mut()?)?,
            Some(_) => {
                let (key, raw) = key_and_raw(line)?;
                let text = line.get(raw.clone())?;
                let is_new = fields.len() < MAX_FIELDS && fields.iter().all(|field| field.key != key);
                if !is_new {
                    return None;
                }
                list = if text.is_empty() { List::Open } else { List::Closed };
                fields.push(Field {
                    key: key.to_owned(),
                    value: scalar(text)?,
                    line: Some(FIRST_LINE.saturating_add(count(number))),
                    raw: start + raw.start..start + raw.end,
                });
            }
        }
    }
    Some(fields)
}

/// Whether all characters are lines' ends or printable, none of them a line's end or a mark to YAML alone.
///
/// Most bytes are so whatever is behind them, which is judged in blocks: the compiler turns that into vector instructions.
fn is_ordinary(bytes: &[u8]) -> bool {
    const BLOCK: usize = 32;
    let is_sure = |byte: &u8| {
        let is_control = (*byte < b' ') & (*byte != b'\n') | (*byte == 0x7f);
        !(is_control | (*byte == 0xc2) | (*byte == 0xe2) | (*byte == 0xef))
    };
    bytes.chunks(BLOCK).enumerate().all(|(n, block)| {
        block.iter().fold(true, |all, byte| all & is_sure(byte))
            || (0..block.len()).all(|at| is_ordinary_at(bytes, n * BLOCK + at))
    })
}

fn is_ordinary_at(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(|byte| {
        let behind = || bytes.get(at + 1..).unwrap_or_default();
        match byte {
            b' '..=b'~' | b'\n' | 0x80..=0xc1 | 0xc3..=0xe1 | 0xe3..=0xee | 0xf0.. => true,
            b'\r' => behind().first() == Some(&b'\n'),
            // C1 controls; U+2028, U+2029; U+FEFF, U+FFFE, U+FFFF.
            0xc2 => behind().first() >= Some(&0xa0),
            0xe2 => !matches!(behind(), [0x80, 0xa8 | 0xa9, ..]),
            0xef => !matches!(behind(), [0xbb, 0xbf, ..] | [0xbf, 0xbe | 0xbf, ..]),
            _ => false,
        }
    })
}

/// The key of a line, and where its value is.
fn key_and_raw(line: &str) -> Option<(&str, Range<usize>)> {
    let (key, value) = line.split_once(':')?;
    let mut bytes = key.bytes();
    let is_name = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let is_key = is_name && key.len() <= MAX_KEY && word(key).is_none();
    if !is_key || !(value.is_empty() || value.starts_with(' ')) {
        return None;
    }
    let start = line.len() - value.trim_start_matches(' ').len();
    Some((key, start..line.len()))
}

/// Whether items may follow the last key.
enum List {
    /// Its value is complete.
    Closed,
    /// It has none yet.
    Open,
    /// It has items, indented by so many spaces.
    Items(usize),
}

impl List {
    fn push(&mut self, line: &str, field: &mut Field) -> Option<()> {
        let item = line.trim_start_matches(' ');
        let indent = line.len() - item.len();
        let text = item.strip_prefix("- ")?.trim_start_matches(' ');
        let value = scalar(text).filter(|_| !text.is_empty())?;
        match (&*self, &mut field.value) {
            (Self::Open, list) => *list = Value::List(vec![value]),
            (Self::Items(first), Value::List(items)) if *first == indent => items.push(value),
            _ => return None,
        }
        *self = Self::Items(indent);
        Some(())
    }
}

/// The value of a trimmed text on one line; `None` where it takes the parser to tell.
pub(super) fn scalar(text: &str) -> Option<Value> {
    let Some(quote @ ('"' | '\'')) = text.chars().next() else { return plain(text) };
    let inner = text.get(1..)?.strip_suffix(quote)?;
    let is_simple = !inner.bytes().any(|b| b == quote as u8 || (quote == '"' && b == b'\\'));
    is_simple.then(|| Value::String(inner.to_owned()))
}

fn plain(text: &str) -> Option<Value> {
    let bytes = text.as_bytes();
    let Some(first) = bytes.first() else { return Some(Value::Null) };
    let is_indicator = b"-?:,[]{}#&*!|>'\"%@`".contains(first);
    // A comment behind a blank, or a colon before one.
    let is_ambiguous = |at: usize| match bytes.get(at + 1) {
        Some(b'#') => bytes.get(at) == Some(&b' '),
        Some(b' ') => bytes.get(at) == Some(&b':'),
        _ => false,
    };
    if is_indicator || text.ends_with(':') || memchr::memchr2_iter(b':', b' ', bytes).any(is_ambiguous) {
        return None;
    }
    match first {
        b'0'..=b'9' => number_or_text(text),
        b'.' | b'+' => None,
        _ => Some(word(text).unwrap_or_else(|| Value::String(text.to_owned()))),
    }
}

/// The value of a word that stands for one.
fn word(text: &str) -> Option<Value> {
    match text {
        "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ => None,
    }
}

/// Whole numbers without signs or leading zeros, and what certainly is no number, such as a date.
fn number_or_text(text: &str) -> Option<Value> {
    let bytes = text.as_bytes();
    if bytes.iter().all(u8::is_ascii_digit) {
        let is_whole = bytes.len() <= 18 && (bytes.len() == 1 || !text.starts_with('0'));
        return if is_whole { text.parse().ok().map(Value::Int) } else { None };
    }
    let has_year = matches!(bytes, [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'-', ..]);
    let is_text = has_year || bytes.iter().any(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'.' | b'+' | b'-'));
    is_text.then(|| Value::String(text.to_owned()))
}
