//! A template of Go cut into text and actions, and an action into tokens.

/// A part of a template, as it is written.
#[derive(Debug)]
pub(super) enum Part<'a> {
    Text(&'a str),
    /// What stands between `{{` and `}}`.
    Action(Vec<Token<'a>>),
}

/// The smallest part of an action.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'a> {
    /// A name, also with dots in it where it is no variable's: `strings.ToLower`.
    Name(&'a str),
    /// `$x`, without the sign; empty for `$` alone.
    Variable(&'a str),
    /// `.x` directly behind something, or at its start.
    Field {
        name: &'a str,
        /// Whether blanks are before it, so that it begins an operand of its own.
        is_first: bool,
    },
    /// `.` alone.
    Dot,
    Text(String),
    Int(i64),
    Float(f64),
    Open,
    Close,
    Bar,
    Comma,
    Set,
    Declare,
}

/// The parts of a template; `None` when an action never ends.
pub(super) fn parts(template: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let trims = |text: &str| text.starts_with(char::is_whitespace);
        let (trims_before, after) = match after.strip_prefix('-') {
            Some(inside) if trims(inside) => (true, inside),
            _ => (false, after),
        };
        parts.push(Part::Text(if trims_before { before.trim_end() } else { before }));
        let length = length_of(after)?;
        let (inside, behind) = (after.get(..length)?, after.get(length + 2..)?);
        let (inside, trims_behind) = match inside.strip_suffix('-') {
            Some(inside) if inside.ends_with(char::is_whitespace) => (inside, true),
            _ => (inside, false),
        };
        rest = if trims_behind { behind.trim_start() } else { behind };
        let inside = inside.trim();
        if !inside.starts_with("/*") {
            parts.push(Part::Action(tokens(inside)?));
        }
    }
    parts.push(Part::Text(rest));
    Some(parts)
}

/// How long an action is up to its `}}`, those in comments and quotes passed over.
fn length_of(text: &str) -> Option<usize> {
    if text.trim_start().starts_with("/*") {
        let end = text.find("*/")?;
        return Some(end + text.get(end..)?.find("}}")?);
    }
    let mut quote = None;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match quote {
            Some(_) if is_escaped => is_escaped = false,
            Some(b'"' | b'\'') if byte == b'\\' => is_escaped = true,
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if matches!(byte, b'"' | b'`' | b'\'') => quote = Some(byte),
            None if text.get(at..at + 2) == Some("}}") => return Some(at),
            None => {}
        }
    }
    None
}

fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut is_first = true;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..)?;
        if c.is_whitespace() {
            is_first = true;
            at += c.len_utf8();
            continue;
        }
        let (token, length) = token(c, rest, is_first)?;
        is_first = matches!(token, Token::Open | Token::Bar | Token::Comma | Token::Set | Token::Declare);
        tokens.push(token);
        at += length;
    }
    Some(tokens)
}

fn token(c: char, rest: &str, is_first: bool) -> Option<(Token<'_>, usize)> {
    let behind = rest.get(c.len_utf8()..)?;
    Some(match c {
        '(' => (Token::Open, 1),
        ')' => (Token::Close, 1),
        '|' => (Token::Bar, 1),
        ',' => (Token::Comma, 1),
        '=' => (Token::Set, 1),
        ':' if behind.starts_with('=') => (Token::Declare, 2),
        '"' => {
            let (text, length) = quoted(behind)?;
            (Token::Text(text), length + 1)
        }
        '`' => {
            let (text, _) = behind.split_once('`')?;
            (Token::Text(text.to_owned()), text.len() + 2)
        }
        '$' => {
            let name = word(behind);
            (Token::Variable(name), 1 + name.len())
        }
        '.' => match word(behind) {
            "" => (Token::Dot, 1),
            name => (Token::Field { name, is_first }, 1 + name.len()),
        },
        '0'..='9' | '-' | '+' => number(rest)?,
        c if c.is_alphabetic() || c == '_' => {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || "_.".contains(c))).unwrap_or(rest.len());
            (Token::Name(rest.get(..end)?), end)
        }
        _ => return None,
    })
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

fn number(text: &str) -> Option<(Token<'_>, usize)> {
    let end = text.char_indices().skip(1).find(|(_, c)| !(c.is_ascii_digit() || *c == '.'));
    let number = text.get(..end.map_or(text.len(), |(at, _)| at))?;
    let token = number.parse().map(Token::Int).ok().or_else(|| number.parse().map(Token::Float).ok())?;
    Some((token, number.len()))
}

/// A text up to its closing quote, and how long that is.
fn quoted(text: &str) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, c)) = letters.next() {
        match c {
            '"' => return Some((value, at + 1)),
            '\\' => value.push(match letters.next()?.1 {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                c @ ('"' | '\'' | '\\') => c,
                _ => return None,
            }),
            c => value.push(c),
        }
    }
    None
}
