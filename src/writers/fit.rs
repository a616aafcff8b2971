//! A feed under the size that readers take, alike in every format.

use std::sync::Arc;

use super::texts::AllTexts;
use super::{Target, WriteError, text_size, write_with};
use crate::model::{Feed, Format, Item};

/// The documents of a feed, cut alike.
#[derive(Debug)]
pub struct Fitted {
    /// One a target, in their order.
    pub documents: Vec<(Format, Vec<u8>)>,
    /// How many of the feed's items are in them: the newest.
    pub kept: usize,
    /// Whether the one item that was kept is too large with its content, and has its summary alone.
    pub excerpted: bool,
}

/// Writes a feed in every format, with as many of its newest items as keep the largest document within `max_size`
/// bytes. One item always stays; where it alone is too large, it loses its content and keeps its summary.
///
/// A feed that fits is written once a format. One that does not is written O(log n) times, each time with no more text
/// than `max_size` bytes, so that huge items cost nothing.
///
/// # Errors
/// As for [`super::write`].
pub fn fit(feed: &Feed, targets: &[Target], max_size: u64) -> Result<Fitted, WriteError> {
    let fits = |documents: &Documents| documents.iter().all(|(_, bytes)| bytes.len() as u64 <= max_size);
    let most = could_fit(&feed.items, max_size);
    let Some(first) = feed.items.first() else {
        return Ok(Fitted { documents: documents(feed, targets)?, kept: 0, excerpted: false });
    };

    let mut best = None;
    // The first try is the usual, and the only one, case. After it, `low` is known to fit (if not 0) and `high` is not.
    let (mut low, mut high, mut kept) = (0, most + 1, most);
    while kept > low {
        let candidate = documents(&newest(feed, kept), targets)?;
        if fits(&candidate) {
            (low, best) = (kept, Some(candidate));
        } else {
            high = kept;
        }
        kept = low.midpoint(high);
    }
    if let Some(documents) = best {
        return Ok(Fitted { documents, kept: low, excerpted: false });
    }
    let excerpt = Item { content: None, ..Item::clone(first) };
    let feed = Feed { items: vec![Arc::new(excerpt)], ..newest(feed, 0) };
    Ok(Fitted { documents: documents(&feed, targets)?, kept: 1, excerpted: first.content.is_some() })
}

type Documents = Vec<(Format, Vec<u8>)>;

fn documents(feed: &Feed, targets: &[Target]) -> Result<Documents, WriteError> {
    let texts = AllTexts::of(feed);
    targets.iter().map(|target| Ok((target.format, write_with(feed, &texts, target)?))).collect()
}

/// The feed with its newest `count` items.
fn newest(feed: &Feed, count: usize) -> Feed {
    Feed { items: feed.items.iter().take(count).cloned().collect(), ..feed.clone() }
}

/// How many of the newest items have no more text than `max_size` bytes: no document can hold more than them.
fn could_fit(items: &[Arc<Item>], max_size: u64) -> usize {
    let sizes = items.iter().scan(0_u64, |sum, item| {
        *sum = sum.saturating_add(text_size(item) as u64);
        Some(*sum)
    });
    sizes.take_while(|&sum| sum <= max_size).count()
}
