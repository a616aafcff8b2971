//! Filters of lists.

use std::cmp::Ordering;

use super::Arguments;
use crate::model::Value;
use crate::normalizer::tera::evaluate::number;
use crate::normalizer::tera::render::text_of;

/// Up to so many items are compared with each other.
const MOST_COMPARED: usize = 2_000;

pub(super) fn apply(name: &str, items: &[Value], arguments: Arguments<'_>) -> Option<Value> {
    let empty = || Value::String(String::new());
    let attribute = || arguments.get("attribute").and_then(Value::as_str);
    Some(match name {
        "length" => Value::Int(i64::try_from(items.len()).ok()?),
        "first" => items.first().cloned().unwrap_or_else(empty),
        "last" => items.last().cloned().unwrap_or_else(empty),
        "nth" => {
            let place = usize::try_from(arguments.whole("n", -1)?).ok()?;
            items.get(place).cloned().unwrap_or_else(empty)
        }
        "join" => {
            let separator = arguments.pattern("sep").unwrap_or_default();
            let texts: Option<Vec<String>> = items.iter().map(text_of).collect();
            Value::String(texts?.join(&separator))
        }
        "reverse" => Value::List(items.iter().rev().cloned().collect()),
        "slice" => slice(items, arguments)?,
        "concat" => {
            let mut items = items.to_vec();
            match arguments.get("with")? {
                Value::List(others) => items.extend_from_slice(others),
                other => items.push(other.clone()),
            }
            Value::List(items)
        }
        "map" => {
            let attribute = attribute()?;
            let values = items.iter().filter_map(|item| at(item, attribute)).filter(|value| **value != Value::Null);
            Value::List(values.cloned().collect())
        }
        "filter" => {
            let (attribute, wanted) = (attribute()?, arguments.get("value"));
            let is_wanted = |item: &&Value| {
                let value = at(item, attribute).unwrap_or(&Value::Null);
                wanted.map_or(*value != Value::Null, |wanted| value == wanted)
            };
            Value::List(items.iter().filter(is_wanted).cloned().collect())
        }
        "sort" => sorted(items, attribute().unwrap_or_default())?,
        "unique" => unique(items, arguments)?,
        _ => return None,
    })
}

/// The value at `a.b.c` below an item; the item itself for no path.
fn at<'v>(item: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').filter(|key| !key.is_empty()).try_fold(item, Value::get)
}

fn slice(items: &[Value], arguments: Arguments<'_>) -> Option<Value> {
    let place = |name: &str, default: usize| -> Option<usize> {
        let count = i64::try_from(items.len()).ok()?;
        match arguments.get(name) {
            None => Some(default),
            Some(Value::Int(place)) if *place < 0 => usize::try_from(count + place).ok(),
            Some(Value::Int(place)) => usize::try_from(*place).ok(),
            Some(_) => None,
        }
    };
    let (start, end) = (place("start", 0)?, place("end", items.len())?.min(items.len()));
    Some(Value::List(items.get(start..end).unwrap_or_default().to_vec()))
}

/// By values of one kind; others are none that Tera sorts.
fn sorted(items: &[Value], attribute: &str) -> Option<Value> {
    let mut keyed = items.iter().map(|item| Some((at(item, attribute)?, item))).collect::<Option<Vec<_>>>()?;
    let mut is_sortable = true;
    keyed.sort_by(|(one, _), (other, _)| match (one, other) {
        (Value::String(one), Value::String(other)) => one.cmp(other),
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        (one, other) => match number(one).zip(number(other)) {
            Some((one, other)) => one.partial_cmp(&other).unwrap_or(Ordering::Equal),
            None => {
                is_sortable = false;
                Ordering::Equal
            }
        },
    });
    is_sortable.then(|| Value::List(keyed.into_iter().map(|(_, item)| item.clone()).collect()))
}

/// The first of equal ones.
fn unique(items: &[Value], arguments: Arguments<'_>) -> Option<Value> {
    if items.len() > MOST_COMPARED {
        return None;
    }
    let attribute = arguments.get("attribute").and_then(Value::as_str).unwrap_or_default();
    let is_exact = arguments.flag("case_sensitive");
    let mut known = Vec::new();
    let mut kept = Vec::new();
    for item in items {
        let Some(key) = at(item, attribute) else { continue };
        let key = match key {
            Value::String(text) if !is_exact => Value::String(text.to_lowercase()),
            key => key.clone(),
        };
        if !known.contains(&key) {
            known.push(key);
            kept.push(item.clone());
        }
    }
    Some(Value::List(kept))
}
