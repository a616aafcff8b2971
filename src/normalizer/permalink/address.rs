//! Paths of the site as absolute addresses: encoded once, in one normal form, without dot segments.

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::percent_decode_str;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::model::WebUrl;

/// Percent-encodes a placeholder's value for a path, as Jekyll's `URL.escape_path` does; `%` too, for it is text, but not
/// `?`, which begins a query.
pub(crate) fn escape_path(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    escape(text.as_bytes(), |byte| is_pchar(byte) || matches!(byte, b'/' | b'?'), &mut escaped);
    escaped
}

/// A path below the site as an address has it, without the slash at its head: characters that no URI may hold are
/// percent-encoded, what needs no escape has none, all in NFC; `?` begins a query and `#` a fragment.
///
/// That is what Addressable's `normalize`, which Jekyll's `absolute_url` calls, makes of it since its version 2.8.2; older
/// ones used NFKC and with it led to pages that are not there.
pub(crate) fn reference(path: &str) -> String {
    let path = path.trim();
    let below = path.trim_start_matches('/');
    let has_dots = below.starts_with('.') || below.contains("/.");
    if !has_dots && below.bytes().all(|byte| is_plain(byte) || byte == b'/') {
        return below.to_owned();
    }
    let (rest, fragment) = path.split_once('#').map_or((path, ""), |(rest, fragment)| (rest, fragment));
    let (path, query) = rest.split_once('?').map_or((rest, ""), |(path, query)| (path, query));
    let mut address = String::with_capacity(path.len() * 2);
    push_segments(path, &mut address);
    if !query.is_empty() {
        address.push('?');
        for (n, pair) in query.split('&').enumerate() {
            if n > 0 {
                address.push('&');
            }
            // An escaped plus means a plus, a bare one a space.
            for (n, piece) in pair.replace("%2b", "%2B").split("%2B").enumerate() {
                if n > 0 {
                    address.push_str("%2B");
                }
                normalize(piece, |byte| is_query(byte) && !matches!(byte, b'&' | b';' | b'\''), &mut address);
            }
        }
    }
    if !fragment.is_empty() {
        address.push('#');
        normalize(fragment, is_query, &mut address);
    }
    address
}

/// The absolute address of a path below the site.
pub(crate) fn absolute(site: &WebUrl, path: &str) -> Option<WebUrl> {
    site.below(&reference(path))
}

/// The segments of a path, without those that are empty at its head, `.` or `..` (RFC 3986 §5.2.4).
fn push_segments(path: &str, address: &mut String) {
    let mut segments: Vec<String> = Vec::new();
    let mut is_folder = false;
    for segment in path.trim_start_matches('/').split('/') {
        let mut normal = String::with_capacity(segment.len());
        normalize(segment, is_pchar, &mut normal);
        is_folder = matches!(normal.as_str(), "" | "." | "..");
        match normal.as_str() {
            "." => {}
            "" if segments.is_empty() => {}
            ".." => drop(segments.pop()),
            _ => segments.push(normal),
        }
    }
    address.push_str(&segments.join("/"));
    if is_folder && !address.is_empty() && !address.ends_with('/') {
        address.push('/');
    }
}

/// Takes every escape off and puts those on that are needed.
fn normalize(text: &str, stands: impl Fn(u8) -> bool, address: &mut String) {
    let bytes: Cow<'_, [u8]> = percent_decode_str(text).into();
    match std::str::from_utf8(&bytes) {
        Ok(text) if !is_nfc(text) => escape(text.nfc().collect::<String>().as_bytes(), stands, address),
        _ => escape(&bytes, stands, address),
    }
}

fn escape(bytes: &[u8], stands: impl Fn(u8) -> bool, escaped: &mut String) {
    for &byte in bytes {
        if stands(byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
}

/// RFC 3986 §2.3.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// What a segment of a path may hold as it is (RFC 3986 §3.3).
fn is_pchar(byte: u8) -> bool {
    is_plain(byte) || b"!$&'()*+,;=:@".contains(&byte)
}

fn is_query(byte: u8) -> bool {
    is_pchar(byte) || matches!(byte, b'/' | b'?')
}
