//! Where in HTML a value stands, and how Go's templates write it there.

use crate::normalizer::text;

/// What a value is put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// Between tags.
    Text,
    /// In a quoted attribute.
    Attribute,
    /// In a quoted attribute that is an address.
    Address,
}

impl Context {
    /// That of what follows some HTML; `None` for scripts, styles, and places that depend on what would stand there.
    pub(super) fn at_end_of(html: &str) -> Option<Self> {
        let lower = html.to_ascii_lowercase();
        let is_inside = |name: &str| lower.rfind(&format!("<{name}")) > lower.rfind(&format!("</{name}"));
        if is_inside("script") || is_inside("style") || lower.rfind("<!--") > lower.rfind("-->") {
            return None;
        }
        let open = match (html.rfind('<'), html.rfind('>')) {
            (Some(open), close) if close.is_none_or(|close| close < open) => open,
            _ => return Some(Self::Text),
        };
        let tag = html.get(open..)?;
        let mut quote = None;
        for c in tag.chars() {
            quote = match quote {
                Some(open) if open == c => None,
                None if matches!(c, '"' | '\'') => Some(c),
                other => other,
            };
        }
        let quote = quote?;
        let (before, _) = tag.rsplit_once(quote)?;
        let name = before.strip_suffix('=')?.rsplit(|c: char| c.is_whitespace()).next()?.to_ascii_lowercase();
        let is_code = name == "style" || name.starts_with("on") || name == "srcdoc" || name == "srcset";
        let is_address = matches!(name.as_str(), "href" | "src" | "poster" | "cite" | "data");
        (!is_code).then_some(if is_address { Self::Address } else { Self::Attribute })
    }

    /// The value as it is written there. HTML in an attribute is its text, without tags.
    pub(super) fn shown(self, value: &str, is_html: bool) -> String {
        match (self, is_html) {
            (Self::Text, true) => value.to_owned(),
            (Self::Address, _) => text::escape(value).replace(' ', "%20"),
            (Self::Attribute, true) => text::escape(&text::from_html(value)),
            (_, false) => text::escape(value),
        }
    }
}
