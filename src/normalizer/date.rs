//! Dates as people write them, read as Ruby's `Time.parse` and with it Jekyll reads them.
//!
//! Text becomes its parts here; which zone holds where the text names none is the caller's rule. The time of day is
//! found first, anywhere in the text, then the day in what is left, so that every order of the two is understood.

mod clock;
mod zones;

#[cfg(test)]
mod tests;

use chrono::{Duration, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};

use crate::config::Zone;
use clock::{Clock, Place};

/// What a text says of a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateText {
    /// The wall clock; midnight where no time of day is stated.
    pub naive: NaiveDateTime,
    /// The stated offset from UTC, under 24 hours; a zone's name counts as the offset that it had then.
    pub offset: Option<FixedOffset>,
    /// Whether the offset is one that Ruby's `Time.parse` takes: `Z`, `+08`, `+0800`, `+08:00` or a zone of RFC 822. Behind
    /// others, which only `Date.parse` knows, it reads the clock as local.
    pub is_standard: bool,
    /// Whether a time of day is stated.
    pub has_time: bool,
}

/// Longer texts are no dates.
const MAX_BYTES: usize = 128;

/// The point in time that `text` states; `None` when it states no day with its year, or an impossible one.
///
/// - Days: `2022-03-31`, `2022/3/1`, `31-3-2022` (day first, also with `/` and `.`), `20220331`, `March 31, 2022`,
///   `31 Mar 2022`, RFC 822.
/// - Times: `14:30`, `14:30:55.123456789`, `2:30 PM`, `2pm`; 24:00 is the next midnight, second 60 the next minute.
/// - Behind a time: `+0800`, `+08:00`, `+8`, `Z`, `GMT+8`, the abbreviations that Ruby knows, IANA names. Behind a day
///   alone they count for nothing, as in Ruby.
///
/// Unlike in Ruby, the day must exist (no February 30) and have a year: a feed does not depend on today's.
#[must_use]
pub fn parse(text: &str) -> Option<DateText> {
    common(text.as_bytes()).or_else(|| by_words(text))
}

/// The shortcut for the notation that nearly all posts have, `2022-03-31 14:30:55 +0800`; `None` where it takes the grammar
/// to tell, so that both always agree.
fn common(text: &[u8]) -> Option<DateText> {
    let [date @ .., b' ', h, hh, b':', m, mm, b':', s, ss, b' ', sign @ (b'+' | b'-'), z, zz, y, yy] = text else {
        return None;
    };
    let [year @ .., b'-', month, mmonth, b'-', day, dday] = date else { return None };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0, |sum, &byte| char::from(byte).to_digit(10).map(|digit| sum * 10 + digit))
    };
    let in_range = |digits: [&u8; 2], most: u32| number(&digits.map(|&byte| byte)).filter(|value| *value <= most);
    let year = number(year).filter(|value| year.len() == 4 && *value >= 1000)?;
    let day =
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, in_range([month, mmonth], 12)?, in_range([day, dday], 31)?)?;
    let naive = day.and_hms_opt(in_range([h, hh], 23)?, in_range([m, mm], 59)?, in_range([s, ss], 59)?)?;
    let east = i32::try_from(in_range([z, zz], 23)? * 3600 + in_range([y, yy], 59)? * 60).ok()?;
    let offset = FixedOffset::east_opt(if *sign == b'-' { -east } else { east });
    Some(DateText { naive, offset, is_standard: true, has_time: true })
}

/// The same without the shortcut.
fn by_words(text: &str) -> Option<DateText> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let mut tokens = lex(text);
    let mut clock = None;
    if let Some((found, range)) = clock::find(&tokens) {
        tokens.splice(range, [Token::Space]);
        clock = Some(found);
    }
    let day = named_month(&tokens).or_else(|| separated(&tokens)).or_else(|| run_of_digits(&tokens))?;
    let clock = clock.or_else(|| clock::after_day(&tokens, day.end, day.digits));
    assemble(NaiveDate::from_ymd_opt(day.year, day.month, day.day)?, clock)
}

/// A piece of the text: the words of this grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    /// ASCII digits.
    Number(&'a str),
    /// Letters, or the whole of a name such as `America/New_York`.
    Word(&'a str),
    /// Any other character.
    Mark(char),
    /// White space.
    Space,
}

fn lex(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(16);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, length) = if first.is_ascii_digit() {
            let number = leading(rest, |c| c.is_ascii_digit());
            (Token::Number(number), number.len())
        } else if first.is_alphabetic() {
            let word = word(rest);
            (Token::Word(word), word.len())
        } else if first.is_whitespace() {
            (Token::Space, leading(rest, char::is_whitespace).len())
        } else {
            (Token::Mark(first), first.len_utf8())
        };
        tokens.push(token);
        rest = rest.get(length..).unwrap_or_default();
    }
    tokens
}

/// Letters; with a slash and a letter behind them, the name of a zone of the IANA database.
fn word(text: &str) -> &str {
    let word = leading(text, char::is_alphabetic);
    let name = leading(text, |c| c.is_ascii_alphanumeric() || "_/+-".contains(c));
    match name.split_once('/') {
        Some((area, place)) if area.len() >= word.len() && place.starts_with(|c: char| c.is_ascii_alphabetic()) => name,
        _ => word,
    }
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// A day as it was found, not yet known to exist.
struct Day<'a> {
    year: i32,
    month: u32,
    day: u32,
    /// The index of the first token behind it.
    end: usize,
    /// The digits of the time of day, where one run of digits holds both.
    digits: Option<&'a str>,
}

