//! A text cut into what is between shortcodes, and the shortcodes with their parameters (Hugo's `pageparser`).

use std::borrow::Cow;
use std::collections::HashMap;

/// A part of a text.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    /// `{{</* name */>}}`, which shows `{{< name >}}`.
    Escaped {
        open: &'a str,
        inside: &'a str,
        close: &'a str,
    },
    /// A shortcode; `end` is how many pieces behind it the one is that closes it, from 1.
    Tag {
        tag: Tag<'a>,
        end: Option<usize>,
    },
}

/// How a shortcode is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delimiter {
    /// `{{< >}}`: it gives HTML.
    Angle,
    /// `{{% %}}`: it gives Markdown.
    Percent,
}

/// A shortcode's name and parameters.
#[derive(Debug)]
pub(super) struct Tag<'a> {
    pub(super) delimiter: Delimiter,
    pub(super) name: &'a str,
    is_end: bool,
    closes_itself: bool,
    parameters: Vec<Parameter<'a>>,
}

#[derive(Debug)]
struct Parameter<'a> {
    name: Option<&'a str>,
    value: Cow<'a, str>,
    /// Whether it stands without quotes, so that it may be a number or a switch.
    is_bare: bool,
}

impl<'a> Tag<'a> {
    /// Each with its name, or by its place.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (Option<&str>, &str, bool)> {
        self.parameters.iter().map(|Parameter { name, value, is_bare }| (*name, &**value, *is_bare))
    }

    /// The parameter of a name, else the one at a place among those without names.
    pub(super) fn get(&self, name: &str, place: usize) -> Option<&str> {
        let is_own = |parameter: &&Parameter<'_>| parameter.name.is_some_and(|key| key.eq_ignore_ascii_case(name));
        let named = self.parameters.iter().find(is_own);
        let parameter = named.or_else(|| self.parameters.iter().filter(|own| own.name.is_none()).nth(place));
        parameter.map(|own| &*own.value).filter(|value| !value.is_empty())
    }
}

/// The pieces of a text; whatever is no shortcode is text.
pub(super) fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(found) = source.get(at..).and_then(|rest| rest.find("{{")) {
        let open = at + found;
        at = open + 2;
        let Some((piece, length)) = source.get(open..).and_then(shortcode) else { continue };
        if open > start {
            pieces.push(Piece::Text(source.get(start..open).unwrap_or_default()));
        }
        pieces.push(piece);
        at = open + length;
        start = at;
    }
    pieces.push(Piece::Text(source.get(start..).unwrap_or_default()));
    pair(&mut pieces);
    pieces
}

/// The shortcode at the head of a text, and its length.
fn shortcode(text: &str) -> Option<(Piece<'_>, usize)> {
    let (open, rest) = text.split_at_checked(3)?;
    let (delimiter, close) = match open {
        "{{<" => (Delimiter::Angle, ">}}"),
        "{{%" => (Delimiter::Percent, "%}}"),
        _ => return None,
    };
    if let Some(comment) = rest.strip_prefix("/*") {
        let (inside, _) = comment.split_once("*/")?;
        let behind = comment.get(inside.len() + 2..)?;
        let close = behind.get(..3).filter(|end| *end == close)?;
        return Some((Piece::Escaped { open, inside, close }, 3 + 2 + inside.len() + 2 + 3));
    }
    let length = length_inside(rest, close)?;
    let tag = tag(rest.get(..length)?, delimiter)?;
    Some((Piece::Tag { tag, end: None }, 3 + length + 3))
}

/// How long a shortcode without braces may be, in bytes.
const MAX_LENGTH: usize = 16 * 1024;

