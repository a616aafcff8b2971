//! The metrics in the text format of Prometheus (version 0.0.4), as they are when they are asked for.

use std::sync::atomic::{AtomicU64, Ordering};

use prometheus::core::Collector;
use prometheus::{Error, Gauge, GaugeVec, Histogram, IntCounterVec, Opts, Registry, TextEncoder};

use super::most_subscribed;
use super::table::{self, Kind, Metric};
use crate::delivery::{FeedReaders, State};
use crate::service::status::Status;
use crate::service::tally::Tally;
use crate::websub::{HubNumbers, PingNumbers};

/// `Content-Type` of the text.
pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What there is to tell.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) status: &'a Status,
    pub(super) tally: &'a Tally,
    pub(super) is_ready: bool,
    /// When the service began, in microseconds since 1970.
    pub(super) began: i64,
    /// Whether it publishes; `serve` only serves.
    pub(super) publishes: bool,
    /// In bytes.
    pub(super) catalog: Option<u64>,
    pub(super) server: Option<&'a State>,
    /// The feeds that have metrics of their own.
    pub(super) feeds: &'a [FeedReaders],
    /// How many feeds may have them.
    pub(super) most_feeds: usize,
}

/// The text.
///
/// # Errors
/// Never, so long as the table is right.
pub(super) fn text(facts: &Facts<'_>) -> Result<String, Error> {
    let told = Told(Registry::new());
    told.process(facts)?;
    if facts.publishes {
        told.site(facts)?;
        told.work(facts.status, facts.tally)?;
    }
    if let Some(server) = facts.server {
        told.http(server)?;
        told.feeds(facts.feeds)?;
    }
    if let Some(push) = &facts.status.websub {
        push.pings.iter().try_for_each(|pings| told.pings(pings))?;
        push.hub.iter().try_for_each(|hub| told.hub(hub, facts.most_feeds))?;
    }
    TextEncoder::new().encode_to_string(&told.0.gather())
}

/// What is told so far, by one function a part of the program.
struct Told(Registry);

impl Told {
    fn process(&self, facts: &Facts<'_>) -> Result<(), Error> {
        self.gauge(&table::BUILD, [([&*facts.status.version], 1)])?;
        self.time(&table::START, facts.began)?;
        if let Some(memory) = &facts.status.memory {
            self.gauge(&table::RESIDENT, [([], memory.resident)])?;
        }
        self.gauge(&table::READY, [([], facts.is_ready.into())])
    }

    fn site(&self, facts: &Facts<'_>) -> Result<(), Error> {
        let status = facts.status;
        if let Some(posts) = &status.posts {
            let left_out = posts.reasons.iter().map(|(why, count)| ([why.as_str()], *count));
            self.gauge(&table::POSTS, [(["kept"], posts.kept)].into_iter().chain(left_out))?;
            self.gauge(&table::FEEDS, [([], status.feeds)])?;
            self.gauge(&table::FINDINGS, [(["error"], status.errors), (["warning"], status.warnings)])?;
        }
        if let Some(bytes) = facts.catalog {
            self.gauge(&table::CATALOG, [([], bytes)])?;
        }
        self.gauge(&table::QUEUE, [([], status.queue.paths)])?;
        self.gauge(&table::FAILING, [([], status.failing.len() as u64)])?;
        self.gauge(&table::HINDRANCES, [([], status.problems.len() as u64)])
    }

    fn work(&self, status: &Status, tally: &Tally) -> Result<(), Error> {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        self.counter(&table::PUBLICATIONS, [([], status.publications)])?;
        let last = tally.last.load(Ordering::Relaxed);
        if last > 0 {
            self.time(&table::LAST, last)?;
        }
        let files = [("written", &tally.written), ("unchanged", &tally.unchanged), ("removed", &tally.removed)];
        self.counter(&table::FILES, files.map(|(outcome, count)| ([outcome], get(count))))?;
        self.counter(&table::BATCHES, [(["done"], get(&tally.done)), (["failed"], get(&tally.failed))])?;
        self.counter(&table::SCANS, [([], get(&tally.scans))])?;
        self.counter(&table::INPUTS, [(["looked_at"], get(&tally.looked_at)), (["opened"], get(&tally.opened))])?;
        self.counter(&table::RECONCILES, [([], get(&tally.reconciled))])?;
        self.counter(&table::REPAIRS, [([], get(&tally.repaired))])?;
        [&tally.latency, &tally.reading, &tally.writing].into_iter().flatten().try_for_each(|it| self.histogram(it))
    }

