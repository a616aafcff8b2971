//! Definition lists.

use super::attributes;
use super::blocks::Blocks;
use super::cursor::{Cursor, head, tail};
use super::lines::{self, Marker};
use super::lists::{FirstLine, continuation, inside, leading_list};
use super::tree::{AttributeList, Kind, Node};

struct Definition {
    list: AttributeList,
    text: String,
    /// Whether a blank line before it makes paragraphs of its text.
    spaced: bool,
}

impl Blocks<'_> {
    /// Terms are the lines of the paragraph before.
    pub(super) fn definitions(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        if !is_definition(source.rest(), 3) || !follows_terms(tree) {
            return false;
        }
        let mut list = self.node(Kind::Definitions);
        let spaced = tree.children.pop_if(|last| last.is_blank()).is_some();
        let Some(mut paragraph) = tree.children.pop() else { return false };
        let terms = paragraph.first_source().map(std::mem::take).unwrap_or_default();
        list.children.extend(terms.split('\n').filter(|term| !term.is_empty()).map(term));
        list.list = paragraph.list.take();
        let mut trailing = None;
        for definition in definitions(source, spaced) {
            let mut node = Node::new(Kind::Definition);
            self.parse(&mut Cursor::new(&definition.text), &mut node);
            node.list = Some(Box::new(definition.list));
            if !node.children.is_empty() {
                trailing = node.children.pop_if(|last| last.is_blank());
                tighten(&mut node, definition.spaced);
            }
            list.children.push(node);
        }
        append(list, tree);
        tree.children.extend(trailing);
        true
    }
}

fn is_definition(rest: &str, spaces: usize) -> bool {
    matches!(lines::list_marker(rest, spaces), Some((Marker::Definition, _)))
}

fn follows_terms(tree: &Node) -> bool {
    match tree.children.as_slice() {
        [.., last] if last.is_paragraph() => true,
        [.., before, Node { kind: Kind::Blank(lines), .. }] => lines == "\n" && before.is_paragraph(),
        _ => false,
    }
}

fn term(text: &str) -> Node {
    let mut list = AttributeList::default();
    let text = match leading_list(text) {
        Some((inside, after)) => {
            attributes::read(inside, &mut list);
            after
        }
        None => text,
    };
    let mut node = Node::with(Kind::Term(String::new()), vec![Node::new(Kind::Source(text.to_owned()))]);
    node.list = Some(Box::new(list));
    node
}

fn definitions(source: &mut Cursor<'_>, mut spaced: bool) -> Vec<Definition> {
    let mut found: Vec<Definition> = Vec::new();
    let mut depth = 0;
    let mut spaces = 3;
    let mut after_blank = false;
    while !source.is_at_end() {
        let rest = source.rest();
        if let Some((_, length)) = lines::list_marker(rest, spaces).filter(|(found, _)| *found == Marker::Definition) {
            let line = source.take_line();
            let first = FirstLine::read(length, tail(line, length));
            depth = first.depth;
            spaces = first.spaces();
            found.push(Definition { list: first.list, text: first.text, spaced });
            spaced = false;
            after_blank = false;
            continue;
        }
        let Some(definition) = found.last_mut().filter(|_| lines::boundary(rest).is_none()) else { break };
        if let Some(line) = continuation(rest, depth, after_blank) {
            source.skip(line.len());
            definition.text.push_str(&inside(line, depth).0);
            spaced = false;
            after_blank = false;
        } else if let Some(length) = lines::blank(rest) {
            source.skip(length);
            definition.text.push_str(head(rest, length));
            spaced = true;
            after_blank = true;
        } else {
            break;
        }
    }
    found
}

fn tighten(definition: &mut Node, spaced: bool) {
    let several = definition.children.len() > 1;
    let Some(first) = definition.children.first_mut().filter(|first| first.is_paragraph() && !spaced) else { return };
    if several && let Some(text) = first.first_source() {
        text.push('\n');
    }
    first.kind = Kind::Paragraph { transparent: true };
}

/// Definitions behind definitions are one list.
fn append(list: Node, tree: &mut Node) {
    let before = match tree.children.as_slice() {
        [.., Node { kind: Kind::Definitions, .. }] => Some(0),
        [.., Node { kind: Kind::Definitions, .. }, Node { kind: Kind::Blank(_), .. }] => Some(1),
        _ => None,
    };
    if let Some(blanks) = before {
        tree.children.truncate(tree.children.len() - blanks);
        if let Some(last) = tree.children.last_mut() {
            last.children.extend(list.children);
            return;
        }
    }
    tree.children.push(list);
}
