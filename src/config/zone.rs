//! Time zones, and what a local time means in one.

use std::fmt;

use chrono::{DateTime, Duration, FixedOffset, LocalResult, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;

/// A time zone of the IANA database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(Tz);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// The zone with this IANA name; `None` when there is none.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        name.trim().parse::<Tz>().ok().map(Self)
    }

    /// The instant that a wall clock here meant.
    ///
    /// A time that occurs twice (the hour after summer time) is the second of the two; one that never occurs (the hour
    /// skipped in spring) is as long after midnight as it says, so 02:30 is 03:30 summer time. Ruby reads them so too.
    #[must_use]
    pub fn at_local(self, local: NaiveDateTime) -> Option<DateTime<FixedOffset>> {
        match self.0.from_local_datetime(&local) {
            LocalResult::Single(at) | LocalResult::Ambiguous(_, at) => Some(at.fixed_offset()),
            LocalResult::None => {
                let before =
                    self.0.offset_from_local_datetime(&local.checked_sub_signed(Duration::hours(3))?).earliest()?.fix();
                let utc = local.checked_sub_signed(Duration::seconds(before.local_minus_utc().into()))?;
                Some(self.0.from_utc_datetime(&utc).fixed_offset())
            }
        }
    }

    /// How clocks here name their offset at an instant, such as `CET`; `None` where `at` has another offset.
    #[must_use]
    pub fn abbreviation(self, at: DateTime<FixedOffset>) -> Option<String> {
        let here = at.with_timezone(&self.0);
        (here.offset().fix() == *at.offset()).then(|| here.format("%Z").to_string())
    }

    /// The same instant as a wall clock here shows it.
    #[must_use]
    pub fn show(self, at: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
        at.with_timezone(&self.0).fixed_offset()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}
