//! From blocks to the whole tree: spans, attributes, ids, line breaks.

use super::spans::{self, Set};
use super::tree::{Kind, Level, Node};
use super::{Document, abbreviations, ids};

/// Reads the spans of `root` and of the notes, when everything is known that they may refer to.
pub(super) fn finish(document: &mut Document, root: &mut Node) {
    fill(document, root);
    abbreviations::mark(document, root);
    for n in 0..document.notes.len() {
        let Some(mut content) =
            document.notes.get_mut(n).map(|note| std::mem::replace(&mut note.content, Node::new(Kind::Root)))
        else {
            continue;
        };
        fill(document, &mut content);
        abbreviations::mark(document, &mut content);
        if let Some(note) = document.notes.get_mut(n) {
            note.content = content;
        }
    }
    let prefix = if document.options.auto_ids { Some(document.options.auto_id_prefix.as_str()) } else { None };
    let end = if document.options.hard_wrap { "\n" } else { "\\\n" };
    complete(root, &mut prefix.map(ids::Github::new), end);
}

fn fill(document: &mut Document, node: &mut Node) {
    let children = std::mem::take(&mut node.children);
    node.children.reserve(children.len());
    // Boundaries between blank lines leave one run of them.
    let mut follows_blank = false;
    for mut child in children {
        match &mut child.kind {
            Kind::Source(text) => {
                let text = std::mem::take(text);
                node.children.extend(spans::parse(document, &text, Set::All));
                follows_blank = false;
            }
            Kind::Boundary(_) => {}
            Kind::Blank(lines) => {
                if let Some(Node { kind: Kind::Blank(before), .. }) = node.children.last_mut().filter(|_| follows_blank)
                {
                    before.push_str(lines);
                } else {
                    node.children.push(child);
                }
                follows_blank = true;
            }
            _ => {
                fill(document, &mut child);
                if let Some(list) = &child.list {
                    document.apply(list, &mut child.attributes);
                }
                name(&mut child);
                node.children.push(child);
                follows_blank = false;
            }
        }
    }
}

fn name(node: &mut Node) {
    let text = match &node.kind {
        Kind::Heading { .. } | Kind::Term(_) => ids::text(node),
        _ => return,
    };
    match &mut node.kind {
        Kind::Heading { text: own, .. } | Kind::Term(own) => *own = text,
        _ => {}
    }
}

/// Ids of headings, and the line breaks that this `end` of a line makes. HTML is left alone.
fn complete(node: &mut Node, ids: &mut Option<ids::Github>, end: &str) {
    let is_block = is_block(node);
    let children = std::mem::take(&mut node.children);
    let count = children.len();
    for (n, mut child) in children.into_iter().enumerate() {
        match &child.kind {
            Kind::Text(text) if text.contains(end) => {
                break_lines(text, end, is_block && n + 1 == count, &mut node.children)
            }
            Kind::Html { .. } => node.children.push(child),
            Kind::Heading { text, .. } if ids.is_some() && child.attributes.get("id").is_none() => {
                let id = ids.as_mut().map(|ids| ids.next(text)).unwrap_or_default();
                child.attributes.set("id", id);
                node.children.push(child);
            }
            _ => {
                complete(&mut child, ids, end);
                node.children.push(child);
            }
        }
    }
}

fn break_lines(text: &str, end: &str, is_last: bool, out: &mut Vec<Node>) {
    let lines: Vec<&str> = text.split(end).collect();
    let breaks = lines.len() - 1;
    let omits_last = is_last && lines.last().is_some_and(|line| line.is_empty());
    for (n, line) in lines.iter().enumerate() {
        out.push(Node::new(Kind::Text(if n > 0 { format!("\n{line}") } else { (*line).to_owned() })));
        if n < breaks && !(omits_last && n + 1 == breaks) {
            out.push(Node::new(Kind::Break));
        }
    }
}

fn is_block(node: &Node) -> bool {
    match &node.kind {
        Kind::Html { level, .. } | Kind::Comment(_, level) | Kind::Math(_, level) => *level == Level::Block,
        Kind::Paragraph { .. }
        | Kind::Heading { .. }
        | Kind::Quote
        | Kind::Item
        | Kind::Term(_)
        | Kind::Definition
        | Kind::Cell => true,
        _ => false,
    }
}
