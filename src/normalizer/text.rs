//! Plain text: from HTML, cut to size, free of what XML forbids.

mod markup;
mod reference;
mod sentence;
mod smart;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashSet;

pub use crate::model::{is_legal, legal};
use markup::Piece;
pub use reference::{decode, numeric};
pub use sentence::{first_sentence, shorten};
pub use smart::smartify;

/// The text that a reader of `html` sees, on one line.
///
/// Tags go without a trace, as Jekyll's `strip_html` drops them; so do comments, and scripts and style sheets with what
/// they hold. Character references are decoded once, runs of white space become one space as in [`line`].
#[must_use]
pub fn from_html(html: &str) -> String {
    let mut line = Line::default();
    for piece in markup::pieces(html) {
        if let Piece::Text(text) = piece {
            line.extend(&decode(text));
        }
    }
    line.finish()
}

/// [`from_html`] of simple HTML, which is read only until there are more than `most` bytes of text. `None` when there is
/// markup before that whose text a reader may not see.
#[must_use]
pub fn start_of_simple_html(html: &str, most: usize) -> Option<String> {
    /// How much is looked over at once for characters that are not legal.
    const STRIDE: usize = 1024;
    let mut line = Line::default();
    let (mut end, mut legal_to) = (0, 0);
    for piece in markup::pieces(html) {
        let (Piece::Text(source) | Piece::Markup(source)) = piece;
        end += source.len();
        while legal_to < end {
            let next = html.floor_char_boundary(legal_to + STRIDE);
            let stretch = html.get(legal_to..next)?;
            // Without an illegal character, what is around it may mean something else.
            if legal(stretch).len() < stretch.len() {
                return None;
            }
            legal_to = next;
        }
        match piece {
            // A tag that never ends, or what looks like one.
            Piece::Text(text) if text.starts_with('<') => return None,
            Piece::Text(text) => match decode(text) {
                Cow::Borrowed(text) => line.extend_legal(text),
                Cow::Owned(text) => line.extend(&text),
            },
            Piece::Markup(markup) if !is_simple(markup) => return None,
            Piece::Markup(_) => {}
        }
        if line.text.trim_end().len() > most {
            break;
        }
    }
    Some(line.finish())
}

/// Elements whose text is seen, whatever they are in.
const SIMPLE: [&str; 36] = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "cite",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "li",
    "ol",
    "p",
    "pre",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
    "ul",
    "section",
];

/// Whether a tag is of a simple element and has no attribute that could hide it.
fn is_simple(tag: &str) -> bool {
    let inner = tag.trim_start_matches(['<', '/']);
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let Some((name, attributes)) = inner.split_at_checked(end) else { return false };
    if !SIMPLE.iter().any(|simple| simple.eq_ignore_ascii_case(name)) {
        return false;
    }
    if !attributes.starts_with([' ', '\t', '\n', '/', '>']) || attributes.matches('<').count() > 0 {
        return false;
    }
    if matches!(attributes, ">" | "/>" | " />") {
        return true;
    }
    let attributes = attributes.to_ascii_lowercase();
    // A reference may spell any of the words.
    let styled = attributes.contains("style") && attributes.contains('&');
    !styled && !["hidden", "display", "visibility", "\\"].iter().any(|word| attributes.contains(word))
}

/// `text` on one line: what XML forbids goes, runs of white space become one space, none stays at either end.
///
/// White space is what Ruby's `\s` matches, and the Unicode separators of lines and paragraphs. A no-break or an
/// ideographic space inside is the author's typography and stays.
#[must_use]
pub fn line(text: &str) -> String {
    let mut line = Line::default();
    line.extend(text);
    line.finish()
}

/// `word` and the least number for which `source` holds no such word: what stands for something in a text until it is put there.
#[must_use]
pub(crate) fn unused_word(word: &str, source: &str) -> String {
    let numbers: HashSet<usize> = source
        .match_indices(word)
        .filter_map(|(at, _)| {
            let behind = source.get(at + word.len()..)?;
            let end = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
            behind.get(..end)?.parse().ok()
        })
        .collect();
    let free = (0..=numbers.len()).find(|number| !numbers.contains(number)).unwrap_or_default();
    format!("{word}{free}N")
}

/// `text` with the characters escaped that mean something in HTML, in text and in quoted attributes.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// One line in the making.
#[derive(Default)]
struct Line {
    text: String,
    gap: bool,
}

impl Line {
    fn extend(&mut self, text: &str) {
        self.extend_legal(&legal(text));
    }

    fn extend_legal(&mut self, text: &str) {
        let mut rest = Some(text);
        while let Some(text) = rest {
            let (word, behind) = first_word(text);
            rest = behind;
            let word = if self.text.is_empty() { word.trim_start() } else { word };
            if !word.is_empty() {
                if self.gap && !self.text.is_empty() {
                    self.text.push(' ');
                }
                self.gap = false;
                self.text.push_str(word);
            }
            self.gap |= behind.is_some();
        }
    }

    fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text
    }
}

/// What is before the first white space of a text, and what is behind that character.
fn first_word(text: &str) -> (&str, Option<&str>) {
    let mut at = 0;
    while let Some((word, rest)) =
        text.split_at_checked(at + word_length(text.as_bytes().get(at..).unwrap_or_default()))
    {
        if let Some(behind) = rest.strip_prefix([' ', '\t', '\n', '\r', '\u{2028}', '\u{2029}']) {
            return (word, Some(behind));
        }
        let Some(other) = rest.chars().next() else { break };
        at = word.len() + other.len_utf8();
    }
    (text, None)
}

/// How many bytes there are before the first that may begin white space. Nearly all are words, so they are judged in blocks,
/// which the compiler turns into vector instructions.
fn word_length(text: &[u8]) -> usize {
    const BLOCK: usize = 32;
    // 0xE2 begins the two that are not ASCII, and others.
    let may_break = |byte: &u8| (*byte <= b' ') | (*byte == 0xE2);
    let (blocks, _) = text.as_chunks::<BLOCK>();
    let is_word = |block: &&[u8; BLOCK]| !block.iter().fold(false, |found, byte| found | may_break(byte));
    let words = BLOCK * blocks.iter().take_while(is_word).count();
    let rest = text.get(words..).unwrap_or_default();
    words + rest.iter().position(may_break).unwrap_or(rest.len())
}
