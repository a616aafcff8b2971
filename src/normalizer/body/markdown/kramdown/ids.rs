//! Ids of headings: kramdown-parser-gfm's, and kramdown's own where that one does not reach.

use std::collections::HashMap;

use super::tree::{Kind, Node};
use crate::normalizer::body::markdown::headings;

/// The text of a heading that ids are made of: pictures and footnotes have no part in it.
pub(super) fn text(node: &Node) -> String {
    let mut text = String::new();
    push(node, &mut text);
    text
}

fn push(node: &Node, text: &mut String) {
    match &node.kind {
        Kind::Text(own) | Kind::CodeSpan(own) | Kind::Math(own, _) => text.push_str(own),
        Kind::Entity { meant, .. } => text.extend(*meant),
        Kind::Symbol(symbol) => text.push_str(symbol),
        _ => node.children.iter().for_each(|child| push(child, text)),
    }
}

/// As on GitHub: `generate_gfm_header_id`.
pub(super) struct Github {
    prefix: String,
    seen: HashMap<String, usize>,
}

impl Github {
    pub(super) fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned(), seen: HashMap::new() }
    }

    pub(super) fn next(&mut self, text: &str) -> String {
        let id = headings::slug(text);
        let count = self.seen.entry(id.clone()).or_default();
        *count += 1;
        let suffix = if *count == 1 { String::new() } else { format!("-{}", *count - 1) };
        format!("{}{id}{suffix}", self.prefix)
    }
}

/// kramdown's own, for headings inside HTML: `generate_id`.
#[derive(Default)]
pub(super) struct Own {
    seen: HashMap<String, usize>,
}

impl Own {
    pub(super) fn next(&mut self, text: &str, prefix: &str) -> String {
        let mut id = own(text);
        if id.is_empty() {
            "section".clone_into(&mut id);
        }
        if let Some(count) = self.seen.get_mut(&id) {
            *count += 1;
            id = format!("{id}-{count}");
        } else {
            self.seen.insert(id.clone(), 0);
        }
        format!("{prefix}{id}")
    }
}

/// Latin letters, digits and `-` from the first letter of each line on: `basic_generate_id`.
pub(super) fn own(text: &str) -> String {
    let lines = text.split('\n').map(|line| line.trim_start_matches(|c: char| !c.is_ascii_alphabetic()));
    let kept = lines.flat_map(str::chars).filter(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}
