//! The functions of Hugo's templates, those of texts apart (`strings.rs`).

use std::rc::Rc;

use super::value::{Kind, Object, Value};
use super::{Run, patterns, strings};
use crate::normalizer::text;

impl Run<'_> {
    /// A function by its name, or by that of its package and its own; `None` for one that is not known.
    pub(super) fn call(&mut self, name: &str, mut arguments: Vec<Value>) -> Option<Value> {
        self.step()?;
        if let Some((first, rest)) = name.split_once('.')
            && let Some(object) = named(first)
        {
            let (last, before) = rest.rsplit_once('.').map_or((rest, None), |(before, last)| (last, Some(before)));
            let mut value = object;
            for field in before.into_iter().flat_map(|before| before.split('.')) {
                value = self.field(&value, field, &[])?;
            }
            return self.field(&value, last, &arguments);
        }
        let argument = |n: usize| arguments.get(n);
        let truth = |is_true: bool| Some(Value::Bool(is_true));
        match name {
            "site" | "page" | "hugo" if arguments.is_empty() => named(name),
            "true" => truth(true),
            "false" => truth(false),
            "nil" => Some(Value::Nil),
            "not" => truth(!argument(0)?.is_true()),
            "default" | "compare.Default" => {
                let usual = argument(0)?.clone();
                // A switch that is off is a value, too.
                Some(match arguments.pop() {
                    Some(own) if own.is_true() || matches!(own, Value::Bool(_)) => own,
                    _ => usual,
                })
            }
            "cond" | "compare.Conditional" => argument(if argument(0)?.is_true() { 1 } else { 2 }).cloned(),
            "eq" | "compare.Eq" => {
                truth(arguments.iter().skip(1).any(|other| arguments.first().is_some_and(|first| first.equals(other))))
            }
            "ne" | "compare.Ne" => truth(!argument(0)?.equals(argument(1)?)),
            "lt" | "compare.Lt" => truth(order(argument(0)?, argument(1)?)?.is_lt()),
            "le" | "compare.Le" => truth(order(argument(0)?, argument(1)?)?.is_le()),
            "gt" | "compare.Gt" => truth(order(argument(0)?, argument(1)?)?.is_gt()),
            "ge" | "compare.Ge" => truth(order(argument(0)?, argument(1)?)?.is_ge()),
            "isset" | "collections.IsSet" => truth(is_set(argument(0)?, argument(1)?, self)?),
            "dict" | "collections.Dictionary" => dictionary(arguments),
            "slice" | "collections.Slice" => Some(Value::list(arguments)),
            "seq" | "collections.Seq" => sequence(&arguments),
            "index" | "collections.Index" => {
                let (first, keys) = arguments.split_first()?;
                let mut value = first.clone();
                for key in keys {
                    value = self.at(&value, key)?;
                }
                Some(value)
            }
            "len" => {
                let length = match argument(0)? {
                    Value::Text(text, _) => text.len(),
                    Value::List(items) => items.len(),
                    Value::Map(pairs) => pairs.len(),
                    Value::Nil => 0,
                    _ => return None,
                };
                i64::try_from(length).ok().map(Value::Int)
            }
            "first" | "last" | "after" | "collections.First" | "collections.Last" | "collections.After" => {
                part(name, argument(0)?.to_int()?, argument(1)?)
            }
            "append" | "collections.Append" => {
                let list = arguments.pop()?;
                let Value::List(items) = list else {
                    return matches!(list, Value::Nil).then(|| Value::list(arguments));
                };
                let more = match arguments.as_slice() {
                    [Value::List(more)] => more.to_vec(),
                    _ => arguments,
                };
                Some(Value::list(items.iter().cloned().chain(more).collect()))
            }
            "merge" | "collections.Merge" => {
                let mut all = std::collections::BTreeMap::new();
                for map in &arguments {
                    let Value::Map(pairs) = map else { return None };
                    all.extend(pairs.iter().map(|(key, value)| (key.clone(), value.clone())));
                }
                Some(Value::Map(Rc::new(all)))
            }
            "in" | "collections.In" => match (argument(0)?, argument(1)?) {
                (Value::List(items), item) => truth(items.iter().any(|other| other.equals(item))),
                (all, part) => truth(all.to_text()?.contains(&*part.to_text()?)),
            },
            "add" | "sub" | "mul" | "div" | "mod" | "math.Add" | "math.Sub" | "math.Mul" | "math.Div" | "math.Mod" => {
                calculate(name.trim_start_matches("math."), argument(0)?, argument(1)?)
            }
            "int" | "cast.ToInt" => argument(0)?.to_int().map(Value::Int),
            "float" | "cast.ToFloat" => argument(0)?.to_float().map(Value::Float),
            "safeHTML" | "safe.HTML" => as_kind(argument(0)?, Kind::Html),
            "safeHTMLAttr" | "safe.HTMLAttr" => as_kind(argument(0)?, Kind::Attributes),
            "safeURL" | "safe.URL" | "safeCSS" | "safe.CSS" | "safeJS" | "safe.JS" => arguments.pop(),
            "markdownify" | "transform.Markdownify" => {
                let html = self.host.markdown(&argument(0)?.to_text()?);
                Some(Value::html(inline(&html)))
            }
            "partial" | "partialCached" | "partials.Include" | "partials.IncludeCached" => {
                let name = argument(0)?.to_text()?;
                self.partial(&name, argument(1).unwrap_or(&Value::Nil))
            }
            "ref" | "urls.Ref" => self.reference(argument(1)?, false),
            "relref" | "urls.RelRef" => self.reference(argument(1)?, true),
            "absURL" | "urls.AbsURL" | "relURL" | "urls.RelURL" | "absLangURL" | "relLangURL" => {
                self.address(&argument(0)?.to_text()?, name)
            }
            "transform.HighlightCodeBlock" => {
                let block = argument(0)?;
                let html = highlighted(&block.at("Inner").to_text()?, &block.at("Type").to_text()?);
                Some(Value::map([("Wrapped", Value::html(&html)), ("Inner", Value::html(&html))]))
            }
            "highlight" | "transform.Highlight" => {
                let language = argument(1).and_then(Value::to_text).unwrap_or_default();
                Some(Value::html(highlighted(&argument(0)?.to_text()?, &language)))
            }
            // Nothing of a site's assets is known: most templates then take the address as it stands.
            "resources.Get" | "resources.GetMatch" => Some(Value::Nil),
            "warnf" | "warnidf" | "fmt.Warnf" | "fmt.Warnidf" => Some(Value::Nil),
            "i18n" | "T" | "lang.Translate" => {
                Some(Value::plain(self.host.phrase(&argument(0)?.to_text()?).unwrap_or_default()))
            }
            _ => strings::call(name, &arguments).or_else(|| patterns::call(name, &arguments)),
        }
    }

    /// What a list or a map has at a place or a key.
    fn at(&mut self, value: &Value, key: &Value) -> Option<Value> {
        match (value, key) {
            (Value::List(items), key) => {
                Some(items.get(usize::try_from(key.to_int()?).ok()?).cloned().unwrap_or(Value::Nil))
            }
            (Value::Object(_), key) => self.field(value, &key.to_text()?, &[]),
            (Value::Map(_) | Value::Nil, key) => Some(value.at(&key.to_text()?)),
            _ => None,
        }
    }

    /// A path on the site as an address.
    fn address(&mut self, path: &str, function: &str) -> Option<Value> {
        let is_relative = function.contains("el");
        if path.contains("://") || path.starts_with("//") || path.starts_with("mailto:") {
            return Some(Value::plain(path));
        }
        let base = self.host.site(if function.contains("Lang") { "Language.BaseURL" } else { "BaseURL" })?;
        // A path from the root stays there.
        if path.starts_with('/') {
            let root = base.strip_suffix(on_site(&base)).unwrap_or(&base);
            let root = if is_relative { "" } else { root };
            return Some(Value::plain(format!("{root}{path}")));
        }
        let base = if is_relative { on_site(&base) } else { &base };
        Some(Value::plain(format!("{}/{path}", base.trim_end_matches('/'))))
    }
}

