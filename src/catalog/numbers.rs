//! The numbers that feeds and labels have in the catalog.

use std::collections::HashMap;

use rusqlite::params;

use super::{CatalogError, claims};
use crate::model::FeedKey;

/// Feeds and labels that were met before: bounded by the number of feeds.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    pub(super) feeds: HashMap<FeedKey, i64>,
    pub(super) labels: HashMap<(i64, String), i64>,
}

pub(super) fn feed_number(
    db: &rusqlite::Connection,
    numbers: &mut Numbers,
    key: &FeedKey,
) -> Result<i64, CatalogError> {
    if let Some(number) = numbers.feeds.get(key) {
        return Ok(*number);
    }
    let (language, kind, text) = claims::feed_columns(key);
    let number = db
        .prepare_cached(
            "INSERT INTO feeds(language, kind, key) VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET kind = kind RETURNING feed",
        )?
        .query_row(params![language, kind, text], |row| row.get(0))?;
    numbers.feeds.insert(key.clone(), number);
    Ok(number)
}

pub(super) fn label_number(
    db: &rusqlite::Connection,
    numbers: &mut Numbers,
    feed: i64,
    spelling: &str,
) -> Result<i64, CatalogError> {
    let key = (feed, spelling.to_owned());
    if let Some(number) = numbers.labels.get(&key) {
        return Ok(*number);
    }
    let number = db
        .prepare_cached(
            "INSERT INTO labels(feed, spelling) VALUES(?, ?) ON CONFLICT DO UPDATE SET feed = feed RETURNING label",
        )?
        .query_row(params![feed, spelling], |row| row.get(0))?;
    numbers.labels.insert(key, number);
    Ok(number)
}
