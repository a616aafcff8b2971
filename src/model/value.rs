//! A value of front matter or of a site's configuration, whatever language it was written in.

mod map;
mod ruby;
mod seed;

pub use map::MapBuilder;
pub use seed::{Duplicates, Seed, Tally};

/// A YAML, TOML or JSON value.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// `~`, `null` or nothing at all.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text, and TOML's dates and times as they stand.
    String(String),
    /// A list.
    List(Vec<Value>),
    /// Keys and values in the order of the file; keys are unique.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// The value of a key; `None` where this is no map or has no such key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Self::Map(pairs) => pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value at the end of a path of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// A scalar as text, as Ruby's `to_s` writes it; `None` for null, lists and maps.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        match self {
            Self::Bool(value) => Some(value.to_string()),
            Self::Int(value) => Some(value.to_string()),
            Self::Float(value) if value.fract() == 0.0 && value.abs() < 1e16 => Some(format!("{value:.1}")),
            Self::Float(value) => Some(value.to_string()),
            Self::String(text) => Some(text.clone()),
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The same with the keys of all maps in lower case, as Hugo takes them: of equal ones the last counts.
    #[must_use]
    pub fn with_lowercase_keys(&self) -> Self {
        match self {
            Self::List(items) => Self::List(items.iter().map(Self::with_lowercase_keys).collect()),
            Self::Map(pairs) => {
                let mut map = MapBuilder::default();
                for (key, value) in pairs {
                    map.state(key.to_lowercase(), value.with_lowercase_keys());
                }
                Self::Map(map.into_pairs())
            }
            scalar => scalar.clone(),
        }
    }

    /// A boolean, also in the words of YAML 1.1, which Ruby's parser still reads (`yes`, `off`).
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::String(text) => {
                let is_one_of = |words: [&str; 3]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
                let is_true = is_one_of(["true", "yes", "on"]);
                (is_true || is_one_of(["false", "no", "off"])).then_some(is_true)
            }
            _ => None,
        }
    }

    /// The items of a list; a single value other than null counts as a list of itself.
    #[must_use]
    pub fn items(&self) -> &[Value] {
        match self {
            Self::List(items) => items,
            Self::Null => &[],
            other => std::slice::from_ref(other),
        }
    }

    /// Whether it says nothing: null, blank text, an empty list or map.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::String(text) => text.trim().is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Map(pairs) => pairs.is_empty(),
            Self::Bool(_) | Self::Int(_) | Self::Float(_) => false,
        }
    }
}
