//! A map under construction: keys unique, in the order in which they first stand, as in Ruby.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::Value;

/// Pairs so far. What a map states and what it merges are told apart, since only the former can stand twice by mistake.
#[derive(Debug, Default)]
pub struct MapBuilder {
    pairs: Vec<(String, Value)>,
    /// For each key, its place among the pairs and whether the map states it itself.
    index: HashMap<String, (usize, bool)>,
}

impl MapBuilder {
    /// Sets a key that the map states. When it did so before, the last one counts and the key comes back.
    pub fn state(&mut self, key: String, value: Value) -> Option<&str> {
        self.put(key, value, true)
    }

    /// Merges the value of `<<`, a map or a list of maps, as Psych does: it overrides what stands before it and not what
    /// follows, and in a list the first map wins. Any other value is a field of that name.
    pub fn merge(&mut self, value: Value) {
        match value {
            Value::Map(pairs) => {
                for (key, value) in pairs {
                    self.put(key, value, false);
                }
            }
            Value::List(items) if items.iter().all(|item| matches!(item, Value::Map(_))) => {
                items.into_iter().rev().for_each(|item| self.merge(item));
            }
            other => {
                self.put("<<".to_owned(), other, false);
            }
        }
    }

    /// The pairs, in the order in which their keys first stood.
    #[must_use]
    pub fn into_pairs(self) -> Vec<(String, Value)> {
        self.pairs
    }

    fn put(&mut self, key: String, value: Value, states: bool) -> Option<&str> {
        match self.index.entry(key) {
            Entry::Occupied(entry) => {
                let (at, is_stated) = entry.into_mut();
                let twice = states && std::mem::replace(is_stated, *is_stated || states);
                let pair = self.pairs.get_mut(*at)?;
                pair.1 = value;
                twice.then_some(pair.0.as_str())
            }
            Entry::Vacant(entry) => {
                self.pairs.push((entry.key().clone(), value));
                entry.insert((self.pairs.len() - 1, states));
                None
            }
        }
    }
}
