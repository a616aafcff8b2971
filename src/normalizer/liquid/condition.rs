//! What `if`, `unless` and `where_exp` ask: comparisons, joined by `and` and `or` from the right.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::expression::Expression;
use super::scan::Scan;
use super::value;
use crate::model::Value;

/// What is asked; without a comparison, it never holds.
#[derive(Debug, Default)]
pub(super) struct Condition {
    /// Each with what joins it to the next.
    comparisons: Vec<(Comparison, Join)>,
    /// `unless`: it holds where they do not.
    is_negated: bool,
}

#[derive(Debug)]
struct Comparison {
    left: Expression,
    operator: Operator,
    right: Expression,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Join {
    And,
    Or,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    /// There is none: the left side alone is asked.
    None,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
}

impl Condition {
    /// `None` when it asks nothing, or with an operator that there is not.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut scan = Scan(text);
        let mut comparisons = Vec::new();
        loop {
            let comparison = Comparison::parse(&mut scan)?;
            let join = match () {
                () if scan.eat_word("and") => Join::And,
                () if scan.eat_word("or") => Join::Or,
                () => Join::End,
            };
            comparisons.push((comparison, join));
            if join == Join::End {
                return Some(Self { comparisons, is_negated: false });
            }
        }
    }

    /// Whether it holds, by what `evaluate` says of values.
    pub(super) fn holds<'v>(&self, evaluate: &mut dyn FnMut(&Expression) -> Cow<'v, Value>) -> bool {
        let mut result = false;
        for (comparison, join) in &self.comparisons {
            result = comparison.holds(evaluate);
            if (*join == Join::And && !result) || (*join == Join::Or && result) {
                break;
            }
        }
        result != self.is_negated
    }

    /// The opposite.
    pub(super) fn negated(self) -> Self {
        Self { is_negated: !self.is_negated, ..self }
    }
}

impl Comparison {
    fn parse(scan: &mut Scan<'_>) -> Option<Self> {
        let left = scan.fragment(true);
        if left.is_empty() {
            return None;
        }
        let operator = Operator::parse(scan)?;
        let right = if operator == Operator::None { "" } else { scan.fragment(true) };
        Some(Self { left: Expression::parse(left), operator, right: Expression::parse(right) })
    }

    fn holds<'v>(&self, evaluate: &mut dyn FnMut(&Expression) -> Cow<'v, Value>) -> bool {
        let left = evaluate(&self.left);
        if self.operator == Operator::None {
            return value::is_true(&left);
        }
        let right = evaluate(&self.right);
        let equals = || match (&self.left, &self.right) {
            (Expression::Blank, _) | (_, Expression::Blank) => false,
            (Expression::Empty, _) => is_empty(&right),
            (_, Expression::Empty) => is_empty(&left),
            _ => value::equal(&left, &right),
        };
        let order = || value::compare(&left, &right);
        match self.operator {
            Operator::None => false,
            Operator::Equal => equals(),
            Operator::Unequal => !equals(),
            Operator::Less => order() == Some(Ordering::Less),
            Operator::LessOrEqual => matches!(order(), Some(Ordering::Less | Ordering::Equal)),
            Operator::Greater => order() == Some(Ordering::Greater),
            Operator::GreaterOrEqual => matches!(order(), Some(Ordering::Greater | Ordering::Equal)),
            Operator::Contains => contains(&left, &right),
        }
    }
}

impl Operator {
    /// `None` for one that there is not.
    fn parse(scan: &mut Scan<'_>) -> Option<Self> {
        // The longer ones first.
        let operators = [
            ("==", Self::Equal),
            ("!=", Self::Unequal),
            ("<>", Self::Unequal),
            ("<=", Self::LessOrEqual),
            (">=", Self::GreaterOrEqual),
            ("<", Self::Less),
            (">", Self::Greater),
        ];
        if let Some((_, operator)) = operators.into_iter().find(|(text, _)| scan.eat(text)) {
            return Some(operator);
        }
        if scan.eat_word("contains") {
            return Some(Self::Contains);
        }
        let mut ahead = *scan;
        match ahead.name() {
            _ if scan.is_at_end() => Some(Self::None),
            "and" | "or" => Some(Self::None),
            _ => None,
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(pairs) => pairs.is_empty(),
        // Nothing is not empty, in Ruby.
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => false,
    }
}

fn contains(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (_, Value::Null) | (Value::Null, _) => false,
        (Value::String(text), part) => text.contains(&*value::text(part)),
        (Value::List(items), item) => items.iter().any(|known| value::equal(known, item)),
        (Value::Map(_), key) => left.get(&value::text(key)).is_some(),
        _ => false,
    }
}
