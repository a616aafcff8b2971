//! What text must undergo before a writer may put it into XML 1.0.

use std::borrow::Cow;

use crate::model;

/// The namespace of `media:content` and `media:thumbnail`.
pub(super) const MEDIA_NAMESPACE: &str = "http://search.yahoo.com/mrss/";
/// The prefix and namespace of `fh:archive` (RFC 5005 §4, appendix B).
pub(super) const HISTORY: &str = "fh";
pub(super) const HISTORY_NAMESPACE: &str = "http://purl.org/syndication/history/1.0";

/// The text without the characters that no feed may carry, as the last line of defence.
///
/// Line ends of what is left become `\n`, as a parser would report them (XML 1.0 §2.11): the value is the same in CDATA and
/// in escaped text.
pub(super) fn legal(text: &str) -> Cow<'_, str> {
    // Nearly all text is: one look at each byte.
    if model::is_plain(text) {
        return text.into();
    }
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
    escape(text, &['&', '<', '>'])
}

/// Text as the inside of a quoted attribute, for writers that put it there as it stands.
pub(super) fn attribute(text: &str) -> String {
    escape(text, &['&', '<', '>', '"'])
}

fn escape(text: &str, special: &[char]) -> String {
    let text = legal(text);
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = &*text;
    while let Some((plain, c, behind)) = cut(rest, special) {
        escaped.push_str(plain);
        escaped.push_str(match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            _ => "&quot;",
        });
        rest = behind;
    }
    escaped.push_str(rest);
    escaped
}

/// What is before the first of the special characters, it, and what is behind it.
fn cut<'a>(text: &'a str, special: &[char]) -> Option<(&'a str, char, &'a str)> {
    let is_special = |&byte: &u8| byte.is_ascii() && special.contains(&char::from(byte));
    let at = text.bytes().position(|byte| is_special(&byte))?;
    let (plain, rest) = text.split_at_checked(at)?;
    let mut rest = rest.chars();
    rest.next().map(|c| (plain, c, rest.as_str()))
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
