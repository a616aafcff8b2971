//! Feeds by HTTP, over real sockets, by raw requests.

pub(crate) mod client;
mod conditions;
mod connections;
mod deltas;
mod feeds;
mod listeners;
mod many;
mod often;
mod pages;
mod proxies;
mod refusals;
mod served;
mod swaps;

use std::io::Read as _;

pub(crate) use client::{Client, Response};

use crate::fixture::{Site, front, short};
use crate::service::Running;

const POST: &str = "site/_posts/2022-01-01-a.md";

fn site() -> Site {
    Site::jekyll().post("2022-01-01-a.md", short("A", "tech")).post("2022-01-02-b.md", short("B", "money, 科技"))
}

/// A site whose feed of all posts is large, in bytes.
fn large(bytes: usize) -> Site {
    let words: String = (0..bytes / 8).map(|n| format!("w{:06} ", n * 7919 % 999_983)).collect();
    Site::jekyll().post("2022-01-01-a.md", front("title: A\ncategories: [tech]", &words))
}

/// A service that listens on a port of its own.
pub(crate) struct Serving {
    pub(crate) running: Running,
    pub(crate) address: String,
}

impl Serving {
    pub(crate) fn start(site: &Site) -> Self {
        Self::of(site.start_with(&["--listen", "127.0.0.1:0"]))
    }

    /// `serve`, of what is built.
    fn built(site: &Site) -> Self {
        let running = Running::spawn(site.command(["serve", "--listen", "127.0.0.1:0"]));
        running.logs("ready");
        Self::of(running)
    }

    pub(crate) fn of(running: Running) -> Self {
        let line = running.logs("listening");
        let (_, address) = line.split_once("address=\"").unwrap();
        let address = address.split('"').next().unwrap().to_owned();
        Self { running, address }
    }

    fn connect(&self) -> Client {
        Client::tcp(&self.address)
    }

    /// What comes of one request on a connection of its own.
    pub(crate) fn asks(&self, method: &str, path: &str, fields: &[&str]) -> Response {
        self.connect().asks(method, path, fields)
    }

    pub(crate) fn get(&self, path: &str) -> Response {
        self.asks("GET", path, &[])
    }

    /// What comes of these bytes.
    pub(crate) fn sends(&self, bytes: impl AsRef<[u8]>) -> Response {
        let mut client = self.connect();
        client.sends(bytes);
        client.hears(false)
    }
}

/// The bytes that a body stands for.
fn decoded(response: &Response) -> Vec<u8> {
    let mut bytes = Vec::new();
    match response.field("content-encoding") {
        None => bytes.clone_from(&response.body),
        Some("gzip") => _ = flate2::read::GzDecoder::new(&*response.body).read_to_end(&mut bytes).unwrap(),
        Some("br") => brotli::BrotliDecompress(&mut &*response.body, &mut bytes).unwrap(),
        Some("zstd") => bytes = zstd::stream::decode_all(&*response.body).unwrap(),
        Some(other) => panic!("{other}"),
    }
    bytes
}
