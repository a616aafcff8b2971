//! Blocks of code: which language the line above them names, and which lines it hides.

use std::ops::RangeInclusive;

use pulldown_cmark::{CodeBlockKind, CowStr};

/// A block that is being read.
#[derive(Default)]
pub(super) struct Block {
    hidden: Vec<RangeInclusive<usize>>,
    /// What was kept back of it, where lines are hidden.
    text: String,
}

impl Block {
    /// The block, and what it is called: by its language alone, as in `rust,linenos,hl_lines=2-3`.
    pub(super) fn open(kind: CodeBlockKind<'_>, hides_lines: bool) -> (Self, CodeBlockKind<'_>) {
        let CodeBlockKind::Fenced(info) = &kind else { return (Self::default(), kind) };
        let mut block = Self::default();
        let mut language = "";
        for part in info.split(',').map(str::trim) {
            match part.split_once('=') {
                Some((key, lines)) if key.trim() == "hide_lines" && hides_lines => block.hidden = ranges(lines),
                Some(_) => {}
                None if matches!(part, "linenos" | "copy") => {}
                None => language = part.split_whitespace().next().unwrap_or_default(),
            }
        }
        let kind = if **info == *language { kind } else { CodeBlockKind::Fenced(language.to_owned().into()) };
        (block, kind)
    }

    /// The text where it can stand at once; else it is kept.
    pub(super) fn keep<'a>(&mut self, text: CowStr<'a>) -> Option<CowStr<'a>> {
        if self.hidden.is_empty() {
            return Some(text);
        }
        self.text.push_str(&text);
        None
    }

    /// What was kept, without hidden lines.
    pub(super) fn text(self) -> Option<String> {
        if self.hidden.is_empty() {
            return None;
        }
        let is_hidden = |number: usize| self.hidden.iter().any(|lines| lines.contains(&number));
        let lines = self.text.split_inclusive('\n').enumerate();
        Some(lines.filter(|(at, _)| !is_hidden(at + 1)).map(|(_, line)| line).collect())
    }
}

/// How many ranges of lines are heeded.
const MOST_RANGES: usize = 100;

/// `1 3-5`: numbers of lines and ranges of them.
fn ranges(text: &str) -> Vec<RangeInclusive<usize>> {
    let range = |part: &str| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        Some(from.trim().parse().ok()?..=to.trim().parse().ok()?)
    };
    text.split_whitespace().take(MOST_RANGES).filter_map(range).collect()
}
