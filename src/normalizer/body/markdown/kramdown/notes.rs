//! Footnotes: numbered by their first mark, collected at the end, with a way back.

use std::collections::HashMap;

use super::tree::{Kind, Node};
use super::write::Writer;

/// The notes that marks were written for, in the order of their numbers.
#[derive(Default)]
pub(super) struct Notes<'d> {
    used: Vec<Used<'d>>,
    by_name: HashMap<&'d str, usize>,
}

struct Used<'d> {
    name: &'d str,
    content: &'d Node,
    /// Marks after the first.
    repeats: usize,
}

impl<'d> Writer<'d> {
    pub(super) fn note_mark(&mut self, name: &str) {
        let Some(note) = self.document.notes_by_name.get(name).and_then(|&at| self.document.notes.get(at)) else {
            return;
        };
        let next = self.notes.used.len();
        let at = *self.notes.by_name.entry(&note.name).or_insert(next);
        let mut repetition = String::new();
        if at == next {
            self.notes.used.push(Used { name: &note.name, content: &note.content, repeats: 0 });
        } else if let Some(used) = self.notes.used.get_mut(at) {
            used.repeats += 1;
            repetition = format!(":{}", used.repeats);
        }
        let number = self.document.options.footnote_nr + at;
        self.html.push_str(&format!(
            "<sup id=\"fnref:{name}{repetition}\" role=\"doc-noteref\"><a href=\"#fn:{name}\" class=\"footnote\" \
             rel=\"footnote\">{number}</a></sup>"
        ));
    }

    /// The notes as HTML; notes that only notes refer to come last.
    pub(super) fn notes(&mut self) -> String {
        if self.notes.used.is_empty() {
            return String::new();
        }
        let text = std::mem::take(&mut self.html);
        let first = self.document.options.footnote_nr;
        let start = if first == 1 { String::new() } else { format!(" start=\"{first}\"") };
        self.html.push_str(&format!("<div class=\"footnotes\" role=\"doc-endnotes\">\n  <ol{start}>\n"));
        let mut n = 0;
        while let Some(used) = self.notes.used.get(n) {
            let item = item(used, &self.document.options.footnote_backlink);
            self.item("li", &item, 4);
            n += 1;
        }
        self.html.push_str("  </ol>\n</div>\n");
        std::mem::replace(&mut self.html, text)
    }
}

/// `sign` leads back.
fn item(used: &Used<'_>, sign: &str) -> Node {
    let mut item = Node::with(Kind::Item, used.content.children.clone());
    item.attributes.set("id", format!("fn:{}", used.name));
    item.attributes.set("role", "doc-endnote");
    let in_paragraph = item.children.last().is_some_and(Node::is_paragraph);
    if !in_paragraph {
        item.children.push(Node::new(Kind::Paragraph { transparent: false }));
    }
    if let Some(paragraph) = item.children.last_mut().filter(|_| !sign.is_empty()) {
        for n in 0..=used.repeats {
            let space = if n > 0 || in_paragraph { "\u{A0}" } else { "" };
            paragraph.children.push(Node::new(Kind::Raw(format!("{space}{}", way_back(used.name, n, sign)))));
        }
    }
    item
}

fn way_back(name: &str, n: usize, sign: &str) -> String {
    let (repetition, number) =
        if n == 0 { (String::new(), String::new()) } else { (format!(":{n}"), format!("<sup>{}</sup>", n + 1)) };
    format!("<a href=\"#fnref:{name}{repetition}\" class=\"reversefootnote\" role=\"doc-backlink\">{sign}{number}</a>")
}
