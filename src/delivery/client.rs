//! Who asks: by the connection, and by what proxies that are trusted say of it.

use std::net::{IpAddr, SocketAddr};

use hyper::HeaderMap;
use hyper::header::{FORWARDED, HeaderName, HeaderValue};

use super::asked::split_outside_quotes;
use crate::config::{Network, Peer};

/// Most proxies one behind the other that are asked back through.
const MOST: usize = 16;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Client {
    /// Who it is.
    pub peer: Peer,
    /// Whether it is a proxy whose word counts.
    pub is_trusted: bool,
}

impl Client {
    /// Who made a request: the last of those named by `Forwarded` (RFC 7239), else by `X-Forwarded-For`, that is no trusted
    /// proxy. What stands before it may be the client's own word.
    #[must_use]
    pub fn who(self, headers: &HeaderMap, trusted: &[Network]) -> Peer {
        let says_who = || headers.keys().any(|name| *name == X_FORWARDED_FOR || *name == FORWARDED);
        if !self.is_trusted || !says_who() {
            return self.peer;
        }
        let texts = |name| headers.get_all(name).iter().rev().filter_map(|value: &HeaderValue| value.to_str().ok());
        let is_proxy = |peer: Peer| trusted.iter().any(|network| network.holds(peer));
        let mut last = self.peer;
        let mut see = |address: Option<IpAddr>| {
            let peer = Peer::Ip(address?);
            last = peer;
            is_proxy(peer).then_some(())
        };
        if headers.contains_key(FORWARDED) {
            let elements = texts(&FORWARDED).flat_map(|text| backwards(split_outside_quotes(text, b',')));
            let _ = elements.take(MOST).try_for_each(|element| see(forwarded_for(element)));
        } else {
            let elements = texts(&X_FORWARDED_FOR).flat_map(|text| text.rsplit(','));
            let _ = elements.take(MOST).try_for_each(|element| see(address(element)));
        }
        last
    }
}

fn backwards<'a>(elements: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    elements.collect::<Vec<_>>().into_iter().rev()
}

/// The address in an element of `Forwarded`; `None` where it is hidden or unknown.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut pairs = split_outside_quotes(element, b';').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    address(value.trim().trim_matches('"'))
}

/// An address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(is_trusted: bool, fields: &[(&'static str, &str)]) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        let trusted = [Network::Ip("10.0.0.0".parse().unwrap(), 8), Network::Local];
        match (Client { peer: Peer::Local, is_trusted }).who(&headers, &trusted) {
            Peer::Ip(address) => address.to_string(),
            Peer::Local => "unix".to_owned(),
        }
    }

    #[test]
    fn the_last_that_is_no_trusted_proxy_is_the_client() {
        for (fields, expected) in [
            (&[][..], "unix"),
            (&[("x-forwarded-for", "192.0.2.7")], "192.0.2.7"),
            (&[("x-forwarded-for", "6.6.6.6, 192.0.2.7, 10.0.0.1")], "192.0.2.7"),
            (&[("x-forwarded-for", "6.6.6.6, 192.0.2.7"), ("x-forwarded-for", "10.0.0.1")], "192.0.2.7"),
            (&[("x-forwarded-for", "10.0.0.2, 10.0.0.1")], "10.0.0.2"),
            (&[("x-forwarded-for", "192.0.2.7:8080")], "192.0.2.7"),
            (&[("x-forwarded-for", "[2001:db8::1]:80")], "2001:db8::1"),
            (&[("x-forwarded-for", "6.6.6.6, unknown, 10.0.0.1")], "10.0.0.1"),
            (&[("forwarded", "for=6.6.6.6, for=\"[2001:db8::7]:1\";proto=https, for=10.0.0.1")], "2001:db8::7"),
            (&[("forwarded", "For=192.0.2.7"), ("x-forwarded-for", "6.6.6.6")], "192.0.2.7"),
            (&[("forwarded", "for=_hidden, for=10.0.0.1")], "10.0.0.1"),
            (&[("forwarded", "proto=https")], "unix"),
        ] {
            assert_eq!(who(true, fields), expected, "{fields:?}");
        }
    }

    #[test]
    fn who_is_no_proxy_speaks_for_itself() {
        assert_eq!(who(false, &[("x-forwarded-for", "192.0.2.7"), ("forwarded", "for=192.0.2.8")]), "unix");
    }
}
