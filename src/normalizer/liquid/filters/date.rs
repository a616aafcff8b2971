//! Filters of dates.

use chrono::{DateTime, Datelike, FixedOffset};

use super::Arguments;
use super::strftime::strftime;
use crate::config::Zone;
use crate::model::Value;
use crate::normalizer::date;
use crate::normalizer::liquid::Environment;
use crate::normalizer::liquid::render::Renderer;

pub(super) const NAMES: &[&str] =
    &["date", "date_to_xmlschema", "date_to_rfc822", "date_to_string", "date_to_long_string"];

pub(super) fn apply(renderer: &Renderer<'_>, name: &str, input: &Value, arguments: Arguments<'_, '_>) -> Option<Value> {
    if !NAMES.contains(&name) {
        return None;
    }
    let Some(at) = read(&renderer.environment, input) else { return Some(input.clone()) };
    // Jekyll's own filters show the time of the site's zone, Liquid's that of the date.
    let zone = renderer.environment.zone;
    let here = zone.show(at);
    Some(Value::String(match name {
        "date" => match arguments.text(0) {
            format if format.is_empty() => return Some(input.clone()),
            format => strftime(at, zone, &format),
        },
        "date_to_xmlschema" => strftime(here, zone, "%Y-%m-%dT%H:%M:%S%:z"),
        "date_to_rfc822" => strftime(here, zone, "%a, %d %b %Y %H:%M:%S %z"),
        "date_to_string" => named(here, zone, "%b", arguments),
        _ => named(here, zone, "%B", arguments),
    }))
}

/// `07 Nov 2008`, or with `ordinal` `7th Nov 2008`, or with `US` besides `Nov 7th, 2008`.
fn named(at: DateTime<FixedOffset>, zone: Zone, month: &str, arguments: Arguments<'_, '_>) -> String {
    if arguments.text(0) != "ordinal" {
        return strftime(at, zone, &format!("%d {month} %Y"));
    }
    let ending = match (at.day(), at.day() % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    if arguments.text(1) == "US" {
        return strftime(at, zone, &format!("{month} %-d{ending}, %Y"));
    }
    strftime(at, zone, &format!("%-d{ending} {month} %Y"))
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
