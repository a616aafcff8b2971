//! Tests: `x is defined`.

use super::evaluate::number;
use super::render::text_of;
use crate::model::Value;

/// Whether a value, or none, passes a test; `None` for a test that is not known, or not for such a value.
pub(super) fn holds(name: &str, value: Option<&Value>, arguments: &[Value]) -> Option<bool> {
    match name {
        "defined" => return Some(value.is_some()),
        "undefined" => return Some(value.is_none()),
        _ => {}
    }
    let value = value?;
    let whole = || match value {
        Value::Int(number) => Some(*number),
        _ => None,
    };
    let text = || match value {
        Value::String(text) => Some(&**text),
        _ => None,
    };
    let argument = || arguments.first().and_then(text_of);
    Some(match name {
        "string" => matches!(value, Value::String(_)),
        "number" => number(value).is_some(),
        "object" | "map" => matches!(value, Value::Map(_)),
        "iterable" => matches!(value, Value::List(_) | Value::Map(_)),
        "array" => matches!(value, Value::List(_)),
        "none" => *value == Value::Null,
        "odd" => whole()? % 2 != 0,
        "even" => whole()? % 2 == 0,
        "divisibleby" | "divisible_by" => match arguments.first()? {
            Value::Int(by) => whole()?.checked_rem(*by)? == 0,
            _ => return None,
        },
        "starting_with" => text()?.starts_with(&argument()?),
        "ending_with" => text()?.ends_with(&argument()?),
        "containing" => match value {
            Value::String(text) => text.contains(&argument()?),
            Value::List(items) => items.contains(arguments.first()?),
            Value::Map(_) => value.get(&argument()?).is_some(),
            _ => return None,
        },
        _ => return None,
    })
}
