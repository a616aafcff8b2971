//! What was served, counted. Each core has counters of its own, so that none waits for another.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::StatusCode;

use super::agent::Class;
use super::coding::Coding;
use super::cores::EachCore;
use super::kind::Kind;

/// The statuses that are sent; any other is counted as 0.
const CODES: [u16; 19] = [200, 202, 204, 226, 301, 302, 304, 400, 404, 405, 406, 410, 412, 413, 414, 431, 500, 503, 0];
/// Beside the kinds of files: requests that found none.
const KINDS: usize = Kind::NAMES.len() + 1;

/// Counters since the start.
#[derive(Debug, Default)]
pub(super) struct Counts {
    shards: EachCore<Shard>,
}

/// The counters of one core.
#[derive(Debug, Default)]
struct Shard {
    requests: [[AtomicU64; CODES.len()]; KINDS],
    bytes: [AtomicU64; Coding::ALL.len()],
    saved: [AtomicU64; Saving::ALL.len()],
    clients: [AtomicU64; Class::ALL.len()],
    accepted: AtomicU64,
    refused: AtomicU64,
    ready: AtomicU64,
    made: AtomicU64,
}

/// What a response was, for who counts it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Answer {
    /// The kind of the file that it is about ([`Kind::index`]), and the length of that, where it is about one.
    pub(super) file: Option<(usize, u64)>,
    /// How its body is coded.
    pub(super) coding: Option<Coding>,
    /// Bytes of its body.
    pub(super) sent: u64,
    /// How many more all of it would have been, where only what is new was sent.
    pub(super) spared: u64,
}

/// By what less was sent than every feed whole, as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Saving {
    /// The client had it: `304`.
    NotModified,
    /// It was compressed.
    Compression,
    /// Only what is new in it was sent, `226`; against all of it in the same coding.
    Delta,
}

