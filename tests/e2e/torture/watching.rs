//! A reader that asks for the feeds all the time, and is never given half of one.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use crate::fixture::files_below;
use crate::reading::Read;

pub(super) struct Watching {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<usize>,
}

impl Watching {
    pub(super) fn begin(feeds: PathBuf) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let is_over = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let mut looks = 0;
            while !is_over.load(Ordering::Relaxed) {
                looks += files_below(&feeds).iter().filter(|(path, bytes)| look(path, bytes)).count();
            }
            looks
        });
        Self { stop, thread }
    }

    /// How many feeds it read; it fails when one was torn.
    pub(super) fn end(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

fn look(path: &str, bytes: &[u8]) -> bool {
    let end = match path.rsplit('/').next() {
        Some("rss.xml") => "</rss>\n",
        Some("atom.xml") => "</feed>\n",
        _ => return false,
    };
    assert!(bytes.ends_with(end.as_bytes()), "{path} is torn:\n{}", String::from_utf8_lossy(bytes));
    Read::parse(bytes);
    true
}
