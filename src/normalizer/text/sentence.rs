//! The first sentence of a text, in scripts with and without spaces.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// How far a cut moves back to spare a cluster; longer ones are no writing but an attack.
const LONGEST_CLUSTER: usize = 32;

/// The first sentence of `text`, at most `most` characters; a longer one is cut and ends in `…`.
///
/// It ends after `。`, `！`, `？`, or after `.`, `!`, `?` before white space, with the quotes and brackets that close there.
/// A cut never parts a letter from its marks or an emoji from what it is joined to.
#[must_use]
pub fn first_sentence(text: &str, most: usize) -> String {
    let text = text.trim();
    let mut chars = text.char_indices().enumerate().peekable();
    let mut end = None;
    while let Some((count, (at, c))) = chars.next() {
        if count == most {
            return cut(text, most);
        }
        let next = chars.peek().map(|&(_, (_, next))| next);
        end = match end {
            Some(wide) => Some(wide || is_wide_stop(c)),
            None => is_stop(c).then(|| is_wide_stop(c)),
        };
        let Some(wide) = end else { continue };
        if next.is_some_and(|next| is_stop(next) || is_closing(next)) {
            continue;
        }
        if wide || next.is_none_or(char::is_whitespace) {
            return text.get(..at + c.len_utf8()).unwrap_or_default().to_owned();
        }
        end = None;
    }
    text.to_owned()
}

/// `text` in at most `most` bytes: up to the end of a sentence in its second half, where there is one, else cut with `…`.
#[must_use]
pub fn shorten(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let head = text.get(..text.floor_char_boundary(most)).unwrap_or_default();
    let ends = |(at, c): (usize, char)| {
        let end = at + c.len_utf8();
        let spaced = head.get(end..).and_then(|rest| rest.chars().next()).is_some_and(char::is_whitespace);
        (is_wide_stop(c) || (is_stop(c) && spaced)).then_some(end)
    };
    match head.char_indices().rev().take_while(|(at, _)| *at >= most / 2).find_map(ends) {
        Some(end) => head.get(..end).unwrap_or_default().to_owned(),
        None => cut(head, head.chars().count()),
    }
}

fn is_wide_stop(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '｡')
}

fn is_stop(c: char) -> bool {
    is_wide_stop(c) || matches!(c, '.' | '!' | '?')
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '）' | '」' | '』' | '】' | '》' | '〉')
}

/// The first `most - 1` characters and `…`.
fn cut(text: &str, most: usize) -> String {
    let Some(most) = most.checked_sub(1) else { return String::new() };
    let boundary = |count: usize| text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
    let kept = (most.saturating_sub(LONGEST_CLUSTER)..=most)
        .rev()
        .map(boundary)
        .find(|&at| !joins(text, at))
        .filter(|&at| at > 0)
        .unwrap_or_else(|| boundary(most));
    format!("{}…", text.get(..kept).unwrap_or_default().trim_end())
}

/// Whether the characters on both sides of the byte `at` are one to the eye.
fn joins(text: &str, at: usize) -> bool {
    let Some((before, after)) = text.split_at_checked(at) else { return false };
    let (Some(last), Some(next)) = (before.chars().next_back(), after.chars().next()) else { return false };
    let flags = before.chars().rev().take(LONGEST_CLUSTER).take_while(|&c| is_flag_half(c)).count();
    extends(next) || last == '\u{200D}' || is_flag_half(next) && flags % 2 == 1
}

/// Marks, the joiner, skin tones and the tags of flags: what belongs to the character before it (UAX #29, `Extend`).
fn extends(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Mark
        || matches!(c, '\u{200C}' | '\u{200D}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}')
}

fn is_flag_half(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}
