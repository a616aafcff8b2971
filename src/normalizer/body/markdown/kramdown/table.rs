//! Tables: lines with a bar in them, between blank lines.

use super::blocks::Blocks;
use super::cursor::{Cursor, head, tail, trim};
use super::spans::{self, Set};
use super::tree::{Alignment, Kind, Node, Part};
use super::{Document, lines};

impl Blocks<'_> {
    pub(super) fn table(&mut self, source: &mut Cursor<'_>, tree: &mut Node) -> bool {
        let line = source.line();
        if memchr::memchr(b'|', line.as_bytes()).is_none()
            || lines::unindented(line).starts_with([' ', '\t'])
            || !has_bar(lines::unindented(line))
            || !self.follows_boundary(tree)
        {
            return false;
        }
        // Taken also where the lines turn out to be no table, as kramdown has it.
        let mut node = self.node(Kind::Table(Vec::new()));
        let mut after = *source;
        let mut table = Table::default();
        if is_separator(line, '-') {
            after.take_line();
        }
        let has_leading_bar = trim(line).starts_with('|');
        while has_bar(after.line()) && after.line().ends_with('\n') {
            table.take(after.take_line(), has_leading_bar, self.document);
        }
        let text = after.since(source.at());
        if !lines::is_block_boundary(after.rest()) || !has_bars_outside_code(text, self.document) {
            return false;
        }
        let Some((alignment, sections)) = table.finish() else { return false };
        node.kind = Kind::Table(alignment);
        node.children = sections;
        tree.children.push(node);
        *source = after;
        true
    }
}

#[derive(Default)]
struct Table {
    sections: Vec<Node>,
    rows: Vec<Node>,
    alignment: Vec<Alignment>,
    columns: usize,
    has_footer: bool,
}

impl Table {
    fn take(&mut self, line: &str, has_leading_bar: bool, document: &mut Document) {
        if is_separator(line, '-') {
            if self.rows.is_empty() {
                return;
            }
            if self.alignment.is_empty() && !self.has_footer {
                self.close(Part::Head);
                self.alignment = alignments(line);
            } else if !self.has_footer {
                self.close(Part::Body);
            }
        } else if is_separator(line, '=') {
            if !self.rows.is_empty() {
                self.close(Part::Body);
            }
            self.has_footer = true;
        } else {
            let mut cells = cells(line.trim_end_matches(['\n', ' ', '\t']), document);
            if has_leading_bar && cells.first().is_some_and(|first| trim(first).is_empty()) {
                cells.remove(0);
            }
            cells.pop_if(|last| trim(last).is_empty());
            self.columns = self.columns.max(cells.len());
            let cell = |text: &String| Node::with(Kind::Cell, vec![Node::new(Kind::Source(trim(text).to_owned()))]);
            self.rows.push(Node::with(Kind::Row, cells.iter().map(cell).collect()));
        }
    }

    fn close(&mut self, part: Part) {
        self.sections.push(Node::with(Kind::Section(part), std::mem::take(&mut self.rows)));
    }

    /// The columns and the sections; `None` where nothing is a body.
    fn finish(mut self) -> Option<(Vec<Alignment>, Vec<Node>)> {
        if !self.rows.is_empty() {
            self.close(if self.has_footer { Part::Foot } else { Part::Body });
        }
        if !self.sections.iter().any(|section| matches!(section.kind, Kind::Section(Part::Body))) {
            return None;
        }
        // Rows of a thousand columns behind a thousand rows of one would be a million cells.
        let cells = self.sections.iter().flat_map(|section| &section.children).map(|row| row.children.len() + 8);
        let rows = self.sections.iter().map(|section| section.children.len()).sum::<usize>();
        if rows.saturating_mul(self.columns) > 64 * cells.sum::<usize>() {
            return None;
        }
        for row in self.sections.iter_mut().flat_map(|section| &mut section.children) {
            row.children.resize_with(self.columns, || Node::new(Kind::Cell));
        }
        self.alignment.resize(self.columns, Alignment::Default);
        Some((self.alignment, self.sections))
    }
}

/// Whether there is a bar on the line that no backslash escapes.
fn has_bar(line: &str) -> bool {
    let bytes = line.as_bytes();
    memchr::memchr_iter(b'|', bytes).any(|at| at.checked_sub(1).is_none_or(|before| bytes.get(before) != Some(&b'\\')))
}

