//! What a published file is, told by how it begins: paths are the user's, and need not say it.

/// The media type of a published file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// RSS 2.0.
    Rss,
    /// Atom.
    Atom,
    /// JSON Feed.
    JsonFeed,
    /// OPML.
    Opml,
    /// A page for people.
    Html,
    /// Anything else.
    Other,
}

/// So many bytes are enough to tell.
pub(super) const ENOUGH: u64 = 1024;

impl Kind {
    /// The kind of a file that begins like this.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        // An XML declaration, comments and a document type come before the root.
        while let Some(end) = [&b"<?"[..], b"<!"].into_iter().find_map(|mark| end_of(rest, mark)) {
            if rest.get(..9).is_some_and(|begin| begin.eq_ignore_ascii_case(b"<!doctype")) && is_html(rest) {
                return Self::Html;
            }
            rest = rest.get(end..).unwrap_or_default().trim_ascii_start();
        }
        if rest.starts_with(b"{") {
            return Self::JsonFeed;
        }
        match rest.strip_prefix(b"<").and_then(|tag| tag.split(|byte| !byte.is_ascii_alphanumeric()).next()) {
            Some(b"rss") => Self::Rss,
            Some(b"feed") => Self::Atom,
            Some(b"opml") => Self::Opml,
            Some(name) if name.eq_ignore_ascii_case(b"html") => Self::Html,
            _ => Self::Other,
        }
    }

    /// The value of `Content-Type`.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::JsonFeed => "application/feed+json; charset=utf-8",
            Self::Opml => "text/x-opml; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Other => "text/plain; charset=utf-8",
        }
    }
}

/// Where a declaration, an instruction or a comment ends that the text begins with.
fn end_of(text: &[u8], mark: &[u8]) -> Option<usize> {
    if !text.starts_with(mark) {
        return None;
    }
    let end: &[u8] = if text.starts_with(b"<!--") { b"-->" } else { b">" };
    Some(text.windows(end.len()).position(|window| window == end)? + end.len())
}

fn is_html(doctype: &[u8]) -> bool {
    let name = doctype.get(9..).unwrap_or_default().trim_ascii_start();
    name.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with() {
        for (text, kind) in [
            ("<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\">", Kind::Rss),
            ("<?xml version=\"1.0\"?>\n<!-- <rss> -->\n<feed xmlns=\"x\">", Kind::Atom),
            ("\u{feff} <opml version=\"2.0\">", Kind::Opml),
            ("{\"version\": \"https://jsonfeed.org/version/1.1\"", Kind::JsonFeed),
            ("<!doctype html><title>", Kind::Html),
            ("<!DOCTYPE HTML>", Kind::Html),
            ("<HTML>", Kind::Html),
            ("<feeding>", Kind::Other),
            ("<?xml", Kind::Other),
            ("<!--", Kind::Other),
            ("", Kind::Other),
            ("<rdf:RDF>", Kind::Other),
        ] {
            assert_eq!(Kind::of(text.as_bytes()), kind, "{text}");
        }
    }
}
