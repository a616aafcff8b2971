//! A post that is truncated and written at full speed is never shown empty or half.

use std::fs::File;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

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

/// A second of quiet is as good as the end of a save: a writer that was held up so long has been shown as it was then.
const QUIET: Duration = Duration::from_millis(900);

/// Knows how long its writer was held up.
struct Pace {
    started: Instant,
    /// When the last piece was written, in milliseconds.
    last: AtomicU64,
    slowest: AtomicU64,
    done: AtomicBool,
}

impl Pace {
    fn new() -> Self {
        Self {
            started: Instant::now(),
            last: AtomicU64::new(0),
            slowest: AtomicU64::new(0),
            done: AtomicBool::new(false),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap()
    }

    fn wrote(&self) {
        let now = self.now();
        self.slowest.fetch_max(now - self.last.swap(now, Ordering::SeqCst), Ordering::SeqCst);
    }

    fn was_held_up(&self) -> bool {
        let current = self.now().saturating_sub(self.last.load(Ordering::SeqCst));
        Duration::from_millis(current.max(self.slowest.load(Ordering::SeqCst))) > QUIET
    }
}

#[test]
fn a_post_that_is_truncated_and_written_all_the_time_is_never_shown_half() {
    let (mut looks, mut held_up) = (0, 0);
    for seed in seeds(1) {
        let site = Site::jekyll().post("2022-01-01-a.md", text(0));
        let running = site.start();
        let pace = Pace::new();
        thread::scope(|scope| {
            scope.spawn(|| write_all_the_time(&site, seed, &pace));
            while !pace.done.load(Ordering::Relaxed) {
                for format in ["rss", "atom"] {
                    // It must be there all the time.
                    let bytes = std::fs::read(site.path(&format!("feeds/tech/{format}.xml")));
                    let is_whole = bytes.as_ref().is_ok_and(|bytes| is_whole(bytes));
                    assert!(is_whole || pace.was_held_up(), "SEED={seed}: {:?}", bytes.map(String::from_utf8));
                    looks += u64::from(is_whole);
                    held_up += u64::from(!is_whole);
                }
            }
        });
        running.as_built(&site);
        assert!(is_whole(&site.published()["tech/atom.xml"]));
    }
    tell(&format!(
        "{looks} looks at a post that is written all the time, each at a whole one ({held_up} while its writer was held up)"
    ));
}

fn write_all_the_time(site: &Site, seed: u64, pace: &Pace) {
    let mut random = Random::new(seed);
    for n in 1..=800 {
        let mut file = File::create(site.path(POST)).unwrap();
        pace.wrote();
        let whole = text(n);
        for piece in whole.as_bytes().chunks(1 + random.below(2000)) {
            file.write_all(piece).unwrap();
            pace.wrote();
        }
        drop(file);
        pace.wrote();
        // Now and then there is time to look at it.
        if random.below(3) == 0 {
            thread::park_timeout(Duration::from_micros(random.below(3000) as u64));
        }
    }
    pace.done.store(true, Ordering::Relaxed);
}
