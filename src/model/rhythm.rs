//! How often posts come, told by those that a feed shows: never by the clock, so that a feed that rests changes nothing.

use super::{Item, Timestamp};

/// So many of the newest posts tell how often they come.
const TELLING: usize = 20;

const YEAR: i64 = 31_556_952;

/// When the newest post came, and how often they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    /// When the newest was published.
    pub newest: Timestamp,
    /// How many come in a year, by the time between the newest posts, twenty at most; `None` where that tells nothing.
    pub a_year: Option<u32>,
}

impl Rhythm {
    /// That of posts, the newest first; `None` without any.
    #[must_use]
    pub fn of<'a>(items: impl IntoIterator<Item = &'a Item>) -> Option<Self> {
        let dates: Vec<Timestamp> = items.into_iter().take(TELLING).map(|item| item.published).collect();
        let (newest, oldest) = (dates.iter().max()?, dates.iter().min()?);
        let seconds = (newest.micros() - oldest.micros()) / 1_000_000;
        let gaps = i64::try_from(dates.len() - 1).unwrap_or(i64::MAX);
        let a_year = (seconds > 0).then(|| (gaps.saturating_mul(YEAR) + seconds / 2) / seconds);
        Some(Self { newest: *newest, a_year: a_year.map(|many| u32::try_from(many.max(1)).unwrap_or(u32::MAX)) })
    }
}
