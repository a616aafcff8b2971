//! Where in a post's source something of its HTML stands: by the words of both, since rendering keeps no places.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;
use percent_encoding::percent_decode_str;

use crate::model::{Code, Diagnostic};
use crate::normalizer::text::decode;

/// The text of a post below its front matter.
pub(super) struct Text<'a> {
    pub(super) body: &'a str,
    /// The line of the file that it begins on, from 1.
    pub(super) first_line: u32,
}

/// A line and a column, from 1; the column in characters.
pub(super) type Place = (u32, Option<u32>);

impl Text<'_> {
    /// The place of what is named between quotes or backquotes in a message, such as a tag that is not known.
    pub(super) fn name(&self, message: &str) -> Option<Place> {
        let quote = message.find(['"', '`'])?;
        let (mark, rest) = message.get(quote..)?.split_at_checked(1)?;
        let (name, _) = rest.split_once(mark)?;
        self.place(memmem::find(self.body.as_bytes(), name.as_bytes()).filter(|_| !name.is_empty())?)
    }

    /// The place of an address, in the spelling that HTML has it in, or without its escapes.
    pub(super) fn address(&self, address: &str) -> Option<Place> {
        let decoded = decode(address);
        let plain = percent_decode_str(&decoded).decode_utf8().unwrap_or(Cow::Borrowed(&decoded));
        let spellings = [address, &*decoded, &*plain];
        let mut at = spellings.iter().filter_map(|text| memmem::find(self.body.as_bytes(), text.trim().as_bytes()));
        self.place(at.next().filter(|_| !address.trim().is_empty())?)
    }

    /// The place of these words, which stand for what has no words of its own.
    pub(super) fn words(&self, words: &str) -> Option<Place> {
        self.place(memmem::find(self.body.as_bytes(), words.as_bytes())?)
    }

    /// The place of the start tag at these bytes of `html`: where it stands word for word, if it does so once, else the one
    /// with as many of its name before it. `None` where the two do not have the same number, since some stand in code then,
    /// or come from somewhere else.
    pub(super) fn tag(&self, name: &str, html: &str, tag: Range<usize>) -> Option<Place> {
        let at = tag.start;
        let written = html.get(tag)?.trim_end_matches(['>', '/', ' ']);
        let mut same = memmem::find_iter(self.body.as_bytes(), written.as_bytes());
        if let (Some(only), None) = (same.next(), same.next()) {
            return self.place(only);
        }
        let tag = format!("<{name}");
        let [inside, outside] = [html, self.body].map(|text| tags(text, &tag));
        let nth = inside.iter().position(|&place| place == at)?;
        let same = inside.len() == outside.len();
        self.place(*outside.get(nth).filter(|_| same)?)
    }

    fn place(&self, at: usize) -> Option<Place> {
        let (lines, column) = line_and_column(self.body.as_bytes().get(..at)?);
        Some((self.first_line.saturating_add(lines), Some(column)))
    }
}

/// Where a tag of this name begins; upper case is the same.
fn tags(text: &str, tag: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let is_it = |at: &usize| {
        let found = bytes.get(*at..at + tag.len()).is_some_and(|found| found.eq_ignore_ascii_case(tag.as_bytes()));
        found && bytes.get(at + tag.len()).is_some_and(|&b| b.is_ascii_whitespace() || b == b'>' || b == b'/')
    };
    memchr::memchr_iter(b'<', bytes).filter(is_it).collect()
}

/// Whole lines before the end of `before`, and the column there, from 1 and in characters.
fn line_and_column(before: &[u8]) -> (u32, u32) {
    let lines = memchr::memchr_iter(b'\n', before).count();
    let line = before.get(memchr::memrchr(b'\n', before).map_or(0, |at| at + 1)..).unwrap_or_default();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    (number(lines), number(String::from_utf8_lossy(line).chars().count() + 1))
}

/// The first U+FFFD of a file, and how many there are.
pub(super) fn replacement_characters(bytes: &[u8]) -> Option<Diagnostic> {
    const SIGN: &str = "\u{fffd}";
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut all = memmem::find_iter(bytes, SIGN);
    let (lines, column) = line_and_column(bytes.get(..all.next()?)?);
    let more = all.count();
    let times = if more == 0 { String::new() } else { format!(", and {more} more") };
    let message = format!("there is a U+FFFD here{times}: a letter was lost when the text was converted");
    Some(Diagnostic::new(Code::ReplacementCharacter, message).at(Some(lines.saturating_add(1))).column(Some(column)))
}
