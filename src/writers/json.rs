//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>).

use std::collections::HashSet;
use std::error::Error;

use serde::Serialize;

use super::texts::{AllTexts, Texts};
use super::{Target, xml};
use crate::model::{Author, Enclosure, Feed, Item, Label, WebUrl};

const VERSION: &str = "https://jsonfeed.org/version/1.1";

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: String,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<&'a str>,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    favicon: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Person<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    items: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Person<'a> {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Hub<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: String,
    url: &'a str,
    title: String,
    #[serde(flatten)]
    content: Content<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Person<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
}

/// An item must have one of the two.
#[derive(Serialize)]
enum Content<'a> {
    #[serde(rename = "content_html")]
    Html(&'a str),
    #[serde(rename = "content_text")]
    Text(&'a str),
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a str,
    mime_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
}

/// Appends the document to `out`.
pub(super) fn write(
    feed: &Feed,
    texts: &AllTexts<'_>,
    target: &Target,
    out: &mut Vec<u8>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    serde_json::to_writer_pretty(&mut *out, &document(feed, texts, target))?;
    out.push(b'\n');
    Ok(())
}

fn document<'a>(feed: &'a Feed, texts: &'a AllTexts<'_>, target: &'a Target) -> Document<'a> {
    Document {
        version: VERSION,
        title: xml::owned(&feed.title),
        home_page_url: feed.home.as_str(),
        feed_url: target.self_url.as_str(),
        next_url: target.history.older.as_ref().map(WebUrl::as_str),
        description: xml::owned(&feed.description),
        icon: feed.logo.as_ref().map(WebUrl::as_str),
        favicon: feed.icon.as_ref().map(WebUrl::as_str),
        authors: feed.author.iter().map(person).collect(),
        language: feed.language.as_deref().map(xml::owned),
        hubs: feed.hubs.iter().map(|hub| Hub { kind: "WebSub", url: hub.as_str() }).collect(),
        items: feed.items.iter().zip(texts.iter()).map(|(item, texts)| entry(item, &texts)).collect(),
    }
}

fn entry<'a>(item: &'a Item, texts: &Texts<&'a str>) -> Entry<'a> {
    let mut seen = HashSet::new();
    let labels = item.categories.iter().chain(&item.tags).filter(|label| seen.insert(*label));
    let content = match texts.content {
        Some(content) => Content::Html(content),
        None => Content::Text(texts.summary.unwrap_or_default()),
    };
    Entry {
        id: xml::owned(item.id.as_str()),
        url: item.link.as_str(),
        title: xml::owned(&item.title),
        content,
        summary: texts.summary,
        image: item.image.as_ref().map(WebUrl::as_str),
        date_published: item.published.rfc3339(),
        date_modified: item.updated.rfc3339(),
        authors: item.authors.iter().map(person).collect(),
        tags: labels.map(Label::as_str).map(xml::owned).collect(),
        attachments: item.enclosure.iter().chain(&item.more_enclosures).map(attachment).collect(),
    }
}

fn person(author: &Author) -> Person<'_> {
    Person { name: xml::owned(&author.name), url: author.uri.as_ref().map(WebUrl::as_str) }
}

fn attachment(enclosure: &Enclosure) -> Attachment<'_> {
    Attachment {
        url: enclosure.url.as_str(),
        mime_type: xml::owned(&enclosure.media_type),
        // As in Atom, it may be left out where it is unknown.
        size_in_bytes: (enclosure.length > 0).then_some(enclosure.length),
    }
}
