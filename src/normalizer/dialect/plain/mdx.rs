//! MDX as Markdown: without its modules, comments, expressions and components, whose own text stays.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::code;

/// How many names of components are told of one text.
const MOST_NAMES: usize = 20;
/// Elements that hold nothing (HTML, void elements).
const VOID: [&str; 8] = ["area", "br", "col", "hr", "img", "source", "track", "wbr"];

/// The text without what only a program could render, and the names of its components.
pub(super) fn to_markdown(text: &str) -> (Cow<'_, str>, BTreeSet<String>) {
    let mut names = BTreeSet::new();
    let text = outside_of_code(&without_modules(text), |text, out| Markup::new(text, Some(&mut names)).write(out));
    (text.into(), names)
}

/// The text without comments in braces, which Docusaurus takes in any Markdown.
pub(super) fn without_comments(text: &str) -> Cow<'_, str> {
    if !text.contains("{/*") {
        return text.into();
    }
    outside_of_code(text, |text, out| Markup::new(text, None).write(out)).into()
}

/// The text with what is not fenced code as `rewrite` writes it.
fn outside_of_code(text: &str, mut rewrite: impl FnMut(&str, &mut String)) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut from, mut at) = (0, 0);
    for (line, is_code) in code::lines(text) {
        if is_code {
            rewrite(text.get(from..at).unwrap_or_default(), &mut out);
            out.push_str(line);
        }
        at += line.len();
        if is_code {
            from = at;
        }
    }
    rewrite(text.get(from..).unwrap_or_default(), &mut out);
    out
}

/// The text without paragraphs that import or export.
fn without_modules(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut after_blank, mut in_module) = (true, false);
    for (line, is_code) in code::lines(text) {
        let is_blank = line.trim().is_empty();
        in_module = !is_code && !is_blank && (in_module || after_blank) && {
            in_module || line.starts_with("import ") || line.starts_with("export ")
        };
        if !in_module {
            out.push_str(line);
        }
        after_blank = is_blank;
    }
    out
}

/// A text in which braces and tags are MDX's; only comments in braces where there is no one to tell of `components`.
struct Markup<'t, 'n> {
    text: &'t str,
    at: usize,
    components: Option<&'n mut BTreeSet<String>>,
    /// That nothing ends a comment, a brace or a tag any more: the rest has none.
    no_comments: bool,
    no_braces: bool,
    no_tags: bool,
}

impl<'t, 'n> Markup<'t, 'n> {
    fn new(text: &'t str, components: Option<&'n mut BTreeSet<String>>) -> Self {
        let is_mdx = components.is_some();
        Self { text, at: 0, components, no_comments: false, no_braces: !is_mdx, no_tags: !is_mdx }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn write(mut self, out: &mut String) {
        while let Some(found) = self.rest().find(['`', '\\', '{', '<']) {
            let (before, rest) = self.rest().split_at(found);
            out.push_str(before);
            self.at += found;
            let kept = match rest.as_bytes().first() {
                Some(b'`') => code::span(rest).0,
                Some(b'\\') => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
                Some(b'{') => self.braces(rest, out),
                _ => self.tag(rest, out),
            };
            out.push_str(rest.get(..kept).unwrap_or_default());
            self.at += kept;
        }
        out.push_str(self.rest());
    }

    /// Goes past what the braces hold; how many bytes stay as they are.
    fn braces(&mut self, rest: &str, out: &mut String) -> usize {
        if rest.starts_with("{/*") && !self.no_comments {
            match rest.find("*/}") {
                Some(end) => {
                    self.at += end + 3;
                    return 0;
                }
                None => self.no_comments = true,
            }
        }
        if self.no_braces {
            return 1;
        }
        let Some(inside) = braced(rest) else {
            self.no_braces = true;
            return 1;
        };
        out.push_str(literal(inside).unwrap_or_default());
        self.at += inside.len() + 2;
        0
    }

    /// Goes past a tag and writes it as HTML, or nothing of a component's; how many bytes stay as they are.
    fn tag(&mut self, rest: &str, out: &mut String) -> usize {
        if self.no_tags {
            return 1;
        }
        let tag = match Tag::parse(rest) {
            Ok(tag) => tag,
            Err(NoTag::Other) => return 1,
            Err(NoTag::Endless) => {
                self.no_tags = true;
                return 1;
            }
        };
        self.at += tag.length;
        if tag.is_component() {
            if let Some(names) = &mut self.components
                && !tag.name.is_empty()
                && names.len() < MOST_NAMES
            {
                names.insert(tag.name.chars().take(100).collect());
            }
        } else {
            tag.write(out);
        }
        0
    }
}

/// An element's tag in JSX.
struct Tag<'t> {
    /// Empty for a fragment's.
    name: &'t str,
    is_end: bool,
    is_closed: bool,
    /// Those whose values are text.
    attributes: Vec<(&'t str, Option<&'t str>)>,
    /// In bytes.
    length: usize,
}

/// Why there is no tag: something else stands there, or nothing ends it.
enum NoTag {
    Other,
    Endless,
}

