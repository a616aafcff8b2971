//! The blocks of a text.

use super::cursor::{Cursor, head, is_space, tail};
use super::tree::{AttributeList, Boundary, Kind, Level, Node};
use super::{DEPTH, Document, lines};

pub(super) struct Blocks<'d> {
    pub(super) document: &'d mut Document,
    /// An attribute list for the block that follows.
    pub(super) list: Option<Box<AttributeList>>,
    pub(super) depth: usize,
}

impl<'d> Blocks<'d> {
    pub(super) fn new(document: &'d mut Document) -> Self {
        Self { document, list: None, depth: 0 }
    }

    /// Reads blocks into `tree` until the text ends, or the end tag of `tree`; whether there was one.
    pub(super) fn parse(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        let outer = self.list.take();
        self.depth += 1;
        let mut closed = false;
        while !closed && !source.is_at_end() {
            closed = self.block(source, tree);
        }
        self.depth -= 1;
        self.list = outer;
        closed
    }

    /// One block, by the first of kramdown's parsers that takes it; whether it was the end tag of `tree`.
    fn block(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        let rest = source.rest();
        if let Some(length) = lines::blank(rest) {
            self.blank(head(rest, length), tree);
            source.skip(length);
            return false;
        }
        if lines::indentation(rest).is_some() {
            self.indented_code(source, tree);
            return false;
        }
        let first = lines::unindented(rest).bytes().next();
        let may_nest = self.depth < DEPTH;
        let done = match first {
            Some(b'`' | b'~') => self.fenced_code(source, tree),
            Some(b'>') if may_nest => self.quote(source, tree),
            Some(b'#') => self.heading(source, tree),
            Some(b'*' | b'-' | b'_' | b'+' | b'0'..=b'9') => {
                self.rule(source, tree) || may_nest && lines::starts_list(rest) && self.list(source, tree)
            }
            Some(b':') if may_nest => self.definitions(source, tree),
            Some(b'<') => match self.html(source, tree) {
                Some(closes) => return closes,
                None => false,
            },
            _ => false,
        };
        let _ = done
            || self.underlined_heading(source, tree)
            || matches!(first, Some(b'$' | b'\\')) && self.math(source, tree)
            || self.table(source, tree)
            || first == Some(b'[') && (self.note(source, tree) || self.link(source, tree))
            || first == Some(b'*') && self.abbreviation(source, tree)
            || first == Some(b'{') && self.extension(source, tree)
            || self.boundary(source, tree)
            || self.paragraph(source, tree);
        false
    }

    /// A block that takes the attribute list before it.
    pub(super) fn node(&mut self, kind: Kind) -> Node {
        let mut node = Node::new(kind);
        node.list = self.list.take();
        node
    }

    fn blank(&mut self, text: &str, tree: &mut Node) {
        match tree.children.last_mut() {
            Some(Node { kind: Kind::Blank(last), .. }) => last.push_str(text),
            _ => {
                let node = self.node(Kind::Blank(text.to_owned()));
                tree.children.push(node);
            }
        }
    }

    fn indented_code(&mut self, source: &mut Cursor<'_>, tree: &mut Node) {
        let length = indented_lines(source.rest());
        let lines = head(source.rest(), length);
        source.skip(length);
        let mut code = String::with_capacity(lines.len());
        for line in lines.split_inclusive('\n') {
            let text = lines::unindented(line);
            // A line that goes on without the indentation belongs to the one before.
            if !code.is_empty() && !text.starts_with(is_space) && code.ends_with('\n') {
                code.pop();
                code.push(' ');
                code.push_str(line);
            } else {
                code.push_str(tail(line, lines::indentation(line).unwrap_or(0)));
            }
        }
        let node = self.node(Kind::Code(code));
        tree.children.push(node);
    }

