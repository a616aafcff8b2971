//! The two years that the posts lie in, in the site's zone (UTC+8, no daylight saving).

use std::fmt;

/// 2023-01-01 00:00:00 +0800, as seconds since 1970.
pub const START: i64 = 1_672_502_400;
/// From there to 2025-01-01 00:00:00 +0800.
pub const SPAN: i64 = (365 + 366) * DAY;
/// Seconds by which the zone is ahead of UTC.
pub(crate) const OFFSET: i64 = 8 * 3600;

const DAY: i64 = 86_400;
const MONTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// An instant as the clock on the wall of the site shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Local {
    /// Such as 2024.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
    second: i64,
}

impl Local {
    /// The wall clock at `epoch` seconds since 1970, which must not lie before [`START`].
    #[must_use]
    pub fn at(epoch: i64) -> Self {
        let since = epoch - START;
        let (mut day, second) = (since.div_euclid(DAY), since.rem_euclid(DAY));
        let mut year = 2023;
        while day >= 365 + leap(year) {
            day -= 365 + leap(year);
            year += 1;
        }
        let mut month = 1;
        for days in MONTHS {
            let days = days + if month == 2 { leap(year) } else { 0 };
            if day < days {
                break;
            }
            day -= days;
            month += 1;
        }
        Self { year, month, day: day + 1, second }
    }

    /// Seconds since midnight.
    pub(crate) fn second_of_day(self) -> i64 {
        self.second
    }
}

/// `2024-02-29 08:00:01`, the form of Jekyll's front matter, without the zone.
impl fmt::Display for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, second } = self;
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

fn leap(year: i64) -> i64 {
    i64::from(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_at_the_ends_of_months_and_years() {
        for (epoch, wall) in [
            (START, "2023-01-01 00:00:00"),
            (1_677_599_999, "2023-02-28 23:59:59"),
            (1_709_164_801, "2024-02-29 08:00:01"),
            (START + SPAN - 1, "2024-12-31 23:59:59"),
            (START + SPAN, "2025-01-01 00:00:00"),
        ] {
            assert_eq!(Local::at(epoch).to_string(), wall);
        }
    }
}
