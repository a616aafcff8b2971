//! Pictures and sound that front matter names.

use super::fields::Fields;
use super::permalink;
use crate::config::Site;
use crate::model::{Enclosure, Value, WebUrl};

/// Keys that name a picture on sites whose generator has no rule for it.
pub(crate) const PICTURES: &[&str] = &["image", "images", "cover", "heroImage", "thumbnail"];
/// Keys that name a file which comes with the post.
const ENCLOSURES: [&str; 3] = ["enclosure", "audio", "podcast"];

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
    ENCLOSURES.iter().find_map(|key| {
        let part = |names: &[&str]| names.iter().find_map(|name| fields.at(key, name));
        let url = part(&["url", "path", "file", "src", "href"]).or_else(|| fields.get(key))?;
        let url = address(url, site)?;
        let length =
            part(&["length", "size", "bytes"]).and_then(Value::to_text).and_then(|text| text.trim().parse().ok());
        let stated = part(&["type", "mime", "mime_type"]).and_then(Value::to_text).filter(|text| text.contains('/'));
        let media_type = stated.unwrap_or_else(|| media_type(url.url().path()).to_owned());
        Some(Enclosure { length: length.unwrap_or(0), media_type: media_type.trim().to_owned(), url })
    })
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
