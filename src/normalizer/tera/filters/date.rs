//! The filter of dates, whose formats are chrono's.

use std::fmt::Write as _;

use chrono::format::StrftimeItems;
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};

use super::Arguments;
use crate::model::Value;

/// As the format says; `None` for what is no date, and for other zones.
pub(super) fn shown(value: &Value, arguments: Arguments<'_>) -> Option<Value> {
    if arguments.get("timezone").is_some() || arguments.get("locale").is_some() {
        return None;
    }
    let format = arguments.get("format").map_or(Some("%Y-%m-%d"), Value::as_str)?;
    let items = StrftimeItems::new(format).parse().ok()?;
    let mut text = String::new();
    // A date without an offset has none to show.
    write!(text, "{}", read(value)?.format_with_items(items.iter())).ok()?;
    Some(Value::String(text))
}

fn read(value: &Value) -> Option<DateTime<FixedOffset>> {
    let at_utc = |at: NaiveDateTime| at.and_utc().fixed_offset();
    match value {
        Value::Int(seconds) => Some(DateTime::from_timestamp(*seconds, 0)?.fixed_offset()),
        Value::String(text) if text.contains('T') => DateTime::parse_from_rfc3339(text)
            .ok()
            .or_else(|| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok().map(at_utc)),
        Value::String(text) => {
            NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| at_utc(day.and_time(NaiveTime::MIN)))
        }
        _ => None,
    }
}
