//! Shortcodes of Hugo: those that it brings along are rendered, others give the text that they hold; Zola's are below.
//!
//! What a shortcode gives stands in the text as a word until Markdown is HTML, so that Markdown cannot change it.

mod builtin;
mod tags;
#[cfg(test)]
mod tests;
pub(crate) mod zola;

use std::rc::Rc;

use tags::{Delimiter, Piece, Tag};

use super::gotemplate::{self, Call, Host, Notes, Value};
use super::text;

/// How deep shortcodes may stand in each other; deeper ones are left out.
const MAX_DEPTH: usize = 16;
/// How much the site's own templates may make of the shortcodes of one text, in bytes.
const MAX_TEMPLATED: usize = 4 << 20;
/// What the words begin with that stand for HTML.
const WORD: &str = "SHORTCODE";
const WORD_END: char = 'X';

/// What shortcodes ask their site.
pub(crate) trait Site: Host {
    /// The site's own template for a shortcode.
    fn template(&self, _name: &str) -> Option<&str> {
        None
    }
}

/// A text whose shortcodes are words that stand for HTML.
pub(crate) struct Expanded {
    text: String,
    /// What a word begins with: nothing else in the text does.
    word: String,
    html: Vec<String>,
    left_out: Vec<String>,
}

/// The text with its shortcodes expanded; `None` when it has none, which takes no time to tell.
pub(crate) fn expand(source: &str, site: &dyn Site) -> Option<Expanded> {
    ["{{<", "{{%"].iter().find(|mark| memchr::memmem::find(source.as_bytes(), mark.as_bytes()).is_some())?;
    let pieces = tags::pieces(source);
    let mut expander = Expander {
        site,
        word: text::unused_word(WORD, source),
        html: Vec::new(),
        left_out: Vec::new(),
        left: MAX_TEMPLATED,
        open: Vec::new(),
        notes: Notes::default(),
    };
    let text = expander.expand(&pieces);
    let Expander { word, html, left_out, .. } = expander;
    Some(Expanded { text, word, html, left_out })
}

impl Expanded {
    /// The text, to be rendered.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The names of shortcodes that are not known here, each once.
    pub(crate) fn take_left_out(&mut self) -> Vec<String> {
        std::mem::take(&mut self.left_out)
    }

    /// The rendered text with its words replaced by what they stand for; a paragraph of nothing else is none, as in Hugo.
    pub(crate) fn restore(&self, rendered: &str) -> String {
        restore(rendered, &self.word, &self.html)
    }
}

fn restore(rendered: &str, word: &str, html: &[String]) -> String {
    let mut text = String::with_capacity(rendered.len() + html.iter().map(String::len).sum::<usize>());
    let mut rest = rendered;
    while let Some((before, after)) = rest.split_once(word) {
        let number =
            after.split_once(WORD_END).and_then(|(number, behind)| Some((number.parse::<usize>().ok()?, behind)));
        let Some((piece, behind)) = number.and_then(|(number, behind)| Some((html.get(number)?, behind))) else {
            text.push_str(before);
            text.push_str(word);
            rest = after;
            continue;
        };
        match (before.strip_suffix("<p>"), behind.strip_prefix("</p>")) {
            (Some(before), Some(behind)) => {
                text.push_str(before);
                text.push_str(piece);
                rest = behind;
            }
            _ => {
                text.push_str(before);
                text.push_str(piece);
                rest = behind;
            }
        }
    }
    text.push_str(rest);
    text
}

struct Expander<'a> {
    site: &'a dyn Site,
    word: String,
    html: Vec<String>,
    left_out: Vec<String>,
    /// What is left of [`MAX_TEMPLATED`].
    left: usize,
    /// Those in which the text stands.
    open: Vec<Rc<Call>>,
    /// What templates note on the page.
    notes: Notes,
}

