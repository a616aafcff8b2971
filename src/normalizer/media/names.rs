//! The keys under which themes write pictures and sound, and the shapes of their values.

use super::place::{Reference, Scene};
use super::types::{self, SOUND};
use super::{MOST, Named};
use crate::model::Value;
use crate::normalizer::fields::{Fields, Sourced};

/// The key that jekyll-feed knows.
pub(crate) const PICTURE: &[&str] = &["image"];
/// Keys that name a picture on sites whose generator has no rule for it; the first that gives one counts.
#[rustfmt::skip]
pub(crate) const PICTURES: &[&str] = &[
    "image", "images", "cover", "featured_image", "featured_images", "featuredimage", "featuredImage",
    "feature_image", "featureimage", "featureImage", "cover_image", "coverimage", "coverImage", "heroimage",
    "heroImage", "hero", "hero_image", "header_image", "banner", "episode_image", "episode-cover", "episode_cover",
    "header", "thumbnail", "thumb", "teaser",
];
/// Of these, those whose further items are pictures, too.
pub(super) const LISTS: [&str; 3] = ["images", "featured_images", "image"];
/// The parts of a map that may be the picture.
const PICTURE_PARTS: [&str; 9] = ["path", "url", "src", "image", "file", "href", "teaser", "overlay_image", "og_image"];

/// Keys that name what a post comes with, whatever it is.
pub(super) const ENCLOSURES: [&str; 2] = ["enclosure", "enclosures"];
/// Keys that may name it, and are something else on other sites: they count where their value looks like such a file.
#[rustfmt::skip]
const SOUNDS: [&str; 24] = [
    "audio", "podcast", "audio_file", "audio_file_path", "audio_path", "audio_url", "audio_link", "audiofile",
    "audiourl", "audioUrl", "podcast_file", "podcast_link", "podcast_url", "podcast_audio", "episode_file",
    "episode_url", "mp3", "mp3_url", "media", "media_url", "media_file", "video", "video_file", "file",
];
/// The parts of a map that are its address, its size in bytes and its type.
const ADDRESS: [&str; 10] = ["url", "path", "file", "src", "href", "link", "filename", "file_path", "audio", "uri"];
pub(super) const LENGTH: [&str; 7] =
    ["length", "bytes", "size", "filesize", "file_size", "filelength", "content_length"];
pub(super) const TYPE: [&str; 6] = ["type", "mime", "mime_type", "mimetype", "content_type", "media_type"];
/// Keys that give the size of a file that another key names.
#[rustfmt::skip]
const LENGTHS: [&str; 13] = [
    "podcast_bytes", "podcast_length", "enclosure_length", "enclosure_bytes", "audio_bytes", "audio_length",
    "enclosure_size", "audio_file_size", "audio_size", "podcast_size", "podcast_file_size", "filesize", "file_size",
];
const TYPES: [&str; 6] = ["enclosure_type", "audio_type", "audio_mime", "audio_mime_type", "podcast_type", "mime_type"];
/// A size of fewer bytes is one in megabytes.
const LEAST: u64 = 1024;

/// Whether one of the keys is there that name something of this kind.
pub(crate) fn is_any_named(has: impl Fn(&str) -> bool) -> bool {
    PICTURES.iter().chain(&ENCLOSURES).chain(&SOUNDS).any(|key| has(key))
}

/// The main picture and further ones.
pub(super) fn pictures(fields: Fields<'_>, scene: Scene<'_>, keys: &[&str]) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    for &key in keys {
        if !found.is_empty() && !(LISTS.contains(&key)) {
            continue;
        }
        let Some(value) = fields.get(key) else { continue };
        // What a default has of a map holds where the post's own lacks it.
        let merged = PICTURE_PARTS.iter().find_map(|part| fields.at(key, part));
        let values = merged.map_or(value.items(), std::slice::from_ref);
        for value in values.iter().take(MOST) {
            let value = PICTURE_PARTS.iter().find_map(|part| value.get(part)).unwrap_or(value);
            let Some(text) = reference(value).filter(|text| LISTS.contains(&key) || looks_like_picture(text)) else {
                continue;
            };
            push(&mut found, scene.resolve(&text), |reference| Named::new(fields, key, reference));
        }
    }
    found
}

