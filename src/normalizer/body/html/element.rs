//! What becomes of each element: it stays, goes with what it holds, leaves only that, or turns into another.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use lol_html::HandlerResult;
use lol_html::html_content::{Element, SourceLocation};

use super::address::{Data, absolute, absolute_set};
use super::attribute::{self, Kind};
use super::edit::{Edits, Replacement};
use super::{Cleaning, style};
use crate::model::WebUrl;
use crate::normalizer::text::{decode, escape};

/// Elements whose end tag may be left out, and `image`, which browsers read as the void `img`.
const OPEN_ENDED: [&str; 16] = [
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "caption", "colgroup", "rb", "rt", "rp",
    "image",
];
/// How many bytes of resolved addresses one text may hold, so that a long base does not multiply a post.
const MOST_ADDRESSES: usize = 64 << 20;
const SVG: &str = "http://www.w3.org/2000/svg";

/// The HTML that is being cleaned.
pub(super) struct Page<'a> {
    html: &'a str,
    cleaning: &'a Cleaning<'a>,
    edits: &'a Rc<RefCell<Edits>>,
    addresses: Cell<usize>,
}

/// The name of an attribute and its value as they stand in the source.
pub(super) type Attribute<'t> = (&'t str, Option<&'t str>);

/// New values of attributes by their place, `None` for one that goes.
pub(super) type Changes = Vec<(usize, Option<String>)>;

impl<'a> Page<'a> {
    pub(super) fn new(html: &'a str, cleaning: &'a Cleaning<'a>, edits: &'a Rc<RefCell<Edits>>) -> Self {
        Self { html, cleaning, edits, addresses: Cell::new(0) }
    }

    /// Notes what has to change about an element whose start tag has been read.
    pub(super) fn examine(&self, element: &mut Element) -> HandlerResult {
        if self.edits.borrow().is_open() {
            return Ok(()); // It lies in one that goes.
        }
        let name = element.tag_name();
        match name.as_str() {
            "script" | "style" | "template" | "noscript" | "noembed" | "noframes" | "object" | "embed" | "applet"
            | "param" | "input" | "button" | "select" | "textarea" | "option" | "optgroup" | "datalist" | "keygen"
            | "base" | "meta" | "link" | "title" => self.remove(element, name),
            "set" | "animate" | "animatemotion" | "animatetransform" if animates_an_address(element) => {
                self.remove(element, name)
            }
            // The end tag of `head` may be left out, and a `frame` has none: their content must not go with them.
            "html" | "head" | "body" | "form" | "frameset" | "frame" => self.unwrap(element, name),
            // `a<b<c>` is no element that anybody meant, but text, and its name would hide another tag from simpler parsers.
            _ if name.contains('<') => {
                let place = element.source_location().bytes();
                let text = self.html.get(place.clone()).unwrap_or_default().replace('<', "&lt;");
                self.edits.borrow_mut().replace(place, text);
                Ok(())
            }
            _ => self.examine_attributes(element, name),
        }
    }

    fn examine_attributes(&self, element: &mut Element, name: String) -> HandlerResult {
        let (changes, hidden) = self.changes(&name, element.namespace_uri() == SVG, self.attributes(element));
        if hidden && self.ends(element, &name) {
            return self.remove(element, name);
        }
        match name.as_str() {
            "iframe" => self.iframe(element, name, &changes),
            // Their content is text whatever it looks like, which no reader need know.
            "xmp" | "plaintext" => {
                let tag = self.start_tag_of(element, "pre", &changes);
                let start = element.source_location().bytes().end;
                self.replace(element, name, Replacement::Preformatted { tag, start, end: usize::MAX })
            }
            _ if changes.is_empty() => Ok(()),
            _ => {
                let tag = self.start_tag_of(element, &element.tag_name_preserve_case(), &changes);
                self.edits.borrow_mut().replace(element.source_location().bytes(), tag);
                Ok(())
            }
        }
    }

