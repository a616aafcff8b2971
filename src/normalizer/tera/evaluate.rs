//! What expressions come to.

use super::node::{Comparison, Expr, Math, Operand, Path, Step};
use super::render::{Run, escaped, text_of};
use super::{filters, tests_of_values};
use crate::model::Value;

impl Expr {
    /// Whether a text that it gives is escaped where it is put out: not what a macro gives, nor what is said to be safe.
    pub(super) fn is_escaped(&self) -> bool {
        let is_html = matches!(self.value, Operand::Macro { .. } | Operand::Joined(_)) && self.filters.is_empty();
        let is_from_site =
            matches!(&self.value, Operand::Call(call) if call.name == "get_url") && self.filters.is_empty();
        !(is_html || is_from_site || self.has_filter("safe"))
    }
}

impl<'a> Run<'a> {
    pub(super) fn value(&mut self, expression: &'a Expr) -> Option<Value> {
        self.budget.step();
        if self.budget.is_spent() {
            return None;
        }
        let mut value = match self.operand(&expression.value) {
            Some(Value::Null) | None if expression.has_default() => self.default(expression)?,
            None if expression.is_negated && matches!(expression.value, Operand::Name(_)) => {
                return Some(Value::Bool(true));
            }
            found => found?,
        };
        for filter in expression.filters.iter().filter(|filter| !matches!(&*filter.name, "safe" | "default")) {
            value = self.filtered(value, filter)?;
        }
        Some(if expression.is_negated { Value::Bool(!is_truthy(&value)) } else { value })
    }

    fn default(&mut self, expression: &'a Expr) -> Option<Value> {
        let filter = expression.filters.first()?;
        let (_, default) = filter.arguments.iter().find(|(name, _)| name == "value")?;
        Some(match self.value(default)? {
            // As Tera does, though it is escaped once more where it is put out.
            Value::String(text) if self.is_shown && default.is_escaped() => Value::String(escaped(&text)),
            value => value,
        })
    }

    pub(super) fn filtered(&mut self, value: Value, filter: &'a super::node::Call) -> Option<Value> {
        let arguments = self.arguments(filter)?;
        let made = filters::apply(&filter.name, &value, &arguments, self.site)?;
        self.made(made)
    }

    fn arguments(&mut self, call: &'a super::node::Call) -> Option<Vec<(String, Value)>> {
        self.named_values(&call.arguments)
    }

    pub(super) fn named_values(&mut self, pairs: &'a [(String, Expr)]) -> Option<Vec<(String, Value)>> {
        let is_shown = std::mem::take(&mut self.is_shown);
        let arguments = pairs.iter().map(|(name, value)| Some((name.clone(), self.value(value)?))).collect();
        self.is_shown = is_shown;
        arguments
    }

    fn operand(&mut self, operand: &'a Operand) -> Option<Value> {
        let value = match operand {
            Operand::Text(text) => Value::String(text.clone()),
            Operand::Int(number) => Value::Int(*number),
            Operand::Float(number) => Value::Float(*number),
            Operand::Bool(is_so) => Value::Bool(*is_so),
            Operand::Nothing => Value::Null,
            Operand::Name(path) if path.may_miss => self.at(path).cloned().unwrap_or_default(),
            Operand::Name(path) => self.at(path)?.clone(),
            Operand::Map(pairs) => Value::Map(self.named_values(pairs)?),
            Operand::Either { condition, yes, no } => match self.is_true(condition)? {
                true => self.value(yes)?,
                false => self.value(no)?,
            },
            Operand::List(items) => {
                Value::List(items.iter().map(|item| self.value(item)).collect::<Option<Vec<Value>>>()?)
            }
            Operand::Joined(parts) => {
                let mut text = String::new();
                for part in parts {
                    match self.value(part)? {
                        value @ (Value::String(_) | Value::Int(_) | Value::Float(_)) => {
                            text.push_str(&text_of(&value)?)
                        }
                        _ => return None,
                    }
                }
                Value::String(text)
            }
            Operand::Call(call) => {
                let arguments = self.arguments(call)?;
                match &*call.name {
                    "range" => range(&arguments)?,
                    name => self.site.call(name, &arguments)?,
                }
            }
            Operand::Macro { space, call } => Value::String(self.macro_call(space, call)?),
            Operand::Test { path, is_negated, name, arguments } => {
                let arguments = arguments.iter().map(|it| self.value(it)).collect::<Option<Vec<Value>>>()?;
                Value::Bool(tests_of_values::holds(name, self.at(path), &arguments)? != *is_negated)
            }
            Operand::In { item, is_negated, list } => {
                let (item, list) = (self.value(item)?, self.value(list)?);
                Value::Bool(is_in(&item, &list)? != *is_negated)
            }
            Operand::Math(left, sign, right) => calculated(&self.value(left)?, *sign, &self.value(right)?)?,
            Operand::Compared(left, comparison, right) => {
                Value::Bool(compared(&self.value(left)?, *comparison, &self.value(right)?)?)
            }
            Operand::And(left, right) => Value::Bool(self.is_true(left)? && self.is_true(right)?),
            Operand::Or(left, right) => Value::Bool(self.is_true(left)? || self.is_true(right)?),
            Operand::Group(inside) => self.value(inside)?,
        };
        self.made(value)
    }

