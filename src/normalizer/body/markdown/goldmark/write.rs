//! What goldmark writes in other words than the parser's own writer: void elements, cells of tables, addresses.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::normalizer::text;

/// The same events, with HTML where goldmark's differs. Summaries count its words, so it matters to the letter.
pub(in crate::normalizer::body::markdown) fn as_goldmark<'a>(
    mut events: impl Iterator<Item = Event<'a>>,
    hard_wraps: bool,
) -> impl Iterator<Item = Event<'a>> {
    let mut ready = None;
    std::iter::from_fn(move || {
        if let Some(event) = ready.take() {
            return Some(event);
        }
        Some(match events.next()? {
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                Event::InlineHtml(picture(&dest_url, &title, &alternative(&mut events)).into())
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                Event::Start(Tag::Link { link_type, dest_url: address(dest_url), title, id })
            }
            Event::SoftBreak if hard_wraps => Event::InlineHtml("<br>\n".into()),
            Event::HardBreak => Event::InlineHtml("<br>\n".into()),
            Event::Rule => Event::Html("<hr>\n".into()),
            cell @ Event::Start(Tag::TableCell) => {
                ready = Some(cell);
                Event::Html("\n".into())
            }
            event => event,
        })
    })
}

/// The text without lines such as `{.class #id}`, which are about the block before them; those in fenced code stay.
pub(in crate::normalizer::body::markdown) fn without_attributes(source: &str) -> Cow<'_, str> {
    let is_attributes = |line: &str| {
        let inside = line.trim().strip_prefix('{').and_then(|line| line.strip_suffix('}'));
        inside.is_some_and(|inside| {
            let mut words = inside.split_whitespace().peekable();
            words.peek().is_some() && words.all(|word| word.starts_with(['.', '#']) || word.contains('='))
        })
    };
    if !source.lines().any(is_attributes) {
        return source.into();
    }
    let mut text = String::with_capacity(source.len());
    let mut fence = None;
    for line in source.split_inclusive('\n') {
        let mark = ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
        if mark.is_some() && (fence.is_none() || fence == mark) {
            fence = if fence.is_none() { mark } else { None };
        }
        if fence.is_some() || !is_attributes(line) {
            text.push_str(line);
        }
    }
    text.into()
}

/// HTML in the text, but for comments, becomes the comment that goldmark leaves in its place: its words count in summaries.
pub(in crate::normalizer::body::markdown) fn without_html<'a>(
    events: impl Iterator<Item = (Event<'a>, Range<usize>)>,
) -> impl Iterator<Item = (Event<'a>, Range<usize>)> {
    const OMITTED: &str = "<!-- raw HTML omitted -->";
    let mut is_first_line = false;
    events.filter_map(move |(event, range)| {
        let is_comment = |html: &str| html.trim_start().starts_with("<!--");
        let event = match event {
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {
                is_first_line = true;
                return None;
            }
            Event::Html(html) if !std::mem::take(&mut is_first_line) || is_comment(&html) => return None,
            Event::Html(_) => Event::Html(format!("{OMITTED}\n").into()),
            Event::InlineHtml(html) if is_comment(&html) => return None,
            Event::InlineHtml(_) => Event::InlineHtml(OMITTED.into()),
            event => event,
        };
        Some((event, range))
    })
}

/// The text that stands for a picture: all up to its end.
pub(super) fn alternative<'a>(events: &mut impl Iterator<Item = Event<'a>>) -> String {
    let (mut text, mut open) = (String::new(), 1_usize);
    for event in events {
        match event {
            Event::Start(Tag::Image { .. }) => open += 1,
            Event::End(TagEnd::Image) => {
                open -= 1;
                if open == 0 {
                    break;
                }
            }
            Event::Text(piece) | Event::Code(piece) => text.push_str(&piece),
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            _ => {}
        }
    }
    text
}

fn picture(dest_url: &str, title: &str, alternative: &str) -> String {
    let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", text::escape(title)) };
    let source = address(dest_url.replace(' ', "%20").into());
    format!("<img src=\"{}\" alt=\"{}\"{title}>", text::escape(&source), text::escape(alternative))
}

/// An address without the characters that goldmark escapes and the parser's writer does not (`util.URLEscape`).
fn address(url: CowStr<'_>) -> CowStr<'_> {
    let is_escaped = |c: char| matches!(c, '^' | '[' | ']' | '|' | '\\' | '{' | '}' | '`' | '"' | '<' | '>');
    if !url.contains(is_escaped) {
        return url;
    }
    let mut escaped = String::with_capacity(url.len() + 16);
    for c in url.chars() {
        if is_escaped(c) {
            escaped.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            escaped.push(c);
        }
    }
    escaped.into()
}
