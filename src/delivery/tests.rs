//! Bodies within their memory, made once for all who want them.

use std::sync::Arc;

use tempfile::TempDir;
use tokio::sync::Semaphore;

use super::audience::Audience;
use super::bodies::{NoBody, Sent};
use super::coding::Coding;
use super::form::Form;
use super::shelf::{Entry, Place, Shelf};
use crate::config::{Config, Overrides, load};
use crate::model::FeedPath;
use crate::publisher::{Digest, LocalFolder, Publisher};

/// An output, and what is served of it.
struct Fixture {
    folder: TempDir,
    config: Config,
    publisher: Publisher,
    workers: Arc<Semaphore>,
}

impl Fixture {
    fn new(cache: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let toml = format!("[site]\nurl = \"https://example.com\"\n[server]\ncache = \"{cache}\"\n");
        std::fs::write(folder.path().join("syndicated.toml"), toml).unwrap();
        let config = load(&Overrides::default(), &[], folder.path(), Some("UTC")).unwrap();
        let store = LocalFolder::new(&config.output.dir, None);
        let publisher = Publisher::open(store, Default::default()).unwrap();
        Self { folder, config, publisher, workers: Arc::new(Semaphore::new(2)) }
    }

    fn publish(&self, name: &str, bytes: &[u8]) {
        self.publisher.publish(&FeedPath::new(name).unwrap(), bytes).unwrap();
        self.publisher.finish().unwrap();
    }

    fn shelf(&self) -> Arc<Shelf> {
        Arc::new(Shelf::open(&self.config, &Arc::new(Audience::open(&self.config.state, 0))))
    }

    async fn body(&self, shelf: &Arc<Shelf>, name: &str, coding: Coding, now: u32) -> Result<Sent, NoBody> {
        shelf.body(&entry(shelf, name), coding, &self.workers, now).await
    }
}

fn entry(shelf: &Shelf, name: &str) -> Arc<Entry> {
    match shelf.find(&shelf.index(), &format!("/feeds/{name}")).unwrap() {
        Place::Feed(entry) => Arc::clone(entry),
        other => panic!("{name}: {other:?}"),
    }
}

