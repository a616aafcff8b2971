//! Filters of texts.

use base64::Engine as _;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::Arguments;
use crate::model::Value;
use crate::normalizer::tera::Site;
use crate::normalizer::tera::render::escaped;

/// What stands in an address as it is.
const IN_ADDRESS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~').remove(b'/');
/// How long a text may become by replacing, a part at a time.
const MAX_BYTES: usize = 1 << 20;

pub(super) fn apply(name: &str, text: &str, arguments: Arguments<'_>, site: &dyn Site) -> Option<Value> {
    let made = match name {
        "upper" => text.to_uppercase(),
        "lower" => text.to_lowercase(),
        "trim" => text.trim().to_owned(),
        "trim_start" if arguments.get("pat").is_some() => {
            text.trim_start_matches(&*arguments.pattern("pat")?).to_owned()
        }
        "trim_end" if arguments.get("pat").is_some() => text.trim_end_matches(&*arguments.pattern("pat")?).to_owned(),
        "trim_start" => text.trim_start().to_owned(),
        "trim_end" => text.trim_end().to_owned(),
        "trim_start_matches" => text.trim_start_matches(&*arguments.pattern("pat")?).to_owned(),
        "trim_end_matches" => text.trim_end_matches(&*arguments.pattern("pat")?).to_owned(),
        "truncate" => truncated(text, arguments)?,
        "replace" => replaced(text, arguments.get("from")?.as_str()?, arguments.get("to")?.as_str()?)?,
        "capitalize" => capitalized(text),
        "title" => title(text),
        "linebreaksbr" | "newlines_to_br" => text.replace("\r\n", "<br>").replace('\n', "<br>"),
        "indent" => indented(text, arguments),
        "striptags" => without_tags(text),
        "spaceless" => spaceless(text),
        "escape" | "escape_html" => escaped(text),
        "escape_xml" => escaped(text).replace("&#x27;", "&apos;").replace("&#x2F;", "/"),
        "urlencode" => percent_encode(text.as_bytes(), IN_ADDRESS).to_string(),
        "urlencode_strict" => percent_encode(text.as_bytes(), NON_ALPHANUMERIC).to_string(),
        "addslashes" => text.replace('\\', "\\\\").replace('"', "\\\"").replace('\'', "\\'"),
        "slugify" => site.slug(text),
        "markdown" => markdown(text, arguments, site),
        "base64_encode" => base64::engine::general_purpose::STANDARD.encode(text),
        "reverse" => text.chars().rev().collect(),
        _ => return other(name, text, arguments),
    };
    Some(Value::String(made))
}

/// Those that give no text.
fn other(name: &str, text: &str, arguments: Arguments<'_>) -> Option<Value> {
    let count = |number: usize| i64::try_from(number).ok().map(Value::Int);
    match name {
        "length" => count(text.chars().count()),
        "wordcount" => count(text.split_whitespace().count()),
        "split" => {
            let separator = arguments.pattern("pat")?;
            Some(Value::List(text.split(&*separator).map(|part| Value::String(part.to_owned())).collect()))
        }
        "int" => {
            let text = text.trim();
            // With a point it is cut there.
            #[allow(clippy::cast_possible_truncation)]
            let cut = || text.contains('.').then(|| text.parse::<f64>().ok().map(|number| number as i64)).flatten();
            let number = text.parse().ok().or_else(cut);
            number.or_else(|| arguments.whole("default", 0)).filter(|_| arguments.get("base").is_none()).map(Value::Int)
        }
        "float" => Some(Value::Float(text.trim().parse().ok().filter(|it: &f64| it.is_finite()).unwrap_or(0.0))),
        _ => None,
    }
}

fn replaced(text: &str, from: &str, to: &str) -> Option<String> {
    let longest = text.len() + text.len().saturating_add(1).saturating_mul(to.len());
    (longest <= MAX_BYTES || text.matches(from).count().saturating_mul(to.len()) <= MAX_BYTES)
        .then(|| text.replace(from, to))
}

fn truncated(text: &str, arguments: Arguments<'_>) -> Option<String> {
    let length = usize::try_from(arguments.whole("length", 255)?).ok()?;
    let end = arguments.get("end").map_or(Some("…"), Value::as_str)?;
    Some(match text.char_indices().nth(length) {
        Some((at, _)) => format!("{}{end}", text.get(..at)?),
        None => text.to_owned(),
    })
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    first + &letters.as_str().to_lowercase()
}

/// Each word with its first letter large and the others small; an apostrophe is part of a word.
fn title(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut is_inside = false;
    for c in text.chars() {
        let is_of_word = c.is_alphanumeric() || matches!(c, '_' | '\'');
        match (is_of_word, is_inside) {
            (true, false) => made.extend(c.to_uppercase()),
            (true, true) => made.extend(c.to_lowercase()),
            (false, _) => made.push(c),
        }
        is_inside = is_of_word;
    }
    made
}

fn indented(text: &str, arguments: Arguments<'_>) -> String {
    let prefix = arguments.get("prefix").and_then(Value::as_str).unwrap_or("    ");
    let line = |(at, line): (usize, &str)| {
        let is_moved =
            if at == 0 { arguments.flag("first") } else { arguments.flag("blank") || !line.trim_start().is_empty() };
        format!("{}{line}", if is_moved { prefix } else { "" })
    };
    text.lines().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// Without comments and tags.
fn without_tags(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        made.push_str(before);
        let end = if tag.starts_with("!--") { "-->" } else { ">" };
        match tag.split_once(end) {
            Some((_, behind)) => rest = behind,
            None => {
                made.push('<');
                rest = tag;
                if !rest.contains('>') {
                    break;
                }
            }
        }
    }
    made.push_str(rest);
    made
}

/// Without white space between tags.
fn spaceless(text: &str) -> String {
    let mut parts = text.split('>').peekable();
    let mut made = String::with_capacity(text.len());
    while let Some(part) = parts.next() {
        let trimmed = part.trim_start();
        made.push_str(if !made.is_empty() && trimmed.starts_with('<') { trimmed } else { part });
        if parts.peek().is_some() {
            made.push('>');
        }
    }
    made
}

fn markdown(text: &str, arguments: Arguments<'_>, site: &dyn Site) -> String {
    let html = site.markdown(text);
    if !arguments.flag("inline") {
        return html;
    }
    html.trim_start_matches("<p>").trim_end_matches("</p>\n").to_owned()
}
