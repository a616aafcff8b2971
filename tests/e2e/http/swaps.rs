//! In the instant of a publication a reader gets the old feed or the new one, whole, with its tag, in every coding.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use sha2::{Digest as _, Sha256};

use super::client::Client;
use super::{POST, Serving, decoded, site};
use crate::fixture::{Site, front};

const PATHS: [&str; 3] = ["/feeds/tech/atom.xml", "/feeds/tech/rss.xml", "/feeds/atom.xml"];
const CODINGS: [&str; 4] = ["identity", "gzip", "br", "zstd"];

/// Asks again and again until it is over; how often there was something new.
fn reads(address: &str, path: &str, coding: &str, is_over: &AtomicBool) -> usize {
    let mut client = Client::tcp(address);
    let accept = format!("Accept-Encoding: {coding}");
    let (mut seen, mut news, mut tag) = (0, 0, String::new());
    while !is_over.load(Ordering::Relaxed) {
        let condition = format!("If-None-Match: {tag}");
        let response = client.asks("GET", path, &[&accept, &condition]);
        if response.status == 304 {
            assert_eq!(response.tag(), tag);
            continue;
        }
        let response = response.is(200);
        let bytes = decoded(&response);
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(response.tag().starts_with(&format!("\"{}", &digest[..32])), "the tag is that of the bytes");
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.trim_end().ends_with("</feed>") || text.trim_end().ends_with("</rss>"), "it is whole");
        let at = text.find("edit-").unwrap() + 5;
        let edit: usize = text[at..].chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap();
        assert!(edit >= seen, "{path} {coding}: {edit} after {seen}");
        (seen, news, tag) = (edit, news + 1, response.tag().to_owned());
    }
    news
}

/// Readers of every feed in every coding, while it is edited.
fn hammered(site: &Site, serving: &Serving, edits: usize, publish: impl Fn()) {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let readers: Vec<_> = PATHS
            .iter()
            .flat_map(|path| CODINGS.map(|coding| (*path, coding)))
            .map(|(path, coding)| {
                let (address, is_over) = (serving.address.as_str(), &is_over);
                scope.spawn(move || reads(address, path, coding, is_over))
            })
            .collect();
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for n in 1..=edits {
                site.write(POST, edit(n));
                publish();
            }
        }));
        is_over.store(true, Ordering::Relaxed);
        let news: usize = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
        outcome.unwrap();
        assert!(news >= PATHS.len() * CODINGS.len() + edits, "{news} new versions were seen");
    });
}

/// A post of a length that differs from edit to edit.
fn edit(n: usize) -> String {
    front("title: A\ncategories: [tech]", &format!("edit-{n} {}", "some words ".repeat(500 + n % 7 * 300)))
}

#[test]
fn while_run_publishes() {
    let site = site().config("[output]\nhtml = true");
    site.write(POST, edit(0));
    let serving = Serving::start(&site);
    hammered(&site, &serving, 40, || serving.running.settles(&site));
    serving.running.as_built(&site);
}

#[test]
fn while_somebody_else_builds_what_serve_serves() {
    let site = site();
    site.write(POST, edit(0));
    site.build();
    let serving = Serving::built(&site);
    hammered(&site, &serving, 15, || drop(site.build()));
    let last = std::fs::read(site.path("feeds/tech/atom.xml")).unwrap();
    serving.running.until("it serves what is there in the end", || serving.get(PATHS[0]).is(200).body == last);
}

#[test]
fn within_no_memory_at_all() {
    let site = site().config("[server]\ncache = 0");
    site.write(POST, edit(0));
    let serving = Serving::start(&site);
    hammered(&site, &serving, 10, || serving.running.settles(&site));
}
