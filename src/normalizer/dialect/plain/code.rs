//! Where a Markdown text is code, in which nothing else is markup.

/// The lines of a text with their ends, each with whether it is part of fenced code.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut open: Option<(u8, usize)> = None;
    text.split_inclusive('\n').map(move |line| {
        let fence = fence(line);
        match (open, fence) {
            (None, Some((kind, length, _))) => open = Some((kind, length)),
            (Some((kind, length)), Some((other, longer, true))) if kind == other && longer >= length => open = None,
            (None, None) => return (line, false),
            _ => {}
        }
        (line, true)
    })
}

/// The character and the number of them that a line begins with as a fence does, and whether nothing follows.
fn fence(line: &str) -> Option<(u8, usize, bool)> {
    let line = line.trim();
    let kind = *line.as_bytes().first().filter(|first| matches!(first, b'`' | b'~'))?;
    let length = line.bytes().take_while(|&byte| byte == kind).count();
    let behind = line.get(length..).unwrap_or_default();
    // Three backticks and text with one more are code within a line.
    (length >= 3 && !(kind == b'`' && behind.contains('`'))).then_some((kind, length, behind.is_empty()))
}

/// How long the code is that begins with the backticks at the head of `text`; their number alone where nothing ends it in its
/// paragraph.
pub(super) fn span(text: &str) -> (usize, bool) {
    let ticks = text.bytes().take_while(|&byte| byte == b'`').count();
    let paragraph = text.get(..text.find("\n\n").unwrap_or(text.len())).unwrap_or(text);
    let mut at = ticks;
    while let Some(found) = paragraph.get(at..).and_then(|rest| rest.find('`')) {
        let start = at + found;
        let run = paragraph.bytes().skip(start).take_while(|&byte| byte == b'`').count();
        at = start + run;
        if run == ticks {
            return (at, true);
        }
    }
    (ticks, false)
}
