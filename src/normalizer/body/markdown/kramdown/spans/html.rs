//! HTML in a line, and addresses in angle brackets.

use super::{Open, Set, Spans, Stop};
use crate::normalizer::body::markdown::kramdown::cursor::{head, tail};
use crate::normalizer::body::markdown::kramdown::tags::{self, Tag};
use crate::normalizer::body::markdown::kramdown::tree::{Attributes, Kind, Level, Model, Node, push_text};

impl Spans<'_, '_> {
    pub(super) fn autolink(&mut self, out: &mut Vec<Node>) -> bool {
        let rest = self.source.rest();
        let inside = tail(rest, 1);
        let schemes = ["mailto:", "http:", "https:", "ftp:", "ftps:"];
        let has_scheme = schemes.iter().any(|scheme| inside.starts_with(scheme));
        let is_part = |c: char| if has_scheme { c != '>' && c != '\n' } else { is_mail_part(c) || c == '@' };
        let after = inside.trim_start_matches(is_part);
        let address = head(inside, inside.len() - after.len());
        self.document.spend(address.len());
        if !after.starts_with('>') || address.ends_with(':') || !has_scheme && !is_mail(address) {
            return false;
        }
        let href = if has_scheme { address.to_owned() } else { format!("mailto:{address}") };
        let text = address.strip_prefix("mailto:").unwrap_or(address);
        let mut node = Node::with(Kind::Link, vec![Node::new(Kind::Text(text.to_owned()))]);
        node.attributes.set("href", href);
        out.push(node);
        self.source.skip(address.len() + 2);
        true
    }

    pub(super) fn html(&mut self, out: &mut Vec<Node>) -> bool {
        let rest = self.source.rest();
        if let Some(comment) = self.document.comment(rest) {
            out.push(Node::new(Kind::Comment(comment.to_owned(), Level::Span)));
            self.source.skip(comment.len());
            return true;
        }
        if let Some((_, length)) = tags::end(rest) {
            self.push_source(length, out);
            return true;
        }
        let Some(tag) = self.document.tag(rest) else { return false };
        if tags::is_block(&tag.name) || !self.may_open() {
            self.push_source(tag.source.len(), out);
            return true;
        }
        self.source.skip(tag.source.len());
        let node = self.span_element(tag);
        out.push(node);
        true
    }

    fn span_element(&mut self, tag: Tag<'_>) -> Node {
        let Tag { name, attributes, closed, .. } = tag;
        let (known, _) = tags::in_lower_case(&name);
        let mut attributes = on_one_line(attributes);
        let content = tags::content(&name) != Model::Raw;
        let parses = match attributes.remove("markdown").as_deref() {
            Some("span") => true,
            Some("1") => content,
            Some("0") => false,
            _ => {
                let in_raw = matches!(self.open.last(), Some(Open::Html { raw: true }));
                content && !in_raw && self.document.options.parse_span_html
            }
        };
        let model = if parses { Model::Span } else { Model::Raw };
        let mut node = Node::new(Kind::Html { name: name.clone(), level: Level::Span, model, closed });
        node.attributes = attributes;
        if closed || tags::is_empty(&name) {
            return node;
        }
        let stop = Stop::Tag { name: &name, any_case: known };
        let set = if parses { Set::All } else { Set::Html };
        if self.content(Open::Html { raw: !parses }, set, stop, &mut |_, _| true, &mut node.children) {
            let length = stop.length(self.source.rest()).unwrap_or(0);
            self.source.skip(length);
        } else {
            push_text(&mut node.children, self.source.rest());
            self.source.finish();
        }
        node
    }
}

/// Line breaks in values are spaces.
fn on_one_line(attributes: Attributes) -> Attributes {
    if !attributes.iter().any(|(_, value)| value.contains('\n')) {
        return attributes;
    }
    let mut joined = Attributes::default();
    for (name, value) in attributes.iter() {
        let lines: Vec<&str> = value.split('\n').collect();
        let mut line = String::with_capacity(value.len());
        for (n, part) in lines.iter().enumerate() {
            // A run of line breaks is one space.
            let is_inside_run = part.is_empty() && n > 0 && n + 1 < lines.len();
            if n > 0 && !is_inside_run {
                line.push(' ');
            }
            line.push_str(part);
        }
        joined.set(name, line);
    }
    joined
}

fn is_mail(address: &str) -> bool {
    let Some((name, host)) = address.split_once('@') else { return false };
    let is_word = |word: &str| !word.is_empty() && word.chars().all(is_mail_part);
    is_word(name) && is_word(host)
}

fn is_mail_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.')
}
