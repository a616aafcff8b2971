//! What readers find in the documents is what the feed holds.

use super::*;

fn feed_rs(document: &str) -> feed_rs::model::Feed {
    feed_rs::parser::Builder::new().sanitize_content(false).build().parse(document.as_bytes()).unwrap()
}

#[test]
fn the_rss_crate_reads_every_field_back() {
    let (feed, item) = (full_feed(), full_item());
    let channel = ::rss::Channel::read_from(document(&feed, Format::Rss).as_bytes()).unwrap();

    assert_eq!(channel.title(), feed.title);
    assert_eq!(channel.description(), feed.description);
    assert_eq!(channel.link(), feed.home.as_str());
    assert_eq!(channel.copyright(), feed.rights.as_deref());
    assert_eq!(channel.language(), Some("zh-CN"));
    assert_eq!(channel.last_build_date(), Some("Fri, 06 May 2022 07:08:09 +0000"));
    assert_eq!(channel.image().map(|image| (image.title(), image.link())), Some((channel.title(), channel.link())));
    let links: Vec<_> = channel.atom_ext().unwrap().links().iter().map(|link| (link.rel(), link.href())).collect();
    assert_eq!(
        links,
        [
            ("self", "https://example.com/feeds/rss.xml"),
            ("hub", "https://hub.example.com/?a=1&b=2"),
            ("hub", "https://hub2.example.com/")
        ]
    );

    let read = &channel.items()[0];
    assert_eq!(read.title(), Some(item.title.as_str()));
    assert_eq!(read.link(), Some(item.link.as_str()));
    assert_eq!(read.guid().map(|guid| (guid.value(), guid.is_permalink())), Some((item.id.as_str(), true)));
    assert_eq!(read.pub_date(), Some("Sun, 02 Jan 2022 03:04:05 +0800"));
    assert_eq!(read.description(), Some("Use &lt;b&gt; &amp; \"quotes\"; 5 &gt; 3 ]]&gt; &amp;lt;"));
    assert_eq!(read.content(), item.content.as_deref());
    assert_eq!(read.dublin_core_ext().unwrap().creators(), ["Ann & Bob", "陈 <c>"]);
    let categories: Vec<_> = read.categories().iter().map(::rss::Category::name).collect();
    assert_eq!(categories, ["R&D \"quoted\"", "金融", "<tag>"]);
    let enclosure = read.enclosure().unwrap();
    assert_eq!(enclosure.url(), item.enclosure.as_ref().unwrap().url.as_str());
    assert_eq!((enclosure.length(), enclosure.mime_type()), ("1234", "audio/mpeg; codecs=\"mp3\""));
    let thumbnail = &read.extensions()["media"]["thumbnail"][0];
    assert_eq!(thumbnail.attrs()["url"], item.image.unwrap().as_str());

    let other = &channel.items()[1];
    assert!(!other.guid().unwrap().is_permalink());
    assert_eq!(other.dublin_core_ext().unwrap().creators(), ["Press & Co"], "the feed's author stands in");
}

#[test]
fn the_atom_crate_reads_every_field_back() {
    let (feed, item) = (full_feed(), full_item());
    let read = atom_syndication::Feed::read_from(document(&feed, Format::Atom).as_bytes()).unwrap();

    assert_eq!(read.title().as_str(), feed.title);
    assert_eq!(read.subtitle().unwrap().as_str(), feed.description);
    assert_eq!(read.rights().unwrap().as_str(), feed.rights.unwrap());
    assert_eq!(read.id(), "https://example.com/feeds/atom.xml");
    assert_eq!(read.icon(), feed.icon.as_ref().map(WebUrl::as_str));
    assert_eq!(read.logo(), feed.logo.as_ref().map(WebUrl::as_str));
    assert_eq!(read.updated().to_rfc3339(), "2022-05-06T07:08:09+00:00");
    assert_eq!(read.categories()[0].term(), "R&D \"quoted\"");

    let entry = &read.entries()[0];
    assert_eq!(entry.title().as_str(), item.title);
    assert_eq!(entry.id(), item.id.as_str());
    assert_eq!(entry.updated().to_rfc3339(), "2022-05-06T07:08:09+00:00");
    assert_eq!(entry.published().unwrap().to_rfc3339(), "2022-01-02T03:04:05+08:00");
    assert_eq!(entry.summary().unwrap().as_str(), item.summary.unwrap());
    assert_eq!(entry.content().unwrap().value(), item.content.as_deref());
    assert_eq!(entry.content().unwrap().base(), Some(item.link.as_str()));
    let authors: Vec<_> = entry.authors().iter().map(|a| (a.name(), a.email(), a.uri())).collect();
    assert_eq!(
        authors,
        [("Ann & Bob", Some("ann@example.com"), Some("https://example.com/ann?a=1&b=%22")), ("陈 <c>", None, None)]
    );
    let terms: Vec<_> = entry.categories().iter().map(atom_syndication::Category::term).collect();
    assert_eq!(terms, ["R&D \"quoted\"", "金融", "<tag>"]);
    let enclosure = &entry.links()[1];
    assert_eq!((enclosure.rel(), enclosure.length()), ("enclosure", Some("1234")));
    assert_eq!(enclosure.href(), item.enclosure.unwrap().url.as_str());
    assert_eq!(enclosure.mime_type(), Some("audio/mpeg; codecs=\"mp3\""));
}

#[test]
fn feed_rs_finds_the_picture_behind_its_ampersand() {
    let image = full_item().image.unwrap();
    for format in [Format::Rss, Format::Atom] {
        let feed = feed_rs(&document(&full_feed(), format));
        let media = &feed.entries[0].media;
        assert!(media.iter().any(|m| m.thumbnails.iter().any(|t| t.image.uri == image.as_str())), "{media:?}");
    }
}

#[test]
fn all_formats_read_alike() {
    let feed = full_feed();
    let [rss, atom, json] = Format::ALL.map(|format| feed_rs(&document(&feed, format)));
    for ((rss, atom), json) in rss.entries.iter().zip(&atom.entries).zip(&json.entries) {
        assert_eq!((&json.id, &json.published, &json.updated), (&atom.id, &atom.published, &atom.updated));
        assert_eq!(json.title.as_ref().map(|t| &t.content), atom.title.as_ref().map(|t| &t.content));
        assert_eq!(rss.id, atom.id);
        assert_eq!(rss.title.as_ref().map(|t| &t.content), atom.title.as_ref().map(|t| &t.content));
        assert_eq!(rss.published, atom.published);
        assert_eq!(rss.content.as_ref().map(|c| &c.body), atom.content.as_ref().map(|c| &c.body));
        let terms = |entry: &feed_rs::model::Entry| entry.categories.iter().map(|c| c.term.clone()).collect::<Vec<_>>();
        assert_eq!(terms(rss), terms(atom));
    }
}

#[test]
fn an_atom_feed_names_an_author_unless_every_entry_does() {
    let authored = full_item();
    let author = |feed: &Feed| {
        let read = atom_syndication::Feed::read_from(document(feed, Format::Atom).as_bytes()).unwrap();
        read.authors().first().map(|author| author.name().to_owned())
    };
    assert_eq!(author(&bare_feed(vec![authored.clone()])), None);
    assert_eq!(author(&bare_feed(vec![authored, bare_item(1)])).as_deref(), Some("News"));
    assert_eq!(author(&bare_feed(Vec::new())).as_deref(), Some("News"));
    assert_eq!(author(&full_feed()).as_deref(), Some("Press & Co"));
}
