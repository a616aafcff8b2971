//! Readers counted, kept and forgotten.

use super::*;

const FEEDLY: &str = "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers)";

struct Fixture {
    state: tempfile::TempDir,
    path: FeedPath,
}

impl Fixture {
    fn new() -> Self {
        Self { state: tempfile::tempdir().unwrap(), path: FeedPath::new("rss.xml").unwrap() }
    }

    fn open(&self, day: i64) -> (Audience, Arc<Readers>) {
        let audience = Audience::open(self.state.path(), day * DAY);
        let readers = audience.of(&self.path);
        audience.turn(day * DAY);
        (audience, readers)
    }
}

fn asked(audience: &Audience, readers: &Readers, address: &str, field: &str) {
    audience.asked(readers, Peer::Ip(address.parse().unwrap()), field, StatusCode::OK);
}

fn told(audience: &Audience) -> (u64, u64, u64, u64, u64) {
    let feeds = audience.feeds_read();
    let [feed] = &feeds[..] else { panic!("{feeds:?}") };
    (feed.clients, feed.yesterday, feed.subscribers(), feed.requests(), feed.lately)
}

#[test]
fn a_day_ends_and_with_it_all_that_is_known_of_its_clients() {
    let fixture = Fixture::new();
    let (audience, readers) = fixture.open(100);
    let key = audience.today.load().key;
    for address in ["192.0.2.1", "192.0.2.2", "192.0.2.1"] {
        asked(&audience, &readers, address, "newsboat");
    }
    asked(&audience, &readers, "192.0.2.3", FEEDLY);
    asked(&audience, &readers, "192.0.2.4", "Googlebot/2.1");
    assert_eq!(told(&audience), (2, 0, 16, 5, 5));
    audience.turn(100 * DAY + DAY - 1);
    assert_eq!(audience.today.load().key, key);
    audience.turn(101 * DAY);
    assert_eq!(told(&audience), (0, 2, 16, 5, 5));
    assert_ne!(audience.today.load().key, key);
    asked(&audience, &readers, "192.0.2.1", "newsboat");
    // A day on which nobody looked lies between.
    audience.turn(103 * DAY);
    assert_eq!(told(&audience), (0, 0, 16, 6, 6));
    audience.turn(108 * DAY);
    assert_eq!(told(&audience), (0, 0, 0, 6, 6));
}

#[test]
fn the_next_process_goes_on() {
    let fixture = Fixture::new();
    let served = Totals { requests: 3, not_modified: 1, bytes: 50, saved: 9 };
    let (audience, readers) = fixture.open(100);
    asked(&audience, &readers, "192.0.2.1", "newsboat");
    asked(&audience, &readers, "192.0.2.3", FEEDLY);
    audience.keep(fixture.state.path(), served);
    let (again, readers) = fixture.open(100);
    assert_eq!(told(&again), (1, 0, 16, 2, 0));
    asked(&again, &readers, "192.0.2.1", "newsboat");
    assert_eq!(told(&again), (1, 0, 16, 3, 1));
    assert_eq!(again.totals(served), served.plus(served));
    again.keep(fixture.state.path(), served);
    let (tomorrow, _) = fixture.open(101);
    assert_eq!((told(&tomorrow), tomorrow.since()), ((0, 1, 16, 3, 0), 100 * DAY));
    assert_eq!(std::fs::read_dir(fixture.state.path()).unwrap().count(), 1);
}

#[test]
fn without_news_nothing_is_written_and_damage_is_a_new_beginning() {
    let fixture = Fixture::new();
    let (audience, _) = fixture.open(100);
    audience.keep(fixture.state.path(), Totals::default());
    assert_eq!(std::fs::read_dir(fixture.state.path()).unwrap().count(), 0);
    for text in ["", "{", "[]", "{\"version\":2}", "{\"version\":1,\"since\":0,\"day\":1,\"key\":\"x\"}"] {
        std::fs::write(fixture.state.path().join("readers.json"), text).unwrap();
        assert!(ledger::read(fixture.state.path()).is_err(), "{text}");
        let (audience, readers) = fixture.open(100);
        asked(&audience, &readers, "192.0.2.1", "newsboat");
        assert_eq!(told(&audience), (1, 0, 0, 1, 1));
    }
}

#[test]
fn who_invents_aggregators_fills_no_memory() {
    let fixture = Fixture::new();
    let (audience, readers) = fixture.open(100);
    asked(&audience, &readers, "192.0.2.3", FEEDLY);
    for n in 0..1000 {
        asked(&audience, &readers, "192.0.2.9", &format!("x{n} (1 subscriber)"));
    }
    let feeds = audience.feeds_read();
    assert_eq!(feeds[0].aggregators.len(), MOST_AGGREGATORS);
    assert_eq!((feeds[0].aggregators[0].name.as_str(), feeds[0].aggregators[0].subscribers), ("Feedly", 16));
}

#[test]
fn what_is_no_feed_has_no_reader() {
    let fixture = Fixture::new();
    let (audience, readers) = fixture.open(100);
    for status in [StatusCode::NOT_ACCEPTABLE, StatusCode::PRECONDITION_FAILED, StatusCode::GONE] {
        assert_eq!(audience.asked(&readers, Peer::Local, "newsboat", status), None);
    }
    assert!(audience.feeds_read().is_empty());
}
