//! Formulas, which Markdown leaves as they are (goldmark's `passthrough` extension). What stands between its delimiters is a word until
//! Markdown is HTML.

use crate::config::HugoPassthrough;
use crate::normalizer::text;

/// What the words begin with; a text that has it is left as it is.
const WORD: &str = "PASSTHROUGHN";
const WORD_END: char = 'X';

/// A text whose formulas are words.
pub(super) struct Held<'a> {
    pub(super) text: String,
    pieces: Vec<(&'a str, bool)>,
}

/// The text with words in place of its formulas; `None` when it has none.
pub(super) fn hold<'a>(source: &'a str, delimiters: &[HugoPassthrough]) -> Option<Held<'a>> {
    if delimiters.is_empty() || !delimiters.iter().any(|pair| source.contains(&pair.open)) || source.contains(WORD) {
        return None;
    }
    let mut held = Held { text: String::with_capacity(source.len()), pieces: Vec::new() };
    let mut fence: Option<&str> = None;
    let mut at = 0;
    let mut is_line_start = true;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let line = rest.get(..rest.find('\n').map_or(rest.len(), |end| end + 1)).unwrap_or(rest);
        if std::mem::take(&mut is_line_start) {
            let mark = ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
            let is_fence = mark.is_some() && (fence.is_none() || fence == mark);
            if is_fence {
                fence = if fence.is_none() { mark } else { None };
            }
            if is_fence || fence.is_some() {
                held.text.push_str(line);
                at += line.len();
                is_line_start = true;
                continue;
            }
        }
        let length = held.take(rest, delimiters);
        is_line_start = rest.get(..length).is_some_and(|taken| taken.ends_with('\n'));
        at += length;
    }
    (!held.pieces.is_empty()).then_some(held)
}

impl<'a> Held<'a> {
    /// Takes what is at the head of a text, and says how long that is.
    fn take(&mut self, rest: &'a str, delimiters: &[HugoPassthrough]) -> usize {
        let opening = delimiters.iter().filter(|pair| rest.starts_with(&pair.open));
        if let Some(pair) = opening.max_by_key(|pair| pair.open.len())
            && let Some(length) = length_of(rest, pair)
        {
            self.text.push_str(&format!("{WORD}{}{WORD_END}", self.pieces.len()));
            self.pieces.push((rest.get(..length).unwrap_or_default(), pair.is_block));
            return length;
        }
        let length = match rest.chars().next() {
            Some('\\') => 1 + rest.chars().nth(1).filter(char::is_ascii).map_or(0, char::len_utf8),
            Some('`') => code(rest),
            first => first.map_or(1, char::len_utf8),
        };
        self.text.push_str(rest.get(..length).unwrap_or_default());
        length
    }

    /// The rendered text with its formulas. One that is a block stands beside paragraphs, and ids of headings have none.
    pub(super) fn restore(&self, rendered: &str) -> String {
        let rendered = without_words(rendered);
        let mut html = String::with_capacity(rendered.len() + self.text.len() / 2);
        let mut rest = rendered.as_str();
        while let Some((before, after)) = rest.split_once(WORD) {
            html.push_str(before);
            let number = after.split_once(WORD_END).and_then(|(number, behind)| Some((number.parse().ok()?, behind)));
            let found = number.and_then(|(number, behind): (usize, _)| Some((*self.pieces.get(number)?, behind)));
            let Some(((formula, is_block), behind)) = found else {
                html.push_str(WORD);
                rest = after;
                continue;
            };
            let formula = text::escape(formula);
            let is_in_paragraph = is_block && html.rfind("<p>") > html.rfind("</p>");
            rest = behind;
            if !is_in_paragraph {
                html.push_str(&formula);
                continue;
            }
            match html.strip_suffix("<p>").map(str::len) {
                Some(length) => html.truncate(length),
                None => html.push_str("</p>\n"),
            }
            html.push_str(&formula);
            match behind.strip_prefix("</p>") {
                Some(behind) => rest = behind.strip_prefix('\n').unwrap_or(behind),
                None => html.push_str("<p>"),
            }
        }
        html.push_str(rest);
        html
    }
}

/// How long a formula is, with its delimiters: it ends in its own paragraph.
fn length_of(text: &str, pair: &HugoPassthrough) -> Option<usize> {
    let inside = text.get(pair.open.len()..)?;
    let end = inside.find(&pair.close)?;
    let formula = inside.get(..end)?;
    let has_blank_line = formula.lines().skip(1).any(|line| line.trim().is_empty());
    (end > 0 && !has_blank_line).then_some(pair.open.len() + end + pair.close.len())
}

/// How long the code is that begins with backticks; the backticks alone where it never ends.
fn code(text: &str) -> usize {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let paragraph = text.get(..text.find("\n\n").unwrap_or(text.len())).unwrap_or(text);
    let mut at = ticks;
    while let Some(found) = paragraph.get(at..).and_then(|rest| rest.find('`')) {
        let start = at + found;
        let behind = paragraph.get(start..).unwrap_or_default();
        let own = behind.len() - behind.trim_start_matches('`').len();
        if own == ticks {
            return start + own;
        }
        at = start + own;
    }
    ticks
}

/// HTML without words in ids of headings, which are in lower case there.
fn without_words(html: &str) -> String {
    let word = WORD.to_lowercase();
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(&word) {
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let Some(behind) = after.get(digits..).and_then(|behind| behind.strip_prefix('x')).filter(|_| digits > 0)
        else {
            text.push_str(before);
            text.push_str(&word);
            rest = after;
            continue;
        };
        // Blanks at the ends of the heading are none.
        let is_end = behind.starts_with('"');
        text.push_str(if is_end { before.trim_end_matches('-') } else { before });
        rest = if text.ends_with('"') && !is_end { behind.trim_start_matches('-') } else { behind };
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(open: &str, close: &str, is_block: bool) -> HugoPassthrough {
        HugoPassthrough { open: open.to_owned(), close: close.to_owned(), is_block }
    }

    #[test]
    fn formulas_are_words_and_come_back() {
        let delimiters =
            [pair("$$", "$$", true), pair("\\[", "\\]", true), pair("\\(", "\\)", false), pair("$", "$", false)];
        let held =
            hold("a $x_1$ `$c$` \\$5 \\(y\\)\n\n$$\nz < 1\n$$\n\n```\n$$ n $$\n```\n$ open\n\n$", &delimiters).unwrap();
        assert_eq!(
            held.text,
            "a PASSTHROUGHN0X `$c$` \\$5 PASSTHROUGHN1X\n\nPASSTHROUGHN2X\n\n```\n$$ n $$\n```\n$ open\n\n$"
        );
        assert_eq!(
            held.restore(
                "<h2 id=\"a-passthroughn0x\">a PASSTHROUGHN0X</h2><p>PASSTHROUGHN2X</p><p>a PASSTHROUGHN2X b</p>"
            ),
            "<h2 id=\"a\">a $x_1$</h2>$$\nz &lt; 1\n$$<p>a </p>\n$$\nz &lt; 1\n$$<p> b</p>"
        );
        assert!(hold("none", &delimiters).is_none());
        assert!(hold("$x$", &[]).is_none());
    }
}
