//! Text and attributes as kramdown escapes them: what has the form of a character reference stays one.

use super::cursor::{head, tail};
use super::entities;
use super::tree::Attributes;

/// Text; a character reference in it stays.
pub(super) fn text(text: &str, html: &mut String) {
    escape(text, true, false, html);
}

/// Text in which `&` is always one.
pub(super) fn all(text: &str, html: &mut String) {
    escape(text, false, false, html);
}

/// ` name="value"` for each.
pub(super) fn attributes(attributes: &Attributes, html: &mut String) {
    for (name, value) in attributes.iter().filter(|(name, value)| *name != "id" || !value.trim().is_empty()) {
        html.push(' ');
        html.push_str(name);
        html.push_str("=\"");
        escape(value, true, true, html);
        html.push('"');
    }
}

fn escape(text: &str, keeps_references: bool, quotes: bool, html: &mut String) {
    let mut rest = text;
    let is_markup = |b: &u8| matches!(b, b'<' | b'>' | b'&') || quotes && *b == b'"';
    while let Some(at) = rest.as_bytes().iter().position(is_markup) {
        html.push_str(head(rest, at));
        rest = tail(rest, at);
        let reference = entities::reference(rest).filter(|_| keeps_references);
        let (escaped, length) = match rest.bytes().next() {
            Some(b'<') => ("&lt;", 1),
            Some(b'>') => ("&gt;", 1),
            Some(b'"') => ("&quot;", 1),
            _ => reference.map_or(("&amp;", 1), |length| (head(rest, length), length)),
        };
        html.push_str(escaped);
        rest = tail(rest, length);
    }
    html.push_str(rest);
}
