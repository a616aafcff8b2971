//! Newsboat, a reader for terminals, whose cache says what it shows.

use std::process::Command;

use rusqlite::Connection;
use tempfile::TempDir;

use super::{Reader, Seen, folder, is_served_well, run, write};
use crate::fixture::has_tool;

struct Newsboat(TempDir);

impl Reader for Newsboat {
    fn fetch(&mut self, url: &str) -> Vec<Seen> {
        let file = |name: &str| self.0.path().join(name);
        write(&file("urls"), &format!("{url}\n"));
        write(&file("config"), "download-retries 1\n");
        // Older ones keep no entity tag of the first fetch (newsboat's issue 2734).
        let fetches = if file("cache.db").exists() { 1 } else { 2 };
        for _ in 0..fetches {
            let mut newsboat = Command::new("newsboat");
            newsboat.env("HOME", self.0.path()).env("LANG", "C.UTF-8").env_remove("http_proxy");
            newsboat.arg("-u").arg(file("urls")).arg("-C").arg(file("config")).arg("-c").arg(file("cache.db"));
            run(newsboat.args(["-x", "reload"]));
        }
        let cache = Connection::open(file("cache.db")).unwrap();
        let mut items = cache.prepare("SELECT title, url, pubDate, content FROM rss_item WHERE deleted = 0").unwrap();
        let seen = items.query_map([], |row| {
            Ok(Seen { title: row.get(0)?, link: row.get(1)?, date: row.get(2)?, text: row.get(3)? })
        });
        seen.unwrap().map(Result::unwrap).collect()
    }

    fn takes_edits(&self) -> bool {
        true
    }
}

#[test]
fn newsboat_shows_every_post_once() {
    if !has_tool("newsboat", &["--version"]) {
        return;
    }
    is_served_well(&mut Newsboat(folder()), "rss.xml");
    is_served_well(&mut Newsboat(folder()), "atom.xml");
}
