//! Hugo's render hooks: templates of the site that write links, pictures, headings, code and quotations in place of goldmark.

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag, html};

use super::write::{alternative, as_goldmark};

/// What a hook is asked to write.
#[derive(Debug)]
pub(crate) enum Hooked<'a> {
    Link { destination: &'a str, title: &'a str, text: &'a str, plain: &'a str },
    Picture { destination: &'a str, title: &'a str, plain: &'a str, is_block: bool, ordinal: usize },
    Heading { level: usize, anchor: &'a str, text: &'a str, plain: &'a str },
    Code { language: &'a str, inner: &'a str, ordinal: usize },
    Quote { text: &'a str, ordinal: usize },
}

/// The hooks of a site.
pub(crate) trait Hooks {
    /// What the site's template gives; `None` to have it written as ever.
    fn hooked(&self, what: &Hooked<'_>) -> Option<String>;
}

/// The same events with HTML in place of what hooks write.
pub(in crate::normalizer::body::markdown) fn with_hooks<'a>(
    events: impl Iterator<Item = Event<'a>>,
    hooks: &dyn Hooks,
    hard_wraps: bool,
    wraps_pictures: bool,
) -> Vec<Event<'a>> {
    let mut writing = Writing { hooks, hard_wraps, wraps_pictures, pictures: 0, code: 0, quotes: 0 };
    writing.all(events.collect())
}

struct Writing<'h> {
    hooks: &'h dyn Hooks,
    hard_wraps: bool,
    /// Whether a picture alone in its paragraph stays in it.
    wraps_pictures: bool,
    pictures: usize,
    code: usize,
    quotes: usize,
}

impl Writing<'_> {
    fn all<'a>(&mut self, events: Vec<Event<'a>>) -> Vec<Event<'a>> {
        let mut written = Vec::with_capacity(events.len());
        let mut events = events.into_iter();
        while let Some(event) = events.next() {
            let Event::Start(tag) = event else {
                written.push(event);
                continue;
            };
            let is_written = matches!(
                tag,
                Tag::Link { .. } | Tag::Image { .. } | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::BlockQuote(_)
            );
            let may_be_picture = !self.wraps_pictures && tag == Tag::Paragraph;
            if !is_written && !may_be_picture {
                written.push(Event::Start(tag));
                continue;
            }
            let (inside, end) = up_to_end(&mut events);
            self.element(tag, inside, end, &mut written);
        }
        written
    }

    /// One element, as its hook writes it or as it was.
    fn element<'a>(
        &mut self,
        tag: Tag<'a>,
        inside: Vec<Event<'a>>,
        end: Option<Event<'a>>,
        written: &mut Vec<Event<'a>>,
    ) {
        if tag == Tag::Paragraph {
            let is_alone = matches!(inside.first(), Some(Event::Start(Tag::Image { .. })))
                && up_to_end(&mut inside.iter().skip(1).cloned()).0.len() + 2 == inside.len();
            if is_alone {
                let picture = self.pictures_of(inside, true);
                written.extend(picture);
                written.push(Event::Html("\n".into()));
                return;
            }
        }
        let is_picture = matches!(tag, Tag::Image { .. });
        let inside = if is_picture { inside } else { self.all(inside) };
        let has_note = inside.iter().any(|event| matches!(event, Event::FootnoteReference(_)));
        let html = if has_note { None } else { self.html(&tag, &inside, false) };
        match html {
            Some(html) if matches!(tag, Tag::Link { .. } | Tag::Image { .. }) => {
                written.push(Event::InlineHtml(html.into()));
            }
            Some(html) => written.push(Event::Html(html.into())),
            None => {
                written.push(Event::Start(tag));
                written.extend(inside);
                written.extend(end);
            }
        }
    }

    /// A picture that is alone.
    fn pictures_of<'a>(&mut self, mut events: Vec<Event<'a>>, is_block: bool) -> Vec<Event<'a>> {
        if let Some(Event::Start(tag)) = events.first().cloned()
            && let Some(html) = self.html(&tag, events.get(1..).unwrap_or_default(), is_block)
        {
            events = vec![Event::InlineHtml(html.into())];
        }
        events
    }

    fn html(&mut self, tag: &Tag<'_>, inside: &[Event<'_>], is_block: bool) -> Option<String> {
        let plain = || plain(inside);
        match tag {
            Tag::Link { link_type, dest_url, title, .. } => {
                let mail = format!("mailto:{dest_url}");
                let destination: &str = if *link_type == LinkType::Email { &mail } else { dest_url };
                let text = self.rendered(inside);
                self.hooks.hooked(&Hooked::Link { destination, title, text: &text, plain: &plain() })
            }
            Tag::Image { dest_url, title, .. } => {
                let ordinal = self.pictures;
                self.pictures += 1;
                let plain = alternative(&mut inside.iter().cloned());
                self.hooks.hooked(&Hooked::Picture { destination: dest_url, title, plain: &plain, is_block, ordinal })
            }
            Tag::Heading { level, id, classes, attrs } if classes.is_empty() && attrs.is_empty() => {
                let (level, anchor) = (*level as usize, id.as_deref().unwrap_or_default());
                let text = self.rendered(inside);
                self.hooks.hooked(&Hooked::Heading { level, anchor, text: &text, plain: &plain() })
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                let ordinal = self.code;
                self.code += 1;
                let language = info.split([' ', '{']).next().unwrap_or_default();
                let code = plain();
                let inner = code.strip_suffix('\n').unwrap_or(&code);
                let is_plain = !info.contains('{');
                is_plain.then(|| self.hooks.hooked(&Hooked::Code { language, inner, ordinal })).flatten()
            }
            Tag::BlockQuote(_) => {
                let ordinal = self.quotes;
                self.quotes += 1;
                let text = self.rendered(inside);
                self.hooks.hooked(&Hooked::Quote { text: &text, ordinal })
            }
            _ => None,
        }
    }

    fn rendered(&self, events: &[Event<'_>]) -> String {
        let mut text = String::new();
        html::push_html(&mut text, as_goldmark(events.iter().cloned(), self.hard_wraps));
        text
    }
}

/// The events up to the end of an element that has begun, and that end.
fn up_to_end<'a>(events: &mut impl Iterator<Item = Event<'a>>) -> (Vec<Event<'a>>, Option<Event<'a>>) {
    let mut inside = Vec::new();
    let mut open = 1_usize;
    for event in events {
        match &event {
            Event::Start(_) => open += 1,
            Event::End(_) => open -= 1,
            _ => {}
        }
        if open == 0 {
            return (inside, Some(event));
        }
        inside.push(event);
    }
    (inside, None)
}

/// The text alone.
fn plain(events: &[Event<'_>]) -> String {
    let mut text = String::new();
    for event in events {
        match event {
            Event::Text(piece) | Event::Code(piece) => text.push_str(piece),
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            _ => {}
        }
    }
    text
}
