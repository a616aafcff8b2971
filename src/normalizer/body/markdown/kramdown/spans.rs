//! The elements of a line: emphasis, code, links, HTML, typography.

mod emphasis;
mod html;
mod link;
mod simple;

use super::cursor::{Cursor, head, tail};
use super::tree::{Node, push_text};
use super::{DEPTH, Document};

/// Which elements are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    All,
    /// What there is inside HTML whose content is no Markdown.
    Html,
    Code,
    CodeAndHtml,
    /// What Jekyll's `smartify` knows.
    Typography,
}

/// Where the content of an element ends.
#[derive(Debug, Clone, Copy)]
enum Stop<'s> {
    Never,
    Mark(&'s str),
    /// At a bracket, be it an opening one.
    Bracket,
    /// At the end tag of an element.
    Tag {
        name: &'s str,
        any_case: bool,
    },
}

/// An element that is open, for those that may not stand in themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Emphasis,
    Strong,
    Link,
    Image,
    Html { raw: bool },
}

/// The elements of `text`.
pub(super) fn parse(document: &mut Document, text: &str, set: Set) -> Vec<Node> {
    let mut nodes = Vec::new();
    Spans::new(document, text, 0).parse(set, Stop::Never, &mut |_, _| true, &mut nodes);
    nodes
}

struct Spans<'d, 't> {
    document: &'d mut Document,
    source: Cursor<'t>,
    open: Vec<Open>,
    /// How deep the text itself is inside elements.
    depth: usize,
}

/// Whether what ends an element does so at this place.
type Accept<'a> = dyn FnMut(&Spans<'_, '_>, &[Node]) -> bool + 'a;

impl<'d, 't> Spans<'d, 't> {
    fn new(document: &'d mut Document, text: &'t str, depth: usize) -> Self {
        Self { document, source: Cursor::new(text), open: Vec::new(), depth }
    }

    /// Reads elements into `out` up to where `accept` takes a `stop`, which is not passed; whether there was one.
    fn parse(&mut self, set: Set, stop: Stop<'_>, accept: &mut Accept<'_>, out: &mut Vec<Node>) -> bool {
        while !self.source.is_at_end() {
            let rest = self.source.rest();
            let Some(length) = next_start(rest, set, stop) else {
                self.document.spend(rest.len());
                if matches!(stop, Stop::Never) {
                    push_text(out, rest);
                    self.source.finish();
                }
                return false;
            };
            push_text(out, head(rest, length));
            self.source.skip(length);
            self.document.spend(length + 1);
            if stop.is_at(self.source.rest()) && accept(self, out) {
                return true;
            }
            if !self.element(set, out) {
                let length = self.source.rest().chars().next().map_or(0, char::len_utf8);
                self.push_source(length, out);
            }
        }
        false
    }

    /// The element that begins here; false where there is none.
    fn element(&mut self, set: Set, out: &mut Vec<Node>) -> bool {
        let rest = self.source.rest();
        let Some(first) = rest.bytes().next() else { return false };
        let all = set == Set::All;
        let typography = all || set == Set::Typography;
        let code = matches!(set, Set::All | Set::Code | Set::CodeAndHtml);
        let html = set != Set::Code;
        match first {
            b'*' | b'_' if all => self.emphasis(out),
            b'`' if code => self.code(out),
            b'<' if all && self.autolink(out) => true,
            b'<' if html && starts_html(rest) => self.html(out),
            b'[' if all && self.note(out) => true,
            b'[' | b'!' if all && starts_link(rest) => self.link(out),
            _ if typography && self.quotes(out) => true,
            b'$' if all => self.math(out),
            b'{' if all && rest.starts_with("{:") => self.document.span_extension(&mut self.source, out),
            b'&' if typography => self.entity(out),
            _ if typography && self.symbol(out) => true,
            b' ' | b'\\' if all && self.line_break(out) => true,
            b'\\' if all => self.escaped(out),
            b'~' if all => self.strikethrough(out),
            _ => false,
        }
    }

    /// Puts the next bytes out as text.
    fn push_source(&mut self, length: usize, out: &mut Vec<Node>) {
        push_text(out, head(self.source.rest(), length));
        self.source.skip(length);
    }

    fn is_in(&self, element: Open) -> bool {
        self.open.contains(&element)
    }

