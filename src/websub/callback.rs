//! Where a subscriber wants to be told: an address of the web that keeps its query whatever is asked there (§5.1.1).

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Host, Url};

use super::guard;

/// Most bytes of a callback.
pub const MOST: usize = 2048;

/// What need not be escaped in a query's values.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The address of a subscriber.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Callback(Arc<str>);

impl Callback {
    /// Reads an address; the error says what is wrong with it.
    ///
    /// # Errors
    /// When it is none that a hub asks.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.len() > MOST {
            return Err("is longer than 2048 bytes");
        }
        let mut url = Url::parse(text.trim()).map_err(|_| "is no URL")?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err("is no URL of the form https://example.com/");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not hold a user's name or a password");
        }
        if !url.port_or_known_default().is_some_and(guard::is_usual) {
            return Err("has a port that belongs to another protocol");
        }
        // It is never sent.
        url.set_fragment(None);
        if url.as_str().len() > MOST {
            return Err("is longer than 2048 bytes");
        }
        Ok(Self(String::from(url).into()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address without a copy.
    #[must_use]
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }

    /// The same, taken apart. `None` never happens to one that was read.
    #[must_use]
    pub fn url(&self) -> Option<Url> {
        Url::parse(&self.0).ok()
    }

    /// Whose it is, for what each may have: its host.
    #[must_use]
    pub fn host(&self) -> String {
        self.url().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The address of the machine, where it is named by that.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        match self.url()?.host()? {
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
            Host::Domain(_) => None,
        }
    }

    /// The address with further parameters at the end of its query.
    #[must_use]
    pub fn with(&self, parameters: &[(&str, &str)]) -> String {
        let mut text = self.0.to_string();
        for (name, value) in parameters {
            match text.find('?') {
                None => text.push('?'),
                Some(at) if at + 1 == text.len() => {}
                Some(_) => text.push('&'),
            }
            text.push_str(name);
            text.push('=');
            text.extend(utf8_percent_encode(value, VALUE));
        }
        text
    }
}

impl fmt::Display for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_kept_and_continued() {
        let with = |text: &str| Callback::parse(text).unwrap().with(&[("hub.mode", "subscribe"), ("b", "c d&/ü")]);
        assert_eq!(with("https://a.example/x"), "https://a.example/x?hub.mode=subscribe&b=c%20d%26%2F%C3%BC");
        assert_eq!(with("https://a.example/?"), "https://a.example/?hub.mode=subscribe&b=c%20d%26%2F%C3%BC");
        assert_eq!(
            with("http://a.example:8080/x?hub.mode=mine&y=%20+z#there"),
            "http://a.example:8080/x?hub.mode=mine&y=%20+z&hub.mode=subscribe&b=c%20d%26%2F%C3%BC"
        );
    }

    #[test]
    fn addresses_that_are_no_callback() {
        for text in ["", "a", "/x", "ftp://a.example/", "mailto:a@b", "https://", "https://u:p@a.example/"] {
            assert!(Callback::parse(text).is_err(), "{text}");
        }
        assert!(Callback::parse("http://a.example:25/").is_err());
        assert!(Callback::parse(&format!("https://a.example/{}", "x".repeat(MOST))).is_err());
    }

    #[test]
    fn addresses_in_any_notation_are_known() {
        for text in ["http://127.0.0.1/", "http://0x7f.1/", "http://2130706433/", "http://0177.0.0.1/"] {
            assert_eq!(Callback::parse(text).unwrap().address(), Some([127, 0, 0, 1].into()), "{text}");
        }
        assert_eq!(Callback::parse("http://[::1]:8080/").unwrap().address().unwrap().to_string(), "::1");
        assert_eq!(Callback::parse("http://localhost/").unwrap().address(), None);
    }
}
