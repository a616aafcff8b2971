//! The date of a page: that of its front matter, of its name, else of its path (Zola's `page.rs`).

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime};

use super::place::Place;
use crate::model::{Code, Diagnostic, LeftOut, Timestamp};
use crate::normalizer::fields::{Fields, Origin, Sourced};
use crate::normalizer::resolve::DateRule;

/// The date, or why a page without one is no post.
pub(super) fn published(
    fields: Fields<'_>,
    place: Place<'_>,
    rule: DateRule,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Sourced<Timestamp>, LeftOut> {
    let stated = fields.get("date").filter(|value| !value.is_blank());
    if stated.is_some()
        && let Some(at) = rule.read(fields, "date")
    {
        return Ok(Sourced::new(at, fields.origin("date")));
    }
    let by_name = date_in_name(place.name).and_then(|date| Timestamp::new(date.at));
    let by_path = || fields.text(&["path"]).and_then(|path| Some(Sourced::new(in_path(&path.value)?, path.from)));
    let found = by_name.map(|at| Sourced::new(at, Origin::FileName)).or_else(by_path);
    let bad = stated.map(|value| {
        let said: String = value.to_text().unwrap_or_default().trim().chars().take(100).collect();
        let code = if found.is_some() { Code::BadDate } else { Code::NoDate };
        fields.blame("date", code, format!("`date` is no date: {said}"))
    });
    let is_broken = bad.is_some();
    diagnostics.extend(bad);
    found.ok_or(if is_broken { LeftOut::Broken } else { LeftOut::NoDate })
}

/// A date at the head of a name.
pub(super) struct Dated<'a> {
    pub(super) at: DateTime<FixedOffset>,
    /// What follows it, where anything does behind a `-` or `_`.
    pub(super) slug: Option<&'a str>,
}

/// `2018-10-10-name`, `2018-10-10_name`, and with a time `2018-10-10T10:11:12Z-name`.
pub(super) fn date_in_name(name: &str) -> Option<Dated<'_>> {
    let (day, rest) = name.split_at_checked(10)?;
    let has_form = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let midnight = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok().filter(|_| has_form)?.and_time(NaiveTime::MIN);
    let timed = time(rest).and_then(|end| {
        let (whole, rest) = name.split_at_checked(day.len() + end)?;
        Some((DateTime::parse_from_rfc3339(whole).ok()?, rest))
    });
    let (at, rest) = timed.unwrap_or((midnight.and_utc().fixed_offset(), rest));
    let slug = rest.strip_prefix(char::is_whitespace).unwrap_or(rest).strip_prefix(['-', '_']);
    Some(Dated { at, slug: slug.filter(|slug| !slug.is_empty()) })
}

/// Where `T10:11:12.5+02:00` ends that a text begins with.
fn time(text: &str) -> Option<usize> {
    let zone = text.find(['Z', '+']).or_else(|| text.get(9..)?.find('-').map(|at| at + 9))?;
    let is_time = text.starts_with('T') && text.get(1..zone)?.bytes().all(|b| b.is_ascii_digit() || b":.".contains(&b));
    let end = if text.get(zone..)?.starts_with('Z') { zone + 1 } else { zone + 6 };
    (is_time && text.is_char_boundary(end)).then_some(end)
}

/// The day that folders of a path name: `2015/01/09/x`.
fn in_path(path: &str) -> Option<Timestamp> {
    let mut parts = path.trim().trim_start_matches('/').split('/');
    let mut number = |digits: usize| parts.next().filter(|part| part.len() == digits)?.parse::<u32>().ok();
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    Timestamp::new(day.and_time(NaiveTime::MIN).and_utc().fixed_offset())
}
