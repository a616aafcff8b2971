//! The fields of a post, each with where it came from: its front matter, else the site's defaults.

use std::fmt;

use super::front_matter::FrontMatter;
use crate::model::{Code, Diagnostic, Value};

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A key of the post's front matter, with its line in the file.
    FrontMatter {
        /// The key.
        key: String,
        /// From 1; `None` when it cannot be told.
        line: Option<u32>,
    },
    /// `defaults:` in the site's configuration.
    Defaults(String),
    /// The file's name.
    FileName,
    /// The folders that it lies in.
    Folder,
    /// The text of the post.
    Body,
    /// The site's own configuration, or ours.
    Configuration(&'static str),
    /// The ids that the site has pinned.
    Pinned,
    /// Another field.
    Field(&'static str),
    /// A key of the post's, behind which the site's data of this name says more.
    Data(Box<Origin>, &'static str),
    /// A file of the site's, by its path.
    File(String),
    /// The ending of a file's name.
    Ending,
    /// Nowhere, and why.
    Nowhere(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FrontMatter { key, line: Some(line) } => write!(f, "front matter, line {line} ({key})"),
            Self::FrontMatter { key, line: None } => write!(f, "front matter ({key})"),
            Self::Defaults(key) => write!(f, "the site's defaults ({key})"),
            Self::FileName => f.write_str("the file's name"),
            Self::Folder => f.write_str("the folder"),
            Self::Body => f.write_str("the text"),
            Self::Configuration(key) => write!(f, "the configuration ({key})"),
            Self::Pinned => f.write_str("the pinned ids (identity.ids)"),
            Self::Field(name) => write!(f, "the {name}"),
            Self::Data(key, name) => write!(f, "{key}, and the site's data ({name})"),
            Self::File(path) => write!(f, "the file {path}"),
            Self::Ending => f.write_str("the ending of its name"),
            Self::Nowhere(why) => write!(f, "nothing: {why}"),
        }
    }
}

impl Origin {
    /// A finding about what came from here, at its place in the post.
    pub(crate) fn blame(&self, front: &FrontMatter, finding: Diagnostic) -> Diagnostic {
        match self {
            Self::FrontMatter { key, line } => finding.at(*line).column(front.column(key)),
            _ => finding,
        }
    }
}

/// A value with where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Its source.
    pub from: Origin,
}

impl<T> Sourced<T> {
    pub(crate) fn new(value: T, from: Origin) -> Self {
        Self { value, from }
    }
}

/// Front matter over defaults.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a> {
    pub(crate) front: &'a FrontMatter,
    pub(crate) defaults: &'a Value,
}

impl<'a> Fields<'a> {
    /// The value of a key, also when it is blank. A null leaves a default as it is, and maps are merged, so a map of the
    /// post's may lack what [`Fields::at`] finds.
    pub(crate) fn get(self, key: &str) -> Option<&'a Value> {
        match self.front.get(key) {
            None | Some(Value::Null) => self.defaults.get(key).or_else(|| self.front.get(key)),
            own => own,
        }
    }

    /// The value of a key in the map of a key, of the post's map first.
    pub(crate) fn at(self, map: &str, key: &str) -> Option<&'a Value> {
        let own = self.front.get(map).filter(|value| **value != Value::Null);
        let is_map = own.is_none_or(|own| matches!(own, Value::Map(_)));
        let own = own.and_then(|map| map.get(key)).filter(|value| **value != Value::Null);
        own.or_else(|| self.defaults.get(map).filter(|_| is_map)?.get(key))
    }

    /// A finding about the value that the post gives a key.
    pub(crate) fn blame(self, key: &str, code: Code, message: impl AsRef<str>) -> Diagnostic {
        Diagnostic::new(code, message).at(self.front.line(key)).column(self.front.column(key))
    }

    /// Where the value of a key came from.
    pub(crate) fn origin(self, key: &str) -> Origin {
        if self.front.get(key).is_some_and(|own| *own != Value::Null || self.defaults.get(key).is_none()) {
            Origin::FrontMatter { key: key.to_owned(), line: self.front.line(key) }
        } else {
            Origin::Defaults(key.to_owned())
        }
    }

    /// The text of the first of these keys that says something in a scalar.
    pub(crate) fn text(self, keys: &[&str]) -> Option<Sourced<String>> {
        keys.iter().find_map(|key| {
            let text = self.get(key).filter(|value| !value.is_blank())?.to_text()?;
            Some(Sourced::new(text, self.origin(key)))
        })
    }

    /// A boolean in any notation; `None` when the key is missing or says something else.
    pub(crate) fn flag(self, key: &str) -> Option<bool> {
        self.get(key)?.as_bool()
    }

    /// A boolean as Ruby's YAML parser types it, for which a quoted word is text.
    pub(crate) fn boolean(self, key: &str) -> Option<bool> {
        let is_text = matches!(self.front.get(key), Some(Value::String(_))) && self.front.is_quoted(key);
        self.get(key).filter(|_| !is_text)?.as_bool()
    }

    /// The value of a key that Ruby takes for true: neither null nor `false`.
    pub(crate) fn truthy(self, key: &str) -> Option<&'a Value> {
        self.get(key).filter(|value| **value != Value::Null && self.boolean(key) != Some(false))
    }
}
