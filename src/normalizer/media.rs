//! Pictures and sound that front matter names.

use super::fields::Fields;
use super::permalink;
use crate::config::Site;
use crate::model::{Enclosure, Value, WebUrl};

/// Keys that name a picture on sites whose generator has no rule for it.
pub(crate) const PICTURES: &[&str] = &["image", "images", "cover", "heroImage", "thumbnail"];
/// Keys that name a file which comes with the post.
pub(crate) const ENCLOSURES: [&str; 3] = ["enclosure", "audio", "podcast"];
/// Its keys for the size in bytes and for the media type.
pub(crate) const LENGTHS: [&str; 3] = ["length", "size", "bytes"];
pub(crate) const TYPES: [&str; 3] = ["type", "mime", "mime_type"];

/// The main picture: the first of these keys with a URL, a map that has one as its `path`, `url`, `src` or `image`, or a
/// list that begins with either.
pub(crate) fn picture(fields: Fields<'_>, site: &Site, keys: &[&str]) -> Option<WebUrl> {
    keys.iter().find_map(|key| {
        let named = ["path", "url", "src", "image"].iter().find_map(|part| fields.at(key, part));
        let stated = named.or_else(|| fields.get(key)?.items().first())?;
        let part = ["path", "url", "src"].iter().find_map(|part| stated.get(part)).unwrap_or(stated);
        address(part, site)
    })
}

/// The file that comes with the post: a URL, or a map of it with `length` (in bytes) and `type`.
///
/// Its type is else that of its name; a length that is not stated is 0, which says that it is unknown (RSS profile, "enclosure").
pub(crate) fn enclosure(fields: Fields<'_>, site: &Site) -> Option<Enclosure> {
    ENCLOSURES.iter().find_map(|key| enclosure_at(fields, site, key))
}

/// The same by one key.
pub(crate) fn enclosure_at(fields: Fields<'_>, site: &Site, key: &str) -> Option<Enclosure> {
    let part = |names: &[&str]| names.iter().find_map(|name| fields.at(key, name));
    let url = part(&["url", "path", "file", "src", "href"]).or_else(|| fields.get(key))?;
    let url = address(url, site)?;
    let length = part(&LENGTHS).and_then(Value::to_text).and_then(|text| text.trim().parse().ok());
    let stated = part(&TYPES).and_then(Value::to_text).filter(|text| is_media_type(text));
    let media_type = stated.unwrap_or_else(|| media_type(url.url().path()).to_owned());
    Some(Enclosure { length: length.unwrap_or(0), media_type: media_type.trim().to_owned(), url })
}

/// Whether it is a type and a subtype (RFC 9110 §8.3.1), with or without parameters.
pub(crate) fn is_media_type(text: &str) -> bool {
    let (essence, parameters) = text.trim().split_once(';').unwrap_or((text.trim(), ""));
    let is_token = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic() && !b"()<>,;:\\\"/[]?={}@".contains(&b))
    };
    let is_parameter =
        |text: &str| text.split_once('=').is_some_and(|(name, value)| is_token(name.trim()) && !value.is_empty());
    essence.trim_end().split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
        && (parameters.trim().is_empty() || parameters.split(';').all(is_parameter))
}

/// A URL, or a path on the site; `false` takes a default away.
fn address(value: &Value, site: &Site) -> Option<WebUrl> {
    if matches!(value, Value::Bool(_)) {
        return None;
    }
    let text = value.to_text()?;
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if text.contains("://") {
        return WebUrl::parse(text).filter(WebUrl::is_web);
    }
    if text.starts_with("//") {
        return site.url.join(text).filter(WebUrl::is_web);
    }
    permalink::absolute(&site.url, text)
}

/// The media type of a file by its extension (IANA's registry), for what posts come with.
fn media_type(path: &str) -> &'static str {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "mp3" => "audio/mpeg",
        "m4a" | "mp4a" => "audio/mp4",
        "aac" => "audio/aac",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "flac" => "audio/flac",
        "wav" => "audio/wav",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "mov" => "video/quicktime",
        "pdf" => "application/pdf",
        "epub" => "application/epub+zip",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}
