//! A year, month or day of the calendar in UTC: what one page of an archive covers.

use std::fmt;

use chrono::{DateTime, Datelike as _, Months, NaiveDate, NaiveTime, TimeDelta};

/// A year, a month or a day, in UTC: no zone's rules, which change, move a post from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    first: NaiveDate,
    length: Length,
}

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Length {
    Year,
    Month,
    Day,
}

impl Period {
    /// The year that an instant lies in, in microseconds since 1970.
    #[must_use]
    pub fn year_of(micros: i64) -> Self {
        Self::with(Length::Year, micros)
    }

    /// The day that an instant lies in.
    #[must_use]
    pub fn day_of(micros: i64) -> Self {
        Self::with(Length::Day, micros)
    }

    /// The part of this period that an instant in it lies in: a month of a year, a day of a month; `None` for a day.
    #[must_use]
    pub fn part_of(self, micros: i64) -> Option<Self> {
        match self.length {
            Length::Year => Some(Self::with(Length::Month, micros)),
            Length::Month => Some(Self::with(Length::Day, micros)),
            Length::Day => None,
        }
    }

    /// The year that it lies in.
    #[must_use]
    pub fn year(self) -> Self {
        Self::beginning(Length::Year, self.first)
    }

    /// Its first instant, in microseconds since 1970.
    #[must_use]
    pub fn start(self) -> i64 {
        micros(self.first)
    }

    /// The first instant after it.
    #[must_use]
    pub fn end(self) -> i64 {
        let next = match self.length {
            Length::Year => self.first.checked_add_months(Months::new(12)),
            Length::Month => self.first.checked_add_months(Months::new(1)),
            Length::Day => self.first.checked_add_signed(TimeDelta::days(1)),
        };
        next.map_or(i64::MAX, micros)
    }

    /// Whether an instant lies in it.
    #[must_use]
    pub fn holds(self, micros: i64) -> bool {
        (self.start()..self.end()).contains(&micros)
    }

    /// What its `Display` says.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Year 0 begins a year earlier in UTC, east of it.
        let (sign, unsigned) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let mut parts = unsigned.split('-');
        let year = sign * parts.next()?.parse::<i32>().ok()?;
        let mut part = || parts.next().map(str::parse::<u32>).transpose().ok();
        let (month, day) = (part()?, part()?);
        let length = match (month, day) {
            (None, _) => Length::Year,
            (_, None) => Length::Month,
            _ => Length::Day,
        };
        let first = NaiveDate::from_ymd_opt(year, month.unwrap_or(1), day.unwrap_or(1))?;
        let period = Self { first, length };
        (period.to_string() == text).then_some(period)
    }

    fn with(length: Length, micros: i64) -> Self {
        Self::beginning(length, DateTime::from_timestamp_micros(micros).unwrap_or_default().date_naive())
    }

    fn beginning(length: Length, date: NaiveDate) -> Self {
        let first = match length {
            Length::Year => date.with_ordinal(1),
            Length::Month => date.with_day(1),
            Length::Day => None,
        };
        Self { first: first.unwrap_or(date), length }
    }
}

fn micros(date: NaiveDate) -> i64 {
    date.and_time(NaiveTime::MIN).and_utc().timestamp_micros()
}

/// `2024`, `2024-03` or `2024-03-05`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.first.year())?;
        if self.length != Length::Year {
            write!(f, "-{:02}", self.first.month())?;
        }
        if self.length == Length::Day {
            write!(f, "-{:02}", self.first.day())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros()
    }

    #[test]
    fn a_period_is_of_the_calendar_in_utc() {
        let new_year = at("2024-01-01T00:30:00+01:00");
        assert_eq!(Period::year_of(new_year).to_string(), "2023");
        let year = Period::year_of(at("2024-02-29T12:00:00Z"));
        assert_eq!((year.start(), year.end()), (at("2024-01-01T00:00:00Z"), at("2025-01-01T00:00:00Z")));
        let month = year.part_of(at("2024-02-29T12:00:00Z")).unwrap();
        assert_eq!((month.to_string().as_str(), month.end()), ("2024-02", at("2024-03-01T00:00:00Z")));
        let day = month.part_of(at("2024-02-29T12:00:00Z")).unwrap();
        assert_eq!((day.to_string().as_str(), day.end()), ("2024-02-29", at("2024-03-01T00:00:00Z")));
        assert_eq!((day.part_of(0), day.year()), (None, year));
        let first = Period::year_of(at("0000-01-01T00:00:00+14:00"));
        assert_eq!((first.to_string().as_str(), Period::parse("-001")), ("-001", Some(first)));
    }

    #[test]
    fn what_is_no_period_is_none() {
        for text in
            ["", "24", "2024-3", "2024-13", "2024-02-30", "2024-02-01-01", "x", "2024-", "--2024", "-2024-", "-000"]
        {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_text_says_all_of_it(micros in -62_200_000_000_000_000..253_500_000_000_000_000_i64) {
            let year = Period::year_of(micros);
            let month = year.part_of(micros).unwrap();
            for period in [year, month, Period::day_of(micros)] {
                prop_assert!(period.holds(micros) && !period.holds(period.end()) && !period.holds(period.start() - 1));
                prop_assert!(period.start() >= year.start() && period.end() <= year.end());
                prop_assert_eq!(Period::parse(&period.to_string()), Some(period));
            }
        }
    }
}
