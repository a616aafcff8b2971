//! Filters: Tera's own, and those that Zola adds, but for what needs a file, chance or regular expressions.

mod date;
mod list;
mod number;
mod text;

use super::Site;
use crate::model::Value;

/// What a filter is given beside its value.
#[derive(Clone, Copy)]
pub(super) struct Arguments<'a>(&'a [(String, Value)]);

impl<'a> Arguments<'a> {
    fn get(self, name: &str) -> Option<&'a Value> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A text, in which `\n` and `\t` stand for what they mean.
    fn pattern(self, name: &str) -> Option<String> {
        Some(self.get(name)?.as_str()?.replace("\\n", "\n").replace("\\t", "\t"))
    }

    fn flag(self, name: &str) -> bool {
        matches!(self.get(name), Some(Value::Bool(true)))
    }

    fn whole(self, name: &str, default: i64) -> Option<i64> {
        match self.get(name) {
            None => Some(default),
            Some(Value::Int(number)) => Some(*number),
            Some(_) => None,
        }
    }
}

/// What a filter makes of a value; `None` where it is none that is known, or none for such a value.
pub(super) fn apply(name: &str, value: &Value, arguments: &[(String, Value)], site: &dyn Site) -> Option<Value> {
    let arguments = Arguments(arguments);
    match value {
        Value::String(text) => text::apply(name, text, arguments, site),
        Value::List(items) => list::apply(name, items, arguments),
        Value::Int(_) | Value::Float(_) => number::apply(name, value, arguments),
        _ => None,
    }
    .or_else(|| of_any(name, value, arguments))
}

fn of_any(name: &str, value: &Value, arguments: Arguments<'_>) -> Option<Value> {
    match (name, value) {
        ("as_str" | "str", value) => super::render::text_of(value).map(Value::String),
        ("json_encode", value) => json(value, arguments.flag("pretty")).map(Value::String),
        ("date", value) => date::shown(value, arguments),
        ("get", map @ Value::Map(_)) => {
            let key = arguments.get("key")?.as_str()?;
            map.get(key).or(arguments.get("default")).cloned()
        }
        ("length", Value::Map(pairs)) => i64::try_from(pairs.len()).ok().map(Value::Int),
        _ => None,
    }
}

fn json(value: &Value, is_pretty: bool) -> Option<String> {
    let value = as_json(value)?;
    let text = if is_pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
    text.ok()
}

fn as_json(value: &Value) -> Option<serde_json::Value> {
    use serde_json::Value as Json;
    Some(match value {
        Value::Null => Json::Null,
        Value::Bool(is_so) => Json::Bool(*is_so),
        Value::Int(number) => Json::from(*number),
        Value::Float(number) => Json::Number(serde_json::Number::from_f64(*number)?),
        Value::String(text) => Json::String(text.clone()),
        Value::List(items) => Json::Array(items.iter().map(as_json).collect::<Option<_>>()?),
        Value::Map(pairs) => {
            let pairs = pairs.iter().map(|(key, value)| Some((key.clone(), as_json(value)?)));
            Json::Object(pairs.collect::<Option<_>>()?)
        }
    })
}
