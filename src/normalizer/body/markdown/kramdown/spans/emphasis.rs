//! `*emphasis*`, `__strong__` and `~~deleted~~`.

use super::{Open, Set, Spans, Stop};
use crate::normalizer::body::markdown::kramdown::cursor::{head, is_space, tail};
use crate::normalizer::body::markdown::kramdown::tree::{Kind, Level, Model, Node};

impl Spans<'_, '_> {
    pub(super) fn emphasis(&mut self, out: &mut Vec<Node>) -> bool {
        let rest = self.source.rest();
        let mark = head(rest, 1);
        let length = if tail(rest, 1).starts_with(mark) { 2 } else { 1 };
        let after = tail(rest, length);
        let element = if length == 2 { Open::Strong } else { Open::Emphasis };
        let is_text = mark == "_" && follows_letter(self.source.before())
            || after.starts_with(is_space)
            || self.is_in(element)
            || !self.may_open()
            || !mark.chars().all(|mark| self.document.finds(mark, after));
        if is_text {
            self.push_source(length, out);
            return true;
        }
        let start = self.source.at();
        self.source.skip(length);
        let mut found = self.emphasized(head(rest, length), element);
        if found.is_none() && length == 2 && self.open.last() != Some(&Open::Emphasis) {
            self.source.go_to(start + 1);
            found = self.emphasized(mark, Open::Emphasis);
        }
        if let Some(node) = found {
            out.push(node);
        } else {
            self.source.go_to(start);
            self.push_source(length, out);
        }
        true
    }

    /// The element up to the next `delimiter` that may end it, which is passed.
    fn emphasized(&mut self, delimiter: &str, element: Open) -> Option<Node> {
        let mut ends = |spans: &Spans<'_, '_>, children: &[Node]| {
            let rest = spans.source.rest();
            let after = tail(rest, delimiter.len());
            let is_strong = || after.starts_with(delimiter) && !tail(after, delimiter.len()).starts_with(delimiter);
            !spans.source.before().ends_with(is_space)
                && (element != Open::Emphasis || !is_strong())
                && (!delimiter.starts_with('_') || !after.starts_with(char::is_alphanumeric))
                && !children.is_empty()
        };
        let kind = if element == Open::Strong { Kind::Strong } else { Kind::Emphasis };
        let mut node = Node::new(kind);
        let found = self.content(element, Set::All, Stop::Mark(delimiter), &mut ends, &mut node.children);
        if found {
            self.source.skip(delimiter.len());
        }
        found.then_some(node)
    }

    pub(super) fn strikethrough(&mut self, out: &mut Vec<Node>) -> bool {
        let Some(inside) = self.source.rest().strip_prefix("~~") else { return false };
        if inside.starts_with(|c| is_space(c) || c == '~') || !self.may_open() {
            return false;
        }
        let ends = |&at: &usize| head(inside, at).chars().next_back().is_some_and(|c| !is_space(c) && c != '~');
        let Some(end) = memchr::memmem::find_iter(inside.as_bytes(), "~~").find(ends) else {
            self.document.spend(inside.len());
            return false;
        };
        let depth = self.depth + self.open.len() + 1;
        let mut node =
            Node::new(Kind::Html { name: "del".to_owned(), level: Level::Span, model: Model::Span, closed: false });
        let mut spans = Spans::new(self.document, head(inside, end), depth);
        spans.parse(Set::All, Stop::Never, &mut |_, _| true, &mut node.children);
        self.source.skip(end + 4);
        out.push(node);
        true
    }
}

/// Whether an underscore stands inside a word.
fn follows_letter(before: &str) -> bool {
    let word = before.strip_suffix('-').unwrap_or(before);
    word.ends_with(char::is_alphabetic)
}
