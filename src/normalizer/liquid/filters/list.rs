//! Filters of lists that need nothing but the list.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::{Arguments, made};
use crate::model::Value;
use crate::normalizer::liquid::budget::Budget;
use crate::normalizer::liquid::value::{self, items};

#[rustfmt::skip]
pub(super) const NAMES: &[&str] = &[
    "size", "first", "last", "join", "reverse", "uniq", "compact", "concat", "map", "sort_natural", "pop", "push",
    "shift", "unshift", "sample", "array_to_sentence_string",
];

pub(super) fn apply(name: &str, input: &Value, arguments: Arguments<'_, '_>, budget: &mut Budget) -> Option<Value> {
    let key = arguments.get(0).filter(|key| **key != Value::Null).map(value::text);
    let property = |item: &Value| match &key {
        Some(key) => item.get(key).cloned().unwrap_or_default(),
        None => item.clone(),
    };
    let list = |items: Vec<&Value>| Some(Value::List(items.into_iter().cloned().collect()));
    match name {
        "size" => Some(size(input)),
        "first" => Some(match input {
            Value::List(items) => items.first().cloned().unwrap_or_default(),
            Value::Map(pairs) => pairs.first().map_or(Value::Null, crate::normalizer::liquid::render::pair_of),
            _ => Value::Null,
        }),
        "last" => Some(match input {
            Value::List(items) => items.last().cloned().unwrap_or_default(),
            _ => Value::Null,
        }),
        "join" => Some(join(input, arguments, budget)),
        "reverse" => list(items(input).into_iter().rev().collect()),
        "compact" => list(items(input).into_iter().filter(|item| property(item) != Value::Null).collect()),
        "uniq" => {
            let mut seen = HashSet::new();
            list(items(input).into_iter().filter(|item| seen.insert(value::inspect(&property(item)))).collect())
        }
        "concat" => {
            let more = arguments.get(0).map(items).unwrap_or_default();
            list(items(input).into_iter().chain(more).collect())
        }
        "map" => Some(Value::List(items(input).into_iter().map(property).collect())),
        "sort_natural" => {
            let mut sorted: Vec<(Value, &Value)> =
                items(input).into_iter().map(|item| (property(item), item)).collect();
            sorted.sort_by(|(a, _), (b, _)| naturally(a, b));
            list(sorted.into_iter().map(|(_, item)| item).collect())
        }
        "pop" | "shift" | "push" | "unshift" => Some(changed(name, input, arguments)),
        // Not by chance: a feed is the same each time. It is the first.
        "sample" => Some(match (input, arguments.whole(0).unwrap_or(1)) {
            (Value::List(items), 1) => items.first().cloned().unwrap_or_default(),
            (Value::List(items), n) => {
                Value::List(items.iter().take(usize::try_from(n).unwrap_or(0)).cloned().collect())
            }
            (other, _) => other.clone(),
        }),
        "array_to_sentence_string" => Some(sentence(input, arguments)),
        _ => None,
    }
}

fn size(input: &Value) -> Value {
    let size = match input {
        Value::String(text) => text.chars().count(),
        Value::List(items) => items.len(),
        Value::Map(pairs) => pairs.len(),
        // As in Ruby: the bytes of a machine's number.
        Value::Int(_) => 8,
        Value::Null | Value::Bool(_) | Value::Float(_) => 0,
    };
    Value::Int(i64::try_from(size).unwrap_or(i64::MAX))
}

fn join(input: &Value, arguments: Arguments<'_, '_>, budget: &mut Budget) -> Value {
    let glue = if arguments.get(0).is_some() { arguments.text(0) } else { " ".into() };
    let texts: Vec<_> = items(input).into_iter().map(value::text).collect();
    let glues = texts.len().saturating_sub(1).saturating_mul(glue.len());
    let length = texts.iter().map(|text| text.len()).sum::<usize>().saturating_add(glues);
    made(budget, length, || texts.join(&*glue))
}

fn changed(name: &str, input: &Value, arguments: Arguments<'_, '_>) -> Value {
    let Value::List(items) = input else { return input.clone() };
    let number = usize::try_from(arguments.whole(0).unwrap_or(1)).unwrap_or(0);
    let one = || arguments.get(0).cloned().unwrap_or_default();
    Value::List(match name {
        "pop" => items.iter().take(items.len().saturating_sub(number)).cloned().collect(),
        "shift" => items.iter().skip(number).cloned().collect(),
        "push" => items.iter().cloned().chain([one()]).collect(),
        _ => std::iter::once(one()).chain(items.iter().cloned()).collect(),
    })
}

fn sentence(input: &Value, arguments: Arguments<'_, '_>) -> Value {
    let connector = if arguments.get(0).is_some() { arguments.text(0) } else { "and".into() };
    let texts: Vec<_> = match input {
        Value::List(items) => items.iter().map(value::text).collect(),
        _ => return input.clone(),
    };
    Value::String(match texts.as_slice() {
        [] => String::new(),
        [one] => one.to_string(),
        [one, two] => format!("{one} {connector} {two}"),
        [some @ .., last] => format!("{}, {connector} {last}", some.join(", ")),
    })
}

/// Without regard to case; nothing comes last.
fn naturally(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Greater,
        (_, Value::Null) => Ordering::Less,
        _ => value::text(a).to_ascii_lowercase().cmp(&value::text(b).to_ascii_lowercase()),
    }
}
