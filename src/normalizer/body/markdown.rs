//! Markdown as Jekyll's kramdown, Hugo's goldmark, Zola and CommonMark render it.

mod blocks;
mod emoji;
mod footnotes;
mod goldmark;
mod headings;
mod kramdown;
mod nesting;
#[cfg(test)]
mod tests;
pub mod zola;

use std::ops::Range;

pub(crate) use goldmark::{Hooked, Hooks};
pub use kramdown::Options as KramdownOptions;
use pulldown_cmark::{Event, Options, Parser, html};

use crate::config::HugoMarkdown;

/// Whose Markdown a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor<'a> {
    /// Jekyll's: kramdown with its GFM parser.
    Kramdown(&'a KramdownOptions),
    /// Hugo's: CommonMark with its extensions and its typographer.
    Goldmark(HugoMarkdown),
    /// CommonMark with tables, strikethrough, footnotes, definition lists and ids of headings.
    CommonMark,
}

/// `text` as HTML, as the flavour's own generator renders it.
///
/// HTML in the text stands as it is, unless Hugo leaves it out.
#[must_use]
pub fn to_html(text: &str, flavor: Flavor<'_>) -> String {
    to_html_with(text, flavor, None)
}

/// The same where a Hugo site has render hooks.
pub(crate) fn to_html_with(text: &str, flavor: Flavor<'_>, hooks: Option<&dyn Hooks>) -> String {
    if let Flavor::Kramdown(options) = flavor {
        return kramdown::to_html(text, options);
    }
    let text = match flavor {
        Flavor::Goldmark(HugoMarkdown { block_attributes: true, .. }) => goldmark::without_attributes(text),
        _ => text.into(),
    };
    let text = nesting::bounded(&text);
    let is_html_kept = !matches!(flavor, Flavor::Goldmark(HugoMarkdown { raw_html: false, .. }));
    let end = if is_html_kept { blocks::html_at_head(&text) } else { 0 };
    let (block, rest) = text.split_at_checked(end).unwrap_or(("", &text));
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    html.push_str(block);
    if !rest.trim_start_matches('\n').is_empty() {
        push_html(&mut html, rest, &text, flavor, hooks);
    }
    html
}

/// `text` as HTML with typographic quotes, dashes and ellipses by kramdown's rules, and nothing else of Markdown.
#[must_use]
pub fn smartified(text: &str, options: &KramdownOptions) -> String {
    kramdown::smartified(text, options)
}

/// The part `text` of `all`, which tells what there is to look for.
fn push_html(html: &mut String, text: &str, all: &str, flavor: Flavor<'_>, hooks: Option<&dyn Hooks>) {
    let Flavor::Goldmark(hugo) = flavor else {
        let events = Parser::new_ext(text, options(all, false));
        return push_events(html, headings::with_ids(events, headings::Ids::GitHubs), text);
    };
    let mut all = options(all, true);
    all.set(Options::ENABLE_STRIKETHROUGH, hugo.strikethrough);
    let events = Parser::new_ext(text, all).into_offset_iter();
    if hugo.raw_html {
        push_goldmark(html, events, text, hugo, hooks);
    } else {
        push_goldmark(html, goldmark::without_html(events), text, hugo, hooks);
    }
}

fn push_goldmark<'a>(
    html: &mut String,
    events: impl Iterator<Item = (Event<'a>, Range<usize>)>,
    text: &'a str,
    hugo: HugoMarkdown,
    hooks: Option<&dyn Hooks>,
) {
    // An id is made of the name of an emoji, so these come last.
    let ids = if hugo.heading_ids { headings::Ids::Hugos(hugo.heading_style) } else { headings::Ids::Stated };
    let events = headings::with_ids(goldmark::with_extras(goldmark::with_typography(text, events, hugo), hugo), ids);
    if hooks.is_some() || !hugo.wraps_pictures {
        let hooks = hooks.unwrap_or(&NoHooks);
        let events: Box<dyn Iterator<Item = Event<'a>>> =
            if hugo.emoji { Box::new(emoji::in_text(events)) } else { Box::new(events) };
        let events = goldmark::with_hooks(events, hooks, hugo.hard_wraps, hugo.wraps_pictures);
        push_events(html, goldmark::as_goldmark(events.into_iter(), hugo.hard_wraps), text);
    } else if hugo.emoji {
        push_events(html, goldmark::as_goldmark(emoji::in_text(events), hugo.hard_wraps), text);
    } else {
        push_events(html, goldmark::as_goldmark(events, hugo.hard_wraps), text);
    }
}

/// A site without hooks.
struct NoHooks;

impl Hooks for NoHooks {
    fn hooked(&self, _: &Hooked<'_>) -> Option<String> {
        None
    }
}

fn push_events<'a>(html: &mut String, events: impl Iterator<Item = Event<'a>>, text: &str) {
    // Footnotes move to the end, so they need the whole text in memory; most texts have none.
    if text.contains("[^") {
        html::push_html(html, footnotes::at_the_end(events, footnotes::Style::Goldmark));
    } else {
        html::push_html(html, events);
    }
}

fn options(text: &str, goldmark: bool) -> Options {
    let mut options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    options.set(Options::ENABLE_TASKLISTS | Options::ENABLE_HEADING_ATTRIBUTES, goldmark);
    options.set(Options::ENABLE_DEFINITION_LIST, has_definitions(text));
    options
}

/// Whether lines begin with `: `, and none with a colon before anything else: the parser would take `:smile:` for a
/// definition too, which kramdown and goldmark do not.
fn has_definitions(text: &str) -> bool {
    let colons = text.lines().filter_map(|line| line.trim_start_matches([' ', '\t', '>']).strip_prefix(':'));
    let mut found = false;
    for after in colons {
        if !after.starts_with([' ', '\t']) {
            return false;
        }
        found = true;
    }
    found
}
