//! Character references of HTML: `&amp;`, `&#8217;`, `&#x1F680;`.

use std::borrow::Cow;

use pulldown_cmark::{Event, Parser};

use super::is_legal;

/// The longest name is `CounterClockwiseContourIntegral`.
const LONGEST_NAME: usize = 31;

/// `text` with its character references decoded once; one to a character that is not legal goes, an unknown name stays.
#[must_use]
pub fn decode(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        let length = if let Some((c, length)) = numeric(after) {
            decoded.extend(c);
            length
        } else if let Some((name, replacement)) = named(after) {
            decoded.push_str(&replacement);
            name.len() + 1
        } else {
            decoded.push('&');
            0
        };
        rest = after.get(length..).unwrap_or_default();
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// The numeric reference whose `&` stands just before `text`: its character, `None` where that is not legal, and how
/// many bytes it takes. The semicolon may be missing and 128 to 159 mean windows-1252 (HTML §13.2.5.80).
#[must_use]
pub fn numeric(text: &str) -> Option<(Option<char>, usize)> {
    let body = text.strip_prefix('#')?;
    let (radix, digits) = match body.strip_prefix(['x', 'X']) {
        Some(digits) => (16, digits),
        None => (10, body),
    };
    let count = digits.bytes().take_while(|&b| char::from(b).is_digit(radix)).count();
    if count == 0 {
        return None;
    }
    let end = text.len() - digits.len() + count;
    let semicolon = usize::from(digits.as_bytes().get(count) == Some(&b';'));
    let code = digits.get(..count).and_then(|digits| u32::from_str_radix(digits, radix).ok());
    Some((code.and_then(character).filter(|&c| is_legal(c)), end + semicolon))
}

fn character(code: u32) -> Option<char> {
    let place = code.checked_sub(0x80).and_then(|place| usize::try_from(place).ok());
    match place.and_then(|place| WINDOWS_1252.get(place)) {
        Some(&c) => Some(c),
        None => char::from_u32(code),
    }
}

/// 128 to 159. The five that windows-1252 leaves open stay C1 controls, which are not legal.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// The named reference whose `&` stands just before `text`: its name and what it stands for.
fn named(text: &str) -> Option<(&str, Cow<'static, str>)> {
    let end = text.bytes().take(LONGEST_NAME + 1).position(|b| b == b';')?;
    let name = text.get(..end).filter(|name| name.bytes().all(|b| b.is_ascii_alphanumeric()))?;
    let replacement = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" => "\u{A0}",
        _ => return Some((name, from_commonmark(name)?)),
    };
    Some((name, Cow::Borrowed(replacement)))
}

/// CommonMark §2.5 takes its names from HTML, so the Markdown parser holds the whole table.
fn from_commonmark(name: &str) -> Option<Cow<'static, str>> {
    let markdown = format!("&{name};");
    let text = Parser::new(&markdown).find_map(|event| match event {
        Event::Text(text) => Some(text.into_string()),
        _ => None,
    })?;
    (text != markdown).then_some(Cow::Owned(text))
}
