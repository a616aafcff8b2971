//! Markdown as Jekyll's kramdown and Hugo's goldmark render it, by way of CommonMark.

mod blocks;
mod footnotes;
mod headings;
mod nesting;
#[cfg(test)]
mod tests;

pub(crate) use nesting::bounded;
use pulldown_cmark::{Options, Parser, html};

/// Whose Markdown a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    /// Jekyll's: kramdown with its GFM parser.
    Kramdown,
    /// Hugo's.
    Goldmark,
    /// CommonMark with tables, strikethrough, footnotes, definition lists and ids of headings.
    CommonMark,
}

/// `text` as HTML, as the flavour's own generator renders it.
///
/// HTML in the text stands as it is.
#[must_use]
pub fn to_html(text: &str, flavor: Flavor) -> String {
    let smart = flavor != Flavor::CommonMark;
    let text = nesting::bounded(text);
    let (block, rest) = text.split_at_checked(blocks::html_at_head(&text)).unwrap_or(("", &text));
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    html.push_str(block);
    if !rest.trim_start_matches('\n').is_empty() {
        push_html(&mut html, rest, options(&text, smart));
    }
    html
}

fn push_html(html: &mut String, text: &str, options: Options) {
    let events = headings::with_ids(Parser::new_ext(text, options));
    // Footnotes move to the end, so they need the whole text in memory; most texts have none.
    if text.contains("[^") {
        html::push_html(html, footnotes::at_the_end(events));
    } else {
        html::push_html(html, events);
    }
}

fn options(text: &str, smart: bool) -> Options {
    let mut options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    options.set(Options::ENABLE_SMART_PUNCTUATION, smart);
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