    fn fenced_code(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        let rest = source.rest();
        let Some(run) = lines::fence(rest) else { return false };
        let line = source.line();
        let before = line.len() - lines::unindented(line).len();
        // Where no line closes the whole run, a part of it may be a fence, and the rest the language.
        for marks in (3..=run.len()).rev() {
            let info = tail(line, before + marks).trim_matches(is_space);
            if info.contains(is_space) || !self.document.has_fuel() {
                continue;
            }
            let body = tail(rest, line.len());
            let Some((code, length)) = fenced_lines(body, head(run, marks)) else {
                self.document.spend(body.len());
                continue;
            };
            source.skip(line.len() + length);
            let mut node = self.node(Kind::Code(code.to_owned()));
            if !info.is_empty() {
                let end = tail(info, 1).find('?').filter(|_| info.len() > 1).map_or(info.len(), |at| at + 1);
                node.attributes.set("class", format!("language-{}", head(info, end)));
            }
            tree.children.push(node);
            return true;
        }
        false
    }

    fn quote(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        let mut text = String::new();
        loop {
            let line = source.take_line();
            let inside = lines::unindented(line).strip_prefix('>');
            text.push_str(inside.map_or(line, |inside| inside.strip_prefix(' ').unwrap_or(inside)));
            if lines::ends_lazily(source.rest()) {
                break;
            }
        }
        let mut node = self.node(Kind::Quote);
        self.parse(&mut Cursor::new(&text), &mut node);
        tree.children.push(node);
        true
    }

    fn heading(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        let line = source.line();
        let Some((level, start)) = lines::heading(line) else { return false };
        let (text, id) = heading_text(tail(line, start));
        let marks = text.trim_end_matches('#');
        let text = if marks.ends_with([' ', '\t']) { marks.trim_end_matches(is_space) } else { text };
        if text.is_empty() {
            return false;
        }
        self.push_heading(level, text, id, tree);
        source.skip(line.len());
        true
    }

    fn underlined_heading(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        let rest = source.rest();
        let line = source.line();
        let rule = tail(rest, line.len());
        let level = match rule.bytes().next() {
            Some(b'=') => 1,
            Some(b'-') => 2,
            _ => return false,
        };
        let Some(end) = lines::end_of_line(rule.trim_start_matches(['-', '='])) else { return false };
        if !self.follows_boundary(tree) {
            return false;
        }
        let (text, id) = heading_text(lines::unindented(line));
        if text.is_empty() {
            return false;
        }
        self.push_heading(level, text, id, tree);
        source.skip(line.len() + rule.len() - rule.trim_start_matches(['-', '=']).len() + end);
        true
    }

    fn push_heading(&mut self, level: u8, text: &str, id: Option<&str>, tree: &mut Node) {
        let mut node = self.node(Kind::Heading { level, text: String::new() });
        node.children.push(Node::new(Kind::Source(text.to_owned())));
        if let Some(id) = id {
            node.attributes.set("id", id);
        }
        tree.children.push(node);
    }

    fn rule(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        let Some(length) = lines::rule(source.rest()) else { return false };
        source.skip(length);
        let node = self.node(Kind::Rule);
        tree.children.push(node);
        true
    }

    fn math(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        let rest = source.rest();
        let text = lines::unindented(rest);
        let inside = text.strip_prefix('\\').unwrap_or(text);
        let Some(formula) = inside.strip_prefix("$$") else { return false };
        if !self.follows_boundary(tree) || !self.document.has_fuel() {
            return false;
        }
        let Some(end) = memchr::memmem::find(formula.as_bytes(), b"$$") else {
            self.document.spend(formula.len());
            return false;
        };
        let after = tail(formula, end + 2);
        let end_of_line = lines::end_of_line(after);
        if inside.len() < text.len() {
            if end_of_line.is_some() {
                source.skip(rest.len() - inside.len());
            }
            return false;
        }
        let after = tail(after, end_of_line.unwrap_or(0));
        if !lines::is_block_boundary(after) {
            return false;
        }
        source.skip(rest.len() - after.len());
        let formula = head(formula, end).trim_matches(is_space);
        let node = self.node(Kind::Math(formula.to_owned(), Level::Block));
        tree.children.push(node);
        true
    }

