//! What Hugo's goldmark makes of text beyond CommonMark: its typographer and its links for bare addresses.

mod extras;
mod hooks;
mod linkify;
mod typographer;
mod write;

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use self::typographer::Typographer;
use crate::config::HugoMarkdown;

pub(super) use self::extras::with_extras;
pub(super) use self::hooks::with_hooks;
pub(crate) use self::hooks::{Hooked, Hooks};
pub(super) use self::write::{as_goldmark, without_attributes, without_html};

/// The same events with typographic text and links for bare addresses. `source` is the text that they were read from;
/// with `emoji`, a colon behind a backslash begins none.
pub(super) fn with_typography<'a>(
    source: &'a str,
    events: impl Iterator<Item = (Event<'a>, Range<usize>)>,
    hugo: HugoMarkdown,
) -> impl Iterator<Item = Event<'a>> {
    let mut texts = Texts {
        source,
        hugo,
        typographer: Typographer::default(),
        links: 0,
        code: false,
        address: false,
        at_line_start: true,
    };
    let mut events = events.peekable();
    let mut ready = Vec::new().into_iter();
    std::iter::from_fn(move || {
        loop {
            if let Some(event) = ready.next() {
                return Some(event);
            }
            let (event, range) = events.next()?;
            let Event::Text(text) = event else {
                texts.note(&event);
                return Some(event);
            };
            let mut run = vec![(text, range)];
            while let Some((Event::Text(text), range)) = events.next_if(|(event, _)| matches!(event, Event::Text(_))) {
                run.push((text, range));
            }
            ready = texts.changed(run).into_iter();
        }
    })
}

struct Texts<'a> {
    source: &'a str,
    hugo: HugoMarkdown,
    typographer: Typographer,
    /// Links that are open, in which no other may begin.
    links: usize,
    code: bool,
    /// Inside an address in angle brackets, which is shown as it is.
    address: bool,
    at_line_start: bool,
}

impl<'a> Texts<'a> {
    fn note(&mut self, event: &Event<'a>) {
        self.at_line_start = matches!(event, Event::SoftBreak | Event::HardBreak);
        self.address = matches!(event, Event::Start(Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. }));
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => self.links += 1,
            Event::End(TagEnd::Link | TagEnd::Image) => self.links = self.links.saturating_sub(1),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough) | Event::End(_) => {}
            Event::Start(tag) => {
                self.code = matches!(tag, Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_));
                self.at_line_start = true;
                self.typographer = Typographer::default();
            }
            _ => {}
        }
        if matches!(event, Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock)) {
            self.code = false;
        }
    }

    /// One run of text without anything between its pieces.
    fn changed(&mut self, run: Vec<(CowStr<'a>, Range<usize>)>) -> Vec<Event<'a>> {
        let line_start = std::mem::take(&mut self.at_line_start);
        let end = run.last().map_or(0, |(_, range)| range.end);
        if self.code || self.address {
            return run.into_iter().map(|(text, _)| Event::Text(text)).collect();
        }
        let mut events = Vec::with_capacity(run.len());
        let mut text = String::new();
        let mut done = 0;
        // Behind another element or a symbol a link may begin, too.
        let mut is_fresh = true;
        let mut before_end = None;
        for (n, (piece, range)) in run.into_iter().enumerate() {
            let source = self.source.get(range.clone()).unwrap_or_default();
            if *source != *piece {
                text.push_str(&piece);
                before_end = Some(range.end);
                continue;
            }
            // The first character behind a backslash means itself.
            let is_escaped = before_end != Some(range.start) && self.before(range.start) == Some('\\');
            before_end = Some(range.end);
            for (at, c) in piece.char_indices() {
                let place = range.start + at;
                if place < done {
                    continue;
                }
                if is_escaped && at == 0 {
                    if self.hugo.emoji && c == ':' {
                        flush(&mut text, &mut events);
                        events.push(Event::InlineHtml(":".into()));
                    } else {
                        text.push(c);
                    }
                    continue;
                }
                let is_start = line_start && n == 0 && at == 0;
                let before = if is_start { '\n' } else { self.before(place).unwrap_or('\n') };
                let rest = self.source.get(place..).unwrap_or_default();
                if let Some(link) = self.link(rest, before, is_fresh, end - place) {
                    flush(&mut text, &mut events);
                    done = place + link.length;
                    push_link(link, &mut events);
                } else if let Some((symbol, length)) = self.symbol(rest, before) {
                    text.push_str(symbol);
                    done = place + length;
                    is_fresh = true;
                } else {
                    text.push(c);
                    is_fresh = false;
                }
            }
        }
        flush(&mut text, &mut events);
        events
    }

    fn symbol(&mut self, rest: &str, before: char) -> Option<(&'static str, usize)> {
        if self.hugo.typographer { self.typographer.symbol(rest, before) } else { None }
    }

    fn link(&self, rest: &'a str, before: char, is_fresh: bool, most: usize) -> Option<linkify::Link<'a>> {
        let may_start = self.hugo.linkify
            && self.links == 0
            && (is_fresh || before.is_whitespace() || matches!(before, '*' | '_' | '~' | '('));
        may_start.then(|| linkify::link(rest)).flatten().filter(|link| link.length <= most)
    }

    fn before(&self, at: usize) -> Option<char> {
        self.source.get(..at)?.chars().next_back()
    }
}

fn flush<'a>(text: &mut String, events: &mut Vec<Event<'a>>) {
    if !text.is_empty() {
        events.push(Event::Text(std::mem::take(text).into()));
    }
}

fn push_link<'a>(link: linkify::Link<'a>, events: &mut Vec<Event<'a>>) {
    let dest_url = format!("{}{}", link.scheme, link.text).into();
    let tag =
        Tag::Link { link_type: LinkType::Autolink, dest_url, title: CowStr::Borrowed(""), id: CowStr::Borrowed("") };
    events.extend([Event::Start(tag), Event::Text(link.text.into()), Event::End(TagEnd::Link)]);
}