/// Whether a line has nothing but what separates parts of a table, and `mark` at least once.
fn is_separator(line: &str, mark: char) -> bool {
    let Some(line) = line.strip_suffix('\n') else { return false };
    line.contains(mark) && line.chars().all(|c| c == mark || matches!(c, '+' | '|' | ':' | ' ' | '\t'))
}

fn alignments(line: &str) -> Vec<Alignment> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find('-') {
        let left = head(rest, start).ends_with(':');
        let after = tail(rest, start).trim_start_matches('-');
        let right = after.starts_with(':');
        found.push(match (left, right) {
            (false, false) => Alignment::Default,
            (true, false) => Alignment::Left,
            (false, true) => Alignment::Right,
            (true, true) => Alignment::Center,
        });
        rest = tail(after, usize::from(right));
    }
    found
}

/// The cells of a row: bars in code do not count.
fn cells(row: &str, document: &mut Document) -> Vec<String> {
    let mut cells = Vec::new();
    let mut rest = row;
    while let Some((before, code, after)) = html_code(rest) {
        push_cells(before, document, &mut cells);
        push(code, &mut cells);
        rest = after;
    }
    push_cells(rest, document, &mut cells);
    cells
}

/// `<code>…</code>`, with what is before and after it.
fn html_code(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.find("<code")?;
    let inside = start + tail(text, start).find('>')?;
    let end = inside + tail(text, inside).find("</code>")? + "</code>".len();
    Some((head(text, start), tail(head(text, end), start), tail(text, end)))
}

fn push_cells(text: &str, document: &mut Document, cells: &mut Vec<String>) {
    for node in spans::parse(document, text, Set::Code) {
        match node.kind {
            Kind::CodeSpan(code) => {
                let mark = "`".repeat(longest_run(&code) + 1);
                let space = if mark.len() > 1 { " " } else { "" };
                push(&format!("{mark}{space}{code}{space}{mark}"), cells);
            }
            Kind::Text(text) => {
                let mut start = 0;
                let is_bar = |at: &usize| !head(&text, *at).ends_with('\\');
                let mut is_first = true;
                let bars: Vec<usize> = memchr::memchr_iter(b'|', text.as_bytes()).filter(is_bar).collect();
                for end in bars.into_iter().chain([text.len()]) {
                    let cell = tail(head(&text, end), start).replace("\\|", "|");
                    if is_first {
                        push(&cell, cells);
                    } else {
                        cells.push(cell);
                    }
                    is_first = false;
                    start = end + 1;
                }
            }
            _ => {}
        }
    }
}

fn push(text: &str, cells: &mut Vec<String>) {
    match cells.last_mut() {
        Some(last) => last.push_str(text),
        None => cells.push(text.to_owned()),
    }
}

fn longest_run(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Whether each line has a bar that is neither in code nor in HTML.
fn has_bars_outside_code(text: &str, document: &mut Document) -> bool {
    let mut has_bar_on_line = false;
    for node in spans::parse(document, text.strip_suffix('\n').unwrap_or(text), Set::CodeAndHtml) {
        let (value, is_code) = match &node.kind {
            Kind::CodeSpan(code) => (code, true),
            Kind::Text(text) | Kind::Comment(text, _) | Kind::Html { name: text, .. } => (text, false),
            _ => continue,
        };
        let lines: Vec<&str> = value.trim_end_matches('\n').split('\n').collect();
        let first_has_bar = lines.first().is_some_and(|line| has_bar(line));
        if is_code {
            if lines.len() > 2 || lines.len() == 2 && !has_bar_on_line {
                break;
            }
            has_bar_on_line &= lines.len() != 2;
        } else {
            if lines.len() > 1 && !has_bar_on_line && !first_has_bar {
                break;
            }
            has_bar_on_line &= lines.len() <= 1;
            has_bar_on_line |= lines.last().is_some_and(|line| has_bar(line));
        }
    }
    has_bar_on_line
}

impl Alignment {
    /// The value of `text-align`.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Default => None,
            Self::Left => Some("left"),
            Self::Center => Some("center"),
            Self::Right => Some("right"),
        }
    }
}
