//! Markdown as Zola renders it: by the same parser, with its ids of headings, its notes, code and summary (its `markdown` crate).

mod code;
mod headings;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

use super::{emoji, footnotes, nesting};
use crate::config::ZolaMarkdown;
use crate::normalizer::text;

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

/// The text as HTML. HTML in it stands as it is, and so do addresses that begin with `@/`.
#[must_use]
pub fn render(source: &str, options: &ZolaMarkdown) -> Rendered {
    let bounded = nesting::bounded(source);
    let (mut events, divider) = read(&bounded, options);
    headings::set_ids(&mut events, options.anchors);
    let summary = divider.and_then(|divider| events.get(..divider)).map(summary);
    let mut html = String::with_capacity(source.len() + source.len() / 8);
    if options.bottom_footnotes {
        html::push_html(&mut html, footnotes::at_the_end(events.into_iter(), footnotes::Style::Zola));
    } else {
        html::push_html(&mut html, events.into_iter());
    }
    Rendered { html, summary }
}

/// The events as Zola changes them, and the place of the divider among them.
fn read<'a>(source: &'a str, options: &ZolaMarkdown) -> (Vec<Event<'a>>, Option<usize>) {
    let mut events = Vec::new();
    let mut divider = None;
    let mut code: Option<code::Block> = None;
    for event in Parser::new_ext(source, parser_options(options)) {
        let event = match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let (block, kind) = code::Block::open(kind, options.highlights);
                code = Some(block);
                Event::Start(Tag::CodeBlock(kind))
            }
            Event::End(TagEnd::CodeBlock) => {
                events.extend(code.take().and_then(code::Block::text).map(|text| Event::Text(text.into())));
                event
            }
            Event::Text(text) => match code.as_mut() {
                Some(block) => match block.keep(text) {
                    Some(text) => Event::Text(text),
                    None => continue,
                },
                None if options.emoji => Event::Text(emoji::shown(text)),
                None => Event::Text(text),
            },
            Event::Html(html) | Event::InlineHtml(html) if divider.is_none() && is_divider(&html) => {
                divider = Some(events.len());
                Event::Html(DIVIDER.into())
            }
            Event::Start(Tag::Link { dest_url, title, .. })
                if is_external(&dest_url) && !options.external.is_empty() =>
            {
                Event::InlineHtml(external_link(&dest_url, &title, options).into())
            }
            event => event,
        };
        events.push(event);
    }
    (events, divider)
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
