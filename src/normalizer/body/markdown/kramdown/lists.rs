//! Ordered and unordered lists, and the lists of tasks that GFM makes of them.

use super::attributes;
use super::blocks::{Blocks, text_line};
use super::cursor::{Cursor, head, is_space, skip_space, tail};
use super::lines::{self, Marker};
use super::tree::{AttributeList, Boundary, Kind, Node};

const UNCHECKED: &str = r#"<input type="checkbox" class="task-list-item-checkbox" disabled="disabled" />"#;
const CHECKED: &str =
    r#"<input type="checkbox" class="task-list-item-checkbox" disabled="disabled" checked="checked" />"#;

/// An item before its blocks are read.
struct Item {
    list: AttributeList,
    /// The lists inside begin a text of their own, so that they need no blank line before them.
    texts: Vec<String>,
}

impl Blocks<'_> {
    pub(super) fn list(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        let Some((marker, _)) = lines::list_marker(source.rest(), 3) else { return false };
        let mut list = self.node(Kind::List { ordered: marker == Marker::Number });
        let (items, ended) = items(source, marker);
        let mut trailing = None;
        for (n, item) in items.iter().enumerate() {
            let mut node = Node::new(Kind::Item);
            for text in &item.texts {
                self.parse(&mut Cursor::new(text), &mut node);
            }
            node.list = Some(Box::new(item.list.clone()));
            if !node.children.is_empty() {
                let is_last = n + 1 == items.len();
                tighten(&mut node, is_last, &list.children, ended);
                trailing = node.children.pop_if(|last| last.is_blank());
            }
            list.children.push(node);
        }
        mark_tasks(&mut list);
        tree.children.push(list);
        tree.children.extend(trailing.filter(|_| !ended));
        true
    }
}

/// The items of a list, and whether a boundary ends it.
fn items(source: &mut Cursor<'_>, marker: Marker) -> (Vec<Item>, bool) {
    let mut items: Vec<Item> = Vec::new();
    let mut depth = 0;
    let mut spaces = 3;
    let mut nests = false;
    let mut after_blank = false;
    while !source.is_at_end() {
        let rest = source.rest();
        if after_blank && lines::rule(rest).is_some() {
            break;
        }
        if let Some(length) = lines::boundary(rest) {
            source.skip(length);
            return (items, true);
        }
        if let Some((_, length)) = lines::list_marker(rest, spaces).filter(|&(found, _)| found == marker) {
            let line = source.take_line();
            let first = FirstLine::read(length, tail(line, length));
            depth = first.depth;
            spaces = first.spaces();
            nests = lines::starts_list(&first.text);
            after_blank = false;
            items.push(Item { list: first.list, texts: vec![first.text] });
            continue;
        }
        let Some(item) = items.last_mut() else { break };
        if let Some(line) = continuation(rest, depth, after_blank) {
            source.skip(line.len());
            item.push_line(line, depth, &mut nests);
            after_blank = false;
        } else if let Some(length) = lines::blank(rest) {
            source.skip(length);
            item.push(head(rest, length));
            nests = true;
            after_blank = true;
        } else {
            break;
        }
    }
    (items, false)
}

impl Item {
    fn push(&mut self, text: &str) {
        if let Some(last) = self.texts.last_mut() {
            last.push_str(text);
        }
    }

    fn push_line(&mut self, line: &str, depth: usize, nests: &mut bool) {
        let (line, is_inside) = inside(line, depth);
        let starts_list = lines::starts_list(&line);
        if starts_list && is_inside && !*nests {
            self.texts.push(String::new());
            *nests = true;
        } else if starts_list && !is_inside && *nests {
            // A lazy line is no item of the list inside.
            self.push(&" ".repeat(depth + 4));
        }
        self.push(&line);
    }
}

/// `line` without the indentation of the item that it belongs to, and whether it had it.
pub(super) fn inside(line: &str, depth: usize) -> (String, bool) {
    let text = line.trim_start_matches('\t');
    let line = format!("{}{text}", "    ".repeat(line.len() - text.len()));
    let is_inside = line.len() >= depth && line.bytes().take(depth).all(|b| b == b' ');
    (if is_inside { tail(&line, depth).to_owned() } else { line }, is_inside)
}

/// The line that `rest` begins with, if it goes on with an item whose text is at column `depth`.
pub(super) fn continuation(rest: &str, depth: usize, after_blank: bool) -> Option<&str> {
    let line = head(rest, text_line(rest)?);
    let is_lazy = || {
        let spaces = line.bytes().take(depth.min(3)).take_while(|&b| b == b' ').count();
        let text = tail(rest, spaces);
        !(lines::is_block_html(text) || text.starts_with("{:") && lines::attribute_list(text).is_some())
    };
    (is_indented(line, depth) || !after_blank && is_lazy()).then_some(line)
}

