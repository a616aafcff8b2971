//! The shortcut for posts that begin with a line of HTML paragraphs, as those of news sites do.
//!
//! Elements in the one notation that kramdown writes them back in, with text that it leaves alone. Whatever is not certainly
//! that is left to the parser, so that both always agree.

/// Elements that may stand in such a paragraph.
const INLINE: [&str; 7] = ["strong", "a", "em", "b", "i", "span", "u"];

/// The paragraphs at the head of `text` as kramdown writes them, and where what follows the blank line behind them begins.
pub(super) fn paragraphs(text: &str) -> Option<(String, usize)> {
    if !text.starts_with("<p") {
        return None;
    }
    let end = memchr::memchr(b'\n', text.as_bytes())?;
    let (line, rest) = text.split_at_checked(end)?;
    let rest = rest.strip_prefix('\n')?;
    let behind = rest.trim_start_matches('\n');
    let contains = |mark: &str| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    // A definition or an option of kramdown's may concern what is before it, and a line right behind belongs to the block.
    if (!behind.is_empty() && !rest.starts_with('\n'))
        || behind.starts_with([' ', '\t'])
        || contains("{:")
        || contains("*[")
    {
        return None;
    }
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    let (mut left, mut scratch) = (line, Scratch::default());
    while !left.is_empty() {
        let length = paragraph(left, &mut scratch)?;
        html.push_str(left.get(..length)?);
        html.push('\n');
        left = left.get(length..)?;
    }
    if !rest.is_empty() {
        html.push('\n');
    }
    Some((html, text.len() - behind.len()))
}

/// What is reused from paragraph to paragraph: the elements that are open, and the attributes of a tag.
#[derive(Default)]
struct Scratch<'a> {
    open: Vec<&'a str>,
    seen: Vec<&'a str>,
}

/// The length of the paragraph that a text begins with.
fn paragraph<'a>(text: &'a str, Scratch { open, seen }: &mut Scratch<'a>) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        // Between tags: nothing that is escaped, or may be the start of a reference.
        let next = memchr::memchr2(b'<', b'>', rest.as_bytes())?;
        if rest.as_bytes().get(next) != Some(&b'<') || !escapes(rest.get(..next)?) {
            return None;
        }
        at += next;
        let tag = Tag::read(text.get(at..)?, seen)?;
        at += tag.length;
        match (tag.kind, open.last()) {
            (TagKind::Start, None) if tag.name == "p" && next == 0 => open.push("p"),
            (TagKind::Start, Some(_)) if INLINE.contains(&tag.name) && open.len() < 8 => open.push(tag.name),
            (TagKind::Void, Some(_)) if matches!(tag.name, "img" | "br") => {}
            (TagKind::End, Some(last)) if *last == tag.name => {
                open.pop();
                if open.is_empty() {
                    return Some(at);
                }
            }
            _ => return None,
        }
    }
}

#[derive(Clone, Copy)]
enum TagKind {
    Start,
    Void,
    End,
}

struct Tag<'a> {
    name: &'a str,
    kind: TagKind,
    length: usize,
}

impl<'a> Tag<'a> {
    /// `<name a="b">`, `<name a="b" />` or `</name>`, as kramdown writes them: each attribute once.
    fn read(text: &'a str, seen: &mut Vec<&'a str>) -> Option<Self> {
        let inner = text.strip_prefix('<')?;
        let (is_end, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
        let (name, mut rest) = word(inner)?;
        let tag = |rest: &str, kind| Some(Self { name, kind, length: text.len() - rest.len() });
        if is_end {
            return tag(rest.strip_prefix('>')?, TagKind::End);
        }
        seen.clear();
        loop {
            if let Some(rest) = rest.strip_prefix('>') {
                return tag(rest, TagKind::Start);
            }
            rest = rest.strip_prefix(' ')?;
            if let Some(rest) = rest.strip_prefix("/>") {
                return tag(rest, TagKind::Void);
            }
            let (attribute, after) = word(rest)?;
            let (value, after) = after.strip_prefix("=\"")?.split_once('"')?;
            if seen.contains(&attribute)
                || value.is_empty()
                || value.contains(['<', '>', '\'', '\\'])
                || !escapes(value)
                || attribute == "markdown"
            {
                return None;
            }
            seen.push(attribute);
            rest = after;
        }
    }
}

/// Whether every ampersand is one that is written out.
fn escapes(text: &str) -> bool {
    memchr::memchr_iter(b'&', text.as_bytes()).all(|at| text.get(at..).is_some_and(|text| text.starts_with("&amp;")))
}

/// Small letters at the head of a text, and the rest.
fn word(text: &str) -> Option<(&str, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_lowercase).count();
    text.split_at_checked(length).filter(|(word, _)| !word.is_empty())
}