impl<'t> Tag<'t> {
    fn parse(text: &'t str) -> Result<Self, NoTag> {
        let mut rest = text.strip_prefix('<').ok_or(NoTag::Other)?;
        let is_end = rest.starts_with('/');
        rest = rest.strip_prefix('/').unwrap_or(rest);
        let name = word(rest, "-_.");
        rest = rest.get(name.len()..).unwrap_or_default();
        // `<https://…>` is an address.
        if name.starts_with(|c: char| !c.is_ascii_alphabetic())
            || rest.starts_with(|c: char| !c.is_whitespace() && !matches!(c, '>' | '/' | '{'))
        {
            return Err(NoTag::Other);
        }
        let mut tag = Self { name, is_end, is_closed: false, attributes: Vec::new(), length: 0 };
        loop {
            rest = rest.trim_start();
            if let Some(behind) = rest.strip_prefix('>') {
                tag.length = text.len() - behind.len();
                return Ok(tag);
            }
            if let Some(behind) = rest.strip_prefix('/') {
                tag.is_closed = true;
                rest = behind;
                continue;
            }
            if rest.starts_with('{') {
                rest = rest.get(braced(rest).ok_or(NoTag::Endless)?.len() + 2..).unwrap_or_default();
                continue;
            }
            let key = word(rest, "-_.:$");
            if key.is_empty() || name.is_empty() {
                return Err(if rest.is_empty() { NoTag::Endless } else { NoTag::Other });
            }
            rest = rest.get(key.len()..).unwrap_or_default().trim_start();
            let Some(value) = rest.strip_prefix('=') else {
                tag.attributes.push((key, None));
                continue;
            };
            rest = value.trim_start();
            let value = match rest.chars().next() {
                Some('{') => {
                    let inside = braced(rest).ok_or(NoTag::Endless)?;
                    rest = rest.get(inside.len() + 2..).unwrap_or_default();
                    literal(inside)
                }
                Some(quote @ ('"' | '\'')) => {
                    let (inside, behind) =
                        rest.get(1..).and_then(|rest| rest.split_once(quote)).ok_or(NoTag::Endless)?;
                    rest = behind;
                    Some(inside)
                }
                _ => return Err(NoTag::Other),
            };
            tag.attributes.extend(value.map(|value| (key, Some(value))));
        }
    }

    fn is_component(&self) -> bool {
        !self.name.starts_with(|c: char| c.is_ascii_lowercase()) || self.name.contains('.')
    }

    fn write(&self, out: &mut String) {
        if self.is_end {
            out.extend(["</", self.name, ">"]);
            return;
        }
        out.extend(["<", self.name]);
        for (key, value) in &self.attributes {
            let key = match *key {
                "className" => "class",
                "htmlFor" => "for",
                key => key,
            };
            out.extend([" ", key]);
            if let Some(value) = value {
                out.extend(["=\"", &value.replace('"', "&quot;"), "\""]);
            }
        }
        out.push('>');
        if self.is_closed && !VOID.contains(&self.name) {
            out.extend(["</", self.name, ">"]);
        }
    }
}

/// The letters, digits and characters of `more` at the head of a text.
fn word<'t>(text: &'t str, more: &str) -> &'t str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !more.contains(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// What stands between the brace at the head of a text and its partner; quotes hide braces.
fn braced(text: &str) -> Option<&str> {
    let (mut depth, mut quote, mut is_escaped) = (0_usize, None, false);
    for (at, byte) in text.bytes().enumerate() {
        match (byte, quote) {
            _ if is_escaped => is_escaped = false,
            (b'\\', Some(_)) => is_escaped = true,
            (byte, Some(open)) if byte == open => quote = None,
            (_, Some(_)) => {}
            (b'"' | b'\'' | b'`', None) => quote = Some(byte),
            (b'{', None) => depth += 1,
            (b'}', None) => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return text.get(1..at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The text of an expression that is one in quotes, or a number.
fn literal(expression: &str) -> Option<&str> {
    let text = expression.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Some(text);
    }
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'))?;
    let inside = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inside.contains([quote, '\\', '$'])).then_some(inside)
}

#[cfg(test)]
mod tests {
    use super::{to_markdown, without_comments};

    #[test]
    fn what_a_program_would_render_is_gone_and_text_stays() {
        let cases = [
            ("import X from 'x';\nimport Y from 'y'\n\nText import this.\n", "\nText import this.\n", ""),
            ("export const a = {\n  b: 1,\n}\n\na\nexport b\n", "\na\nexport b\n", ""),
            ("a {/* truncate */} b {1 + f({})} c {' '} d {\"e\"}", "a  b  c   d e", ""),
            ("`{a}` ``<B> ` {c}`` \\{d} \\<E>", "`{a}` ``<B> ` {c}`` \\{d} \\<E>", ""),
            ("```js\n<Button onClick={f} />\n```\n", "```js\n<Button onClick={f} />\n```\n", ""),
            ("<Tabs.Item label=\"x\">*in*</Tabs.Item><Card {...props} /><>f</>", "*in*f", "Card Tabs.Item"),
            (
                "<button onClick={() => alert('a > b')} className=\"x\">Go</button>",
                "<button class=\"x\">Go</button>",
                "",
            ),
            ("<div style={{color: 'red'}} title='say \"a\"'/>", "<div title=\"say &quot;a&quot;\"></div>", ""),
            (
                "<img src={\"a.png\"} width={30}/> 1 < 2 <https://a.example>",
                "<img src=\"a.png\" width=\"30\"> 1 < 2 <https://a.example>",
                "",
            ),
            ("a { b <C d", "a { b <C d", ""),
        ];
        for (text, expected, components) in cases {
            let (markdown, names) = to_markdown(text);
            assert_eq!(markdown, expected, "{text}");
            assert_eq!(Vec::from_iter(names).join(" "), components, "{text}");
        }
    }

    #[test]
    fn comments_in_braces_are_gone_from_any_markdown() {
        let text = "a {/* b\nc */}d {e} <F> `{/* g */}` {/* h";
        assert_eq!(without_comments(text), "a d {e} <F> `{/* g */}` {/* h");
    }

    #[test]
    fn hostile_texts_take_no_time() {
        for piece in ["{", "<a ", "<a b={", "{/*", "`", "<A>{'"] {
            let text = piece.repeat(200_000);
            let (markdown, _) = to_markdown(&text);
            assert!(markdown.len() <= text.len());
        }
    }
}
