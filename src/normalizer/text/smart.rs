//! Typographic quotes, dashes and ellipses in titles.

use std::borrow::Cow;

use crate::normalizer::body::markdown;

/// `text` as Jekyll's filter `smartify` writes it: HTML, in which quotes, dashes, dots and `<<` have become typographic by
/// kramdown's rules. HTML in the text stays.
#[must_use]
pub fn smartify(text: &str) -> Cow<'_, str> {
    let changes = |b: u8| matches!(b, b'"' | b'\'' | b'-' | b'.' | b'<' | b'>' | b'&' | b'\\' | b'\r');
    if text.bytes().any(changes) { markdown::smartified(text).into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::smartify;

    /// As `Jekyll::Converters::SmartyPants` of Jekyll 4.3 gives them.
    #[test]
    fn titles_are_those_of_jekyll() {
        let cases = [
            ("Plain", "Plain"),
            ("It's \"here\"", "It’s “here”"),
            ("'Twas the '90s, rock 'n' roll", "‘Twas the ’90s, rock ‘n’ roll"),
            ("A -- b --- c... <<d>>", "A – b — c… «d»"),
            ("AT&T &amp; Co &copy;", "AT&amp;T &amp; Co ©"),
            ("a < b <em>\"c\"</em> <code>\"d\"</code>", "a &lt; b <em>“c”</em> <code>\"d\"</code>"),
            ("*not* `Markdown` [a](b) $$x$$", "*not* `Markdown` [a](b) $$x$$"),
            ("\"quote\\\"", "“quote\\”"),
        ];
        for (title, expected) in cases {
            assert_eq!(smartify(title), expected, "{title}");
        }
    }
}
