//! Feeds as bytes: one file a format. Pure.

mod atom;
mod fit;
mod json;
mod media;
mod opml;
mod rss;
mod snippet;
#[cfg(test)]
mod tests;
mod texts;
mod xml;

use crate::model::{Feed, Format, Item, WebUrl};

pub use fit::{Fitted, fit};
pub use opml::{Outline, opml};
pub use snippet::snippet;
use texts::AllTexts;

/// What a feed says of the program that made it. Without a version, so that an upgrade changes no feed.
const GENERATOR: &str = "syndicated";

/// One document of a feed: its format, and the address that readers fetch it from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The format.
    pub format: Format,
    /// `rel=self`; Atom's `id` too, so no two feeds may share it.
    pub self_url: WebUrl,
}

/// A document that its writer refused.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the {} document of {title}", .format.name())]
pub struct WriteError {
    format: Format,
    title: String,
    source: Box<dyn std::error::Error + Send + Sync>,
}

/// The document of a feed in one format: UTF-8, XML with its declaration, a function of its arguments alone.
///
/// # Errors
/// When the format's writer fails, which no feed is known to bring about.
pub fn write(feed: &Feed, target: &Target) -> Result<Vec<u8>, WriteError> {
    write_with(feed, &AllTexts::of(feed), target)
}

fn write_with(feed: &Feed, texts: &AllTexts<'_>, target: &Target) -> Result<Vec<u8>, WriteError> {
    let mut out = Vec::with_capacity(feed.items.iter().map(|item| text_size(item) + 1024).sum::<usize>() + 2048);
    match target.format {
        Format::Rss => rss::write(feed, texts, &target.self_url, &mut out),
        Format::Atom => atom::write(feed, texts, &target.self_url, &mut out),
        Format::Json => json::write(feed, texts, &target.self_url, &mut out),
    }
    .map_err(|source| WriteError { format: target.format, title: feed.title.clone(), source })?;
    Ok(out)
}

/// One item as a standalone Atom entry document (RFC 4287 §2), as `inspect` shows it.
///
/// # Errors
/// As for [`write`].
pub fn entry(item: &Item) -> Result<String, WriteError> {
    atom::entry(item).map_err(|source| WriteError { format: Format::Atom, title: item.title.clone(), source })
}

/// What every document that holds the item must spend on its texts, in bytes.
fn text_size(item: &Item) -> usize {
    item.title.len() + item.summary.as_ref().map_or(0, String::len) + item.content.as_ref().map_or(0, String::len)
}