impl Expander<'_> {
    fn expand(&mut self, pieces: &[Piece<'_>]) -> String {
        let mut text = String::new();
        let (mut at, mut ordinal) = (0, 0);
        while let Some(piece) = pieces.get(at) {
            at += 1;
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Escaped { open, inside, close } => text.extend([*open, *inside, *close]),
                Piece::Tag { tag, end } => {
                    let inside = end.map(|end| pieces.get(at..at + end - 1).unwrap_or_default());
                    at += end.unwrap_or_default();
                    if self.open.len() < MAX_DEPTH {
                        self.shortcode(tag, inside, ordinal, &mut text);
                    }
                    ordinal += 1;
                }
            }
        }
        text
    }

    /// What the site's own template gives, where it is one of those that are known.
    fn by_template(&mut self, call: Rc<Call>) -> Option<String> {
        let template = self.site.template(&call.name)?;
        let html = gotemplate::render(template, &gotemplate::of_call(call), self.site, &self.notes)?;
        self.left = self.left.checked_sub(html.len())?;
        Some(html)
    }

    /// Markdown inside a shortcode; one line is no paragraph.
    fn rendered(&self, inner: &str) -> String {
        let html = self.site.markdown(inner);
        let alone = html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>\n"));
        match alone.filter(|alone| !inner.contains('\n') && !alone.contains('\n')) {
            Some(alone) => alone.to_owned(),
            None => html,
        }
    }

    fn shortcode(&mut self, tag: &Tag<'_>, inside: Option<&[Piece<'_>]>, ordinal: usize, text: &mut String) {
        let call = call(tag, self.open.last(), ordinal);
        let inner = inside.map(|inside| {
            self.open.push(Rc::clone(&call));
            let inner = self.expand(inside);
            self.open.pop();
            inner
        });
        // As it was before Hugo 0.55, if the template says so: the text inside is Markdown, and the result is HTML.
        let is_old = self.site.template(tag.name).is_some_and(is_of_old);
        let delimiter = if is_old { Delimiter::Angle } else { tag.delimiter };
        let is_markdown = tag.delimiter == Delimiter::Percent && (is_old || !self.open.is_empty());
        match inner.as_deref() {
            Some(inner) if is_markdown && self.site.template(tag.name).is_some() => {
                call.set_inner(Some(&self.rendered(inner)));
            }
            inner => call.set_inner(inner),
        }
        let known =
            self.by_template(call).or_else(|| builtin::render(tag, inner.as_deref().unwrap_or_default(), self.site));
        let html = match (known, delimiter) {
            (Some(html), Delimiter::Percent) => {
                text.push_str(&html);
                return;
            }
            (Some(html), Delimiter::Angle) => html,
            (None, delimiter) => {
                if !self.left_out.iter().any(|name| name == tag.name) {
                    self.left_out.push(tag.name.to_owned());
                }
                let Some(inner) = inner else { return };
                if delimiter == Delimiter::Percent {
                    text.push_str(&inner);
                    return;
                }
                self.site.markdown(&inner)
            }
        };
        // What shortcodes inside gave is put in its place when the text as a whole is restored.
        let html = restore(&html, &self.word, &self.html);
        self.left = self.left.saturating_sub(html.len());
        text.push_str(&format!("{}{}{WORD_END}", self.word, self.html.len()));
        self.html.push(html);
    }
}

/// A shortcode as its template sees it.
fn call(tag: &Tag<'_>, parent: Option<&Rc<Call>>, ordinal: usize) -> Rc<Call> {
    let parameters = tag.parameters().map(|(name, value, is_bare)| {
        (name.map(str::to_owned), if is_bare { Value::bare(value) } else { Value::plain(value) })
    });
    Rc::new(Call::new(tag.name, parameters.collect(), parent.cloned(), ordinal))
}

/// Whether a template has `{{ $_hugo_config := `{ "version": 1 }` }}`.
fn is_of_old(template: &str) -> bool {
    let config = template.split_once("$_hugo_config").and_then(|(_, rest)| rest.split_once("}}"));
    config.is_some_and(|(config, _)| config.replace(' ', "").contains("\"version\":1"))
}
