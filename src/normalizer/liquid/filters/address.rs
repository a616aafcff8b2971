//! Filters that make addresses, and what stands in them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::model::{Value, WebUrl};
use crate::normalizer::liquid::render::Renderer;
use crate::normalizer::liquid::value;
use crate::normalizer::permalink;

pub(super) const NAMES: &[&str] =
    &["relative_url", "absolute_url", "strip_index", "cgi_escape", "uri_escape", "url_encode", "url_decode"];

/// What Ruby's `CGI.escape` leaves as it is; it makes a space a plus.
const CGI: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~').remove(b' ');
/// What Addressable's `normalize_component` leaves as it is: all that is reserved or unreserved in RFC 3986.
const URI: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'#')
    .remove(b'[')
    .remove(b']')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

pub(super) fn apply(renderer: &Renderer<'_>, name: &str, input: &Value) -> Option<Value> {
    if !NAMES.contains(&name) {
        return None;
    }
    if *input == Value::Null {
        return Some(Value::Null);
    }
    let (site, base_path, text) = (renderer.environment.site, renderer.environment.base_path, value::text(input));
    let encoded = || utf8_percent_encode(&text, CGI).to_string().replace(' ', "+");
    Some(Value::String(match name {
        "relative_url" => relative_url(base_path, &text),
        "absolute_url" => absolute_url(site, base_path, &text),
        "strip_index" => text.replacen("/index.html", "/", 1).replacen("/index.htm", "/", 1),
        "uri_escape" => utf8_percent_encode(&percent_decode_str(&text).decode_utf8_lossy(), URI).to_string(),
        "url_decode" => percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned(),
        _ => encoded(),
    }))
}

/// The path of a page below the site, with the site's `baseurl` before it.
pub(in crate::normalizer::liquid) fn relative_url(base: &str, path: &str) -> String {
    if has_scheme(path) {
        return path.to_owned();
    }
    // Without a base path, this names another host.
    if base.is_empty() && path.starts_with("//") {
        return path.to_owned();
    }
    // Slashes stay as many as there are; one is added where there is none.
    let slashes = path.len() - path.trim_start_matches('/').len();
    let reference = permalink::reference(path);
    if path.is_empty() { base.to_owned() } else { format!("{base}{:/<1$}{reference}", "", slashes.max(1)) }
}

fn absolute_url(site: &WebUrl, base: &str, path: &str) -> String {
    if has_scheme(path) {
        return path.to_owned();
    }
    let path = relative_url(base, path);
    let address = site.as_str().strip_suffix('/').unwrap_or(site.as_str());
    let origin = address.strip_suffix(base).unwrap_or(address);
    if path.is_empty() { format!("{origin}/") } else { format!("{origin}{path}") }
}

/// Whether a reference begins with a scheme (RFC 3986 §3.1).
fn has_scheme(reference: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    reference
        .split_once(':')
        .is_some_and(|(scheme, _)| scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(is_part))
}
