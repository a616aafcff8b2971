//! The values of a template.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::model;

/// What a text is already safe for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing: it is escaped wherever it stands.
    Plain,
    Html,
    /// Names and values of attributes.
    Attributes,
}

#[derive(Debug, Clone)]
pub(crate) enum Value {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Rc<str>, Kind),
    List(Rc<Vec<Value>>),
    Map(Rc<BTreeMap<String, Value>>),
    /// The page, the site, what they have, and a notebook.
    Object(Object),
}

#[derive(Debug, Clone)]
pub(crate) enum Object {
    Page,
    Site,
    PageParams,
    SiteParams,
    Language,
    /// `hugo`.
    Program,
    /// The files beside the page.
    Resources,
    /// A file beside the page, by its address and its name.
    Resource(Rc<str>, Rc<str>),
    /// `.Scratch` and `.Store`: one a page, one a shortcode.
    Notebook(Notes),
    /// A use of a shortcode.
    Call(Rc<Call>),
}

/// What templates note, by name; never what holds them.
pub(crate) type Notes = Rc<RefCell<BTreeMap<String, Value>>>;

/// A use of a shortcode.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) name: String,
    /// Each with its name, or by its place.
    pub(super) parameters: Vec<(Option<String>, Value)>,
    /// What stands in it, once that is known.
    pub(super) inner: OnceCell<Rc<str>>,
    /// The one that it stands in.
    pub(super) parent: Option<Rc<Call>>,
    /// Its place among those beside it, from 0.
    pub(super) ordinal: usize,
    pub(super) notes: Notes,
}

impl Call {
    pub(crate) fn new(
        name: &str,
        parameters: Vec<(Option<String>, Value)>,
        parent: Option<Rc<Call>>,
        ordinal: usize,
    ) -> Self {
        Self { name: name.to_owned(), parameters, inner: OnceCell::new(), parent, ordinal, notes: Notes::default() }
    }

    pub(crate) fn set_inner(&self, inner: Option<&str>) {
        self.inner.get_or_init(|| inner.unwrap_or_default().into());
    }
}

impl Value {
    pub(crate) fn plain(text: impl AsRef<str>) -> Self {
        Self::Text(text.as_ref().into(), Kind::Plain)
    }

    pub(crate) fn html(text: impl AsRef<str>) -> Self {
        Self::Text(text.as_ref().into(), Kind::Html)
    }

    pub(crate) fn map<const N: usize>(pairs: [(&str, Value); N]) -> Self {
        Self::Map(Rc::new(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()))
    }

    pub(crate) fn list(items: Vec<Value>) -> Self {
        Self::List(Rc::new(items))
    }

    /// What front matter or a configuration says; its keys are in lower case.
    pub(crate) fn from_model(value: &model::Value) -> Self {
        match value {
            model::Value::Null => Self::Nil,
            model::Value::Bool(is_on) => Self::Bool(*is_on),
            model::Value::Int(number) => Self::Int(*number),
            model::Value::Float(number) => Self::Float(*number),
            model::Value::String(text) => Self::plain(text),
            model::Value::List(items) => Self::list(items.iter().map(Self::from_model).collect()),
            model::Value::Map(pairs) => {
                Self::Map(Rc::new(pairs.iter().map(|(key, value)| (key.clone(), Self::from_model(value))).collect()))
            }
        }
    }

    /// A parameter of a shortcode: without quotes it may be a number or a switch.
    pub(crate) fn bare(text: &str) -> Self {
        match text {
            "true" => return Self::Bool(true),
            "false" => return Self::Bool(false),
            _ => {}
        }
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_number =
            digits.starts_with(|c: char| c.is_ascii_digit()) && (digits == "0" || !digits.starts_with("00"));
        let is_whole = digits.bytes().all(|b| b.is_ascii_digit());
        match text.parse() {
            Ok(number) if is_number && is_whole => return Self::Int(number),
            _ => {}
        }
        let is_decimal = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && digits.contains('.');
        match text.parse() {
            Ok(number) if is_number && is_decimal => Self::Float(number),
            _ => Self::plain(text),
        }
    }

    pub(crate) fn is_true(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(is_on) => *is_on,
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::Text(text, _) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Map(pairs) => !pairs.is_empty(),
            Self::Object(_) => true,
        }
    }

    /// As `print` writes it; `None` for what no template shows.
    pub(crate) fn to_text(&self) -> Option<Rc<str>> {
        Some(match self {
            Self::Nil => "".into(),
            Self::Bool(is_on) => is_on.to_string().into(),
            Self::Int(number) => number.to_string().into(),
            Self::Float(number) => number.to_string().into(),
            Self::Text(text, _) => Rc::clone(text),
            Self::List(items) => {
                let items: Option<Vec<Rc<str>>> = items.iter().map(Self::to_text).collect();
                format!("[{}]", items?.join(" ")).into()
            }
            Self::Map(_) | Self::Object(_) => return None,
        })
    }

    pub(super) fn to_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Float(number) if number.abs() < 1e15 => format!("{number:.0}").parse().ok(),
            Self::Text(text, _) => text.trim().parse().ok(),
            _ => None,
        }
    }

    pub(super) fn to_float(&self) -> Option<f64> {
        match self {
            Self::Int(number) => number.to_string().parse().ok(),
            Self::Float(number) => Some(*number),
            Self::Text(text, _) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Whether it is, or holds, one of those that notes may hold no trace of.
    pub(super) fn has_object(&self) -> bool {
        match self {
            Self::Object(object) => matches!(object, Object::Call(_) | Object::Notebook(_)),
            Self::List(items) => items.iter().any(Self::has_object),
            Self::Map(pairs) => pairs.values().any(Self::has_object),
            _ => false,
        }
    }

    /// What is in a list or a map, with its place or key.
    pub(super) fn items(&self) -> Option<Vec<(Value, Value)>> {
        Some(match self {
            Self::Nil => Vec::new(),
            Self::List(items) => (0..).map(Self::Int).zip(items.iter().cloned()).collect(),
            Self::Map(pairs) => pairs.iter().map(|(key, value)| (Self::plain(key), value.clone())).collect(),
            Self::Int(number) => (0..(*number).clamp(0, 10_000)).map(|n| (Self::Int(n), Self::Int(n))).collect(),
            _ => return None,
        })
    }

    /// What a map has at a key: as it stands, or in lower case as the keys of parameters are.
    pub(super) fn at(&self, key: &str) -> Self {
        match self {
            Self::Map(pairs) => pairs.get(key).or_else(|| pairs.get(&key.to_lowercase())).cloned().unwrap_or(Self::Nil),
            _ => Self::Nil,
        }
    }

    /// Whether two values are the same to `eq`: of a number and a text, how they are written counts.
    pub(super) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Nil, Self::Nil) => true,
            (Self::Nil, Self::Text(text, _)) | (Self::Text(text, _), Self::Nil) => text.is_empty(),
            (Self::Nil, _) | (_, Self::Nil) => false,
            (Self::Int(_) | Self::Float(_), Self::Int(_) | Self::Float(_)) => self.to_float() == other.to_float(),
            (Self::List(a), Self::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.equals(b)),
            _ => self.to_text().zip(other.to_text()).is_some_and(|(a, b)| a == b),
        }
    }
}
