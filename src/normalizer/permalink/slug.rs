//! Slugs, and slugs in words (Jekyll's `Utils#slugify`, `#titleize_slug`).

use std::borrow::Cow;

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// How much of a text stands in a slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slugify {
    /// Letters, marks and digits.
    Default,
    /// Also what URLs allow unescaped.
    Pretty,
}

/// Jekyll's `slugify`: every run of other characters becomes one hyphen, none at either end.
pub(crate) fn slugify(text: &str, mode: Slugify, cased: bool) -> String {
    let stands = |c: char| {
        c.is_ascii_alphanumeric()
            || (mode == Slugify::Pretty && "._~!$&'()+,;=@".contains(c))
            || (!c.is_ascii()
                && (c.general_category() == GeneralCategory::DecimalNumber
                    || matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark)))
    };
    let mut slug = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if stands(c) {
            slug.push(c);
            gap = false;
        } else if !gap {
            slug.push('-');
            gap = true;
        }
    }
    if slug.ends_with('-') {
        slug.pop();
    }
    if slug.starts_with('-') {
        slug.remove(0);
    }
    if cased { slug } else { lowercase(&slug).into_owned() }
}

/// Pelican's `slugify`: punctuation goes, white space and hyphens become one hyphen; letters of all scripts stand.
pub(crate) fn words(text: &str) -> String {
    let kept: String =
        text.chars().filter(|c| c.is_alphanumeric() || c.is_whitespace() || matches!(c, '_' | '-')).collect();
    let parts: Vec<&str> =
        kept.split(|c: char| c.is_whitespace() || c == '-').filter(|part| !part.is_empty()).collect();
    lowercase(&parts.join("-")).into_owned()
}

/// Ruby's `downcase`: letter by letter, where Rust's own heeds that a sigma ends its word.
pub(crate) fn lowercase(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        let is_lower = !text.bytes().any(|b| b.is_ascii_uppercase());
        return if is_lower { text.into() } else { text.to_ascii_lowercase().into() };
    }
    text.chars().flat_map(char::to_lowercase).collect()
}

/// A slug in words: `some-title` is `Some Title`. Hyphens at the end count for nothing, as in Ruby's `split`.
pub(crate) fn titleize(slug: &str) -> String {
    let mut title = String::with_capacity(slug.len());
    for (n, word) in slug.trim_end_matches('-').split('-').enumerate() {
        if n > 0 {
            title.push(' ');
        }
        let mut letters = word.chars();
        // `ß` is `SS` in capitals and `Ss` at the head of a word.
        let mut capital = letters.next().into_iter().flat_map(char::to_uppercase);
        title.extend(capital.next());
        title.extend(capital.flat_map(char::to_lowercase));
        title.push_str(&lowercase(letters.as_str()));
    }
    title
}
