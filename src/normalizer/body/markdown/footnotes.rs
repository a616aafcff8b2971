//! Footnotes as goldmark and Zola write them: numbered by first reference, collected at the end, with a way back.

use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::normalizer::text;

/// The same events, with the notes that are referred to at the end instead of where they were defined.
pub(super) fn at_the_end<'a>(events: impl Iterator<Item = Event<'a>>, style: Style) -> impl Iterator<Item = Event<'a>> {
    let mut notes = Notes { style, ..Notes::default() };
    for event in events {
        notes.take(event);
    }
    notes.finish().into_iter()
}

/// Whose marks and lists they are.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum Style {
    /// Hugo's.
    #[default]
    Goldmark,
    /// Zola's `bottom_footnotes`.
    Zola,
}

#[derive(Default)]
struct Notes<'a> {
    style: Style,
    body: Vec<Event<'a>>,
    /// The definitions that are open, the innermost last; a flat list because input may nest them at will.
    open: Vec<(CowStr<'a>, Vec<Event<'a>>)>,
    defined: HashMap<CowStr<'a>, Vec<Event<'a>>>,
    /// Names in the order of their first reference.
    order: Vec<CowStr<'a>>,
    uses: HashMap<CowStr<'a>, Use>,
}

struct Use {
    number: usize,
    count: usize,
}

impl<'a> Notes<'a> {
    fn take(&mut self, event: Event<'a>) {
        match event {
            Event::Start(Tag::FootnoteDefinition(name)) => self.open.push((name, Vec::new())),
            Event::End(TagEnd::FootnoteDefinition) => {
                if let Some((name, content)) = self.open.pop() {
                    self.defined.entry(name).or_insert(content);
                }
            }
            Event::FootnoteReference(name) => {
                let reference = self.reference(name);
                self.push(Event::InlineHtml(reference.into()));
            }
            event => self.push(event),
        }
    }

    fn push(&mut self, event: Event<'a>) {
        self.open.last_mut().map_or(&mut self.body, |(_, content)| content).push(event);
    }

    fn reference(&mut self, name: CowStr<'a>) -> String {
        let number = self.order.len() + 1;
        let used = self.uses.entry(name.clone()).or_insert_with(|| Use { number, count: 0 });
        used.count += 1;
        if used.count == 1 {
            self.order.push(name.clone());
        }
        self.style.mark(&name, used)
    }

    fn finish(mut self) -> Vec<Event<'a>> {
        let mut events = std::mem::take(&mut self.body);
        let notes = self.order.iter().filter_map(|name| Some((name, self.defined.remove(name)?, self.uses.get(name)?)));
        let notes: Vec<_> = notes.collect();
        if notes.is_empty() {
            return events;
        }
        let style = self.style;
        let (open, close) = style.list();
        events.push(Event::Html(open.into()));
        for (name, content, used) in notes {
            events.push(Event::Html(style.note(name, used).into()));
            push_with_way_back(&mut events, content, &style.way_back(name, used));
            events.push(Event::Html("</li>\n".into()));
        }
        events.push(Event::Html(close.into()));
        events
    }
}

/// The way back stands at the end of the last paragraph, or behind what else there is.
fn push_with_way_back<'a>(events: &mut Vec<Event<'a>>, mut content: Vec<Event<'a>>, way_back: &str) {
    let last_paragraph = content.pop_if(|event| matches!(event, Event::End(TagEnd::Paragraph)));
    events.append(&mut content);
    events.push(Event::InlineHtml(way_back.to_owned().into()));
    events.extend(last_paragraph);
}

impl Style {
    /// The mark in the text, of a use of a note.
    fn mark(self, name: &str, used: &Use) -> String {
        let Use { number, count } = *used;
        match self {
            Self::Goldmark => format!(
                "<sup id=\"{}\"><a href=\"#fn:{number}\" class=\"footnote-ref\" role=\"doc-noteref\">{number}</a></sup>",
                mark_id(number, count),
            ),
            Self::Zola => {
                let name = text::escape(name);
                format!(
                    "<sup class=\"footnote-reference\" id=\"fr-{name}-{count}\"><a href=\"#fn-{name}\">{number}</a></sup>"
                )
            }
        }
    }

    /// What is before and behind all notes.
    fn list(self) -> (&'static str, &'static str) {
        match self {
            Self::Goldmark => ("<div class=\"footnotes\" role=\"doc-endnotes\">\n<hr />\n<ol>\n", "</ol>\n</div>\n"),
            Self::Zola => ("<section class=\"footnotes\">\n<ol class=\"footnotes-list\">\n", "</ol>\n</section>\n"),
        }
    }

    /// What is before a note.
    fn note(self, name: &str, used: &Use) -> String {
        match self {
            Self::Goldmark => format!("<li id=\"fn:{}\">\n", used.number),
            Self::Zola => format!("<li id=\"fn-{}\">\n", text::escape(name)),
        }
    }

    /// The links from a note to its marks.
    fn way_back(self, name: &str, used: &Use) -> String {
        let name = text::escape(name);
        let link = |nth| match (self, nth) {
            (Self::Goldmark, _) => {
                let mark = mark_id(used.number, nth);
                format!(
                    "&#160;<a href=\"#{mark}\" class=\"footnote-backref\" role=\"doc-backlink\">&#x21a9;&#xfe0e;</a>"
                )
            }
            (Self::Zola, 1) => format!(" <a href=\"#fr-{name}-1\">↩</a>"),
            (Self::Zola, _) => format!(" <a href=\"#fr-{name}-{nth}\">↩{nth}</a>"),
        };
        (1..=used.count).map(link).collect()
    }
}

/// The id of the first mark of a note, or of one that is told apart from it: `fnref:1`, `fnref1:1`.
fn mark_id(number: usize, nth: usize) -> String {
    if nth == 1 { format!("fnref:{number}") } else { format!("fnref{}:{number}", nth - 1) }
}
