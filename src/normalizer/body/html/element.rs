//! What becomes of each element: it stays, goes with what it holds, leaves only that, or turns into another.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use lol_html::HandlerResult;
use lol_html::html_content::{ContentType, Element};

use super::address::{Data, absolute, absolute_set};
use super::attribute::{self, Kind};
use super::style;
use super::{Cleaning, Output, seal};
use crate::model::WebUrl;
use crate::normalizer::text::{decode, escape};

/// Elements whose content is text whatever it looks like, and which no reader need know.
pub(super) const PREFORMATTED: [&str; 2] = ["xmp", "plaintext"];
/// Elements whose end tag may be left out, and `image`, which browsers read as the void `img`.
const OPEN_ENDED: [&str; 16] = [
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "caption", "colgroup", "rb", "rt", "rp", "image",
];
/// How many bytes of resolved addresses one text may hold, so that a long base does not multiply a post.
const MOST_ADDRESSES: usize = 64 << 20;
const SVG: &str = "http://www.w3.org/2000/svg";

/// The HTML that is being cleaned.
pub(super) struct Page<'a> {
    html: &'a str,
    cleaning: &'a Cleaning<'a>,
    output: &'a Output,
    addresses: Cell<usize>,
}

/// New values of attributes by their place, `None` for one that goes.
type Changes = Vec<(usize, Option<String>)>;

impl<'a> Page<'a> {
    pub(super) fn new(html: &'a str, cleaning: &'a Cleaning<'a>, output: &'a Output) -> Self {
        Self { html, cleaning, output, addresses: Cell::new(0) }
    }

    pub(super) fn clean(&self, element: &mut Element) -> HandlerResult {
        if element.removed() {
            return Ok(()); // It lies in one that goes.
        }
        let name = element.tag_name();
        match name.as_str() {
            "script" | "style" | "template" | "noscript" | "noembed" | "noframes" | "object" | "embed" | "applet"
            | "param" | "input" | "button" | "select" | "textarea" | "option" | "optgroup" | "datalist" | "keygen"
            | "base" | "meta" | "link" | "title" => self.remove(element),
            "set" | "animate" | "animatemotion" | "animatetransform" if animates_an_address(element) => {
                self.remove(element);
            }
            // The end tag of `head` may be left out, and a `frame` has none: their content must not go with them.
            "html" | "head" | "body" | "form" | "frameset" | "frame" => return self.unwrap(element),
            _ => self.examine(element, &name)?,
        }
        Ok(())
    }

    fn remove(&self, element: &mut Element) {
        seal(&mut self.output.borrow_mut());
        element.remove();
    }

    fn unwrap(&self, element: &mut Element) -> HandlerResult {
        seal(&mut self.output.borrow_mut());
        element.remove_and_keep_content();
        if element.can_have_content() {
            let output = Rc::clone(self.output);
            element.on_end_tag(Box::new(move |_| {
                seal(&mut output.borrow_mut());
                Ok(())
            }))?;
        }
        Ok(())
    }

    fn examine(&self, element: &mut Element, name: &str) -> HandlerResult {
        let (changes, hidden) = self.changes(element, name);
        if hidden && self.ends(element, name) {
            self.remove(element);
        } else if name == "iframe" {
            self.iframe(element, &changes);
        } else if PREFORMATTED.contains(&name) {
            element.set_tag_name("pre")?;
            self.rewrite(element, &changes);
        } else if !changes.is_empty() {
            self.rewrite(element, &changes);
        }
        Ok(())
    }

    /// The attributes that cannot stay as they are, and whether the element is hidden.
    fn changes(&self, element: &Element, name: &str) -> (Changes, bool) {
        let mut changes = Vec::new();
        let mut hidden = false;
        for (place, (attribute, value)) in self.attributes(element).enumerate() {
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
                Kind::Address if is_fragment(value) && name != "a" && element.namespace_uri() == SVG => continue,
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
    fn attributes(&self, element: &Element) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        let html = self.html;
        element.attributes().iter().map(move |attribute| {
            let part = |location: Option<lol_html::html_content::SourceLocation>| html.get(location?.bytes());
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
        if let Cow::Owned(address) = &resolved {
            self.addresses.set(self.addresses.get() + address.len());
        }
        (self.addresses.get() <= MOST_ADDRESSES).then_some(resolved)
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
    fn iframe(&self, element: &mut Element, changes: &Changes) {
        let source = element.get_attribute("src").unwrap_or_default();
        let source = decode(&source);
        let Some(address) = self.resolve(&source, Data::Raster).filter(|url| is_web(url)) else {
            return self.remove(element);
        };
        if self.cleaning.keep_iframes {
            element.set_inner_content("", ContentType::Html);
            if !changes.is_empty() {
                self.rewrite(element, changes);
            }
            return;
        }
        let address = escape(&address);
        element.replace(&format!("<a href=\"{address}\">{address}</a>"), ContentType::Html);
    }

    /// Writes the start tag anew.
    fn rewrite(&self, element: &mut Element, changes: &Changes) {
        let mut tag = format!("<{}", element.tag_name_preserve_case());
        let mut changes = changes.iter().peekable();
        for (place, (attribute, value)) in self.attributes(element).enumerate() {
            match changes.next_if(|(changed, _)| *changed == place) {
                None => attribute::push(&mut tag, attribute, value),
                Some((_, Some(value))) => attribute::push(&mut tag, attribute, Some(value)),
                Some((_, None)) => {}
            }
        }
        tag.push_str(if element.is_self_closing() { " />" } else { ">" });
        element.start_tag().replace(&tag, ContentType::Html);
    }
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
