//! What the service has done since it began, counted for metrics.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use prometheus::{Histogram, HistogramOpts};

use super::admin::table::{self, Metric};
use crate::engine::Report;
use crate::watcher::changes::Batch;

/// From a save to the feeds, in seconds.
const LATENCIES: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 600.0];
/// For the parts of a batch, in seconds.
const DURATIONS: &[f64] = &[0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 60.0, 300.0];

/// The counters.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) done: AtomicU64,
    pub(super) failed: AtomicU64,
    pub(super) scans: AtomicU64,
    pub(super) reconciled: AtomicU64,
    pub(super) repaired: AtomicU64,
    pub(super) looked_at: AtomicU64,
    pub(super) opened: AtomicU64,
    pub(super) written: AtomicU64,
    pub(super) unchanged: AtomicU64,
    pub(super) removed: AtomicU64,
    /// When a file last changed, in microseconds since 1970; 0: not yet.
    pub(super) last: AtomicI64,
    // What a histogram is made of is fixed, and right: it is there.
    pub(super) latency: Option<Histogram>,
    pub(super) reading: Option<Histogram>,
    pub(super) writing: Option<Histogram>,
}

impl Tally {
    pub(super) fn new() -> Self {
        let histogram = |metric: &Metric, buckets: &[f64]| {
            let options = HistogramOpts::new(metric.name, metric.help).buckets(buckets.to_vec());
            Histogram::with_opts(options).ok()
        };
        Self {
            done: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            scans: AtomicU64::new(0),
            reconciled: AtomicU64::new(0),
            repaired: AtomicU64::new(0),
            looked_at: AtomicU64::new(0),
            opened: AtomicU64::new(0),
            written: AtomicU64::new(0),
            unchanged: AtomicU64::new(0),
            removed: AtomicU64::new(0),
            last: AtomicI64::new(0),
            latency: histogram(&table::LATENCY, LATENCIES),
            reading: histogram(&table::READING, DURATIONS),
            writing: histogram(&table::WRITING, DURATIONS),
        }
    }

    /// A batch was applied, or failed.
    pub(super) fn batch(&self, batch: &Batch, report: Option<&Report>) {
        add(&self.scans, u64::from(batch.everything));
        let Some(report) = report else { return add(&self.failed, 1) };
        add(&self.done, 1);
        add(&self.looked_at, report.looked_at);
        add(&self.opened, report.opened);
        add(&self.written, report.written);
        add(&self.unchanged, report.unchanged);
        add(&self.removed, report.removed);
        observe(&self.reading, report.reading);
        observe(&self.writing, report.writing);
    }

    /// Files changed at `now`, in microseconds since 1970.
    pub(super) fn published(&self, now: i64) {
        self.last.store(now, Ordering::Relaxed);
    }

    /// What was saved is in the feeds so much later.
    pub(super) fn changed_after(&self, time: Duration) {
        observe(&self.latency, time);
    }

    /// The regular look at everything is over; whether it found what no event had told.
    pub(super) fn reconciled(&self, has_found: bool) {
        add(&self.reconciled, 1);
        add(&self.repaired, u64::from(has_found));
    }
}

fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}

fn observe(histogram: &Option<Histogram>, time: Duration) {
    if let Some(histogram) = histogram {
        histogram.observe(time.as_secs_f64());
    }
}
