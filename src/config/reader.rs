//! Typed access to the values of one table; what a value means is checked here, and told at its place.

use super::error::Report;
use super::keys::Key;
use super::settings::{Setting, Values, Written};

/// One table of settings, whose shapes have been checked.
pub(super) struct Reader<'a, 'r> {
    pub(super) values: &'a Values,
    pub(super) report: &'r mut Report,
}

impl<'a> Reader<'a, '_> {
    /// The setting of a key, as written.
    pub(super) fn get(&self, path: &str) -> Option<&'a Setting> {
        debug_assert!(Key::find(path).is_some(), "{path} is in the table of keys");
        self.values.get(path)
    }

    /// A string as it was written.
    pub(super) fn text(&self, path: &str) -> Option<&'a str> {
        match &self.get(path)?.written {
            Written::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A string made into something; the error goes on after the key's name.
    pub(super) fn parse<T>(&mut self, path: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(path)?;
        self.accept(path, parse(text))
    }

    /// The value, where there is one; else its problem is reported where the key was written.
    pub(super) fn accept<T>(&mut self, path: &str, value: Result<T, String>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(problem) => {
                self.problem(path, &problem);
                None
            }
        }
    }

    /// Reports what is wrong with a value, where its key was written.
    pub(super) fn problem(&mut self, path: &str, problem: &str) {
        let message = format!("`{path}`: {problem}");
        match self.get(path) {
            Some(setting) => self.report.add(&setting.origin, &message),
            None => self.report.add_general(message),
        }
    }

    /// A list, or the one string that stands for it, each made into something and each problem reported at its item.
    pub(super) fn list<T>(&mut self, path: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<Vec<T>> {
        let setting = self.get(path)?;
        let items = match &setting.written {
            Written::List(items) => items.as_slice(),
            Written::Text(_) => std::slice::from_ref(setting),
            _ => return None,
        };
        let mut list = Vec::with_capacity(items.len());
        for item in items {
            let Written::Text(text) = &item.written else { continue };
            match parse(text) {
                Ok(value) => list.push(value),
                Err(problem) => self.report.add(&item.origin, &format!("`{path}`: {problem}")),
            }
        }
        Some(list)
    }

    /// A boolean.
    pub(super) fn bool(&self, path: &str) -> Option<bool> {
        match self.get(path)?.written {
            Written::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// A whole number of at least 0.
    pub(super) fn count(&self, path: &str) -> Option<usize> {
        match self.get(path)?.written {
            Written::Int(number) => usize::try_from(number).ok(),
            _ => None,
        }
    }
}
