//! As much of a text as a page has room for.

use std::borrow::Cow;

use super::text as legal;

/// The text on one line, within so many columns: wide characters, such as Chinese ones, take two.
pub(super) fn text(text: &str, columns: usize) -> Cow<'_, str> {
    let text = legal(text);
    let mut left = columns;
    let mut end = None;
    for (at, c) in text.char_indices() {
        let Some(rest) = left.checked_sub(width(c)) else {
            end = Some(at);
            break;
        };
        left = rest;
    }
    let Some(end) = end else { return text };
    let kept = text.get(..end).unwrap_or_default();
    // Between words, where there are such.
    let words = kept.rfind(char::is_whitespace).filter(|at| kept.len() - at < kept.len() / 4);
    let kept = words.and_then(|at| kept.get(..at)).unwrap_or(kept);
    Cow::Owned(format!("{}…", kept.trim_end()))
}

fn width(c: char) -> usize {
    if c < '\u{1100}' { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_between_words_where_it_can() {
        for (long, short) in [
            ("short", "short"),
            ("one two three four", "one two three four"),
            ("one two three four five", "one two three four…"),
            ("onetwothreefourfivesixseven", "onetwothreefourfivesi…"),
            ("一二三四五六七八九十", "一二三四五六七八九十"),
            ("一二三四五六七八九十十一", "一二三四五六七八九十…"),
            ("a\0b", "ab"),
            ("", ""),
        ] {
            assert_eq!(text(long, 21), short);
        }
    }
}
