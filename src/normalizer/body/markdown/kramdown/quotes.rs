//! Typographic quotes, by kramdown's list of rules.

use super::cursor::{head, is_space, tail};

/// A typographic quote.
#[derive(Debug, Clone, Copy)]
pub(super) enum Quote {
    OpenSingle,
    CloseSingle,
    OpenDouble,
    CloseDouble,
}

/// What becomes of a quote, and of the character before it if that has not been read yet.
pub(super) struct Quotes {
    /// Bytes of text before the quotes.
    pub(super) before: usize,
    pub(super) quotes: [Option<Quote>; 2],
    pub(super) length: usize,
}

/// The quote that `text` begins with, or that stands behind its first character.
pub(super) fn read(text: &str) -> Option<Quotes> {
    let first = text.chars().next()?;
    if is_quote(first)
        && let Some(quote) = alone(first, tail(text, 1))
    {
        return Some(Quotes { before: 0, quotes: [Some(quote), None], length: 1 });
    }
    // The white space before a quote is optional in these rules.
    let before = if is_space(first) { first.len_utf8() } else { 0 };
    if let Some(quotes) = pair_or_year(tail(text, before)) {
        let length = before + quotes.iter().flatten().count();
        return Some(Quotes { before, quotes, length });
    }
    let before = first.len_utf8();
    let after = tail(text, before);
    if let Some(quote) = after.chars().next().filter(|&c| is_quote(c)) {
        let follows = tail(after, 1);
        let behind_space = is_space(first) && follows.starts_with(is_word);
        let side = match first {
            _ if behind_space => opening(quote),
            ' ' | '\\' | '\t' | '\r' | '\n' | '[' | '{' | '(' | '-' => return by_itself(text, first),
            _ => closing(quote),
        };
        return Some(Quotes { before, quotes: [Some(side), None], length: before + 1 });
    }
    by_itself(text, first)
}

/// The last rules: a quote at the end of a word, or any other.
fn by_itself(text: &str, first: char) -> Option<Quotes> {
    if is_quote(first) {
        let after = tail(text, 1);
        let ends = after.is_empty() || after.starts_with(is_space);
        let possessive = after.starts_with('s') && !after.get(1..).unwrap_or_default().starts_with(is_unicode_word);
        if ends || possessive {
            return Some(Quotes { before: 0, quotes: [Some(closing(first)), None], length: 1 });
        }
    }
    let second = tail(text, first.len_utf8()).chars().next();
    // A single quote behind anything comes before a double one.
    for quote in ['\'', '"'] {
        if second == Some(quote) {
            let before = first.len_utf8();
            return Some(Quotes { before, quotes: [Some(opening(quote)), None], length: before + 1 });
        }
        if first == quote {
            return Some(Quotes { before: 0, quotes: [Some(opening(quote)), None], length: 1 });
        }
    }
    None
}

/// Before emphasis, or before punctuation.
fn alone(quote: char, after: &str) -> Option<Quote> {
    let marks = after.bytes().take(2).take_while(|b| matches!(b, b'_' | b'*')).count();
    let is_emphasis = (1..=marks).any(|marks| tail(after, marks).chars().next().is_some_and(|c| !is_space(c)));
    if is_emphasis {
        return Some(opening(quote));
    }
    let mark = after.chars().next().filter(|&c| c.is_ascii_punctuation() && c != '&')?;
    let follows = tail(after, 1);
    let is_boundary = (mark == '_') != follows.starts_with(is_unicode_word);
    (!follows.starts_with("..") && !is_boundary).then(|| closing(quote))
}

/// Two quotes before a word, or the apostrophe of a decade.
fn pair_or_year(text: &str) -> Option<[Option<Quote>; 2]> {
    let (quotes, after) = (head(text, 2), tail(text, 2));
    match quotes {
        "\"'" if after.starts_with(is_word) => return Some([Some(Quote::OpenDouble), Some(Quote::OpenSingle)]),
        "'\"" if after.starts_with(is_word) => return Some([Some(Quote::OpenSingle), Some(Quote::OpenDouble)]),
        _ => {}
    }
    let year = text.strip_prefix('\'')?;
    let digits = year.bytes().take(2).filter(u8::is_ascii_digit).count();
    (digits == 2 && tail(year, 2).starts_with('s')).then_some([Some(Quote::CloseSingle), None])
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'')
}

fn opening(quote: char) -> Quote {
    if quote == '"' { Quote::OpenDouble } else { Quote::OpenSingle }
}

fn closing(quote: char) -> Quote {
    if quote == '"' { Quote::CloseDouble } else { Quote::CloseSingle }
}

/// Ruby's `\w`.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// What Ruby's `\b` takes for a part of a word.
fn is_unicode_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
