//! What text must undergo before a writer may put it into XML 1.0.

use std::borrow::Cow;

use crate::model;

/// The namespace of `media:content` and `media:thumbnail`.
pub(super) const MEDIA_NAMESPACE: &str = "http://search.yahoo.com/mrss/";

/// The text without the characters that no feed may carry, as the last line of defence.
///
/// Line ends of what is left become `\n`, as a parser would report them (XML 1.0 §2.11): the value is the same in CDATA and
/// in escaped text.
pub(super) fn legal(text: &str) -> Cow<'_, str> {
    let text = model::legal(text);
    if !text.as_bytes().contains(&b'\r') {
        return text;
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// [`legal`] text as an owned string.
pub(super) fn owned(text: &str) -> String {
    legal(text).into_owned()
}

/// Plain text as HTML: legal, with its markup characters escaped.
pub(super) fn html(text: &str) -> String {
    escape(text, |c| matches!(c, '&' | '<' | '>'))
}

/// Text as the inside of a quoted attribute, for writers that put it there as it stands.
pub(super) fn attribute(text: &str) -> String {
    escape(text, |c| matches!(c, '&' | '<' | '>' | '"'))
}

fn escape(text: &str, special: impl Fn(char) -> bool) -> String {
    let text = legal(text);
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' if special(c) => escaped.push_str("&amp;"),
            '<' if special(c) => escaped.push_str("&lt;"),
            '>' if special(c) => escaped.push_str("&gt;"),
            '"' if special(c) => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_text_is_not_copied() {
        for text in ["", "plain", "tab\tand\nline", "金融消息，俿", "\u{a0}é", "👩‍👩‍👧", "\u{1fffd}"]
        {
            assert!(matches!(legal(text), Cow::Borrowed(same) if same == text), "{text:?}");
        }
    }

    #[test]
    fn controls_and_noncharacters_go_and_line_ends_are_one() {
        assert_eq!(legal("a\0b\u{1b}c\u{7f}d\u{85}e\u{9f}f\u{fffe}g\u{ffff}h"), "abcdefgh");
        assert_eq!(legal("a\r\nb\rc\nd\r\r\n"), "a\nb\nc\nd\n\n");
    }

    #[test]
    fn markup_is_escaped_once() {
        assert_eq!(html("a < b & \"c\" &amp; ]]>"), "a &lt; b &amp; \"c\" &amp;amp; ]]&gt;");
        assert_eq!(attribute("?a=1&b=\"2\"'<>"), "?a=1&amp;b=&quot;2&quot;'&lt;&gt;");
    }
}
