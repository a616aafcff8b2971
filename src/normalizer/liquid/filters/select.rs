//! Jekyll's filters that choose, order and group the items of a list.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::Arguments;
use crate::model::Value;
use crate::normalizer::liquid::condition::Condition;
use crate::normalizer::liquid::expression::Chain;
use crate::normalizer::liquid::render::Renderer;
use crate::normalizer::liquid::value;

pub(super) const NAMES: &[&str] =
    &["where", "where_exp", "find", "find_exp", "sort", "group_by", "group_by_exp", "markdownify"];

pub(super) fn apply(
    renderer: &mut Renderer<'_>,
    name: &str,
    input: &Value,
    arguments: Arguments<'_, '_>,
) -> Option<Value> {
    if !NAMES.contains(&name) {
        return None;
    }
    if name == "markdownify" {
        return Some(Value::String(renderer.environment.host.markdown(&value::text(input))));
    }
    let items: Vec<&Value> = match input {
        Value::List(items) => items.iter().collect(),
        Value::Map(pairs) => pairs.iter().map(|(_, value)| value).collect(),
        other => return Some(other.clone()),
    };
    if !renderer.budget.pay(items.len()) {
        return None;
    }
    let key = arguments.text(0);
    Some(match name {
        "where" | "find" => {
            let target = arguments.get(1).unwrap_or(&Value::Null);
            if matches!(target, Value::List(_) | Value::Map(_))
                || arguments.get(0).is_none_or(|key| *key == Value::Null)
            {
                return Some(input.clone());
            }
            let mut met = items.into_iter().filter(|item| matches(&property(item, &key), target));
            if name == "find" {
                return Some(met.next().cloned().unwrap_or_default());
            }
            Value::List(met.cloned().collect())
        }
        "where_exp" | "find_exp" => {
            let Some(condition) = Condition::parse(&arguments.text(1)) else { return Some(Value::Null) };
            let mut met = Vec::new();
            for item in items {
                if holds(renderer, &key, item, &condition) {
                    met.push(item.clone());
                    if name == "find_exp" {
                        return met.pop();
                    }
                }
            }
            if name == "find_exp" { Value::Null } else { Value::List(met) }
        }
        "sort" => sorted(&items, arguments),
        "group_by" => groups(items.into_iter().map(|item| (value::text(&property(item, &key)).into_owned(), item))),
        _ => {
            let chain = Chain::parse(&arguments.text(1));
            let mut named = Vec::new();
            for item in items {
                let cost = item.clone();
                let cost = renderer.budget.pay_for(cost);
                let name = renderer.with(&key, Cow::Owned(cost), |renderer| renderer.chain(&chain).into_owned());
                named.push((value::text(&name).into_owned(), item));
            }
            groups(named.into_iter())
        }
    })
}

fn holds(renderer: &mut Renderer<'_>, name: &str, item: &Value, condition: &Condition) -> bool {
    renderer.budget.step();
    if renderer.budget.is_spent() {
        return false;
    }
    let item = item.clone();
    let item = renderer.budget.pay_for(item);
    renderer.with(name, Cow::Owned(item), |renderer| condition.holds(&mut |expression| renderer.evaluate(expression)))
}

/// A property, which may be below others (`a.b`); a text that is a number counts as one.
fn property(item: &Value, key: &str) -> Value {
    let found = key.split('.').try_fold(item, |value, key| value.get(key));
    let found = found.cloned().unwrap_or_default();
    let Value::String(text) = &found else { return found };
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.matches('.').count() <= 1
        && digits != ".";
    if !is_number {
        return found;
    }
    let whole = text.parse().ok().map(Value::Int);
    whole.or_else(|| text.parse().ok().map(Value::Float)).unwrap_or(found)
}

/// Whether a property is the target, or one of its items is.
fn matches(property: &Value, target: &Value) -> bool {
    if *target == Value::Null {
        return *property == Value::Null;
    }
    let target = value::text(target);
    match property {
        Value::String(text) => *text == target,
        Value::List(items) => items.iter().any(|item| value::text(item) == target),
        Value::Null => false,
        other => value::text(other) == target,
    }
}

fn sorted(items: &[&Value], arguments: Arguments<'_, '_>) -> Value {
    let nothing_last = arguments.text(1) == "last";
    let key = arguments.get(0).filter(|key| **key != Value::Null).map(value::text);
    let mut keyed: Vec<(Value, &Value)> = items
        .iter()
        .map(|item| (key.as_ref().map_or_else(|| (*item).clone(), |key| property(item, key)), *item))
        .collect();
    keyed.sort_by(|(a, _), (b, _)| match (a, b) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) if nothing_last => Ordering::Greater,
        (_, Value::Null) if nothing_last => Ordering::Less,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        // An order of all values has to be one, so those of a kind come together.
        _ => kind(a)
            .cmp(&kind(b))
            .then_with(|| value::compare(a, b).unwrap_or_else(|| value::text(a).cmp(&value::text(b)))),
    });
    Value::List(keyed.into_iter().map(|(_, item)| item.clone()).collect())
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Int(_) | Value::Float(_) => 2,
        Value::String(_) => 3,
        Value::List(_) => 4,
        Value::Map(_) => 5,
    }
}

fn groups<'v>(named: impl Iterator<Item = (String, &'v Value)>) -> Value {
    let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for (name, item) in named {
        let place = *places.entry(name.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, items)) => items.push(item.clone()),
            None => groups.push((name, vec![item.clone()])),
        }
    }
    let group = |(name, items): (String, Vec<Value>)| {
        let size = Value::Int(i64::try_from(items.len()).unwrap_or(i64::MAX));
        Value::Map(vec![
            ("name".to_owned(), Value::String(name)),
            ("items".to_owned(), Value::List(items)),
            ("size".to_owned(), size),
        ])
    };
    Value::List(groups.into_iter().map(group).collect())
}
