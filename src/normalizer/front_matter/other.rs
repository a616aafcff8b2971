//! Front matter in TOML and JSON, as Hugo and Zola read it beside YAML.

use serde::de::DeserializeSeed as _;

use crate::model::{Code, Diagnostic, Seed, Tally, Value};

use super::fields::{Field, FrontMatter};
use super::source::{FIRST_LINE, count};

/// The fields of a TOML header, or where it cannot be read.
pub(super) fn read_toml(header: &str) -> Result<FrontMatter, Diagnostic> {
    let tally = Tally::new(volume(header));
    let parsed = toml::de::Deserializer::parse(header).and_then(|document| Seed::new(&tally).deserialize(document));
    let value = parsed.map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let before = header.get(..at).unwrap_or_default();
        let last_line = before.rsplit('\n').next().unwrap_or_default();
        Diagnostic::new(Code::FrontMatterInvalid, format!("the front matter is no TOML: {}", error.message().trim()))
            .at(Some(FIRST_LINE.saturating_add(count(before.matches('\n').count()))))
            .column(Some(count(last_line.chars().count() + 1)))
    })?;
    Ok(located(value, header))
}

/// The fields of a JSON object, which begins the file, or where it cannot be read.
pub(super) fn read_json(header: &str) -> Result<FrontMatter, Diagnostic> {
    let tally = Tally::new(volume(header));
    let mut document = serde_json::Deserializer::from_str(header);
    let parsed = Seed::new(&tally).deserialize(&mut document).and_then(|value| document.end().map(|()| value));
    let value = parsed.map_err(|error| {
        let message = error.to_string();
        let words = message.split(" at line ").next().unwrap_or_default();
        Diagnostic::new(Code::FrontMatterInvalid, format!("the front matter is no JSON: {words}"))
            .at(Some(count(error.line())))
            .column(Some(count(error.column().max(1))))
    })?;
    Ok(FrontMatter::new(header.into(), fields(value)))
}

/// Neither language has aliases: a byte needs less than three.
fn volume(header: &str) -> usize {
    3 * header.len() + 64
}

fn fields(value: Value) -> Vec<Field> {
    let Value::Map(pairs) = value else { return Vec::new() };
    pairs.into_iter().map(|(key, value)| Field { key, value, line: None, raw: 0..0 }).collect()
}

/// The fields, each with the line before the first table on which its key stands.
fn located(value: Value, header: &str) -> FrontMatter {
    let mut fields = fields(value);
    let mut at = 0;
    for (number, line) in header.split_inclusive('\n').enumerate() {
        if line.starts_with('[') {
            break;
        }
        if let Some((key, value)) = line.split_once('=')
            && let Some(field) = fields.iter_mut().find(|field| field.key == key.trim().trim_matches(['"', '\'']))
            && field.line.is_none()
        {
            let start = at + line.len() - value.trim_start().len();
            field.line = Some(FIRST_LINE.saturating_add(count(number)));
            field.raw = start..start + value.trim().len();
        }
        at += line.len();
    }
    FrontMatter::new(header.into(), fields)
}
