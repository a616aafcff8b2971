//! Filters of numbers, as Ruby's reckoning has them.

use super::Arguments;
use crate::model::Value;
use crate::normalizer::liquid::value::{self, number};

pub(super) const NAMES: &[&str] = &[
    "plus",
    "minus",
    "times",
    "divided_by",
    "modulo",
    "abs",
    "ceil",
    "floor",
    "round",
    "at_least",
    "at_most",
    "to_integer",
];

pub(super) fn apply(name: &str, input: &Value, arguments: Arguments<'_, '_>) -> Option<Value> {
    if !NAMES.contains(&name) {
        return None;
    }
    let left = number(input);
    let right = arguments.get(0).map_or(Value::Int(0), number);
    Some(match name {
        "plus" => reckon(&left, &right, i64::checked_add, |a, b| a + b),
        "minus" => reckon(&left, &right, i64::checked_sub, |a, b| a - b),
        "times" => reckon(&left, &right, i64::checked_mul, |a, b| a * b),
        // By nothing, there is no result; Jekyll ends there.
        "divided_by" | "modulo" if float(&right) == 0.0 => Value::Null,
        "divided_by" => reckon(&left, &right, floored, |a, b| a / b),
        "modulo" => reckon(&left, &right, modulo, |a, b| a - b * (a / b).floor()),
        "abs" => match left {
            Value::Int(number) => Value::Int(number.saturating_abs()),
            other => Value::Float(float(&other).abs()),
        },
        "ceil" => Value::Int(float(&left).ceil() as i64),
        "floor" => Value::Int(float(&left).floor() as i64),
        "round" => rounded(&left, &right),
        "at_least" => {
            if value::compare(&left, &right).is_some_and(|it| it.is_lt()) {
                right
            } else {
                left
            }
        }
        "at_most" => {
            if value::compare(&left, &right).is_some_and(|it| it.is_gt()) {
                right
            } else {
                left
            }
        }
        _ => to_integer(input),
    })
}

fn reckon(
    left: &Value,
    right: &Value,
    whole: impl Fn(i64, i64) -> Option<i64>,
    broken: impl Fn(f64, f64) -> f64,
) -> Value {
    if let (Value::Int(left), Value::Int(right)) = (left, right)
        && let Some(result) = whole(*left, *right)
    {
        return Value::Int(result);
    }
    Value::Float(decimal(broken(float(left), float(right))))
}

/// Ruby's Liquid reckons in decimal, where 0.1 and 0.2 are 0.3.
fn decimal(number: f64) -> f64 {
    format!("{number:.14e}").parse().unwrap_or(number)
}

/// Ruby rounds a quotient down, where the machine cuts it off.
fn floored(left: i64, right: i64) -> Option<i64> {
    let quotient = left.checked_div(right)?;
    let is_below = left % right != 0 && (left < 0) != (right < 0);
    Some(quotient - i64::from(is_below))
}

fn modulo(left: i64, right: i64) -> Option<i64> {
    left.checked_sub(floored(left, right)?.checked_mul(right)?)
}

fn rounded(number: &Value, digits: &Value) -> Value {
    let places = float(digits).clamp(-15.0, 15.0) as i32;
    match number {
        Value::Int(_) if places >= 0 => number.clone(),
        _ if places > 0 => {
            let scale = 10_f64.powi(places);
            Value::Float(decimal((float(number) * scale).round() / scale))
        }
        _ => {
            let scale = 10_f64.powi(-places);
            Value::Int(((float(number) / scale).round() * scale) as i64)
        }
    }
}

fn to_integer(input: &Value) -> Value {
    Value::Int(match input {
        Value::Bool(value) => i64::from(*value),
        Value::Int(number) => *number,
        Value::Float(number) => *number as i64,
        Value::String(text) => value::integer(text),
        Value::Null | Value::List(_) | Value::Map(_) => 0,
    })
}

fn float(value: &Value) -> f64 {
    match value {
        Value::Int(number) => *number as f64,
        Value::Float(number) => *number,
        _ => 0.0,
    }
}
