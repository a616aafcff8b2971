//! feed-rs, the parser of readers in Rust, behind a client that asks with the entity tag of what it has.

use std::collections::BTreeMap;

use super::{Reader, Seen, is_served_well};
use crate::http::Client;
use crate::reading::Read;

#[derive(Default)]
struct FeedRs {
    tag: Option<String>,
    /// By id; an id that one answer has twice is kept twice.
    items: BTreeMap<String, Vec<Seen>>,
}

impl Reader for FeedRs {
    fn fetch(&mut self, url: &str) -> Vec<Seen> {
        let (address, file) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let condition = self.tag.as_ref().map(|tag| format!("If-None-Match: {tag}"));
        let answer = Client::tcp(address).asks("GET", &format!("/{file}"), condition.as_deref().as_slice());
        if answer.status != 304 {
            assert_eq!(answer.status, 200);
            self.tag = answer.field("etag").map(str::to_owned);
            let mut fresh: BTreeMap<String, Vec<Seen>> = BTreeMap::new();
            for item in Read::parse(&answer.body).items {
                let date = chrono::DateTime::parse_from_rfc3339(&item.published).unwrap().timestamp();
                let seen = Seen { title: item.title, link: item.link, date, text: item.content };
                fresh.entry(item.id).or_default().push(seen);
            }
            self.items.extend(fresh);
        }
        self.items.values().flatten().cloned().collect()
    }

    fn takes_edits(&self) -> bool {
        true
    }
}

#[test]
fn feed_rs_shows_every_post_once() {
    is_served_well(&mut FeedRs::default(), "rss.xml");
    is_served_well(&mut FeedRs::default(), "atom.xml");
}
