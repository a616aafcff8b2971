//! A place in a text.

/// The bytes of `text` from `at` on; nothing where that is no place in it.
pub(super) fn tail(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// The bytes of `text` before `at`; all of them where that is no place in it.
pub(super) fn head(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or(text)
}

/// White space as Ruby's `\s` has it.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{B}' | '\u{C}')
}

pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// What is left of `text` behind the white space that it begins with.
pub(super) fn skip_space(text: &str) -> &str {
    text.trim_start_matches(is_space)
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn go_to(&mut self, at: usize) {
        self.at = at.min(self.text.len());
    }

    pub(super) fn skip(&mut self, bytes: usize) {
        self.go_to(self.at + bytes);
    }

    pub(super) fn finish(&mut self) {
        self.at = self.text.len();
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn rest(&self) -> &'t str {
        tail(self.text, self.at)
    }

    pub(super) fn before(&self) -> &'t str {
        head(self.text, self.at)
    }

    /// The text from `start` to here.
    pub(super) fn since(&self, start: usize) -> &'t str {
        tail(self.before(), start)
    }

    /// The rest of the line with its end.
    pub(super) fn line(&self) -> &'t str {
        let rest = self.rest();
        head(rest, memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1))
    }

    pub(super) fn take_line(&mut self) -> &'t str {
        let line = self.line();
        self.skip(line.len());
        line
    }

    /// Goes past blanks and the end of the line, if there is nothing else on it.
    pub(super) fn skip_trailing_blanks(&mut self) {
        let line = self.line();
        if line.trim_start_matches([' ', '\t']) == "\n" {
            self.skip(line.len());
        }
    }
}
