//! The time of day within a date, and the offset or zone behind it.

use std::ops::Range;

use super::{Token, number, small, zones};

/// A time of day as it was found, not yet known to exist.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock<'a> {
    hour: u32,
    minute: u32,
    second: u32,
    /// Nanoseconds of the second.
    pub(super) nanos: u32,
    pub(super) place: Option<Place<'a>>,
}

/// Where a time of day holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    /// East of UTC, and whether Ruby's `Time.parse` takes it, which knows fewer than `Date.parse`.
    Offset { seconds: i32, is_standard: bool },
    /// A name with a slash, such as `Asia/Shanghai`.
    Name(&'a str),
}

impl Clock<'_> {
    /// Seconds since midnight: up to 24:00:00, with 60 as the last second of any minute, as Ruby has it.
    pub(super) fn seconds(&self) -> Option<u32> {
        let possible = match self.hour {
            0..=23 => self.minute <= 59 && self.second <= 60,
            24 => self.minute == 0 && self.second == 0 && self.nanos == 0,
            _ => false,
        };
        possible.then(|| self.hour * 3600 + self.minute * 60 + self.second)
    }
}

/// The first time of day with colons, else the first hour with `am` or `pm`, and the tokens that it takes.
pub(super) fn find<'a>(tokens: &[Token<'a>]) -> Option<(Clock<'a>, Range<usize>)> {
    let (mut clock, mut range) = first(tokens, with_colons).or_else(|| first(tokens, with_half))?;
    if let Some((place, end)) = place(tokens, range.end) {
        clock.place = Some(place);
        range.end = end;
    }
    Some((clock, range))
}

/// The time of day that follows a day without colons: `T143055`, ` 1430` or the hour alone.
///
/// `digits` are those of a run that holds day and time.
pub(super) fn after_day<'a>(tokens: &[Token<'a>], end: usize, digits: Option<&'a str>) -> Option<Clock<'a>> {
    let (digits, end) = if let Some(digits) = digits {
        (digits, end)
    } else {
        let at = end + usize::from(is_gap(tokens.get(end)));
        (number(tokens.get(at)?).filter(|_| at > end)?, at + 1)
    };
    let place = place(tokens, end);
    if place.is_none() && !matches!(tokens.get(end), None | Some(Token::Space)) {
        return None;
    }
    let part = |range: Range<usize>| digits.get(range).map_or(Some(0), small);
    matches!(digits.len(), 1 | 2 | 4 | 6).then_some(())?;
    let hour = digits.get(..2).unwrap_or(digits);
    Some(Clock {
        hour: small(hour)?,
        minute: part(2..4)?,
        second: part(4..6)?,
        nanos: 0,
        place: place.map(|(place, _)| place),
    })
}

/// What a reader finds at an index: a value, and the index behind it.
type Found<T> = Option<(T, usize)>;

fn first<'a>(
    tokens: &[Token<'a>],
    read: fn(&[Token<'a>], usize) -> Found<Clock<'a>>,
) -> Option<(Clock<'a>, Range<usize>)> {
    (0..tokens.len()).find_map(|at| read(tokens, at).map(|(clock, end)| (clock, at..end)))
}

fn is_gap(token: Option<&Token<'_>>) -> bool {
    matches!(token, Some(Token::Space | Token::Word("T" | "t")))
}

/// `14:30`, `14:30:55`, `14:30:55.5`, each perhaps with `am` or `pm`; and the index behind it.
fn with_colons<'a>(tokens: &[Token<'a>], at: usize) -> Found<Clock<'a>> {
    let hour = number(tokens.get(at)?)?;
    let minute = after_mark(tokens, at + 1, &[':'])?;
    let mut end = at + 3;
    let mut clock = Clock { hour: hour.parse().ok()?, minute: small(minute)?, second: 0, nanos: 0, place: None };
    if let Some(second) = after_mark(tokens, end, &[':']) {
        clock.second = small(second)?;
        end += 2;
        if let Some(fraction) = after_mark(tokens, end, &['.', ',']) {
            clock.nanos = nanos(fraction);
            end += 2;
        }
    }
    if let Some((half, behind)) = half(tokens, end) {
        clock.hour = clock.hour % 12 + half;
        end = behind;
    }
    Some((clock, end))
}

