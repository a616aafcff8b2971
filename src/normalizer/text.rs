//! Plain text: from HTML, cut to size, free of what XML forbids.

mod markup;
mod reference;
mod sentence;
#[cfg(test)]
mod tests;

pub use crate::model::{is_legal, legal};
pub use reference::{decode, numeric};
pub use sentence::{first_sentence, shorten};

/// The text that a reader of `html` sees, on one line.
///
/// Tags go without a trace, as Jekyll's `strip_html` drops them; so do comments, and scripts and style sheets with what
/// they hold. Character references are decoded once, runs of white space become one space as in [`line`].
#[must_use]
pub fn from_html(html: &str) -> String {
    let mut line = Line::default();
    for piece in markup::text_pieces(html) {
        line.extend(&decode(piece));
    }
    line.finish()
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
        for c in text.chars() {
            if breaks(c) {
                self.gap = true;
            } else if is_legal(c) && !(self.text.is_empty() && c.is_whitespace()) {
                if self.gap && !self.text.is_empty() {
                    self.text.push(' ');
                }
                self.gap = false;
                self.text.push(c);
            }
        }
    }

    fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text
    }
}

fn breaks(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}')
}