    fn remove(&self, element: &mut Element, name: String) -> HandlerResult {
        self.replace(element, name, Replacement::Html(String::new()))
    }

    /// Puts `text` in place of the element with what it holds. The end tag may be that of an element around it.
    fn replace(&self, element: &mut Element, name: String, text: Replacement) -> HandlerResult {
        let tag = element.source_location().bytes();
        self.edits.borrow_mut().open(tag.start, text);
        if !element.can_have_content() {
            self.edits.borrow_mut().close(&(tag.end..tag.end));
            return Ok(());
        }
        let edits = Rc::clone(self.edits);
        element.on_end_tag(Box::new(move |end_tag| {
            let place = end_tag.source_location().bytes();
            edits.borrow_mut().close(&if end_tag.name() == name { place } else { place.start..place.start });
            Ok(())
        }))
    }

    /// Removes the tags of the element and leaves what it holds.
    fn unwrap(&self, element: &mut Element, name: String) -> HandlerResult {
        self.edits.borrow_mut().replace(element.source_location().bytes(), String::new());
        if !element.can_have_content() {
            return Ok(());
        }
        let edits = Rc::clone(self.edits);
        element.on_end_tag(Box::new(move |end_tag| {
            if end_tag.name() == name {
                edits.borrow_mut().replace(end_tag.source_location().bytes(), String::new());
            }
            Ok(())
        }))
    }

    /// The attributes that cannot stay as they are, and whether the element is hidden.
    pub(super) fn changes<'t>(
        &self,
        name: &str,
        in_drawing: bool,
        attributes: impl Iterator<Item = Attribute<'t>>,
    ) -> (Changes, bool) {
        let mut changes = Vec::new();
        let mut hidden = false;
        for (place, (attribute, value)) in attributes.enumerate() {
            let value = value.unwrap_or_default();
            let change = match attribute::kind(attribute) {
                Kind::Passive => continue,
                Kind::Hidden => {
                    hidden = true;
                    continue;
                }
                Kind::Style => {
                    let effect = style::effect(value);
                    hidden |= effect.hides;
                    if !effect.escapes {
                        continue;
                    }
                    None
                }
                Kind::Active => None,
                // A fragment in a drawing refers to its own shapes and gradients, which come along.
                Kind::Address if is_fragment(value) && name != "a" && in_drawing => continue,
                // The page itself (RFC 3986 §4.4); shown within itself it would be of no use.
                Kind::Address if name == "a" && value.trim().is_empty() => self.page_itself(),
                Kind::Address => self.address(value, attribute::data(name, attribute)),
                Kind::AddressSet => self.address_set(value, attribute::data(name, attribute)),
            };
            if change.as_deref() != Some(value) {
                changes.push((place, change));
            }
        }
        (changes, hidden)
    }

    /// Names and values of the attributes as they stand in the source.
    fn attributes(&self, element: &Element) -> impl Iterator<Item = Attribute<'a>> {
        let html = self.html;
        element.attributes().iter().map(move |attribute| {
            let part = |location: Option<SourceLocation>| html.get(location?.bytes());
            (part(attribute.name_source_location()).unwrap_or_default(), part(attribute.value_source_location()))
        })
    }

    /// A reference in source form, made absolute.
    fn address(&self, value: &str, data: Data) -> Option<String> {
        let decoded = decode(value);
        match self.resolve(&decoded, data)? {
            Cow::Owned(resolved) => Some(escape(&resolved)),
            Cow::Borrowed(_) => Some(value.trim_matches(|c| c <= ' ').to_owned()),
        }
    }

    fn address_set(&self, value: &str, data: Data) -> Option<String> {
        let decoded = decode(value);
        let mut untouched = true;
        let resolved = absolute_set(&decoded, |reference| {
            let resolved = self.resolve(reference, data);
            untouched &= matches!(resolved, Some(Cow::Borrowed(_)));
            resolved
        })?;
        Some(if untouched { value.to_owned() } else { escape(&resolved) })
    }

    fn resolve<'r>(&self, reference: &'r str, data: Data) -> Option<Cow<'r, str>> {
        let resolved = absolute(reference, self.cleaning.base, data)?;
        let added = if let Cow::Owned(address) = &resolved { address.len() } else { 0 };
        self.has_room(added).then_some(resolved)
    }

    fn page_itself(&self) -> Option<String> {
        let base = self.cleaning.base.as_str();
        self.has_room(base.len()).then(|| escape(base))
    }

    fn has_room(&self, added: usize) -> bool {
        self.addresses.set(self.addresses.get() + added);
        self.addresses.get() <= MOST_ADDRESSES
    }

    /// Whether it is certain where a hidden element ends. Where the end tag may be missing, it has to be the next that is
    /// said of such elements; otherwise the element stays as it is, and hiding it is left to the reader.
    fn ends(&self, element: &Element, name: &str) -> bool {
        if !element.can_have_content() || !OPEN_ENDED.contains(&name) {
            return true;
        }
        let content = self.html.get(element.source_location().bytes().end..).unwrap_or_default();
        let tags = content.match_indices('<').filter_map(|(at, _)| content.get(at + 1..));
        let mut own = tags.filter_map(|tag| {
            let (is_end, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
            let after = tag.as_bytes().get(name.len()).is_some_and(|b| b.is_ascii_whitespace() || b"/>".contains(b));
            (after && tag.get(..name.len())?.eq_ignore_ascii_case(name)).then_some(is_end)
        });
        own.next().unwrap_or(false)
    }

    /// Readers show no frames, so a link stands for one.
    fn iframe(&self, element: &mut Element, name: String, changes: &Changes) -> HandlerResult {
        let source = element.get_attribute("src").unwrap_or_default();
        let source = decode(&source);
        let Some(address) = self.resolve(&source, Data::Raster).filter(|url| is_web(url)) else {
            return self.remove(element, name);
        };
        let html = if self.cleaning.keep_iframes {
            self.start_tag_of(element, "iframe", changes) + "</iframe>"
        } else {
            let address = escape(&address);
            format!("<a href=\"{address}\">{address}</a>")
        };
        self.replace(element, name, Replacement::Html(html))
    }

    fn start_tag_of(&self, element: &Element, name: &str, changes: &Changes) -> String {
        start_tag(name, self.attributes(element), element.is_self_closing(), changes)
    }
}

