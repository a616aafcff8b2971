//! What a request line asks for: the path, decoded once, or why it is none (RFC 9112 §3.2, RFC 3986).

use std::borrow::Cow;

/// Why a target is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is none, or one that only an attacker sends: NUL and controls, encoded slashes, dot segments, broken escapes.
    Malformed,
    /// It is longer than [`MOST`].
    TooLong,
}

/// Most bytes of a target, its query included. The longest path that a file system takes fits, percent-encoded twice over.
pub const MOST: usize = 8192;

/// The path that is meant, without escapes.
///
/// # Errors
/// When it is not of the kind that a client that obeys the rules sends.
pub fn path(raw: &str) -> Result<Cow<'_, str>, Fault> {
    if raw.len() > MOST {
        return Err(Fault::TooLong);
    }
    let path = raw.split(['?', '#']).next().unwrap_or_default();
    if !path.starts_with('/') {
        return Err(Fault::Malformed);
    }
    let decoded = if path.contains('%') { decode(path)? } else { Cow::Borrowed(path) };
    let is_forbidden = |c: char| c.is_control() || c == '\\';
    let is_dots = |segment: &str| segment == "." || segment == "..";
    if decoded.contains(is_forbidden) || decoded.split('/').any(is_dots) {
        return Err(Fault::Malformed);
    }
    Ok(decoded)
}

fn decode(path: &str) -> Result<Cow<'_, str>, Fault> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else { return Err(Fault::Malformed) };
        match u8::try_from(high << 4 | low) {
            // It would make two segments of one, for whoever decodes again.
            Ok(b'/') | Err(_) => return Err(Fault::Malformed),
            Ok(byte) => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| Fault::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_decoded_once() {
        for (raw, decoded) in [
            ("/", "/"),
            ("/feeds/rss.xml", "/feeds/rss.xml"),
            ("/feeds/rss.xml?utm=x&y=/../", "/feeds/rss.xml"),
            ("/%E7%A7%91%E6%8A%80/rss.xml", "/科技/rss.xml"),
            ("/%e7%a7%91%e6%8a%80/rss.xml", "/科技/rss.xml"),
            ("/a%2525", "/a%25"),
            ("/a//b", "/a//b"),
            ("/.../a..b/~x", "/.../a..b/~x"),
        ] {
            assert_eq!(path(raw).as_deref(), Ok(decoded), "{raw}");
        }
    }

    #[test]
    fn what_only_an_attacker_sends_is_refused() {
        for raw in [
            "",
            "feeds",
            "*",
            "/..",
            "/../etc/passwd",
            "/feeds/../../x",
            "/feeds/./x",
            "/%2e%2e/x",
            "/.%2E/x",
            "/a%2fb",
            "/a%2Fb",
            "/a%5cb",
            "/a\\b",
            "/a%00b",
            "/a%0ab",
            "/a%7f",
            "/%",
            "/%4",
            "/%zz",
            "/%ff%fe",
            "/a\0",
        ] {
            assert_eq!(path(raw), Err(Fault::Malformed), "{raw:?}");
        }
        assert_eq!(path(&format!("/{}", "a".repeat(MOST))), Err(Fault::TooLong));
        assert_eq!(path(&format!("/?{}", "a".repeat(MOST))), Err(Fault::TooLong));
    }
}
