//! Pelican's metadata: lines of `Key: value` at the head of a file, without fences (Python-Markdown's Meta-Data).

use crate::model::Value;

use super::fields::{Field, FrontMatter};
use super::source::count;

/// No header is longer, in bytes.
const MAX_BYTES: usize = 64 * 1024;
const MAX_KEY: usize = 40;
/// Keys whose values are lists, told apart by commas or semicolons.
const LISTS: [&str; 5] = ["tags", "tag", "authors", "categories", "keywords"];

/// The fields at the head of a text, and the byte and the line at which its body begins; `None` unless both a title and a
/// date are among them, so that prose with a colon stays prose. Keys are read in lower case.
#[must_use]
pub(super) fn headers(text: &str) -> Option<(FrontMatter, usize, u32)> {
    let mut fields: Vec<Field> = Vec::new();
    let (mut at, mut number) = (0, 0);
    for line in text.split_inclusive('\n') {
        number += 1;
        let start = at;
        at += line.len();
        let content = line.trim_end();
        if content.is_empty() {
            break;
        }
        if at > MAX_BYTES {
            return None;
        }
        if line.starts_with([' ', '\t'])
            && let Some(Value::String(text)) = fields.last_mut().map(|field| &mut field.value)
        {
            text.extend([" ", content.trim_start()]);
            continue;
        }
        let (key, value) = content.split_once(':')?;
        let is_key = !key.is_empty()
            && key.len() <= MAX_KEY
            && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        if !is_key {
            return None;
        }
        let raw = start + content.len() - value.trim_start().len()..start + content.len();
        let key = key.to_ascii_lowercase();
        fields.retain(|field| field.key != key);
        fields.push(Field { key, value: Value::String(value.trim().to_owned()), line: Some(count(number)), raw });
    }
    let has = |key: &str| fields.iter().any(|field| field.key == key);
    if !has("title") || !has("date") {
        return None;
    }
    for field in &mut fields {
        if let Value::String(text) = &field.value
            && LISTS.contains(&field.key.as_str())
        {
            let separator = if text.contains(';') { ';' } else { ',' };
            let items = text.split(separator).map(str::trim).filter(|item| !item.is_empty());
            field.value = Value::List(items.map(|item| Value::String(item.to_owned())).collect());
        }
    }
    let source = text.get(..at).unwrap_or_default();
    Some((FrontMatter::new(source.into(), fields), at, count(number + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_keys_end_at_a_blank_one() {
        let text = "Title: My: title\nDATE: 2010-12-03 10:20\nTags: a, b c,\nAuthors: Ann; Bob, Jr.\nSummary: Two\n    lines\n\nBody: x\n";
        let (front, at, line) = headers(text).unwrap();
        assert_eq!(front.keys().collect::<Vec<_>>(), ["title", "date", "tags", "authors", "summary"]);
        assert_eq!((text.get(at..), line), (Some("Body: x\n"), 8));
        let items = |key: &str| front.get(key).unwrap().items().iter().filter_map(Value::to_text).collect::<Vec<_>>();
        assert_eq!(items("title"), ["My: title"]);
        assert_eq!(
            (items("tags"), items("authors")),
            (vec!["a".into(), "b c".into()], vec!["Ann".into(), "Bob, Jr.".into()])
        );
        assert_eq!(items("summary"), ["Two lines"]);
        assert_eq!((front.line("date"), front.raw("date")), (Some(2), Some("2010-12-03 10:20")));
    }

    #[test]
    fn prose_is_no_header() {
        for text in [
            "",
            "Note: this is prose.\n\nMore.",
            "Title: x\nNo colon\nDate: 2010-01-01\n\n",
            "Title: x\n\nDate: y\n",
            "# Title: x\nDate: 2010-01-01\n",
        ] {
            assert_eq!(headers(text), None, "{text:?}");
        }
    }
}