/// The counters at one time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Served {
    /// Requests that were answered, by the kind of file (`none` for none) and the status.
    pub requests_by: BTreeMap<(&'static str, u16), u64>,
    /// Bytes of bodies, by content coding.
    pub bytes_by: [(&'static str, u64); Coding::ALL.len()],
    /// Bytes that were not sent, by reason.
    pub saved_by: [(&'static str, u64); Saving::ALL.len()],
    /// Requests for feeds by the kind of client.
    pub clients_by: [(&'static str, u64); Class::ALL.len()],
    /// Connections that were let in.
    pub accepted: u64,
    /// Connections that were refused: there were too many.
    pub refused: u64,
    /// Bodies that were in memory when they were asked for.
    pub ready: u64,
    /// Bodies that had to be made.
    pub made: u64,
}

impl Counts {
    /// A request was answered.
    pub(super) fn answered(&self, status: StatusCode, answer: Answer) {
        let Some(shard) = self.shards.own() else { return };
        let kind = answer.file.map_or(KINDS - 1, |(kind, _)| kind);
        let code = CODES.iter().position(|code| *code == status.as_u16()).unwrap_or(CODES.len() - 1);
        add(shard.requests.get(kind).and_then(|codes| codes.get(code)), 1);
        if answer.sent > 0 {
            add(shard.bytes.get(answer.coding.unwrap_or(Coding::Identity) as usize), answer.sent);
        }
        let saved = answer.file.map_or(0, |(_, length)| length).saturating_sub(answer.sent);
        let save = |saving: Saving, bytes: u64| add(shard.saved.get(saving as usize).filter(|_| bytes > 0), bytes);
        match status.as_u16() {
            304 => save(Saving::NotModified, saved),
            226 => {
                save(Saving::Delta, answer.spared);
                save(Saving::Compression, saved.saturating_sub(answer.spared));
            }
            200 => save(Saving::Compression, saved),
            _ => {}
        }
    }

    /// Somebody of this kind asked for a feed.
    pub(super) fn asked(&self, class: Class) {
        add(self.shards.own().and_then(|shard| shard.clients.get(class as usize)), 1);
    }

    /// A connection was let in, or was not.
    pub(super) fn connected(&self, is_in: bool) {
        add(self.shards.own().map(|shard| if is_in { &shard.accepted } else { &shard.refused }), 1);
    }

    /// A body was in memory, or was not.
    pub(super) fn looked(&self, is_ready: bool) {
        add(self.shards.own().map(|shard| if is_ready { &shard.ready } else { &shard.made }), 1);
    }

    pub(super) fn now(&self) -> Served {
        let sum = |of: &dyn Fn(&Shard) -> Option<&AtomicU64>| {
            self.shards.iter().filter_map(of).map(|counter| counter.load(Ordering::Relaxed)).sum::<u64>()
        };
        let mut requests_by = BTreeMap::new();
        for kind in 0..KINDS {
            let name = Kind::NAMES.get(kind).copied().unwrap_or("none");
            for (n, code) in CODES.iter().enumerate() {
                let count = sum(&|shard| shard.requests.get(kind)?.get(n));
                if count > 0 {
                    requests_by.insert((name, *code), count);
                }
            }
        }
        Served {
            requests_by,
            bytes_by: Coding::ALL.map(|coding| (coding.name(), sum(&|shard| shard.bytes.get(coding as usize)))),
            saved_by: Saving::ALL.map(|saving| (saving.name(), sum(&|shard| shard.saved.get(saving as usize)))),
            clients_by: Class::ALL.map(|class| (class.name(), sum(&|shard| shard.clients.get(class as usize)))),
            accepted: sum(&|shard| Some(&shard.accepted)),
            refused: sum(&|shard| Some(&shard.refused)),
            ready: sum(&|shard| Some(&shard.ready)),
            made: sum(&|shard| Some(&shard.made)),
        }
    }
}

fn add(counter: Option<&AtomicU64>, count: u64) {
    if let Some(counter) = counter {
        counter.fetch_add(count, Ordering::Relaxed);
    }
}

impl Saving {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::NotModified, Self::Compression, Self::Delta];

    /// In a word.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::NotModified => "not_modified",
            Self::Compression => "compression",
            Self::Delta => "delta",
        }
    }
}

impl Served {
    /// Requests that were answered.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.with(|_| true)
    }

    /// Those of them with `304`.
    #[must_use]
    pub fn not_modified(&self) -> u64 {
        self.with(|code| code == 304)
    }

    /// Those of them with what is new alone, `226`.
    #[must_use]
    pub fn delta_answers(&self) -> u64 {
        self.with(|code| code == 226)
    }

    /// Those of them with `4xx` or `5xx`.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.with(|code| code >= 400)
    }

    /// Bytes of bodies.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes_by.iter().map(|(_, bytes)| bytes).sum()
    }

    /// Bytes that were not sent because only what is new was.
    #[must_use]
    pub fn spared(&self) -> u64 {
        let deltas = self.saved_by.iter().filter(|(by, _)| *by == Saving::Delta.name());
        deltas.map(|(_, bytes)| bytes).sum()
    }

    /// Bytes that were not sent because clients had them, or because what was sent was smaller.
    #[must_use]
    pub fn saved(&self) -> u64 {
        self.saved_by.iter().map(|(_, bytes)| bytes).sum()
    }

    fn with(&self, is_wanted: impl Fn(u16) -> bool) -> u64 {
        self.requests_by.iter().filter(|((_, code), _)| is_wanted(*code)).map(|(_, count)| count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_threads_count_is_added_up() {
        let counts = Counts::default();
        let sent =
            |coding, sent| Answer { file: Some((Kind::Rss.index(), 1000)), coding: Some(coding), sent, spared: 0 };
        std::thread::scope(|scope| {
            for _ in 0..40 {
                scope.spawn(|| {
                    counts.answered(StatusCode::OK, sent(Coding::Gzip, 200));
                    counts.answered(StatusCode::OK, sent(Coding::Identity, 1000));
                    counts.answered(StatusCode::NOT_MODIFIED, sent(Coding::Gzip, 0));
                    counts.answered(StatusCode::NOT_FOUND, Answer { sent: 30, ..Answer::default() });
                    counts.answered(StatusCode::IM_A_TEAPOT, Answer::default());
                    counts.asked(Class::Reader);
                    counts.looked(true);
                    counts.connected(false);
                });
            }
        });
        counts.answered(StatusCode::IM_USED, Answer { spared: 150, ..sent(Coding::Gzip, 50) });
        let served = counts.now();
        let by = [(("none", 0), 40), (("none", 404), 40), (("rss", 200), 80), (("rss", 226), 1), (("rss", 304), 40)];
        assert_eq!(served.requests_by, BTreeMap::from(by));
        assert_eq!((served.requests(), served.not_modified(), served.errors()), (201, 40, 40));
        assert_eq!(served.bytes_by, [("identity", 41_200), ("gzip", 8050), ("br", 0), ("zstd", 0)]);
        assert_eq!(served.saved_by, [("not_modified", 40_000), ("compression", 32_800), ("delta", 150)]);
        assert_eq!((served.bytes(), served.saved()), (49_250, 72_950));
        assert_eq!((served.clients_by[0], served.ready, served.refused), (("reader", 40), 40, 40));
    }

    #[test]
    fn every_coding_and_client_has_its_place() {
        assert!(Coding::ALL.iter().enumerate().all(|(n, coding)| *coding as usize == n));
        assert!(Class::ALL.iter().enumerate().all(|(n, class)| *class as usize == n));
    }
}
