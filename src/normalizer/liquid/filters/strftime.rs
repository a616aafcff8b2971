//! Ruby's `strftime`, with its flags, widths and modifiers (`rb_strftime` of Ruby 3.1).

use std::fmt::Write as _;

use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, FixedOffset, Offset as _, Timelike as _};

use crate::config::Zone;

/// The widest that a directive may ask a part to be.
const MAX_WIDTH: usize = 64;

/// What stands between `%` and the letter of a directive.
#[derive(Debug, Default)]
struct Directive {
    /// `-`, `_` or `0`.
    padding: Option<u8>,
    upper: bool,
    swaps_case: bool,
    width: Option<usize>,
    colons: usize,
}

/// `at` as `format` says, where `%Z` is what `zone` calls its own offsets, and nothing for others; a directive that there is not stays as it is written.
pub(super) fn strftime(at: DateTime<FixedOffset>, zone: Zone, format: &str) -> String {
    let mut text = String::with_capacity(format.len() * 2);
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        let (directive, letter, behind) = Directive::read(after);
        match letter.and_then(|letter| directive.part(at, zone, letter)) {
            Some(part) => {
                text.push_str(&part);
                rest = behind;
            }
            None => {
                text.push('%');
                rest = after;
            }
        }
    }
    text + rest
}

impl Directive {
    /// The directive, its letter, and what follows.
    fn read(text: &str) -> (Self, Option<char>, &str) {
        let mut directive = Self::default();
        let mut rest = text;
        loop {
            let Some(first) = rest.chars().next() else { return (directive, None, rest) };
            match first {
                '-' | '_' | '0' if directive.width.is_none() => directive.padding = u8::try_from(first).ok(),
                '^' => directive.upper = true,
                '#' => directive.swaps_case = true,
                ':' => directive.colons += 1,
                '0'..='9' => {
                    let width = directive.width.unwrap_or(0) * 10 + first.to_digit(10).unwrap_or(0) as usize;
                    directive.width = Some(width.min(MAX_WIDTH));
                }
                // Another calendar or other digits, which Ruby does not have.
                'E' if rest.get(1..).is_some_and(|next| next.starts_with(['c', 'C', 'x', 'X', 'y', 'Y'])) => {}
                'O' if rest.get(1..).is_some_and(|next| next.starts_with(|c| "deHkIlmMSuUVwWy".contains(c))) => {}
                _ => {
                    let letter = Some(first).filter(|&letter| directive.colons == 0 || letter == 'z');
                    return (directive, letter, rest.get(first.len_utf8()..).unwrap_or_default());
                }
            }
            rest = rest.get(1..).unwrap_or_default();
        }
    }

    fn part(&self, at: DateTime<FixedOffset>, zone: Zone, letter: char) -> Option<String> {
        let part = match letter {
            'N' => return Some(self.fraction(at, 9)),
            'L' => return Some(self.fraction(at, 3)),
            'z' => return Some(self.offset(at.offset().fix().local_minus_utc())),
            '%' => "%".to_owned(),
            'n' => "\n".to_owned(),
            't' => "\t".to_owned(),
            'v' => chrono_part(at, "%e-%b-%Y")?.to_uppercase(),
            'c' => chrono_part(at, "%a %b %e %H:%M:%S %Y")?,
            'x' | 'D' => chrono_part(at, "%m/%d/%y")?,
            'X' | 'T' => chrono_part(at, "%H:%M:%S")?,
            'r' => chrono_part(at, "%I:%M:%S %p")?,
            'Z' => zone.abbreviation(at).unwrap_or_default(),
            'a' | 'A' | 'b' | 'B' | 'h' | 'p' | 'P' | 'F' | 'R' => chrono_part(at, &format!("%{letter}"))?,
            'd' | 'e' | 'H' | 'k' | 'I' | 'l' | 'j' | 'm' | 'M' | 'S' | 'U' | 'W' | 'V' | 'u' | 'w' | 'y' | 'g'
            | 'C' | 'Y' | 'G' | 's' => return Some(self.number(&chrono_part(at, &format!("%{letter}"))?)),
            _ => return None,
        };
        let part = match letter {
            'a' | 'A' | 'b' | 'B' | 'h' if self.swaps_case => part.to_uppercase(),
            'p' if self.swaps_case => part.to_lowercase(),
            _ if self.upper => part.to_uppercase(),
            _ => part,
        };
        let fill = if self.padding == Some(b'0') { '0' } else { ' ' };
        Some(self.padded(&part, self.width.unwrap_or(0), fill))
    }

