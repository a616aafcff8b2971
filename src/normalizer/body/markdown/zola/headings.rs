//! Ids of headings: their own, else the slug of their text, told apart by numbers.

use std::collections::{HashMap, HashSet};

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

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
