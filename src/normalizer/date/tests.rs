//! Dates against Ruby's answers, and laws that every date obeys.

use chrono::{DateTime, TimeZone, Timelike};
use proptest::prelude::*;

use super::*;

/// What Ruby 3.1 makes of each text: the day and time of `Time.parse` in UTC, and the offset of `Date._parse`, which knows
/// more zones; `local` where a time has no offset.
#[rustfmt::skip]
const RUBY: &[(&str, Option<&str>)] = &[
    ("2022-03-31", Some("2022-03-31")),
    ("2022-3-1", Some("2022-03-01")),
    ("2022-03-31 14:30", Some("2022-03-31T14:30:00 local")),
    ("2022-03-31 14:30:55", Some("2022-03-31T14:30:55 local")),
    ("2022-3-1 4:3:5", Some("2022-03-01T04:03:05 local")),
    ("2022-03-31T14:30:55", Some("2022-03-31T14:30:55 local")),
    ("2022-03-31t14:30:55z", Some("2022-03-31T14:30:55 +00:00")),
    ("2022-03-31 T 14:30", Some("2022-03-31T14:30:00 local")),
    ("2022-03-31_14:30", Some("2022-03-31T14:30:00 local")),
    ("2022-03-31, 14:30", Some("2022-03-31T14:30:00 local")),
    ("2022-03-31 at 14:30", Some("2022-03-31T14:30:00 local")),
    ("2022-03-31  14:30:55   +0800", Some("2022-03-31T14:30:55 +08:00")),
    ("2022-03-31 14:30:55 +0800", Some("2022-03-31T14:30:55 +08:00")),
    ("2022-03-31 14:30:55+08:00", Some("2022-03-31T14:30:55 +08:00")),
    ("2022-03-31 14:30:55 +8", Some("2022-03-31T14:30:55 +08:00")),
    ("2022-03-31 14:30:55 -8:30", Some("2022-03-31T14:30:55 -08:30")),
    ("2022-03-31 14:30 +800", Some("2022-03-31T14:30:00 +08:00")),
    ("2022-03-31 14:30 +080", Some("2022-03-31T14:30:00 +01:20")),
    ("2022-03-31 14:30:55 +080000", Some("2022-03-31T14:30:55 +08:00")),
    ("2022-03-31 14:30:55 -0000", Some("2022-03-31T14:30:55 +00:00")),
    ("2022-03-31 14:30:55 +23:59", Some("2022-03-31T14:30:55 +23:59")),
    ("2022-03-31 14:30:55 +24:00", None),
    ("2022-03-31 14:30:55 -2400", None),
    ("2022-03-31 14:30:55 Z", Some("2022-03-31T14:30:55 +00:00")),
    ("2022-03-31 14:30:55 UTC", Some("2022-03-31T14:30:55 +00:00")),
    ("2022-03-31 14:30 utc", Some("2022-03-31T14:30:00 +00:00")),
    ("2022-03-31 14:30:55 EST", Some("2022-03-31T14:30:55 -05:00")),
    ("2022-03-31 14:30:55 pst", Some("2022-03-31T14:30:55 -08:00")),
    ("2022-03-31 14:30 CET", Some("2022-03-31T14:30:00 +01:00")),
    ("2022-03-31 14:30 CEST", Some("2022-03-31T14:30:00 +02:00")),
    ("2022-03-31 14:30 BST", Some("2022-03-31T14:30:00 +01:00")),
    ("2022-03-31 14:30 JST", Some("2022-03-31T14:30:00 +09:00")),
    ("2022-03-31 14:30 IST", Some("2022-03-31T14:30:00 +05:30")),
    ("2022-03-31 14:30 NPT", Some("2022-03-31T14:30:00 +05:45")),
    ("2022-03-31 14:30 MART", Some("2022-03-31T14:30:00 -08:30")),
    ("2022-03-31 14:30 GMT+8", Some("2022-03-31T14:30:00 +08:00")),
    ("2022-03-31 14:30 UTC+08:00", Some("2022-03-31T14:30:00 +08:00")),
    ("2022-03-31 14:30 GMT-05:30", Some("2022-03-31T14:30:00 -05:30")),
    ("2022-03-31 14:30 Uhr", Some("2022-03-31T14:30:00 local")),
    ("2022-03-31 14:30:55.5 +0800", Some("2022-03-31T14:30:55.500 +08:00")),
    ("2022-03-31T14:30:55.123Z", Some("2022-03-31T14:30:55.123 +00:00")),
    ("2022-03-31 14:30:55.123456789", Some("2022-03-31T14:30:55.123456789 local")),
    ("2022-03-31 14:30:55.1234567891", Some("2022-03-31T14:30:55.123456789 local")),
    ("2022-03-31 14:30:55,5", Some("2022-03-31T14:30:55.500 local")),
    ("2022-03-31 14:30:55.", Some("2022-03-31T14:30:55 local")),
    ("2022-03-31 24:00", Some("2022-04-01T00:00:00 local")),
    ("2022-03-31 24:00:00 +0800", Some("2022-04-01T00:00:00 +08:00")),
    ("2022-03-31 24:00:01", None),
    ("2022-03-31 23:59:60", Some("2022-04-01T00:00:00 local")),
    ("2022-03-31 14:30:60", Some("2022-03-31T14:31:00 local")),
    ("2022-03-31 14:30:61", None),
    ("2022-03-31 25:00:00", None),
    ("2022-03-31 14:60", None),
    ("2022-03-31 2:30 pm", Some("2022-03-31T14:30:00 local")),
    ("2022-03-31 2:30 a.m.", Some("2022-03-31T02:30:00 local")),
    ("2022-03-31 12:30 am", Some("2022-03-31T00:30:00 local")),
    ("2022-03-31 12:00 pm", Some("2022-03-31T12:00:00 local")),
    ("2022-03-31 13:30 pm", Some("2022-03-31T13:30:00 local")),
    ("2022-03-31 2pm", Some("2022-03-31T14:00:00 local")),
    ("2022-03-31 2 PM", Some("2022-03-31T14:00:00 local")),
    ("2022-03-31 at 2:30 PM EST", Some("2022-03-31T14:30:00 -05:00")),
    ("2022-03-31 14", Some("2022-03-31T14:00:00 local")),
    ("2022-03-31 +0800", Some("2022-03-31")),
    ("2022-03-31 UTC", Some("2022-03-31")),
    ("2022-03-31Z", Some("2022-03-31")),
    ("2022-03-31T", Some("2022-03-31")),
    ("2022-03-31 (Thu)", Some("2022-03-31")),
    ("2022-03-31 noon", Some("2022-03-31")),
    ("2022-3-31 周四", Some("2022-03-31")),
    ("2022-03-31-14-30", Some("2022-03-31")),
    ("2022-03-31 14.30", Some("2022-03-31")),
    ("2022/3/31 14:30", Some("2022-03-31T14:30:00 local")),
    ("2026/01/02", Some("2026-01-02")),
    ("2022.03.31", Some("2022-03-31")),
    ("31.3.2022", Some("2022-03-31")),
    ("31.03.2022 14:30", Some("2022-03-31T14:30:00 local")),
    ("11-9-2017", Some("2017-09-11")),
    ("11/9/2017", Some("2017-09-11")),
    ("9/11/2017", Some("2017-11-09")),
    ("13/9/2017", Some("2017-09-13")),
    ("03/31/2022", None),
    ("22-03-31", Some("2022-03-31")),
    ("1/2/03", Some("2001-02-03")),
    ("31/3/22", Some("2031-03-22")),
    ("99-1-2", Some("1999-01-02")),
    ("20220331", Some("2022-03-31")),
    ("220331", Some("2022-03-31")),
    ("202203311430", Some("2022-03-31T14:30:00 local")),
    ("20220331143055", Some("2022-03-31T14:30:55 local")),
    ("20220331 143055", Some("2022-03-31T14:30:55 local")),
    ("20220331T1430+0800", Some("2022-03-31T14:30:00 +08:00")),
    ("20220331T143055Z", Some("2022-03-31T14:30:55 +00:00")),
    ("Thu, 31 Mar 2022 14:30:55 +0800", Some("2022-03-31T14:30:55 +08:00")),
    ("Thursday, 31-Mar-22 14:30:55 GMT", Some("2022-03-31T14:30:55 +00:00")),
    ("Thursday, March 31, 2022 2:30:55 PM", Some("2022-03-31T14:30:55 local")),
    ("Thu Mar 31 14:30:55 2022", Some("2022-03-31T14:30:55 local")),
    ("Thu Mar 31 14:30:55 CST 2022", Some("2022-03-31T14:30:55 -06:00")),
    ("Thu Mar 31 2022 14:30:55 GMT+0800 (China Standard Time)", Some("2022-03-31T14:30:55 +08:00")),
    ("March 31, 2022", Some("2022-03-31")),
    ("Mar. 31, 2022", Some("2022-03-31")),
    ("Mar 31st, 2022", Some("2022-03-31")),
    ("Mar 31 22", Some("2022-03-31")),
    ("Mar-31-2022", Some("2022-03-31")),
    ("Mar/31/2022", Some("2022-03-31")),
    ("31 Mar 2022", Some("2022-03-31")),
    ("31 March 2022", Some("2022-03-31")),
    ("31 Mar 2022 2:30 PM", Some("2022-03-31T14:30:00 local")),
    ("31 Mar 68", Some("2068-03-31")),
    ("31 Mar 69", Some("1969-03-31")),
    ("31-Mar-2022", Some("2022-03-31")),
    ("2022-Mar-31", Some("2022-03-31")),
    ("2022 Mar 31", Some("2022-03-31")),
    ("2022, March 31", Some("2022-03-31")),
    ("the 31st March, 2022 14:30", Some("2022-03-31T14:30:00 local")),
    ("Sept 3, 2022", Some("2022-09-03")),
    ("3 Sept. 2022", Some("2022-09-03")),
    ("March 2022", Some("2022-03-01")),
    ("24:00 2022-03-31", Some("2022-04-01T00:00:00 local")),
    ("2024-02-29", Some("2024-02-29")),
    ("2022-13-01", None),
    ("2022-00-10", None),
    ("2022-04-32", None),
    ("2022-03", None),
    ("2022", None),
    ("2022-03-311", None),
    ("", None),
    ("+0800", None),
    (" +0800", None),
    ("hello", None),
    ("2022年3月31日", None),
];

