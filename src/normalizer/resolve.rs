//! The table of defaults: for each field of an item, the chain of places that it is taken from.
//!
//! | field | from the first of |
//! |---|---|
//! | date | `date`, the file name (Jekyll); `date`, `published`, `pubDate`, the file name (plain) |
//! | updated | `last_modified_at`, `lastmod`, `updated`, `modified`, `updatedDate`, the date |
//! | id | `feed_id`, the site's pinned ids, the keys of `identity.keys`, the dialect's own |
//! | title | `title`, the slug in words; when empty, the first sentence |
//! | summary | `description`, `excerpt`, the text before the excerpt separator |
//! | authors | `author`, `authors`, the site's author |
//! | image | `image`; without jekyll-feed also `images`, `cover`, `featured_image` and their kind, `thumbnail`; else the text's first if wanted |
//! | enclosure | `enclosure`, `audio`, `podcast`, `podcast_link`, `media`, `file` and their kind |

use std::ops::RangeInclusive;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Timelike as _};

use super::date;
use super::fields::{Fields, Origin, Sourced};
use super::front_matter::FrontMatter;
use crate::config::{Config, Zone};
use crate::model::{Code, Diagnostic, ItemId, LeftOut, Timestamp, Value};

/// Front matter that states a post's id, over everything else.
pub(crate) const FEED_ID: &str = "feed_id";

/// Front matter that states when a post was last changed.
pub(crate) const UPDATED: [&str; 5] = ["last_modified_at", "lastmod", "updated", "modified", "updatedDate"];

/// What dates without an offset mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DateRule {
    pub(crate) zone: Zone,
    /// As Ruby reads them: an unquoted date and time is a YAML timestamp and as such in UTC, and behind any other the
    /// zones count that `Time.parse` knows.
    pub(crate) is_ruby: bool,
}

impl DateRule {
    /// The instant of a field; `None` when it is no date.
    pub(crate) fn read(self, fields: Fields<'_>, key: &str) -> Option<Timestamp> {
        let text = fields.get(key)?.to_text()?;
        let quoted = fields.front.get(key).is_some() && fields.front.is_quoted(key);
        self.parse(&text, quoted).and_then(Timestamp::new)
    }

    fn parse(self, text: &str, quoted: bool) -> Option<DateTime<FixedOffset>> {
        let parts = date::parse(text)?;
        let is_yaml = self.is_ruby && !quoted && is_yaml_timestamp(text);
        let offset = parts.offset.filter(|_| is_yaml || !self.is_ruby || parts.is_standard);
        // Jekyll reads such a time once more from its text, which has no fractions: they order no posts there.
        let naive = if is_yaml { parts.naive.with_nanosecond(0)? } else { parts.naive };
        match offset {
            Some(offset) => naive.and_local_timezone(offset).single(),
            None if is_yaml => Some(naive.and_utc().fixed_offset()),
            None => self.zone.at_local(naive),
        }
    }

    /// Midnight of a day in the zone of the site.
    pub(crate) fn day(self, day: NaiveDate) -> Option<Timestamp> {
        self.zone.at_local(day.and_time(NaiveTime::MIN)).and_then(Timestamp::new)
    }
}

/// `2022-03-31 14:30:55`, in the form that Ruby's YAML parser takes for a time (Psych's `ScalarScanner::TIME`).
fn is_yaml_timestamp(text: &str) -> bool {
    matches_timestamp(text).is_some()
}

fn matches_timestamp(text: &str) -> Option<()> {
    let rest = digits(text, 4..=4)?;
    let rest = digits(rest.strip_prefix('-')?, 1..=2)?;
    let rest = digits(rest.strip_prefix('-')?, 1..=2)?;
    let time = rest.strip_prefix(['T', 't']).unwrap_or_else(|| rest.trim_ascii_start());
    let rest = digits(time, 1..=2).filter(|_| time.len() < rest.len())?;
    let rest = digits(rest.strip_prefix(':')?, 2..=2)?;
    let rest = digits(rest.strip_prefix(':')?, 2..=2)?;
    let rest =
        rest.strip_prefix('.').map_or(rest, |fraction| fraction.trim_start_matches(|c: char| c.is_ascii_digit()));
    let zone = rest.trim_ascii_start();
    let offset = zone.strip_prefix(['+', '-']);
    match offset {
        None => matches!(zone, "" | "Z").then_some(()),
        Some(offset) => {
            let minutes = digits(offset, 1..=2)?;
            let minutes = minutes.strip_prefix(':').unwrap_or(minutes);
            (minutes.is_empty() || digits(minutes, 2..=2)?.is_empty()).then_some(())
        }
    }
}

/// What follows as many digits as there are, up to the most, if there are enough.
fn digits(text: &str, count: RangeInclusive<usize>) -> Option<&str> {
    let found = text.bytes().take(*count.end()).take_while(u8::is_ascii_digit).count();
    text.get(found..).filter(|_| count.contains(&found))
}