    /// Whether another element may open; what cannot is text.
    fn may_open(&self) -> bool {
        self.depth + self.open.len() < DEPTH && self.document.has_fuel()
    }

    /// The content of an element that `open` stands for; whether its end was found.
    fn content(&mut self, open: Open, set: Set, stop: Stop<'_>, accept: &mut Accept<'_>, out: &mut Vec<Node>) -> bool {
        self.open.push(open);
        let found = self.parse(set, stop, accept, out);
        self.open.pop();
        found
    }
}

impl Stop<'_> {
    fn is_at(self, rest: &str) -> bool {
        match self {
            Self::Never => false,
            Self::Mark(mark) => rest.starts_with(mark),
            Self::Bracket => rest.starts_with([']', '[']) || rest.starts_with("!["),
            Self::Tag { .. } => self.length(rest).is_some(),
        }
    }

    /// The bytes that the end tag takes, or the mark.
    fn length(self, rest: &str) -> Option<usize> {
        match self {
            Self::Mark(mark) => rest.starts_with(mark).then_some(mark.len()),
            Self::Tag { name, any_case } => {
                let found = rest.strip_prefix("</")?.get(..name.len())?;
                let same = if any_case { found.eq_ignore_ascii_case(name) } else { found == name };
                let after = tail(rest, 2 + name.len());
                let end = after.trim_start_matches(super::cursor::is_space);
                (same && end.starts_with('>')).then_some(rest.len() - end.len() + 1)
            }
            Self::Never | Self::Bracket => None,
        }
    }
}

/// Where the next place is at which an element may begin or end. The character before a quote is such a place.
fn next_start(rest: &str, set: Set, stop: Stop<'_>) -> Option<usize> {
    let bytes = rest.as_bytes();
    let brackets = matches!(stop, Stop::Bracket);
    let mut from = 0;
    loop {
        let at = from + tail(rest, from).bytes().position(is_special)?;
        let next = |n: usize| bytes.get(at + n).copied();
        let typography = matches!(set, Set::All | Set::Typography);
        let starts = match bytes.get(at)? {
            b'*' | b'_' => set == Set::All,
            b'`' => matches!(set, Set::All | Set::Code | Set::CodeAndHtml),
            b'<' => set != Set::Code,
            b'[' => set == Set::All || brackets,
            b']' => brackets,
            b'!' => next(1) == Some(b'[') && (set == Set::All || brackets),
            b'$' => set == Set::All,
            b'{' => set == Set::All && next(1) == Some(b':'),
            b'&' => typography,
            b'-' => typography && next(1) == Some(b'-'),
            b'.' => typography && next(1) == Some(b'.') && next(2) == Some(b'.'),
            b'>' => typography && next(1) == Some(b'>'),
            b'\\' => {
                set == Set::All
                    || typography && matches!((next(1), next(2)), (Some(b'<'), Some(b'<')) | (Some(b'>'), Some(b'>')))
            }
            b' ' => match (next(1), next(2)) {
                (Some(b' '), Some(b'\n')) => set == Set::All,
                (Some(b'<'), Some(b'<')) | (Some(b'>'), Some(b'>')) => typography,
                _ => false,
            },
            b'~' => set == Set::All && next(1) == Some(b'~'),
            b'"' | b'\'' if typography => {
                let before = head(rest, at).chars().next_back();
                return Some(before.filter(|&c| c != '\\').map_or(at, |c| at - c.len_utf8()));
            }
            _ => false,
        };
        if starts {
            return Some(at);
        }
        from = at + 1;
    }
}

fn is_special(b: u8) -> bool {
    matches!(
        b,
        b'*' | b'_'
            | b'`'
            | b'<'
            | b'['
            | b']'
            | b'!'
            | b'$'
            | b'{'
            | b'&'
            | b'-'
            | b'.'
            | b'>'
            | b'\\'
            | b' '
            | b'~'
            | b'"'
            | b'\''
    )
}

fn starts_html(rest: &str) -> bool {
    let inside = tail(rest, 1);
    inside.starts_with('/') || inside.starts_with("!--") || super::tags::name(inside).is_some()
}

fn starts_link(rest: &str) -> bool {
    let after = rest.strip_prefix('!').unwrap_or(rest).strip_prefix('[');
    after.is_some_and(|after| !after.is_empty() && !after.starts_with('^'))
}
