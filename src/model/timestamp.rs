//! An instant together with the offset in which it is shown.

use chrono::{DateTime, Datelike, FixedOffset, SecondsFormat, Utc};

/// An instant with its UTC offset, in the years 1 to 9999 that RFC 822 and RFC 3339 can both write.
///
/// The offset is whole minutes (RFC 3339 §5.6): a historic local mean time such as `+08:05:43` is shown in UTC.
/// Equality and order are those of the instant alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<FixedOffset>);

impl Timestamp {
    /// `None` when the year, as shown in its offset, is outside 1 to 9999.
    #[must_use]
    pub fn new(at: DateTime<FixedOffset>) -> Option<Self> {
        let at = if at.offset().local_minus_utc() % 60 == 0 { at } else { at.with_timezone(&Utc).fixed_offset() };
        (1..=9999).contains(&at.year()).then_some(Self(at))
    }

    /// The instant `micros` microseconds after 1970-01-01T00:00:00Z, shown `offset` seconds east of UTC.
    #[must_use]
    pub fn from_micros(micros: i64, offset: i32) -> Option<Self> {
        let offset = FixedOffset::east_opt(offset)?;
        Self::new(DateTime::from_timestamp_micros(micros)?.with_timezone(&offset))
    }

    /// Microseconds since 1970-01-01T00:00:00Z: what posts are ordered by.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// Seconds east of UTC of the offset in which it is shown.
    #[must_use]
    pub fn offset(self) -> i32 {
        self.0.offset().local_minus_utc()
    }

    /// The date and time with its offset.
    #[must_use]
    pub fn date_time(self) -> DateTime<FixedOffset> {
        self.0
    }

    /// `2022-03-31T14:30:55+08:00` (RFC 3339 §5.6), to the second.
    #[must_use]
    pub fn rfc3339(self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::Secs, false)
    }

    /// `Thu, 31 Mar 2022 14:30:55 +0800` (RFC 822 §5 with the four-digit year of RFC 2822 §3.3), to the second.
    #[must_use]
    pub fn rfc822(self) -> String {
        self.0.format("%a, %d %b %Y %H:%M:%S %z").to_string()
    }
}
