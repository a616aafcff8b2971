//! The functions of texts.

use super::functions::plainified;
use super::value::{Kind, Value};
use crate::normalizer::text;

/// How long a text may become by being repeated.
const MAX_REPEATED: usize = 64 * 1024;

/// A function by its name; `None` for one that is not known.
pub(super) fn call(name: &str, arguments: &[Value]) -> Option<Value> {
    let text = |n: usize| arguments.get(n)?.to_text();
    let plain = |text: String| Some(Value::plain(text));
    let truth = |is_true: bool| Some(Value::Bool(is_true));
    match name {
        "string" | "cast.ToString" => plain(text(0)?.to_string()),
        "print" | "fmt.Print" => plain(printed(arguments, "")?),
        "println" | "fmt.Println" => plain(printed(arguments, " ")? + "\n"),
        "printf" | "fmt.Printf" => plain(formatted(&text(0)?, arguments.get(1..)?)?),
        "lower" | "strings.ToLower" => plain(text(0)?.to_lowercase()),
        "upper" | "strings.ToUpper" => plain(text(0)?.to_uppercase()),
        "strings.FirstUpper" => plain(first_upper(&text(0)?)),
        "title" | "strings.Title" => titled(&text(0)?).and_then(plain),
        "humanize" | "inflect.Humanize" => plain(first_upper(text(0)?.replace(['-', '_'], " ").trim())),
        "strings.TrimSpace" => plain(text(0)?.trim().to_owned()),
        "trim" | "strings.Trim" => {
            let (text, set) = (text(0)?, text(1)?);
            plain(text.trim_matches(|c| set.contains(c)).to_owned())
        }
        "strings.TrimLeft" => {
            let (set, text) = (text(0)?, text(1)?);
            plain(text.trim_start_matches(|c| set.contains(c)).to_owned())
        }
        "strings.TrimRight" => {
            let (set, text) = (text(0)?, text(1)?);
            plain(text.trim_end_matches(|c| set.contains(c)).to_owned())
        }
        "strings.TrimPrefix" => {
            let (prefix, text) = (text(0)?, text(1)?);
            plain(text.strip_prefix(&*prefix).unwrap_or(&text).to_owned())
        }
        "strings.TrimSuffix" => {
            let (suffix, text) = (text(0)?, text(1)?);
            plain(text.strip_suffix(&*suffix).unwrap_or(&text).to_owned())
        }
        "chomp" | "strings.Chomp" => {
            let kind = if let Value::Text(_, kind) = arguments.first()? { *kind } else { Kind::Plain };
            Some(Value::Text(text(0)?.trim_end_matches(['\r', '\n']).into(), kind))
        }
        "hasPrefix" | "strings.HasPrefix" => truth(text(0)?.starts_with(&*text(1)?)),
        "hasSuffix" | "strings.HasSuffix" => truth(text(0)?.ends_with(&*text(1)?)),
        "strings.Contains" => truth(text(0)?.contains(&*text(1)?)),
        "replace" | "strings.Replace" => {
            let replaced = text(0)?.replace(&*text(1)?, &text(2)?);
            (replaced.len() <= super::MAX_BYTES).then_some(replaced).and_then(plain)
        }
        "split" | "strings.Split" => {
            let (text, at) = (text(0)?, text(1)?);
            let parts: Vec<&str> = if at.is_empty() { text.split("").collect() } else { text.split(&*at).collect() };
            let parts = parts.into_iter().filter(|part| !at.is_empty() || !part.is_empty());
            Some(Value::list(parts.map(Value::plain).collect()))
        }
        "delimit" | "collections.Delimit" => {
            let items = arguments.first()?.items()?;
            let items: Vec<_> = items.iter().map(|(_, item)| item.to_text()).collect::<Option<_>>()?;
            let (between, last) = (text(1)?, text(2));
            match (items.split_last(), last) {
                (Some((end, before)), Some(last)) if !before.is_empty() => {
                    plain(format!("{}{last}{end}", before.join(&*between)))
                }
                _ => plain(items.join(&*between)),
            }
        }
        "strings.Repeat" => {
            let (times, text) = (usize::try_from(arguments.first()?.to_int()?).ok()?, text(1)?);
            (times.checked_mul(text.len())? <= MAX_REPEATED).then(|| Value::plain(text.repeat(times)))
        }
        "substr" | "strings.Substr" | "slicestr" | "strings.SliceString" => slice(name, arguments),
        "htmlEscape" | "transform.HTMLEscape" => plain(text::escape(&text(0)?)),
        "htmlUnescape" | "transform.HTMLUnescape" => plain(text::decode(&text(0)?).into_owned()),
        "plainify" | "transform.Plainify" => plain(plainified(&text(0)?)),
        "urlize" | "urls.URLize" | "anchorize" | "urls.Anchorize" => plain(urlized(&text(0)?, name)),
        "path.Base" => plain(text(0)?.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()),
        "path.Ext" => {
            let text = text(0)?;
            let file = text.rsplit('/').next().unwrap_or_default();
            plain(file.rfind('.').and_then(|at| file.get(at..)).unwrap_or_default().to_owned())
        }
        "path.Dir" => plain(text(0)?.rsplit_once('/').map_or(".", |(folder, _)| folder).to_owned()),
        "path.Join" => {
            let parts: Vec<_> = (0..arguments.len()).map(text).collect::<Option<_>>()?;
            let is_rooted = parts.iter().find(|part| !part.is_empty()).is_some_and(|part| part.starts_with('/'));
            let parts: Vec<&str> =
                parts.iter().flat_map(|part| part.split('/')).filter(|part| !part.is_empty()).collect();
            plain(format!("{}{}", if is_rooted { "/" } else { "" }, parts.join("/")))
        }
        "urls.Parse" => Some(parsed(&text(0)?)),
        _ => None,
    }
}

