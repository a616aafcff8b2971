//! The part of a post that stands for the whole: Jekyll's excerpt, in source form.

use std::borrow::Cow;
use std::collections::HashSet;

use super::body::html::{self, Cleaning};
use super::text;
use crate::model::WebUrl;

/// The most bytes that an excerpt gives a summary. On sites whose posts are one line of HTML the excerpt is all of the
/// post, and every feed would hold it twice.
const LONGEST_SUMMARY: usize = 2000;

/// The plain text of the HTML of an excerpt of the page at `base`, as a summary, without what no reader sees.
#[must_use]
pub fn summary(html: &str, base: &WebUrl) -> String {
    // A frame has no text; the link that stands for it elsewhere would have.
    let cleaning = Cleaning { base, keep_iframes: true };
    let text = || text::from_html(&html::clean(html, &cleaning));
    let text = text::start_of_simple_html(html, LONGEST_SUMMARY).unwrap_or_else(text);
    text::shorten(&text, LONGEST_SUMMARY)
}

/// The text before the first `separator`; all of it where there is none, or where `separator` is empty.
///
/// Blank lines at the start count for nothing, and a separator's line breaks also match those of DOS (`\r\n`). As in
/// Jekyll (`Excerpt#extract_excerpt`), definitions of links in the rest that the excerpt refers to are appended to it.
#[must_use]
pub fn source<'a>(body: &'a str, separator: &str) -> Cow<'a, str> {
    let body = without_leading_blank_lines(body);
    let Some((head, tail)) = split(body, separator) else { return Cow::Borrowed(body) };
    let labels = bracketed(head);
    if labels.is_empty() {
        return Cow::Borrowed(head);
    }
    let wanted = |line: &&str| label(line).is_some_and(|label| labels.contains(label));
    let definitions: Vec<&str> = tail.lines().filter(wanted).map(str::trim_start).collect();
    if definitions.is_empty() {
        return Cow::Borrowed(head);
    }
    Cow::Owned(format!("{head}\n\n{}", definitions.join("\n")))
}

fn without_leading_blank_lines(body: &str) -> &str {
    let indentation = body.len() - body.trim_start().len();
    let blank = body.get(..indentation).and_then(|space| space.rfind('\n')).map_or(0, |end| end + 1);
    body.get(blank..).unwrap_or_default()
}

/// What lies on both sides of the first separator.
fn split<'a>(body: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    if separator.is_empty() {
        return None;
    }
    let unix = separator.replace("\r\n", "\n");
    let dos = memchr::memchr(b'\r', body.as_bytes()).map(|_| unix.replace('\n', "\r\n"));
    let halves = [split_once(body, &unix), dos.and_then(|dos| split_once(body, &dos))];
    halves.into_iter().flatten().min_by_key(|(head, _)| head.len())
}

fn split_once<'a>(text: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    let at = memchr::memmem::find(text.as_bytes(), separator.as_bytes())?;
    text.get(..at).zip(text.get(at + separator.len()..))
}

/// Every `[x]` in `text` that has no bracket inside.
fn bracketed(text: &str) -> HashSet<&str> {
    let closed = |piece: &'_ str| piece.find(']');
    let openings = memchr::memchr_iter(b'[', text.as_bytes());
    openings
        .filter_map(|at| {
            let inside = text.get(at + 1..)?.split('[').next()?;
            text.get(at..at + closed(inside)? + 2)
        })
        .collect()
}

/// The `[x]` of a line that defines a link, such as `[x]: https://example.com`.
fn label(line: &str) -> Option<&str> {
    let text = line.trim_start_matches(' ');
    let (inside, address) = text.strip_prefix('[')?.split_once("]:")?;
    let defines = line.len() - text.len() <= 3 && !inside.contains([']', '[']) && !address.trim().is_empty();
    text.get(..inside.len() + 2).filter(|_| defines && !inside.is_empty())
}

#[cfg(test)]
mod tests {
    use super::source;

    #[test]
    fn ends_at_the_first_separator() {
        let cases = [
            ("a\n\nb\n\nc", "\n\n", "a"),
            ("\n \n\nfirst\nline\n\nb", "\n\n", "first\nline"),
            ("  code\n\nb", "\n\n", "  code"),
            ("a\r\n\r\nb\r\n\r\nc", "\n\n", "a"),
            ("a\r\n\r\nb\n\nc", "\n\n", "a"),
            ("a\n\nb<!--more-->c", "<!--more-->", "a\n\nb"),
            ("no end", "\n\n", "no end"),
            ("a\n\nb", "", "a\n\nb"),
            ("", "\n\n", ""),
            ("\n\n", "\n\n", ""),
        ];
        for (body, separator, expected) in cases {
            assert_eq!(source(body, separator), expected, "{body:?} at {separator:?}");
        }
    }

    #[test]
    fn brings_the_link_definitions_it_needs() {
        let cases = [
            ("see [x] and [y][z]\n\nmore\n\n[x]: /x\n  [z]: /z\n[other]: /o", "see [x] and [y][z]\n\n[x]: /x\n[z]: /z"),
            ("see [x]\n\n    [x]: /in-code\n[x]:\n", "see [x]"),
            ("note[^1]\r\n\r\nrest\r\n\r\n[^1]: text\r\n", "note[^1]\n\n[^1]: text"),
            ("plain\n\n[x]: /x", "plain"),
        ];
        for (body, expected) in cases {
            assert_eq!(source(body, "\n\n"), expected, "{body:?}");
        }
    }
}
