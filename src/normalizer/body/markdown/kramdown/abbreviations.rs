//! Abbreviations, marked wherever their text is a word.

use std::collections::HashMap;

use super::Document;
use super::cursor::{head, tail};
use super::tree::{Kind, Node};

/// Marks what the text says of abbreviations in `root`.
pub(super) fn mark(document: &Document, root: &mut Node) {
    if document.abbreviations.is_empty() {
        return;
    }
    let mut known: HashMap<char, Vec<&str>> = HashMap::new();
    for text in document.abbreviations.keys() {
        if let Some(first) = text.chars().next() {
            known.entry(first).or_default().push(text);
        }
    }
    for texts in known.values_mut() {
        texts.sort_unstable_by_key(|text| std::cmp::Reverse(text.len()));
    }
    Marker { document, known }.mark(root);
}

struct Marker<'d> {
    document: &'d Document,
    /// By their first character, the longest first.
    known: HashMap<char, Vec<&'d str>>,
}

impl Marker<'_> {
    fn mark(&self, node: &mut Node) {
        let is_raw = node.is_raw_html();
        for child in std::mem::take(&mut node.children) {
            match child {
                Node { kind: Kind::Text(text), .. } if !is_raw => self.split(&text, &mut node.children),
                mut child => {
                    self.mark(&mut child);
                    node.children.push(child);
                }
            }
        }
    }

    fn split(&self, text: &str, out: &mut Vec<Node>) {
        let mut start = 0;
        let mut next = 0;
        let mut before = None;
        while let Some(c) = tail(text, next).chars().next() {
            let begins = next == start || !before.is_some_and(is_word);
            let found = if begins { self.at(c, tail(text, next)) } else { None };
            let Some(abbreviation) = found else {
                before = Some(c);
                next += c.len_utf8();
                continue;
            };
            out.push(Node::new(Kind::Text(tail(head(text, next), start).to_owned())));
            out.push(Node::new(Kind::Abbreviation(abbreviation.to_owned())));
            next += abbreviation.len();
            start = next;
            before = abbreviation.chars().next_back();
        }
        out.push(Node::new(Kind::Text(tail(text, start).to_owned())));
    }

    /// The longest abbreviation that `text` begins with, if one of them is a word there.
    fn at(&self, first: char, text: &str) -> Option<&str> {
        let known = self.known.get(&first)?;
        if !self.document.spend(known.len()) {
            return None;
        }
        let mut found = known.iter().filter(|known| text.starts_with(**known)).peekable();
        let longest = **found.peek()?;
        let is_marked = found.any(|known| !tail(text, known.len()).starts_with(is_word));
        // Each mark has the title again.
        let title = self.document.abbreviations.get(longest).map_or(0, |abbreviation| abbreviation.title.len());
        (is_marked && self.document.spend(title)).then_some(longest)
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
