//! The operators' view, over real sockets.

mod health;
mod listeners;
mod metrics;
mod page;
mod readers;

use std::collections::BTreeMap;

use crate::fixture::{Site, short};
use crate::http::client::{Client, Response};
use crate::service::Running;

const FEED: &str = "/feeds/rss.xml";
const POST: &str = "site/_posts/2022-01-01-a.md";

fn site() -> Site {
    Site::jekyll().post("2022-01-01-a.md", short("A", "tech")).post("2022-01-02-b.md", short("B", "money"))
}

/// A service with a port for operators, and one for readers.
struct Operated {
    running: Running,
    public: String,
    admin: String,
}

impl Operated {
    fn start(site: &Site) -> Self {
        Self::of(site.start_with(&["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]))
    }

    /// `serve`, of what is built.
    fn built(site: &Site) -> Self {
        let command = site.command(["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
        let running = Running::spawn(command);
        running.logs("ready");
        Self::of(running)
    }

    fn of(running: Running) -> Self {
        let (public, admin) = (address(&running, "listening"), address(&running, "open for operators"));
        Self { running, public, admin }
    }

    fn get(&self, path: &str) -> Response {
        Client::tcp(&self.admin).get(path)
    }

    fn text(&self, path: &str) -> String {
        String::from_utf8(self.get(path).is(200).body).unwrap()
    }

    fn metrics(&self) -> Metrics {
        Metrics::parse(&self.text("/metrics"))
    }

    /// What a reader gets for a request with these fields.
    fn reads(&self, path: &str, fields: &[&str]) -> Response {
        Client::tcp(&self.public).asks("GET", path, fields)
    }
}

/// The address in the line of the log that says so.
fn address(running: &Running, what: &str) -> String {
    let line = running.logs(&format!("{what} address="));
    line.split('"').nth(1).unwrap().to_owned()
}

/// Samples by their names and labels, as they are written.
#[derive(Debug)]
struct Metrics(BTreeMap<String, f64>);

impl Metrics {
    fn parse(text: &str) -> Self {
        let samples = text.lines().filter(|line| !line.starts_with('#')).map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name.to_owned(), value.parse().unwrap())
        });
        Self(samples.collect())
    }

    #[track_caller]
    fn has(&self, name: &str, value: f64) {
        assert_eq!(self.0.get(name), Some(&value), "{name} in {self:#?}");
    }

    fn get(&self, name: &str) -> f64 {
        *self.0.get(name).unwrap_or_else(|| panic!("no {name} in {self:#?}"))
    }

    /// The series of a metric.
    fn of(&self, name: &str) -> Vec<&str> {
        self.0.keys().filter(|key| key.split('{').next() == Some(name)).map(String::as_str).collect()
    }
}