#[test]
fn reads_what_ruby_reads() {
    let ours: Vec<_> = RUBY.iter().map(|(text, _)| (*text, parse(text).map(show))).collect();
    let theirs: Vec<_> = RUBY.iter().map(|(text, expected)| (*text, expected.map(str::to_owned))).collect();
    let differences: Vec<_> = ours.iter().zip(&theirs).filter(|(ours, theirs)| ours != theirs).collect();
    assert!(differences.is_empty(), "{differences:#?}");
}

fn show(date: DateText) -> String {
    let day = date.naive.format("%Y-%m-%d");
    match date.offset {
        _ if !date.has_time => day.to_string(),
        None => format!("{} local", date.naive.format("%Y-%m-%dT%H:%M:%S%.f")),
        Some(offset) => format!("{} {offset}", date.naive.format("%Y-%m-%dT%H:%M:%S%.f")),
    }
}

#[test]
fn a_day_must_exist_and_have_a_year() {
    for text in
        ["2022-02-30", "2022-04-31", "2022-02-29 14:30", "31 Mar", "3/31", "14:30", "-2022-03-31", "12022-03-31"]
    {
        assert_eq!(parse(text), None, "{text:?}");
    }
}

#[test]
fn ordinal_words_do_not_hide_the_day() {
    assert_eq!(parse("31st of March 2022").map(show).as_deref(), Some("2022-03-31"));
}

