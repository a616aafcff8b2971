//! How feeds and a post's claims on them are stored.

use std::borrow::Cow;

use rusqlite::Row;

use crate::model::{FeedKey, Group, Language, LeftOut, Reading};

/// A feed and the label by which a post claims it, as numbers of this catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StoredClaim {
    pub(super) feed: i64,
    pub(super) label: i64,
}

/// Sixteen bytes a claim: a post has few, and they are read only with its row.
pub(super) fn encode(claims: &[StoredClaim]) -> Vec<u8> {
    claims.iter().flat_map(|claim| [claim.feed.to_le_bytes(), claim.label.to_le_bytes()]).flatten().collect()
}

pub(super) fn decode(bytes: &[u8]) -> Vec<StoredClaim> {
    let (pairs, _) = bytes.as_chunks::<16>();
    pairs
        .iter()
        .map(|pair| {
            let number = i128::from_le_bytes(*pair);
            // The low half is the feed, the high half the label.
            #[expect(clippy::cast_possible_truncation, reason = "the halves are what is wanted")]
            StoredClaim { feed: number as i64, label: (number >> 64) as i64 }
        })
        .collect()
}

/// Its language (empty for the default one), kind and key.
pub(super) fn feed_columns(FeedKey { language, group }: &FeedKey) -> (&str, i64, Cow<'_, str>) {
    let (kind, key) = match group {
        Group::All => (0, "".into()),
        Group::Category(key) => (1, key.into()),
        Group::Tag(key) => (2, key.into()),
        Group::Author(key) => (3, key.into()),
        Group::Custom(n) => (4, n.to_string().into()),
    };
    (language.as_ref().map_or("", Language::code), kind, key)
}

/// The key in the columns `language, kind, key` of a row, from the column `at` on; `None` for what only a damaged catalog
/// can hold.
pub(super) fn feed_key(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<FeedKey>> {
    let (language, kind, key): (String, i64, String) = (row.get(at)?, row.get(at + 1)?, row.get(at + 2)?);
    let group = match kind {
        0 => Some(Group::All),
        1 => Some(Group::Category(key)),
        2 => Some(Group::Tag(key)),
        3 => Some(Group::Author(key)),
        4 => key.parse().ok().map(Group::Custom),
        _ => None,
    };
    let language = if language.is_empty() { Some(None) } else { Language::new(&language).map(Some) };
    Ok(group.zip(language).map(|(group, language)| FeedKey { language, group }))
}

pub(super) const POST: i64 = 0;
pub(super) const PAGE: i64 = 1;
pub(super) const OTHER: i64 = 2;
const LEFT_OUT: i64 = 3;

pub(super) fn state(reading: &Reading) -> i64 {
    match reading {
        Reading::Post(_) => POST,
        Reading::Page(_) => PAGE,
        Reading::Other => OTHER,
        Reading::LeftOut(why) => {
            LEFT_OUT + LeftOut::ALL.iter().position(|reason| reason == why).map_or(0, |n| n as i64)
        }
    }
}

pub(super) fn left_out(state: i64) -> Option<LeftOut> {
    usize::try_from(state - LEFT_OUT).ok().and_then(|n| LeftOut::ALL.get(n)).copied()
}
