//! The first picture of a text, for posts that name none.

use std::cell::RefCell;

use lol_html::{RewriteStrSettings, element, rewrite_str};

use crate::model::WebUrl;
use crate::normalizer::text;

/// The address of the first picture that is more than a dot to count readers with.
pub(crate) fn first_picture(html: &str) -> Option<WebUrl> {
    let is_picture =
        |at: usize| html.as_bytes().get(at + 1..at + 4).is_some_and(|tag| tag.eq_ignore_ascii_case(b"img"));
    memchr::memchr_iter(b'<', html.as_bytes()).find(|&at| is_picture(at))?;
    let found: RefCell<Option<WebUrl>> = RefCell::new(None);
    let settings =
        RewriteStrSettings::new().with_strict(false).append_element_content_handler(element!("img[src]", |element| {
            let is_one = |side: &&str| matches!(element.get_attribute(side).as_deref(), Some("0" | "1"));
            let source = element.get_attribute("src").filter(|_| !["width", "height"].iter().any(is_one));
            let url = source.and_then(|source| WebUrl::parse(&text::decode(&source))).filter(WebUrl::is_web);
            match url {
                Some(url) => {
                    *found.borrow_mut() = Some(url);
                    Err("the rest needs no look".into())
                }
                None => Ok(()),
            }
        }));
    // Its end is that of the text, or the first picture.
    let _ = rewrite_str(html, settings);
    found.into_inner()
}

#[cfg(test)]
mod tests {
    use super::first_picture;

    #[test]
    fn the_first_picture_of_the_web_counts() {
        for (html, expected) in [
            ("<p>no picture, <image> <imgx src=https://x.example/no.png></p>", None),
            (
                "<p><img alt=x><IMG SRC='https://x.example/a.png?b=1&amp;c=2'></p>",
                Some("https://x.example/a.png?b=1&c=2"),
            ),
            (
                "<img src=\"data:image/png;base64,AA\"><img src=\"https://x.example/b.png\">",
                Some("https://x.example/b.png"),
            ),
            (
                "<img width=1 height=1 src=https://x.example/dot><img src=https://x.example/c.png>",
                Some("https://x.example/c.png"),
            ),
            ("<img src=", None),
        ] {
            assert_eq!(first_picture(html).map(|url| url.to_string()).as_deref(), expected, "{html}");
        }
    }
}
