//! Tags of HTML as kramdown recognises them, and what it knows of elements.

use super::cursor::{head, is_space, skip_space, tail};
use super::tree::{Attributes, Model};

/// A start tag.
pub(super) struct Tag<'t> {
    /// In lower case if it is an element of HTML.
    pub(super) name: String,
    pub(super) attributes: Attributes,
    /// Whether it ends with `/>`.
    pub(super) closed: bool,
    pub(super) source: &'t str,
}

/// How many bytes the name takes that `text` begins with (REXML's `UNAME_STR`).
pub(super) fn name(text: &str) -> Option<usize> {
    let first = simple_name(text)?;
    let second = tail(text, first).strip_prefix(':').and_then(simple_name);
    Some(second.map_or(first, |second| first + 1 + second))
}

fn simple_name(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    if !first.is_alphabetic() && first != '_' {
        return None;
    }
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
    Some(text.len() - text.trim_start_matches(is_part).len())
}

/// The start tag that `text` begins with, and the bytes that were looked at to tell.
pub(super) fn start(text: &str) -> (Option<Tag<'_>>, usize) {
    let mut examined = text;
    let tag = read_start(text, &mut examined);
    (tag, text.len() - examined.len() + 1)
}

fn read_start<'t>(text: &'t str, examined: &mut &'t str) -> Option<Tag<'t>> {
    let inside = text.strip_prefix('<')?;
    let length = name(inside)?;
    let (known, name) = in_lower_case(head(inside, length));
    let mut rest = tail(inside, length);
    let mut attributes = Attributes::default();
    while let Some((key, value, after)) = attribute(rest) {
        attributes.set(&if known { key.to_lowercase() } else { key.to_owned() }, value);
        rest = after;
        *examined = rest;
    }
    let end = skip_space(rest);
    let closed = end.starts_with('/');
    let after = tail(end, usize::from(closed)).strip_prefix('>')?;
    Some(Tag { name, attributes, closed, source: head(text, text.len() - after.len()) })
}

/// White space and an attribute: its name, its value and what follows.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let rest = skip_space(text);
    let length = name(rest).filter(|_| rest.len() < text.len())?;
    let (key, after) = (head(rest, length), tail(rest, length));
    let Some((value, after_value)) = value(after) else { return Some((key, "", after)) };
    Some((key, value, after_value))
}

fn value(text: &str) -> Option<(&str, &str)> {
    let value = skip_space(skip_space(text).strip_prefix('=')?);
    if let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        return tail(value, 1).split_once(quote);
    }
    let length = value.len() - value.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    (length > 0).then(|| (head(value, length), tail(value, length)))
}

/// The name of the end tag that `text` begins with, as it is written, and the bytes that it takes.
pub(super) fn end(text: &str) -> Option<(&str, usize)> {
    let inside = text.strip_prefix("</")?;
    let length = name(inside)?;
    let after = tail(inside, length).trim_start_matches(is_space).strip_prefix('>')?;
    Some((head(inside, length), text.len() - after.len()))
}

/// Where the next end tag of `name` begins in `text`.
pub(super) fn find_end(text: &str, name: &str) -> Option<usize> {
    memchr::memmem::find_iter(text.as_bytes(), "</").find(|&at| {
        let after = tail(text, at + 2);
        let is_name = after.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
        is_name && tail(after, name.len()).trim_start_matches(is_space).starts_with('>')
    })
}

/// Whether `name` is an element of HTML, and its name in lower case if so.
pub(super) fn in_lower_case(name: &str) -> (bool, String) {
    let lower = name.to_lowercase();
    let known = is_span(&lower) || is_block(&lower) || is_empty(&lower) || known_content(&lower).is_some();
    (known, if known { lower } else { name.to_owned() })
}

/// Elements that stand in a line.
pub(super) fn is_span(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "big"
            | "bdo"
            | "br"
            | "button"
            | "cite"
            | "code"
            | "del"
            | "dfn"
            | "em"
            | "i"
            | "img"
            | "input"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "option"
            | "q"
            | "rb"
            | "rbc"
            | "rp"
            | "rt"
            | "rtc"
            | "ruby"
            | "samp"
            | "select"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "tt"
            | "u"
            | "var"
    )
}

/// Elements that are text where they stand in a line.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "applet"
            | "body"
            | "blockquote"
            | "caption"
            | "col"
            | "colgroup"
            | "dd"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "head"
            | "iframe"
            | "legend"
            | "menu"
            | "li"
            | "main"
            | "map"
            | "nav"
            | "ol"
            | "optgroup"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "th"
            | "thead"
            | "tfoot"
            | "tr"
            | "ul"
    )
}

/// Elements that have no content.
pub(super) fn is_empty(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "command"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// How the content of an element is read with `markdown="1"`.
pub(super) fn content(name: &str) -> Model {
    known_content(name).unwrap_or(Model::Raw)
}

fn known_content(name: &str) -> Option<Model> {
    match name {
        "address" | "applet" | "article" | "aside" | "blockquote" | "body" | "dd" | "details" | "div" | "dl"
        | "fieldset" | "figure" | "figcaption" | "footer" | "form" | "header" | "hgroup" | "iframe" | "li" | "main"
        | "map" | "menu" | "nav" | "noscript" | "object" | "section" | "summary" | "td" => Some(Model::Block),
        "a" | "abbr" | "acronym" | "b" | "bdo" | "big" | "button" | "cite" | "caption" | "del" | "dfn" | "dt"
        | "em" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "i" | "ins" | "label" | "legend" | "optgroup" | "p"
        | "q" | "rb" | "rbc" | "rp" | "rt" | "rtc" | "ruby" | "select" | "small" | "span" | "strong" | "sub"
        | "sup" | "th" | "tt" => Some(Model::Span),
        "script" | "style" | "math" | "option" | "textarea" | "pre" | "code" | "kbd" | "samp" | "var" => {
            Some(Model::Raw)
        }
        _ => None,
    }
}

/// A comment that `text` begins with.
pub(super) fn comment(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("<!--")?;
    let end = memchr::memmem::find(inside.as_bytes(), b"-->")?;
    Some(head(text, end + 7))
}
