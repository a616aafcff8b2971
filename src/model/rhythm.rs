//! How often posts come, told by those that a feed shows: never by the clock, so that a feed that rests changes nothing.

use super::{Item, Timestamp};

/// So many of the newest posts tell how often they come.
const TELLING: usize = 20;

/// Fewer than these tell it by the week at the most.
const FEW: usize = 5;

const WEEK: i64 = 604_800;
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
        let apart = (newest.micros() - oldest.micros()) / 1_000_000;
        // A few posts of one day are no rhythm.
        let seconds = if dates.len() < FEW { apart.max(WEEK) } else { apart };
        let gaps = i64::try_from(dates.len() - 1).unwrap_or(i64::MAX);
        let a_year = (apart > 0).then(|| (gaps.saturating_mul(YEAR) + seconds / 2) / seconds);
        Some(Self { newest: *newest, a_year: a_year.map(|many| u32::try_from(many.max(1)).unwrap_or(u32::MAX)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemId, WebUrl};

    /// Posts so many hours before one.
    fn posts(hours: &[i64]) -> Vec<Item> {
        let link = WebUrl::parse("https://example.com/").unwrap();
        let item = |hours: &i64| {
            let at = Timestamp::from_micros((1_700_000_000 - hours * 3600) * 1_000_000, 0).unwrap();
            Item {
                id: ItemId::from(&link),
                link: link.clone(),
                title: "A".to_owned(),
                published: at,
                updated: at,
                authors: Vec::new(),
                categories: Vec::new(),
                tags: Vec::new(),
                summary: None,
                content: None,
                image: None,
                more_images: Vec::new(),
                enclosure: None,
                more_enclosures: Vec::new(),
            }
        };
        hours.iter().map(item).collect()
    }

    #[test]
    fn how_often_posts_come_is_told_by_the_time_between_them() {
        let daily: Vec<i64> = (0..30).map(|day| day * 24).collect();
        for (hours, a_year) in [
            (&[][..], None),
            (&[0], None),
            (&[0, 0, 0], None),
            (&[0, 7], Some(52)),
            (&[0, 168], Some(52)),
            (&[0, 24, 48], Some(104)),
            (&[0, 8766], Some(1)),
            (&[0, 87_660], Some(1)),
            (&[0, 1, 2, 3, 4], Some(8766)),
            (&daily, Some(365)),
        ] {
            let rhythm = Rhythm::of(&posts(hours));
            assert_eq!(rhythm.and_then(|rhythm| rhythm.a_year), a_year, "{hours:?}");
            assert_eq!(rhythm.is_some(), !hours.is_empty());
        }
    }
}