fn named(name: &str) -> Option<Value> {
    match name {
        "site" => Some(Value::Object(Object::Site)),
        "page" => Some(Value::Object(Object::Page)),
        "hugo" => Some(Value::Object(Object::Program)),
        _ => None,
    }
}

fn as_kind(value: &Value, kind: Kind) -> Option<Value> {
    Some(Value::Text(value.to_text()?, kind))
}

fn order(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
    match (a.to_float(), b.to_float()) {
        (Some(a), Some(b)) => a.partial_cmp(&b),
        _ => Some(a.to_text()?.cmp(&b.to_text()?)),
    }
}

fn is_set(value: &Value, key: &Value, run: &mut Run<'_>) -> Option<bool> {
    Some(match value {
        Value::Map(pairs) => pairs.contains_key(&*key.to_text()?),
        Value::List(items) => usize::try_from(key.to_int()?).is_ok_and(|place| place < items.len()),
        Value::Object(_) => !matches!(run.field(value, &key.to_text()?, &[])?, Value::Nil),
        _ => false,
    })
}

fn dictionary(arguments: Vec<Value>) -> Option<Value> {
    let mut pairs = std::collections::BTreeMap::new();
    let mut arguments = arguments.into_iter();
    while let Some(key) = arguments.next() {
        pairs.insert(key.to_text()?.to_string(), arguments.next()?);
    }
    Some(Value::Map(Rc::new(pairs)))
}

