//! What Ruby makes of values: as text, in comparisons, as numbers.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::model::Value;

/// All but null and `false`.
pub(super) fn is_true(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

/// `to_s`, and the items of a list one after the other.
pub(super) fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => text.into(),
        Value::Null => "".into(),
        Value::List(items) => items.iter().map(text).collect::<String>().into(),
        Value::Map(_) => inspect(value).into(),
        scalar => scalar.to_text().unwrap_or_default().into(),
    }
}

/// Ruby's `inspect`.
pub(super) fn inspect(value: &Value) -> String {
    match value {
        Value::Null => "nil".to_owned(),
        Value::String(text) => quoted(text),
        Value::List(items) => format!("[{}]", items.iter().map(inspect).collect::<Vec<_>>().join(", ")),
        Value::Map(pairs) => {
            let pair = |(key, value): &(String, Value)| format!("{}=>{}", quoted(key), inspect(value));
            format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        scalar => scalar.to_text().unwrap_or_default(),
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

pub(super) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => (*a as f64).total_cmp(b).is_eq(),
        _ => a == b,
    }
}

/// Ruby's `<=>`; `None` for what cannot be compared.
pub(super) fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Null, Value::Null) => Some(Ordering::Equal),
        (Value::List(a), Value::List(b)) => {
            let first = a.iter().zip(b).map(|(a, b)| compare(a, b)).find(|order| *order != Some(Ordering::Equal));
            first.unwrap_or_else(|| Some(a.len().cmp(&b.len())))
        }
        _ => float(a)?.partial_cmp(&float(b)?),
    }
}

fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

/// Liquid's `to_number`: the number at the head of a text; 0 for what is none.
pub(super) fn number(value: &Value) -> Value {
    match value {
        Value::Int(_) | Value::Float(_) => value.clone(),
        Value::String(text) => {
            let text = text.trim();
            let is_decimal = text.strip_prefix('-').unwrap_or(text).split_once('.').is_some_and(|(whole, part)| {
                let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
                are_digits(whole) && are_digits(part)
            });
            if is_decimal { text.parse().map_or(Value::Int(0), Value::Float) } else { Value::Int(integer(text)) }
        }
        _ => Value::Int(0),
    }
}

/// Ruby's `to_i` of a text; at most what an integer here can be.
pub(super) fn integer(text: &str) -> i64 {
    let text = text.trim_start();
    let signed = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = signed.len() - signed.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let end = text.len() - signed.len() + digits;
    text.get(..end).unwrap_or_default().parse().unwrap_or(if digits > 0 { i64::MAX } else { 0 })
}

/// A whole number where the value is one, or a text that is.
pub(super) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The items that filters of lists go through: those of a list and the lists in it, or the value itself.
pub(super) fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::List(items) => items.iter().flat_map(flat).collect(),
        other => vec![other],
    }
}

fn flat(item: &Value) -> Vec<&Value> {
    if let Value::List(_) = item { items(item) } else { vec![item] }
}
