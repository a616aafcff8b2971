//! Filters of numbers.

use super::Arguments;
use crate::model::Value;
use crate::normalizer::tera::evaluate::number;

pub(super) fn apply(name: &str, value: &Value, arguments: Arguments<'_>) -> Option<Value> {
    let as_float = number(value)?;
    // What a float is cut to is what Tera has for it.
    #[allow(clippy::cast_possible_truncation)]
    let whole = as_float as i64;
    Some(match (name, value) {
        ("abs", Value::Int(number)) => Value::Int(number.checked_abs()?),
        ("abs", _) => Value::Float(as_float.abs()),
        ("int", Value::Int(number)) => Value::Int(*number),
        ("int", _) => Value::Int(whole),
        ("float", _) => Value::Float(as_float),
        ("round", _) => rounded(as_float, arguments)?,
        ("pluralize", _) => {
            let text = |name: &str, default: &str| match arguments.get(name) {
                Some(text) => text.as_str().map(str::to_owned),
                None => Some(default.to_owned()),
            };
            let is_one = (as_float.abs() - 1.0).abs() < f64::EPSILON;
            Value::String(if is_one { text("singular", "")? } else { text("plural", "s")? })
        }
        ("num_format", Value::Int(number)) if arguments.get("locale").is_none() => Value::String(grouped(*number)),
        _ => return None,
    })
}

fn rounded(number: f64, arguments: Arguments<'_>) -> Option<Value> {
    let precision = i32::try_from(arguments.whole("precision", 0)?).ok().filter(|it| (0..=15).contains(it))?;
    let factor = 10_f64.powi(precision);
    let scaled = number * factor;
    let rounded = match arguments.get("method").map_or(Some("common"), Value::as_str)? {
        "common" => scaled.round(),
        "ceil" => scaled.ceil(),
        "floor" => scaled.floor(),
        _ => return None,
    };
    Some(Value::Float(rounded / factor))
}

/// `1,234,567`
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut made = if number < 0 { "-".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            made.push(',');
        }
        made.push(digit);
    }
    made
}
