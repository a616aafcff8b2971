//! HTML at the head of a Markdown text, which needs no parser.

/// Some of the elements that begin a block of HTML, of those that end at a blank line (CommonMark §4.6, start condition 6).
const ELEMENTS: [&str; 16] = [
    "p",
    "div",
    "table",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "section",
    "article",
    "figure",
    "center",
];

/// Where the block of HTML ends that `text` begins with: behind its last line, 0 where it begins with none. What is before
/// stands in the result as it is, and what follows means the same without it.
///
/// Posts of news sites are often nothing but one such block.
pub(super) fn html_at_head(text: &str) -> usize {
    if !begins_block(text) {
        return 0;
    }
    let mut end = 0;
    while let Some(rest) = text.get(end..).filter(|rest| !rest.is_empty()) {
        let length = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |at| at + 1);
        let line = rest.get(..length).unwrap_or_default();
        if line.trim_matches([' ', '\t', '\n']).is_empty() {
            break;
        }
        // What the parser makes of these is for it to say.
        if memchr::memchr2(b'\r', b'\0', line.as_bytes()).is_some() {
            return 0;
        }
        end += length;
    }
    end
}

fn begins_block(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('<') else { return false };
    let end = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    rest.split_at_checked(end)
        .is_some_and(|(name, after)| ELEMENTS.contains(&name) && after.starts_with([' ', '>', '\n']))
}
