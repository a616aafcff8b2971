//! Labels: the names of categories, tags and authors, and when two of them are one.

use std::borrow::Cow;

use super::{Slugify, is_legal, term_path};
use caseless::Caseless;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Whether labels that differ only in case are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Folding {
    /// `TechWeb` and `Techweb` are one category (the default).
    Case,
    /// Case is kept apart.
    None,
    /// As in Hugo: labels are one whose pages have the same path, such as `Tech Web` and `tech-web`.
    Term,
    /// As in Zola: labels are one whose pages have the same path by its rule.
    Slug(Slugify),
}

/// A category, tag or author name: not empty, in NFC, its runs of white space one space, no control character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(String);

impl Label {
    /// `None` when nothing visible is left of `text`.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let clean: Cow<'_, str> = if text.chars().any(|c| !is_legal(c) || (c.is_whitespace() && c != ' ')) {
            text.chars().filter(|&c| c.is_whitespace() || is_legal(c)).collect::<String>().into()
        } else {
            text.into()
        };
        let mut label = String::with_capacity(clean.len());
        for word in clean.split_whitespace() {
            if !label.is_empty() {
                label.push(' ');
            }
            label.push_str(word);
        }
        if label.is_empty() {
            return None;
        }
        Some(Self(if is_nfc(&label) { label } else { label.nfc().collect() }))
    }

    /// The label as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two spellings of one label have in common (Unicode §3.13, canonical caseless matching). It is never empty.
    #[must_use]
    pub fn key(&self, folding: Folding) -> String {
        match folding {
            Folding::None => self.0.clone(),
            Folding::Term => Some(term_path(&self.0, true))
                .filter(|term| !term.is_empty())
                .unwrap_or_else(|| self.key(Folding::Case)),
            Folding::Slug(rule) => {
                Some(rule.path(&self.0)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| self.key(Folding::Case))
            }
            Folding::Case if self.0.is_ascii() => self.0.to_ascii_lowercase(),
            Folding::Case => self.0.chars().default_case_fold().nfc().collect(),
        }
    }
}
