//! Markdown without the HTML in it, which Hugo leaves out unless its configuration says `unsafe`.

use std::borrow::Cow;

use pulldown_cmark::{Event, Options, Parser};

use crate::normalizer::body::markdown;

/// The text without blocks of HTML and without tags between words.
pub(super) fn without(source: &str) -> Cow<'_, str> {
    let might_hold = memchr::memchr_iter(b'<', source.as_bytes()).any(|at| {
        let next = source.as_bytes().get(at + 1);
        next.is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?'))
    });
    if !might_hold {
        return source.into();
    }
    let bounded = markdown::bounded(source);
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(&bounded, options).into_offset_iter();
    let mut text = String::with_capacity(source.len());
    let mut at = 0;
    for (event, range) in events {
        if !matches!(event, Event::Html(_) | Event::InlineHtml(_)) || range.start < at {
            continue;
        }
        text.push_str(bounded.get(at..range.start).unwrap_or_default());
        if matches!(event, Event::Html(_)) {
            // Its lines stay blank, so that what is around it does not run together.
            let lines = bounded.get(range.clone()).unwrap_or_default().matches('\n').count();
            text.extend(std::iter::repeat_n('\n', lines));
        }
        at = range.end;
    }
    if at == 0 {
        return source.into();
    }
    text.push_str(bounded.get(at..).unwrap_or_default());
    text.into()
}
