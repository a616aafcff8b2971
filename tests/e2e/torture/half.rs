//! A post that is truncated and written at full speed is never shown empty or half.

use std::fs::File;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::random::Random;
use super::{seeds, tell};
use crate::fixture::{Site, front};
use crate::reading::Read;

const POST: &str = "site/_posts/2022-01-01-a.md";

fn text(n: usize) -> String {
    front(&format!("title: A {n}\ncategories: [tech]"), &format!("{}The end of {n}.", "Some text.\n\n".repeat(100)))
}

/// Whether a feed shows the post whole, in one of its states.
fn is_whole(bytes: &[u8]) -> bool {
    let feed = Read::parse(bytes);
    feed.items.len() == 1
        && feed.items.iter().all(|item| {
            item.title.strip_prefix("A ").is_some_and(|n| item.content.contains(&format!("The end of {n}.")))
        })
}

#[test]
fn a_post_that_is_truncated_and_written_all_the_time_is_never_shown_half() {
    let mut looks = 0;
    for seed in seeds(1) {
        let site = Site::jekyll().post("2022-01-01-a.md", text(0));
        let running = site.start();
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut random = Random::new(seed);
                for n in 1..=800 {
                    let mut file = File::create(site.path(POST)).unwrap();
                    let whole = text(n);
                    let pieces = whole.as_bytes().chunks(1 + random.below(2000));
                    for piece in pieces {
                        file.write_all(piece).unwrap();
                    }
                    drop(file);
                    // Now and then there is time to look at it.
                    if random.below(3) == 0 {
                        thread::park_timeout(Duration::from_micros(random.below(3000) as u64));
                    }
                }
                done.store(true, Ordering::Relaxed);
            });
            while !done.load(Ordering::Relaxed) {
                for format in ["rss", "atom"] {
                    // It must be there all the time.
                    let bytes = std::fs::read(site.path(&format!("feeds/tech/{format}.xml"))).unwrap();
                    assert!(is_whole(&bytes), "SEED={seed}: {}", String::from_utf8_lossy(&bytes));
                    looks += 1;
                }
            }
        });
        running.as_built(&site);
        assert!(is_whole(&site.published()["tech/atom.xml"]));
    }
    tell(&format!("{looks} looks at a post that is written all the time, each at a whole one"));
}
