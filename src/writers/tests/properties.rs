//! Whatever the texts and addresses, the documents are well-formed and say the same.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;

/// Text with a lean to what breaks XML.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => any::<char>().prop_map(String::from),
        2 => "[a-zA-Z0-9 ]{1,8}",
        2 => (0_u8..0xa0).prop_map(|byte| char::from(byte).to_string()),
        1 => prop::sample::select(vec![
            "]]>", "]]", ">", "<![CDATA[", "<!--", "&amp;", "&#0;", "&nbsp;", "&", "\"", "'", "\r\n", "\r", "\n", "\t",
            "</item>", "</entry>", "<?xml?>", "\u{fffe}", "\u{ffff}", "\u{fdd0}", "\u{1ffff}", "\u{85}", "\u{2028}",
            "👩‍👩‍👧", "שלום\u{200f}", "\u{feff}", "e\u{301}",
        ])
        .prop_map(str::to_owned),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Text with something in it, as titles and names are by construction.
pub(super) fn title() -> impl Strategy<Value = String> {
    text().prop_map(|text| format!("t{text}t"))
}

pub(super) fn address() -> impl Strategy<Value = WebUrl> {
    let base = prop::sample::select(vec!["https://example.com/", "https://example.com/?q=", "urn:x:", "mailto:a@b?s="]);
    (base, text()).prop_filter_map("no URL", |(base, rest)| WebUrl::parse(&format!("{base}{rest}")))
}

fn author() -> impl Strategy<Value = Author> {
    (title(), option::of(text()), option::of(address())).prop_map(|(name, email, uri)| Author { name, email, uri })
}

fn item() -> impl Strategy<Value = Item> {
    let identity = (address(), text(), title(), -62_000_000_000_i64..253_000_000_000, 0_i64..1000);
    let labels = (vec(author(), 0..3), vec(title(), 0..3), vec(title(), 0..3));
    let texts = (option::of(text()), option::of(text()));
    let enclosures = || vec((address(), any::<u64>(), text()), 0..3);
    let files = (vec(address(), 0..3), enclosures());
    (identity, labels, texts, files).prop_map(|(identity, labels, (summary, content), (images, files))| {
        let mut images = images.into_iter();
        let mut enclosures = files.into_iter().map(|(url, length, media_type)| Enclosure { url, length, media_type });
        let (link, id, title, seconds, later) = identity;
        let id = id.replace(|c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c), "");
        let label_list = |texts: Vec<String>| texts.iter().filter_map(|text| Label::new(text)).collect();
        Item {
            id: ItemId::parse(&format!("urn:id:{id}")).unwrap(),
            link,
            title,
            published: Timestamp::from_micros(seconds * 1_000_000, 8 * 3600).unwrap(),
            updated: Timestamp::from_micros((seconds + later) * 1_000_000, -5400).unwrap(),
            authors: labels.0,
            categories: label_list(labels.1),
            tags: label_list(labels.2),
            summary,
            content,
            image: images.next(),
            more_images: images.collect(),
            enclosure: enclosures.next(),
            more_enclosures: enclosures.collect(),
        }
    })
}

pub(super) fn feed() -> impl Strategy<Value = Feed> {
    let texts = (title(), title(), option::of(title()), option::of(text()));
    let addresses = (address(), vec(address(), 0..3), option::of(address()), option::of(address()));
    (texts, addresses, option::of(author()), vec(item(), 0..3)).prop_map(|(texts, addresses, author, items)| Feed {
        title: texts.0,
        description: texts.1,
        home: addresses.0,
        language: Some("en".to_owned()),
        category: texts.2.and_then(|text| Label::new(&text)),
        author,
        hubs: addresses.1,
        icon: addresses.2,
        logo: addresses.3,
        rights: texts.3,
        items: items.into_iter().map(Arc::new).collect(),
    })
}

/// As a parser that trims reports it.
fn seen(text: &str) -> String {
    xml::legal(text).trim().to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_feed_is_well_formed_and_reads_alike(feed in feed()) {
        let rss = document(&feed, Format::Rss);
        let atom = document(&feed, Format::Atom);
        assert_well_formed(&rss);
        assert_well_formed(&atom);

        let json: serde_json::Value = serde_json::from_str(&document(&feed, Format::Json)).unwrap();

        let channel = ::rss::Channel::read_from(rss.as_bytes()).unwrap();
        let read = atom_syndication::Feed::read_from(atom.as_bytes()).unwrap();
        prop_assert_eq!(channel.title().trim(), seen(&feed.title));
        prop_assert_eq!(read.title().as_str().trim(), seen(&feed.title));
        prop_assert_eq!(channel.items().len(), feed.items.len());
        prop_assert_eq!(read.entries().len(), feed.items.len());
        prop_assert_eq!(json["title"].as_str().unwrap(), xml::legal(&feed.title));
        let of_json = json["items"].as_array().unwrap();
        prop_assert_eq!(of_json.len(), feed.items.len());
        for (((item, rss), atom), json) in feed.items.iter().zip(channel.items()).zip(read.entries()).zip(of_json) {
            let id = xml::owned(item.id.as_str());
            prop_assert_eq!(rss.guid().unwrap().value(), &id);
            prop_assert_eq!(atom.id(), &id);
            prop_assert_eq!(json["id"].as_str(), Some(&*id));
            prop_assert_eq!(json["url"].as_str(), Some(item.link.as_str()));
            prop_assert_eq!(json["title"].as_str().unwrap(), xml::legal(&item.title));
            let html = item.content.as_deref().map(xml::owned);
            prop_assert_eq!(json["content_html"].as_str(), html.as_deref());
            prop_assert_eq!(json["content_html"].is_null(), json["content_text"].is_string());
            prop_assert_eq!(json["date_published"].as_str(), Some(&*item.published.rfc3339()));
            prop_assert_eq!(rss.link(), Some(item.link.as_str()));
            prop_assert_eq!(atom.links()[0].href(), item.link.as_str());
            prop_assert_eq!(rss.title().unwrap().trim(), seen(&item.title));
            prop_assert_eq!(atom.title().as_str().trim(), seen(&item.title));
            let content = item.content.as_deref().map(seen).unwrap_or_default();
            prop_assert_eq!(rss.content().unwrap_or_default().trim(), &content);
            prop_assert_eq!(atom.content().and_then(|c| c.value()).unwrap_or_default().trim(), &content);
            prop_assert_eq!(rss.pub_date().unwrap(), item.published.rfc822());
            prop_assert_eq!(atom.published().unwrap(), &item.published.date_time());
            prop_assert_eq!(atom.updated(), &item.updated.date_time());
        }
    }

    #[test]
    fn any_entry_is_well_formed(item in item()) {
        assert_well_formed(&entry(&item).unwrap());
    }

    #[test]
    fn legal_is_what_its_definition_says(text in text()) {
        let kept = |&c: &char| matches!(c, '\t' | '\n' | '\r') || !(c.is_control() || is_noncharacter(c));
        let kept: String = text.chars().filter(kept).collect();
        prop_assert_eq!(xml::legal(&text), kept.replace("\r\n", "\n").replace('\r', "\n"));
    }
}

/// Unicode §23.7, by its own list.
fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    (0xfdd0..=0xfdef).contains(&code)
        || (0..=16).any(|plane| code == plane * 0x10000 + 0xfffe || code == plane * 0x10000 + 0xffff)
}
