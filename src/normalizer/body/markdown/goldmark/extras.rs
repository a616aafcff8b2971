//! goldmark's extras: `~sub~`, `^super^`, `==marked==` and `++inserted++`, also inside a word.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::config::HugoMarkdown;

/// What stands around a text, and the element that it becomes.
type Extra = (&'static str, &'static str);

/// The extras that a site wants.
fn wanted(hugo: HugoMarkdown) -> Vec<Extra> {
    let all = [
        (hugo.subscript, ("~", "sub")),
        (hugo.superscript, ("^", "sup")),
        (hugo.marked, ("==", "mark")),
        (hugo.inserted, ("++", "ins")),
    ];
    all.into_iter().filter_map(|(is_on, extra)| is_on.then_some(extra)).collect()
}

/// The same events with those elements. Where there are none to look for, it is left at that.
pub(in crate::normalizer::body::markdown) fn with_extras<'a>(
    events: impl Iterator<Item = Event<'a>>,
    hugo: HugoMarkdown,
) -> impl Iterator<Item = Event<'a>> {
    let extras = wanted(hugo);
    let mut is_code = false;
    events.flat_map(move |event| {
        match &event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Text(text) if !is_code && !extras.is_empty() => {
                let pieces = pieces(text, &extras);
                if pieces.len() > 1 {
                    return Cut::Pieces(pieces.into_iter());
                }
            }
            _ => {}
        }
        Cut::Whole(Some(event).into_iter())
    })
}

/// An event, or what it became.
enum Cut<'a> {
    Whole(std::option::IntoIter<Event<'a>>),
    Pieces(std::vec::IntoIter<Event<'a>>),
}

impl<'a> Iterator for Cut<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        match self {
            Self::Whole(event) => event.next(),
            Self::Pieces(events) => events.next(),
        }
    }
}

/// A text cut at the first element of each kind that begins and ends in it, and so on behind.
fn pieces<'a>(text: &str, extras: &[Extra]) -> Vec<Event<'a>> {
    let mut events = Vec::new();
    let mut rest = text;
    while let Some((start, mark, name, length)) = first(rest, extras) {
        let inside = rest.get(start + mark.len()..start + mark.len() + length).unwrap_or_default();
        events.push(Event::Text(rest.get(..start).unwrap_or_default().to_owned().into()));
        events.push(Event::InlineHtml(format!("<{name}>").into()));
        events.push(Event::Text(inside.to_owned().into()));
        events.push(Event::InlineHtml(format!("</{name}>").into()));
        rest = rest.get(start + 2 * mark.len() + length..).unwrap_or_default();
    }
    events.push(Event::Text(rest.to_owned().into()));
    events
}

/// Where the first element begins, what marks it, its name, and how long its text is.
fn first(text: &str, extras: &[Extra]) -> Option<(usize, &'static str, &'static str, usize)> {
    let found = extras.iter().filter_map(|(mark, name)| {
        let mut at = 0;
        loop {
            let start = at + text.get(at..)?.find(mark)?;
            let inside = text.get(start + mark.len()..)?;
            let end = inside.find(mark);
            match end.and_then(|end| inside.get(..end)) {
                Some(inner) if !inner.is_empty() && inner.trim() == inner => {
                    return Some((start, *mark, *name, inner.len()));
                }
                _ => at = start + mark.len(),
            }
        }
    });
    found.min_by_key(|(start, ..)| *start)
}