/// Whether tabs and spaces of `line` reach column `depth`, as kramdown counts them.
fn is_indented(line: &str, depth: usize) -> bool {
    let mut rest = line;
    for _ in 0..depth / 4 {
        let Some(length) = lines::indentation(rest) else { return false };
        rest = tail(rest, length);
    }
    let spaces = rest.bytes().take_while(|&b| b == b' ').count();
    spaces >= depth % 4 || lines::indentation(rest).is_some()
}

/// What stands behind a marker.
pub(super) struct FirstLine {
    pub(super) text: String,
    pub(super) list: AttributeList,
    /// The column at which the text begins.
    pub(super) depth: usize,
}

impl FirstLine {
    pub(super) fn read(marker: usize, content: &str) -> Self {
        let mut list = AttributeList::default();
        let (after_list, has_list) = match leading_list(content) {
            Some((inside, after)) => {
                attributes::read(inside, &mut list);
                (after, true)
            }
            None => (content, false),
        };
        if skip_space(after_list).is_empty() {
            return Self { text: String::new(), list, depth: 4 };
        }
        let blanks = content.len() - content.trim_start_matches([' ', '\t']).len();
        let mut depth = marker;
        for b in head(content, blanks).bytes() {
            depth += if b == b'\t' { 4 - depth % 4 } else { 1 };
        }
        let text = if has_list { after_list } else { skip_space(content) };
        Self { text: text.to_owned(), list, depth }
    }

    /// The most spaces before the next marker.
    pub(super) fn spaces(&self) -> usize {
        self.depth.clamp(1, 4) - 1
    }
}

/// An attribute list at the start of `text`, and what follows it and white space.
pub(super) fn leading_list(text: &str) -> Option<(&str, &str)> {
    let inside = skip_space(text).strip_prefix("{:")?;
    let named = attributes::name(inside).unwrap_or(0);
    if inside.starts_with('/') || tail(inside, named).starts_with(':') {
        return None;
    }
    let end = lines::closing_brace(inside).filter(|&end| end > 0)?;
    Some((head(inside, end), skip_space(tail(inside, end + 1))))
}

/// Makes the first paragraph transparent, unless blank lines say that it is one.
fn tighten(item: &mut Node, is_last: bool, before: &[Node], ended: bool) {
    let [first, following @ ..] = item.children.as_slice() else { return };
    let second = following.first();
    let after_list = matches!(second, Some(Node { kind: Kind::Boundary(_), .. })) && first.list.is_some();
    if first.is_paragraph() && after_list {
        item.children.remove(1);
    }
    let [first, following @ ..] = item.children.as_mut_slice() else { return };
    let has_space = following.first().is_some_and(|second| second.is_blank());
    let is_open = !has_space || is_last && following.len() == 1 && !ended;
    let is_tight = |item: &Node| {
        let first = item.children.first();
        !matches!(first, Some(Node { kind: Kind::Paragraph { transparent: false }, .. }))
    };
    if first.is_paragraph() && is_open && (!is_last || before.is_empty() || before.iter().any(is_tight)) {
        if !following.is_empty()
            && !has_space
            && let Some(text) = first.first_source()
        {
            text.push('\n');
        }
        first.kind = Kind::Paragraph { transparent: true };
    }
}

fn mark_tasks(list: &mut Node) {
    let mut has_tasks = false;
    for item in &mut list.children {
        let Some(text) = item.children.first_mut().filter(|first| first.is_paragraph()).and_then(Node::first_source)
        else {
            continue;
        };
        if let Some((mark, after)) = task(text) {
            *text = format!("{mark}{after}");
            has_tasks = true;
        }
        if has_tasks {
            item.attributes.set("class", "task-list-item");
        }
    }
    if has_tasks {
        list.attributes.set("class", "task-list");
    }
}

fn task(text: &str) -> Option<(&'static str, &str)> {
    let text = skip_space(text);
    let mark = if text.starts_with("[ ]") { UNCHECKED } else { CHECKED };
    let after = text.strip_prefix("[ ]").or_else(|| text.strip_prefix("[x]")).or_else(|| text.strip_prefix("[X]"))?;
    after.starts_with(is_space).then_some((mark, skip_space(after)))
}

/// Whether an attribute list may follow a boundary and be meant for what was defined before it.
pub(super) fn is_definition(boundary: &Boundary) -> bool {
    matches!(boundary, Boundary::Link(_) | Boundary::Abbreviation(_) | Boundary::Note(_))
}