fn sequence(arguments: &[Value]) -> Option<Value> {
    let numbers: Vec<i64> = arguments.iter().map(Value::to_int).collect::<Option<_>>()?;
    let (first, step, last) = match numbers.as_slice() {
        [last] if *last < 0 => (-1, -1, *last),
        [last] => (1, 1, *last),
        [first, last] => (*first, if first <= last { 1 } else { -1 }, *last),
        [first, step, last] => (*first, *step, *last),
        _ => return None,
    };
    if step == 0 || (last.checked_sub(first)? / step).unsigned_abs() > 2_000 {
        return None;
    }
    let mut items = Vec::new();
    let mut at = first;
    while (step > 0 && at <= last) || (step < 0 && at >= last) {
        items.push(Value::Int(at));
        at += step;
    }
    Some(Value::list(items))
}

fn part(name: &str, count: i64, list: &Value) -> Option<Value> {
    let Value::List(items) = list else { return matches!(list, Value::Nil).then_some(Value::Nil) };
    let count = usize::try_from(count).ok()?.min(items.len());
    let range = match name.to_lowercase().rsplit('.').next()? {
        "first" => 0..count,
        "last" => items.len() - count..items.len(),
        _ => count..items.len(),
    };
    Some(Value::list(items.get(range)?.to_vec()))
}

fn calculate(name: &str, a: &Value, b: &Value) -> Option<Value> {
    let name = name.to_lowercase();
    if let (Value::Int(a), Value::Int(b)) = (a, b) {
        return match name.as_str() {
            "add" => a.checked_add(*b),
            "sub" => a.checked_sub(*b),
            "mul" => a.checked_mul(*b),
            "div" => a.checked_div(*b),
            _ => a.checked_rem(*b),
        }
        .map(Value::Int);
    }
    let (a, b) = (a.to_float()?, b.to_float()?);
    Some(Value::Float(match name.as_str() {
        "add" => a + b,
        "sub" => a - b,
        "mul" => a * b,
        "div" if b != 0.0 => a / b,
        _ => return None,
    }))
}

/// Code as it is without colours.
fn highlighted(code: &str, language: &str) -> String {
    let class =
        if language.is_empty() { String::new() } else { format!(" class=\"language-{}\"", text::escape(language)) };
    format!("<pre><code{class}>{}\n</code></pre>\n", text::escape(code.trim_end_matches('\n')))
}

/// Rendered Markdown without the paragraph around it, where it is one.
pub(super) fn inline(html: &str) -> &str {
    let html = html.trim();
    let inner = html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>"));
    inner.filter(|inner| !inner.contains("<p>")).unwrap_or(html)
}

/// An address without scheme and host.
pub(crate) fn on_site(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    behind.find('/').and_then(|at| behind.get(at..)).unwrap_or(url)
}

/// The text without what all of its lines begin with, if that is blank.
pub(super) fn deindented(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let least = text.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let mut lines = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        lines.push_str(line.get(least.min(indent(line))..).unwrap_or(line));
    }
    lines
}

/// HTML as its text.
pub(super) fn plainified(html: &str) -> String {
    text::from_html(html)
}