    fn http(&self, server: &State) -> Result<(), Error> {
        let served = &server.served;
        let code = |code: u16| if code == 0 { "other".to_owned() } else { code.to_string() };
        let requests: Vec<_> =
            served.requests_by.iter().map(|((kind, status), count)| ((*kind, code(*status)), *count)).collect();
        self.counter(&table::REQUESTS, requests.iter().map(|((kind, code), count)| ([kind, code.as_str()], *count)))?;
        self.counter(&table::BYTES, served.bytes_by.map(|(encoding, bytes)| ([encoding], bytes)))?;
        self.counter(&table::SAVED, served.saved_by.map(|(by, bytes)| ([by], bytes)))?;
        self.counter(&table::CLIENTS, served.clients_by.map(|(client, count)| ([client], count)))?;
        self.gauge(&table::CONNECTIONS, [([], server.connections as u64)])?;
        self.counter(&table::ACCEPTED, [(["accepted"], served.accepted), (["refused"], served.refused)])?;
        self.gauge(&table::SERVED, [([], server.files as u64)])?;
        self.gauge(&table::CACHED, [([], server.memory)])?;
        self.gauge(&table::CACHE, [([], server.memory_limit)])?;
        self.counter(&table::LOOKUPS, [(["hit"], served.ready), (["miss"], served.made)])
    }

    fn feeds(&self, feeds: &[FeedReaders]) -> Result<(), Error> {
        let each = |value: fn(&FeedReaders) -> u64| feeds.iter().map(move |feed| ([feed.path.as_str()], value(feed)));
        self.counter(&table::FEED_REQUESTS, each(|feed| feed.lately))?;
        self.gauge(&table::FEED_CLIENTS, each(|feed| feed.clients))?;
        self.gauge(&table::FEED_SUBSCRIBERS, each(FeedReaders::subscribers))
    }

    fn pings(&self, pings: &PingNumbers) -> Result<(), Error> {
        self.counter(&table::PINGS, [(["sent"], pings.sent), (["given_up"], pings.given_up)])?;
        self.counter(&table::PING_FAILURES, [([], pings.failed)])?;
        self.gauge(&table::PINGS_WAITING, [([], pings.waiting)])
    }

    fn hub(&self, hub: &HubNumbers, most_feeds: usize) -> Result<(), Error> {
        self.gauge(&table::SUBSCRIPTIONS, [([], hub.subscribers)])?;
        let asked = [("refused", hub.refused), ("confirmed", hub.confirmed), ("unconfirmed", hub.unconfirmed)];
        self.counter(&table::SUBSCRIBING, asked.map(|(outcome, count)| ([outcome], count)))?;
        let delivered = [("delivered", hub.delivered), ("failed", hub.failed), ("gone", hub.gone)];
        self.counter(&table::DELIVERIES, delivered.map(|(outcome, count)| ([outcome], count)))?;
        self.counter(&table::RETRIES, [([], hub.retried)])?;
        self.gauge(&table::DELIVERIES_WAITING, [([], hub.waiting + hub.under_way)])?;
        let topics = most_subscribed(&hub.topics).into_iter().take(most_feeds);
        self.gauge(&table::FEED_SUBSCRIPTIONS, topics.map(|topic| ([topic.path.as_str()], topic.subscribers)))
    }

    /// A series for each of these labels.
    fn counter<'a, const N: usize>(
        &self,
        metric: &Metric,
        series: impl IntoIterator<Item = ([&'a str; N], u64)>,
    ) -> Result<(), Error> {
        self.put(IntCounterVec::new(options(metric), metric.labels), |counter| {
            series.into_iter().try_for_each(|(labels, value)| {
                counter.get_metric_with_label_values(&labels).map(|counter| counter.inc_by(value))
            })
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
    fn gauge<'a, const N: usize>(
        &self,
        metric: &Metric,
        series: impl IntoIterator<Item = ([&'a str; N], u64)>,
    ) -> Result<(), Error> {
        self.put(GaugeVec::new(options(metric), metric.labels), |gauge| {
            series.into_iter().try_for_each(|(labels, value)| {
                gauge.get_metric_with_label_values(&labels).map(|gauge| gauge.set(value as f64))
            })
        })
    }

    /// An instant, in microseconds since 1970.
    #[expect(clippy::cast_precision_loss, reason = "one of this millennium is exact")]
    fn time(&self, metric: &Metric, micros: i64) -> Result<(), Error> {
        self.put(Gauge::with_opts(options(metric)), |gauge| {
            gauge.set(micros as f64 / 1e6);
            Ok(())
        })
    }

    fn histogram(&self, histogram: &Histogram) -> Result<(), Error> {
        self.put(Ok(histogram.clone()), |_| Ok(()))
    }

    fn put<C: Collector + 'static>(
        &self,
        made: Result<C, Error>,
        fill: impl FnOnce(&C) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let collector = made?;
        fill(&collector)?;
        self.0.register(Box::new(collector))
    }
}

fn options(metric: &Metric) -> Opts {
    debug_assert!((metric.kind == Kind::Counter) == metric.name.ends_with("_total"), "{}", metric.name);
    Opts::new(metric.name, metric.help)
}
