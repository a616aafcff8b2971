//! Attribute lists and extensions among blocks and in lines: `{: … }`, `{:name: … }`, `{::comment}`.

use super::Document;
use super::blocks::Blocks;
use super::cursor::{Cursor, head, skip_space, tail};
use super::lists::is_definition;
use super::tree::{AttributeList, Boundary, Kind, Level, Node};
use super::{attributes, lines};

/// `{::name … }` or `{::name … /}`.
struct Start<'t> {
    name: &'t str,
    attributes: &'t str,
    closed: bool,
    length: usize,
}

impl Blocks<'_> {
    pub(super) fn extension(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        let rest = source.rest();
        if let Some((name, inside, length)) = definition(rest) {
            let list = self.document.lists.entry(name.to_owned()).or_default();
            attributes::read(inside, list);
            source.skip(length);
            let node = self.node(Kind::Boundary(Boundary::List));
            tree.children.push(node);
            return true;
        }
        if let Some((inside, length)) = lines::attribute_list(rest) {
            source.skip(length);
            self.attribute_list(inside, source.rest(), tree);
            return true;
        }
        let indent = rest.len() - lines::unindented(rest).len();
        let Some(start) = start(lines::unindented(rest)) else { return false };
        let Some(end) = lines::end_of_line(tail(rest, indent + start.length)) else { return false };
        let mut after = *source;
        after.skip(indent + start.length + end);
        let Some(body) = self.document.block_body(&start, &mut after) else { return false };
        let is_known = match start.name {
            "options" => {
                self.document.set_options(&start);
                tree.children.push(Node::new(Kind::Boundary(Boundary::List)));
                true
            }
            name => push(name, &start, body, Level::Block, &mut tree.children),
        };
        if is_known {
            *source = after;
        }
        is_known
    }

    fn attribute_list(&mut self, inside: &str, rest: &str, tree: &mut Node) {
        let ends = |last: &&mut Node| match &last.kind {
            Kind::Blank(_) => false,
            Kind::Boundary(boundary) => is_definition(boundary),
            _ => true,
        };
        let Some(last) = tree.children.last_mut().filter(ends) else {
            attributes::read(inside, self.list.get_or_insert_default());
            return;
        };
        attributes::read(inside, last.list.get_or_insert_default());
        let defined = match &last.kind {
            Kind::Boundary(boundary) => Some(boundary.clone()),
            _ => None,
        };
        if let Some(boundary) = defined {
            self.document.attach(&boundary, last.list.as_deref());
        }
        if lines::attribute_list(rest).is_none() {
            tree.children.push(Node::new(Kind::Boundary(Boundary::List)));
        }
    }
}

impl Document {
    /// Gives what a boundary defines its attributes.
    pub(super) fn attach(&mut self, boundary: &Boundary, list: Option<&AttributeList>) {
        let Some(list) = list else { return };
        match boundary {
            Boundary::Link(id) => {
                if let Some(link) = self.links.get_mut(id) {
                    link.list = list.clone();
                }
            }
            Boundary::Abbreviation(text) => {
                if let Some(abbreviation) = self.abbreviations.get_mut(text) {
                    abbreviation.list = list.clone();
                }
            }
            _ => {}
        }
    }

    fn set_options(&mut self, start: &Start<'_>) {
        let mut list = AttributeList::default();
        attributes::read(start.attributes, &mut list);
        self.options.set(&list.attributes);
    }

    /// The lines before the end of a block's extension, which is passed.
    fn block_body<'t>(&self, start: &Start<'_>, source: &mut Cursor<'t>) -> Option<&'t str> {
        if start.closed {
            return Some("");
        }
        let body = source.rest();
        let mut at = 0;
        for line in body.split_inclusive('\n').take_while(|_| self.has_fuel()) {
            let stop = stop(lines::unindented(line)).filter(|(name, _)| name.is_empty() || *name == start.name);
            if stop.is_some_and(|(_, length)| lines::end_of_line(tail(lines::unindented(line), length)).is_some()) {
                source.skip(at + line.len());
                return Some(head(body, at).strip_suffix('\n').unwrap_or(head(body, at)));
            }
            at += line.len();
        }
        self.spend(body.len());
        None
    }