#[test]
fn a_zone_has_the_offset_of_that_day() {
    let offset = |text| parse(text).and_then(|date| date.offset).map(|offset| offset.to_string());
    assert_eq!(offset("2022-03-31 14:30:55 Asia/Shanghai").as_deref(), Some("+08:00"));
    assert_eq!(offset("2022-01-31 14:30 America/New_York").as_deref(), Some("-05:00"));
    assert_eq!(offset("2022-07-31 14:30 America/New_York").as_deref(), Some("-04:00"));
    assert_eq!(offset("2022-07-31 14:30 Etc/GMT-3").as_deref(), Some("+03:00"));
    assert_eq!(offset("2022-07-31 14:30 America/Argentina/Buenos_Aires").as_deref(), Some("-03:00"));
    assert_eq!(parse("2022-03-31 14:30 Foo/Bar").map(show).as_deref(), Some("2022-03-31T14:30:00 local"));
}

#[test]
fn an_hour_that_summer_time_skips_is_moved_by_it() {
    let date = parse("2022-03-27 02:30 Europe/Berlin").map(show);
    assert_eq!(date.as_deref(), Some("2022-03-27T03:30:00 +02:00"));
}

#[test]
fn long_texts_are_no_dates() {
    let padded = |length: usize| format!("2022-03-31{}", " ".repeat(length - 10));
    assert!(parse(&padded(128)).is_some());
    assert!(parse(&padded(129)).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn never_panics(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn never_panics_near_dates(text in "([0-9]{1,4}|[-/.:,+ T]|am|p\\.m\\.|Mar|31st|GMT|EST|Asia/Tokyo|é|年){0,12}") {
        if let Some(date) = parse(&text) {
            prop_assert!(date.has_time || (date.naive.num_seconds_from_midnight() == 0 && date.offset.is_none()));
        }
    }

    #[test]
    fn the_shortcut_agrees(
        date in "[0-2][0-9]{3}-[01][0-9]-[0-3][0-9]",
        time in "[0-2][0-9]:[0-6][0-9]:[0-6][0-9]",
        offset in "[-+][0-2][0-9][0-6][0-9]",
    ) {
        let text = format!("{date} {time} {offset}");
        prop_assert_eq!(parse(&text), by_words(&text), "{}", text);
    }

    #[test]
    fn written_dates_are_read_back(seconds in -60_000_000_000_i64..250_000_000_000, minutes in -1439_i32..=1439) {
        let offset = FixedOffset::east_opt(minutes * 60).unwrap();
        let at: DateTime<FixedOffset> = offset.timestamp_opt(seconds, 0).unwrap();
        for format in [
            "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%:z", "%Y/%m/%d %H:%M:%S %:z", "%d.%m.%Y %H:%M:%S%z", "%a, %d %b %Y %H:%M:%S %z",
            "%B %d, %Y %I:%M:%S %p %z", "%Y%m%dT%H%M%S%z", "%a %b %e %H:%M:%S %z %Y", "%H:%M:%S %z %d-%b-%Y",
        ] {
            let text = at.format(format).to_string();
            let read = parse(&text).and_then(|date| date.naive.and_local_timezone(date.offset?).single());
            prop_assert_eq!(read, Some(at), "{}", text);
        }
    }
}
