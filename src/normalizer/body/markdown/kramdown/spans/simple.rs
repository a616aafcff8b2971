//! Code, math, references to characters, typographic symbols, escapes and line breaks.

use std::borrow::Cow;

use super::Spans;
use crate::normalizer::body::markdown::kramdown::cursor::{head, is_space, tail, trim};
use crate::normalizer::body::markdown::kramdown::tree::{Kind, Level, Node, push_text};
use crate::normalizer::body::markdown::kramdown::{entities, quotes};

/// What is written, the characters that it becomes, and kramdown's name of it; the longer ones first.
const SYMBOLS: [(&str, &str, &str); 9] = [
    ("---", "—", "mdash"),
    ("--", "–", "ndash"),
    ("...", "…", "hellip"),
    ("\\<<", "<<", ""),
    ("\\>>", ">>", ""),
    ("<< ", "«\u{A0}", "laquo_space"),
    (" >>", "\u{A0}»", "raquo_space"),
    ("<<", "«", "laquo"),
    (">>", "»", "raquo"),
];

impl Spans<'_, '_> {
    pub(super) fn code(&mut self, out: &mut Vec<Node>) -> bool {
        let rest = self.source.rest();
        let length = rest.bytes().take_while(|&b| b == b'`').count();
        let (marks, after) = (head(rest, length), tail(rest, length));
        let before = self.source.before();
        let stands_alone =
            length == 1 && (before.is_empty() || before.ends_with(is_space)) && after.starts_with(is_space);
        let end = if stands_alone || !self.document.has_fuel() {
            None
        } else {
            memchr::memmem::find(after.as_bytes(), marks.as_bytes())
        };
        let Some(end) = end else {
            self.document.spend(after.len());
            self.push_source(length, out);
            return true;
        };
        let mut code = head(after, end);
        if length > 1 {
            code = code.strip_prefix(' ').unwrap_or(code);
            code = code.strip_suffix(' ').unwrap_or(code);
        }
        out.push(Node::new(Kind::CodeSpan(code.to_owned())));
        self.source.skip(length + end + length);
        true
    }

    pub(super) fn math(&mut self, out: &mut Vec<Node>) -> bool {
        let Some(inside) = self.source.rest().strip_prefix("$$").filter(|_| self.document.has_fuel()) else {
            return false;
        };
        let Some(end) = memchr::memmem::find(inside.as_bytes(), b"$$") else {
            self.document.spend(inside.len());
            return false;
        };
        out.push(Node::new(Kind::Math(trim(head(inside, end)).to_owned(), Level::Span)));
        self.source.skip(end + 4);
        true
    }

    pub(super) fn entity(&mut self, out: &mut Vec<Node>) -> bool {
        let Some((shown, meant, length)) = entities::read(self.source.rest()) else { return false };
        out.push(Node::new(Kind::Entity { shown, meant }));
        self.source.skip(length);
        true
    }

    pub(super) fn quotes(&mut self, out: &mut Vec<Node>) -> bool {
        let rest = self.source.rest();
        let mut chars = rest.chars();
        let starts = match chars.next() {
            Some('"' | '\'') => true,
            Some('\\') | None => false,
            Some(_) => matches!(chars.next(), Some('"' | '\'')),
        };
        let Some(found) = starts.then(|| quotes::read(rest)).flatten() else { return false };
        push_text(out, head(rest, found.before));
        let options = &self.document.options;
        out.extend(
            found.quotes.into_iter().flatten().map(|quote| Node::new(Kind::Symbol(options.quote(quote).clone()))),
        );
        self.source.skip(found.length);
        true
    }

    pub(super) fn symbol(&mut self, out: &mut Vec<Node>) -> bool {
        let rest = self.source.rest();
        let Some((written, meant, name)) = SYMBOLS.iter().find(|(written, ..)| rest.starts_with(written)) else {
            return false;
        };
        if written.starts_with('\\') {
            for c in meant.chars() {
                let shown = if c == '<' { "&lt;" } else { "&gt;" };
                out.push(Node::new(Kind::Entity { shown: shown.to_owned(), meant: Some(c) }));
            }
        } else {
            let own = self.document.options.symbols.iter().find(|(own, _)| own == name);
            out.push(Node::new(Kind::Symbol(own.map_or(Cow::Borrowed(*meant), |(_, shown)| shown.clone().into()))));
        }
        self.source.skip(written.len());
        true
    }

    pub(super) fn line_break(&mut self, out: &mut Vec<Node>) -> bool {
        let rest = self.source.rest();
        if self.document.options.hard_wrap || !rest.starts_with("  \n") && !rest.starts_with("\\\\\n") {
            return false;
        }
        out.push(Node::new(Kind::Break));
        self.source.skip(2);
        true
    }

    pub(super) fn escaped(&mut self, out: &mut Vec<Node>) -> bool {
        let Some(c) = tail(self.source.rest(), 1).chars().next().filter(|&c| is_escapable(c)) else { return false };
        self.source.skip(1);
        self.push_source(c.len_utf8(), out);
        true
    }
}

pub(super) fn is_escapable(c: char) -> bool {
    matches!(
        c,
        '\\' | '.'
            | '*'
            | '_'
            | '+'
            | '`'
            | '<'
            | '>'
            | '('
            | ')'
            | '['
            | ']'
            | '{'
            | '}'
            | '#'
            | '!'
            | ':'
            | '|'
            | '"'
            | '\''
            | '$'
            | '='
            | '-'
            | '~'
    )
}
