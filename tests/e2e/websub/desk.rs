//! A hub in this process, with a clock, a resolver and a pace of the test's own.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use hyper::body::Bytes;
use syndicated::config::{Config, Overrides, load};
use syndicated::delivery::endpoint::{Posted, Reply};
use syndicated::model::FeedPath;
use syndicated::publisher::Published;
use syndicated::websub::chance::Pace;
use syndicated::websub::connect::{Resolve, Resolving};
use syndicated::websub::{Hub, HubNumbers, World};
use tokio::runtime::Runtime;

use super::form;
use crate::fixture::{Site, short};

/// 2026-01-01T00:00:00Z, in seconds.
pub(super) const BEGIN: i64 = 1_767_225_600;
const DEADLINE: Duration = Duration::from_secs(30);

/// Names lead where the test says.
#[derive(Debug, Default)]
pub(super) struct Names {
    known: Mutex<BTreeMap<String, Vec<&'static str>>>,
    asked: Mutex<Vec<String>>,
}

impl Names {
    pub(super) fn lead(&self, name: &str, addresses: &[&'static str]) {
        self.known.lock().unwrap().insert(name.to_owned(), addresses.to_vec());
    }

    pub(super) fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

impl Resolve for Names {
    fn resolve<'a>(&'a self, host: &'a str, port: u16) -> Resolving<'a> {
        self.asked.lock().unwrap().push(host.to_owned());
        let found = self.known.lock().unwrap().get(host).cloned();
        Box::pin(async move {
            let found = found.ok_or(std::io::ErrorKind::NotFound)?;
            Ok(found.iter().map(|address| (address.parse::<std::net::IpAddr>().unwrap(), port).into()).collect())
        })
    }
}

/// The hub.
pub(super) struct Desk {
    pub(super) runtime: Runtime,
    pub(super) site: Site,
    pub(super) names: Arc<Names>,
    clock: Arc<AtomicI64>,
    hub: Option<Hub>,
    posts: usize,
}

impl Desk {
    /// A hub for a site, which is built first.
    pub(super) fn open(site: Site) -> Self {
        site.build();
        let mut desk = Self {
            runtime: tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap(),
            site,
            names: Arc::default(),
            clock: Arc::new(AtomicI64::new(BEGIN)),
            hub: None,
            posts: 0,
        };
        desk.reopen();
        desk
    }

    /// Ends the hub, if there is one, as it ends when its service does, and begins another.
    pub(super) fn reopen(&mut self) {
        self.close();
        let config = self.config();
        let clock = Arc::clone(&self.clock);
        let world = World {
            now: Arc::new(move || clock.load(Ordering::SeqCst) * 1_000_000),
            resolver: Arc::clone(&self.names) as Arc<dyn Resolve>,
            pace: Pace { first: Duration::from_millis(20), longest: Duration::from_millis(100) },
        };
        let _inside = self.runtime.enter();
        let hub = Hub::open(&config, config.websub.hub.as_ref().unwrap(), world).unwrap();
        hub.begin();
        self.hub = Some(hub);
    }

    pub(super) fn close(&mut self) {
        if let Some(hub) = self.hub.take() {
            self.runtime.block_on(hub.close());
        }
    }

    pub(super) fn config(&self) -> Config {
        let overrides = Overrides { config: Some(self.site.path("syndicated.toml")), ..Overrides::default() };
        load(&overrides, &[], &self.site.path(""), Some("UTC")).unwrap()
    }

    pub(super) fn hub(&self) -> &Hub {
        self.hub.as_ref().unwrap()
    }

    /// Time passes.
    pub(super) fn wait(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Posts a form to the hub.
    pub(super) fn asks(&self, pairs: &[(&str, &str)]) -> Reply {
        let posted = Posted {
            client: None,
            content_type: Some("application/x-www-form-urlencoded".to_owned()),
            body: Bytes::from(form(pairs)),
        };
        let endpoint = self.hub().endpoint();
        self.runtime.block_on(endpoint.post(posted))
    }

    /// The same, which is accepted.
    #[track_caller]
    pub(super) fn accepts(&self, pairs: &[(&str, &str)]) {
        let reply = self.asks(pairs);
        assert_eq!(reply.status, 202, "{reply:?}");
    }

    /// Publishes another post in a category.
    pub(super) fn publish(&mut self, category: &str) {
        self.posts += 1;
        let name = format!("site/_posts/2022-02-{:02}-n.md", self.posts);
        self.site.write(&name, short(&format!("New {}", self.posts), category));
        self.publish_all();
    }

    /// Builds, and tells the hub.
    pub(super) fn publish_all(&self) {
        let before = self.listed();
        self.site.build();
        let after = self.listed();
        let gone = before.keys().filter(|path| !after.contains_key(*path)).map(|path| (path.clone(), None));
        let files: Vec<_> = after.iter().map(|(path, version)| (path.clone(), Some(*version))).chain(gone).collect();
        self.hub().published(&files);
    }

    pub(super) fn numbers(&self) -> HubNumbers {
        self.hub().numbers()
    }

    /// Waits until the hub's numbers are as wanted.
    #[track_caller]
    pub(super) fn until(&self, what: &str, holds: impl Fn(&HubNumbers) -> bool) -> HubNumbers {
        let began = Instant::now();
        loop {
            let numbers = self.numbers();
            if holds(&numbers) {
                return numbers;
            }
            assert!(began.elapsed() < DEADLINE, "never: {what}; {numbers:#?}");
            thread::park_timeout(Duration::from_millis(2));
        }
    }

    fn listed(&self) -> BTreeMap<FeedPath, [u8; 32]> {
        let listed = Published::at(&self.site.path("feeds")).list().unwrap();
        listed.into_iter().map(|(path, digest)| (path, digest.unwrap().sha256)).collect()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _inside = self.runtime.enter();
        self.hub = None;
    }
}
