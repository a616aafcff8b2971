//! Filters of texts.

use super::{Arguments, made};
use crate::model::Value;
use crate::normalizer::liquid::budget::Budget;
use crate::normalizer::liquid::value::{self, whole};
use crate::normalizer::permalink::{Slugify, lowercase, slugify};

#[rustfmt::skip]
pub(super) const NAMES: &[&str] = &[
    "append", "prepend", "upcase", "downcase", "capitalize", "strip", "lstrip", "rstrip", "strip_newlines", "newline_to_br",
    "escape", "h", "escape_once", "xml_escape", "strip_html", "replace", "replace_first", "replace_last", "remove",
    "remove_first", "remove_last", "truncate", "truncatewords", "slice", "split", "slugify", "normalize_whitespace",
    "number_of_words", "inspect", "jsonify", "default",
];

pub(super) fn apply(name: &str, input: &Value, arguments: Arguments<'_, '_>, budget: &mut Budget) -> Option<Value> {
    if !NAMES.contains(&name) {
        return None;
    }
    if let Some(value) = of_values(name, input, arguments) {
        return Some(value);
    }
    let text = &*value::text(input);
    let (first, second) = (arguments.text(0), arguments.text(1));
    let string = |text: &str| Some(Value::String(text.to_owned()));
    match name {
        "append" => Some(made(budget, text.len() + first.len(), || [text, &first].concat())),
        "prepend" => Some(made(budget, text.len() + first.len(), || [&first, text].concat())),
        "upcase" => string(&text.to_uppercase()),
        "downcase" => string(&lowercase(text)),
        "capitalize" => string(&capitalized(text)),
        "strip" => string(text.trim()),
        "lstrip" => string(text.trim_start()),
        "rstrip" => string(text.trim_end()),
        "strip_newlines" => string(&text.replace("\r\n", "").replace('\n', "")),
        "newline_to_br" => string(&text.replace("\r\n", "\n").replace('\n', "<br />\n")),
        "escape" | "h" => string(&escape(text)),
        "escape_once" => string(&escape_once(text)),
        "xml_escape" => {
            string(&text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"))
        }
        "strip_html" => string(&without_html(text)),
        "replace" => Some(replaced(text, &first, &second, budget)),
        "remove" => Some(replaced(text, &first, "", budget)),
        "replace_first" => Some(made(budget, text.len() + second.len(), || text.replacen(&*first, &second, 1))),
        "remove_first" => string(&text.replacen(&*first, "", 1)),
        "replace_last" => Some(made(budget, text.len() + second.len(), || replaced_last(text, &first, &second))),
        "remove_last" => string(&replaced_last(text, &first, "")),
        "split" => Some(split(text, &first, budget)),
        "slugify" => string(&slug(text, &first)),
        "normalize_whitespace" => string(&text.split_whitespace().collect::<Vec<_>>().join(" ")),
        "number_of_words" => Some(words(text, &first)),
        _ => None,
    }
}

/// Filters for which a value that is no text is something else than its text.
fn of_values(name: &str, input: &Value, arguments: Arguments<'_, '_>) -> Option<Value> {
    match (name, input) {
        ("inspect", _) => Some(Value::String(escape_inspected(&value::inspect(input)))),
        ("jsonify", _) => Some(Value::String(json(input).to_string())),
        ("escape" | "h" | "truncate" | "truncatewords", Value::Null) => Some(Value::Null),
        ("truncate", _) => Some(Value::String(truncated(&value::text(input), arguments))),
        ("truncatewords", _) => Some(Value::String(first_words(&value::text(input), arguments))),
        ("slice", _) => Some(slice(input, arguments)),
        ("default", _) => {
            let is_empty = match input {
                Value::String(text) => text.is_empty(),
                Value::List(items) => items.is_empty(),
                Value::Map(pairs) => pairs.is_empty(),
                other => !value::is_true(other),
            };
            let other = || arguments.get(0).cloned().unwrap_or_else(|| Value::String(String::new()));
            Some(if is_empty { other() } else { input.clone() })
        }
        _ => None,
    }
}

/// Ruby's `CGI.escapeHTML`.
pub(in crate::normalizer::liquid) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    text.chars().for_each(|c| push_escaped(c, &mut escaped));
    escaped
}

fn push_escaped(c: char, escaped: &mut String) {
    match c {
        '&' => escaped.push_str("&amp;"),
        '<' => escaped.push_str("&lt;"),
        '>' => escaped.push_str("&gt;"),
        '"' => escaped.push_str("&quot;"),
        '\'' => escaped.push_str("&#39;"),
        c => escaped.push(c),
    }
}

/// Leaves references as they are.
fn escape_once(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if c == '&' && is_reference(text.get(at + 1..).unwrap_or_default()) {
            escaped.push(c);
        } else {
            push_escaped(c, &mut escaped);
        }
    }
    escaped
}

/// Whether a text begins as a reference goes on behind its `&`.
fn is_reference(rest: &str) -> bool {
    let digits = rest.strip_prefix('#');
    let name = digits.unwrap_or(rest);
    let is_part = |c: char| if digits.is_some() { c.is_ascii_digit() } else { c.is_ascii_alphabetic() };
    let end = name.find(|c| !is_part(c)).unwrap_or(name.len());
    end > 0 && name.as_bytes().get(end) == Some(&b';')
}

fn escape_inspected(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.replace('"', "&quot;")
}

fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::String(text) => text.as_str().into(),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(pairs) => {
            serde_json::Value::Object(pairs.iter().map(|(key, value)| (key.clone(), json(value))).collect())
        }
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + &lowercase(letters.as_str())
}

/// Scripts, comments and style sheets go with what they hold, of other tags the text stays.
fn without_html(text: &str) -> String {
    let mut kept = text.to_owned();
    for (open, close) in [("<script", "</script>"), ("<!--", "-->"), ("<style", "</style>"), ("<", ">")] {
        kept = without(&kept, open, close);
    }
    kept
}

fn without(text: &str, open: &str, close: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        let Some((_, behind)) = after.split_once(close) else { break };
        kept.push_str(before);
        rest = behind;
    }
    kept + rest
}

fn replaced(text: &str, old: &str, new: &str, budget: &mut Budget) -> Value {
    let places = if old.is_empty() { text.len() + 1 } else { text.matches(old).count() };
    let length = text.len().saturating_add(places.saturating_mul(new.len()));
    made(budget, length, || text.replace(old, new))
}

fn replaced_last(text: &str, old: &str, new: &str) -> String {
    match text.rsplit_once(old) {
        Some((before, after)) => [before, new, after].concat(),
        None => text.to_owned(),
    }
}

fn truncated(text: &str, arguments: Arguments<'_, '_>) -> String {
    let length = arguments.whole(0).map_or(50, |length| usize::try_from(length).unwrap_or(0));
    let end = if arguments.get(1).is_some() { arguments.text(1) } else { "...".into() };
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let kept = length.saturating_sub(end.chars().count());
    text.chars().take(kept).chain(end.chars()).collect()
}

fn first_words(text: &str, arguments: Arguments<'_, '_>) -> String {
    let most = arguments.whole(0).map_or(15, |words| usize::try_from(words).unwrap_or(1).max(1));
    let end = if arguments.get(1).is_some() { arguments.text(1) } else { "...".into() };
    let words: Vec<&str> = text.split_whitespace().take(most.saturating_add(1)).collect();
    if words.len() <= most {
        return text.to_owned();
    }
    words.get(..most).unwrap_or_default().join(" ") + &end
}

fn slice(input: &Value, arguments: Arguments<'_, '_>) -> Value {
    let offset = arguments.whole(0).unwrap_or(0);
    let length = arguments.whole(1).map_or(1, |length| usize::try_from(length).unwrap_or(0));
    let from = |size: usize| match offset {
        ..0 => usize::try_from(offset.unsigned_abs()).ok().and_then(|back| size.checked_sub(back)),
        _ => usize::try_from(offset).ok().filter(|from| *from <= size),
    };
    if let Value::List(items) = input {
        let items = from(items.len()).map(|from| items.iter().skip(from).take(length).cloned().collect());
        return Value::List(items.unwrap_or_default());
    }
    let text = value::text(input);
    let part = from(text.chars().count()).map(|from| text.chars().skip(from).take(length).collect());
    Value::String(part.unwrap_or_default())
}

/// Ruby's `split`: at runs of white space for a blank, into letters for nothing, and without empty parts at the end.
fn split(text: &str, at: &str, budget: &mut Budget) -> Value {
    const COST: usize = 64;
    let parts = if at.is_empty() { text.len() } else { text.matches(at).count() + 1 };
    if !budget.pay(parts.saturating_mul(COST)) {
        return Value::Null;
    }
    let mut parts: Vec<&str> = match at {
        " " => text.split_ascii_whitespace().collect(),
        "" => text.char_indices().filter_map(|(at, c)| text.get(at..at + c.len_utf8())).collect(),
        _ => text.split(at).collect(),
    };
    while parts.last().is_some_and(|part| part.is_empty()) {
        parts.pop();
    }
    Value::List(parts.into_iter().map(|part| Value::String(part.to_owned())).collect())
}

/// Jekyll's `slugify` in its modes.
fn slug(text: &str, mode: &str) -> String {
    match mode {
        "none" => lowercase(text).into_owned(),
        "pretty" => slugify(text, Slugify::Pretty, false),
        "raw" => lowercase(&text.split_whitespace().collect::<Vec<_>>().join("-")).into_owned(),
        "ascii" | "latin" => slugify(&text.replace(|c: char| !c.is_ascii(), "-"), Slugify::Default, false),
        _ => slugify(text, Slugify::Default, false),
    }
}

/// Words between white space; in the modes `cjk` and `auto` each character of Chinese, Japanese and Korean is one.
fn words(text: &str, mode: &str) -> Value {
    let is_cjk = |c: char| {
        matches!(u32::from(c), 0x1100..=0x11ff | 0x2e80..=0x2fdf | 0x3005 | 0x3007 | 0x3041..=0x30ff | 0x3130..=0x318f
            | 0x31f0..=0x31ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xa960..=0xa97f | 0xac00..=0xd7ff | 0xf900..=0xfaff
            | 0xff66..=0xff9f | 0x2_0000..=0x3_ffff)
    };
    let characters = text.chars().filter(|c| is_cjk(*c)).count();
    let count = match mode {
        "cjk" | "auto" if characters > 0 => {
            let others = text.split(|c: char| c.is_whitespace() || is_cjk(c)).filter(|word| !word.is_empty());
            characters + others.count()
        }
        _ => text.split_whitespace().count(),
    };
    whole(&Value::String(count.to_string())).map_or(Value::Null, Value::Int)
}
