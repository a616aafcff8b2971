//! Markdown as kramdown 2.4 with its GFM parser renders it in Jekyll: the same tree by the same rules.
//!
//! kramdown's rules for lists, tables, HTML, emphasis and boundaries of blocks are not CommonMark's, so that there is
//! little that a parser of CommonMark could do for it. Blocks come first, as kramdown has it, spans when all definitions
//! are known. Work is bounded by [`Document::spend`], recursion by [`DEPTH`].

mod abbreviations;
mod attributes;
mod blocks;
mod cjk;
mod cursor;
mod definitions;
mod entities;
mod escape;
mod extensions;
mod finish;
mod head;
mod html_block;
mod ids;
mod lines;
mod lists;
mod notes;
mod options;
mod quotes;
mod references;
mod spans;
mod table;
mod tags;
#[cfg(test)]
mod tests;
mod toc;
mod tree;
mod write;

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;

use self::blocks::Blocks;
use self::cursor::Cursor;
pub use self::options::Options;
use self::tree::{AttributeList, Kind, Node};

/// How deep blocks nest, and elements in a line. What is deeper is text.
const DEPTH: usize = 48;

/// `text` as HTML.
pub(super) fn to_html(text: &str, options: &Options) -> String {
    let text = adapted(text);
    let shortcut = if options.parse_block_html { None } else { head::paragraphs(&text) };
    let Some((mut html, at)) = shortcut else { return by_parser(&text, options) };
    if let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        html.push_str(&by_parser(rest, options));
    }
    html
}

/// The same without the shortcut, which must make no difference.
fn by_parser(text: &str, options: &Options) -> String {
    let mut document = Document::new(text, options);
    let mut root = Node::new(Kind::Root);
    Blocks::new(&mut document).parse(&mut Cursor::new(text), &mut root);
    finish::finish(&mut document, &mut root);
    write::html(&document, &root)
}

/// `text` as HTML with typographic quotes, dashes and ellipses, and nothing else of Markdown.
pub(super) fn smartified(text: &str, options: &Options) -> String {
    let text = adapted(text);
    let mut document = Document::new(&text, options);
    let mut root = Node::new(Kind::Root);
    root.children = spans::parse(&mut document, &text, spans::Set::Typography);
    let mut html = write::html(&document, &root);
    html.truncate(html.trim_end_matches('\n').len());
    html
}

/// Lines that end with `\n`, the last one too.
fn adapted(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    if memchr::memchr(b'\r', text.as_bytes()).is_some() {
        text = Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"));
    }
    if !text.ends_with('\n') {
        text.to_mut().push('\n');
    }
    text
}

/// What a text defines for all of its parts.
struct Document {
    options: Options,
    lists: HashMap<String, AttributeList>,
    links: HashMap<String, LinkDefinition>,
    abbreviations: HashMap<String, Abbreviation>,
    notes: Vec<Note>,
    /// Where in `notes` each name is.
    notes_by_name: HashMap<String, usize>,
    /// Whether a list may have to be replaced by a table of contents.
    wants_toc: bool,
    fuel: Cell<usize>,
}

#[derive(Default)]
struct LinkDefinition {
    address: String,
    title: Option<String>,
    list: AttributeList,
}

#[derive(Default)]
struct Abbreviation {
    title: String,
    list: AttributeList,
}

struct Note {
    name: String,
    content: Node,
}

impl Document {
    fn new(text: &str, options: &Options) -> Self {
        Self {
            options: options.clone(),
            lists: HashMap::new(),
            links: HashMap::new(),
            abbreviations: HashMap::new(),
            notes: Vec::new(),
            notes_by_name: HashMap::new(),
            wants_toc: memchr::memmem::find(text.as_bytes(), b"toc").is_some(),
            fuel: Cell::new((1 << 18) + 16 * text.len()),
        }
    }

    /// Counts work that may have to be done again; false once there was more of it than any real text needs. From then
    /// on what might begin an element is text, so that the rest takes one pass.
    fn spend(&self, bytes: usize) -> bool {
        self.fuel.set(self.fuel.get().saturating_sub(bytes));
        self.fuel.get() > 0
    }

    fn has_fuel(&self) -> bool {
        self.fuel.get() > 0
    }

    /// Whether `mark` is in `text`; looking in vain is work.
    fn finds(&self, mark: char, text: &str) -> bool {
        text.contains(mark) || {
            self.spend(text.len());
            false
        }
    }

    /// The start tag that `text` begins with.
    fn tag<'t>(&self, text: &'t str) -> Option<tags::Tag<'t>> {
        if !self.has_fuel() {
            return None;
        }
        let (tag, examined) = tags::start(text);
        self.spend(examined);
        tag
    }

    /// The comment that `text` begins with.
    fn comment<'t>(&self, text: &'t str) -> Option<&'t str> {
        if !text.starts_with("<!--") || !self.has_fuel() {
            return None;
        }
        let comment = tags::comment(text);
        self.spend(comment.map_or(text.len(), str::len));
        comment
    }
}
