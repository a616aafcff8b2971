//! HTML made fit for feeds: URLs absolute, nothing that runs, loads, hides or takes input.

mod address;
mod attribute;
mod element;
mod style;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use lol_html::html_content::TextType;
use lol_html::{ElementContentHandlers, HtmlRewriter, MemorySettings, Selector, Settings, doc_comments, doc_text, doctype};
use lol_html::html_content::Element;
use std::sync::LazyLock;

use crate::model::WebUrl;
use crate::normalizer::text;

/// How HTML is cleaned.
#[derive(Debug, Clone, Copy)]
pub struct Cleaning<'a> {
    /// The post's own page, which its relative URLs are relative to.
    pub base: &'a WebUrl,
    /// Whether an `<iframe>` stays, without its content; otherwise it becomes a link.
    pub keep_iframes: bool,
}

/// Open elements take about 200 bytes each, so this is a nest of some million; a text that needs more comes out plain.
const MEMORY: usize = 256 << 20;

/// `html` as feeds may carry it; what needs no change keeps its bytes.
///
/// Neither markup nor text that the result holds can be read as anything else than what was examined here, whatever
/// state a reader's parser is in: no comment, CDATA section, raw text element or unfinished tag is left.
#[must_use]
pub fn clean(html: &str, cleaning: &Cleaning) -> String {
    let html = sound(html);
    if !html.contains('<') {
        return html.into_owned();
    }
    rewrite(&html, cleaning).unwrap_or_else(|| format!("<p>{}</p>", text::escape(&text::from_html(&html))))
}

/// What has been written, which handlers look back at.
type Output = Rc<RefCell<Vec<u8>>>;

fn rewrite(html: &str, cleaning: &Cleaning) -> Option<String> {
    let html = &*without_foreign_cdata(html);
    let output: Output = Rc::new(RefCell::new(Vec::with_capacity(html.len() + html.len() / 8)));
    let page = element::Page::new(html, cleaning, &output);
    let mut settings = Settings::new()
        .with_strict(false)
        .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(MEMORY))
        .append_element_content_handler((Cow::Borrowed(&*EVERY), ElementContentHandlers::default().element(|element: &mut Element| page.clean(element))));
    // Handlers of these make the parser look closer at all text, so they are there only where they have something to do.
    if has_comments(html) {
        settings = settings.append_document_content_handler(doc_comments!(|comment| {
            seal(&mut output.borrow_mut());
            comment.remove();
            Ok(())
        }))
        .append_document_content_handler(doctype!(|doctype| {
            seal(&mut output.borrow_mut());
            doctype.remove();
            Ok(())
        }));
    }
    if contains_tag(html, &element::PREFORMATTED) {
        settings = settings.append_document_content_handler(doc_text!(|chunk| {
            if matches!(chunk.text_type(), TextType::RawText | TextType::PlainText) {
                chunk.set_str(text::escape(chunk.as_str()));
            }
            Ok(())
        }));
    }
    let mut rewriter = HtmlRewriter::new(settings, |chunk: &[u8]| output.borrow_mut().extend_from_slice(chunk));
    rewriter.write(html.as_bytes()).ok()?;
    let finished = output.borrow().len();
    rewriter.end().ok()?;
    let mut bytes = output.take();
    let unfinished = bytes.split_off(finished);
    let mut cleaned = String::from_utf8(bytes).ok()?;
    // Only a tag without an end is held back until the end of the input. As text it loses nothing and can do nothing.
    cleaned.push_str(&String::from_utf8(unfinished).ok()?.replace('<', "&lt;"));
    Some(cleaned)
}

/// `html` without the characters that no feed may hold, written out or as numeric references.
fn sound(html: &str) -> Cow<'_, str> {
    let html = text::legal(html);
    let mut sound = Vec::new();
    let mut copied = 0;
    for (at, _) in html.match_indices('&') {
        if let Some((None, length)) = html.get(at + 1..).and_then(text::numeric) {
            sound.extend_from_slice(html.as_bytes().get(copied..at).unwrap_or_default());
            seal(&mut sound);
            copied = at + 1 + length;
        }
    }
    if copied == 0 {
        return html;
    }
    sound.extend_from_slice(html.as_bytes().get(copied..).unwrap_or_default());
    Cow::Owned(String::from_utf8_lossy(&sound).into_owned())
}

static EVERY: LazyLock<Selector> = LazyLock::new(|| "*".parse().unwrap());
/// Whether there may be a comment, a declaration or an instruction, or what HTML takes for one, such as `</ x>`.
fn has_comments(html: &str) -> bool {
    html.match_indices('<').any(|(at, _)| match html.as_bytes().get(at + 1) {
        Some(b'!' | b'?') => true,
        Some(b'/') => html.as_bytes().get(at + 2).is_none_or(|b| !b.is_ascii_alphabetic()),
        _ => false,
    })
}

/// How far a numeric reference is looked for; longer ones are padded with zeros and of no use to anybody.
const LONGEST_REFERENCE: usize = 32;

/// Makes sure that what `output` ends with means the same whatever follows it, because what did follow is left out:
/// a `<` must not become a tag, nor `&#1` a reference to another character.
fn seal(output: &mut Vec<u8>) {
    if output.last() == Some(&b'<') {
        output.pop();
        output.extend_from_slice(b"&lt;");
        return;
    }
    let tail = output.get(output.len().saturating_sub(LONGEST_REFERENCE)..).unwrap_or_default();
    let Some(start) = tail.iter().rposition(|&b| b == b'&') else { return };
    let end = match tail.get(start + 1..) {
        Some([] | [b'#'] | [b'#', b'x' | b'X']) => "amp;",
        Some([b'#', b'x' | b'X', digits @ ..]) if digits.iter().all(u8::is_ascii_hexdigit) => ";",
        Some([b'#', digits @ ..]) if digits.iter().all(u8::is_ascii_digit) => ";",
        _ => return,
    };
    let at = if end == ";" { output.len() } else { output.len() - tail.len() + start + 1 };
    output.splice(at..at, end.bytes());
}

/// `html` without sections of text that only SVG and MathML have: outside of these the same bytes are a comment that
/// ends at the first `>`, so it would depend on the reader's parser what is text. That comment they become everywhere.
fn without_foreign_cdata(html: &str) -> Cow<'_, str> {
    const CDATA: &str = "<![CDATA[";
    if html.contains(CDATA) && contains_tag(html, &["svg", "math"]) {
        return Cow::Owned(html.replace(CDATA, "<!CDATA["));
    }
    Cow::Borrowed(html)
}

/// Whether a start tag with one of these names, or one that begins so, may be in `html`.
fn contains_tag(html: &str, names: &[&str]) -> bool {
    let begins = |at: usize, name: &&str| {
        html.as_bytes().get(at + 1..at + 1 + name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
    };
    html.match_indices('<').any(|(at, _)| names.iter().any(|name| begins(at, name)))
}