    /// The text before the end of an extension in a line, which is passed.
    fn span_body<'t>(&self, start: &Start<'_>, source: &mut Cursor<'t>) -> Option<&'t str> {
        if start.closed {
            return Some("");
        }
        let body = source.rest();
        let stops = memchr::memmem::find_iter(body.as_bytes(), "{:/").take_while(|_| self.has_fuel());
        for at in stops {
            if let Some((name, length)) = stop(tail(body, at))
                && (name.is_empty() || name == start.name)
            {
                source.skip(at + length);
                return Some(head(body, at));
            }
        }
        self.spend(body.len());
        None
    }

    /// What begins with `{:` in a line; false where it is text.
    pub(super) fn span_extension(&mut self, source: &mut Cursor<'_>, out: &mut Vec<Node>) -> bool {
        let rest = source.rest();
        if let Some(start) = start(rest) {
            let mut after = *source;
            after.skip(start.length);
            let Some(body) = self.span_body(&start, &mut after) else { return false };
            let is_known = match start.name {
                "options" => {
                    self.set_options(&start);
                    true
                }
                name => push(name, &start, body, Level::Span, out),
            };
            if is_known {
                *source = after;
            }
            return is_known;
        }
        let Some(inside) = rest.strip_prefix("{:").filter(|_| stop(rest).is_none()) else { return false };
        let Some(end) = lines::closing_brace(inside).filter(|&end| end > 0) else { return false };
        let Some(last) = out.last_mut().filter(|last| !matches!(last.kind, Kind::Text(_))) else { return false };
        let mut list = AttributeList::default();
        attributes::read(head(inside, end), &mut list);
        self.apply(&list, &mut last.attributes);
        last.list.get_or_insert_default().merge(list);
        source.skip(2 + end + 1);
        true
    }
}

/// `comment` and `nomarkdown` as nodes; false for any other name.
fn push(name: &str, start: &Start<'_>, body: &str, level: Level, out: &mut Vec<Node>) -> bool {
    match name {
        "comment" if start.closed => {}
        "comment" => out.push(Node::new(Kind::Comment(format!("<!-- {body} -->"), level))),
        "nomarkdown" if start.closed => {}
        "nomarkdown" => {
            let mut list = AttributeList::default();
            attributes::read(start.attributes, &mut list);
            let mut kinds = list.attributes.get("type").unwrap_or_default().split_ascii_whitespace().peekable();
            let is_html = kinds.peek().is_none() || kinds.any(|kind| kind == "html");
            let end = if level == Level::Block { "\n" } else { "" };
            out.push(Node::new(Kind::Raw(if is_html { format!("{body}{end}") } else { String::new() })));
        }
        _ => return false,
    }
    true
}

/// `{:name: … }` on a line of its own: the name, what is inside, and the bytes that it takes.
fn definition(rest: &str) -> Option<(&str, &str, usize)> {
    let inside = lines::unindented(rest).strip_prefix("{:")?;
    let length = attributes::name(inside)?;
    let list = tail(inside, length).strip_prefix(':')?;
    let end = lines::closing_brace(list).filter(|&end| end > 0)?;
    let after = tail(list, end + 1);
    Some((head(inside, length), head(list, end), rest.len() - after.len() + lines::end_of_line(after)?))
}

fn start(text: &str) -> Option<Start<'_>> {
    let inside = text.strip_prefix("{::")?;
    let name = inside.bytes().take_while(|&b| b.is_ascii_alphanumeric() || b == b'_').count();
    let after = tail(inside, name);
    let end = lines::closing_brace(after).filter(|_| name > 0)?;
    let list = head(after, end);
    let closed = list.ends_with('/');
    let list = list.strip_suffix('/').unwrap_or(list);
    (list.is_empty() || skip_space(list).len() < list.len()).then(|| Start {
        name: head(inside, name),
        attributes: list,
        closed,
        length: 3 + name + end + 1,
    })
}

/// `{:/name}` or `{:/}`: the name, and the bytes that it takes.
fn stop(text: &str) -> Option<(&str, usize)> {
    let inside = text.strip_prefix("{:/")?;
    let length = attributes::name(inside).unwrap_or(0);
    tail(inside, length).starts_with('}').then(|| (head(inside, length), 3 + length + 1))
}
