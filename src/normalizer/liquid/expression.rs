//! Values as templates write them: literals, variables with what is looked up in them, ranges, and filters behind them.

use super::scan::{Scan, is_of_name};
use crate::model::Value;

/// How deep variables may stand in the brackets of others.
const MAX_DEPTH: u32 = 16;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Literal(Value),
    /// `empty`, which equals what is.
    Empty,
    /// `blank`, which equals nothing: plain Ruby knows no `blank?`.
    Blank,
    Range(Box<(Expression, Expression)>),
    /// A variable's name, and what is looked up in it.
    Variable(String, Vec<Key>),
}

/// What is looked up.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Key {
    /// `.name`, which may also be `size`, `first` or `last`.
    Name(String),
    /// `[…]`.
    Value(Expression),
}

/// A value that goes through filters.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) value: Expression,
    pub(super) filters: Vec<Filter>,
}

/// A filter with its arguments; those with a name count for nothing but `allow_false`.
#[derive(Debug)]
pub(super) struct Filter {
    pub(super) name: String,
    pub(super) arguments: Vec<Expression>,
}

impl Expression {
    pub(super) fn parse(text: &str) -> Self {
        parse(text.trim(), MAX_DEPTH)
    }

    pub(super) fn text(text: &str) -> Self {
        Self::Literal(Value::String(text.to_owned()))
    }
}

impl Chain {
    /// `value | filter: argument, argument | …`.
    pub(super) fn parse(text: &str) -> Self {
        let mut scan = Scan(text);
        let value = Expression::parse(scan.fragment(false));
        // What else stands before the first filter is nothing, as in Ruby.
        scan.take(scan.0.find('|').unwrap_or(scan.0.len()));
        let mut filters = Vec::new();
        while scan.eat("|") {
            let mut part = Scan(scan.until('|'));
            let name = part.name().to_owned();
            if name.is_empty() {
                continue;
            }
            let mut arguments = Vec::new();
            if part.eat(":") {
                while !part.is_at_end() {
                    arguments.extend(argument(Scan(part.until(','))));
                    part.eat(",");
                }
            }
            filters.push(Filter { name, arguments });
        }
        Self { value, filters }
    }
}

/// One argument; none where it has a name.
fn argument(mut part: Scan<'_>) -> Option<Expression> {
    let mut named = part;
    if !named.name().is_empty() && named.eat(":") {
        return None;
    }
    (!part.is_at_end()).then(|| Expression::parse(part.fragment(false)))
}

fn parse(text: &str, depth: u32) -> Expression {
    let literal = |value| Expression::Literal(value);
    match text {
        "" | "nil" | "null" => return literal(Value::Null),
        "true" => return literal(Value::Bool(true)),
        "false" => return literal(Value::Bool(false)),
        "empty" => return Expression::Empty,
        "blank" => return Expression::Blank,
        _ => {}
    }
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return Expression::text(inside);
        }
    }
    if let Some(number) = number(text) {
        return literal(number);
    }
    let range = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    if let Some((first, last)) = range.and_then(|range| range.split_once("..")).filter(|_| depth > 0) {
        return Expression::Range(Box::new((parse(first.trim(), depth - 1), parse(last.trim(), depth - 1))));
    }
    variable(text, depth).unwrap_or_else(|| literal(Value::Null))
}

fn number(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().map(Value::Int);
    }
    digits.bytes().all(|b| b.is_ascii_digit() || b == b'.').then(|| text.parse().ok().map(Value::Float))?
}

/// `name.name["text"][variable]`, whatever stands between.
fn variable(text: &str, depth: u32) -> Option<Expression> {
    let depth = depth.checked_sub(1)?;
    let mut scan = Scan(text);
    let mut keys = Vec::new();
    while !scan.0.is_empty() {
        if scan.eat("[") {
            let inside = scan.take(closing(scan.0));
            scan.eat("]");
            keys.push(Key::Value(parse(inside.trim(), depth)));
            continue;
        }
        let name = scan.name();
        if name.is_empty() {
            scan.take(scan.0.chars().next().map_or(0, char::len_utf8));
            continue;
        }
        scan.eat("?");
        keys.push(Key::Name(name.to_owned()));
    }
    let mut keys = keys.into_iter();
    let root = match keys.next()? {
        Key::Name(name) => name,
        Key::Value(Expression::Literal(value)) => value.to_text()?,
        Key::Value(_) => return None,
    };
    Some(Expression::Variable(root, keys.collect()))
}

/// Where the bracket closes that is open; brackets in quotes and in brackets belong to it.
fn closing(text: &str) -> usize {
    let (mut quote, mut depth) = (None, 0_u32);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) => quote = Some(open).filter(|open| *open != c),
            (None, '"' | '\'') => quote = Some(c),
            (None, '[') => depth += 1,
            (None, ']') if depth == 0 => return at,
            (None, ']') => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether a text is the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| is_of_name(c) || c == '.')
}
