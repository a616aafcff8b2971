//! A bound on how deep block quotes and lists nest.

use std::borrow::Cow;

/// The column after which nothing nests any more. The parser looks at every open block for each line that may continue
/// a paragraph, so depth times lines has to stay small.
const LAST_COLUMN: usize = 256;

/// `text` with the markers of block quotes and lists escaped that begin beyond column 256.
pub(crate) fn bounded(text: &str) -> Cow<'_, str> {
    let mut bounded = String::new();
    let mut copied = 0;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some(column) = deep_marker(line) {
            bounded.push_str(text.get(copied..start + column).unwrap_or_default());
            bounded.push('\\');
            copied = start + column;
        }
        start += line.len();
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    bounded.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(bounded)
}

/// Where the first marker beyond the last column stands, or its delimiter, which is what an escape makes text of.
fn deep_marker(line: &str) -> Option<usize> {
    if line.len() <= LAST_COLUMN {
        return None;
    }
    let bytes = line.as_bytes();
    let mut at = 0;
    loop {
        at += bytes.get(at..)?.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let delimiter = at + bytes.get(at..)?.iter().take_while(|b| b.is_ascii_digit()).count();
        let marks = match bytes.get(delimiter)? {
            b'>' | b'-' | b'+' | b'*' => delimiter == at,
            b'.' | b')' => (1..=9).contains(&(delimiter - at)),
            _ => false,
        };
        let is_quote = bytes.get(delimiter) == Some(&b'>');
        if !marks || !is_quote && !bytes.get(delimiter + 1)?.is_ascii_whitespace() {
            return None;
        }
        if at >= LAST_COLUMN {
            return (!is_rule(line)).then_some(delimiter);
        }
        at = delimiter + 1;
    }
}

/// CommonMark §4.1: a long `- - -` is one line across the page, not a nest of lists.
fn is_rule(line: &str) -> bool {
    let mut marks = line.bytes().filter(|b| !b.is_ascii_whitespace());
    let first = marks.next();
    matches!(first, Some(b'-' | b'*' | b'_')) && marks.all(|mark| Some(mark) == first)
}
