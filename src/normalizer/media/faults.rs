//! What front matter says of pictures and files that no feed can say.

use super::names::{self, ENCLOSURES, LISTS};
use super::place::Scene;
use super::types;
use crate::model::Value;
use crate::normalizer::fields::Fields;

/// Keys whose text is meant as the address of a file, whatever it looks like.
const FILES: [&str; 2] = ["audio", "podcast"];

/// Each with the key that it is about, in the order of the keys.
pub(crate) fn faults<'k>(fields: Fields<'_>, scene: Scene<'_>) -> Vec<(&'k str, String)> {
    let pictures = LISTS.into_iter().filter_map(|key| Some((key, picture(fields, scene, key)?)));
    let files = ENCLOSURES.into_iter().chain(FILES);
    let files = files.flat_map(|key| file(fields, scene, key).into_iter().map(move |problem| (key, problem)));
    pictures.chain(files).collect()
}

fn picture(fields: Fields<'_>, scene: Scene<'_>, key: &str) -> Option<String> {
    let Value::String(text) = fields.get(key)? else { return None };
    let is_sound = text.trim().is_empty() || scene.resolve(text).is_some();
    (!is_sound).then(|| format!("`{key}` is no address: {}", start(text)))
}

/// An enclosure's address, its length in bytes and its media type (RSS 2.0, "enclosure").
fn file(fields: Fields<'_>, scene: Scene<'_>, key: &str) -> Vec<String> {
    let Some(value) = fields.get(key).filter(|value| !value.is_blank()) else { return Vec::new() };
    let mut problems = Vec::new();
    match value {
        Value::String(text) if scene.resolve_sound(text.trim().lines().next().unwrap_or_default()).is_none() => {
            problems.push(format!("`{key}` is no address: {}", start(text)));
        }
        Value::Map(_)
            if ENCLOSURES.contains(&key) && !names::files(fields, scene).iter().any(|named| named.key == key) =>
        {
            problems.push(format!("`{key}` has no `url` that is an address"));
        }
        _ => {}
    }
    let part = |names: &[&str]| names.iter().find_map(|name| value.get(name)).filter(|part| !part.is_blank());
    if let Some(stated) = part(&names::LENGTH)
        && names::length(stated).is_none()
        && let Some(text) = stated.to_text().filter(|text| text.trim() != "0")
    {
        problems.push(format!("`{key}` has a length that is no number of bytes: {}", start(&text)));
    }
    if let Some(stated) = part(&names::TYPE).and_then(Value::to_text).filter(|text| !types::is_media_type(text)) {
        problems.push(format!("`{key}` has a type that is none such as audio/mpeg: {}", start(&stated)));
    }
    problems
}

/// What of a value fits into a message.
fn start(text: &str) -> String {
    text.trim().chars().take(100).collect()
}
