//! Media RSS 1.5.1: what `media:content` and `media:thumbnail` say of an item, whatever the format.

use crate::model::{Enclosure, Item, WebUrl};

/// The name of an element without its prefix, and its attributes as plain text.
pub(super) type Element = (&'static str, Vec<(&'static str, String)>);

/// The pictures of an item: all as content, and the main one as its thumbnail too, as jekyll-feed has it.
pub(super) fn pictures(item: &Item) -> Vec<Element> {
    let content = |url: &WebUrl| ("content", vec![("medium", "image".to_owned()), ("url", url.to_string())]);
    let mut elements: Vec<Element> = item.image.iter().chain(&item.more_images).map(content).collect();
    elements.extend(item.image.iter().map(|url| ("thumbnail", vec![("url", url.to_string())])));
    elements
}

/// The files of an item that a format has no place for beside the first.
pub(super) fn files(enclosures: &[Enclosure]) -> impl Iterator<Item = Element> + '_ {
    enclosures.iter().map(|file| {
        let mut attributes = vec![("url", file.url.to_string()), ("type", file.media_type.clone())];
        if file.length > 0 {
            attributes.push(("fileSize", file.length.to_string()));
        }
        let kind = file.media_type.split('/').next().unwrap_or_default();
        if matches!(kind, "audio" | "video" | "image") {
            attributes.push(("medium", kind.to_owned()));
        }
        ("content", attributes)
    })
}
