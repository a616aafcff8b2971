//! Zola's shortcodes: how they are written (its `content.pest`), and those that older versions of it brought along.

use std::borrow::Cow;

use super::builtin::embedded;
use super::tags::{Delimiter, Piece, Tag};

/// How long a shortcode without what it holds may be, in bytes.
const MAX_LENGTH: usize = 16 * 1024;
/// How deep lists among the parameters may nest.
const MAX_DEPTH: usize = 8;

/// What a shortcode gives that Zola once brought along, each what is embedded as a link; `None` for any other.
pub(super) fn render(tag: &Tag<'_>) -> Option<String> {
    let get = |name: &str| tag.get(name, usize::MAX);
    Some(match tag.name {
        "youtube" => embedded(get("id").map(|id| format!("https://www.youtube.com/watch?v={id}"))),
        "vimeo" => embedded(get("id").map(|id| format!("https://vimeo.com/{id}"))),
        "streamable" => embedded(get("id").map(|id| format!("https://streamable.com/{id}"))),
        "gist" => embedded(get("url").map(str::to_owned)),
        _ => return None,
    })
}

/// The pieces of a text; whatever is no shortcode is text.
pub(super) fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    // The shortcodes that wait for an end, the innermost last.
    let mut open: Vec<usize> = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(found) = source.get(at..).and_then(|rest| memchr::memchr(b'{', rest.as_bytes())) {
        let here = at + found;
        at = here + 1;
        let Some((mark, length)) = source.get(here..).and_then(mark) else { continue };
        if here > start {
            pieces.push(Piece::Text(source.get(start..here).unwrap_or_default()));
        }
        match mark {
            Mark::Inline(tag) => pieces.push(Piece::Tag { tag, end: None }),
            Mark::Start(tag) => {
                open.push(pieces.len());
                pieces.push(Piece::Tag { tag, end: None });
            }
            // An end that ends nothing gives nothing.
            Mark::End => {
                let end_at = pieces.len();
                if let Some(start) = open.pop()
                    && let Some(Piece::Tag { end, .. }) = pieces.get_mut(start)
                {
                    *end = Some(end_at - start);
                }
                pieces.push(Piece::Text(""));
            }
            Mark::Escaped { open, inside, close } => pieces.push(Piece::Escaped { open, inside, close }),
        }
        at = here + length;
        start = at;
    }
    pieces.push(Piece::Text(source.get(start..).unwrap_or_default()));
    pieces
}

/// What stands in braces.
enum Mark<'a> {
    Inline(Tag<'a>),
    Start(Tag<'a>),
    End,
    Escaped { open: &'a str, inside: &'a str, close: &'a str },
}

/// What a text begins with, and its length.
fn mark(text: &str) -> Option<(Mark<'_>, usize)> {
    let text = text.get(..text.floor_char_boundary(MAX_LENGTH))?;
    let (open, close) = match text.get(..2)? {
        "{{" => ("{{", "}}"),
        "{%" => ("{%", "%}"),
        _ => return None,
    };
    let inside = text.get(2..)?;
    if let Some(inside) = inside.strip_prefix("/*") {
        return escaped(open, inside, close);
    }
    if open == "{%"
        && let Some(rest) = end(inside)
    {
        return Some((Mark::End, text.len() - rest.len()));
    }
    let (name, parameters, rest) = call(inside)?;
    let rest = rest.trim_start().strip_prefix(close)?;
    let length = text.len() - rest.len();
    Some(match open {
        "{{" => (Mark::Inline(Tag::new(Delimiter::Angle, name, parameters)), length),
        _ => (Mark::Start(Tag::new(Delimiter::Percent, name, parameters)), length),
    })
}

/// `{{/* x() */}}`, or either end of `{%/* x() */%} … {%/* end */%}`.
fn escaped<'a>(open: &'a str, text: &'a str, close: &'a str) -> Option<(Mark<'a>, usize)> {
    let rest = match call(text) {
        Some((_, _, rest)) => rest,
        None => text.trim_start().strip_prefix("end").filter(|_| open == "{%")?,
    };
    let rest = rest.trim_start();
    let inside = text.get(..text.len() - rest.len())?;
    rest.strip_prefix("*/")?.strip_prefix(close)?;
    Some((Mark::Escaped { open, inside, close }, open.len() + 2 + inside.len() + 2 + close.len()))
}

/// What follows `end %}`.
fn end(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix("end")?.trim_start().strip_prefix("%}")
}

/// A parameter by its name.
type Parameter<'a> = (Option<&'a str>, Cow<'a, str>);

/// `name(a = 1, b = "x")`: the name and the parameters, and what follows.
fn call(text: &str) -> Option<(&str, Vec<Parameter<'_>>, &str)> {
    let (name, rest) = name(text.trim_start())?;
    let mut rest = rest.trim_start().strip_prefix('(')?.trim_start();
    let mut parameters = Vec::new();
    while !rest.starts_with(')') {
        let (key, behind) = self::name(rest)?;
        let (value, behind) = literal(behind.trim_start().strip_prefix('=')?.trim_start(), 0)?;
        parameters.push((Some(key), value));
        rest = behind.trim_start();
        match rest.strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None if rest.starts_with(')') => {}
            // Parameters may also follow each other without a comma.
            None => continue,
        }
    }
    Some((name, parameters, rest.get(1..)?))
}

fn name(text: &str) -> Option<(&str, &str)> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let (name, rest) = text.split_at_checked(text.find(|c| !is_of_name(c)).unwrap_or(text.len()))?;
    (!name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())).then_some((name, rest))
}

/// A string, a number, a boolean or a list of them, and what follows. The text of a list counts for nothing.
fn literal(text: &str, depth: usize) -> Option<(Cow<'_, str>, &str)> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) {
        let (value, rest) = text.get(1..)?.split_once(quote)?;
        return Some((value.into(), rest));
    }
    if let Some(list) = text.strip_prefix('[') {
        let mut rest = list.trim_start();
        while !rest.starts_with(']') {
            let (_, behind) = literal(rest, depth + 1).filter(|_| depth < MAX_DEPTH)?;
            rest = behind.trim_start();
            rest = rest.strip_prefix(',').or_else(|| rest.starts_with(']').then_some(rest))?.trim_start();
        }
        return Some(("".into(), rest.get(1..)?));
    }
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    let is_number = word.bytes().all(|byte| !byte.is_ascii_alphabetic()) && word.parse::<f64>().is_ok();
    let is_literal = is_number || matches!(word, "true" | "false");
    is_literal.then_some((word.into(), rest))
}
