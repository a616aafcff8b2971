//! The site's own data files: YAML, TOML or JSON, bounded in size, depth and expansion, as one kind of value.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;
use std::io::Read as _;
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess, VariantAccess, Visitor};

use crate::config::error::line_and_column;
use crate::model::Value;

/// How large a data file may be, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// How deep flow collections may nest: the scanner's time is the product of depth and length.
const MAX_FLOW_DEPTH: usize = 100;
/// How much a file may expand to by its aliases, in bytes and values.
const MAX_EXPANDED: usize = 8 << 20;

/// What is wrong with a data file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::config) struct Fault {
    /// Line and column, from 1.
    pub(in crate::config) place: Option<(usize, usize)>,
    pub(in crate::config) message: String,
}

impl Fault {
    fn new(message: impl Into<String>) -> Self {
        Self { place: None, message: message.into() }
    }
}

/// The text of a regular file; `None` when there is none. Bytes that are not UTF-8 become U+FFFD.
pub(in crate::config) fn read(path: &Path) -> Result<Option<String>, Fault> {
    // Opening a FIFO would block, so its kind is asked first.
    match std::fs::metadata(path) {
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(Fault::new(error.to_string())),
        Ok(metadata) if !metadata.is_file() => return Err(Fault::new("not a regular file")),
        Ok(_) => {}
    }
    let file = std::fs::File::open(path).map_err(|error| Fault::new(error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| Fault::new(error.to_string()))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Fault::new("larger than 1 MiB"));
    }
    let text = String::from_utf8_lossy(&bytes);
    Ok(Some(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()))
}

/// Whether the error says that there is no such file, also because its folder is a file.
fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

/// The value of a text in the language that the extension names (YAML for any other than `toml` and `json`).
pub(in crate::config) fn parse(text: &str, extension: &str) -> Result<Value, Fault> {
    let budget = Cell::new(MAX_EXPANDED);
    let seed = Seed(&budget);
    match extension {
        "toml" => {
            let document = toml::de::Deserializer::parse(text).map_err(|error| toml_fault(text, &error))?;
            seed.deserialize(document).map_err(|error| toml_fault(text, &error))
        }
        "json" => seed.deserialize(&mut serde_json::Deserializer::from_str(text)).map_err(|error| Fault {
            place: Some((error.line(), error.column())),
            message: without_place(&error.to_string()),
        }),
        _ => {
            if flow_depth(text) > MAX_FLOW_DEPTH {
                return Err(Fault::new("brackets and braces are nested too deeply, or not closed"));
            }
            // Ruby's parser reads the first document and leaves others alone.
            let Some(document) = serde_yaml::Deserializer::from_str(text).next() else { return Ok(Value::Null) };
            seed.deserialize(document).map_err(|error| Fault {
                place: error.location().map(|at| (at.line(), at.column())),
                message: without_place(&error.to_string()),
            })
        }
    }
}

fn toml_fault(text: &str, error: &toml::de::Error) -> Fault {
    let place = error.span().map(|span| line_and_column(text, span.start));
    Fault { place, message: error.message().to_owned() }
}

/// A message without the position that parsers put at its end: it is shown before it.
fn without_place(message: &str) -> String {
    message.split(" at line ").next().unwrap_or_default().to_owned()
}

/// The deepest that brackets and braces can nest here, quotes and comments ignored.
fn flow_depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Reads any value while the budget lasts.
#[derive(Clone, Copy)]
struct Seed<'b>(&'b Cell<usize>);

impl Seed<'_> {
    fn spend<E: serde::de::Error>(self, cost: usize) -> Result<(), E> {
        let left = self.0.get().checked_sub(cost + size_of::<Value>());
        self.0.set(left.ok_or_else(|| E::custom("it expands without bound"))?);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
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

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(i64::try_from(value).map_or_else(|_| Value::String(value.to_string()), Value::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.spend(value.len())?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            self.spend(0)?;
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Pairs::default();
        let mut merged = Vec::new();
        while let Some(key) = entries.next_key_seed(self)? {
            let value = entries.next_value_seed(self)?;
            let Some(key) = key.to_text() else {
                continue;
            };
            self.spend(key.len())?;
            match key.as_str() {
                "<<" => merged.push(value),
                // How `toml` hands over a date through serde.
                "$__toml_private_datetime" => return Ok(value),
                _ => map.insert(key, value),
            }
        }
        for (key, value) in merged.into_iter().flat_map(mappings).flatten() {
            map.insert_absent(key, value);
        }
        Ok(Value::Map(map.pairs))
    }

    /// A value with a YAML tag, which says nothing to us.
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (_tag, content) = data.variant::<String>().map_err(A::Error::custom)?;
        content.newtype_variant_seed(self)
    }
}

/// The maps that a YAML merge key brings in.
fn mappings(merged: Value) -> Vec<Vec<(String, Value)>> {
    match merged {
        Value::Map(pairs) => vec![pairs],
        Value::List(items) => items.into_iter().flat_map(mappings).collect(),
        _ => Vec::new(),
    }
}

/// Keys and values in the order of the file, the last of equal keys standing, as Ruby's parser has it.
#[derive(Default)]
struct Pairs {
    pairs: Vec<(String, Value)>,
    places: HashMap<String, usize>,
}

impl Pairs {
    fn insert(&mut self, key: String, value: Value) {
        match self.places.get(&key).and_then(|&place| self.pairs.get_mut(place)) {
            Some(pair) => pair.1 = value,
            None => self.push(key, value),
        }
    }

    fn insert_absent(&mut self, key: String, value: Value) {
        if !self.places.contains_key(&key) {
            self.push(key, value);
        }
    }

    fn push(&mut self, key: String, value: Value) {
        self.places.insert(key.clone(), self.pairs.len());
        self.pairs.push((key, value));
    }
}
