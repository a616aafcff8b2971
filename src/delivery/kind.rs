//! What a published file is, told by how it begins: paths are the user's, and need not say it.

use hyper::header::HeaderValue;

/// The media type of a published file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// RSS 2.0.
    Rss,
    /// Atom.
    Atom,
    /// JSON Feed.
    JsonFeed,
    /// OPML.
    Opml,
    /// A page for people, with the Content Security Policy that it is sent with.
    Html(HeaderValue),
    /// Anything else.
    Other,
}

/// So many bytes are enough to tell.
pub(super) const ENOUGH: u64 = 1024;

impl Kind {
    /// Each in a word, by [`Self::index`].
    pub(super) const NAMES: [&str; 6] = ["rss", "atom", "json", "opml", "html", "other"];

    /// Its place among the names.
    pub(super) fn index(&self) -> usize {
        match self {
            Self::Rss => 0,
            Self::Atom => 1,
            Self::JsonFeed => 2,
            Self::Opml => 3,
            Self::Html(_) => 4,
            Self::Other => 5,
        }
    }

    /// The kind of a file that begins like this.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        // An XML declaration, comments and a document type come before the root.
        while let Some(end) = [&b"<?"[..], b"<!"].into_iter().find_map(|mark| end_of(rest, mark)) {
            if rest.get(..9).is_some_and(|begin| begin.eq_ignore_ascii_case(b"<!doctype")) && is_html(rest) {
                return Self::Html(policy(rest));
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
            Some(name) if name.eq_ignore_ascii_case(b"html") => Self::Html(policy(rest)),
            _ => Self::Other,
        }
    }

    /// Whether it has entries, of which some may be sent for all (RFC 3229).
    pub(super) fn is_feed(&self) -> bool {
        matches!(self, Self::Rss | Self::Atom | Self::JsonFeed)
    }

    /// The value of `Content-Type`.
    pub(crate) fn content_type(&self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::JsonFeed => "application/feed+json; charset=utf-8",
            Self::Opml => "text/x-opml; charset=utf-8",
            Self::Html(_) => "text/html; charset=utf-8",
            Self::Other => "text/plain; charset=utf-8",
        }
    }
}

/// What a page states that it may do, and that no other may show it in a frame, which it cannot state itself; a page that states
/// nothing may do nothing.
fn policy(page: &[u8]) -> HeaderValue {
    const STATED: &[u8] = b"<meta http-equiv=\"Content-Security-Policy\" content=\"";
    let stated = || {
        let rest = page.get(memchr::memmem::find(page, STATED)? + STATED.len()..)?;
        let policy = rest.get(..memchr::memchr(b'"', rest)?)?;
        HeaderValue::from_bytes(&[policy, b"; frame-ancestors 'none'"].concat()).ok()
    };
    stated().unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"))
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
        let nothing = || Kind::Html(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
        for (text, kind) in [
            ("<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\">", Kind::Rss),
            ("<?xml version=\"1.0\"?>\n<!-- <rss> -->\n<feed xmlns=\"x\">", Kind::Atom),
            ("\u{feff} <opml version=\"2.0\">", Kind::Opml),
            ("{\"version\": \"https://jsonfeed.org/version/1.1\"", Kind::JsonFeed),
            ("<!doctype html><title>", nothing()),
            ("<!DOCTYPE HTML>", nothing()),
            ("<HTML>", nothing()),
            ("<feeding>", Kind::Other),
            ("<?xml", Kind::Other),
            ("<!--", Kind::Other),
            ("", Kind::Other),
            ("<rdf:RDF>", Kind::Other),
        ] {
            assert_eq!(Kind::of(text.as_bytes()), kind, "{text}");
        }
    }

    #[test]
    fn a_page_is_sent_with_the_policy_that_it_states() {
        let page =
            |meta: &str| Kind::of(format!("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">{meta}").as_bytes());
        let stated = page("<meta http-equiv=\"Content-Security-Policy\" content=\"img-src data:\"><title>");
        assert_eq!(stated, Kind::Html(HeaderValue::from_static("img-src data:; frame-ancestors 'none'")));
        for cut in ["<meta http-equiv=\"Content-Security-Policy\" content=\"img-src data:", ""] {
            assert_eq!(page(cut), Kind::Html(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")));
        }
    }
}
