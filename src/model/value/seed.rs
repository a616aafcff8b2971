//! Whatever a deserializer holds as a [`Value`]: bounded in volume, with the keys that stand twice.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, IgnoredAny, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::Value;
use super::map::MapBuilder;

/// A top-level key that stands twice, or the top-level key of a value in which another (the second) does.
pub type Duplicates = BTreeSet<(String, Option<String>)>;

/// How `toml` hands over a date through serde.
const TOML_DATE: &str = "$__toml_private_datetime";

/// What reading one document may still cost, and what was met in it.
#[derive(Debug)]
pub struct Tally {
    left: Cell<usize>,
    is_exceeded: Cell<bool>,
    duplicates: RefCell<Duplicates>,
}

impl Tally {
    /// For so many values and bytes of text in them, which YAML's aliases multiply.
    #[must_use]
    pub fn new(volume: usize) -> Self {
        Self { left: Cell::new(volume), is_exceeded: Cell::new(false), duplicates: RefCell::default() }
    }

    /// The volume that is left.
    #[must_use]
    pub fn left(&self) -> usize {
        self.left.get()
    }

    /// Whether reading ended because the volume was used up.
    #[must_use]
    pub fn is_exceeded(&self) -> bool {
        self.is_exceeded.get()
    }

    /// The keys that stood twice in one map.
    #[must_use]
    pub fn into_duplicates(self) -> Duplicates {
        self.duplicates.into_inner()
    }
}

/// Reads one value, of YAML, TOML or JSON alike.
#[derive(Debug, Clone, Copy)]
pub struct Seed<'t> {
    tally: &'t Tally,
    /// The top-level field that the value is in; `None` for the document itself.
    field: Option<&'t str>,
    /// The document, where its plain scalars are to be what Ruby's YAML parser makes of them.
    ruby: Option<&'t str>,
}

impl<'t> Seed<'t> {
    /// For a whole document.
    #[must_use]
    pub fn new(tally: &'t Tally) -> Self {
        Self { tally, field: None, ruby: None }
    }

    /// For a whole document of YAML as Ruby reads it: this text, which the deserializer borrows from.
    #[must_use]
    pub fn of_ruby(tally: &'t Tally, text: &'t str) -> Self {
        Self { ruby: Some(text), ..Self::new(tally) }
    }

    /// Whether a text that was borrowed from the document stands in quotes there.
    fn is_quoted(source: &str, text: &str) -> bool {
        let at = text.as_ptr().addr().wrapping_sub(source.as_ptr().addr());
        source.get(..at).is_none_or(|before| before.ends_with(['"', '\'']))
    }

    fn spend<E: serde::de::Error>(self, volume: usize) -> Result<(), E> {
        let Some(left) = self.tally.left.get().checked_sub(volume) else {
            self.tally.is_exceeded.set(true);
            return Err(E::custom("it expands without bound"));
        };
        self.tally.left.set(left);
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

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
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

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Value, E> {
        let value = self.visit_str(text)?;
        let is_plain = self.ruby.is_some_and(|source| !Self::is_quoted(source, text));
        Ok(if is_plain { Value::of_ruby(text) } else { value })
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
            let value = entries.next_value_seed(Seed { field, ..self })?;
            let Some(key) = key else { continue };
            if key == TOML_DATE {
                return Ok(value);
            }
            if key == "<<" {
                map.merge(value);
            } else if let Some(twice) = map.state(key, value) {
                let duplicate = match self.field {
                    None => (twice.to_owned(), None),
                    Some(field) => (field.to_owned(), Some(twice.to_owned())),
                };
                self.tally.duplicates.borrow_mut().insert(duplicate);
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
