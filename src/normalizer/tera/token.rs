//! The words of what stands in a tag.

/// A word.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    Int(i64),
    Float(f64),
    Sign(&'static str),
}

/// Longer ones first.
const SIGNS: [&str; 27] = [
    "...", "==", "!=", "<=", ">=", "::", "<", ">", "=", "+", "-", "*", "/", "%", "~", "|", "(", ")", "[", "]", ",",
    ".", ":", "{", "}", "@", "?",
];

/// The words up to the end of a tag, whether white space behind it goes, and what is behind it; `None` where there is no such end.
pub(super) fn tokens<'a>(mut text: &'a str, end: &str) -> Option<(Vec<Token>, bool, &'a str)> {
    let mut tokens = Vec::new();
    loop {
        text = text.trim_start();
        if let Some(rest) = text.strip_prefix('-').and_then(|rest| rest.strip_prefix(end)) {
            return Some((tokens, true, rest));
        }
        if let Some(rest) = text.strip_prefix(end) {
            return Some((tokens, false, rest));
        }
        let (token, rest) = token(text)?;
        tokens.push(token);
        text = rest;
    }
}

fn token(text: &str) -> Option<(Token, &str)> {
    let first = text.chars().next()?;
    if matches!(first, '"' | '\'' | '`') {
        let (inside, rest) = text.get(1..)?.split_once(first)?;
        return Some((Token::Text(inside.to_owned()), rest));
    }
    if first.is_ascii_digit() {
        return number(text);
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
        let (name, rest) = text.split_at_checked(end)?;
        return Some((Token::Name(name.to_owned()), rest));
    }
    SIGNS.iter().find_map(|sign| Some((Token::Sign(sign), text.strip_prefix(sign)?)))
}

fn number(text: &str) -> Option<(Token, &str)> {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let whole = digits(text);
    let decimals = text.get(whole..)?.strip_prefix('.').map_or(0, digits);
    if decimals == 0 {
        let (number, rest) = text.split_at_checked(whole)?;
        return Some((Token::Int(number.parse().ok()?), rest));
    }
    let (number, rest) = text.split_at_checked(whole + 1 + decimals)?;
    Some((Token::Float(number.parse().ok()?), rest))
}
