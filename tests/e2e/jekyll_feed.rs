//! A site of jekyll-feed's, held against the feeds that the plugin itself made of it (`scripts/expect-jekyll`).

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use feed_rs::model::{Entry, Feed, Person, Text};
use syndicated::normalizer::text;

use crate::fixture::{Site, files_below};

#[test]
fn the_layout_gives_the_plugins_feeds() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/jekyll-feed");
    let mut site = Site::bare();
    for (path, bytes) in files_below(&golden.join("site")) {
        site = site.file(&format!("site/{path}"), bytes);
    }
    site.run_cmd(["build", "--site", "site", "--out", "feeds"]).exits(0);
    let site = site.env("SYNDICATED_OUTPUT_LAYOUT", "jekyll-feed");
    site.run_cmd(["build", "--site", "site", "--out", "feeds"]).exits(0);
    let expected = files_below(&golden.join("expected"));
    assert!(expected.len() > 5);
    for (path, theirs) in expected {
        let ours = fs::read(site.path("feeds").join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let (ours, theirs) = (told(&ours), told(&theirs));
        let differs = ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs);
        assert!(differs.is_none(), "{path}: ours, then theirs:\n{}\n{}", differs.unwrap().0, differs.unwrap().1);
        assert_eq!(ours.len(), theirs.len(), "{path}: entries");
    }
}

/// What a reader is told by the feed, then by each of its entries.
fn told(bytes: &[u8]) -> Vec<String> {
    let feed = feed_rs::parser::Builder::new().sanitize_content(false).build().parse(bytes).unwrap();
    std::iter::once(head(&feed)).chain(feed.entries.iter().map(entry)).collect()
}

fn head(feed: &Feed) -> String {
    let mut told = format!("title {}\nid {}\n", plain(feed.title.as_ref()), feed.id);
    let _ = writeln!(told, "subtitle {}\nlanguage {:?}", plain(feed.description.as_ref()), feed.language);
    for link in &feed.links {
        let _ = writeln!(told, "link {:?} {}", link.rel, link.href);
    }
    authors(&mut told, &feed.authors);
    told
}

/// An address may end in a slash or not where it names a host alone.
fn authors(told: &mut String, people: &[Person]) {
    for Person { name, email, uri, .. } in people {
        let uri = uri.as_deref().map(|uri| uri.trim_end_matches('/'));
        let _ = writeln!(told, "author {name:?} {email:?} {uri:?}");
    }
}

fn entry(entry: &Entry) -> String {
    let mut told = format!("title {}\nid {}\n", plain(entry.title.as_ref()), entry.id);
    let _ = writeln!(told, "published {:?}\nupdated {:?}", entry.published, entry.updated);
    let _ = writeln!(told, "link {}", entry.links[0].href);
    authors(&mut told, &entry.authors);
    for category in &entry.categories {
        let _ = writeln!(told, "category {}", category.term);
    }
    for media in &entry.media {
        let _ = writeln!(told, "media {:?}", media.content.iter().map(|content| &content.url).collect::<Vec<_>>());
        let _ = writeln!(told, "thumbnail {:?}", media.thumbnails.iter().map(|one| &one.image.uri).collect::<Vec<_>>());
    }
    let _ = writeln!(told, "summary {}", plain(entry.summary.as_ref()));
    let content = entry.content.as_ref().and_then(|content| content.body.as_deref());
    let _ = writeln!(told, "content {:?}", content.map(text::from_html));
    told
}

/// The text as it is seen: the plugin calls its plain texts HTML.
fn plain(text: Option<&Text>) -> String {
    let Some(text) = text else { return String::new() };
    let is_html = text.content_type.essence().to_string() == "text/html";
    if is_html { text::from_html(&text.content) } else { text::line(&text.content) }
}
