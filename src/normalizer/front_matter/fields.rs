//! The fields of a post in the order of the file, each with the line and the text that it was written as.

use std::collections::HashMap;
use std::ops::Range;

use super::source::count;
use crate::model::Value;

/// Front matter. A field that stands twice has its last value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FrontMatter {
    pub(super) fields: Vec<Field>,
    /// The text between the fences, which `Field::raw` points into.
    pub(super) source: Box<str>,
}

/// A key and its value, and where they stand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    pub(super) key: String,
    pub(super) value: Value,
    /// The line of the file, from 1; `None` where the key stands on none of its own, as in `{a: 1}` or a merged map.
    pub(super) line: Option<u32>,
    /// What follows the colon on that line, in bytes of the source.
    pub(super) raw: Range<usize>,
}

impl FrontMatter {
    pub(super) fn new(source: Box<str>, fields: Vec<Field>) -> Self {
        Self { fields, source }
    }

    /// The same, so many lines further down in its file.
    pub(super) fn moved_down(mut self, lines: u32) -> Self {
        if lines > 0 {
            self.fields.iter_mut().for_each(|field| field.line = field.line.map(|line| line.saturating_add(lines)));
        }
        self
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.field(key).map(|field| &field.value)
    }

    /// The line of the file on which a key stands, from 1; the last one where it stands twice.
    #[must_use]
    pub fn line(&self, key: &str) -> Option<u32> {
        self.field(key)?.line
    }

    /// What stands behind the colon on that line, trimmed: it tells quoted from unquoted.
    #[must_use]
    pub fn raw(&self, key: &str) -> Option<&str> {
        let field = self.field(key)?;
        field.line.and_then(|_| self.source.get(field.raw.clone()))
    }

    /// The column of that line at which the value begins, in characters from 1; behind the line where there is none.
    #[must_use]
    pub fn column(&self, key: &str) -> Option<u32> {
        let field = self.field(key)?;
        field.line?;
        let before = self.source.get(..field.raw.start)?;
        let line = before.rsplit('\n').next().unwrap_or(before);
        Some(count(line.chars().count() + 1))
    }

    /// Whether a value is text by its notation: quoted, a block of text, or tagged `!!str`.
    ///
    /// YAML's other types, timestamps above all, exist only where this is `false`.
    #[must_use]
    pub fn is_quoted(&self, key: &str) -> bool {
        let mut words = self.raw(key).unwrap_or_default().split_ascii_whitespace();
        words
            .find(|word| *word == "!!str" || !word.starts_with(['&', '!']))
            .is_some_and(|word| word.starts_with(['"', '\'', '|', '>', '!']))
    }

    /// The same with all keys in lower case, as Hugo takes them: of equal ones the last counts.
    #[must_use]
    pub fn with_lowercase_keys(&self) -> Self {
        let mut fields: Vec<Field> = Vec::with_capacity(self.fields.len());
        let mut places: HashMap<String, usize> = HashMap::with_capacity(self.fields.len());
        for field in &self.fields {
            let field =
                Field { key: field.key.to_lowercase(), value: field.value.with_lowercase_keys(), ..field.clone() };
            match places.get(&field.key).and_then(|&place| fields.get_mut(place)) {
                Some(before) => *before = field,
                None => {
                    places.insert(field.key.clone(), fields.len());
                    fields.push(field);
                }
            }
        }
        Self { fields, source: self.source.clone() }
    }

    /// The keys in the order of the file.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.key.as_str())
    }

    /// The keys and values in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.fields.iter().map(|field| (field.key.as_str(), &field.value))
    }

    /// Whether there is no field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}
