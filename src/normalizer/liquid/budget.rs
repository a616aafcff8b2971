//! How much one text may cost: counted work, so that the same template always ends at the same place.

use crate::model::Value;

/// The most nodes, rounds of loops, and filters.
const MAX_STEPS: u32 = 1_000_000;
/// The most that is made, copied or looked through, in bytes, all values together.
const MAX_WORK: usize = 64 << 20;
/// The longest text, whether in the end or on the way.
pub(in crate::normalizer) const MAX_TEXT: usize = 4 << 20;
/// How deep lists and maps may nest.
const MAX_NESTING: usize = 64;
/// What any value costs beside its text.
const OVERHEAD: usize = 32;

/// What is left.
#[derive(Debug)]
pub(in crate::normalizer) struct Budget {
    steps: u32,
    work: usize,
    is_spent: bool,
}

impl Budget {
    pub(in crate::normalizer) fn new() -> Self {
        Self { steps: MAX_STEPS, work: MAX_WORK, is_spent: false }
    }

    /// Whether nothing more may be done.
    pub(in crate::normalizer) fn is_spent(&self) -> bool {
        self.is_spent
    }

    pub(in crate::normalizer) fn step(&mut self) {
        match self.steps.checked_sub(1) {
            Some(left) => self.steps = left,
            None => self.is_spent = true,
        }
    }

    /// Pays for so many bytes, and says whether there was enough.
    pub(in crate::normalizer) fn pay(&mut self, bytes: usize) -> bool {
        match self.work.checked_sub(bytes) {
            Some(left) => self.work = left,
            None => self.is_spent = true,
        }
        !self.is_spent
    }

    /// Pays for a value, which becomes nothing where it is too large.
    pub(in crate::normalizer) fn pay_for(&mut self, value: Value) -> Value {
        let is_long = matches!(&value, Value::String(text) if text.len() > MAX_TEXT);
        match weight(&value, MAX_NESTING) {
            Some(weight) if !is_long && self.pay(weight) => value,
            _ => {
                self.is_spent = true;
                Value::Null
            }
        }
    }
}

/// About the bytes of a value; `None` when it is nested too deeply.
pub(in crate::normalizer) fn weight(value: &Value, depth: usize) -> Option<usize> {
    let inside = match value {
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => 0,
        Value::String(text) => text.len(),
        Value::List(items) => {
            let depth = depth.checked_sub(1)?;
            items.iter().try_fold(0_usize, |sum, item| Some(sum + weight(item, depth)?))?
        }
        Value::Map(pairs) => {
            let depth = depth.checked_sub(1)?;
            pairs.iter().try_fold(0_usize, |sum, (key, item)| Some(sum + key.len() + weight(item, depth)?))?
        }
    };
    Some(inside + OVERHEAD)
}
