//! The YAML parser's complaint in the words of someone who wrote a post.

use crate::model::{Code, Diagnostic};

use super::lines::Block;
use super::source::{FIRST_LINE, count};
use super::yaml::Error;

/// The warning that front matter was read line by line, at the place that the parser could not read.
pub(super) fn explain(header: &str, blocks: &[Block<'_>], error: &Error) -> Diagnostic {
    let Some((line, column)) = place(error) else {
        return Diagnostic::new(Code::FrontMatterRepaired, without_place(&error.message));
    };
    let Spot { line, column, at, behind_separator } = find(header, line, column);
    let file_line = FIRST_LINE.saturating_add(count(line));
    let field = blocks.iter().take_while(|block| block.line <= file_line).last();
    let message = match field {
        Some(block) if behind_separator => format!("{} has an invisible line separator", name(block.key)),
        Some(block) => {
            let raw = header.get(block.raw.clone()).unwrap_or_default();
            in_field(&error.message, &name(block.key), raw, at)
        }
        None => in_field(&error.message, "the front matter", "", at),
    };
    Diagnostic::new(Code::FrontMatterRepaired, message).at(Some(file_line)).column(Some(count(column + 1)))
}

/// Where it went wrong: for what is never closed or has no colon, where that began, which the message states last.
fn place(error: &Error) -> Option<(usize, usize)> {
    let begun = ["unexpected end of stream", "expected ':'", "expected ',' or"];
    if begun.iter().any(|problem| error.message.contains(problem)) {
        let (_, context) = error.message.rsplit_once(" at line ")?;
        let (line, column) = context.split_once(" column ")?;
        // The parsed text has one line more than the header.
        let line = line.parse::<usize>().ok()?.saturating_sub(1);
        return Some((line.max(1), column.parse::<usize>().ok()?.max(1)));
    }
    error.position.map(|(line, column)| (line.max(1), column.max(1)))
}

/// A place in the header as editors count, which end lines at line feeds alone.
#[derive(Default)]
struct Spot {
    /// From 0.
    line: usize,
    /// In characters from 0.
    column: usize,
    /// What stands there.
    at: Option<char>,
    /// Whether its line begins with what is a line's end to YAML alone (YAML 1.1 §4.2).
    behind_separator: bool,
}

/// The place that is a line and a column to YAML, both from 1.
fn find(header: &str, line: usize, column: usize) -> Spot {
    let mut spot = Spot::default();
    let mut lines_left = line - 1;
    let mut columns_left = column - 1;
    let mut chars = header.chars().peekable();
    while let Some(&c) = chars.peek() {
        let separates = matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}');
        if lines_left == 0 && columns_left == 0 {
            break;
        }
        chars.next();
        if lines_left > 0 {
            spot.behind_separator = separates || (spot.behind_separator && c != '\n');
            lines_left -= usize::from(separates || c == '\n' || (c == '\r' && chars.peek() != Some(&'\n')));
        } else {
            columns_left -= 1;
        }
        spot.column += 1;
        if c == '\n' {
            (spot.line, spot.column) = (spot.line + 1, 0);
        }
    }
    spot.at = chars.next();
    spot
}

fn without_place(message: &str) -> String {
    if message.contains("more than one document") {
        return "a line of the front matter begins with three dashes".to_owned();
    }
    short(message)
}

fn in_field(problem: &str, field: &str, raw: &str, at: Option<char>) -> String {
    let has = |words: &str| problem.contains(words);
    if has("found a tab character") || (has("cannot start any token") && at == Some('\t')) {
        "a tab is used as indentation".to_owned()
    } else if has("cannot start any token") {
        format!("{field} has a `{}` that needs quotes", at.unwrap_or(' '))
    } else if has("mapping values are not allowed") {
        format!("{field} has a colon inside that needs quotes")
    } else if has("scanning a quoted scalar") || has("unexpected end of stream") {
        format!("{field} has a quote that is never closed")
    } else if has("expected ',' or") {
        format!("{field} has a bracket that is never closed")
    } else if has("expected ':'") {
        "a line has no key with a colon and a space behind it".to_owned()
    } else if has("unknown anchor") {
        format!("{field} refers to an anchor that is defined nowhere")
    } else if has("scanning an alias") || has("scanning an anchor") {
        format!("{field} begins with a `{}` that needs quotes", raw.chars().next().unwrap_or('*'))
    } else if has("escape") {
        format!("{field} has a backslash in double quotes that stands for nothing")
    } else if has("expected key") && raw.starts_with(['"', '\'']) {
        format!("{field} has quotes inside quotes")
    } else if has("expected key") && raw.starts_with(['[', '{']) {
        format!("{field} begins with a bracket and needs quotes")
    } else if has("expected key") || has("entries are not allowed") {
        format!("{field} is not indented like what stands around it")
    } else if has("recursion limit") {
        format!("{field} is nested too deep")
    } else {
        format!("{field} cannot be read: {}", short(problem))
    }
}

/// A field's name, short enough for a line.
fn name(key: &str) -> String {
    const MOST: usize = 40;
    if key.chars().nth(MOST).is_none() {
        format!("`{key}`")
    } else {
        format!("`{}…`", key.chars().take(MOST).collect::<String>())
    }
}

/// The parser's words without places and contexts, at most a line of them.
fn short(message: &str) -> String {
    let end = [" at line ", ", while "].iter().filter_map(|behind| message.find(behind)).min().unwrap_or(message.len());
    message.get(..end).unwrap_or(message).chars().take(100).collect()
}
