//! feedparser, the library of many aggregators in Python, used as its manual says: entity tag and date are handed back.

use std::process::Command;

use tempfile::TempDir;

use super::{Reader, Seen, folder, is_served_well, run, write};
use crate::fixture::has_tool;

const PYTHON: &str = "/usr/bin/python3";
/// Keeps items by their ids; an id that one answer has twice is kept twice.
const SCRIPT: &str = r#"
import calendar, feedparser, json, os, sys
url, path = sys.argv[1:]
kept = json.load(open(path)) if os.path.exists(path) else {"etag": None, "modified": None, "items": {}}
feed = feedparser.parse(url, etag=kept["etag"], modified=kept["modified"])
assert not feed.bozo, feed.bozo_exception
if feed.status != 304:
    kept["etag"], kept["modified"] = feed.get("etag"), feed.get("modified")
    fresh = {}
    for entry in feed.entries:
        text = entry.content[0].value if "content" in entry else entry.summary
        fresh.setdefault(entry.id, []).append([entry.title, entry.link, calendar.timegm(entry.published_parsed), text])
    kept["items"].update(fresh)
json.dump(kept, open(path, "w"))
print(json.dumps([item for items in kept["items"].values() for item in items]))
"#;

struct Feedparser(TempDir);

impl Reader for Feedparser {
    fn fetch(&mut self, url: &str) -> Vec<Seen> {
        let script = self.0.path().join("reader.py");
        write(&script, SCRIPT);
        let out = run(Command::new(PYTHON).arg(&script).arg(url).arg(self.0.path().join("kept.json")));
        let items: Vec<(String, String, i64, String)> = serde_json::from_str(&out).unwrap();
        items.into_iter().map(|(title, link, date, text)| Seen { title, link, date, text }).collect()
    }

    fn takes_edits(&self) -> bool {
        true
    }
}

#[test]
fn feedparser_shows_every_post_once() {
    if !has_tool(PYTHON, &["-c", "import feedparser"]) {
        return;
    }
    is_served_well(&mut Feedparser(folder()), "rss.xml");
    is_served_well(&mut Feedparser(folder()), "atom.xml");
}