/// A feed that does not compress away.
fn text(seed: usize, length: usize) -> Vec<u8> {
    let mut bytes = b"<rss>".to_vec();
    let mut state = seed as u64 + 1;
    while bytes.len() < length {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.extend(format!("{:x} ", state >> 40).into_bytes());
    }
    bytes.truncate(length);
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_who_ask_at_once_get_the_same_body() {
    let fixture = Fixture::new("64 MiB");
    fixture.publish("rss.xml", &text(1, 400_000));
    let shelf = fixture.shelf();
    let asks = (0..100).map(|_| {
        let (shelf, workers) = (Arc::clone(&shelf), Arc::clone(&fixture.workers));
        tokio::spawn(async move { shelf.body(&entry(&shelf, "rss.xml"), Coding::Br, &workers, 1).await.unwrap().body })
    });
    let mut places = Vec::new();
    for ask in asks.collect::<Vec<_>>() {
        places.push(ask.await.unwrap().as_ptr());
    }
    assert!(places.iter().all(|place| *place == places[0]), "it was made once");
}

#[tokio::test]
async fn bodies_keep_within_their_memory_and_are_made_again() {
    let fixture = Fixture::new("1 MiB");
    let names: Vec<String> = (0..60).map(|n| format!("{n}/rss.xml")).collect();
    for (n, name) in names.iter().enumerate() {
        fixture.publish(name, &text(n, 60_000));
    }
    let shelf = fixture.shelf();
    for round in 0..2 {
        for (n, name) in names.iter().enumerate() {
            let now = round * 100 + u32::try_from(n).unwrap();
            let sent = fixture.body(&shelf, name, Coding::Identity, now).await.unwrap();
            assert!(*sent.body == text(n, 60_000));
            assert_eq!(sent.version.digest, Digest::of(&sent.body));
            let gzip = fixture.body(&shelf, name, Coding::Gzip, now).await.unwrap();
            assert_eq!(gzip.form, Form::Gzip);
            drop((sent, gzip));
            assert!(shelf.budget.held() <= shelf.budget.limit(), "{}", shelf.budget.held());
            // What was asked for last is there.
            assert!(entry(&shelf, name).current.load().has(Form::Gzip));
        }
    }
    assert!(!entry(&shelf, &names[0]).current.load().has(Form::Identity), "what is not asked for has made room");
}

#[tokio::test]
async fn what_nobody_takes_is_bounded_too() {
    let fixture = Fixture::new("0");
    let names: Vec<String> = (0..40).map(|n| format!("{n}/rss.xml")).collect();
    for (n, name) in names.iter().enumerate() {
        fixture.publish(name, &text(n, 1_000_000));
    }
    let shelf = fixture.shelf();
    let mut held = Vec::new();
    let mut refused = 0;
    for name in &names {
        match fixture.body(&shelf, name, Coding::Identity, 1).await {
            Ok(sent) => held.push(sent),
            Err(NoBody::Busy) => refused += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(refused > 20 && held.len() > 10 && shelf.budget.held() <= 17 << 20, "{refused}");
    held.clear();
    assert_eq!(shelf.budget.held(), 0);
    fixture.body(&shelf, &names[39], Coding::Identity, 1).await.unwrap();
}

#[tokio::test]
async fn a_file_that_somebody_replaced_is_sent_as_what_it_is() {
    let fixture = Fixture::new("64 MiB");
    fixture.publish("rss.xml", &text(1, 5000));
    let shelf = fixture.shelf();
    let before = fixture.body(&shelf, "rss.xml", Coding::Identity, 1).await.unwrap();
    // Of the length that the manifest states.
    std::fs::write(fixture.folder.path().join("feeds/rss.xml"), text(2, 5000)).unwrap();
    let gzip = fixture.body(&shelf, "rss.xml", Coding::Zstd, 1).await.unwrap();
    assert_eq!(gzip.version.digest, before.version.digest, "what is in memory is one version");
    let other = fixture.shelf();
    let after = fixture.body(&other, "rss.xml", Coding::Identity, 1).await.unwrap();
    assert!(*after.body == text(2, 5000) && after.version.digest == Digest::of(&after.body));
    std::fs::remove_file(fixture.folder.path().join("feeds/rss.xml")).unwrap();
    let third = fixture.shelf();
    assert!(matches!(third.find(&third.index(), "/feeds/rss.xml"), Ok(Place::Gone)));
    assert_eq!(fixture.body(&other, "rss.xml", Coding::Gzip, 1).await.unwrap().version.digest, after.version.digest);
}

#[test]
fn publications_are_taken_over_without_reading() {
    let fixture = Fixture::new("64 MiB");
    fixture.publish("a.xml", &text(1, 2000));
    let shelf = fixture.shelf();
    let news = fixture.publisher.news();
    assert!(shelf.publish(&news).is_empty(), "it is known");
    fixture.publish("a.xml", &text(2, 2000));
    fixture.publish("b.xml", b"<feed/>");
    let before = entry(&shelf, "a.xml").current.load_full();
    assert_eq!(shelf.publish(&fixture.publisher.news()).len(), 2);
    shelf.settle();
    let after = entry(&shelf, "a.xml").current.load_full();
    assert!(after.modified > before.modified && after.digest == Digest::of(&text(2, 2000)));
    assert_eq!(entry(&shelf, "b.xml").current.load().kind.content_type(), "application/atom+xml; charset=utf-8");
    fixture.publisher.remove(&FeedPath::new("a.xml").unwrap()).unwrap();
    shelf.publish(&fixture.publisher.news());
    shelf.settle();
    assert!(matches!(shelf.find(&shelf.index(), "/feeds/a.xml"), Ok(Place::Gone)));
    assert!(shelf.look_again().is_empty());
}

#[test]
fn feeds_come_and_go_once_a_publication() {
    let fixture = Fixture::new("64 MiB");
    fixture.publish("a.xml", b"<feed/>");
    let shelf = fixture.shelf();
    shelf.publish(&fixture.publisher.news());
    let remembered = fixture.config.state.join("http.json");
    let written = std::fs::read(&remembered).unwrap();
    for n in 0..3 {
        let name = format!("{n}/rss.xml");
        fixture.publish(&name, &text(n, 100));
        assert_eq!(shelf.publish(&fixture.publisher.news()).len(), 1);
        fixture.publish(&name, &text(n + 100, 100));
        assert_eq!(shelf.publish(&fixture.publisher.news()).len(), 1);
    }
    let gone = FeedPath::new("1/rss.xml").unwrap();
    fixture.publisher.remove(&gone).unwrap();
    shelf.publish(&fixture.publisher.news());
    assert!(std::fs::read(&remembered).unwrap() == written && shelf.len() == 1);
    shelf.settle();
    assert!(std::fs::read(&remembered).unwrap() != written && shelf.len() == 3);
    assert_eq!(entry(&shelf, "2/rss.xml").current.load().digest, Digest::of(&text(102, 100)));
}

#[tokio::test]
async fn a_version_that_was_sent_is_known_after_a_restart() {
    let fixture = Fixture::new("64 MiB");
    let feed = |n: usize| format!("<feed><entry>{n}</entry><entry>{}</entry></feed>", n + 1).into_bytes();
    let shelf = fixture.shelf();
    let mut tags = Vec::new();
    for n in 0..12 {
        fixture.publish("atom.xml", &feed(n));
        shelf.publish(&fixture.publisher.news());
        shelf.settle();
        let sent = fixture.body(&shelf, "atom.xml", Coding::Gzip, 1).await.unwrap();
        tags.push(sent.version.tags);
    }
    let known = |shelf: &Shelf| {
        let version = entry(shelf, "atom.xml").current.load_full();
        version.past.iter().map(|past| (past.tags, past.entries.to_vec())).collect::<Vec<_>>()
    };
    let latest: Vec<_> = tags.iter().rev().skip(1).take(8).copied().collect();
    assert_eq!(known(&shelf).iter().map(|(tags, _)| *tags).collect::<Vec<_>>(), latest);
    assert_eq!(known(&fixture.shelf()), known(&shelf));
    // A version that nobody was sent is nobody's.
    fixture.publish("atom.xml", &feed(100));
    shelf.publish(&fixture.publisher.news());
    fixture.publish("atom.xml", &feed(101));
    shelf.publish(&fixture.publisher.news());
    assert_eq!(known(&shelf)[0].0, tags[11]);
}
