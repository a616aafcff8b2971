//! Where markup ends and text begins, for text that has no need of a document.

/// A stretch of HTML.
pub(super) enum Piece<'a> {
    /// Text, references not decoded.
    Text(&'a str),
    /// A tag with its brackets, or whatever else is no text.
    Markup(&'a str),
}

/// The text of `html` and its markup, in order.
///
/// Markup is what HTML's tokenizer takes for it: a `<` before white space or a digit is text. A tag that never ends is
/// text too, while comments, scripts and style sheets without an end reach to the end of the input.
pub(super) fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut scanner = Scanner { rest: html, quotes_close: true };
    std::iter::from_fn(move || scanner.next_piece())
}

struct Scanner<'a> {
    rest: &'a str,
    /// Whether quotes are heeded in tags: not once one was left open, or every later tag would be searched to the end.
    quotes_close: bool,
}

impl<'a> Scanner<'a> {
    fn next_piece(&mut self) -> Option<Piece<'a>> {
        let start = markup_start(self.rest);
        if start != Some(0) {
            return self.take(start.unwrap_or(self.rest.len())).map(Piece::Text);
        }
        match self.markup_end() {
            Some(end) => self.take(end).map(Piece::Markup),
            None => self.take(self.rest.len()).map(Piece::Text),
        }
    }

    /// The next `length` bytes; `None` at the end of the input.
    fn take(&mut self, length: usize) -> Option<&'a str> {
        let (piece, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        (!piece.is_empty()).then_some(piece)
    }

    /// Where the markup ends that the rest begins with; `None` when it is a tag that never ends.
    fn markup_end(&mut self) -> Option<usize> {
        let rest = self.rest;
        let bytes = rest.as_bytes();
        if rest.starts_with("<!--") {
            return Some(comment_end(rest));
        }
        let named = match bytes.get(1) {
            Some(b'/') => bytes.get(2).is_some_and(u8::is_ascii_alphabetic),
            Some(b'!' | b'?') => false,
            _ => true,
        };
        if !named {
            // A declaration, a processing instruction, `</ x>`: HTML's bogus comments, which end at the first `>`.
            return Some(rest.find('>').map_or(rest.len(), |end| end + 1));
        }
        let end = self.tag_end()?;
        let raw = ["script", "style"].into_iter().find(|name| is_start_tag(bytes, name));
        Some(raw.map_or(end, |name| element_end(rest, end, name)))
    }

    fn tag_end(&mut self) -> Option<usize> {
        if self.quotes_close {
            if let Some(end) = quoted_tag_end(self.rest.as_bytes()) {
                return Some(end);
            }
            self.quotes_close = false;
        }
        self.rest.find('>').map(|end| end + 1)
    }
}

fn markup_start(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'<', bytes).find(|at| match bytes.get(at + 1) {
        Some(b'!' | b'?') => true,
        Some(b'/') => bytes.get(at + 2).is_some(),
        Some(byte) => byte.is_ascii_alphabetic(),
        None => false,
    })
}

/// HTML §13.2.5.43 to 51: `<!-->` and `<!--->` are whole comments, `--!>` ends one like `-->`.
fn comment_end(text: &str) -> usize {
    let ends_with = |start: usize, at: usize, dashes: &str| text.get(start..at).is_some_and(|t| t.ends_with(dashes));
    let mut candidates = text.match_indices('>').map(|(at, _)| at);
    let end = candidates.find(|&at| ends_with(2, at, "--") || ends_with(4, at, "--!"));
    end.map_or(text.len(), |at| at + 1)
}

/// The end of the tag at the start of `bytes`; a `>` in a quoted value is none.
fn quoted_tag_end(bytes: &[u8]) -> Option<usize> {
    let mut quote = None;
    let mut before_value = false;
    for (at, &byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (Some(open), _) => quote = quote.filter(|_| open != byte),
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') if before_value => {
                quote = Some(byte);
                before_value = false;
            }
            (None, b'=') => before_value = true,
            (None, _) => before_value &= byte.is_ascii_whitespace(),
        }
    }
    None
}

fn is_start_tag(tag: &[u8], name: &str) -> bool {
    let rest = tag.get(1..).unwrap_or_default();
    let ends = rest.get(name.len()).is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'));
    ends && rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
}

/// The end of the end tag of the raw text element `name`, whose content begins at `start`.
fn element_end(text: &str, start: usize, name: &str) -> usize {
    let content = text.get(start..).unwrap_or_default();
    let end_tag = content.match_indices("</").map(|(at, _)| at).find(|at| {
        let tag = content.as_bytes().get(at + 1..).unwrap_or_default();
        is_start_tag(tag, name)
    });
    let end = end_tag.and_then(|at| content.get(at..)?.find('>').map(|end| start + at + end + 1));
    end.unwrap_or(text.len())
}
