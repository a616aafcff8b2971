//! Feeds as bytes: one file a format. Pure.

mod atom;
mod fit;
pub mod html;
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
    /// `rel=self`; of a feed Atom's `id` too, so no two feeds may share it.
    pub self_url: WebUrl,
    /// Where it stands in the history of the feed.
    pub history: History,
}

/// Where a document stands in the history of its feed (RFC 5005 §4): the addresses of other documents in its format.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The feed itself, of which this is a page of the archive; `None` for the feed itself.
    pub current: Option<WebUrl>,
    /// The next older page.
    pub older: Option<WebUrl>,
    /// The next newer page.
    pub newer: Option<WebUrl>,
}

impl History {
    /// The links, each with its relation.
    fn links(&self) -> impl Iterator<Item = (&'static str, &WebUrl)> {
        let links = [("current", &self.current), ("prev-archive", &self.older), ("next-archive", &self.newer)];
        links.into_iter().filter_map(|(rel, url)| Some((rel, url.as_ref()?)))
    }

    /// Whether it is a page of an archive.
    fn is_page(&self) -> bool {
        self.current.is_some()
    }

    /// The element that says so.
    fn mark(&self) -> Option<media::Element> {
        self.is_page().then(|| ("archive", Vec::new()))
    }
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
        Format::Rss => rss::write(feed, texts, target, &mut out),
        Format::Atom => atom::write(feed, texts, target, &mut out),
        Format::Json => json::write(feed, texts, target, &mut out),
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