/// The publication date, by the first of `keys` that says something, else the day in the file's name.
///
/// A date that cannot be read is reported here; none at all is an error of the caller's.
pub(crate) fn published(
    fields: Fields<'_>,
    keys: &[&str],
    day: Option<NaiveDate>,
    rule: DateRule,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Sourced<Timestamp>, LeftOut> {
    // A key that is there without a value is a date that somebody meant to write.
    let stated = keys.iter().find(|key| fields.get(key).is_some());
    if let Some(&key) = stated
        && let Some(at) = rule.read(fields, key)
    {
        return Ok(Sourced::new(at, fields.origin(key)));
    }
    let from_name = day.and_then(|day| rule.day(day));
    let at_fault = stated.map(|&key| {
        let text = fields.get(key).and_then(Value::to_text).unwrap_or_default();
        let said = if text.trim().is_empty() { "is empty".to_owned() } else { format!("is no date: {}", text.trim()) };
        (key, format!("`{key}` {said}"))
    });
    let nor_in_name = |message: &str| format!("{message}, and there is none in the file's name");
    let (result, finding) = match (from_name, at_fault) {
        (Some(at), None) => (Ok(at), None),
        (Some(at), Some((key, message))) => (Ok(at), Some(fields.blame(key, Code::BadDate, message))),
        (None, Some((key, message))) => {
            (Err(LeftOut::Broken), Some(fields.blame(key, Code::NoDate, nor_in_name(&message))))
        }
        (None, None) => (Err(LeftOut::Broken), Some(Diagnostic::new(Code::NoDate, nor_in_name("it has no date")))),
    };
    diagnostics.extend(finding);
    result.map(|at| Sourced::new(at, Origin::FileName))
}

/// What there is to say of a date that readers will not believe: the W3C's validator begins with the year 1990.
pub(crate) fn too_early(date: &Sourced<Timestamp>, front: &FrontMatter) -> Option<Diagnostic> {
    const YEAR_1990: i64 = 631_152_000_000_000;
    if date.value.micros() >= YEAR_1990 {
        return None;
    }
    let what = match &date.from {
        Origin::FrontMatter { key, .. } => format!("`{key}`"),
        _ => "the date of its file's name".to_owned(),
    };
    Some(date.from.blame(front, Diagnostic::new(Code::ImplausibleDate, format!("{what} is before 1990"))))
}

/// The date of the last change that the post states, else its publication.
pub(crate) fn updated(
    fields: Fields<'_>,
    published: &Sourced<Timestamp>,
    rule: DateRule,
    diagnostics: &mut Vec<Diagnostic>,
) -> Sourced<Timestamp> {
    updated_by(fields, &UPDATED, published, rule, diagnostics)
}

/// The same by the first of these keys that says something.
pub(crate) fn updated_by(
    fields: Fields<'_>,
    keys: &[&str],
    published: &Sourced<Timestamp>,
    rule: DateRule,
    diagnostics: &mut Vec<Diagnostic>,
) -> Sourced<Timestamp> {
    for &key in keys {
        if fields.get(key).is_none_or(Value::is_blank) {
            continue;
        }
        match rule.read(fields, key) {
            Some(at) => return Sourced::new(at, fields.origin(key)),
            None => {
                let message = format!("`{key}` is no date; the publication date is used instead");
                diagnostics.push(fields.blame(key, Code::BadField, message));
            }
        }
    }
    Sourced::new(published.value, Origin::Field("date"))
}

/// `feed_id`, the configured keys, else what the dialect gives.
pub(crate) fn id(
    fields: Fields<'_>,
    config_keys: &[String],
    own: impl FnOnce() -> Sourced<ItemId>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Sourced<ItemId> {
    for key in std::iter::once(FEED_ID).chain(config_keys.iter().map(String::as_str)) {
        let Some(value) = fields.get(key).filter(|value| !value.is_blank()) else { continue };
        match value.to_text().as_deref().and_then(ItemId::parse) {
            Some(id) => return Sourced::new(id, fields.origin(key)),
            None => diagnostics.push(fields.blame(key, Code::BadFeedId, format!("`{key}` is no absolute IRI"))),
        }
    }
    own()
}

/// Whether the post asks to be left out of feeds (`feed: false` and what themes have for it).
pub(crate) fn is_hidden(fields: Fields<'_>) -> bool {
    fields.flag("feed") == Some(false)
        || fields.flag("exclude_from_feed") == Some(true)
        || fields.flag("hiddenInRss") == Some(true)
}

/// The date as feeds show it: in the zone that the site states, else in the post's own offset.
pub(crate) fn shown(at: Timestamp, config: &Config) -> Timestamp {
    if !config.site.show_zone {
        return at;
    }
    Timestamp::new(config.site.zone.show(at.date_time())).unwrap_or(at)
}
