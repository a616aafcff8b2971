//! Every metric, in one table: what is told, linted and documented.

use std::fmt::Write as _;

/// One metric.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// By the conventions of Prometheus: with its unit, counters end in `_total`.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// By what its series differ.
    pub labels: &'static [&'static str],
    /// What it says, in a sentence.
    pub help: &'static str,
}

/// What a metric is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It only grows, from 0 at the start of the process.
    Counter,
    /// It is as it is.
    Gauge,
    /// Counts by size.
    Histogram,
}

macro_rules! metrics {
    ($($id:ident $kind:ident $name:literal [$($label:literal),*] $help:literal;)*) => {
        $(#[doc = $help] pub(crate) const $id: Metric =
            Metric { name: $name, kind: Kind::$kind, labels: &[$($label),*], help: $help };)*

        /// Every metric, in the order of the documentation.
        pub const METRICS: &[Metric] = &[$($id,)*];
    };
}

metrics! {
    BUILD Gauge "syndicated_build_info" ["version"] "Always 1: the program that runs.";
    START Gauge "process_start_time_seconds" [] "When the service began, in seconds since 1970.";
    RESIDENT Gauge "process_resident_memory_bytes" [] "Memory in use (RSS).";
    READY Gauge "syndicated_ready" [] "Whether /readyz says 200.";

    POSTS Gauge "syndicated_posts" ["outcome"] "Posts by what became of them: kept, or why they are in no feed.";
    FEEDS Gauge "syndicated_feeds" [] "Feeds that there are.";
    FINDINGS Gauge "syndicated_findings" ["severity"] "Findings in posts.";
    CATALOG Gauge "syndicated_catalog_bytes" [] "Size of the catalog's files.";
    QUEUE Gauge "syndicated_queue_paths" [] "Files and folders of which something was told that is not published yet.";
    FAILING Gauge "syndicated_failing" [] "What could not be published and is tried again.";
    HINDRANCES Gauge "syndicated_watch_problems" [] "What hinders the watching of files.";

    PUBLICATIONS Counter "syndicated_publications_total" [] "Publications that changed a file.";
    LAST Gauge "syndicated_last_publication_timestamp_seconds" [] "When a file last changed, in seconds since 1970.";
    FILES Counter "syndicated_files_total" ["outcome"] "Files of feeds that were made: written, unchanged, or removed.";
    LATENCY Histogram "syndicated_change_latency_seconds" []
        "From the save of a post to its feeds being published, for the first 5 posts of each publication.";
    BATCHES Counter "syndicated_batches_total" ["outcome"] "Batches of changes: done, or failed.";
    SCANS Counter "syndicated_scans_total" [] "Batches in which everything was looked at.";
    INPUTS Counter "syndicated_inputs_total" ["step"] "Files of the site that were looked_at, and that were opened.";
    READING Histogram "syndicated_batch_reading_seconds" [] "For looking at files, reading posts and filling the catalog.";
    WRITING Histogram "syndicated_batch_writing_seconds" [] "For making and publishing feeds.";
    RECONCILES Counter "syndicated_reconciles_total" [] "Regular looks at everything.";
    REPAIRS Counter "syndicated_reconcile_repairs_total" [] "Regular looks that found what no event had told.";

    REQUESTS Counter "syndicated_http_requests_total" ["kind", "code"]
        "Requests that were answered, by the kind of file (rss, atom, json, opml, html, other, or none) and the status.";
    BYTES Counter "syndicated_http_response_bytes_total" ["encoding"] "Bytes of bodies.";
    SAVED Counter "syndicated_http_saved_bytes_total" ["by"]
        "Bytes that were not sent, against every feed whole and uncompressed: not_modified, compression, delta.";
    CLIENTS Counter "syndicated_http_feed_requests_total" ["client"]
        "Requests that got a feed or 304, by the kind of client: reader, aggregator, crawler, browser, other.";
    CONNECTIONS Gauge "syndicated_http_connections" [] "Connections that are open.";
    ACCEPTED Counter "syndicated_http_connections_total" ["outcome"] "Connections that were accepted, or refused: there were too many.";
    SERVED Gauge "syndicated_http_files" [] "Files that are served.";
    CACHED Gauge "syndicated_http_cache_bytes" [] "Memory that feeds and their compressed forms take.";
    CACHE Gauge "syndicated_http_cache_limit_bytes" [] "Memory that they may take (server.cache).";
    LOOKUPS Counter "syndicated_http_cache_lookups_total" ["result"] "Bodies that were in memory (hit), or had to be made (miss).";

    PINGS Counter "syndicated_websub_pings_total" ["outcome"] "Changed feeds that each of websub.hubs was to be told of: sent, or given_up.";
    PING_FAILURES Counter "syndicated_websub_ping_failures_total" [] "Requests to these hubs that failed.";
    PINGS_WAITING Gauge "syndicated_websub_pings_waiting" [] "Changed feeds that these hubs have still to be told of.";
    SUBSCRIPTIONS Gauge "syndicated_websub_subscriptions" [] "Subscriptions to the hub of its own (websub.hub) that hold.";
    SUBSCRIBING Counter "syndicated_websub_subscribe_requests_total" ["outcome"]
        "Requests for subscriptions by what became of them: refused at once, confirmed, or unconfirmed.";
    DELIVERIES Counter "syndicated_websub_deliveries_total" ["outcome"]
        "Attempts to deliver a feed: delivered, failed, or the subscriber was gone.";
    RETRIES Counter "syndicated_websub_retries_total" [] "Attempts to deliver beyond the first.";
    DELIVERIES_WAITING Gauge "syndicated_websub_deliveries_waiting" [] "Deliveries that wait for their turn or another try, or are under way.";

    FEED_SUBSCRIPTIONS Gauge "syndicated_feed_websub_subscriptions" ["feed"]
        "Subscriptions to this feed at the hub of its own. Only with server.metrics_per_feed.";
    FEED_REQUESTS Counter "syndicated_feed_requests_total" ["feed"]
        "Requests that got this feed or 304. Only with server.metrics_per_feed.";
    FEED_CLIENTS Gauge "syndicated_feed_clients" ["feed"]
        "About how many clients have asked for this feed today (UTC), without crawlers and aggregators. Only with server.metrics_per_feed.";
    FEED_SUBSCRIBERS Gauge "syndicated_feed_subscribers" ["feed"]
        "For how many people aggregators say that they ask for this feed. Only with server.metrics_per_feed.";
}

/// The table of metrics for the documentation: name and labels, type, meaning.
#[must_use]
pub fn markdown_table() -> String {
    let mut table = String::from("| metric | type | what it says |\n|---|---|---|\n");
    for metric in METRICS {
        let labels = metric.labels.join(", ");
        let labels = if labels.is_empty() { labels } else { format!("{{{labels}}}") };
        let kind = format!("{:?}", metric.kind).to_lowercase();
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| `{}{labels}` | {kind} | {} |", metric.name, metric.help);
    }
    table
}
