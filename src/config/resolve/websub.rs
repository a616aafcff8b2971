//! `[websub]`: who is told of changed feeds.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::config::reader::Reader;
use crate::config::site::address;
use crate::config::units::parse_duration;
use crate::config::websub::{Hub, Signature, WebSub};
use crate::config::{Output, Site};
use crate::model::WebUrl;

const DAY: Duration = Duration::from_secs(86_400);
/// A subscription of less would have to be renewed all the time; one of more outlives who asked for it.
const LEASES: RangeInclusive<Duration> = Duration::from_secs(60)..=Duration::from_secs(366 * 86_400);

/// `[websub]`.
pub(super) fn resolve(reader: &mut Reader<'_, '_>, site: &Site, output: &Output) -> WebSub {
    let mut hubs = reader.list("websub.hubs", web).unwrap_or_default();
    let batch = reader.list("websub.batch", web).unwrap_or_default();
    let url = reader.parse("websub.hub_url", |text| {
        let url = address::on_site(&site.url, text).filter(WebUrl::is_web).ok_or_else(|| no_url(text))?;
        let is_plain = url.url().query().is_none() && url.url().fragment().is_none();
        is_plain.then_some(url).ok_or_else(|| "must have neither a query nor a fragment".to_owned())
    });
    let lease = lease(reader, "websub.lease", 10 * DAY);
    let longest_lease = lease_at_most(reader, lease);
    let hub = Hub {
        url: url.or_else(|| output.feeds_url.below("_hub")).unwrap_or_else(|| output.feeds_url.clone()),
        lease,
        longest_lease,
        only_changes: reader.text("websub.deliver") == Some("changes"),
        signature: reader.text("websub.signature").and_then(Signature::named).unwrap_or(Signature::Sha256),
        allow_private: reader.bool("websub.allow_private_callbacks").unwrap_or(false),
        subscriptions: reader.count("websub.subscriptions").unwrap_or(100_000),
        subscriptions_per_host: reader.count("websub.subscriptions_per_host").unwrap_or(10_000),
    };
    let is_hub = reader.bool("websub.hub").unwrap_or(false);
    // It need not be told.
    hubs.retain(|other| !is_hub || *other != hub.url);
    let mut seen = std::collections::BTreeSet::new();
    hubs.retain(|hub| seen.insert(hub.clone()));
    WebSub { hubs, batch, hub: is_hub.then_some(hub) }
}

fn lease_at_most(reader: &mut Reader<'_, '_>, default: Duration) -> Duration {
    let longest = lease(reader, "websub.longest_lease", (30 * DAY).max(default));
    if longest < default {
        reader.problem("websub.longest_lease", "must not be shorter than `websub.lease`");
    }
    longest
}

fn lease(reader: &mut Reader<'_, '_>, key: &str, default: Duration) -> Duration {
    let parse = |text: &str| {
        let time = parse_duration(text).filter(|time| LEASES.contains(time));
        time.ok_or_else(|| "must be a time from `1 min` to `366 days` such as `10 days`".to_owned())
    };
    reader.parse(key, parse).unwrap_or(default)
}

fn web(text: &str) -> Result<WebUrl, String> {
    WebUrl::parse(text).filter(WebUrl::is_web).ok_or_else(|| no_url(text))
}

fn no_url(text: &str) -> String {
    format!("`{text}` is no URL of the form https://example.com/")
}
