//! Where in HTML a value stands, and how Go's templates write it there.

use super::value::Kind;
use crate::normalizer::text;

/// What a value is put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// Between tags.
    Text,
    /// In a tag, where attributes are.
    Tag,
    /// In a quoted attribute.
    Attribute,
    /// In an attribute without quotes.
    Bare,
    /// In an attribute that is an address.
    Address,
    /// In `style`.
    Style,
    /// In scripts, styles, comments and handlers of events, of which feeds have nothing.
    Nowhere,
}

impl Context {
    /// That of what follows some HTML.
    pub(super) fn at_end_of(html: &str) -> Self {
        let lower = html.to_ascii_lowercase();
        let is_inside = |name: &str| lower.rfind(&format!("<{name}")) > lower.rfind(&format!("</{name}"));
        let open = match (html.rfind('<'), html.rfind('>')) {
            (Some(open), close) if close.is_none_or(|close| close < open) => Some(open),
            _ => None,
        };
        if lower.rfind("<!--") > lower.rfind("-->") || is_inside("script") || is_inside("style") {
            return Self::Nowhere;
        }
        let Some(tag) = open.and_then(|open| html.get(open..)) else { return Self::Text };
        let mut quote = None;
        for c in tag.chars() {
            quote = match quote {
                Some(open) if open == c => None,
                None if matches!(c, '"' | '\'') => Some(c),
                other => other,
            };
        }
        let (before, is_quoted) = match quote.and_then(|quote| tag.rsplit_once(quote)) {
            Some((before, _)) => (before, true),
            None => (tag.rsplit(char::is_whitespace).next().unwrap_or(tag), false),
        };
        let name = match before.trim_end().strip_suffix('=') {
            Some(before) => before.trim_end().rsplit(|c: char| c.is_whitespace() || c == '<').next(),
            None if is_quoted => return Self::Attribute,
            // Behind the start of a value without quotes.
            None if before.contains('=') => return Self::Bare,
            None => return Self::Tag,
        };
        let name = name.unwrap_or_default().to_ascii_lowercase();
        match name.as_str() {
            "style" => Self::Style,
            "srcdoc" => Self::Nowhere,
            name if name.starts_with("on") => Self::Nowhere,
            "href" | "src" | "poster" | "cite" | "data" | "action" => Self::Address,
            _ if is_quoted => Self::Attribute,
            _ => Self::Bare,
        }
    }

    /// The value as it is written there. HTML in an attribute is its text, without tags.
    pub(super) fn shown(self, value: &str, kind: Kind) -> String {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        match (self, kind) {
            (Self::Text, Kind::Html) => value.to_owned(),
            (Self::Text, _) => text::escape(value),
            (Self::Tag, Kind::Attributes) => value.to_owned(),
            (Self::Tag, _) if value.chars().all(is_word) => value.to_owned(),
            (Self::Tag, _) => "ZgotmplZ".to_owned(),
            (Self::Address, _) => text::escape(value).replace(' ', "%20"),
            (Self::Attribute, Kind::Html) => text::escape(&text::from_html(value)),
            (Self::Attribute, _) => text::escape(value),
            (Self::Bare, _) => text::escape(value).replace(' ', "&#32;").replace('=', "&#61;").replace('`', "&#96;"),
            (Self::Style, _) if value.chars().all(|c| is_word(c) || " .%#,()".contains(c)) => value.to_owned(),
            (Self::Style, _) => "ZgotmplZ".to_owned(),
            (Self::Nowhere, _) => String::new(),
        }
    }
}