/// `31 Mar 2022`, `31-Mar-2022`, `March 31st, 2022`, `2022 Mar 31`, `March 2022` (its first day).
fn named_month<'a>(tokens: &[Token<'a>]) -> Option<Day<'a>> {
    let (at, month) = tokens.iter().enumerate().find_map(|(at, token)| Some((at, month_number(token)?)))?;
    let before = tokens.get(..at)?.iter().rev().find(|token| !is_filler(token)).and_then(number);
    let mut behind = tokens.iter().enumerate().skip(at + 1).filter(|(_, token)| !is_filler(token));
    let mut next = || behind.next().and_then(|(at, token)| Some((number(token)?, at + 1)));
    let (first, first_end) = next()?;
    let (year, day, end) = match before {
        Some(before) if before.len() > 2 => (before, first, first_end),
        Some(before) => (first, before, first_end),
        None if first.len() > 2 => (first, "1", first_end),
        None => {
            let (year, end) = next()?;
            (year, first, end)
        }
    };
    Some(Day { year: full_year(year)?, month, day: small(day)?, end, digits: None })
}

/// What may stand between the parts of a date whose month is a word.
fn is_filler(token: &Token<'_>) -> bool {
    match token {
        Token::Space | Token::Mark('-' | '/' | '.' | ',' | '\'') => true,
        Token::Word(word) => ["st", "nd", "rd", "th", "of"].iter().any(|filler| word.eq_ignore_ascii_case(filler)),
        Token::Mark(_) | Token::Number(_) => false,
    }
}

/// `2022-03-31`, `2022/3/1`, `31.3.2022`: the year is last where the last part has over two digits, else it is first.
fn separated<'a>(tokens: &[Token<'a>]) -> Option<Day<'a>> {
    let (at, parts) = tokens.windows(5).enumerate().find_map(|(at, window)| match *window {
        [
            Token::Number(a),
            Token::Mark(left @ ('-' | '/' | '.')),
            Token::Number(b),
            Token::Mark(right),
            Token::Number(c),
        ] if left == right => Some((at, [a, b, c])),
        _ => None,
    })?;
    if at.checked_sub(1).and_then(|before| tokens.get(before)) == Some(&Token::Mark('-')) {
        return None; // A year before the common era.
    }
    let [first, month, last] = parts;
    let (year, day) = if last.len() > 2 { (last, first) } else { (first, last) };
    Some(Day { year: full_year(year)?, month: small(month)?, day: small(day)?, end: at + 5, digits: None })
}

/// `20220331`, `220331`, and with the time of day in the same run `202203311430` and `20220331143055`.
fn run_of_digits<'a>(tokens: &[Token<'a>]) -> Option<Day<'a>> {
    let (at, run) = tokens.iter().enumerate().find_map(|(at, token)| Some((at, number(token)?)))?;
    let (day, digits) = match run.len() {
        6 | 8 => (run, None),
        12 | 14 => (run.get(..8)?, run.get(8..)),
        _ => return None,
    };
    let (year, month_and_day) = day.split_at_checked(day.len() - 4)?;
    let (month, day) = month_and_day.split_at_checked(2)?;
    Some(Day { year: full_year(year)?, month: small(month)?, day: small(day)?, end: at + 1, digits })
}

fn number<'a>(token: &Token<'a>) -> Option<&'a str> {
    match token {
        Token::Number(digits) => Some(digits),
        _ => None,
    }
}

fn month_number(token: &Token<'_>) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let Token::Word(word) = token else { return None };
    let word = word.to_ascii_lowercase();
    let index = match word.as_str() {
        "sept" => 8,
        word => MONTHS.iter().position(|month| *month == word || month.get(..3) == Some(word))?,
    };
    u32::try_from(index + 1).ok()
}

/// Two digits are 1969 to 2068.
fn full_year(digits: &str) -> Option<i32> {
    let year = digits.parse().ok().filter(|_| digits.len() <= 4)?;
    Some(match year {
        0..=68 if digits.len() <= 2 => 2000 + year,
        69..=99 if digits.len() <= 2 => 1900 + year,
        _ => year,
    })
}

/// A number of one or two digits.
fn small(digits: &str) -> Option<u32> {
    digits.parse().ok().filter(|_| digits.len() <= 2)
}

fn assemble(day: NaiveDate, clock: Option<Clock<'_>>) -> Option<DateText> {
    let midnight = day.and_time(NaiveTime::MIN);
    let Some(clock) = clock else {
        return Some(DateText { naive: midnight, offset: None, is_standard: false, has_time: false });
    };
    let since_midnight = Duration::seconds(clock.seconds()?.into()) + Duration::nanoseconds(clock.nanos.into());
    let naive = midnight.checked_add_signed(since_midnight)?;
    let is_standard = matches!(clock.place, Some(Place::Offset { is_standard: true, .. }));
    let stated = |naive, offset| Some(DateText { naive, offset, is_standard, has_time: true });
    match clock.place {
        None => stated(naive, None),
        Some(Place::Offset { seconds, .. }) => stated(naive, Some(FixedOffset::east_opt(seconds)?)),
        // An hour that the zone's summer time skips is moved by it, so the wall clock is the zone's answer.
        Some(Place::Name(name)) => match Zone::parse(name).and_then(|zone| zone.at_local(naive)) {
            Some(at) => stated(at.naive_local(), Some(*at.offset())),
            None => stated(naive, None),
        },
    }
}
