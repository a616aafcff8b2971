//! Filters of dates.

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono::{DateTime, Datelike, FixedOffset};

use super::Arguments;
use crate::model::Value;
use crate::normalizer::date;
use crate::normalizer::liquid::Environment;
use crate::normalizer::liquid::render::Renderer;

pub(super) const NAMES: &[&str] =
    &["date", "date_to_xmlschema", "date_to_rfc822", "date_to_string", "date_to_long_string"];

/// The widest that a directive of `date` may ask a part to be.
const MAX_WIDTH: usize = 64;

pub(super) fn apply(renderer: &Renderer<'_>, name: &str, input: &Value, arguments: Arguments<'_, '_>) -> Option<Value> {
    if !NAMES.contains(&name) {
        return None;
    }
    let Some(at) = read(&renderer.environment, input) else { return Some(input.clone()) };
    // Jekyll's own filters show the time of the site's zone, Liquid's that of the date.
    let here = renderer.environment.zone.show(at);
    Some(Value::String(match name {
        "date" => match arguments.text(0) {
            format if format.is_empty() => return Some(input.clone()),
            format => strftime(at, &format),
        },
        "date_to_xmlschema" => strftime(here, "%Y-%m-%dT%H:%M:%S%:z"),
        "date_to_rfc822" => strftime(here, "%a, %d %b %Y %H:%M:%S %z"),
        "date_to_string" => named(here, "%b", arguments),
        _ => named(here, "%B", arguments),
    }))
}

/// `07 Nov 2008`, or with `ordinal` `7th Nov 2008`, or with `US` besides `Nov 7th, 2008`.
fn named(at: DateTime<FixedOffset>, month: &str, arguments: Arguments<'_, '_>) -> String {
    if arguments.text(0) != "ordinal" {
        return strftime(at, &format!("%d {month} %Y"));
    }
    let ending = match (at.day(), at.day() % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    if arguments.text(1) == "US" {
        return strftime(at, &format!("{month} %-d{ending}, %Y"));
    }
    strftime(at, &format!("%-d{ending} {month} %Y"))
}

/// The date that a value states: a text, seconds since 1970, or `now`, which is the post's date.
fn read(environment: &Environment<'_>, value: &Value) -> Option<DateTime<FixedOffset>> {
    let seconds = |seconds: i64| Some(environment.zone.show(DateTime::from_timestamp(seconds, 0)?.fixed_offset()));
    match value {
        Value::Int(number) => seconds(*number),
        Value::String(text) if !text.is_empty() => {
            if matches!(&*text.to_ascii_lowercase(), "now" | "today") {
                return Some(environment.now);
            }
            if text.bytes().all(|b| b.is_ascii_digit()) {
                return seconds(text.parse().ok()?);
            }
            let stated = date::parse(text)?;
            match stated.offset.filter(|_| stated.is_standard) {
                Some(offset) => stated.naive.and_local_timezone(offset).single(),
                None => environment.zone.at_local(stated.naive),
            }
        }
        _ => None,
    }
}

/// Ruby's `strftime`; a directive that there is not stays as it is written.
fn strftime(at: DateTime<FixedOffset>, format: &str) -> String {
    let mut text = String::with_capacity(format.len() * 2);
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        let flags = leading(after, |c| matches!(c, '-' | '_' | '0' | '^' | '#'));
        let behind = after.get(flags.len()..).unwrap_or_default();
        let width = leading(behind, |c| c.is_ascii_digit());
        let behind = behind.get(width.len()..).unwrap_or_default();
        let colons = leading(behind, |c| c == ':');
        let letter = behind.get(colons.len()..).and_then(|rest| rest.chars().next());
        let part = letter.and_then(|letter| part(at, letter, colons));
        let Some((part, letter)) = part.zip(letter) else {
            text.push('%');
            rest = after;
            continue;
        };
        text.push_str(&flagged(&part, flags, width));
        rest = behind.get(colons.len() + letter.len_utf8()..).unwrap_or_default();
    }
    text + rest
}

/// What one directive stands for.
fn part(at: DateTime<FixedOffset>, letter: char, colons: &str) -> Option<Cow<'static, str>> {
    let specifier = match letter {
        '%' => return Some("%".into()),
        'n' => return Some("\n".into()),
        't' => return Some("\t".into()),
        'N' => "%9f",
        'L' => "%3f",
        'v' => "%e-%b-%Y",
        'c' => "%a %b %e %H:%M:%S %Y",
        'x' => "%m/%d/%y",
        'X' => "%H:%M:%S",
        'z' if !colons.is_empty() => "%:z",
        'Z' if at.offset().local_minus_utc() == 0 => return Some("UTC".into()),
        'Z' => "%z",
        'a' | 'A' | 'b' | 'B' | 'h' | 'C' | 'd' | 'D' | 'e' | 'F' | 'g' | 'G' | 'H' | 'I' | 'j' | 'k' | 'l' | 'm'
        | 'M' | 'p' | 'P' | 'r' | 'R' | 's' | 'S' | 'T' | 'u' | 'U' | 'V' | 'w' | 'W' | 'y' | 'Y' | 'z' => {
            let mut text = String::new();
            write!(text, "{}", at.format(&format!("%{letter}"))).ok()?;
            return Some(text.into());
        }
        _ => return None,
    };
    let mut text = String::new();
    write!(text, "{}", at.format(specifier)).ok()?;
    Some(text.into())
}

/// A part with the flags of its directive: `-` without padding, `_` with blanks, `0` with zeros, `^` in capitals.
fn flagged(part: &str, flags: &str, width: &str) -> String {
    let mut text = part.to_owned();
    let number = text.trim_start_matches(['0', ' ']);
    let is_number = text.bytes().all(|b| b.is_ascii_digit() || b == b' ');
    let width = width.parse().unwrap_or(0).min(MAX_WIDTH).max(text.len());
    let number = if number.is_empty() { "0" } else { number };
    if is_number && flags.contains('-') {
        text = number.to_owned();
    } else if is_number && flags.contains('_') {
        text = format!("{number:>width$}");
    } else if is_number && (flags.contains('0') || !text.starts_with(' ')) {
        text = format!("{number:0>width$}");
    } else {
        text = format!("{text:>width$}");
    }
    if flags.contains('^') { text.to_uppercase() } else { text }
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}
