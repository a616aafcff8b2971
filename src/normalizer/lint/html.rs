//! One pass over a post's HTML as it is before it is cleaned.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;

use lol_html::html_content::Element;
use lol_html::{HandlerResult, HtmlRewriter, MemorySettings, Settings, element};

use super::locate::Text;
use super::markup;
use crate::model::{Code, Diagnostic, WebUrl};
use crate::normalizer::text;

/// Bytes that the parser may use for open elements; a text that needs more is not looked at further.
const MEMORY: usize = 64 << 20;
/// How many flaws of one text are noted.
const MOST: usize = 200;
const HTML: &str = "http://www.w3.org/1999/xhtml";
/// Elements that a reader sees although they hold no text.
const SHOWN: [&str; 10] = ["img", "picture", "video", "audio", "iframe", "svg", "canvas", "object", "embed", "math"];

/// Something wrong, and by what its place is found again in the source.
#[derive(Debug)]
pub(super) struct Flaw {
    code: Code,
    message: String,
    needle: Needle,
}

#[derive(Debug)]
enum Needle {
    Address(String),
    Tag(String, Range<usize>),
    /// An address that Markdown leaves empty.
    Nothing(String, Range<usize>),
}

impl Flaw {
    /// The finding, with its place in the source of this HTML.
    pub(super) fn at(self, source: &Text<'_>, html: &str) -> Diagnostic {
        let place = match &self.needle {
            Needle::Address(address) => source.address(address),
            Needle::Tag(name, tag) => source.tag(name, html, tag.clone()),
            Needle::Nothing(name, tag) => source.tag(name, html, tag.clone()).or_else(|| source.words("]()")),
        };
        let (line, column) = place.unzip();
        Diagnostic::new(self.code, self.message).at(line).column(column.flatten())
    }
}

/// An element with an end tag: its name, its start tag, and whether it has ended.
type Open = (String, Range<usize>, bool);

/// What has been noted so far.
#[derive(Default)]
struct Notes {
    flaws: RefCell<Vec<Flaw>>,
    open: RefCell<Vec<Open>>,
    /// How many elements are open whose content no reader is shown.
    hidden: Cell<usize>,
    shows: Cell<bool>,
    /// Unknown names that have been told.
    unknown: RefCell<HashSet<String>>,
}

impl Notes {
    fn is_new(&self, name: &str) -> bool {
        self.unknown.borrow_mut().insert(name.to_owned())
    }
}

/// What is wrong with the HTML of this source, and whether a reader sees anything of it.
pub(super) fn flaws(html: &str, source: &str, base: &WebUrl) -> (Vec<Flaw>, bool) {
    let shows_text = || !html.trim().is_empty() && !text::from_html(html).trim().is_empty();
    if memchr::memchr(b'<', html.as_bytes()).is_none() {
        return (Vec::new(), shows_text());
    }
    let notes = Rc::new(Notes::default());
    let settings = Settings::new()
        .with_strict(false)
        .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(MEMORY))
        .append_element_content_handler(element!("*", |element| examine(element, source, base, &notes)));
    let mut parser = HtmlRewriter::new(settings, |_: &[u8]| ());
    let is_read = parser.write(html.as_bytes()).is_ok() && parser.end().is_ok();
    let mut flaws = notes.flaws.take();
    if is_read {
        flaws.extend(unclosed(&notes.open.borrow()));
    }
    (flaws, notes.shows.get() || shows_text())
}

fn examine(element: &mut Element, source: &str, base: &WebUrl, notes: &Rc<Notes>) -> HandlerResult {
    let name = element.tag_name();
    let tag = element.source_location().bytes();
    if notes.hidden.get() > 0 || notes.flaws.borrow().len() >= MOST {
        return Ok(());
    }
    if matches!(name.as_str(), "noscript" | "template") && element.can_have_content() {
        notes.hidden.set(notes.hidden.get() + 1);
        let notes = Rc::clone(notes);
        return element.on_end_tag(Box::new(move |_| {
            notes.hidden.set(notes.hidden.get().saturating_sub(1));
            Ok(())
        }));
    }
    notes.shows.set(notes.shows.get() || SHOWN.contains(&name.as_str()));
    let note = |code, message, needle| notes.flaws.borrow_mut().push(Flaw { code, message, needle });
    let is_html = element.namespace_uri() == HTML;
    if let Some(what) = left_out(&name, element) {
        note(Code::LeftOutElement, format!("feeds leave out {what}"), Needle::Tag(name.clone(), tag.clone()));
    }
    let is_known = markup::is_element(&name);
    let may_be_custom = name.contains('-') && element.is_self_closing();
    if is_html && !is_known && !may_be_custom && is_unknown(&name, source) && notes.is_new(&name) {
        note(
            Code::UnknownElement,
            format!("there is no element `<{name}>` in HTML"),
            Needle::Tag(name.clone(), tag.clone()),
        );
    }
    for (attribute, target) in markup::addresses(&name) {
        let Some(value) = element.get_attribute(attribute) else { continue };
        if let Some(problem) = markup::problem(&text::decode(&value), *target, base) {
            let needle = if value.trim().is_empty() {
                Needle::Nothing(name.clone(), tag.clone())
            } else {
                Needle::Address(value)
            };
            note(Code::DeadLink, problem, needle);
        }
    }
    let has_picture = ["src", "srcset"].iter().any(|attribute| element.has_attribute(attribute));
    if is_html && name == "img" && !has_picture {
        note(Code::DeadLink, "a picture without an address".to_owned(), Needle::Tag(name.clone(), tag.clone()));
    }
    if is_html && is_known && markup::needs_end(&name) && element.can_have_content() {
        return watch_for_end(element, name, tag, notes);
    }
    Ok(())
}

fn watch_for_end(element: &mut Element, name: String, tag: Range<usize>, notes: &Rc<Notes>) -> HandlerResult {
    let place = notes.open.borrow().len();
    notes.open.borrow_mut().push((name, tag, false));
    let notes = Rc::clone(notes);
    element.on_end_tag(Box::new(move |_| {
        if let Some((.., ended)) = notes.open.borrow_mut().get_mut(place) {
            *ended = true;
        }
        Ok(())
    }))
}

/// The first element that nothing ends, not even the end of one around it: that of others may follow from it.
fn unclosed(open: &[Open]) -> Option<Flaw> {
    let (name, tag, _) = open.iter().find(|(.., ended)| !ended)?;
    let message = format!("`<{name}>` is never closed");
    Some(Flaw { code: Code::UnclosedElement, message, needle: Needle::Tag(name.clone(), tag.clone()) })
}

/// What only works on a page, and would show something there. A script that may load late cannot write into the text.
fn left_out(name: &str, element: &Element) -> Option<String> {
    match name {
        "object" | "embed" | "applet" => Some(format!("`<{name}>`")),
        "script" => {
            let is_late = ["async", "defer"].iter().any(|attribute| element.has_attribute(attribute));
            let is_module =
                element.get_attribute("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("module"));
            let source = element.get_attribute("src").filter(|_| !is_late && !is_module)?;
            let source: String = text::decode(&source).trim().chars().take(100).collect();
            Some(format!("the script {source}"))
        }
        _ => None,
    }
}

/// Whether a tag is probably no tag: `<String>` in a text, `<your-name>` without an end, which is no custom element. Kramdown
/// gives everything an end, so the source has to say.
fn is_unknown(name: &str, source: &str) -> bool {
    if name.contains(['<', ':']) {
        return false;
    }
    !name.contains('-') || memchr::memmem::find(source.as_bytes(), format!("</{name}").as_bytes()).is_none()
}
