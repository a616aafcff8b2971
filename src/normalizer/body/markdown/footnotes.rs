//! Footnotes as kramdown writes them: numbered by first reference, collected at the end, with a way back.

use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::normalizer::text::escape;

/// The same events, with the notes that are referred to at the end instead of where they were defined.
pub(super) fn at_the_end<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    let mut notes = Notes::default();
    for event in events {
        notes.take(event);
    }
    notes.finish().into_iter()
}

#[derive(Default)]
struct Notes<'a> {
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
        let shown = escape(&name);
        let number = self.order.len() + 1;
        let used = self.uses.entry(name.clone()).or_insert_with(|| Use { number, count: 0 });
        used.count += 1;
        if used.count == 1 {
            self.order.push(name);
        }
        format!(
            "<sup id=\"fnref:{shown}{}\"><a href=\"#fn:{shown}\" class=\"footnote\" rel=\"footnote\" role=\"doc-noteref\">{}</a></sup>",
            repetition(used.count),
            used.number,
        )
    }

    fn finish(mut self) -> Vec<Event<'a>> {
        let mut events = std::mem::take(&mut self.body);
        let notes: Vec<_> = self
            .order
            .iter()
            .filter_map(|name| Some((name, self.defined.remove(name)?, self.uses.get(name)?)))
            .collect();
        if notes.is_empty() {
            return events;
        }
        events.push(Event::Html("<div class=\"footnotes\" role=\"doc-endnotes\">\n<ol>\n".into()));
        for (name, content, used) in notes {
            let name = escape(name);
            events.push(Event::Html(format!("<li id=\"fn:{name}\">\n").into()));
            push_with_way_back(&mut events, content, &way_back(&name, used.count));
            events.push(Event::Html("</li>\n".into()));
        }
        events.push(Event::Html("</ol>\n</div>\n".into()));
        events
    }
}

/// The way back stands at the end of the last paragraph, or in one of its own.
fn push_with_way_back<'a>(events: &mut Vec<Event<'a>>, mut content: Vec<Event<'a>>, way_back: &str) {
    let last_paragraph = content.pop_if(|event| matches!(event, Event::End(TagEnd::Paragraph)));
    events.append(&mut content);
    match last_paragraph {
        Some(end) => events.extend([Event::InlineHtml(way_back.to_owned().into()), end]),
        None => events.push(Event::Html(format!("<p>{way_back}</p>\n").into())),
    }
}

fn way_back(name: &str, uses: usize) -> String {
    let link = |nth: usize| {
        let number = if nth == 1 { String::new() } else { format!("<sup>{nth}</sup>") };
        format!(
            "&#160;<a href=\"#fnref:{name}{}\" class=\"reversefootnote\" role=\"doc-backlink\">&#8617;{number}</a>",
            repetition(nth)
        )
    };
    (1..=uses).map(link).collect()
}

/// What tells the second and later references to a note apart: `:1`, `:2`.
fn repetition(nth: usize) -> String {
    if nth == 1 { String::new() } else { format!(":{}", nth - 1) }
}
