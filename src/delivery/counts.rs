//! What was served, counted.

use std::sync::atomic::{AtomicU64, Ordering};

use hyper::StatusCode;

/// Counters since the start.
#[derive(Debug, Default)]
pub(super) struct Counts {
    requests: AtomicU64,
    not_modified: AtomicU64,
    errors: AtomicU64,
    bytes: AtomicU64,
    refused: AtomicU64,
    delta_answers: AtomicU64,
    bytes_saved: AtomicU64,
}

/// Their values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Served {
    /// Requests that were answered.
    pub requests: u64,
    /// Those of them with `304`.
    pub not_modified: u64,
    /// Those of them with `4xx` or `5xx`.
    pub errors: u64,
    /// Bytes of bodies.
    pub bytes: u64,
    /// Connections that were refused: there were too many.
    pub refused: u64,
    /// Requests that were answered with what is new alone, `226`.
    pub delta_answers: u64,
    /// Bytes of bodies that these spared.
    pub bytes_saved: u64,
}

impl Counts {
    pub(super) fn answered(&self, status: StatusCode, bytes: u64) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        if status == StatusCode::NOT_MODIFIED {
            self.not_modified.fetch_add(1, Ordering::Relaxed);
        } else if status.as_u16() >= 400 {
            self.errors.fetch_add(1, Ordering::Relaxed);
        }
        if bytes > 0 {
            self.bytes.fetch_add(bytes, Ordering::Relaxed);
        }
    }

    /// What is new was sent, and so much less than all of it.
    pub(super) fn saved(&self, bytes: u64) {
        self.delta_answers.fetch_add(1, Ordering::Relaxed);
        self.bytes_saved.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn now(&self) -> Served {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Served {
            requests: get(&self.requests),
            not_modified: get(&self.not_modified),
            errors: get(&self.errors),
            bytes: get(&self.bytes),
            refused: get(&self.refused),
            delta_answers: get(&self.delta_answers),
            bytes_saved: get(&self.bytes_saved),
        }
    }
}
