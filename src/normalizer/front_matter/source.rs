//! A file's bytes as text, split at the fences of its front matter.

use std::borrow::Cow;

use crate::model::{Code, Diagnostic};

/// Text, and what was wrong with its bytes.
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) not_utf8: Option<Diagnostic>,
}

/// Which fences a generator knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fences {
    /// Those of YAML.
    Yaml,
    /// Those of YAML, whose scalars are typed as in Ruby.
    Jekyll,
    /// Also those of TOML and JSON, blank lines and blanks before the first, as in Hugo.
    All,
    /// Those of TOML and YAML, blank lines and indentation before them, as in Zola.
    Indented,
}

impl Fences {
    /// Where a text may begin with a fence.
    pub(super) fn start(self, text: &str) -> usize {
        if matches!(self, Self::All | Self::Indented) { text.len() - text.trim_ascii_start().len() } else { 0 }
    }

    /// A line as one that may be the last fence.
    fn as_end(self, line: &str) -> &str {
        if self == Self::Indented { line.trim_ascii_start() } else { line }
    }
}

/// What is written between the fences.
pub(super) enum Language {
    Yaml,
    Toml,
    Json,
}

/// How a file begins.
pub(super) enum Split<'a> {
    Header(Header<'a>),
    Absent,
    Unterminated,
}

/// The front matter of a file, and where its body begins.
pub(super) struct Header<'a> {
    pub(super) language: Language,
    /// The lines between the fences.
    pub(super) text: &'a str,
    /// The byte and the line of the body.
    pub(super) body_at: usize,
    pub(super) body_line: u32,
}

/// The line of the file on which the text between the fences begins.
pub(super) const FIRST_LINE: u32 = 2;

/// Skips a byte order mark; bytes that are not UTF-8 become U+FFFD and are reported once, where the first of them is.
pub(super) fn decode(bytes: &[u8]) -> Decoded<'_> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // Nearly all files are UTF-8, and each byte of each post passes here: the fast check says so, the other says where not.
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return Decoded { text: text.into(), not_utf8: None };
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Decoded { text: text.into(), not_utf8: None },
        Err(error) => error,
    };
    let valid = bytes.get(..error.valid_up_to()).and_then(|valid| std::str::from_utf8(valid).ok()).unwrap_or_default();
    let last_line = valid.rsplit('\n').next().unwrap_or_default();
    let message = "the file is not UTF-8: the bytes that are not are shown as U+FFFD";
    let not_utf8 = Diagnostic::new(Code::NotUtf8, message)
        .at(Some(count(valid.matches('\n').count() + 1)))
        .column(Some(count(last_line.chars().count() + 1)));
    Decoded { text: String::from_utf8_lossy(bytes).into_owned().into(), not_utf8: Some(not_utf8) }
}

/// Finds the fences (Jekyll's rule: `---` on the first line; a line of `---` or `...` ends it; blanks may follow each).
pub(super) fn split(text: &str, fences: Fences) -> Split<'_> {
    if fences == Fences::All && text.starts_with('{') {
        return split_json(text);
    }
    let Some((first, rest)) = text.split_once('\n') else { return Split::Absent };
    let (language, ends): (_, &[&str]) = match first.trim_end_matches(is_blank) {
        "---" => (Language::Yaml, &["---", "..."]),
        "+++" if fences != Fences::Yaml => (Language::Toml, &["+++"]),
        _ => return Split::Absent,
    };
    let start = text.len() - rest.len();
    let mut at = start;
    for (number, line) in rest.split_inclusive('\n').enumerate() {
        let behind = at + line.len();
        let line = fences.as_end(line);
        if line.starts_with(['-', '.', '+']) && ends.contains(&line.trim_end_matches(is_blank)) {
            let (body_at, blank_lines) = skip_blank_lines(text, behind);
            let body_line = FIRST_LINE.saturating_add(count(number + 1 + blank_lines));
            let text = text.get(start..at).unwrap_or_default();
            return Split::Header(Header { language, text, body_at, body_line });
        }
        at = behind;
    }
    Split::Unterminated
}

/// A JSON object at the head of a file, to the brace that closes it; any other brace is text.
fn split_json(text: &str) -> Split<'_> {
    let inside = text.get(1..).unwrap_or_default().trim_start();
    if !inside.starts_with(['"', '}']) {
        return Split::Absent;
    }
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b'{' if !in_string => depth += 1,
            b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if byte == b'}' && depth == 0 && !in_string {
            let header = text.get(..=at).unwrap_or_default();
            let lines = header.matches('\n').count();
            // What follows on the line of the brace is no text when it is blank.
            let rest = text.get(at + 1..).unwrap_or_default();
            let line_end = rest.find('\n').map_or(rest.len(), |end| end + 1);
            let is_bare = rest.get(..line_end).unwrap_or_default().chars().all(is_blank);
            let behind = at + 1 + if is_bare { line_end } else { 0 };
            let (body_at, blank_lines) = skip_blank_lines(text, behind);
            let body_line = count(lines + 1 + usize::from(is_bare) + blank_lines);
            return Split::Header(Header { language: Language::Json, text: header, body_at, body_line });
        }
    }
    Split::Unterminated
}

fn skip_blank_lines(text: &str, at: usize) -> (usize, usize) {
    let (mut behind, mut skipped) = (at, 0);
    // Only to the first character that is none: the first line may be the whole post.
    for (offset, c) in text.get(at..).unwrap_or_default().char_indices().take_while(|(_, c)| is_blank(*c)) {
        if c == '\n' {
            (behind, skipped) = (at + offset + 1, skipped + 1);
        }
    }
    (behind, skipped)
}

/// What Ruby's `\s` matches.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\x0b' | '\x0c')
}

/// The text from a byte on.
pub(super) fn tail(text: Cow<'_, str>, at: usize) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => text.get(at..).unwrap_or_default().into(),
        Cow::Owned(mut text) => {
            text.drain(..at.min(text.len()));
            text.into()
        }
    }
}

/// Leaves out what YAML forbids (YAML 1.1 §4.1, "printable"), which editors show as nothing.
pub(super) fn clean(header: &str) -> Cow<'_, str> {
    if header.chars().all(is_printable) {
        return header.into();
    }
    header.chars().filter(|&c| is_printable(c)).collect::<String>().into()
}

fn is_printable(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// A count of lines or columns; files are far smaller than its bound.
pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
