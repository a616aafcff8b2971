//! Zola's shortcodes: how they are written (its `content.pest`), and those that older versions of it brought along.

mod expand;
#[cfg(test)]
mod tests;

use crate::model::Value;

pub(crate) use expand::{Runs, expand};

/// How long a shortcode without what it holds may be, in bytes.
const MAX_LENGTH: usize = 16 * 1024;
/// How deep lists among the parameters may nest.
const MAX_DEPTH: usize = 8;

/// A part of a text.
enum Piece<'a> {
    Text(&'a str),
    /// What is shown of a shortcode that is told not to be one.
    Escaped {
        open: &'a str,
        inside: &'a str,
        close: &'a str,
    },
    Inline(Call<'a>),
    /// It holds a text, up to the piece so many pieces further on; `None`: it never ends.
    Start(Call<'a>, Option<usize>),
}

/// A use of a shortcode.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) name: &'a str,
    pub(crate) arguments: Vec<(String, Value)>,
}

impl Call<'_> {
    fn text(&self, name: &str) -> Option<String> {
        self.arguments.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.to_text())
    }
}

/// The pieces of a text; whatever is no shortcode is text.
fn pieces(source: &str) -> Vec<Piece<'_>> {
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
            Mark::Inline(call) => pieces.push(Piece::Inline(call)),
            Mark::Start(call) => {
                open.push(pieces.len());
                pieces.push(Piece::Start(call, None));
            }
            // An end that ends nothing gives nothing.
            Mark::End => {
                let end_at = pieces.len();
                if let Some(start) = open.pop()
                    && let Some(Piece::Start(_, end)) = pieces.get_mut(start)
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
    Inline(Call<'a>),
    Start(Call<'a>),
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
    let (call, rest) = call(inside)?;
    let rest = rest.trim_start().strip_prefix(close)?;
    let length = text.len() - rest.len();
    Some((if open == "{{" { Mark::Inline(call) } else { Mark::Start(call) }, length))
}

/// `{{/* x() */}}`, or either end of `{%/* x() */%} … {%/* end */%}`.
fn escaped<'a>(open: &'a str, text: &'a str, close: &'a str) -> Option<(Mark<'a>, usize)> {
    let rest = match call(text) {
        Some((_, rest)) => rest,
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

/// `name(a = 1, b = "x")`, and what follows.
fn call(text: &str) -> Option<(Call<'_>, &str)> {
    let (name, rest) = name(text.trim_start())?;
    let mut rest = rest.trim_start().strip_prefix('(')?.trim_start();
    let mut parameters = Vec::new();
    while !rest.starts_with(')') {
        let (key, behind) = self::name(rest)?;
        let (value, behind) = literal(behind.trim_start().strip_prefix('=')?.trim_start(), 0)?;
        parameters.retain(|(known, _)| known != key);
        parameters.push((key.to_owned(), value));
        rest = behind.trim_start();
        match rest.strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None if rest.starts_with(')') => {}
            // Parameters may also follow each other without a comma.
            None => continue,
        }
    }
    Some((Call { name, arguments: parameters }, rest.get(1..)?))
}

fn name(text: &str) -> Option<(&str, &str)> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let (name, rest) = text.split_at_checked(text.find(|c| !is_of_name(c)).unwrap_or(text.len()))?;
    (!name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())).then_some((name, rest))
}

/// A string, a number, a boolean or a list of them, and what follows.
fn literal(text: &str, depth: usize) -> Option<(Value, &str)> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) {
        let (value, rest) = text.get(1..)?.split_once(quote)?;
        return Some((Value::String(value.to_owned()), rest));
    }
    if let Some(list) = text.strip_prefix('[') {
        let (mut rest, mut items) = (list.trim_start(), Vec::new());
        while !rest.starts_with(']') {
            let (item, behind) = literal(rest, depth + 1).filter(|_| depth < MAX_DEPTH)?;
            items.push(item);
            rest = behind.trim_start();
            rest = rest.strip_prefix(',').or_else(|| rest.starts_with(']').then_some(rest))?.trim_start();
        }
        return Some((Value::List(items), rest.get(1..)?));
    }
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    let value = match word {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        word if word.bytes().any(|byte| byte.is_ascii_alphabetic()) => return None,
        word if word.contains('.') => Value::Float(word.parse().ok()?),
        word => word.parse().map(Value::Int).or_else(|_| word.parse().map(Value::Float)).ok()?,
    };
    Some((value, rest))
}
