//! Footnotes as goldmark writes them: numbered by first reference, collected at the end, with a way back.

use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

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
        let number = self.order.len() + 1;
        let used = self.uses.entry(name.clone()).or_insert_with(|| Use { number, count: 0 });
        used.count += 1;
        if used.count == 1 {
            self.order.push(name);
        }
        format!(
            "<sup id=\"{}\"><a href=\"#fn:{number}\" class=\"footnote-ref\" role=\"doc-noteref\">{number}</a></sup>",
            mark_id(used.number, used.count),
            number = used.number,
        )
    }

    fn finish(mut self) -> Vec<Event<'a>> {
        let mut events = std::mem::take(&mut self.body);
        let notes: Vec<_> =
            self.order.iter().filter_map(|name| Some((self.defined.remove(name)?, self.uses.get(name)?))).collect();
        if notes.is_empty() {
            return events;
        }
        events.push(Event::Html("<div class=\"footnotes\" role=\"doc-endnotes\">\n<hr />\n<ol>\n".into()));
        for (content, used) in notes {
            events.push(Event::Html(format!("<li id=\"fn:{}\">\n", used.number).into()));
            push_with_way_back(&mut events, content, &way_back(used));
            events.push(Event::Html("</li>\n".into()));
        }
        events.push(Event::Html("</ol>\n</div>\n".into()));
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

fn way_back(used: &Use) -> String {
    let link = |nth| {
        let mark = mark_id(used.number, nth);
        format!("&#160;<a href=\"#{mark}\" class=\"footnote-backref\" role=\"doc-backlink\">&#x21a9;&#xfe0e;</a>")
    };
    (1..=used.count).map(link).collect()
}

/// The id of the first mark of a note, or of one that is told apart from it: `fnref:1`, `fnref1:1`.
fn mark_id(number: usize, nth: usize) -> String {
    if nth == 1 { format!("fnref:{number}") } else { format!("fnref{}:{number}", nth - 1) }
}
