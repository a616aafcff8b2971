//! Atom (RFC 4287), with Media RSS as jekyll-feed writes it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::error::Error;

use atom_syndication::extension::{Extension, ExtensionMap};
use atom_syndication::{Category, Content, Entry, FixedDateTime, Generator, Link, Person, Text, WriteConfig};
use chrono::{DateTime, Timelike};

use super::texts::{AllTexts, Texts};
use super::{GENERATOR, Target, media, xml};
use crate::model::{Author, Feed, Item, Label, Timestamp, WebUrl, is_email};

/// The crate's own declaration lacks the encoding.
const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
const LAYOUT: WriteConfig = WriteConfig { write_document_declaration: false, indent_size: Some(2) };

/// Appends the document to `out`.
pub(super) fn write(
    feed: &Feed,
    texts: &AllTexts<'_>,
    target: &Target,
    out: &mut Vec<u8>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    out.extend_from_slice(DECLARATION);
    let document = document(feed, texts, target).write_with_config(Vec::new(), LAYOUT)?;
    texts.put_into(&document, out, xml::push_text, xml::push_text);
    out.push(b'\n');
    Ok(())
}

/// The item as a document of its own.
pub(super) fn entry(item: &Item) -> Result<String, Box<dyn Error + Send + Sync>> {
    let Texts { summary, content } = Texts::of(item);
    let texts = Texts { summary: summary.map(Cow::into_owned), content: content.map(Cow::into_owned) };
    let entry = Entry { namespaces: namespaces(item.image.is_some(), false), ..self::element(item, texts) };
    let mut out = DECLARATION.to_vec();
    entry.write_with_config(&mut out, LAYOUT)?;
    out.push(b'\n');
    Ok(String::from_utf8(out)?)
}

fn document(feed: &Feed, texts: &AllTexts<'_>, target: &Target) -> atom_syndication::Feed {
    let (history, own) = (&target.history, Some("application/atom+xml"));
    let mut links = vec![link("self", &target.self_url, own)];
    links.push(link("alternate", &feed.home, Some("text/html")));
    links.extend(history.links().map(|(rel, url)| link(rel, url, own)));
    links.extend(feed.hubs.iter().map(|hub| link("hub", hub, None)));
    atom_syndication::Feed {
        title: text(&feed.title),
        // The pages of an archive are parts of one feed (RFC 5005 §4).
        id: history.current.as_ref().unwrap_or(&target.self_url).to_string(),
        // An empty feed still needs a date, and it may not be that of the run.
        updated: feed.updated().map_or_else(|| DateTime::UNIX_EPOCH.fixed_offset(), date),
        authors: author(feed).into_iter().collect(),
        categories: feed.category.iter().map(category).collect(),
        generator: Some(Generator { value: GENERATOR.to_owned(), ..Generator::default() }),
        icon: feed.icon.as_ref().map(WebUrl::to_string),
        links,
        logo: feed.logo.as_ref().map(WebUrl::to_string),
        rights: feed.rights.as_deref().map(text),
        subtitle: Some(text(&feed.description)),
        entries: feed.items.iter().zip(texts.marks()).map(|(item, texts)| element(item, texts)).collect(),
        namespaces: namespaces(feed.items.iter().any(|item| item.image.is_some()), history.is_page()),
        extensions: elements(history.mark(), xml::HISTORY),
        lang: feed.language.as_deref().map(xml::owned),
        ..atom_syndication::Feed::default()
    }
}

/// §4.1.1: a feed has an author unless every entry has one. Where nobody is known, the feed's title stands for its maker.
fn author(feed: &Feed) -> Option<Person> {
    match &feed.author {
        Some(author) => Some(person(author)),
        None if !feed.items.is_empty() && feed.items.iter().all(|item| !item.authors.is_empty()) => None,
        None => Some(Person { name: xml::owned(&feed.title), ..Person::default() }),
    }
}

fn element(item: &Item, texts: Texts<String>) -> Entry {
    let mut seen = HashSet::new();
    let labels = item.categories.iter().chain(&item.tags).filter(|label| seen.insert(*label));
    let mut links = vec![link("alternate", &item.link, Some("text/html"))];
    links.extend(item.enclosure.iter().chain(&item.more_enclosures).map(|enclosure| Link {
        // §4.2.7.6: a hint in bytes; unlike RSS, it may be left out where it is unknown.
        length: (enclosure.length > 0).then(|| enclosure.length.to_string()),
        ..link("enclosure", &enclosure.url, Some(&enclosure.media_type))
    }));
    Entry {
        title: text(&item.title),
        id: xml::owned(item.id.as_str()),
        updated: date(item.updated),
        authors: item.authors.iter().map(person).collect(),
        categories: labels.map(category).collect(),
        links,
        published: Some(date(item.published)),
        summary: texts.summary.map(|value| Text { value, ..Text::default() }),
        content: texts.content.map(|content| Content {
            base: Some(item.link.to_string()),
            value: Some(content),
            content_type: Some("html".to_owned()),
            ..Content::default()
        }),
        extensions: extensions(item),
        ..Entry::default()
    }
}

/// A text construct of `type="text"`, which is the default (§3.1.1) and therefore not written.
fn text(value: &str) -> Text {
    Text { value: xml::owned(value), ..Text::default() }
}

/// To the second, as every format writes it.
fn date(timestamp: Timestamp) -> FixedDateTime {
    let at = timestamp.date_time();
    at.with_nanosecond(0).unwrap_or(at)
}

fn category(label: &Label) -> Category {
    Category { term: xml::owned(label.as_str()), ..Category::default() }
}

fn person(author: &Author) -> Person {
    Person {
        name: xml::owned(&author.name),
        email: author.email.as_deref().filter(|email| is_email(email)).map(xml::owned),
        uri: author.uri.as_ref().map(WebUrl::to_string),
        ..Person::default()
    }
}

fn link(rel: &str, url: &WebUrl, media_type: Option<&str>) -> Link {
    Link { href: url.to_string(), rel: rel.to_owned(), mime_type: media_type.map(xml::owned), ..Link::default() }
}

fn namespaces(media: bool, history: bool) -> BTreeMap<String, String> {
    let media = media.then_some(("media", xml::MEDIA_NAMESPACE));
    let history = history.then_some((xml::HISTORY, xml::HISTORY_NAMESPACE));
    media.into_iter().chain(history).map(|(prefix, name)| (prefix.to_owned(), name.to_owned())).collect()
}

fn extensions(item: &Item) -> ExtensionMap {
    elements(media::pictures(item), "media")
}

/// Empty elements of a namespace, each with its name and attributes.
fn elements(named: impl IntoIterator<Item = media::Element>, prefix: &str) -> ExtensionMap {
    let mut elements: BTreeMap<String, Vec<Extension>> = BTreeMap::new();
    for (name, attributes) in named {
        // The crate writes the attributes of extensions as they stand, so they are escaped here.
        let attrs = attributes.into_iter().map(|(name, value)| (name.to_owned(), xml::attribute(&value))).collect();
        elements.entry(name.to_owned()).or_default().push(Extension {
            name: format!("{prefix}:{name}"),
            // An empty text keeps the writer from breaking the line before the end tag.
            value: Some(String::new()),
            attrs,
            children: BTreeMap::new(),
        });
    }
    if elements.is_empty() { ExtensionMap::default() } else { BTreeMap::from([(prefix.to_owned(), elements)]) }
}