    /// A number, which comes with zeros or blanks as this letter has them of itself.
    fn number(&self, written: &str) -> String {
        let digits = written.trim_start_matches(['0', ' ']);
        let digits = if digits.is_empty() { "0" } else { digits };
        let fill = match self.padding {
            Some(b'_') => ' ',
            None if written.starts_with(' ') => ' ',
            // A day of two digits tells nothing of its padding, and is as wide as it gets.
            _ => '0',
        };
        self.padded(digits, self.width.unwrap_or(0).max(written.len()), fill)
    }

    fn padded(&self, part: &str, width: usize, fill: char) -> String {
        let missing = if self.padding == Some(b'-') { 0 } else { width.saturating_sub(part.chars().count()) };
        std::iter::repeat_n(fill, missing).chain(part.chars()).collect()
    }

    /// As many digits of the second's fraction as are wide.
    fn fraction(&self, at: DateTime<FixedOffset>, digits: usize) -> String {
        let digits = self.width.filter(|&width| width > 0).unwrap_or(digits);
        let nanoseconds = format!("{:09}", at.nanosecond() % 1_000_000_000);
        nanoseconds.chars().chain(std::iter::repeat('0')).take(digits).collect()
    }

    /// `+0100`, `+01:00`, `+01:00:00`, or with three colons no more than is needed.
    fn offset(&self, seconds: i32) -> String {
        let sign = if seconds < 0 || seconds == 0 && self.padding == Some(b'-') { '-' } else { '+' };
        let seconds = seconds.unsigned_abs();
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let rest = match self.colons {
            0 => format!("{minutes:02}"),
            1 => format!(":{minutes:02}"),
            2 => format!(":{minutes:02}:{seconds:02}"),
            _ if seconds > 0 => format!(":{minutes:02}:{seconds:02}"),
            _ if minutes > 0 => format!(":{minutes:02}"),
            _ => String::new(),
        };
        let width = self.width.unwrap_or(0).saturating_sub(rest.len() + 1).max(2);
        match self.padding {
            Some(b'_') => format!("{:>1$}{rest}", format!("{sign}{hours}"), width + 1),
            _ => format!("{sign}{hours:0>width$}{rest}"),
        }
    }
}

/// A part as chrono writes it, where that is what Ruby writes.
fn chrono_part(at: DateTime<FixedOffset>, format: &str) -> Option<String> {
    let items: Vec<Item<'_>> = StrftimeItems::new(format).collect();
    let mut text = String::new();
    write!(text, "{}", at.format_with_items(items.iter())).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{Zone, strftime};

    /// Each format with what Ruby 3.1 makes of three times.
    const EXPECTED: &str = include_str!("../../../../tests/golden/strftime.txt");

    #[test]
    fn every_directive_is_as_in_ruby() {
        let times = ["2008-11-07T03:04:05.678901-05:00", "2024-01-01T13:00:00+05:30", "2000-12-31T00:59:59Z"];
        let times = times.map(|time| DateTime::parse_from_rfc3339(time).unwrap());
        let mut wrong = Vec::new();
        for row in EXPECTED.lines() {
            let row: Vec<String> = row.split('\t').map(|text| serde_json::from_str(text).unwrap()).collect();
            for (at, expected) in times.iter().zip(&row[1..]) {
                let found = strftime(*at, Zone::UTC, &row[0]);
                if found != *expected {
                    wrong.push(format!("{}: {found:?}, not {expected:?}", row[0]));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn the_zone_is_named_where_it_is_the_sites() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
        let zone = Zone::parse("Europe/Berlin").unwrap();
        for (text, name) in [
            ("2024-01-01T13:00:00+01:00", "CET"),
            ("2024-07-01T13:00:00+02:00", "CEST"),
            ("2024-07-01T13:00:00+01:00", ""),
        ] {
            assert_eq!(strftime(at(text), zone, "%Z"), name);
        }
    }

    #[test]
    fn what_is_no_directive_stays() {
        let at = DateTime::parse_from_rfc3339("2024-01-01T13:00:00Z").unwrap();
        for text in ["", "%", "a%", "%-", "%10", "%中", "%:Y", "100 %: ok"] {
            assert_eq!(strftime(at, Zone::UTC, text), text);
        }
        assert_eq!(strftime(at, Zone::UTC, "%99999999999999999999Y").len(), 64);
    }
}
