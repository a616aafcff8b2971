//! Ten thousand connections that do nothing.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::client::request;
use super::{Serving, site};
use crate::fixture::skipped;

const MANY: u64 = 10_000;
/// In bytes.
const MEMORY: u64 = 200_000_000;

#[test]
fn ten_thousand_idle_connections_are_little_memory() {
    let limit = getrlimit(Resource::Nofile);
    if limit.maximum.is_some_and(|most| most < MANY + 1000) {
        return skipped("descriptors", "a process may have fewer than 11,000 files open here");
    }
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).unwrap();
    let site = site();
    let serving = Serving::start(&site);
    let ask = request("GET", "/feeds/rss.xml", &["Accept-Encoding: gzip", "User-Agent: a reader/1.0"]);
    let mut open = Vec::new();
    for _ in 0..MANY {
        let mut stream = TcpStream::connect(&serving.address).unwrap();
        stream.write_all(ask.as_bytes()).unwrap();
        open.push(stream);
    }
    for stream in &mut open {
        let mut begin = [0; 12];
        stream.read_exact(&mut begin).unwrap();
        assert_eq!(&begin, b"HTTP/1.1 200");
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", serving.running.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let resident = line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() * 1024;
    assert!(resident < MEMORY, "{resident} bytes");
    serving.get("/feeds/rss.xml").is(200);
}
