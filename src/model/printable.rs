//! What may stand in one line that people read.

use std::borrow::Cow;

/// Whether `c` could forge a line, colour a terminal, or show a line in another order than it is written: control
/// characters, the separators of lines and paragraphs, and the embeddings, overrides and isolates of UAX #9.
#[must_use]
pub fn is_deceptive(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `text` with a space in place of each [deceptive](is_deceptive) character.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.contains(is_deceptive) { Cow::Owned(text.replace(is_deceptive, " ")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_one_line_in_its_order() {
        assert_eq!(printable("a\nb\x1b[31m\u{9b}c\u{2028}d\u{202e}e"), "a b [31m c d e");
        assert!(matches!(printable("שלום 中国 👩‍💻 \u{200f}"), Cow::Borrowed(_)));
    }
}
