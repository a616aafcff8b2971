//! Markdown as Zola renders it: by the same parser, with its ids of headings, its notes, code and summary (its `markdown` crate).

mod code;
mod headings;
mod inserts;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::{emoji, footnotes, nesting};
use crate::config::{ZolaAnchors, ZolaMarkdown};
use crate::normalizer::text;
pub use inserts::Inserts;

/// What stands where the summary ends.
const DIVIDER: &str = "<span id=\"continue-reading\"></span>";

/// A text as HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// All of it.
    pub html: String,
    /// What is before `<!-- more -->`, where that is.
    pub summary: Option<String>,
}

/// What a text is rendered with.
pub struct Context<'a> {
    /// The site's options.
    pub options: &'a ZolaMarkdown,
    /// What words in the text stand for.
    pub inserts: &'a Inserts,
    /// Where headings have links to themselves.
    pub anchor_links: ZolaAnchors,
    /// The link of a heading by its id, its level and its text.
    pub anchor_link: &'a dyn Fn(&str, u8, &str) -> String,
}

/// The text as HTML. HTML in it stands as it is, and so do addresses that begin with `@/`.
#[must_use]
pub fn render(source: &str, context: &Context<'_>) -> Rendered {
    let bounded = nesting::bounded(source);
    let mut reader =
        Reader { source: &bounded, context, events: Vec::new(), divider: None, code: None, is_bare: false };
    for (event, range) in Parser::new_ext(&bounded, parser_options(context.options)).into_offset_iter() {
        reader.take(event, range);
    }
    let (mut events, mut divider) = (reader.events, reader.divider);
    headings::set_ids(&mut events, context.options.anchors);
    if context.anchor_links != ZolaAnchors::None {
        headings::link(&mut events, &mut divider, context);
    }
    let restored = |html: String| match context.inserts.restored(&html) {
        Cow::Owned(restored) => restored,
        Cow::Borrowed(_) => html,
    };
    let summary = divider.and_then(|divider| events.get(..divider)).map(summary);
    let mut html = String::with_capacity(source.len() + source.len() / 8);
    if context.options.bottom_footnotes {
        html::push_html(&mut html, footnotes::at_the_end(events.into_iter(), footnotes::Style::Zola));
    } else {
        html::push_html(&mut html, events.into_iter());
    }
    Rendered { html: restored(html), summary: summary.map(restored) }
}

/// Takes the events as Zola changes them.
struct Reader<'a, 'c> {
    source: &'a str,
    context: &'c Context<'c>,
    events: Vec<Event<'a>>,
    /// The place of the divider among the events.
    divider: Option<usize>,
    code: Option<code::Block>,
    /// Whether the paragraph is nothing but what a shortcode gives.
    is_bare: bool,
}

impl<'a> Reader<'a, '_> {
    fn take(&mut self, event: Event<'a>, range: Range<usize>) {
        let Context { options, inserts, .. } = *self.context;
        let event = match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let (block, kind) = code::Block::open(kind, options.highlights);
                self.code = Some(block);
                Event::Start(Tag::CodeBlock(kind))
            }
            Event::End(TagEnd::CodeBlock) => {
                let text = self.code.take().and_then(code::Block::text);
                self.events.extend(text.map(|text| Event::Text(text.into())));
                event
            }
            Event::Text(text) => return self.text(text),
            Event::Start(Tag::Paragraph) if self.source.get(range).is_some_and(|text| inserts.is_word(text)) => {
                self.is_bare = true;
                return;
            }
            Event::End(TagEnd::Paragraph) if std::mem::take(&mut self.is_bare) => return,
            Event::Html(html) | Event::InlineHtml(html) if self.divider.is_none() && is_divider(&html) => {
                self.divider = Some(self.events.len());
                Event::Html(DIVIDER.into())
            }
            Event::Html(ref html) | Event::InlineHtml(ref html) => match inserts.events(html, true) {
                Some(events) => return self.events.extend(events),
                None => event,
            },
            Event::Start(Tag::Link { dest_url, title, .. })
                if is_external(&dest_url) && !options.external.is_empty() =>
            {
                Event::InlineHtml(external_link(&dest_url, &title, options).into())
            }
            event => event,
        };
        self.events.push(event);
    }

    fn text(&mut self, text: CowStr<'a>) {
        let Context { options, inserts, .. } = *self.context;
        if let Some(block) = self.code.as_mut() {
            // In code, what a shortcode gives is text as well.
            let text = match inserts.restored(&text) {
                Cow::Owned(restored) => restored.into(),
                Cow::Borrowed(_) => text,
            };
            self.events.extend(block.keep(text).map(Event::Text));
            return;
        }
        let text = if options.emoji { emoji::shown(text) } else { text };
        match inserts.events(&text, false) {
            Some(events) => self.events.extend(events),
            None => self.events.push(Event::Text(text)),
        }
    }
}

fn parser_options(options: &ZolaMarkdown) -> Options {
    let mut parser = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    parser.set(Options::ENABLE_SMART_PUNCTUATION, options.smart_punctuation);
    parser.set(Options::ENABLE_DEFINITION_LIST, options.definition_list);
    parser.set(Options::ENABLE_GFM, options.github_alerts);
    parser
}

/// Whether there is a `<!-- more -->` in it, in any case and spacing.
fn is_divider(html: &str) -> bool {
    html.match_indices("<!--").any(|(at, open)| {
        let rest = html.get(at + open.len()..).unwrap_or_default().trim_start();
        let (word, rest) = rest.split_at_checked(4).unwrap_or_default();
        word.eq_ignore_ascii_case("more") && rest.trim_start().starts_with("-->")
    })
}

fn is_external(address: &str) -> bool {
    address.starts_with("http://") || address.starts_with("https://")
}

fn external_link(address: &str, title: &str, options: &ZolaMarkdown) -> String {
    let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", text::escape(title)) };
    format!("<a{}{title} href=\"{}\">", options.external, text::escape(address))
}

/// The ends of what is still open behind the events. The end of a heading or of a link to another site closes all before
/// it: to Zola they began as HTML.
fn open_tags<'a>(events: &[Event<'a>]) -> Vec<Event<'a>> {
    let mut open: Vec<TagEnd> = Vec::new();
    for event in events {
        match event {
            Event::Start(Tag::HtmlBlock | Tag::Heading { .. }) | Event::End(TagEnd::HtmlBlock) => {}
            Event::Start(tag) => open.push(tag.to_end()),
            Event::End(end) => open.truncate(open.iter().rposition(|tag| tag == end).unwrap_or(0)),
            _ => {}
        }
    }
    open.into_iter().rev().map(Event::End).collect()
}

/// The text before the divider without marks of notes; where it ends within a paragraph or list, it says so.
fn summary(before: &[Event<'_>]) -> String {
    let mut html = String::new();
    html::push_html(&mut html, before.iter().cloned());
    let mut summary = without_marks(&html).trim_end().to_owned();
    let open = open_tags(before);
    if !open.is_empty() {
        summary.push_str("&hellip;");
    }
    html::push_html(&mut summary, open.into_iter());
    summary
}

/// The same without marks of footnotes.
fn without_marks(html: &str) -> Cow<'_, str> {
    const START: &str = "<sup class=\"footnote-reference\"";
    const END: &str = "</a></sup>";
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, mark)) = rest.split_once(START) {
        let Some((_, behind)) = mark.split_once(END) else { break };
        text.push_str(before);
        rest = behind;
    }
    if rest.len() == html.len() {
        return html.into();
    }
    text.push_str(rest);
    text.into()
}