    /// As a condition: a variable that is not there is false.
    pub(super) fn is_true(&mut self, expression: &'a Expr) -> Option<bool> {
        match self.value(expression) {
            Some(value) => Some(is_truthy(&value)),
            None if self.budget.is_spent() => None,
            None => matches!(expression.value, Operand::Name(_)).then_some(expression.is_negated),
        }
    }

    /// The value at the end of a path.
    fn at(&self, path: &Path) -> Option<&Value> {
        path.steps.iter().try_fold(self.variable(&path.name)?, |value, step| match step {
            Step::Key(key) => child(value, key),
            Step::By(other) => match self.at(other)? {
                Value::String(key) => child(value, key),
                Value::Int(place) => child(value, &place.to_string()),
                _ => None,
            },
        })
    }
}

impl Expr {
    /// Whether it is this variable, and nothing is done with it.
    pub(super) fn is_variable(&self, name: &str) -> bool {
        let is_it = matches!(&self.value, Operand::Name(path) if path.name == name && path.steps.is_empty());
        is_it && self.filters.is_empty()
    }

    fn has_default(&self) -> bool {
        self.filters.first().is_some_and(|filter| filter.name == "default")
    }
}

fn child<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match value {
        Value::List(items) => items.get(key.parse::<usize>().ok()?),
        value => value.get(key),
    }
}

pub(super) fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(is_so) => *is_so,
        Value::Int(number) => *number != 0,
        Value::Float(number) => *number != 0.0 && !number.is_nan(),
        Value::String(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Map(pairs) => !pairs.is_empty(),
    }
}

fn is_in(item: &Value, list: &Value) -> Option<bool> {
    match (item, list) {
        (item, Value::List(items)) => Some(items.contains(item)),
        (Value::String(part), Value::String(text)) => Some(text.contains(&**part)),
        (Value::String(key), map @ Value::Map(_)) => Some(map.get(key).is_some()),
        _ => None,
    }
}

/// A number as one with a point.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        // What is beyond 2^53 is compared about.
        #[allow(clippy::cast_precision_loss)]
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

fn compared(left: &Value, comparison: Comparison, right: &Value) -> Option<bool> {
    let both = number(left).zip(number(right));
    let is_equal = match both {
        Some((left, right)) => left == right,
        None => left == right,
    };
    Some(match comparison {
        Comparison::Equal => is_equal,
        // Tera finds a number neither equal to nor different from what is none.
        Comparison::Different => !is_equal && (both.is_some() || number(left).or(number(right)).is_none()),
        Comparison::Less => both.map(|(left, right)| left < right)?,
        Comparison::LessOrEqual => both.map(|(left, right)| left <= right)?,
        Comparison::More => both.map(|(left, right)| left > right)?,
        Comparison::MoreOrEqual => both.map(|(left, right)| left >= right)?,
    })
}

fn calculated(left: &Value, sign: Math, right: &Value) -> Option<Value> {
    if let (Value::Int(left), Value::Int(right)) = (left, right) {
        match sign {
            Math::Add => return left.checked_add(*right).map(Value::Int),
            Math::Subtract => return left.checked_sub(*right).map(Value::Int),
            Math::Multiply => return left.checked_mul(*right).map(Value::Int),
            Math::Modulo => return left.checked_rem(*right).map(Value::Int),
            Math::Divide => {}
        }
    }
    let (left, right) = (number(left)?, number(right)?);
    let result = match sign {
        Math::Add => left + right,
        Math::Subtract => left - right,
        Math::Multiply => left * right,
        Math::Divide => left / right,
        Math::Modulo => left % right,
    };
    let is_whole = matches!(sign, Math::Divide) && result.fract() == 0.0 && result.abs() < 9e15;
    #[allow(clippy::cast_possible_truncation)]
    let value = if is_whole { Value::Int(result as i64) } else { Value::Float(result) };
    Some(if result.is_finite() { value } else { Value::String("NaN".to_owned()) })
}

/// The most numbers of a range.
const MOST: i64 = 100_000;

fn range(arguments: &[(String, Value)]) -> Option<Value> {
    let get = |name: &str, default: Option<i64>| match arguments.iter().find(|(known, _)| known == name) {
        Some((_, Value::Int(number))) => Some(*number),
        Some(_) => None,
        None => default,
    };
    let (start, end, step) = (get("start", Some(0))?, get("end", None)?, get("step_by", Some(1))?);
    let step_by = usize::try_from(step).ok().filter(|step| *step > 0)?;
    (start <= end && end.checked_sub(start)? <= MOST).then_some(())?;
    Some(Value::List((start..end).step_by(step_by).map(Value::Int).collect()))
}
