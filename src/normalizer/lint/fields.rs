//! What front matter says that no feed can say, or no reader will believe.

use crate::config::Site;
use crate::model::{Code, Diagnostic, Timestamp, Value, is_email};
use crate::normalizer::dialect::Head;
use crate::normalizer::fields::{Fields, Origin};
use crate::normalizer::front_matter::FrontMatter;
use crate::normalizer::media;

/// From when on a date is taken for a slip, in microseconds.
const A_YEAR: i64 = 366 * 24 * 3_600 * 1_000_000;

/// All of it, in no order.
pub(super) fn findings(front: &FrontMatter, head: &Head, site: &Site, now: i64) -> Vec<Diagnostic> {
    let fields = Fields { front, defaults: &Value::Null };
    let title = front.get("title").filter(|title| title.is_blank());
    let title = title.map(|_| fields.blame("title", Code::EmptyTitle, "`title` is empty"));
    let mut found: Vec<Diagnostic> = title.into_iter().collect();
    found.extend(far_future(fields, head.date.value, &head.date.from, now));
    found.extend(id(fields, head));
    found.extend(email(fields, head));
    found.extend(media::PICTURES.iter().filter_map(|key| picture(fields, site, key)));
    found.extend(media::ENCLOSURES.iter().flat_map(|key| enclosure(fields, site, key)));
    found
}

fn far_future(fields: Fields<'_>, date: Timestamp, from: &Origin, now: i64) -> Option<Diagnostic> {
    if date.micros() <= now.saturating_add(A_YEAR) {
        return None;
    }
    let message = format!("it is dated {}, more than a year from now", date.date_time().format("%Y-%m-%d"));
    Some(match from {
        Origin::FrontMatter { key, line } => {
            let column = fields.front.column(key);
            Diagnostic::new(Code::FarFuture, message).at(*line).column(column)
        }
        _ => Diagnostic::new(Code::FarFuture, message),
    })
}

/// An id that names a scheme with a rule, and breaks it: RFC 4151 §2.1 for `tag:`, RFC 4122 §3 for `urn:uuid:`.
fn id(fields: Fields<'_>, head: &Head) -> Option<Diagnostic> {
    let Origin::FrontMatter { key, .. } = &head.id.from else { return None };
    let id = head.id.value.as_str();
    let rule = if let Some(rest) = strip(id, "tag:") {
        let authority = rest.split_once(':').and_then(|(entity, _)| entity.split_once(','));
        let is_sound = authority.is_some_and(|(name, date)| !name.is_empty() && is_tag_date(date));
        (!is_sound).then_some("tag:example.com,2022:anything")
    } else if let Some(rest) = strip(id, "urn:uuid:") {
        (!is_uuid(rest)).then_some("urn:uuid: and 32 hexadecimal digits in groups of 8-4-4-4-12")
    } else {
        None
    };
    Some(fields.blame(key, Code::MalformedId, format!("`{key}` is not of the form {}", rule?)))
}

fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// `2022`, `2022-03` or `2022-03-31`.
fn is_tag_date(date: &str) -> bool {
    let parts: Vec<&str> = date.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit())) && matches!(*lengths, [4] | [4, 2] | [4, 2, 2])
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    matches!(*groups, [8, 4, 4, 4, 12]) && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

fn email(fields: Fields<'_>, head: &Head) -> Option<Diagnostic> {
    let Origin::FrontMatter { key, .. } = &head.authors.from else { return None };
    let email = head.authors.value.iter().filter_map(|author| author.email.as_deref()).find(|text| !is_email(text))?;
    Some(fields.blame(key, Code::BadField, format!("`{key}` has `{email}` as an e-mail address, which is none")))
}

fn picture(fields: Fields<'_>, site: &Site, key: &str) -> Option<Diagnostic> {
    let Value::String(text) = fields.get(key)? else { return None };
    let is_sound = text.trim().is_empty() || media::picture(fields, site, &[key]).is_some();
    (!is_sound).then(|| fields.blame(key, Code::BadField, format!("`{key}` is no address: {}", start(text))))
}

/// An enclosure's address, its length in bytes and its media type (RSS 2.0, "enclosure").
fn enclosure(fields: Fields<'_>, site: &Site, key: &str) -> Vec<Diagnostic> {
    let Some(value) = fields.get(key).filter(|value| !value.is_blank()) else { return Vec::new() };
    let mut problems = Vec::new();
    match value {
        Value::String(text) if media::enclosure_at(fields, site, key).is_none() => {
            problems.push(format!("`{key}` is no address: {}", start(text)));
        }
        Value::Map(_) if media::enclosure_at(fields, site, key).is_none() => {
            problems.push(format!("`{key}` has no `url` that is an address"));
        }
        _ => {}
    }
    let part = |names: &[&str]| names.iter().find_map(|name| value.get(name)).and_then(Value::to_text);
    if let Some(length) = part(&media::LENGTHS).filter(|length| length.trim().parse::<u64>().is_err()) {
        problems.push(format!("`{key}` has a length that is no number of bytes: {}", start(&length)));
    }
    if let Some(stated) = part(&media::TYPES).filter(|text| !media::is_media_type(text)) {
        problems.push(format!("`{key}` has a type that is none such as audio/mpeg: {}", start(&stated)));
    }
    problems.into_iter().map(|problem| fields.blame(key, Code::BadField, problem)).collect()
}

/// What of a value fits into a message.
fn start(text: &str) -> String {
    text.trim().chars().take(100).collect()
}