/// What the post comes with: the first is its enclosure.
pub(super) fn files(fields: Fields<'_>, scene: Scene<'_>) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    let size = |key: &&str| {
        let bytes = length(fields.get(key)?).filter(|&bytes| bytes >= LEAST)?;
        Some(Sourced::new(bytes, fields.origin(key)))
    };
    for key in ENCLOSURES.into_iter().chain(SOUNDS) {
        let Some(value) = fields.get(key) else { continue };
        let part = |names: &[&str]| names.iter().find_map(|name| fields.at(key, name));
        let address = part(&ADDRESS).filter(|address| !matches!(address, Value::Map(_) | Value::List(_)));
        // What a default has of a map holds where the post's own lacks it.
        let stated = if address.is_some() && matches!(value, Value::Map(_)) {
            vec![Stated { address, length: part(&LENGTH), media_type: part(&TYPE) }]
        } else {
            let mut stated = Vec::new();
            value.items().iter().take(MOST).for_each(|value| push_stated(value, 0, &mut stated));
            stated
        };
        for one in stated {
            push(&mut found, one.reference(scene), |reference| {
                let length = one.length().map(|bytes| Sourced::new(bytes, fields.origin(key)));
                let media_type = one.media_type().map(|stated| Sourced::new(stated, fields.origin(key)));
                Named { length, media_type, ..Named::new(fields, key, reference) }
            });
            // A size elsewhere in the front matter is one of whatever has an address.
            let has_size = || {
                let is_address = one.address.and_then(Value::as_str).is_some_and(|text| text.contains('/'));
                is_address && LENGTHS.iter().any(|key| size(key).is_some())
            };
            let is_file = |named: &Named| ENCLOSURES.contains(&key) || named.looks_like_episode() || has_size();
            found.pop_if(|named| named.key == key && !is_file(named));
        }
    }
    if let Some(first) = found.first_mut() {
        first.length = first.length.take().or_else(|| LENGTHS.iter().find_map(size));
        let kind = |key: &&str| Some(Sourced::new(media_type(fields.get(key)?)?, fields.origin(key)));
        first.media_type = first.media_type.take().or_else(|| TYPES.iter().find_map(kind));
    }
    found
}

/// What front matter says of one file.
#[derive(Clone, Copy)]
struct Stated<'v> {
    address: Option<&'v Value>,
    length: Option<&'v Value>,
    media_type: Option<&'v Value>,
}

impl Stated<'_> {
    /// The first line of the address: WordPress writes length and type on two more.
    fn reference(self, scene: Scene<'_>) -> Option<Reference> {
        let text = reference(self.address?)?;
        scene.resolve_sound(text.trim().lines().next()?)
    }

    fn further_line(self, number: usize) -> Option<Value> {
        let text = self.address?.as_str()?.trim();
        Some(Value::String(text.lines().nth(number)?.trim().to_owned()))
    }

    fn length(self) -> Option<u64> {
        length(self.length.unwrap_or(&self.further_line(1).unwrap_or_default()))
    }

    fn media_type(self) -> Option<String> {
        media_type(self.media_type.unwrap_or(&self.further_line(2).unwrap_or_default()))
    }
}

impl Named {
    fn looks_like_episode(&self) -> bool {
        let by_name = types::by_name(self.url.url().path());
        self.length.is_some()
            || by_name.is_some_and(types::is_episode)
            || self.media_type.as_ref().is_some_and(|stated| types::is_episode(&stated.value))
    }
}

/// A text, a map of a file, or a map of files by their formats, as Octopod has it.
fn push_stated<'v>(value: &'v Value, depth: usize, stated: &mut Vec<Stated<'v>>) {
    if stated.len() >= MOST || depth > 3 {
        return;
    }
    let Value::Map(_) = value else {
        stated.push(Stated { address: Some(value), length: None, media_type: None });
        return;
    };
    let part = |names: &[&str]| names.iter().find_map(|name| value.get(name));
    if let Some(address) = part(&ADDRESS) {
        let is_nested = matches!(address, Value::Map(_) | Value::List(_));
        if is_nested {
            address.items().iter().for_each(|value| push_stated(value, depth + 1, stated));
        } else {
            stated.push(Stated { address: Some(address), length: part(&LENGTH), media_type: part(&TYPE) });
        }
        return;
    }
    let first = stated.len();
    for (format, _) in SOUND {
        if let Some(file) = value.get(format) {
            push_stated(file, depth + 1, stated);
        }
    }
    if let Some([only]) = stated.get_mut(first..) {
        *only = Stated { length: only.length.or(part(&LENGTH)), media_type: only.media_type.or(part(&TYPE)), ..*only };
    }
}

fn push(found: &mut Vec<Named>, reference: Option<Reference>, named: impl FnOnce(Reference) -> Named) {
    let is_new = |reference: &Reference| !found.iter().any(|known| known.url == reference.url);
    if let Some(reference) = reference.filter(is_new)
        && found.len() < MOST
    {
        found.push(named(reference));
    }
}

/// A text that may be a URL or a path; `false` takes a default away.
fn reference(value: &Value) -> Option<String> {
    let is_switch = matches!(value, Value::Bool(_));
    value.to_text().filter(|text| !is_switch && !text.trim().is_empty())
}

/// Whether a text under a key that may mean something else is a picture.
fn looks_like_picture(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    types::by_name(path).is_some_and(|media_type| media_type.starts_with("image/"))
        || (text.contains("://") && !text.contains(char::is_whitespace))
}

/// A number of bytes, also with separators between its digits; anything else says nothing.
pub(super) fn length(value: &Value) -> Option<u64> {
    let text = value.to_text()?;
    let text = text.trim();
    let digits: String =
        text.chars().filter(|c| !matches!(c, ',' | '_' | '\'' | ' ' | '\u{a0}' | '\u{202f}')).collect();
    let digits = digits.strip_suffix(".0").filter(|_| matches!(value, Value::Float(_))).unwrap_or(&digits);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|&bytes| is_number && bytes > 0)
}

fn media_type(value: &Value) -> Option<String> {
    value.to_text().filter(|text| types::is_media_type(text)).map(|text| text.trim().to_owned())
}
