//! Ids of headings: their own, else the slug of their text, told apart by numbers.

use std::collections::{HashMap, HashSet};

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::Context;
use crate::config::ZolaAnchors;
use crate::model::Slugify;

/// Gives each heading its id.
pub(super) fn set_ids(events: &mut [Event<'_>], rule: Slugify) {
    let mut ids = Ids::default();
    let own = events.iter().filter_map(|event| match event {
        Event::Start(Tag::Heading { id: Some(id), .. }) => Some(id.to_string()),
        _ => None,
    });
    ids.taken.extend(own);
    let mut at = 0;
    while at < events.len() {
        let (before, behind) = events.split_at_mut(at + 1);
        at += 1;
        let Some(Event::Start(Tag::Heading { id, attrs, .. })) = before.last_mut() else { continue };
        attrs.clear();
        if id.is_none() {
            // An empty id is none in HTML.
            *id = Some(ids.new_id(rule.anchor(&title(behind)))).filter(|id| !id.is_empty()).map(CowStr::from);
        }
    }
}

/// The text of a heading whose events these begin with.
fn title(events: &[Event<'_>]) -> String {
    let mut title = String::new();
    for event in events {
        match event {
            Event::Text(text) | Event::Code(text) => title.push_str(text),
            Event::End(TagEnd::Heading(_)) => break,
            _ => {}
        }
    }
    title
}

/// Gives each heading a link to itself. The divider's place among the events is moved along.
pub(super) fn link<'a>(events: &mut Vec<Event<'a>>, divider: &mut Option<usize>, context: &Context<'_>) {
    let old = std::mem::take(events);
    let at_divider = *divider;
    // What stands before the end of the heading that is read.
    let mut before_end = None;
    for at in 0..old.len() {
        if at_divider == Some(at) {
            *divider = Some(events.len());
        }
        let Some(event) = old.get(at) else { break };
        let (mut ahead, mut behind) = (None, None);
        match event {
            Event::Start(Tag::Heading { id, level, .. }) => {
                let id = id.as_deref().unwrap_or_default();
                let title = title(old.get(at + 1..).unwrap_or_default());
                let link = (context.anchor_link)(id, *level as u8, &title);
                match context.anchor_links {
                    ZolaAnchors::Left => behind = Some(link),
                    ZolaAnchors::Right => before_end = Some(link),
                    ZolaAnchors::Around => {
                        behind = opening(&link).map(str::to_owned);
                        before_end = behind.as_ref().map(|_| "</a>".to_owned());
                    }
                    ZolaAnchors::None => {}
                }
            }
            Event::End(TagEnd::Heading(_)) => ahead = before_end.take(),
            _ => {}
        }
        let html = |html: String| Event::InlineHtml(html.into());
        events.extend(ahead.map(html));
        events.push(event.clone());
        events.extend(behind.map(html));
    }
}

/// The opening tag of the first link in some HTML.
fn opening(html: &str) -> Option<&str> {
    let start = html.find("<a")?;
    let end = html.get(start..)?.find('>')?;
    html.get(start..=start + end)
}

#[derive(Default)]
struct Ids {
    taken: HashSet<String>,
    /// The number to try next behind a name.
    next: HashMap<String, usize>,
}

impl Ids {
    fn new_id(&mut self, name: String) -> String {
        if self.taken.insert(name.clone()) {
            return name;
        }
        let number = self.next.entry(name.clone()).or_insert(1);
        loop {
            let id = format!("{name}-{number}");
            *number += 1;
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }
}
