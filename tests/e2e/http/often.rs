//! Feeds that are asked for often: what makes them cheaper to send changes nothing of what is sent.

use super::client::{Client, request};
use super::{Serving, decoded, large, site};
use crate::fixture::front;
use crate::service::Running;

const PATH: &str = "/feeds/rss.xml";

/// How many bodies the kernel sends by itself: each is in a file that no folder has (memfd_create(2)).
fn files(running: &Running) -> usize {
    let open = std::fs::read_dir(format!("/proc/{}/fd", running.pid())).unwrap();
    let names = open.filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok());
    names.filter(|name| name.to_string_lossy().starts_with("/memfd:feed")).count()
}

fn asks(client: &mut Client, coding: &str) -> super::Response {
    client.asks("GET", PATH, &[&format!("Accept-Encoding: {coding}")]).is(200)
}

#[test]
fn a_large_feed_is_the_same_however_it_is_sent_over_tcp_and_a_unix_socket() {
    let site = large(500_000);
    let socket = site.path("socket");
    let listen = format!("unix:{}", socket.display());
    let running = site.start_with(&["--listen", "127.0.0.1:0", "--listen", &listen]);
    let serving = Serving::of(running);
    serving.running.logs(" ready");
    let published = std::fs::read(site.path("feeds/rss.xml")).unwrap();
    let (mut near, mut far) = (Client::unix(&socket), serving.connect());
    for (n, coding) in ["identity", "gzip"].into_iter().enumerate() {
        let first = asks(&mut far, coding);
        assert!(decoded(&first) == published);
        serving.running.until("it is in a file", || {
            assert!(asks(&mut far, coding).body == first.body);
            files(&serving.running) > n
        });
        for client in [&mut near, &mut far] {
            // Several on their way at once do not fit into the socket.
            client.sends(request("GET", PATH, &[&format!("Accept-Encoding: {coding}")]).repeat(16));
            for _ in 0..16 {
                let response = client.hears(false).is(200);
                assert!(response.body == first.body);
                assert_eq!(response.tag(), first.tag());
            }
        }
    }
    let head = far.asks("HEAD", PATH, &[]).is(200);
    assert_eq!(head.field("content-length"), Some(published.len().to_string().as_str()));
}

#[test]
fn the_file_goes_with_the_version_and_what_was_begun_is_whole() {
    let site = large(500_000);
    let serving = Serving::start(&site);
    serving.running.logs(" ready");
    let published = std::fs::read(site.path("feeds/rss.xml")).unwrap();
    let mut client = serving.connect();
    serving.running.until("it is in a file", || {
        asks(&mut client, "identity");
        files(&serving.running) == 1
    });
    let mut slow = serving.connect();
    slow.sends(request("GET", PATH, &["Accept-Encoding: identity"]).repeat(8));
    assert!(slow.hears(false).is(200).body == published);
    site.write(super::POST, front("title: A\ncategories: [tech]", "New."));
    serving.running.until("the new version is there", || asks(&mut client, "identity").body.len() < 100_000);
    let new = std::fs::read(site.path("feeds/rss.xml")).unwrap();
    for _ in 1..8 {
        // What is asked for once more after the publication is new.
        let response = slow.hears(false).is(200);
        assert!(response.body == published || response.body == new);
    }
    drop(slow);
    serving.running.until("the file is gone", || files(&serving.running) == 0);
}

#[test]
fn small_feeds_take_no_file() {
    let site = site();
    let serving = Serving::start(&site);
    let mut client = serving.connect();
    let first = asks(&mut client, "gzip");
    for _ in 0..50 {
        assert!(asks(&mut client, "gzip").body == first.body);
    }
    assert_eq!(files(&serving.running), 0);
}
