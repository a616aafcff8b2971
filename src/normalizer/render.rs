//! A post's text as HTML that can stand in a feed.

use std::borrow::Cow;

use super::body::{html, markdown};
use super::text;
use crate::model::WebUrl;

/// The language of a post's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Markdown,
    Html,
    /// Plain text: paragraphs between blank lines.
    Text,
}

/// How a post's text becomes HTML.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options<'a> {
    /// The page that relative links start from.
    pub(crate) base: &'a WebUrl,
    pub(crate) source: Kind,
    /// Whose Markdown it is.
    pub(crate) flavor: markdown::Flavor<'a>,
    pub(crate) keep_iframes: bool,
}

/// The text as clean HTML with absolute links.
pub(crate) fn html(source: &str, options: &Options<'_>) -> String {
    match options.source {
        Kind::Markdown => clean(&markdown::to_html(source, options.flavor), options),
        Kind::Html => clean(source, options),
        Kind::Text => paragraphs(source),
    }
}

/// The text as HTML that is not cleaned yet.
pub(crate) fn raw<'a>(source: &'a str, options: &Options<'_>) -> Cow<'a, str> {
    match options.source {
        Kind::Markdown => markdown::to_html(source, options.flavor).into(),
        Kind::Html => source.into(),
        Kind::Text => paragraphs(source).into(),
    }
}

/// HTML that came from the post, cleaned, its links absolute.
pub(crate) fn clean(source: &str, options: &Options<'_>) -> String {
    html::clean(source, &html::Cleaning { base: options.base, keep_iframes: options.keep_iframes })
}

fn paragraphs(source: &str) -> String {
    let mut html = String::with_capacity(source.len() + 64);
    let mut open = false;
    for line in source.lines() {
        let line = text::legal(line);
        if line.trim().is_empty() {
            if open {
                html.push_str("</p>\n");
            }
            open = false;
            continue;
        }
        html.push_str(if open { "<br>\n" } else { "<p>" });
        html.push_str(&line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
        open = true;
    }
    if open {
        html.push_str("</p>\n");
    }
    html
}
