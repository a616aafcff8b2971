//! Requests: what a client, or whoever is between it and us, may put into one.

use hyper::HeaderMap;
use hyper::header::{ACCEPT_ENCODING, HeaderName, HeaderValue, USER_AGENT};
use syndicated::config::{Network, Peer};
use syndicated::delivery::agent::{Agent, Class};
use syndicated::delivery::asked::{Asked, is_host};
use syndicated::delivery::client::Client;
use syndicated::delivery::coding::{Accepted, Coding};
use syndicated::delivery::condition::{Verdict, weigh};
use syndicated::delivery::form::{Form, TagBase};
use syndicated::delivery::target;
use syndicated::model::WebUrl;

/// The first line is a target, each further one a field.
pub(crate) fn request(bytes: &[u8]) {
    let (line, rest) = super::head_and_rest(bytes);
    path(&String::from_utf8_lossy(line));
    let mut headers = HeaderMap::new();
    for field in rest.split(|&byte| byte == b'\n').take(64) {
        let Some(colon) = field.iter().position(|&byte| byte == b':') else { continue };
        let name = HeaderName::from_bytes(&field[..colon]);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(field[colon + 1..].trim_ascii())) {
            headers.append(name, value);
        }
    }
    conditions(&headers);
    reader(&headers);
    let asked = Asked::by_proxy(&headers);
    assert!(asked.host.is_none_or(is_host), "{asked:?}");
    assert!(asked.scheme.is_none_or(|scheme| scheme == "http" || scheme == "https"), "{asked:?}");
    let feed = WebUrl::parse("https://example.com/feeds/rss.xml").unwrap();
    assert!(
        asked.is_elsewhere(&feed) || asked.host.is_none_or(|host| host.to_ascii_lowercase().starts_with("example.com"))
    );
}

/// A path that is understood stays where it is, and is understood as the same when it is encoded again.
fn path(raw: &str) {
    let Ok(path) = target::path(raw) else { return };
    assert!(path.starts_with('/') && path.len() <= raw.len());
    assert!(!path.contains(char::is_control) && !path.split('/').any(|segment| segment == ".." || segment == "."));
    let encoded: String =
        path.bytes().map(|byte| if byte == b'/' { "/".to_owned() } else { format!("%{byte:02x}") }).collect();
    if encoded.len() <= target::MOST {
        assert_eq!(target::path(&encoded).as_deref(), Ok(&*path), "{raw:?}");
    }
}

/// Who is no proxy speaks for itself, and what is taken down of an aggregator is short.
fn reader(headers: &HeaderMap) {
    let trusted = [Network::Local];
    let who = |is_trusted| Client { peer: Peer::Local, is_trusted }.who(headers, &trusted);
    assert_eq!(who(false), Peer::Local);
    let _ = who(true);
    let agent = Agent::of(headers.get(USER_AGENT).and_then(|field| field.to_str().ok()).unwrap_or_default());
    if let Some(report) = agent.report {
        assert!(
            agent.class == Class::Aggregator && report.name.len() <= 40 && report.feed_id.len() <= 40,
            "{report:?}"
        );
    }
}

/// Nothing is sent that was refused, and whoever has something is told so in a form that it can read.
fn conditions(headers: &HeaderMap) {
    let accepted = Accepted::of(headers.get_all(ACCEPT_ENCODING).iter().map(HeaderValue::as_bytes));
    let Some(best) = accepted.best() else {
        assert!(!accepted.takes(Coding::Identity));
        return;
    };
    assert!(accepted.takes(best));
    let base = TagBase::of(&[0xab; 32]);
    match weigh(headers, &base, 1_700_000_000, accepted, best) {
        Verdict::Send(coding) => assert_eq!(coding, best),
        Verdict::NotModified(form) => assert!(accepted.takes(form.coding())),
        Verdict::Failed => assert!(headers.contains_key("if-match") || headers.contains_key("if-unmodified-since")),
    }
    for form in Form::ALL {
        let tag = base.tag(form);
        assert_eq!(base.form(&tag[1..tag.len() - 1]), Some(form));
    }
}
