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

/// Text as the inside of a quoted attribute, for writers that put it there as it stands.
pub(super) fn attribute(text: &str) -> String {
    let text = legal(text);
    let quotes = memchr::memchr_iter(b'"', text.as_bytes());
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    escape(&text, in_order(markup(&text), quotes), |piece| escaped.push_str(piece));
    escaped
}

/// Appends legal text as HTML to a section of CDATA, whose end it cannot hold.
pub(super) fn push_html(text: &str, out: &mut Vec<u8>) {
    escape(text, markup(text), |piece| out.extend_from_slice(piece.as_bytes()));
}

/// Appends legal text as the content of an element, as `quick_xml::escape` writes it.
pub(super) fn push_text(text: &str, out: &mut Vec<u8>) {
    let quotes = memchr::memchr2_iter(b'"', b'\'', text.as_bytes());
    escape(text, in_order(markup(text), quotes), |piece| out.extend_from_slice(piece.as_bytes()));
}

/// Appends legal text as what a section of CDATA holds, in several sections where it has the end of one.
pub(super) fn push_cdata(text: &str, out: &mut Vec<u8>) {
    const END: &[u8] = b"]]>";
    let mut rest = text.as_bytes();
    while let Some((before, behind)) = memchr::memmem::find(rest, END).and_then(|at| rest.split_at_checked(at)) {
        out.extend_from_slice(before);
        out.extend_from_slice(b"]]]]><![CDATA[>");
        rest = behind.get(END.len()..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

/// Where the characters stand that mean something between tags.
fn markup(text: &str) -> impl Iterator<Item = usize> {
    memchr::memchr3_iter(b'&', b'<', b'>', text.as_bytes())
}

/// The numbers of two ascending sequences that have none in common.
fn in_order(a: impl Iterator<Item = usize>, b: impl Iterator<Item = usize>) -> impl Iterator<Item = usize> {
    let (mut a, mut b) = (a.peekable(), b.peekable());
    std::iter::from_fn(move || match (a.peek(), b.peek()) {
        (Some(first), Some(second)) if second < first => b.next(),
        (None, _) => b.next(),
        _ => a.next(),
    })
}

/// Hands on the text in pieces, with the ASCII characters at these places escaped.
fn escape(text: &str, places: impl Iterator<Item = usize>, mut push: impl FnMut(&str)) {
    let mut copied = 0;
    for at in places {
        let escaped = match text.as_bytes().get(at) {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            Some(b'"') => "&quot;",
            _ => "&apos;",
        };
        push(text.get(copied..at).unwrap_or_default());
        push(escaped);
        copied = at + 1;
    }
    push(text.get(copied..).unwrap_or_default());
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
        let pushed = |push: fn(&str, &mut Vec<u8>), text: &str| {
            let mut out = Vec::new();
            push(text, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(pushed(push_html, "a < b & \"c\" &amp; ]]>"), "a &lt; b &amp; \"c\" &amp;amp; ]]&gt;");
        assert_eq!(pushed(push_text, "'<a b=\"c\">' & d"), "&apos;&lt;a b=&quot;c&quot;&gt;&apos; &amp; d");
        assert_eq!(pushed(push_cdata, "a ]]> b ]]]> c ]]"), "a ]]]]><![CDATA[> b ]]]]]><![CDATA[> c ]]");
        assert_eq!(attribute("?a=1&b=\"2\"'<>"), "?a=1&amp;b=&quot;2&quot;'&lt;&gt;");
    }
}
