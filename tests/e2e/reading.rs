//! Feeds as a reader sees them.

use feed_rs::model::{Entry, Feed};

/// A feed that `feed-rs` has read.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) title: String,
    /// The page that it stands for.
    pub(crate) home: String,
    /// Where it says that it lies.
    pub(crate) own_url: String,
    /// The feed-level category.
    pub(crate) label: Option<String>,
    pub(crate) items: Vec<Item>,
}

/// An item of a feed.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) link: String,
    /// RFC 3339, in UTC.
    pub(crate) published: String,
    pub(crate) summary: String,
    pub(crate) content: String,
    pub(crate) labels: Vec<String>,
}

impl Read {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let feed =
            feed_rs::parser::Builder::new().sanitize_content(false).build().parse(bytes).unwrap_or_else(|error| {
                panic!("{error}: {}", String::from_utf8_lossy(bytes));
            });
        Self {
            title: feed.title.clone().map(|title| title.content).unwrap_or_default(),
            home: link(&feed, "alternate"),
            own_url: link(&feed, "self"),
            label: feed.categories.first().map(|category| category.term.clone()),
            items: feed.entries.into_iter().map(Item::from).collect(),
        }
    }

    pub(crate) fn titles(&self) -> Vec<&str> {
        self.items.iter().map(|item| item.title.as_str()).collect()
    }

    pub(crate) fn ids(&self) -> Vec<&str> {
        self.items.iter().map(|item| item.id.as_str()).collect()
    }

    pub(crate) fn links(&self) -> Vec<&str> {
        self.items.iter().map(|item| item.link.as_str()).collect()
    }

    /// The only item.
    pub(crate) fn only(&self) -> &Item {
        assert_eq!(self.items.len(), 1, "{self:?}");
        &self.items[0]
    }
}

/// The first link of a relation; RSS names none for the site's own.
fn link(feed: &Feed, relation: &str) -> String {
    let of =
        |rel: Option<&str>| feed.links.iter().find(|link| link.rel.as_deref() == rel).map(|link| link.href.clone());
    of(Some(relation)).or_else(|| of(None)).unwrap_or_default()
}

impl From<Entry> for Item {
    fn from(entry: Entry) -> Self {
        Self {
            title: entry.title.map(|title| title.content).unwrap_or_default(),
            link: entry.links.first().map(|link| link.href.clone()).unwrap_or_default(),
            published: entry.published.map(|date| date.to_rfc3339()).unwrap_or_default(),
            summary: entry.summary.map(|summary| summary.content).unwrap_or_default(),
            content: entry.content.and_then(|content| content.body).unwrap_or_default(),
            labels: entry.categories.into_iter().map(|category| category.term).collect(),
            id: entry.id,
        }
    }
}
