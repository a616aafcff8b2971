//! For which host and scheme a request was made: by its own word, and by that of proxies that are trusted.

use hyper::HeaderMap;
use hyper::header::{FORWARDED, HeaderName};

use crate::model::WebUrl;

/// What the client asked for, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The host, with the port where one was named.
    pub host: Option<&'a str>,
    /// `http` or `https`.
    pub scheme: Option<&'a str>,
}

const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

impl<'a> Asked<'a> {
    /// What a trusted proxy says: `Forwarded` (RFC 7239), else `X-Forwarded-Host` and `-Proto`. Of several words the last
    /// counts, which is the proxy's own; those before it may be the client's.
    #[must_use]
    pub fn by_proxy(headers: &'a HeaderMap) -> Self {
        let last = |name: &HeaderName| {
            let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
            Some(value.rsplit(',').next().unwrap_or(value).trim())
        };
        if headers.contains_key(FORWARDED) {
            let element = headers.get_all(FORWARDED).iter().next_back().and_then(|value| value.to_str().ok());
            return element.map(Self::of_element).unwrap_or_default();
        }
        let host = last(&X_FORWARDED_HOST).filter(|host| is_host(host));
        Self { host, scheme: last(&X_FORWARDED_PROTO).and_then(scheme) }
    }

    /// The last element of a `Forwarded` field.
    fn of_element(field: &'a str) -> Self {
        let mut asked = Self::default();
        for pair in split_outside_quotes(last_outside_quotes(field), b';') {
            let Some((name, value)) = pair.split_once('=') else { continue };
            let value = value.trim();
            // A quoted pair is in no host and no scheme.
            let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
            match name.trim() {
                name if name.eq_ignore_ascii_case("host") => asked.host = Some(value).filter(|host| is_host(host)),
                name if name.eq_ignore_ascii_case("proto") => asked.scheme = scheme(value),
                _ => {}
            }
        }
        asked
    }

    /// Whether that is elsewhere than this address: another host or port, or another scheme. What is not known is not.
    #[must_use]
    pub fn is_elsewhere(&self, address: &WebUrl) -> bool {
        let url = address.url();
        let other_host = self.host.is_some_and(|asked| {
            let (name, port) = split_port(asked);
            let port = port.filter(|port| !port.is_empty()).map(|port| port.parse::<u16>().ok());
            // The default port of the scheme that was asked for, which may not be known, counts as none.
            let is_default = |port: &Option<u16>| matches!(port, Some(80 | 443));
            let same_port = match (port, url.port()) {
                (None, None) => true,
                (Some(port), None) => is_default(&port),
                (port, Some(own)) => port == Some(Some(own)),
            };
            !url.host_str().is_some_and(|host| host.eq_ignore_ascii_case(name)) || !same_port
        });
        other_host || self.scheme.is_some_and(|scheme| scheme != url.scheme())
    }
}

/// Whether this can stand in a `Host` field: a name or an address, and a port (RFC 9110 §7.2).
#[must_use]
pub fn is_host(text: &str) -> bool {
    let (name, port) = split_port(text);
    let is_name = match name.strip_prefix('[') {
        Some(address) => address.strip_suffix(']').is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok()),
        None => name.bytes().all(is_of_name),
    };
    let is_port = port.is_none_or(|port| port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit()));
    is_name && is_port && !name.is_empty() && name.len() <= 255
}

/// RFC 3986 §3.2.2.
fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'%' | b'!' | b'$' | b'&'..=b',' | b';' | b'=')
}

fn split_port(host: &str) -> (&str, Option<&str>) {
    let end = if host.starts_with('[') { host.rfind(']').map_or(0, |end| end + 1) } else { 0 };
    match host.get(end..).and_then(|rest| rest.find(':')) {
        Some(colon) => (host.get(..end + colon).unwrap_or(host), host.get(end + colon + 1..)),
        None => (host, None),
    }
}

fn scheme(text: &str) -> Option<&'static str> {
    ["http", "https"].into_iter().find(|scheme| scheme.eq_ignore_ascii_case(text))
}

fn last_outside_quotes(field: &str) -> &str {
    split_outside_quotes(field, b',').last().unwrap_or_default()
}

pub(super) fn split_outside_quotes(text: &str, at: u8) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(move |c: char| {
        let is_end = !is_quoted && c == char::from(at);
        is_quoted ^= c == '"' && !is_escaped;
        is_escaped = is_quoted && c == '\\' && !is_escaped;
        is_end
    })
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn by_proxy(fields: &[(&'static str, &str)]) -> (Option<String>, Option<String>) {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        let asked = Asked::by_proxy(&headers);
        (asked.host.map(str::to_owned), asked.scheme.map(str::to_owned))
    }

    #[test]
    fn the_last_word_of_a_proxy_counts() {
        let known = |host: &str, scheme: &str| (Some(host.to_owned()), Some(scheme.to_owned()));
        for fields in [
            &[("x-forwarded-host", "evil.example, a.example"), ("x-forwarded-proto", "http,https")][..],
            &[("forwarded", "for=1.2.3.4;host=a.example;proto=https")],
            &[("forwarded", "host=evil.example;proto=http, For=\"[2001:db8::1]\" ; Host=\"a.example\"; Proto=HTTPS")],
            &[("forwarded", "host=evil.example"), ("forwarded", "proto=https;host=a.example")],
            &[("forwarded", "by=\"a,b;c=\\\"d,\";host=a.example;proto=https"), ("x-forwarded-host", "evil.example")],
        ] {
            assert_eq!(by_proxy(fields), known("a.example", "https"), "{fields:?}");
        }
        assert_eq!(by_proxy(&[("x-forwarded-host", "a b"), ("x-forwarded-proto", "ftp")]), (None, None));
        assert_eq!(by_proxy(&[("forwarded", "host=\"a/b\";proto=")]), (None, None));
    }

    #[test]
    fn hosts_that_can_be() {
        for host in ["a.example", "a.example:8080", "127.0.0.1:80", "[::1]", "[::1]:80", "localhost", "xn--a", "a:"] {
            assert!(is_host(host), "{host}");
        }
        for host in
            ["", ":80", "a b", "a/b", "u@a.example", "a:b", "a:123456", "[::1", "[x]", "::1", "a\"", "ä", "a?b", "a#b"]
        {
            assert!(!is_host(host), "{host}");
        }
        assert!(!is_host(&"a".repeat(256)));
    }

    #[test]
    fn elsewhere_is_another_host_port_or_scheme() {
        let url = |text: &str| WebUrl::parse(text).unwrap();
        let asked = |host: &'static str, scheme| Asked { host: Some(host), scheme };
        let (plain, own_port) = (url("https://a.example/feeds/"), url("http://a.example:8080/"));
        for here in [
            asked("a.example", None),
            asked("A.Example:443", Some("https")),
            Asked::default(),
            asked("a.example:", None),
        ] {
            assert!(!here.is_elsewhere(&plain), "{here:?}");
        }
        for there in [asked("b.example", None), asked("a.example", Some("http")), asked("a.example:8080", None)] {
            assert!(there.is_elsewhere(&plain), "{there:?}");
        }
        assert!(!asked("a.example:8080", Some("http")).is_elsewhere(&own_port));
        assert!(asked("a.example", Some("http")).is_elsewhere(&own_port));
    }
}
