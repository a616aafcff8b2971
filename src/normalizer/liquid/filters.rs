//! The filters, Liquid's own and Jekyll's.

mod address;
mod date;
mod list;
mod number;
mod select;
mod strftime;
mod text;

use std::borrow::Cow;

use super::budget::Budget;
use super::render::{Found, Renderer};
use super::value;
use crate::model::Value;

pub(super) use address::relative_url;
pub(super) use text::escape;

/// Their names, one group a file.
const NAMES: [&[&str]; 6] = [address::NAMES, date::NAMES, list::NAMES, number::NAMES, select::NAMES, text::NAMES];

/// What stands behind a filter's colon.
#[derive(Clone, Copy)]
pub(super) struct Arguments<'c, 'a>(pub(super) &'c [Found<'a>]);

impl<'c> Arguments<'c, '_> {
    fn get(self, place: usize) -> Option<&'c Value> {
        self.0.get(place).map(|value| &**value)
    }

    /// As text; empty where there is none.
    fn text(self, place: usize) -> Cow<'c, str> {
        self.get(place).map_or(Cow::Borrowed(""), value::text)
    }

    fn whole(self, place: usize) -> Option<i64> {
        self.get(place).and_then(value::whole)
    }
}

/// Whether there is a filter of this name.
pub(super) fn is_known(name: &str) -> bool {
    NAMES.iter().any(|names| names.contains(&name))
}

/// What a filter makes of a value; nothing where there is no such filter.
pub(super) fn apply(
    renderer: &mut Renderer<'_>,
    name: &str,
    input: &Value,
    arguments: Arguments<'_, '_>,
) -> Option<Value> {
    if let Some(value) = text::apply(name, input, arguments, &mut renderer.budget) {
        return Some(value);
    }
    number::apply(name, input, arguments)
        .or_else(|| list::apply(name, input, arguments, &mut renderer.budget))
        .or_else(|| address::apply(renderer, name, input))
        .or_else(|| date::apply(renderer, name, input, arguments))
        .or_else(|| select::apply(renderer, name, input, arguments))
}

/// A text that is only made when there is room for it.
fn made(budget: &mut Budget, bytes: usize, text: impl FnOnce() -> String) -> Value {
    if bytes <= super::budget::MAX_TEXT && budget.pay(bytes) {
        return Value::String(text());
    }
    budget.pay(usize::MAX);
    Value::Null
}