/// How far it is to the end of a shortcode, quoted parameters passed over.
fn length_inside(text: &str, close: &str) -> Option<usize> {
    let mut quote = None;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().take(MAX_LENGTH) {
        match quote {
            Some(_) if is_escaped => is_escaped = false,
            Some(b'"') if byte == b'\\' => is_escaped = true,
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if matches!(byte, b'"' | b'`') => quote = Some(byte),
            None if byte == b'{' && text.get(at..at + 2) == Some("{{") => return None,
            None if text.get(at..at + 3) == Some(close) => return Some(at),
            None => {}
        }
    }
    None
}

fn tag(inside: &str, delimiter: Delimiter) -> Option<Tag<'_>> {
    let inside = inside.trim();
    let (is_end, inside) = inside.strip_prefix('/').map_or((false, inside), |inside| (true, inside.trim_start()));
    let (closes_itself, inside) = inside.strip_suffix('/').map_or((false, inside), |inside| (true, inside.trim_end()));
    let (name, parameters) = inside.split_at_checked(inside.find(char::is_whitespace).unwrap_or(inside.len()))?;
    let is_name = |c: char| c.is_alphanumeric() || "-_./".contains(c);
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    Some(Tag { delimiter, name, is_end, closes_itself, parameters: parameters_of(parameters) })
}

fn parameters_of(text: &str) -> Vec<Parameter<'_>> {
    let mut parameters = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (name, value_at) = named(rest);
        let (value, behind) = value(value_at);
        parameters.push(Parameter { name, value, is_bare: !value_at.starts_with(['"', '`']) });
        rest = behind.trim_start();
    }
    parameters
}

/// The name before a `=`, and what follows.
fn named(text: &str) -> (Option<&str>, &str) {
    let end = text.find(|c: char| !(c.is_alphanumeric() || "-_".contains(c))).unwrap_or(text.len());
    match text.split_at_checked(end) {
        Some((name, behind)) if !name.is_empty() => {
            behind.trim_start().strip_prefix('=').map_or((None, text), |value| (Some(name), value.trim_start()))
        }
        _ => (None, text),
    }
}

/// A quoted value or a word, and what follows.
fn value(text: &str) -> (Cow<'_, str>, &str) {
    if let Some(raw) = text.strip_prefix('`') {
        let (value, behind) = raw.split_once('`').unwrap_or((raw, ""));
        return (value.into(), behind);
    }
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(char::is_whitespace).unwrap_or(text.len()).max(1);
        let end = text.ceil_char_boundary(end);
        let (value, behind) = text.split_at_checked(end).unwrap_or((text, ""));
        return (value.into(), behind);
    };
    let mut is_escaped = false;
    let end = quoted.find(|c: char| {
        let ends = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends
    });
    let (value, behind) = quoted.split_at_checked(end.unwrap_or(quoted.len())).unwrap_or((quoted, ""));
    let value = if value.contains('\\') { value.replace("\\\"", "\"").into() } else { Cow::Borrowed(value) };
    (value, behind.get(1..).unwrap_or_default())
}

/// Tells each shortcode which piece closes it: the next closing one of its name. What is opened between them and never
/// closed stands alone.
fn pair(pieces: &mut Vec<Piece<'_>>) {
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for at in 0..pieces.len() {
        let Some(Piece::Tag { tag, .. }) = pieces.get(at) else { continue };
        let name = tag.name.to_owned();
        if !tag.is_end {
            if !tag.closes_itself {
                *counts.entry(name.clone()).or_default() += 1;
                open.push((at, name));
            }
            continue;
        }
        if counts.get(&name).is_none_or(|count| *count == 0) {
            continue;
        }
        while let Some((start, opened)) = open.pop() {
            counts.entry(opened.clone()).and_modify(|count| *count -= 1);
            if opened == name {
                if let Some(Piece::Tag { end, .. }) = pieces.get_mut(start) {
                    *end = Some(at - start);
                }
                break;
            }
        }
    }
    // A closing one that closes nothing gives nothing.
    for piece in pieces {
        if matches!(piece, Piece::Tag { tag, .. } if tag.is_end) {
            *piece = Piece::Text("");
        }
    }
}
