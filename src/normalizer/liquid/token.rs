//! A template cut into text, outputs and tags, with the line of each.

/// A piece of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'s> {
    Text(&'s str),
    /// What is between `{{` and `}}`.
    Output(&'s str),
    /// The name of a tag, and what follows it.
    Tag(&'s str, &'s str),
    /// A `{{` or `{%` that nothing ends: it hides the rest of its line.
    Open,
}

/// Gives the tokens one by one; white space is taken off where `-` asks for it.
#[derive(Debug)]
pub(super) struct Tokens<'s> {
    source: &'s str,
    at: usize,
    line: u32,
    trims: bool,
}

impl<'s> Tokens<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self { source, at: 0, line: 1, trims: false }
    }

    /// The next token, and its line from 1.
    pub(super) fn next(&mut self) -> Option<(Token<'s>, u32)> {
        let rest = self.rest();
        if rest.is_empty() {
            return None;
        }
        let line = self.line;
        let token = match opening(rest) {
            Some(0) => self.markup(rest),
            other => {
                let end = other.unwrap_or(rest.len());
                self.text(rest, end)
            }
        };
        Some((token, line))
    }

    /// What stands before the end of a block whose inside is no Liquid, and goes on behind it; all of the rest, and
    /// `false`, where it never ends.
    pub(super) fn until_end(&mut self, name: &str, nests: bool) -> (&'s str, bool) {
        let start = self.at;
        let mut depth = 0_usize;
        self.trims = false;
        while let Some(at) = memchr::memmem::find(self.rest().as_bytes(), b"{%") {
            self.step(at);
            let before = self.at;
            match self.markup(self.rest()) {
                Token::Tag(found, _) if found.strip_prefix("end") == Some(name) => {
                    if depth == 0 {
                        return (self.source.get(start..before).unwrap_or_default(), true);
                    }
                    depth -= 1;
                }
                Token::Tag(found, _) if nests && found == name => depth += 1,
                _ => {}
            }
        }
        let rest = self.source.get(start..).unwrap_or_default();
        self.step(self.rest().len());
        self.trims = false;
        (rest, false)
    }

    fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn text(&mut self, rest: &'s str, end: usize) -> Token<'s> {
        let mut text = rest.get(..end).unwrap_or_default();
        self.step(end);
        if std::mem::take(&mut self.trims) {
            text = text.trim_start();
        }
        if self.rest().as_bytes().get(2) == Some(&b'-') {
            text = text.trim_end();
        }
        Token::Text(text)
    }

    fn markup(&mut self, rest: &'s str) -> Token<'s> {
        let is_tag = rest.as_bytes().get(1) == Some(&b'%');
        let closing = if is_tag { "%}" } else { "}}" };
        let inside = rest.get(2..).unwrap_or_default();
        let Some(length) = memchr::memmem::find(inside.as_bytes(), closing.as_bytes()) else {
            let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
            self.step(end);
            self.trims = false;
            return Token::Open;
        };
        self.step(length + 4);
        let inside = inside.get(..length).unwrap_or_default();
        self.trims = inside.len() > 1 && inside.ends_with('-');
        let inside = inside.strip_prefix('-').unwrap_or(inside);
        let inside = inside.strip_suffix('-').unwrap_or(inside).trim();
        if !is_tag {
            return Token::Output(inside);
        }
        let end = inside.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(inside.len());
        let (name, rest) = inside.split_at_checked(end).unwrap_or((inside, ""));
        Token::Tag(name, rest.trim())
    }

    fn step(&mut self, bytes: usize) {
        let passed = self.source.get(self.at..self.at + bytes).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', passed.as_bytes()).count();
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.at += bytes;
    }
}

/// Where the first `{{` or `{%` is.
fn opening(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'{', bytes).find(|at| matches!(bytes.get(at + 1), Some(b'{' | b'%')))
}
