//! RSS 2.0, by the profile of the RSS Advisory Board.

use std::collections::{BTreeMap, HashSet};
use std::error::Error;

use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Channel, Enclosure, Guid, Image};

use super::texts::{AllTexts, Texts};
use super::{GENERATOR, Target, media, xml};
use crate::model::{Author, Feed, Item, Label, WebUrl};

const SPECIFICATION: &str = "https://www.rssboard.org/rss-specification";
/// How long a reader may keep the feed before it asks again, in minutes.
const TTL: &str = "60";

/// Appends the document to `out`.
pub(super) fn write(
    feed: &Feed,
    texts: &AllTexts<'_>,
    target: &Target,
    out: &mut Vec<u8>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let document = channel(feed, texts, target).pretty_write_to(Vec::new(), b' ', 2)?;
    texts.put_into(&document, out, xml::push_html, xml::push_cdata);
    out.push(b'\n');
    Ok(())
}

fn channel(feed: &Feed, texts: &AllTexts<'_>, target: &Target) -> Channel {
    let title = xml::owned(&feed.title);
    let link = feed.home.to_string();
    let image = feed.logo.as_ref().map(|logo| Image {
        url: logo.to_string(),
        title: title.clone(),
        link: link.clone(),
        ..Image::default()
    });
    let mut namespaces = BTreeMap::new();
    if feed.items.iter().any(|item| item.image.is_some() || !item.more_enclosures.is_empty()) {
        namespaces.insert("media".to_owned(), xml::MEDIA_NAMESPACE.to_owned());
    }
    if target.history.is_page() {
        namespaces.insert(xml::HISTORY.to_owned(), xml::HISTORY_NAMESPACE.to_owned());
    }
    Channel {
        title,
        link,
        description: xml::owned(&feed.description),
        language: feed.language.as_deref().map(xml::owned),
        copyright: feed.rights.as_deref().map(xml::owned),
        last_build_date: feed.updated().map(|updated| updated.rfc822()),
        categories: feed.category.iter().map(category).collect(),
        generator: Some(GENERATOR.to_owned()),
        docs: Some(SPECIFICATION.to_owned()),
        ttl: Some(TTL.to_owned()),
        image,
        atom_ext: Some(AtomExtension { links: links(feed, target) }),
        extensions: elements(target.history.mark(), xml::HISTORY),
        namespaces,
        items: feed
            .items
            .iter()
            .zip(texts.marks())
            .map(|(item, texts)| self::item(item, texts, feed.author.as_ref()))
            .collect(),
        ..Channel::default()
    }
}

fn links(feed: &Feed, target: &Target) -> Vec<Link> {
    let link = |rel: &str, url: &WebUrl| Link { rel: rel.to_owned(), href: url.to_string(), ..Link::default() };
    let document =
        |rel: &str, url: &WebUrl| Link { mime_type: Some("application/rss+xml".to_owned()), ..link(rel, url) };
    let documents = std::iter::once(("self", &target.self_url)).chain(target.history.links());
    let documents = documents.map(|(rel, url)| document(rel, url));
    documents.chain(feed.hubs.iter().map(|hub| link("hub", hub))).collect()
}

fn item(item: &Item, texts: Texts<String>, stand_in: Option<&Author>) -> rss::Item {
    let mut seen = HashSet::new();
    let labels = item.categories.iter().chain(&item.tags).filter(|label| seen.insert(*label));
    rss::Item {
        title: Some(xml::owned(&item.title)),
        link: Some(item.link.to_string()),
        // The one element of text that readers take for HTML (RSS profile, "Character Data").
        description: texts.summary,
        categories: labels.map(category).collect(),
        enclosure: item.enclosure.as_ref().map(|enclosure| Enclosure {
            url: enclosure.url.to_string(),
            length: enclosure.length.to_string(),
            mime_type: xml::owned(&enclosure.media_type),
        }),
        guid: Some(Guid {
            value: xml::owned(item.id.as_str()),
            permalink: item.id.as_str() == item.link.as_str() && item.link.is_web(),
        }),
        pub_date: Some(item.published.rfc822()),
        content: texts.content,
        extensions: extensions(item),
        dublin_core_ext: creators(&item.authors, stand_in),
        ..rss::Item::default()
    }
}

fn category(label: &Label) -> Category {
    Category { name: xml::owned(label.as_str()), domain: None }
}

/// `dc:creator`, since RSS's own `author` must be an e-mail address. A channel's author is not inherited in RSS, so the
/// feed's author stands in on each item that names nobody.
fn creators(authors: &[Author], stand_in: Option<&Author>) -> Option<DublinCoreExtension> {
    let authors = if authors.is_empty() { stand_in.map(std::slice::from_ref)? } else { authors };
    let creators = authors.iter().map(|author| xml::owned(&author.name)).collect();
    Some(DublinCoreExtension { creators, ..DublinCoreExtension::default() })
}

/// One enclosure is all that an item may have (RSS profile, "enclosure"): further files are in Media RSS.
fn extensions(item: &Item) -> ExtensionMap {
    elements(media::pictures(item).into_iter().chain(media::files(&item.more_enclosures)), "media")
}

/// Empty elements of a namespace, each with its name and attributes.
fn elements(named: impl IntoIterator<Item = media::Element>, prefix: &str) -> ExtensionMap {
    let mut elements: BTreeMap<String, Vec<Extension>> = BTreeMap::new();
    for (name, attributes) in named {
        elements.entry(name.to_owned()).or_default().push(Extension {
            name: format!("{prefix}:{name}"),
            // An empty text keeps the writer from breaking the line before the end tag.
            value: Some(String::new()),
            attrs: attributes.into_iter().map(|(name, value)| (name.to_owned(), xml::owned(&value))).collect(),
            children: BTreeMap::new(),
        });
    }
    if elements.is_empty() { ExtensionMap::default() } else { BTreeMap::from([(prefix.to_owned(), elements)]) }
}
