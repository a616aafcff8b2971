//! YAML by the full parser: scalars as it types them, aliases bounded, merge keys as Ruby's Psych applies them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, IgnoredAny, MapAccess, SeqAccess, VariantAccess, Visitor};

use crate::model::Value;

use super::map::MapBuilder;

/// A document, and the keys that stand twice in one map of it.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) value: Value,
    pub(super) duplicates: Duplicates,
}

/// A top-level key that stands twice, or the top-level key of a value in which another (the second) does.
pub(super) type Duplicates = BTreeSet<(String, Option<String>)>;

/// Why there is no value.
#[derive(Debug)]
pub(super) enum Failure {
    /// The aliases expand without bound.
    Expands,
    /// It has so many brackets that the parser could take seconds.
    TooManyBrackets,
    /// The parser refused it.
    Syntax(Error),
}

/// The parser's words, and where they apply.
#[derive(Debug)]
pub(super) struct Error {
    pub(super) message: String,
    /// Line and column in the parsed text, both from 1.
    pub(super) position: Option<(usize, usize)>,
}

/// What one file may still cost, however many times a part of it is parsed.
pub(super) struct Effort {
    /// The scanner looks at each open bracket for each token.
    bracket_steps: usize,
    /// Values, and bytes of text in them, which aliases multiply.
    volume: Cell<usize>,
}

impl Effort {
    /// For a file with so many bytes of front matter: about 20 ms at worst, for 64 KiB. Without aliases, a byte needs
    /// less than three of the volume, and a second time when it is repaired.
    pub(super) fn for_bytes(length: usize) -> Self {
        Self { bracket_steps: 8 << 20, volume: Cell::new(8 * length + 1024) }
    }
}

/// Parses one document.
pub(super) fn parse(text: &str, effort: &mut Effort) -> Result<Tree, Failure> {
    let brackets = text.bytes().filter(|b| matches!(b, b'[' | b'{')).count();
    effort.bracket_steps =
        effort.bracket_steps.checked_sub(brackets.saturating_mul(text.len())).ok_or(Failure::TooManyBrackets)?;
    let expands = Cell::new(false);
    let state = State { volume: &effort.volume, expands: &expands, duplicates: RefCell::default() };
    // Behind a document's start a leading `%` is no directive, which is how the file has it.
    let document = format!("---\n{text}");
    match (Seed { state: &state, field: None }).deserialize(serde_yaml::Deserializer::from_str(&document)) {
        Ok(value) => Ok(Tree { value, duplicates: state.duplicates.into_inner() }),
        Err(error) => Err(failure(&error, text, expands.get())),
    }
}

fn failure(error: &serde_yaml::Error, text: &str, expands: bool) -> Failure {
    let message = error.to_string();
    // A value that contains itself ends at the parser's bound on depth.
    let contains_itself = message.contains("recursion limit") && text.contains('&') && text.contains('*');
    if expands || contains_itself || message.contains("repetition limit") {
        return Failure::Expands;
    }
    let position = error.location().map(|at| (at.line().saturating_sub(1).max(1), at.column()));
    Failure::Syntax(Error { message, position })
}

/// The pairs of a document; nothing at all is an empty map. An error names what it is instead.
pub(super) fn into_map(value: Value) -> Result<Vec<(String, Value)>, &'static str> {
    match value {
        Value::Map(pairs) => Ok(pairs),
        Value::Null => Ok(Vec::new()),
        Value::List(_) => Err("a list"),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => Err("text"),
    }
}

struct State<'s> {
    volume: &'s Cell<usize>,
    expands: &'s Cell<bool>,
    duplicates: RefCell<Duplicates>,
}

/// Reads one value, in the top-level `field` if it is not the document itself.
#[derive(Clone, Copy)]
struct Seed<'s> {
    state: &'s State<'s>,
    field: Option<&'s str>,
}

impl Seed<'_> {
    fn spend<E: serde::de::Error>(self, volume: usize) -> Result<(), E> {
        let Some(left) = self.state.volume.get().checked_sub(volume) else {
            self.state.expands.set(true);
            return Err(E::custom("expands without bound"));
        };
        self.state.volume.set(left);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.spend(1)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    /// A number that no `i64` holds keeps its digits: it is a name or an id, not a quantity.
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(i64::try_from(value).map_or_else(|_| Value::String(value.to_string()), Value::Int))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Value::String(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(Value::String(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        self.spend(text.len())?;
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = MapBuilder::default();
        while let Some(key) = entries.next_key_seed(self)? {
            let key = key_text(key);
            let field = self.field.or(key.as_deref());
            let value = entries.next_value_seed(Seed { state: self.state, field })?;
            let Some(key) = key else { continue };
            if key == "<<" {
                map.merge(value);
            } else if let Some(twice) = map.state(key, value) {
                let duplicate = match self.field {
                    None => (twice.to_owned(), None),
                    Some(field) => (field.to_owned(), Some(twice.to_owned())),
                };
                self.state.duplicates.borrow_mut().insert(duplicate);
            }
        }
        Ok(Value::Map(map.into_pairs()))
    }

    /// A tag that the parser does not know, such as `!ruby/object`: the value without it.
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (IgnoredAny, tagged) = data.variant()?;
        tagged.newtype_variant_seed(self)
    }
}

/// A key as text; a list or a map is no key that anyone asks for.
fn key_text(key: Value) -> Option<String> {
    match key {
        Value::String(text) => Some(text),
        Value::Null => Some("null".to_owned()),
        other => other.to_text(),
    }
}
