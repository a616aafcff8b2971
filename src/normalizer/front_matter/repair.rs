//! Front matter that the YAML parser refuses: each field by itself, and where one is at fault, its lines as they stand.

use std::borrow::Cow;

use crate::model::{Code, Diagnostic, Duplicates, MapBuilder, Value};

use super::lines::{self, Block, Heads};
use super::yaml::{self, Effort, Failure, Tree};
use super::{Read, plain};

/// More fields than any post has; those beyond are read by their lines alone, since each parser costs its start.
const MAX_PARSED: usize = 1024;

/// Reads what can be read. `warning` says what the parser refused; without one it was only spared the whole.
pub(super) fn read(header: &str, warning: Option<Diagnostic>, effort: &mut Effort) -> Read {
    let blocks = lines::blocks(header, Heads::Lenient);
    if blocks.is_empty() {
        let message = "the front matter has no line with a key and a value";
        let place = warning.unwrap_or_else(|| Diagnostic::new(Code::NotAMap, ""));
        let line = place.line.or_else(|| lines::first_line_of_text(header));
        return Err(Diagnostic::new(Code::NotAMap, message).at(line).column(place.column));
    }
    let mut fields = MapBuilder::default();
    let mut duplicates = Duplicates::new();
    let mut unread = None;
    for (number, block) in blocks.iter().enumerate() {
        let text = header.get(block.text.clone()).unwrap_or_default();
        let tree = if number < MAX_PARSED { parse(text, effort)? } else { None };
        let pairs = if let Some(tree) = tree {
            duplicates.extend(tree.duplicates);
            yaml::into_map(tree.value).unwrap_or_default()
        } else {
            unread = unread.or(Some(block));
            let raw = header.get(block.raw.clone()).unwrap_or_default();
            Vec::from_iter(by_lines(raw, text).map(|value| (block.key.to_owned(), value)))
        };
        if block.key == "<<" {
            fields.merge(Value::Map(pairs));
            continue;
        }
        for (key, value) in pairs {
            if let Some(twice) = fields.state(key, value) {
                duplicates.insert((twice.to_owned(), None));
            }
        }
    }
    let warning = warning.or_else(|| unread.map(too_many_brackets));
    let mut diagnostics = lines::duplicates(duplicates, &blocks);
    diagnostics.extend(warning);
    Ok((lines::locate(fields.into_pairs(), &blocks), diagnostics))
}

/// The error of aliases without bound.
pub(super) fn expands() -> Diagnostic {
    Diagnostic::new(Code::AliasBomb, "the front matter expands without bound through its aliases").at(Some(1))
}

fn too_many_brackets(block: &Block<'_>) -> Diagnostic {
    Diagnostic::new(Code::FrontMatterRepaired, "the front matter has too many brackets to be read").at(Some(block.line))
}

/// One block as YAML, or as if the tabs that indent it were spaces; `None` if it is no map either way.
fn parse(block: &str, effort: &mut Effort) -> Result<Option<Tree>, Diagnostic> {
    if let Some(fields) = plain::read(block) {
        let pairs = fields.into_iter().map(|field| (field.key, field.value)).collect();
        return Ok(Some(Tree { value: Value::Map(pairs), duplicates: Duplicates::new() }));
    }
    let readings = std::iter::once(Cow::Borrowed(block)).chain(tabs_as_spaces(block).map(Cow::Owned));
    for reading in readings {
        match yaml::parse(&reading, effort) {
            Ok(tree) if matches!(tree.value, Value::Map(_)) => return Ok(Some(tree)),
            Err(Failure::Expands) => return Err(expands()),
            Ok(_) | Err(Failure::TooManyBrackets | Failure::Syntax(_)) => {}
        }
    }
    Ok(None)
}

/// Two spaces for each tab before a line's text; `None` unless tabs alone indent the lines.
fn tabs_as_spaces(block: &str) -> Option<String> {
    let mut spaced = String::with_capacity(block.len() + block.len() / 4);
    let mut has_tabs = false;
    for line in block.split_inclusive('\n') {
        let text = line.trim_start_matches('\t');
        if text.starts_with(' ') && !text.trim().is_empty() {
            return None;
        }
        let tabs = line.len() - text.len();
        has_tabs |= tabs > 0;
        spaced.extend(std::iter::repeat_n("  ", tabs));
        spaced.push_str(text);
    }
    has_tabs.then_some(spaced)
}

/// The value of a block by its lines: a list of `- text`, else what follows the colon.
fn by_lines(raw: &str, block: &str) -> Option<Value> {
    let following = block.lines().skip(1).map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let is_empty = raw.is_empty() || raw.starts_with('#');
    if is_empty {
        let items: Option<Vec<Value>> = following.map(|line| text(line.strip_prefix('-')?.trim())).collect();
        return items.filter(|items| !items.is_empty()).map(Value::List);
    }
    let is_block_of_text = raw.starts_with(['|', '>']) && raw.len() <= 3;
    if is_block_of_text {
        return Some(Value::String(following.collect::<Vec<_>>().join("\n")));
    }
    text(raw)
}

/// A text on one line, without its outer quotes; `None` for what is plainly no text.
fn text(raw: &str) -> Option<Value> {
    if let Some(value) = plain::scalar(raw).or_else(|| quoted(raw)) {
        return Some(value);
    }
    let raw = raw.split_once(" #").map_or(raw, |(text, _)| text).trim_end();
    if let Some(value) = quoted(raw) {
        return Some(value);
    }
    match raw.chars().next()? {
        '[' if raw.ends_with(']') || !raw.contains(']') => {
            let items = raw.trim_start_matches('[').trim_end_matches(']').split(',').map(str::trim);
            items.filter(|item| !item.is_empty()).map(text).collect::<Option<_>>().map(Value::List)
        }
        '{' if raw.ends_with('}') => None,
        '*' if raw.bytes().skip(1).all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')) => None,
        quote @ ('"' | '\'') if raw.matches(quote).count() == 1 => {
            Some(Value::String(raw.trim_start_matches(quote).to_owned()))
        }
        _ => Some(Value::String(raw.to_owned())),
    }
}

/// What stands between a pair of quotes, with those that are escaped as they should be.
fn quoted(raw: &str) -> Option<Value> {
    let quote = raw.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = raw.get(1..)?.strip_suffix(quote)?;
    let text = if quote == '"' { inner.replace("\\\"", "\"") } else { inner.replace("''", "'") };
    Some(Value::String(text))
}
