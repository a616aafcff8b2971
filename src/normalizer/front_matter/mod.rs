//! Front matter: the block of keys and values at the head of a post.
//!
//! A post is split at its fences, and the text between them read by the least that is sure to read it right: a scanner
//! of plain lines, else the YAML parser, else, where that refuses, line by line with a warning.

mod explain;
mod fields;
mod headers;
mod lines;
mod other;
mod plain;
mod repair;
mod ruby;
mod source;
mod yaml;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::model::{Code, Diagnostic};

pub use fields::FrontMatter;

use fields::Field;
use lines::{Block, Heads};
use source::{Decoded, Language, Split};

pub use source::Fences;
use yaml::{Effort, Failure, Tree};

/// The most bytes of front matter that are read.
const MAX_BYTES: usize = 64 * 1024;

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Parsed<'a> {
    /// A post with front matter, which may be empty.
    Document(Document<'a>),
    /// A file without front matter: no fields, and all of it body.
    Absent(Document<'a>),
    /// A file whose front matter never ends, is no map, expands without bound or is larger than 64 KiB. One error.
    Unusable(Diagnostic),
}

/// A post, split.
#[derive(Debug, Clone, PartialEq)]
pub struct Document<'a> {
    /// Its fields.
    pub front: FrontMatter,
    /// What follows, without the blank lines between, as Jekyll has it.
    pub body: Cow<'a, str>,
    /// The line of the file at which the body begins, from 1.
    pub body_line: u32,
    /// Warnings, by line.
    pub diagnostics: Vec<Diagnostic>,
}

impl Document<'_> {
    /// What has no fences with the lines of `Key: value` at its head, if there are any, as its front matter; whether it has.
    #[must_use]
    pub fn with_headers(self) -> (Self, bool) {
        let Some((front, at, body_line)) = headers::headers(&self.body) else { return (self, false) };
        let body = source::tail(self.body, at);
        (Self { front, body, body_line, ..self }, true)
    }
}

/// Reads the bytes of a file. A byte order mark is skipped; a fence is `---`, or `...` at the end, and blanks behind it;
/// where `fences` says so, also `+++` around TOML, and the braces of a JSON object; and white space before the first.
#[must_use]
pub fn parse(bytes: &[u8], fences: Fences) -> Parsed<'_> {
    let Decoded { text, not_utf8 } = source::decode(bytes);
    let mut diagnostics = Vec::from_iter(not_utf8);
    let start = fences.start(&text);
    let (before, rest) = text.split_at_checked(start).unwrap_or(("", &text));
    let lines_before = source::count(before.matches('\n').count());
    let header = match source::split(rest, fences) {
        Split::Header(header) => header,
        Split::Absent => {
            let front = FrontMatter::default();
            return Parsed::Absent(Document { front, body: text, body_line: 1, diagnostics });
        }
        Split::Unterminated => {
            return Parsed::Unusable(
                Diagnostic::new(Code::Unterminated, "the front matter never ends").at(Some(lines_before + 1)),
            );
        }
    };
    if header.text.len() > MAX_BYTES {
        let message = format!("the front matter has {} bytes, more than {MAX_BYTES}", header.text.len());
        return Parsed::Unusable(Diagnostic::new(Code::FrontMatterTooLarge, message).at(Some(1)));
    }
    let read = match header.language {
        Language::Yaml => read_yaml(header.text),
        Language::Toml => other::read_toml(header.text).map(|front| (front, Vec::new())),
        Language::Json => other::read_json(header.text).map(|front| (front, Vec::new())),
    };
    let moved = |found: Diagnostic| Diagnostic { line: found.line.map(|line| line + lines_before), ..found };
    let front = match read {
        Ok((front, found)) => {
            diagnostics.extend(found.into_iter().map(moved));
            let front = front.moved_down(lines_before);
            if fences == Fences::Jekyll { front.typed_as_ruby() } else { front }
        }
        Err(error) => return Parsed::Unusable(moved(error)),
    };
    diagnostics.sort_by_key(|found| (found.line, found.column));
    let (body_at, body_line) = (start + header.body_at, header.body_line + lines_before);
    Parsed::Document(Document { front, body: source::tail(text, body_at), body_line, diagnostics })
}

/// The fields and the warnings, or the error that makes a file unusable.
type Read = Result<(Vec<Field>, Vec<Diagnostic>), Diagnostic>;

fn read_yaml(header: &str) -> Result<(FrontMatter, Vec<Diagnostic>), Diagnostic> {
    if let Some(fields) = plain::read(header) {
        return Ok((FrontMatter::new(header.into(), fields), Vec::new()));
    }
    read_any_yaml(header)
}

/// The same without the shortcut, which must make no difference.
fn read_any_yaml(header: &str) -> Result<(FrontMatter, Vec<Diagnostic>), Diagnostic> {
    let header = source::clean(header);
    let blocks = lines::blocks(&header, Heads::Strict);
    let mut effort = Effort::for_bytes(header.len());
    let (fields, diagnostics) = match yaml::parse(&header, &mut effort) {
        Ok(tree) => fields_of(tree, &header, &blocks)?,
        Err(Failure::Expands) => return Err(repair::expands()),
        Err(Failure::TooManyBrackets) => repair::read(&header, None, &mut effort)?,
        Err(Failure::Syntax(error)) => {
            repair::read(&header, Some(explain::explain(&header, &blocks, &error)), &mut effort)?
        }
    };
    Ok((FrontMatter::new(header.into(), fields), diagnostics))
}

fn fields_of(tree: Tree, header: &str, blocks: &[Block<'_>]) -> Read {
    let pairs = yaml::into_map(tree.value).map_err(|kind| {
        Diagnostic::new(Code::NotAMap, format!("the front matter is {kind}, not keys and values"))
            .at(lines::first_line_of_text(header))
    })?;
    Ok((lines::locate(pairs, blocks), lines::duplicates(tree.duplicates, blocks)))
}
