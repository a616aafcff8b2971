//! Typographic quotes, dashes and ellipses in titles.

use std::borrow::Cow;

use crate::normalizer::body::markdown::{self, KramdownOptions};

/// `text` as Jekyll's filter `smartify` writes it: HTML, in which quotes, dashes, dots and `<<` have become typographic by
/// kramdown's rules and the site's `options`. HTML in the text stays.
#[must_use]
pub fn smartify<'t>(text: &'t str, options: &KramdownOptions) -> Cow<'t, str> {
    let changes = |b: u8| matches!(b, b'"' | b'\'' | b'-' | b'.' | b'<' | b'>' | b'&' | b'\\' | b'\r');
    if text.bytes().any(changes) { markdown::smartified(text, options).into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::KramdownOptions;
    use crate::normalizer::text::from_html;

    fn smartify(text: &str) -> String {
        super::smartify(text, &KramdownOptions::default()).into_owned()
    }

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

    /// What Jekyll 4.3.1 makes of them.
    #[rustfmt::skip]
    const TITLES: [(&str, &str); 32] = [
        (r#"It's "quoted" -- isn't it?"#, r#"It’s “quoted” – isn’t it?"#),
        (r#""Hello," she said. 'Yes...'"#, r#"“Hello,” she said. ‘Yes…’"#),
        (r#"He said, "'Quoted' words in a larger quote.""#, r#"He said, “‘Quoted’ words in a larger quote.”"#),
        (r#"'"Inner" first' he said"#, r#"‘“Inner” first’ he said"#),
        (r#"The '80s and the '90s"#, r#"The ’80s and the ’90s"#),
        (r#""*emphasis*" and '_under_'"#, r#"“*emphasis*” and ‘_under_’"#),
        (r#"rock 'n' roll"#, r#"rock ‘n’ roll"#),
        (r#"<i>Custer</i>'s Last Stand"#, r#"<i>Custer</i>’s Last Stand"#),
        (r#""中文" 和 '引号'"#, r#"“中文” 和 ‘引号’"#),
        (r#"say "中文""#, r#"say “中文”"#),
        (r#"(“already”) "(paren)" ["bracket"]"#, r#"(“already”) “(paren)” [“bracket”]"#),
        (r#"6'2" tall"#, r#"6’2” tall"#),
        (r#"a--b---c...d"#, r#"a–b—c…d"#),
        (r#"<< guillemets >> and <<tight>>"#, r#"« guillemets » and «tight»"#),
        (r#"it's 5 > 3 and 2 < 4"#, r#"it’s 5 &gt; 3 and 2 &lt; 4"#),
        (r#"don't "stop.""#, r#"don’t “stop.”"#),
        (r#""What?" "Why!""#, r#"“What?” “Why!”"#),
        (r#"'tis the season"#, r#"‘tis the season"#),
        (r#"""double"""#, r#""”double””"#),
        (r#"end with quote""#, r#"end with quote”"#),
        (r#"x "'y'" z"#, r#"x “‘y’” z"#),
        (r#"'single' "double" 'mix""#, r#"‘single’ “double” ‘mix”"#),
        (r#"the dogs' bones"#, r#"the dogs’ bones"#),
        (r#"AT&T's "R&D" &amp; more"#, r#"AT&amp;T’s “R&amp;D” &amp; more"#),
        (r#"C'est l'été "où""#, r#"C’est l’été “où”"#),
        (r#""a"."#, r#"“a”."#),
        (r#""a",b"#, r#"“a”,b"#),
        (r#""...""#, r#"“…”"#),
        (r#""…""#, r#"“…”"#),
        (r#"-"x""#, r#"-“x”"#),
        (r#"[“x”]'s"#, r#"[“x”]’s"#),
        (r#""<b>bold</b>""#, r#"“<b>bold</b>”"#),
    ];

    #[test]
    fn titles_become_what_jekyll_makes_of_them() {
        for (title, smart) in TITLES {
            assert_eq!(from_html(&smartify(title)), from_html(smart), "{title}");
        }
    }
}
