//! Changes to a text, applied in one pass that copies everything else as it stands.

use std::borrow::Cow;
use std::ops::Range;

use crate::normalizer::text;

/// Changes in the order of their places; one that begins inside another counts for nothing.
#[derive(Debug, Default)]
pub(super) struct Edits {
    edits: Vec<Edit>,
    /// The one that reaches to an end not yet seen.
    open: Option<usize>,
}

#[derive(Debug)]
struct Edit {
    range: Range<usize>,
    text: Replacement,
}

/// What stands in place of a range.
#[derive(Debug)]
pub(super) enum Replacement {
    /// This.
    Html(String),
    /// A `<pre>` with this start tag, and with what the replaced element holds as its text.
    Preformatted {
        /// The start tag.
        tag: String,
        /// Where the content begins.
        start: usize,
        /// Where the end tag begins; the end of the source unless one was seen.
        end: usize,
    },
}

impl Edits {
    /// Puts `html` in place of a range.
    pub(super) fn replace(&mut self, range: Range<usize>, html: String) {
        self.edits.push(Edit { range, text: Replacement::Html(html) });
    }

    /// Puts `text` in place of what begins at `start` and reaches to `close`, or to the end of the source.
    pub(super) fn open(&mut self, start: usize, text: Replacement) {
        self.open = Some(self.edits.len());
        self.edits.push(Edit { range: start..usize::MAX, text });
    }

    /// Whether the source that is being read lies in what an open change replaces.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Ends the open change with this end tag, which is empty where there is none.
    pub(super) fn close(&mut self, end_tag: &Range<usize>) {
        let Some(edit) = self.open.take().and_then(|open| self.edits.get_mut(open)) else { return };
        edit.range.end = end_tag.end;
        if let Replacement::Preformatted { end, .. } = &mut edit.text {
            *end = end_tag.start;
        }
    }

    /// The source with all changes made, itself where there are none.
    pub(super) fn apply_to(&self, source: Cow<'_, str>) -> String {
        if self.edits.is_empty() { source.into_owned() } else { self.apply(&source) }
    }

    /// The source with all changes made.
    pub(super) fn apply(&self, source: &str) -> String {
        let mut output = String::with_capacity(source.len() + source.len() / 8);
        let mut copied = 0;
        for Edit { range, text } in &self.edits {
            let Some(before) = source.get(copied..range.start) else { continue };
            output.push_str(before);
            copied = range.end.min(source.len());
            match text {
                Replacement::Html(html) => {
                    if !html.starts_with('<') {
                        seal(&mut output);
                    }
                    output.push_str(html);
                }
                Replacement::Preformatted { tag, start, end } => {
                    let content = source.get(*start..copied.min(*end)).unwrap_or_default();
                    output.extend([tag, &text::escape(content), "</pre>"]);
                }
            }
        }
        output.push_str(source.get(copied..).unwrap_or_default());
        output
    }
}

/// How far a numeric reference is looked for; longer ones are padded with zeros and of no use to anybody.
const LONGEST_REFERENCE: usize = 32;

/// Makes sure that what `output` ends with means the same whatever follows it, because what did follow is left out:
/// a `<` must not become a tag, nor `&#1` a reference to another character.
fn seal(output: &mut String) {
    if output.ends_with('<') {
        output.pop();
        output.push_str("&lt;");
        return;
    }
    let bytes = output.as_bytes();
    let tail = bytes.get(bytes.len().saturating_sub(LONGEST_REFERENCE)..).unwrap_or_default();
    let Some(start) = tail.iter().rposition(|&b| b == b'&') else { return };
    match tail.get(start + 1..) {
        Some([] | [b'#'] | [b'#', b'x' | b'X']) => output.insert_str(bytes.len() - tail.len() + start + 1, "amp;"),
        Some([b'#', b'x' | b'X', digits @ ..]) if digits.iter().all(u8::is_ascii_hexdigit) => output.push(';'),
        Some([b'#', digits @ ..]) if digits.iter().all(u8::is_ascii_digit) => output.push(';'),
        _ => {}
    }
}

/// `html` without the characters that no feed may hold, written out or as numeric references.
pub(super) fn without_illegal_characters(html: &str) -> Cow<'_, str> {
    let html = text::legal(html);
    let mut edits = Edits::default();
    for at in memchr::memchr_iter(b'&', html.as_bytes()) {
        if let Some((None, length)) = html.get(at + 1..).and_then(text::numeric) {
            edits.replace(at..at + 1 + length, String::new());
        }
    }
    if edits.edits.is_empty() { html } else { Cow::Owned(edits.apply(&html)) }
}