/// `2pm`, `2 p.m.`
fn with_half<'a>(tokens: &[Token<'a>], at: usize) -> Found<Clock<'a>> {
    let hour = small(number(tokens.get(at)?)?).filter(|hour| *hour <= 12)?;
    let (half, end) = half(tokens, at + 1)?;
    Some((Clock { hour: hour % 12 + half, minute: 0, second: 0, nanos: 0, place: None }, end))
}

/// The hours that `am` (0) or `pm` (12) add, and the index behind.
fn half(tokens: &[Token<'_>], at: usize) -> Found<u32> {
    let at = at + usize::from(tokens.get(at) == Some(&Token::Space));
    let Token::Word(word) = tokens.get(at)? else { return None };
    let dotted = match tokens.get(at + 1..at + 3) {
        Some([Token::Mark('.'), Token::Word("m" | "M")]) => true,
        _ => word.get(1..).is_some_and(|m| m.eq_ignore_ascii_case("m")).then_some(false)?,
    };
    let hours = match word.get(..1)? {
        "a" | "A" => 0,
        "p" | "P" => 12,
        _ => return None,
    };
    if !dotted {
        return Some((hours, at + 1));
    }
    (word.len() == 1).then_some((hours, at + 3 + usize::from(tokens.get(at + 3) == Some(&Token::Mark('.')))))
}

/// The offset or zone at an index, perhaps behind a space; and the index behind it.
fn place<'a>(tokens: &[Token<'a>], at: usize) -> Found<Place<'a>> {
    let at = at + usize::from(tokens.get(at) == Some(&Token::Space));
    match tokens.get(at)? {
        Token::Mark(_) => offset(tokens, at),
        Token::Word(name) if name.contains('/') => Some((Place::Name(name), at + 1)),
        Token::Word(name) => {
            let is_standard = zones::is_standard(name);
            let named = zones::offset(name).map(|seconds| (Place::Offset { seconds, is_standard }, at + 1));
            let is_universal = ["utc", "gmt"].iter().any(|utc| name.eq_ignore_ascii_case(utc));
            let behind = if is_universal { offset(tokens, at + 1) } else { None };
            match behind {
                Some((Place::Offset { seconds, .. }, end)) => {
                    Some((Place::Offset { seconds, is_standard: false }, end))
                }
                _ => named,
            }
        }
        Token::Number(_) | Token::Space => None,
    }
}

/// `+0800`, `-8`, `+08:00`, `+8:30:00`.
fn offset<'a>(tokens: &[Token<'a>], at: usize) -> Found<Place<'a>> {
    let sign = match tokens.get(at)? {
        Token::Mark('+') => 1,
        Token::Mark('-') => -1,
        _ => return None,
    };
    let digits = number(tokens.get(at + 1)?)?;
    let mut end = at + 2;
    let is_pair = |digits: &str| digits.len() == 2;
    let is_standard;
    let (hours, minutes, seconds) = if let Some(minutes) = after_mark(tokens, end, &[':']) {
        end += 2;
        let seconds = after_mark(tokens, end, &[':']);
        end += if seconds.is_some() { 2 } else { 0 };
        is_standard = is_pair(digits) && is_pair(minutes) && seconds.is_none_or(is_pair);
        (digits, minutes, seconds.unwrap_or("0"))
    } else {
        is_standard = matches!(digits.len(), 2 | 4 | 6);
        // An odd run lacks the zero before its hour.
        let (hours, rest) = digits.split_at_checked(2 - digits.len() % 2)?;
        let (minutes, seconds) = rest.split_at_checked(2).unwrap_or(("0", ""));
        (hours, minutes, if seconds.is_empty() { "0" } else { seconds })
    };
    let part = |digits| small(digits).and_then(|value| i32::try_from(value).ok());
    let seconds = sign * (part(hours)? * 3600 + part(minutes)? * 60 + part(seconds)?);
    Some((Place::Offset { seconds, is_standard }, end))
}

/// The number behind one of `marks`, both adjacent.
fn after_mark<'a>(tokens: &[Token<'a>], at: usize, marks: &[char]) -> Option<&'a str> {
    match tokens.get(at)? {
        Token::Mark(mark) if marks.contains(mark) => number(tokens.get(at + 1)?),
        _ => None,
    }
}

/// The first nine decimals of a second as nanoseconds.
fn nanos(fraction: &str) -> u32 {
    fraction.bytes().chain(std::iter::repeat(b'0')).take(9).fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
}
