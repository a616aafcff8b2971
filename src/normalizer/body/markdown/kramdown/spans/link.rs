//! Links, pictures and marks of footnotes.

use super::{Open, Set, Spans, Stop};
use crate::normalizer::body::markdown::kramdown::attributes;
use crate::normalizer::body::markdown::kramdown::cursor::{head, is_space, skip_space, tail, trim};
use crate::normalizer::body::markdown::kramdown::references::link_id;
use crate::normalizer::body::markdown::kramdown::tree::{Kind, Node};

impl<'t> Spans<'_, 't> {
    pub(super) fn note(&mut self, out: &mut Vec<Node>) -> bool {
        let Some(inside) = self.source.rest().strip_prefix("[^") else { return false };
        let Some(length) = attributes::name(inside) else { return false };
        if !tail(inside, length).starts_with(']') {
            return false;
        }
        let name = head(inside, length);
        if self.document.notes_by_name.contains_key(name) {
            out.push(Node::new(Kind::NoteMark(name.to_owned())));
            self.source.skip(length + 3);
        } else {
            self.push_source(length + 3, out);
        }
        true
    }

    pub(super) fn link(&mut self, out: &mut Vec<Node>) -> bool {
        let rest = self.source.rest();
        let is_image = rest.starts_with('!');
        let length = 1 + usize::from(is_image);
        let in_link = self.is_in(Open::Link) || self.is_in(Open::Image);
        if !is_image && in_link || !self.may_open() || !self.document.finds(']', rest) {
            self.push_source(length, out);
            return true;
        }
        let start = self.source.at() + length;
        self.source.go_to(start);
        match self.link_at(start, is_image) {
            Some(node) => out.push(node),
            None => {
                self.source.go_to(start - length);
                self.push_source(length, out);
            }
        }
        true
    }

    fn link_at(&mut self, start: usize, is_image: bool) -> Option<Node> {
        let (open, kind) = if is_image { (Open::Image, Kind::Image) } else { (Open::Link, Kind::Link) };
        let mut node = Node::new(kind);
        let mut brackets = 1_isize;
        let mut closes = |spans: &Spans<'_, '_>, children: &[Node]| {
            brackets += if spans.source.rest().starts_with(']') { -1 } else { 1 };
            // The brackets of pictures inside have been counted when they opened.
            let is_possible = usize::try_from(brackets).is_ok_and(|open| open <= children.len());
            if !is_possible || !spans.document.spend(children.len()) {
                return false;
            }
            let pictures = children.iter().filter(|child| matches!(child.kind, Kind::Image)).count();
            usize::try_from(brackets) == Ok(pictures)
        };
        if !self.content(open, Set::All, Stop::Bracket, &mut closes, &mut node.children) {
            return None;
        }
        let text = unescaped(self.source.since(start));
        self.source.skip(1);
        if let Some(id) = self.reference() {
            let id = link_id(id.unwrap_or(&text));
            let link = self.document.links.get(&id)?;
            if !self.document.spend(link.address.len() + link.title.as_ref().map_or(0, String::len)) {
                return None;
            }
            let (address, title, list) = (link.address.clone(), link.title.clone(), link.list.clone());
            self.document.apply(&list, &mut node.attributes);
            node.list = Some(Box::new(list));
            return Some(target(node, &address, title.as_deref(), &text));
        }
        let (address, title) = self.address()?;
        Some(target(node, address, title, &text))
    }

    /// `[id]` behind the text of a link, `[]` or nothing where there is no address in parentheses.
    fn reference(&mut self) -> Option<Option<&'t str>> {
        let rest = self.source.rest();
        let in_brackets = || {
            let inside = skip_space(rest).strip_prefix('[')?;
            let end = memchr::memchr(b']', inside.as_bytes())?;
            Some((head(inside, end), rest.len() - inside.len() + end + 1))
        };
        if let Some((id, length)) = in_brackets() {
            self.source.skip(length);
            return Some(Some(id).filter(|id| !id.is_empty()));
        }
        (!rest.starts_with('(')).then_some(None)
    }

    /// `(address "title")` or `(<address>)`.
    fn address(&mut self) -> Option<(&'t str, Option<&'t str>)> {
        let rest = self.source.rest();
        let found = self.address_in(rest);
        // What is no address has been read to its end.
        self.document.spend(found.map_or(rest.len(), |(.., after)| rest.len() - after.len()));
        let (address, title, after) = found?;
        self.source.skip(rest.len() - after.len());
        Some((address, title))
    }

    /// The address that `rest` begins with, its title, and what follows.
    fn address_in(&self, rest: &'t str) -> Option<(&'t str, Option<&'t str>, &'t str)> {
        let has_angles = rest.starts_with("(<") && self.document.finds('>', rest);
        let in_angles = if has_angles { in_angles(rest) } else { None };
        let (address, after, closed) = in_angles.or_else(|| in_parentheses(rest))?;
        let (title, after) = if closed { (None, after) } else { title(after)? };
        Some((address, title, after))
    }
}

fn target(mut node: Node, address: &str, title: Option<&str>, text: &str) -> Node {
    if matches!(node.kind, Kind::Image) {
        node.attributes.set("src", address);
        node.attributes.set("alt", text);
        node.children.clear();
    } else {
        node.attributes.set("href", address);
    }
    if let Some(title) = title {
        node.attributes.set("title", title);
    }
    node
}

/// An address in angle brackets, what follows, and whether the parenthesis is closed behind it.
fn in_angles(rest: &str) -> Option<(&str, &str, bool)> {
    let (address, after) = rest.strip_prefix("(<")?.split_once('>')?;
    let closed = after.strip_prefix(')');
    (!address.contains('\n')).then_some((address, closed.unwrap_or(after), closed.is_some()))
}

/// An address up to the parenthesis that closes it, or up to white space before a quote.
fn in_parentheses(rest: &str) -> Option<(&str, &str, bool)> {
    let mut depth = 0_usize;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let is_title = is_space(c) && chars.peek().is_some_and(|(_, next)| matches!(next, '"' | '\''));
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return Some((trim(rest.get(1..at)?), rest.get(at + 1..)?, true)),
            ')' => depth = depth.checked_sub(1)?,
            _ if is_title => return Some((trim(rest.get(1..at)?), rest.get(at + 1..)?, false)),
            _ => {}
        }
    }
    None
}

/// A title in quotes and the parenthesis behind it.
fn title(text: &str) -> Option<(Option<&str>, &str)> {
    let text = skip_space(text);
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inside = tail(text, 1);
    let ends = inside.match_indices(quote).map(|(at, _)| at).filter(|&at| at > 0);
    ends.into_iter().find_map(|at| Some((Some(head(inside, at)), skip_space(tail(inside, at + 1)).strip_prefix(')')?)))
}

/// `text` without the backslashes that escape something.
fn unescaped(text: &str) -> String {
    let mut unescaped = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escapes = c == '\\' && chars.peek().is_some_and(|&next| super::simple::is_escapable(next) && next != '~');
        match chars.next_if(|_| escapes) {
            Some(next) => unescaped.push(next),
            None => unescaped.push(c),
        }
    }
    unescaped
}
