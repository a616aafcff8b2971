//! Blocks of HTML.

use super::blocks::Blocks;
use super::cursor::{Cursor, head, tail};
use super::tags::{self, Tag};
use super::tree::{Kind, Level, Model, Node};
use super::{DEPTH, escape, lines};

impl Blocks<'_> {
    /// A comment, an element or an end tag: `None` where there is none, else whether it was the end tag of `tree`.
    pub(super) fn html(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> Option<bool> {
        let rest = source.rest();
        if let Some(comment) = self.document.comment(rest) {
            source.skip(comment.len());
            source.skip_trailing_blanks();
            tree.children.push(Node::new(Kind::Comment(comment.to_owned(), Level::Block)));
            return Some(false);
        }
        let text = lines::unindented(rest);
        let indent = rest.len() - text.len();
        if let Some((name, length)) = tags::end(text).filter(|(name, _)| !tags::is_span(&name.to_lowercase())) {
            let closes = matches!(&tree.kind, Kind::Html { name: open, .. } if *open == name.to_lowercase());
            if closes {
                source.skip(indent + length);
            }
            return closes.then_some(true);
        }
        let tag = self.document.tag(text).filter(|tag| !tags::is_span(&tag.name.to_lowercase()))?;
        source.skip(indent + tag.source.len());
        let element = self.element(tag, false, source);
        tree.children.push(element);
        Some(false)
    }

    /// The element that `tag` begins, with its content.
    fn element(&mut self, tag: Tag<'_>, inside_raw: bool, source: &mut Cursor<'_>) -> Node {
        let Tag { name, mut attributes, closed, .. } = tag;
        let closed = closed || tags::is_empty(&name);
        let model = self.model(&name, inside_raw, attributes.remove("markdown").as_deref());
        let is_script = matches!(name.as_str(), "script" | "style");
        let mut children = Vec::new();
        if is_script {
            let script = take_until_end(source, &name);
            children.extend((!script.is_empty()).then(|| Node::new(Kind::Raw(script.to_owned()))));
        }
        if model == Model::Block {
            source.skip_trailing_blanks();
        }
        // A script is written with its end tag, whatever its own tag says.
        let is_closed = closed && !is_script;
        let mut element = self.node(Kind::Html { name: name.clone(), level: Level::Block, model, closed: is_closed });
        element.attributes = attributes;
        element.children = children;
        if closed || is_script {
            return element;
        }
        match model {
            Model::Block => {
                self.parse(source, &mut element);
            }
            Model::Span => {
                let text = take_until_end(source, &name);
                element.children.push(Node::new(Kind::Source(text.to_owned())));
            }
            Model::Raw => self.raw(source, &name, &mut element),
        }
        if !inside_raw {
            source.skip_trailing_blanks();
        }
        element
    }

    fn model(&self, name: &str, inside_raw: bool, markdown: Option<&str>) -> Model {
        let model = match markdown {
            Some("1") => tags::content(name),
            Some("span") => Model::Span,
            Some("block") => Model::Block,
            Some("0") => Model::Raw,
            _ if self.document.options.parse_block_html && !inside_raw => tags::content(name),
            _ => Model::Raw,
        };
        if self.depth < DEPTH { model } else { Model::Raw }
    }

    /// Content that is no Markdown, up to the end tag of `element`. Elements inside are written at once, so that they may
    /// nest as deep as they like.
    fn raw(&mut self, source: &mut Cursor<'_>, name: &str, element: &mut Node) {
        let mut html = String::new();
        let mut open: Vec<String> = Vec::new();
        while !source.is_at_end() {
            let rest = source.rest();
            let start = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
            escape::text(head(rest, start), &mut html);
            source.skip(start);
            let rest = tail(rest, start);
            if let Some(markup) = self.document.comment(rest).or_else(|| instruction(rest)) {
                source.skip(markup.len());
                html.push_str(markup);
            } else if let Some((end, length)) = tags::end(rest) {
                source.skip(length);
                let closes = |open: &str| tags::in_lower_case(end).1 == *open;
                match open.last() {
                    None if closes(name) => break,
                    Some(last) if closes(last) => {
                        html.push_str(&format!("</{last}>"));
                        open.pop();
                    }
                    _ => escape::text(head(rest, length), &mut html),
                }
            } else if let Some(tag) = self.document.tag(rest) {
                source.skip(tag.source.len());
                self.raw_element(tag, source, &mut html, &mut open, element);
            } else if !rest.is_empty() {
                source.skip(1);
                html.push_str("&lt;");
            }
        }
        for name in open.iter().rev() {
            html.push_str(&format!("</{name}>"));
        }
        element.children.push(Node::new(Kind::Raw(html)));
    }

    fn raw_element(
        &mut self,
        tag: Tag<'_>,
        source: &mut Cursor<'_>,
        html: &mut String,
        open: &mut Vec<String>,
        element: &mut Node,
    ) {
        let is_raw = self.model(&tag.name, true, tag.attributes.get("markdown")) == Model::Raw;
        if !is_raw {
            element.children.push(Node::new(Kind::Raw(std::mem::take(html))));
            let inner = self.element(tag, true, source);
            element.children.push(inner);
            return;
        }
        let Tag { name, mut attributes, closed, .. } = tag;
        attributes.remove("markdown");
        html.push('<');
        html.push_str(&name);
        escape::attributes(&attributes, html);
        if matches!(name.as_str(), "script" | "style") {
            html.push_str(&format!(">{}</{name}>", take_until_end(source, &name)));
        } else if closed || tags::is_empty(&name) {
            html.push_str(" />");
        } else {
            html.push('>');
            open.push(name);
        }
    }
}

/// The text before the end tag of `name`, which is passed; all of the rest where there is none.
fn take_until_end<'t>(source: &mut Cursor<'t>, name: &str) -> &'t str {
    let rest = source.rest();
    let Some(end) = tags::find_end(rest, name) else {
        source.finish();
        return rest;
    };
    let length = tags::end(tail(rest, end)).map_or(0, |(_, length)| length);
    source.skip(end + length);
    head(rest, end)
}

fn instruction(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("<?")?;
    let end = memchr::memmem::find(inside.as_bytes(), b"?>")?;
    Some(head(text, end + 4))
}
