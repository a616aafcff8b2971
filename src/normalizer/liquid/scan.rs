//! Words of the markup between Liquid's braces, read as laxly as Ruby's Liquid reads them.

use crate::model::Value;

/// What is left to be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scan<'s>(pub(super) &'s str);

impl<'s> Scan<'s> {
    pub(super) fn is_at_end(self) -> bool {
        self.0.trim_start().is_empty()
    }

    /// Takes a text if it comes next, white space before it apart.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let rest = self.0.trim_start().strip_prefix(text);
        if let Some(rest) = rest {
            self.0 = rest;
        }
        rest.is_some()
    }

    /// Takes a whole word if it comes next.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let before = *self;
        let found = self.name() == word;
        if !found {
            *self = before;
        }
        found
    }

    /// Letters, digits, `_` and `-`; empty where something else comes next.
    pub(super) fn name(&mut self) -> &'s str {
        self.0 = self.0.trim_start();
        self.take(self.0.find(|c: char| !is_of_name(c)).unwrap_or(self.0.len()))
    }

    /// A quoted text, a range in parentheses, or what stands before white space, `,` or `|`; where a comparison is read,
    /// also before its operator.
    pub(super) fn fragment(&mut self, compares: bool) -> &'s str {
        self.0 = self.0.trim_start();
        let quoted = self.0.chars().next().filter(|c| matches!(c, '"' | '\''));
        if let Some(end) = quoted.and_then(|quote| self.0.get(1..)?.find(quote)) {
            return self.take(end + 2);
        }
        let (mut quote, mut depth) = (None, 0_u32);
        let mut end = self.0.len();
        for (at, c) in self.0.char_indices() {
            match (quote, c) {
                (Some(open), c) => quote = Some(open).filter(|open| *open != c),
                // A quote that nothing closes is a character like any other.
                (None, '"' | '\'') if self.0.get(at + 1..).is_some_and(|rest| rest.contains(c)) => quote = Some(c),
                (None, '(' | '[') => depth += 1,
                (None, ')' | ']') => depth = depth.saturating_sub(1),
                (None, ',' | '|') => end = at,
                (None, '=' | '!' | '<' | '>') if compares && depth == 0 => end = at,
                (None, c) if c.is_whitespace() && depth == 0 => end = at,
                _ => {}
            }
            if end == at {
                break;
            }
        }
        self.take(end)
    }

    /// Everything before a character that stands outside quotes; all of it where there is none.
    pub(super) fn until(&mut self, stop: char) -> &'s str {
        let mut quote = None;
        let end = self.0.char_indices().find(|&(at, c)| {
            match (quote, c) {
                (Some(open), c) => quote = Some(open).filter(|open| *open != c),
                (None, '"' | '\'') if self.0.get(at + 1..).is_some_and(|rest| rest.contains(c)) => quote = Some(c),
                (None, c) => return c == stop,
            }
            false
        });
        self.take(end.map_or(self.0.len(), |(at, _)| at))
    }

    /// A quoted text in which a backslash stands before its quote, as parameters of includes have it.
    pub(super) fn escaped(&mut self) -> Option<Value> {
        let text = self.0.trim_start();
        let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let mut value = String::new();
        let mut characters = text.char_indices().skip(1).peekable();
        while let Some((at, c)) = characters.next() {
            let escapes = c == '\\' && characters.peek().is_some_and(|(_, next)| *next == quote);
            if escapes {
                value.extend(characters.next().map(|(_, c)| c));
            } else if c == quote {
                self.0 = text.get(at + 1..).unwrap_or_default();
                return Some(Value::String(value));
            } else {
                value.push(c);
            }
        }
        None
    }

    /// As many bytes.
    pub(super) fn take(&mut self, bytes: usize) -> &'s str {
        let (taken, rest) = self.0.split_at_checked(bytes).unwrap_or((self.0, ""));
        self.0 = rest;
        taken
    }
}

pub(super) fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}
