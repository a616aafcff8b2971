//! What front matter says that no feed can say, or no reader will believe.

use crate::config::Site;
use crate::model::{Code, Diagnostic, Timestamp, Value, is_email};
use crate::normalizer::dialect::Head;
use crate::normalizer::fields::{Fields, Origin};
use crate::normalizer::front_matter::FrontMatter;
use crate::normalizer::media::{self, Scene};

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
    let scene = Scene { site, roots: &[], beside: None, prefix: None };
    let faults = media::faults(fields, scene).into_iter();
    found.extend(faults.map(|(key, problem)| fields.blame(key, Code::BadField, problem)));
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
    head.authors.iter().find_map(|author| {
        let Origin::FrontMatter { key, .. } = &author.from else { return None };
        let email = author.value.email.as_deref().filter(|text| !is_email(text))?;
        Some(fields.blame(key, Code::BadField, format!("`{key}` has `{email}` as an e-mail address, which is none")))
    })
}
