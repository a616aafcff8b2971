//! The table of contents that replaces a list with `{:toc}`.

use super::tree::{Kind, Node};
use super::write::{Place, Writer};

/// A heading.
pub(super) struct Entry {
    pub(super) level: u8,
    pub(super) id: String,
    pub(super) children: Vec<Node>,
}

/// What a heading says, without footnotes and without the links around its parts.
pub(super) fn entry(children: &[Node]) -> Vec<Node> {
    let mut entry = Vec::with_capacity(children.len());
    for child in children {
        match child.kind {
            Kind::NoteMark(_) => {}
            Kind::Link => entry.extend(self::entry(&child.children)),
            _ => {
                let mut copy = Node { children: Vec::new(), ..child.clone() };
                copy.children = self::entry(&child.children);
                entry.push(copy);
            }
        }
    }
    entry
}

impl Writer<'_> {
    /// The table as HTML; nothing where there is no heading.
    pub(super) fn toc(&mut self) -> String {
        let headings = std::mem::take(&mut self.headings);
        let Some(place) = self.place_of_toc.as_ref().filter(|_| !headings.is_empty()) else { return String::new() };
        let list = tree(headings, place);
        let text = std::mem::take(&mut self.html);
        self.container(if place_is_ordered(&list) { "ol" } else { "ul" }, &list, 0);
        std::mem::replace(&mut self.html, text)
    }
}

fn place_is_ordered(list: &Node) -> bool {
    matches!(list.kind, Kind::List { ordered: true })
}

fn tree(headings: Vec<Entry>, place: &Place) -> Node {
    let kind = Kind::List { ordered: place.ordered };
    let mut list = Node::new(kind.clone());
    list.attributes = place.attributes.clone();
    if list.attributes.get("id").is_none() {
        list.attributes.set("id", "markdown-toc");
    }
    let prefix = list.attributes.get("id").unwrap_or_default().to_owned();
    // The items that are open, the outermost first: none of them is deeper than the one before.
    let mut open: Vec<(u8, Node)> = Vec::new();
    for heading in headings {
        while let Some((_, item)) = open.pop_if(|(level, _)| *level >= heading.level) {
            attach(item, &kind, open.last_mut().map(|(_, parent)| parent), &mut list);
        }
        let mut link = Node::with(Kind::Link, heading.children);
        link.attributes.set("href", format!("#{}", heading.id));
        link.attributes.set("id", format!("{prefix}-{}", heading.id));
        let paragraph = Node::with(Kind::Paragraph { transparent: true }, vec![link]);
        open.push((heading.level, Node::with(Kind::Item, vec![paragraph])));
    }
    while let Some((_, item)) = open.pop() {
        attach(item, &kind, open.last_mut().map(|(_, parent)| parent), &mut list);
    }
    list
}

/// Puts `item` into the list inside `parent`, else into `list`.
fn attach(item: Node, kind: &Kind, parent: Option<&mut Node>, list: &mut Node) {
    let Some(parent) = parent else {
        list.children.push(item);
        return;
    };
    match parent.children.last_mut() {
        Some(Node { kind: Kind::List { .. }, children, .. }) => children.push(item),
        _ => parent.children.push(Node::with(kind.clone(), vec![item])),
    }
}
