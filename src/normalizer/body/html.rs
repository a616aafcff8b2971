//! HTML made fit for feeds: URLs absolute, nothing that runs, loads, hides or takes input.

mod address;
mod attribute;
mod edit;
mod element;
mod simple;
mod style;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use lol_html::errors::RewritingError;
use lol_html::html_content::SourceLocation;
use lol_html::{HtmlRewriter, MemorySettings, Settings, doc_comments, doctype, element};

use self::edit::Edits;
use self::element::Page;
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

/// Bytes that the parser may use for a text with open elements; one that needs more comes out as plain text.
const MEMORY: usize = 256 << 20;

/// `html` as feeds may carry it: what is not changed keeps its bytes.
///
/// The result has no comment, CDATA section, element of raw text or unfinished tag, so that no reader's parser can take
/// a part of it for anything else than what was examined here.
#[must_use]
pub fn clean(html: &str, cleaning: &Cleaning) -> String {
    clean_within(html, cleaning, MEMORY)
}

fn clean_within(html: &str, cleaning: &Cleaning, memory: usize) -> String {
    let html = edit::without_illegal_characters(html);
    if memchr::memchr(b'<', html.as_bytes()).is_none() {
        return html.into_owned();
    }
    if let Some(edits) = simple::edits(&html, cleaning) {
        return edits.apply_to(html);
    }
    by_parser(&html, cleaning, memory)
}

/// The same without the shortcut, which must make no difference.
fn by_parser(html: &str, cleaning: &Cleaning, memory: usize) -> String {
    let html = without_foreign_cdata(html);
    match edits(&html, cleaning, memory) {
        Ok(edits) => edits.apply(&html),
        Err(_) => format!("<p>{}</p>", text::escape(&text::from_html(&html))),
    }
}

/// What has to change. The parser only reads: everything else is copied from `html` as it stands.
fn edits(html: &str, cleaning: &Cleaning, memory: usize) -> Result<Edits, RewritingError> {
    let edits = Rc::new(RefCell::new(Edits::default()));
    let page = Page::new(html, cleaning, &edits);
    let remove = |place: SourceLocation| {
        edits.borrow_mut().replace(place.bytes(), String::new());
        Ok(())
    };
    let settings = Settings::new()
        .with_strict(false)
        .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(memory))
        .append_element_content_handler(element!("*", |element| page.examine(element)))
        .append_document_content_handler(doc_comments!(|comment| remove(comment.source_location())))
        .append_document_content_handler(doctype!(|doctype| remove(doctype.source_location())));
    let read = Cell::new(0);
    let mut parser = HtmlRewriter::new(settings, |chunk: &[u8]| read.set(read.get() + chunk.len()));
    parser.write(html.as_bytes())?;
    let finished = read.get();
    parser.end()?;
    // Only a tag without an end is held back until the end. As text it loses nothing and can do nothing.
    if let Some(unfinished) = html.get(finished..).filter(|rest| !rest.is_empty()) {
        edits.borrow_mut().replace(finished..html.len(), unfinished.replace('<', "&lt;"));
    }
    Ok(edits.take())
}

/// `html` without sections of text that only SVG and MathML have: outside of these the same bytes are a comment that
/// ends at the first `>`, so it would depend on the reader's parser what is text. That comment they become everywhere.
fn without_foreign_cdata(html: &str) -> Cow<'_, str> {
    const CDATA: &str = "<![CDATA[";
    if html.contains(CDATA) { Cow::Owned(html.replace(CDATA, "<!CDATA[")) } else { Cow::Borrowed(html) }
}
