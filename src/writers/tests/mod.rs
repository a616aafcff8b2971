//! What the documents say, checked against files reviewed by hand, a strict parser and three feed readers.

mod fit;
mod golden;
mod lists;
mod pages;
mod properties;
mod readers;

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use chrono::DateTime;

use super::*;
use crate::model::{Author, Enclosure, Item, ItemId, Label, Timestamp};

fn url(text: &str) -> WebUrl {
    WebUrl::parse(text).unwrap()
}

fn label(text: &str) -> Label {
    Label::new(text).unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::new(DateTime::parse_from_rfc3339(text).unwrap()).unwrap()
}

fn target(format: Format) -> Target {
    let self_url = url(&format!("https://example.com/feeds/{}.xml", format.name()));
    Target { format, self_url, history: History::default() }
}

fn document(feed: &Feed, format: Format) -> String {
    String::from_utf8(write(feed, &target(format)).unwrap()).unwrap()
}

/// An item with nothing that it could do without.
fn bare_item(n: u32) -> Item {
    Item {
        id: ItemId::parse(&format!("https://example.com/posts/{n}")).unwrap(),
        link: url(&format!("https://example.com/posts/{n}.html")),
        title: format!("Post {n}"),
        published: at("2022-03-31T14:30:55+08:00"),
        updated: at("2022-03-31T14:30:55+08:00"),
        authors: Vec::new(),
        categories: Vec::new(),
        tags: Vec::new(),
        summary: None,
        content: None,
        image: None,
        more_images: Vec::new(),
        enclosure: None,
        more_enclosures: Vec::new(),
    }
}

/// An item with everything, and in every field something that a writer could break.
fn full_item() -> Item {
    Item {
        id: ItemId::parse("https://example.com/a?x=1&y=2").unwrap(),
        link: url("https://example.com/a?x=1&y=2"),
        title: "a < b & c &amp; \"d\" ]]> 金融 👩‍👩‍👧 שלום".to_owned(),
        published: at("2022-01-02T03:04:05.678+08:00"),
        updated: at("2022-05-06T07:08:09Z"),
        authors: vec![
            Author {
                name: "Ann & Bob".to_owned(),
                email: Some("ann@example.com".to_owned()),
                uri: Some(url("https://example.com/ann?a=1&b=%22")),
            },
            Author { name: "陈 <c>".to_owned(), email: Some("not an address".to_owned()), uri: None },
        ],
        categories: vec![label("R&D \"quoted\""), label("金融")],
        tags: vec![label("<tag>"), label("金融")],
        summary: Some("Use <b> & \"quotes\"; 5 > 3 ]]> &lt;".to_owned()),
        content: Some(
            "<p>x ]]> y &amp; <img src=\"https://example.com/i.png?a=1&amp;b=2\"></p>\n<pre>  a\n\tb\n</pre>"
                .to_owned(),
        ),
        image: Some(url("https://example.com/i.png?a=1&b='2'")),
        more_images: vec![url("https://example.com/j.png?a=1&b=\"2\"")],
        enclosure: Some(Enclosure {
            url: url("https://example.com/e.mp3?a=1&b='2'"),
            length: 1234,
            media_type: "audio/mpeg; codecs=\"mp3\"".to_owned(),
        }),
        more_enclosures: vec![
            Enclosure { url: url("https://example.com/e.ogg?a&b"), length: 5678, media_type: "audio/ogg".to_owned() },
            Enclosure { url: url("https://example.com/e.pdf"), length: 0, media_type: "application/pdf".to_owned() },
        ],
    }
}

fn bare_feed(items: Vec<Item>) -> Feed {
    Feed {
        title: "News".to_owned(),
        description: "All news".to_owned(),
        home: url("https://example.com/"),
        language: None,
        category: None,
        author: None,
        hubs: Vec::new(),
        icon: None,
        logo: None,
        rights: None,
        items: items.into_iter().map(Arc::new).collect(),
    }
}

fn full_feed() -> Feed {
    Feed {
        title: "R&D <news> 科技".to_owned(),
        description: "Tom & Jerry's \"news\" ]]>".to_owned(),
        home: url("https://example.com/c?a=1&b=2"),
        language: Some("zh-CN".to_owned()),
        category: Some(label("R&D \"quoted\"")),
        author: Some(Author { name: "Press & Co".to_owned(), email: None, uri: None }),
        hubs: vec![url("https://hub.example.com/?a=1&b=2"), url("https://hub2.example.com/")],
        icon: Some(url("https://example.com/icon.png?a&b")),
        logo: Some(url("https://example.com/logo.png?a&b")),
        rights: Some("© 2022 <Press> & Co".to_owned()),
        ..bare_feed(vec![full_item(), bare_item(1)])
    }
}

/// Fails unless libxml2 takes the document without a word, which covers undeclared prefixes as well.
fn assert_well_formed(document: &str) {
    let command = Command::new("xmllint").args(["--noout", "-"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = command else {
        eprintln!("SKIPPED: xmllint is not installed");
        return;
    };
    child.stdin.take().unwrap().write_all(document.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && complaint.is_empty(), "{complaint}\n{document}");
}
