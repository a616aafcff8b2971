//! The functions of patterns and of whole lists.

use regex::{Regex, RegexBuilder};

use super::value::Value;

/// The most memory that a pattern takes, in bytes.
const MAX_PATTERN: usize = 1 << 18;

/// A function by its name; `None` for one that is not known.
pub(super) fn call(name: &str, arguments: &[Value]) -> Option<Value> {
    let text = |n: usize| arguments.get(n)?.to_text();
    let count = |n: usize| match arguments.get(n) {
        None => Some(usize::MAX),
        Some(count) => count.to_int().map(|count| usize::try_from(count).unwrap_or(usize::MAX)),
    };
    match name {
        "findRE" | "strings.FindRE" => {
            let (pattern, all) = (pattern(&text(0)?)?, text(1)?);
            Some(Value::list(
                pattern.find_iter(&all).take(count(2)?).map(|found| Value::plain(found.as_str())).collect(),
            ))
        }
        "findRESubmatch" | "strings.FindRESubmatch" => {
            let (pattern, all) = (pattern(&text(0)?)?, text(1)?);
            let groups = pattern.captures_iter(&all).take(count(2)?).map(|found| {
                let groups = found.iter().map(|group| Value::plain(group.map_or("", |group| group.as_str())));
                Value::list(groups.collect())
            });
            Some(Value::list(groups.collect()))
        }
        "replaceRE" | "strings.ReplaceRE" => {
            let (pattern, by, all) = (pattern(&text(0)?)?, text(1)?, text(2)?);
            let most = count(3)?;
            let replaced = pattern.replacen(&all, if most == usize::MAX { 0 } else { most }, &*by);
            (replaced.len() <= super::MAX_BYTES).then(|| Value::plain(&replaced))
        }
        "strings.ContainsAny" => {
            let (all, any) = (text(0)?, text(1)?);
            Some(Value::Bool(all.contains(|c| any.contains(c))))
        }
        "strings.Count" => {
            let (part, all) = (text(0)?, text(1)?);
            i64::try_from(all.matches(&*part).count()).ok().map(Value::Int)
        }
        "countwords" | "strings.CountWords" => i64::try_from(text(0)?.split_whitespace().count()).ok().map(Value::Int),
        "uniq" | "collections.Uniq" => {
            let mut items: Vec<Value> = Vec::new();
            for (_, item) in arguments.first()?.items()?.into_iter().take(1_000) {
                if !items.iter().any(|known| known.equals(&item)) {
                    items.push(item);
                }
            }
            Some(Value::list(items))
        }
        "collections.Reverse" => {
            Some(Value::list(arguments.first()?.items()?.into_iter().rev().map(|(_, item)| item).collect()))
        }
        "sort" | "collections.Sort" if arguments.len() == 1 => {
            let mut items: Vec<Value> = arguments.first()?.items()?.into_iter().map(|(_, item)| item).collect();
            let is_number = items.iter().all(|item| matches!(item, Value::Int(_) | Value::Float(_)));
            if is_number {
                items.sort_by(|a, b| a.to_float().partial_cmp(&b.to_float()).unwrap_or(std::cmp::Ordering::Equal));
            } else {
                items.sort_by_cached_key(Value::to_text);
            }
            Some(Value::list(items))
        }
        "math.Round" => rounded(arguments, f64::round),
        "math.Ceil" => rounded(arguments, f64::ceil),
        "math.Floor" => rounded(arguments, f64::floor),
        "math.Max" | "math.Min" => {
            let numbers: Vec<f64> = arguments.iter().map(Value::to_float).collect::<Option<_>>()?;
            let pick = if name == "math.Max" { f64::max } else { f64::min };
            numbers.into_iter().reduce(pick).map(Value::Float)
        }
        _ => None,
    }
}

fn pattern(text: &str) -> Option<Regex> {
    RegexBuilder::new(text).size_limit(MAX_PATTERN).dfa_size_limit(MAX_PATTERN).build().ok()
}

fn rounded(arguments: &[Value], how: fn(f64) -> f64) -> Option<Value> {
    Some(Value::Float(how(arguments.first()?.to_float()?)))
}
