//! How feeds and a post's claims on them are stored.

use crate::model::{FeedKey, LeftOut, Reading};

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

pub(super) fn feed_columns(key: &FeedKey) -> (i64, std::borrow::Cow<'_, str>) {
    match key {
        FeedKey::All => (0, "".into()),
        FeedKey::Category(key) => (1, key.into()),
        FeedKey::Tag(key) => (2, key.into()),
        FeedKey::Author(key) => (3, key.into()),
        FeedKey::Custom(n) => (4, n.to_string().into()),
    }
}

/// `None` for what only a damaged catalog can hold.
pub(super) fn feed_key(kind: i64, key: String) -> Option<FeedKey> {
    match kind {
        0 => Some(FeedKey::All),
        1 => Some(FeedKey::Category(key)),
        2 => Some(FeedKey::Tag(key)),
        3 => Some(FeedKey::Author(key)),
        4 => key.parse().ok().map(FeedKey::Custom),
        _ => None,
    }
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
