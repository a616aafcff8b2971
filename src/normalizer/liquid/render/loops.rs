//! `for` and `tablerow`.

use std::borrow::Cow;

use super::lookup::pair_of;
use super::{Found, Interrupt, Renderer};
use crate::model::Value;
use crate::normalizer::liquid::expression::Expression;
use crate::normalizer::liquid::node::Loop;
use crate::normalizer::liquid::value;

impl<'a> Renderer<'a> {
    pub(super) fn each(&mut self, each: &Loop, out: &mut String) {
        let items = self.segment(each);
        if items.is_empty() {
            self.nodes(&each.otherwise, out);
            return;
        }
        let (length, around) = (items.len(), self.around());
        self.scopes.push(Vec::new());
        for (index, item) in items.into_iter().enumerate() {
            let state = self.state(&each.name, index, length, around.as_ref());
            self.set(vec![(each.variable.clone(), item), ("forloop".to_owned(), Cow::Owned(state))]);
            self.nodes(&each.body, out);
            let interrupt = self.interrupt.take();
            self.budget.step();
            if interrupt == Some(Interrupt::Break) || self.budget.is_spent() {
                break;
            }
        }
        self.scopes.pop();
    }

    /// Rows of a table, as Ruby's Liquid writes them.
    pub(super) fn rows(&mut self, each: &Loop, out: &mut String) {
        let items = self.segment(each);
        let columns = each.columns.as_ref().and_then(|it| value::whole(&self.evaluate(it)));
        let columns = columns.and_then(|columns| usize::try_from(columns).ok()).unwrap_or(items.len()).max(1);
        let length = items.len();
        self.write("<tr class=\"row1\">\n", out);
        self.scopes.push(Vec::new());
        for (index, item) in items.into_iter().enumerate() {
            let column = index % columns;
            let mut state = self.state(&each.name, index, length, None);
            if let Value::Map(pairs) = &mut state {
                let number = |number: usize| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
                pairs.push(("col".to_owned(), number(column + 1)));
                pairs.push(("col0".to_owned(), number(column)));
                pairs.push(("col_first".to_owned(), Value::Bool(column == 0)));
                pairs.push(("col_last".to_owned(), Value::Bool(column + 1 == columns)));
                pairs.push(("row".to_owned(), number(index / columns + 1)));
            }
            self.set(vec![(each.variable.clone(), item), ("tablerowloop".to_owned(), Cow::Owned(state))]);
            self.write(&format!("<td class=\"col{}\">", column + 1), out);
            self.nodes(&each.body, out);
            self.write("</td>", out);
            if column + 1 == columns && index + 1 < length {
                self.write(&format!("</tr>\n<tr class=\"row{}\">", index / columns + 2), out);
            }
            let interrupt = self.interrupt.take();
            if interrupt == Some(Interrupt::Break) || self.budget.is_spent() {
                break;
            }
        }
        self.scopes.pop();
        self.write("</tr>\n", out);
    }

    /// The items that a loop goes through.
    fn segment(&mut self, each: &Loop) -> Vec<Found<'a>> {
        let number = |renderer: &mut Self, expression: &Option<Expression>| {
            let value = expression.as_ref().map(|it| renderer.evaluate(it).into_owned())?;
            value::whole(&value).map(|number| usize::try_from(number).unwrap_or(0))
        };
        let from = match each.goes_on {
            true => self.offsets.get(&each.name).copied().unwrap_or(0),
            false => number(self, &each.offset).unwrap_or(0),
        };
        let limit = number(self, &each.limit).unwrap_or(usize::MAX);
        let mut items = match &each.items {
            Expression::Range(ends) => {
                let (first, last) = self.range(ends);
                let length = usize::try_from(last.saturating_sub(first).saturating_add(1)).unwrap_or(0);
                let taken = length.saturating_sub(from).min(limit);
                if !self.budget.pay(taken.saturating_mul(32)) {
                    return Vec::new();
                }
                (first..=last).skip(from).take(taken).map(|number| Cow::Owned(Value::Int(number))).collect()
            }
            expression => {
                let all = items_of(self.evaluate(expression));
                all.into_iter().skip(from).take(limit).collect::<Vec<_>>()
            }
        };
        if each.reversed {
            items.reverse();
        }
        self.offsets.insert(each.name.clone(), from.saturating_add(items.len()));
        items
    }

    fn set(&mut self, variables: Vec<(String, Found<'a>)>) {
        if let Some(scope) = self.scopes.last_mut() {
            *scope = variables;
        }
    }

    /// The `forloop` of the loop around.
    fn around(&self) -> Option<Value> {
        let scoped = self.scopes.iter().rev().flat_map(|scope| scope.iter()).find(|(name, _)| name == "forloop");
        scoped.map(|(_, state)| state.clone().into_owned())
    }

    fn state(&self, name: &str, index: usize, length: usize, around: Option<&Value>) -> Value {
        let number = |number: usize| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
        let mut pairs = vec![
            ("index".to_owned(), number(index + 1)),
            ("index0".to_owned(), number(index)),
            ("rindex".to_owned(), number(length - index)),
            ("rindex0".to_owned(), number(length - index - 1)),
            ("first".to_owned(), Value::Bool(index == 0)),
            ("last".to_owned(), Value::Bool(index + 1 == length)),
            ("length".to_owned(), number(length)),
            ("name".to_owned(), Value::String(name.to_owned())),
        ];
        pairs.extend(around.map(|around| ("parentloop".to_owned(), around.clone())));
        Value::Map(pairs)
    }
}

/// The items of a list, the pairs of a map, a text that is not empty.
fn items_of(value: Found<'_>) -> Vec<Found<'_>> {
    match value {
        Cow::Borrowed(Value::List(items)) => items.iter().map(Cow::Borrowed).collect(),
        Cow::Owned(Value::List(items)) => items.into_iter().map(Cow::Owned).collect(),
        value => match &*value {
            Value::Map(pairs) => pairs.iter().map(|pair| Cow::Owned(pair_of(pair))).collect(),
            Value::String(text) if !text.is_empty() => vec![value],
            _ => Vec::new(),
        },
    }
}
