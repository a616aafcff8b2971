//! What variables stand for, and what is looked up in them.

use std::borrow::Cow;

use super::{Found, Renderer};
use crate::model::Value;
use crate::normalizer::liquid::expression::{Expression, Key};
use crate::normalizer::liquid::{Finding, budget, value};

/// What Jekyll's templates can ask for and a feed does not depend on: other posts and pages.
const OTHERS: [(&str, &[&str]); 3] = [
    (
        "site",
        &[
            "posts",
            "pages",
            "html_pages",
            "static_files",
            "html_files",
            "collections",
            "documents",
            "categories",
            "tags",
            "related_posts",
        ],
    ),
    ("page", &["previous", "next", "content", "output"]),
    ("paginator", &["posts"]),
];

/// A key whose value is known.
enum Looked<'k, 'a> {
    Name(&'k str),
    Value(Found<'a>),
}

impl<'a> Renderer<'a> {
    pub(in crate::normalizer::liquid) fn evaluate(&mut self, expression: &Expression) -> Found<'a> {
        Cow::Owned(match expression {
            Expression::Literal(value) => value.clone(),
            Expression::Empty | Expression::Blank => Value::String(String::new()),
            Expression::Range(ends) => {
                let (first, last) = self.range(ends);
                let length = last.saturating_sub(first).saturating_add(1).max(0);
                if !self.budget.pay(usize::try_from(length).unwrap_or(usize::MAX).saturating_mul(32)) {
                    return Cow::Owned(Value::Null);
                }
                Value::List((first..=last).map(Value::Int).collect())
            }
            Expression::Variable(root, keys) => return self.variable(root, keys),
        })
    }

    /// The ends of a range; what is no number is 0, as in Ruby.
    pub(super) fn range(&mut self, (first, last): &(Expression, Expression)) -> (i64, i64) {
        let mut end = |expression| match value::number(&self.evaluate(expression)) {
            Value::Int(number) => number,
            // Saturates.
            Value::Float(number) => number as i64,
            _ => 0,
        };
        (end(first), end(last))
    }

    fn variable(&mut self, root: &str, keys: &[Key]) -> Found<'a> {
        let mut looked = Vec::with_capacity(keys.len());
        for key in keys {
            looked.push(match key {
                Key::Name(name) => Looked::Name(name),
                Key::Value(expression) => Looked::Value(self.evaluate(expression)),
            });
        }
        let found = match self.root(root) {
            Some(Cow::Borrowed(value)) => look(value, &looked),
            Some(Cow::Owned(value)) => {
                let found = look(value, &looked).into_owned();
                let cost = budget::weight(&found, usize::MAX).unwrap_or(usize::MAX);
                Cow::Owned(if self.budget.pay(cost) { found } else { Value::Null })
            }
            None => self.outer(root, &looked),
        };
        if *found == Value::Null {
            self.note_missing(root, keys);
        }
        found
    }

    /// What `increment` counts, and what the environment gives.
    fn outer(&self, root: &str, looked: &[Looked<'_, '_>]) -> Found<'a> {
        if let Some(count) = self.counts.get(root) {
            return Cow::Owned(Value::Int(*count));
        }
        // Rather the post's own date than that of the build.
        if let ("site", Some(Looked::Name("time"))) = (root, looked.first()) {
            return Cow::Owned(Value::String(self.environment.now.format("%Y-%m-%d %H:%M:%S %z").to_string()));
        }
        let global = self.environment.globals.iter().find(|(name, _)| *name == root);
        global.map_or(Cow::Owned(Value::Null), |(_, value)| look(value, looked))
    }

    fn root(&self, name: &str) -> Option<&Found<'a>> {
        let scoped = self.scopes.iter().rev().flat_map(|scope| scope.iter()).find(|(known, _)| known == name);
        scoped.map(|(_, value)| value).or_else(|| self.assigned.get(name))
    }

    /// Says that a template asks for what it is not given.
    fn note_missing(&mut self, root: &str, keys: &[Key]) {
        let Some(Key::Name(key)) = keys.first() else { return };
        let asked = OTHERS.iter().find(|(name, _)| *name == root);
        if asked.is_some_and(|(_, names)| names.contains(&key.as_str())) {
            self.find(Finding::unknown("variable", &format!("{root}.{key}")));
        }
    }
}

fn look<'v>(value: &'v Value, keys: &[Looked<'_, '_>]) -> Cow<'v, Value> {
    keys.iter().fold(Cow::Borrowed(value), inside)
}

/// What a key leads to; nothing where it leads nowhere.
fn inside<'v>(value: Cow<'v, Value>, key: &Looked<'_, '_>) -> Cow<'v, Value> {
    match value {
        Cow::Borrowed(value) => borrowed(value, key),
        Cow::Owned(value) => Cow::Owned(borrowed(&value, key).into_owned()),
    }
}

fn borrowed<'v>(value: &'v Value, key: &Looked<'_, '_>) -> Cow<'v, Value> {
    let nothing = Cow::Owned(Value::Null);
    let plain = match (value, key) {
        (Value::Map(_), Looked::Name(name)) => value.get(name),
        (Value::Map(_), Looked::Value(key)) => value.get(&value::text(key)),
        (Value::List(items), Looked::Value(key)) => match **key {
            Value::Int(at) => item(items, at),
            _ => None,
        },
        _ => None,
    };
    if let Some(plain) = plain {
        return Cow::Borrowed(plain);
    }
    let name = match key {
        Looked::Name(name) => *name,
        Looked::Value(_) => return nothing,
    };
    let size = |length: usize| Cow::Owned(Value::Int(i64::try_from(length).unwrap_or(i64::MAX)));
    match (value, name) {
        (Value::List(items), "size") => size(items.len()),
        (Value::Map(pairs), "size") => size(pairs.len()),
        (Value::String(text), "size") => size(text.chars().count()),
        (Value::List(items), "first") => items.first().map_or(nothing, Cow::Borrowed),
        (Value::List(items), "last") => items.last().map_or(nothing, Cow::Borrowed),
        (Value::Map(pairs), "first") => pairs.first().map_or(nothing, |pair| Cow::Owned(pair_of(pair))),
        _ => nothing,
    }
}

/// The item at a place, from the end where it is negative.
fn item(items: &[Value], at: i64) -> Option<&Value> {
    let place = usize::try_from(at.unsigned_abs()).ok()?;
    if at < 0 { items.get(items.len().checked_sub(place)?) } else { items.get(place) }
}

/// A key and its value, as loops over maps give them.
pub(in crate::normalizer::liquid) fn pair_of((key, value): &(String, Value)) -> Value {
    Value::List(vec![Value::String(key.clone()), value.clone()])
}
