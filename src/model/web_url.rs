//! Absolute URLs, as feeds must carry them.

use std::fmt;

use url::Url;

/// An absolute URI: ASCII only, everything else percent-encoded (RFC 3986), so every reader takes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebUrl(Url);

impl WebUrl {
    /// `None` unless `text` is an absolute IRI.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Url::parse(text.trim()).ok().map(Self)
    }

    /// `reference` as seen from here (RFC 3986 §5); `None` when it is none.
    #[must_use]
    pub fn join(&self, reference: &str) -> Option<Self> {
        self.0.join(reference).ok().map(Self)
    }

    /// The URL that this one, which ends in `/`, is followed by a relative reference without `.` segments.
    ///
    /// `None` when the two together are no URL.
    #[must_use]
    pub fn below(&self, reference: &str) -> Option<Self> {
        // Nothing that a parser would take for a scheme, a host or a path of its own: only the path has to be read.
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'.' | b'_' | b'~' | b'%');
        if !reference.starts_with('/') && reference.bytes().all(is_plain) {
            return self.join(reference);
        }
        let mut url = String::with_capacity(self.as_str().len() + reference.len());
        url.push_str(self.as_str());
        url.push_str(reference);
        Url::parse(&url).ok().map(Self)
    }

    /// The URI as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it is `http` or `https` and names a host.
    #[must_use]
    pub fn is_web(&self) -> bool {
        matches!(self.0.scheme(), "http" | "https") && self.0.has_host()
    }

    /// The parsed URL.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

impl From<Url> for WebUrl {
    fn from(url: Url) -> Self {
        Self(url)
    }
}
