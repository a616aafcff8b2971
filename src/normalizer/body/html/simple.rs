//! The shortcut for the HTML that nearly all posts are made of, read in a fraction of the parser's time.
//!
//! Text, and tags of elements that have no rules of their own, with attributes in the one notation that nearly everybody
//! writes. Whatever is not certainly that is left to the parser, so that both always agree.

use std::cell::RefCell;
use std::rc::Rc;

use super::Cleaning;
use super::edit::Edits;
use super::element::{Attribute, Page, start_tag};

/// Elements that stay whatever they are in, and whose content is read like any other.
const ELEMENTS: [&str; 38] = [
    "p",
    "a",
    "strong",
    "em",
    "br",
    "img",
    "span",
    "div",
    "b",
    "i",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "code",
    "pre",
    "del",
    "hr",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "sup",
    "sub",
    "u",
    "figure",
    "figcaption",
    "section",
    "cite",
    "small",
];

/// What has to change in `html`; `None` where it takes the parser to tell.
pub(super) fn edits(html: &str, cleaning: &Cleaning) -> Option<Edits> {
    let edits = Rc::default();
    let page = Page::new(html, cleaning, &edits);
    let mut attributes = Vec::new();
    let mut at = 0;
    while let Some(start) = memchr::memchr(b'<', html.get(at..)?.as_bytes()).map(|found| at + found) {
        let rest = html.get(start + 1..)?;
        let length = match rest.as_bytes().first()? {
            b'/' => end_tag(rest)?,
            byte if byte.is_ascii_alphabetic() => {
                let tag = Tag::read(rest, &mut attributes)?;
                change(&page, &edits, start, &tag, &attributes)?;
                tag.length
            }
            b'!' | b'?' => return None,
            _ => 0, // A `<` that is text.
        };
        at = start + 1 + length;
    }
    Some(edits.take())
}

/// Notes what has to change about a start tag; `None` where it hides its element, whose end takes the parser to find.
fn change(page: &Page, edits: &RefCell<Edits>, start: usize, tag: &Tag, attributes: &[Attribute]) -> Option<()> {
    let (changes, hidden) = page.changes(tag.name, false, attributes.iter().copied());
    if hidden {
        return None;
    }
    if !changes.is_empty() {
        let changed = start_tag(tag.name, attributes.iter().copied(), tag.closes_itself, &changes);
        edits.borrow_mut().replace(start..start + 1 + tag.length, changed);
    }
    Some(())
}

/// A start tag without its `<`.
struct Tag<'a> {
    name: &'a str,
    length: usize,
    closes_itself: bool,
}

impl<'a> Tag<'a> {
    /// The tag at the head of `text`: `name`, then ` name="value"` as often as there are attributes, then `>` or `/>`.
    fn read(text: &'a str, attributes: &mut Vec<Attribute<'a>>) -> Option<Self> {
        attributes.clear();
        let (name, mut rest) = word(text)?;
        if !ELEMENTS.contains(&name) {
            return None;
        }
        loop {
            let after = rest.trim_start_matches(' ');
            let closes_itself = after.starts_with('/');
            if let Some(end) = after.strip_prefix("/>").or_else(|| after.strip_prefix('>')) {
                return Some(Self { name, length: text.len() - end.len(), closes_itself });
            }
            if after.len() == rest.len() {
                return None;
            }
            let (attribute, after) = word(after)?;
            let (value, after) = after.strip_prefix("=\"")?.split_once('"')?;
            attributes.push((attribute, Some(value)));
            rest = after;
        }
    }
}

/// The end tag at the head of `text`, without its `<`.
fn end_tag(text: &str) -> Option<usize> {
    let (name, rest) = word(text.strip_prefix('/')?)?;
    (ELEMENTS.contains(&name) && rest.starts_with('>')).then_some(text.len() - rest.len() + 1)
}

/// The lower-case letters, digits and hyphens at the head of `text`, which begin with a letter, and the rest.
fn word(text: &str) -> Option<(&str, &str)> {
    let length = text.bytes().take_while(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')).count();
    text.split_at_checked(length).filter(|(word, _)| word.starts_with(|c: char| c.is_ascii_lowercase()))
}