/// The start tag with its attributes changed.
pub(super) fn start_tag<'t>(
    name: &str,
    attributes: impl Iterator<Item = Attribute<'t>>,
    closes_itself: bool,
    changes: &Changes,
) -> String {
    let mut tag = String::with_capacity(256);
    tag.extend(["<", name]);
    let mut changes = changes.iter().peekable();
    for (place, (attribute, value)) in attributes.enumerate() {
        match changes.next_if(|(changed, _)| *changed == place) {
            // Behind a blank it would be the value of the attribute before it (HTML §13.2.5.34).
            _ if attribute.starts_with('=') => {}
            None => attribute::push(&mut tag, attribute, value),
            Some((_, Some(value))) => attribute::push(&mut tag, attribute, Some(value)),
            Some((_, None)) => {}
        }
    }
    tag.push_str(if closes_itself { " />" } else { ">" });
    tag
}

fn is_fragment(value: &str) -> bool {
    value.trim_start().starts_with('#')
}

fn is_web(address: &str) -> bool {
    WebUrl::parse(address).is_some_and(|url| url.is_web())
}

/// SVG can set attributes of other elements in time, among them the address of a link (SVG Animations §2.2).
fn animates_an_address(element: &Element) -> bool {
    let target = element.get_attribute("attributename").unwrap_or_default();
    let target = decode(&target).trim().to_ascii_lowercase();
    target.ends_with("href") || target.starts_with("on")
}