    fn boundary(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        let Some(length) = lines::boundary(source.rest()) else { return false };
        source.skip(length);
        let node = self.node(Kind::Boundary(Boundary::Mark));
        tree.children.push(node);
        true
    }

    fn paragraph(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        if lines::unindented(source.rest()).starts_with([' ', '\t']) {
            // A tab behind spaces is neither code nor a paragraph to kramdown: the line stands there as it is.
            tree.children.push(Node::new(Kind::Source(source.take_line().to_owned())));
            return true;
        }
        let breaks = source.before().ends_with("  \n");
        let start = source.at();
        source.take_line();
        while !lines::ends_paragraph(source.rest()) {
            source.take_line();
        }
        let text = source.since(start).trim_end_matches(is_space);
        if let Some(last) = tree.children.last_mut().filter(|last| last.is_paragraph()) {
            match last.children.last_mut() {
                Some(Node { kind: Kind::Source(before), .. }) => {
                    before.push_str(if breaks { "  \n" } else { "\n" });
                    before.push_str(text);
                }
                _ => last.children.push(Node::new(Kind::Source(text.to_owned()))),
            }
            return true;
        }
        let mut node = self.node(Kind::Paragraph { transparent: false });
        node.children.push(Node::new(Kind::Source(text.trim_start_matches(is_space).to_owned())));
        tree.children.push(node);
        true
    }

    /// Whether a block may begin here that needs a blank line before it.
    pub(super) fn follows_boundary(&self, tree: &Node) -> bool {
        let last = tree.children.last();
        let is_boundary = |last: &Node| last.is_blank() || matches!(last.kind, Kind::Boundary(Boundary::Mark));
        self.list.is_some() || last.is_none_or(is_boundary)
    }
}

/// The text of a heading without the id that `{#id}` at its end gives it.
fn heading_text(contents: &str) -> (&str, Option<&str>) {
    let text = contents.trim_end_matches(is_space);
    let id = || {
        let (before, id) = text.strip_suffix('}')?.rsplit_once("{#")?;
        let is_id = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.');
        let starts = id.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':'));
        (before.ends_with([' ', '\t']) && starts && id.chars().all(is_id)).then_some((before, id))
    };
    match id() {
        Some((before, id)) => (before.trim_end_matches(is_space), Some(id)),
        None => (text, None),
    }
}

/// How many bytes the lines of indented code take that `rest` begins with, blank lines between them included.
pub(super) fn indented_lines(rest: &str) -> usize {
    let mut end = 0;
    loop {
        let start = end + lines::blank(tail(rest, end)).unwrap_or(0);
        let mut at = start;
        while let Some(length) = text_line(tail(rest, at)).filter(|_| lines::indentation(tail(rest, at)).is_some()) {
            at += length;
        }
        if at == start {
            return end;
        }
        while let Some(length) = text_line(tail(rest, at)).filter(|_| !lines::ends_lazily(tail(rest, at))) {
            if lines::indentation(tail(rest, at)).is_some() {
                break;
            }
            at += length;
        }
        end = at;
    }
}

/// The length of a line that is not blank.
pub(super) fn text_line(rest: &str) -> Option<usize> {
    let length = memchr::memchr(b'\n', rest.as_bytes())? + 1;
    (!head(rest, length).chars().all(is_space)).then_some(length)
}

/// The lines before the fence that closes one of `marks`, and the bytes up to behind it.
fn fenced_lines<'t>(body: &'t str, marks: &str) -> Option<(&'t str, usize)> {
    let last = marks.chars().last()?;
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let closing = lines::unindented(line).strip_prefix(marks);
        if closing.is_some_and(|after| lines::end_of_line(after.trim_start_matches(last)).is_some()) {
            return Some((head(body, at), at + line.len()));
        }
        at += line.len();
    }
    None
}
