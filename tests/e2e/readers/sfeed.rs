//! sfeed, a reader of small tools, which fetches by curl as its manual shows for feeds that change seldom.

use std::process::Command;

use tempfile::TempDir;

use super::{Reader, Seen, folder, is_served_well, run, write};
use crate::fixture::has_tool;

struct Sfeed(TempDir);

impl Reader for Sfeed {
    fn fetch(&mut self, url: &str) -> Vec<Seen> {
        let home = self.0.path();
        let kept = home.display();
        write(
            &home.join("sfeedrc"),
            &format!(
                "sfeedpath=\"{kept}/feeds\"\n\
                 fetch() {{ curl -sf -m 15 --compressed --etag-save \"{kept}/$1.etag\" --etag-compare \"{kept}/$1.etag\" \"$2\"; }}\n\
                 feeds() {{ feed news \"{url}\"; }}\n"
            ),
        );
        run(Command::new("sfeed_update").arg(home.join("sfeedrc")).env("HOME", home).env("LANG", "C.UTF-8"));
        let kept = std::fs::read_to_string(home.join("feeds/news")).unwrap();
        let item = |line: &str| {
            let fields: Vec<&str> = line.split('\t').collect();
            let text = fields[3].replace("\\n", "\n");
            Seen { date: fields[0].parse().unwrap(), title: fields[1].to_owned(), link: fields[2].to_owned(), text }
        };
        kept.lines().map(item).collect()
    }

    /// It keeps the first of two lines with the same id, title and link.
    fn takes_edits(&self) -> bool {
        false
    }
}

#[test]
fn sfeed_shows_every_post_once() {
    if !has_tool("sfeed", &[]) || !has_tool("curl", &["--version"]) {
        return;
    }
    is_served_well(&mut Sfeed(folder()), "rss.xml");
    is_served_well(&mut Sfeed(folder()), "atom.xml");
}
