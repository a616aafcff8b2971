//! The feeds that can be subscribed to, by the addresses that subscribers name them with. Pure.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use super::subscription::Digest;
use crate::config::{Aliases, Archive, Config};
use crate::model::{FeedPath, WebUrl};

/// How the names of pages for people end, which nobody subscribes to.
const PAGE: &str = ".html";

/// The published feeds of a site.
#[derive(Debug)]
pub struct Topics {
    address: WebUrl,
    aliases: Aliases,
    opml: Option<FeedPath>,
    archive: Option<Archive>,
    files: HashMap<FeedPath, Digest>,
}

impl Topics {
    /// None yet, of the site with this configuration.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self {
            address: config.output.feeds_url.clone(),
            aliases: config.output.aliases.clone(),
            opml: config.output.opml_path(),
            archive: config.output.archive.clone(),
            files: HashMap::new(),
        }
    }

    /// Whether a published file may be a feed that is told of, and no copy of one.
    #[must_use]
    pub fn may_be(&self, path: &FeedPath) -> bool {
        let is_history = self.archive.as_ref().is_some_and(|archive| archive.meets(path.as_str()));
        let is_list = self.opml.as_ref() == Some(path) || path.as_str().ends_with(PAGE);
        !is_list && !is_history && self.aliases.now(path).is_none()
    }

    /// A file has this content now, or is gone; whether that is news.
    pub fn set(&mut self, path: &FeedPath, version: Option<Digest>) -> bool {
        match version {
            _ if !self.may_be(path) => false,
            Some(version) => self.files.insert(path.clone(), version) != Some(version),
            None => self.files.remove(path).is_some(),
        }
    }

    /// The path now of a feed that once had this one.
    #[must_use]
    pub fn now<'a>(&'a self, path: &'a FeedPath) -> &'a FeedPath {
        self.aliases.now(path).unwrap_or(path)
    }

    /// The version of a feed.
    #[must_use]
    pub fn version(&self, path: &FeedPath) -> Option<Digest> {
        self.files.get(self.now(path)).copied()
    }

    /// The address of a feed.
    #[must_use]
    pub fn address(&self, path: &FeedPath) -> WebUrl {
        self.now(path).address(&self.address)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The path of the feed that is meant, whether it is there or not; escapes count as what they stand for (§5.1.1).
    #[must_use]
    pub fn find(&self, named: &str) -> Option<FeedPath> {
        let (url, base) = (WebUrl::parse(named)?, self.address.url());
        let url = url.url();
        if url.origin() != base.origin() || url.query().is_some() {
            return None;
        }
        let segments = |url: &url::Url| -> Option<Vec<String>> {
            let decode = |segment: &str| {
                let text = percent_decode_str(segment).decode_utf8().ok()?;
                (!text.contains('/')).then(|| text.into_owned())
            };
            url.path_segments()?.map(decode).collect()
        };
        let (mut base, path) = (segments(base)?, segments(url)?);
        // The address of a folder ends in a slash.
        base.pop();
        let below = path.strip_prefix(base.as_slice())?;
        let path = FeedPath::new(&below.join("/"))?;
        Some(self.now(&path).clone())
    }
}
