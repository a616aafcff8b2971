//! Definitions of links, abbreviations and footnotes.

use super::blocks::{Blocks, indented_lines};
use super::cursor::{Cursor, head, is_space, tail, trim};
use super::tree::{Boundary, Kind, Node};
use super::{Abbreviation, DEPTH, LinkDefinition, Note, attributes, lines};

impl Blocks<'_> {
    pub(super) fn note(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        let rest = source.rest();
        let Some(inside) = lines::unindented(rest).strip_prefix("[^") else { return false };
        let Some(length) = attributes::name(inside).filter(|_| self.depth < DEPTH) else { return false };
        let Some(text) = tail(inside, length).strip_prefix("]:") else { return false };
        let Some(first) = text.find('\n').map(|end| end + 1) else { return false };
        let end = first + indented_lines(tail(text, first));
        source.skip(rest.len() - text.len() + end);
        let mut content = Node::new(Kind::Root);
        self.parse(&mut Cursor::new(&lines::outdented(head(text, end))), &mut content);
        let name = head(inside, length).to_owned();
        let note = Note { name: name.clone(), content };
        let notes = &mut self.document.notes;
        match self.document.notes_by_name.get(&name).and_then(|&at| notes.get_mut(at)) {
            Some(before) => *before = note,
            None => {
                self.document.notes_by_name.insert(name.clone(), notes.len());
                notes.push(note);
            }
        }
        self.push_definition(Boundary::Note(name), tree);
        true
    }

    pub(super) fn link(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        let Some((id, definition, length)) = link_definition(source.rest()) else { return false };
        source.skip(length);
        self.document.links.insert(id.clone(), definition);
        self.push_definition(Boundary::Link(id), tree);
        true
    }

    pub(super) fn abbreviation(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        let line = source.line();
        let Some(inside) = lines::unindented(line).strip_prefix("*[") else { return false };
        let from_second = tail(inside, inside.chars().next().map_or(0, char::len_utf8));
        let Some(end) = from_second.find("]:").map(|at| inside.len() - from_second.len() + at) else { return false };
        if !line.ends_with('\n') {
            return false;
        }
        source.skip(line.len());
        let text = head(inside, end).to_owned();
        let title = trim(tail(inside, end + 2)).to_owned();
        self.document.abbreviations.insert(text.clone(), Abbreviation { title, ..Abbreviation::default() });
        self.push_definition(Boundary::Abbreviation(text), tree);
        true
    }

    fn push_definition(&mut self, boundary: Boundary, tree: &mut Node) {
        let node = self.node(Kind::Boundary(boundary.clone()));
        self.document.attach(&boundary, node.list.as_deref());
        tree.children.push(node);
    }
}

/// One id for all ways to write it.
pub(super) fn link_id(text: &str) -> String {
    let mut id = String::with_capacity(text.len());
    for c in text.chars() {
        let space = is_space(c);
        if !space {
            id.push(c);
        } else if !id.ends_with(' ') {
            id.push(' ');
        }
    }
    id.to_lowercase()
}

fn link_definition(rest: &str) -> Option<(String, LinkDefinition, usize)> {
    let line = head(rest, rest.find('\n')?);
    let (id, after) = lines::unindented(line).strip_prefix('[')?.split_once(']')?;
    let text = after.strip_prefix(':')?.trim_start_matches([' ', '\t']);
    let next = tail(rest, line.len() + 1);
    let (address, title, lines) = in_angles(text, next).or_else(|| in_words(text, next))?;
    if id.is_empty() {
        return None;
    }
    let length = line.len() + 1 + if lines > 1 { next.find('\n')? + 1 } else { 0 };
    let definition =
        LinkDefinition { address: address.to_owned(), title: title.map(str::to_owned), ..LinkDefinition::default() };
    Some((link_id(id), definition, length))
}

type Target<'t> = (&'t str, Option<&'t str>, usize);

fn in_angles<'t>(text: &'t str, next: &'t str) -> Option<Target<'t>> {
    let (address, after) = text.strip_prefix('<')?.split_once('>')?;
    let blanks = after.trim_start_matches([' ', '\t']);
    if blanks.is_empty() {
        let title = title_line(next);
        return Some((address, title, 1 + usize::from(title.is_some())));
    }
    let title = title(blanks).filter(|_| blanks.len() < after.len())?;
    Some((address, Some(title), 1))
}

fn in_words<'t>(text: &'t str, next: &'t str) -> Option<Target<'t>> {
    let text = text.trim_end_matches([' ', '\t']);
    let quote = text.chars().next_back().filter(|c| matches!(c, '"' | '\'')).unwrap_or('\0');
    for (at, _) in text.match_indices(quote) {
        let address = head(text, at).trim_end_matches([' ', '\t']);
        if !address.is_empty()
            && address.len() < at
            && let Some(title) = title(tail(text, at))
        {
            return (!has_quote(address)).then_some((address, Some(title), 1));
        }
    }
    let title = title_line(next);
    (!text.is_empty() && !has_quote(text)).then_some((text, title, 1 + usize::from(title.is_some())))
}

/// Whether a title begins that never ends.
fn has_quote(address: &str) -> bool {
    let quotes = address.match_indices(['"', '\'']);
    quotes.into_iter().any(|(at, _)| head(address, at).ends_with([' ', '\t']))
}

/// Text in quotes up to the end.
fn title(text: &str) -> Option<&str> {
    let text = text.trim_end_matches([' ', '\t']);
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    text.strip_prefix(quote)?.strip_suffix(quote).filter(|title| !title.is_empty())
}

fn title_line(next: &str) -> Option<&str> {
    let line = head(next, next.find('\n')?);
    title(line.trim_start_matches([' ', '\t']))
}
