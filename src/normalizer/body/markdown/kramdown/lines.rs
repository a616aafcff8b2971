//! How blocks begin and end: what can be told from the start of a line.

use super::cursor::{head, is_space, tail};
use super::tags;

/// The most bytes of an attribute list; a longer one is text, so that looking for its end stays cheap.
const LONGEST_LIST: usize = 2048;

/// How many bytes the blank lines take that `rest` begins with.
pub(super) fn blank(rest: &str) -> Option<usize> {
    let space = rest.len() - rest.trim_start_matches(is_space).len();
    memchr::memrchr(b'\n', head(rest, space).as_bytes()).map(|end| end + 1)
}

/// The size of the indentation of code: a tab or four spaces.
pub(super) fn indentation(rest: &str) -> Option<usize> {
    if rest.starts_with('\t') {
        return Some(1);
    }
    rest.starts_with("    ").then_some(4)
}

/// `text` with one indentation less on each line.
pub(super) fn outdented(text: &str) -> String {
    text.split_inclusive('\n').map(|line| tail(line, indentation(line).unwrap_or(0))).collect()
}

/// What follows up to three spaces.
pub(super) fn unindented(rest: &str) -> &str {
    let spaces = rest.bytes().take(3).take_while(|&b| b == b' ').count();
    tail(rest, spaces)
}

/// How many bytes the line takes when there is only white space before its end.
pub(super) fn end_of_line(rest: &str) -> Option<usize> {
    let end = rest.find('\n')?;
    head(rest, end).chars().all(is_space).then_some(end + 1)
}

/// Where the `}` stands that closes what `text` is inside of.
pub(super) fn closing_brace(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, b) in text.bytes().enumerate().take(LONGEST_LIST) {
        if b == b'}' && !escaped {
            return Some(at);
        }
        escaped = b == b'\\';
    }
    None
}

/// A line with nothing but `{: … }`: what is inside, and the bytes that it takes.
pub(super) fn attribute_list(rest: &str) -> Option<(&str, usize)> {
    let inside = unindented(rest).strip_prefix("{:")?;
    if inside.starts_with([':', '/']) {
        return None;
    }
    let end = closing_brace(inside).filter(|&end| end > 0)?;
    let after = tail(inside, end + 1);
    Some((head(inside, end), rest.len() - after.len() + end_of_line(after)?))
}

/// A line with nothing but `^`.
pub(super) fn boundary(rest: &str) -> Option<usize> {
    end_of_line(rest.strip_prefix('^')?).map(|end| end + 1)
}

/// Whether the block before has ended where `rest` begins.
pub(super) fn is_block_boundary(rest: &str) -> bool {
    rest.is_empty() || blank(rest).is_some() || boundary(rest).is_some() || attribute_list(rest).is_some()
}

/// Whether a block of HTML begins or ends at `rest`.
pub(super) fn is_block_html(rest: &str) -> bool {
    let Some(tag) = rest.strip_prefix('<') else { return false };
    let (name, closes) = match tag.strip_prefix('/') {
        Some(name) => (name, true),
        None => (tag, false),
    };
    let Some(length) = tags::name(name) else { return false };
    let word = name.len() - name.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    if matches!(head(name, word), "script") || tags::is_span(head(name, word)) {
        return false;
    }
    !closes || tail(name, length).trim_start_matches(is_space).starts_with('>')
}

/// Whether a quote or an item ends at `rest`, whatever is in it.
pub(super) fn ends_lazily(rest: &str) -> bool {
    let text = unindented(rest);
    match text.bytes().next() {
        None => true,
        Some(b'<') => is_block_html(text),
        Some(b'{') => attribute_list(rest).is_some(),
        Some(b'^') => boundary(rest).is_some(),
        Some(b) if char::from(b).is_ascii_whitespace() || b == 0xB => blank(rest).is_some(),
        _ => false,
    }
}

/// Whether a paragraph ends at `rest` (kramdown-parser-gfm, `PARAGRAPH_END_GFM`).
pub(super) fn ends_paragraph(rest: &str) -> bool {
    let text = unindented(rest);
    match text.bytes().next() {
        Some(b'>') => true,
        Some(b'#') => heading(rest).is_some(),
        Some(b'`' | b'~') => fence(rest).is_some(),
        Some(b':') => text.get(1..).is_some_and(starts_item),
        Some(b'+' | b'*' | b'-' | b'0'..=b'9') => list_marker(rest, 3).is_some(),
        _ => ends_lazily(rest),
    }
}

/// Behind the marker of an item. That a bar counts is kramdown's rule, too.
fn starts_item(after_marker: &str) -> bool {
    after_marker.starts_with([' ', '\t', '|'])
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    Bullet,
    Number,
    Definition,
}

/// The marker of a list's item behind up to `spaces` spaces, and the bytes up to its end.
pub(super) fn list_marker(rest: &str, spaces: usize) -> Option<(Marker, usize)> {
    let indent = rest.bytes().take(spaces).take_while(|&b| b == b' ').count();
    let text = tail(rest, indent);
    let (marker, length) = match text.bytes().next()? {
        b'+' | b'*' | b'-' => (Marker::Bullet, 1),
        b':' => (Marker::Definition, 1),
        b'0'..=b'9' => {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            (Marker::Number, digits + usize::from(tail(text, digits).starts_with('.')))
        }
        _ => return None,
    };
    let is_marked = marker != Marker::Number || head(text, length).ends_with('.');
    (is_marked && starts_item(tail(text, length))).then_some((marker, indent + length))
}

/// Whether `rest` begins with an item of a list that is no definition.
pub(super) fn starts_list(rest: &str) -> bool {
    matches!(list_marker(rest, 3), Some((Marker::Bullet | Marker::Number, _)))
}

/// A rule across the page.
pub(super) fn rule(rest: &str) -> Option<usize> {
    let text = unindented(rest);
    let line = head(text, text.find('\n')?);
    let mark = line.bytes().next().filter(|mark| matches!(mark, b'*' | b'-' | b'_'))?;
    let marks = line.bytes().filter(|&b| b == mark).count();
    let only = line.bytes().all(|b| b == mark || matches!(b, b' ' | b'\t'));
    (only && marks >= 3).then_some(rest.len() - text.len() + line.len() + 1)
}

/// The level of a heading and where its text begins.
pub(super) fn heading(rest: &str) -> Option<(u8, usize)> {
    let level = rest.bytes().take(7).take_while(|&b| b == b'#').count();
    let after = tail(rest, level);
    let text = after.trim_start_matches([' ', '\t']);
    let level = u8::try_from(level).ok().filter(|level| (1..=6).contains(level))?;
    (text.len() < after.len()).then_some((level, rest.len() - text.len()))
}

/// The run of marks that a fence begins with.
pub(super) fn fence(rest: &str) -> Option<&str> {
    let text = unindented(rest);
    let length = text.bytes().take_while(|b| matches!(b, b'`' | b'~')).count();
    (length >= 3).then_some(head(text, length))
}
