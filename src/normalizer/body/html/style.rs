//! Inline style sheets: those that hide their element, and those that reach beyond it.

use crate::normalizer::text::decode;

/// What an inline style does that matters to a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Effect {
    /// It hides its element.
    pub(super) hides: bool,
    /// It takes its element out of the flow of the text, or loads or runs something.
    pub(super) escapes: bool,
}

const POSITIONS: [&str; 4] = ["fixed", "absolute", "sticky", "-webkit-sticky"];
const LOADERS: [&str; 7] = ["url(", "src(", "image-set(", "@import", "expression(", "-moz-binding", "behavior:"];

/// The effect of the value of a `style` attribute as it stands in the source.
pub(super) fn effect(style: &str) -> Effect {
    let style = squeezed(&decode(style));
    let (mut display, mut visibility, mut escapes) = ("", "", LOADERS.iter().any(|loader| style.contains(loader)));
    for (property, value) in style.split(';').filter_map(|declaration| declaration.split_once(':')) {
        let value = value.strip_suffix("!important").unwrap_or(value);
        match property {
            "display" => display = value,
            "visibility" => visibility = value,
            "position" => escapes |= POSITIONS.contains(&value),
            _ => {}
        }
    }
    Effect { hides: display == "none" || matches!(visibility, "hidden" | "collapse"), escapes }
}

/// Lower case, without white space and comments, escapes resolved (CSS Syntax §4.3.7).
fn squeezed(css: &str) -> String {
    let mut plain = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '/' if rest.starts_with('*') => {
                rest = rest.get(1..).and_then(|comment| comment.split_once("*/")).map_or("", |(_, after)| after);
            }
            '\\' => {
                let (escaped, length) = escape(rest);
                plain.extend(escaped.into_iter().flat_map(char::to_lowercase));
                rest = rest.get(length..).unwrap_or_default();
            }
            c if c.is_whitespace() => {}
            c => plain.push(c.to_ascii_lowercase()),
        }
    }
    plain
}

/// The character that the text after a backslash stands for, and its length.
fn escape(text: &str) -> (Option<char>, usize) {
    let count = text.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
    if count == 0 {
        let c = text.chars().next();
        return (c, c.map_or(0, char::len_utf8));
    }
    let code = text.get(..count).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let space = usize::from(text.as_bytes().get(count).is_some_and(u8::is_ascii_whitespace));
    (code.and_then(char::from_u32), count + space)
}
