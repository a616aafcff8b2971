//! Push over real sockets: the publisher against a hub, and the hub against subscribers, both written from the Recommendation.

mod desk;
mod distribution;
mod lanes;
mod live;
mod moves;
mod publisher;
mod safety;
mod subscriber;
mod subscriptions;
mod suite;
pub(crate) mod web;

use crate::fixture::{Site, short};

/// A site with two posts, whose hub may have subscribers on this machine.
fn site() -> Site {
    Site::jekyll().post("2022-01-01-a.md", short("A", "tech")).post("2022-01-02-b.md", short("B", "money"))
}

fn with_hub(site: Site, settings: &str) -> Site {
    site.config(&format!("[websub]\nhub = true\nallow_private_callbacks = true\n{settings}"))
}

pub(crate) const RSS: &str = "https://example.com/feeds/rss.xml";
const ATOM: &str = "https://example.com/feeds/atom.xml";
const HUB: &str = "https://example.com/feeds/_hub";

/// A form.
pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// What a subscriber asks for at least.
pub(crate) fn request<'a>(mode: &'a str, topic: &'a str, callback: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("hub.mode", mode), ("hub.topic", topic), ("hub.callback", callback)]
}
