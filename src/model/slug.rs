//! A label as one readable, safe path segment.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// One path segment: a function of the folded label alone, never of which others exist.
///
/// Letters and marks of every script, digits, `-` and inner `.` stand and one space becomes `_`. Where anything else
/// had to be replaced, or the result would be reserved, hidden, end in a dot or pass 200 bytes, `~` and eight hex
/// digits of the label's SHA-256 follow, so that distinct labels keep distinct slugs. It never begins with `_` or `.`
/// and has no upper case, so it is safe beside our own `_tag/` and on file systems that fold case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

const MAX_BYTES: usize = 200;
/// Names of DOS devices, which Windows and SMB shares refuse with any extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
/// Endings of files that stand beside the category folders; a label `rss.xml` must not meet them.
const FILE_ENDINGS: [&str; 9] = [".xml", ".json", ".opml", ".html", ".htm", ".gz", ".br", ".zst", ".tmp"];

impl Slug {
    /// The slug of a folded label (`Label::key`).
    #[must_use]
    pub fn new(key: &str) -> Self {
        let mut slug = String::with_capacity(key.len());
        let mut exact = true;
        let mut chars = key.chars().peekable();
        while let Some(c) = chars.next() {
            let inner = !slug.is_empty() && chars.peek().is_some();
            match c {
                ' ' if inner => slug.push('_'),
                '.' if inner => slug.push('.'),
                '-' => slug.push('-'),
                c if stands(c) => {
                    // Under `fold_case = false` a key may hold capitals: lower them, and tell them apart by the hash.
                    exact &= !c.is_uppercase();
                    slug.extend(c.to_lowercase());
                }
                _ => {
                    exact = false;
                    if !slug.is_empty() && !slug.ends_with('-') {
                        slug.push('-');
                    }
                }
            }
        }
        if exact && !is_reserved(&slug) && slug.len() <= MAX_BYTES {
            return Self(slug);
        }
        let tail = hash_tail(key);
        truncate(&mut slug, MAX_BYTES - tail.len());
        while slug.ends_with(['.', '_', '-']) {
            slug.pop();
        }
        slug.push_str(&tail);
        Self(slug)
    }

    /// The segment.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn stands(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || (!c.is_ascii()
            && (matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark)
                || c.is_numeric() && c.general_category_group() == GeneralCategoryGroup::Number))
}

fn is_reserved(slug: &str) -> bool {
    let stem = slug.split('.').next().unwrap_or_default();
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    slug.is_empty()
        || DEVICES.contains(&stem)
        || numbered.is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
        || FILE_ENDINGS.iter().any(|ending| slug.ends_with(ending))
        || slug.ends_with('.')
}

fn hash_tail(key: &str) -> String {
    let mut tail = String::from("~");
    for byte in Sha256::digest(key.as_bytes()).iter().take(4) {
        let _ = write!(tail, "{byte:02x}");
    }
    tail
}

fn truncate(text: &mut String, most: usize) {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
    }
}