/// A text between two places, in letters.
fn slice(name: &str, arguments: &[Value]) -> Option<Value> {
    let letters: Vec<char> = arguments.first()?.to_text()?.chars().collect();
    let count = i64::try_from(letters.len()).ok()?;
    let number = |n: usize| arguments.get(n).map(Value::to_int);
    let start = number(1).unwrap_or(Some(0))?;
    let start = if start < 0 { (count + start).max(0) } else { start.min(count) };
    let end = match number(2) {
        None => count,
        Some(length) if name.to_lowercase().contains("substr") => {
            let length = length?;
            if length < 0 { (count + length).max(start) } else { start.saturating_add(length).min(count) }
        }
        Some(end) => end?.clamp(start, count),
    };
    let range = usize::try_from(start).ok()?..usize::try_from(end).ok()?;
    Some(Value::plain(letters.get(range)?.iter().collect::<String>()))
}

fn printed(arguments: &[Value], between: &str) -> Option<String> {
    let texts: Vec<_> = arguments.iter().map(Value::to_text).collect::<Option<_>>()?;
    Some(texts.join(between))
}

/// `printf`, with the verbs for texts and numbers.
fn formatted(format: &str, arguments: &[Value]) -> Option<String> {
    let mut text = String::new();
    let mut arguments = arguments.iter();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            text.push('%');
            rest = after;
            continue;
        }
        let end = after.find(|c: char| c.is_ascii_alphabetic())?;
        let (flags, verb) = (after.get(..end)?, after.get(end..end + 1)?);
        rest = after.get(end + 1..)?;
        let value = arguments.next()?;
        match verb {
            "s" | "v" | "d" if flags.is_empty() || flags == "+" => text.push_str(&value.to_text()?),
            "q" if flags.is_empty() => text.push_str(&format!("{:?}", value.to_text()?)),
            "d" => {
                let (fill, width) = flags.strip_prefix('0').map_or((' ', flags), |width| ('0', width));
                let number = value.to_int()?.to_string();
                let missing = width.parse::<usize>().ok()?.min(100).saturating_sub(number.len());
                text.extend(std::iter::repeat_n(fill, missing));
                text.push_str(&number);
            }
            "f" => {
                let places: usize = flags.strip_prefix('.').map_or(Some(6), |places| places.parse().ok())?;
                text.push_str(&format!("{:.*}", places.min(20), value.to_float()?));
            }
            "t" => text.push_str(if value.is_true() { "true" } else { "false" }),
            _ => return None,
        }
    }
    text.push_str(rest);
    (arguments.next().is_none()).then_some(text)
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// One word with a large letter; several depend on a style that is not known here.
fn titled(text: &str) -> Option<String> {
    (!text.trim().contains(char::is_whitespace)).then(|| first_upper(text))
}

fn urlized(text: &str, name: &str) -> String {
    let is_anchor = name.to_lowercase().contains("anchor");
    let mut slug = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            ' ' | '-' if is_anchor => slug.push('-'),
            c if c.is_whitespace() && slug.ends_with('-') => {}
            c if c.is_whitespace() => slug.push('-'),
            c if c.is_alphanumeric() || c == '_' => slug.extend(c.to_lowercase()),
            '-' | '.' | '/' | '#' | '+' | '~' if !is_anchor => slug.push(c),
            _ => {}
        }
    }
    slug
}

/// The parts of an address.
fn parsed(url: &str) -> Value {
    let (before, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (before, query) = before.split_once('?').unwrap_or((before, ""));
    let is_scheme = |scheme: &&str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    };
    let scheme = before.split_once(':').map(|(scheme, _)| scheme).filter(is_scheme).unwrap_or_default();
    let behind = if scheme.is_empty() { before } else { before.get(scheme.len() + 1..).unwrap_or_default() };
    let (host, path) = match behind.strip_prefix("//") {
        Some(rest) => rest.split_at_checked(rest.find('/').unwrap_or(rest.len())).unwrap_or((rest, "")),
        None => ("", behind),
    };
    Value::map([
        ("Scheme", Value::plain(scheme)),
        ("Host", Value::plain(host)),
        ("Hostname", Value::plain(host.split(':').next().unwrap_or_default())),
        ("Path", Value::plain(path)),
        ("RawQuery", Value::plain(query)),
        ("Fragment", Value::plain(fragment)),
        ("String", Value::plain(url)),
        ("IsAbs", Value::Bool(!scheme.is_empty())),
    ])
}
