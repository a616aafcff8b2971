//! What is wrong with a configuration: where, the line with a caret, and what was probably meant.

use std::fmt;
use std::ops::Range;

use crate::model::{is_deceptive, printable};

/// Why there is no configuration: everything found wrong with it, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    problems: Vec<String>,
    /// How many more there are than anyone would read.
    more: usize,
}

impl ConfigError {
    /// A single problem that is about no place in a file.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { problems: vec![message.into()], more: 0 }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Each is one line, and may have an excerpt below it.
        f.write_str(&self.problems.join("\n").replace(|c| is_deceptive(c) && c != '\n', " "))?;
        if self.more > 0 {
            write!(f, "\nand {} more", self.more)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

/// A file that was read, under the name that its reader knows it by.
#[derive(Debug, Clone)]
pub(super) struct FileText {
    pub(super) name: String,
    pub(super) text: String,
}

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// In the configuration file, at these bytes.
    File(Range<usize>),
    /// In an environment variable.
    Variable(String),
    /// After a command-line option.
    Flag(&'static str),
}

/// Collects problems, so that all of them are told at once.
#[derive(Debug, Default)]
pub(super) struct Report {
    file: Option<FileText>,
    problems: Vec<(usize, String)>,
    more: usize,
}

impl Report {
    const MOST: usize = 20;

    /// A report about this file, the environment and the command line.
    pub(super) fn new(file: Option<FileText>) -> Self {
        Self { file, ..Self::default() }
    }

    pub(super) fn file(&self) -> Option<&FileText> {
        self.file.as_ref()
    }

    /// Whether further problems are only counted, so that their text need not be made.
    pub(super) fn is_full(&self) -> bool {
        self.problems.len() >= Self::MOST
    }

    pub(super) fn add(&mut self, origin: &Origin, message: &str) {
        if self.is_full() {
            self.more += 1;
            return;
        }
        let problem = match (origin, &self.file) {
            (Origin::File(span), Some(file)) => (span.start, at_span(file, span, message)),
            (Origin::File(_), None) => (0, message.to_owned()),
            // What is outside the file is told after it.
            (Origin::Variable(name), _) => (usize::MAX, format!("{name} in the environment: {message}")),
            (Origin::Flag(name), _) => (usize::MAX, format!("{name}: {message}")),
        };
        self.problems.push(problem);
    }

    /// A problem of no value in particular.
    pub(super) fn add_general(&mut self, message: String) {
        self.problems.push((usize::MAX, message));
    }

    /// The report again, when there was no problem; else the error.
    pub(super) fn finish(mut self) -> Result<Self, ConfigError> {
        if self.problems.is_empty() {
            return Ok(self);
        }
        self.problems.sort_by_key(|&(place, _)| place);
        Err(ConfigError { problems: self.problems.into_iter().map(|(_, text)| text).collect(), more: self.more })
    }
}

/// A problem at a byte span of a file.
fn at_span(file: &FileText, span: &Range<usize>, message: &str) -> String {
    let (number, column) = line_and_column(&file.text, span.start);
    let marked = file.text.get(span.clone()).unwrap_or_default().lines().next().unwrap_or_default();
    at_place(file, number, column, marked.chars().count(), message)
}

/// Line and column, from 1 and in characters, of a byte of a text.
pub(super) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.char_indices().take_while(|&(at, _)| at < offset).map(|(_, c)| c);
    before.fold((1, 1), |(line, column), c| if c == '\n' { (line + 1, 1) } else { (line, column + 1) })
}

/// A problem at a line and column, from 1 and in characters, with that line and carets below `length` characters.
pub(super) fn at_place(file: &FileText, number: usize, column: usize, length: usize, message: &str) -> String {
    const BEFORE: usize = 60;
    const AFTER: usize = 100;
    let line = file.text.lines().nth(number.saturating_sub(1)).unwrap_or_default();
    let skipped = column.saturating_sub(1).saturating_sub(BEFORE);
    let shown: String =
        line.chars().skip(skipped).take(BEFORE + AFTER).map(|c| if is_deceptive(c) { ' ' } else { c }).collect();
    let indent: usize = shown.chars().take(column - 1 - skipped).map(width).sum();
    let carets: usize = shown.chars().skip(column - 1 - skipped).take(length.max(1)).map(width).sum();
    let margin = " ".repeat(number.to_string().len());
    format!(
        "{}:{number}:{column}: {}\n{margin} |\n{number} | {}\n{margin} | {}{}",
        file.name,
        printable(message),
        shown.trim_end(),
        " ".repeat(indent),
        "^".repeat(carets.max(1)),
    )
}

/// How many columns of a terminal a character takes (Unicode UAX #11, its wide blocks).
fn width(c: char) -> usize {
    match u32::from(c) {
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}
