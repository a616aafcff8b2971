//! References to other resources, made absolute, and the schemes that no feed may carry.

use std::borrow::Cow;

use url::Url;

use crate::model::WebUrl;

/// Which `data:` URLs are of use where a reference stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Data {
    /// Pictures made of pixels.
    Raster,
    /// SVG too, where it is shown as a picture and its scripts do not run.
    Picture,
}

/// `reference`, its character references decoded, as seen from `base`: borrowed where it is absolute and stands as
/// written but for white space at the ends, `None` where nothing is left of it.
///
/// Schemes are read as browsers read them (URL Standard §4.4): white space and controls at the ends and line breaks and
/// tabs anywhere count for nothing.
pub(super) fn absolute<'a>(reference: &'a str, base: &WebUrl, data: Data) -> Option<Cow<'a, str>> {
    let reference = reference.trim_matches(|c| c <= ' ');
    if reference.is_empty() {
        return None;
    }
    let stays = match scheme(reference).as_deref() {
        None => return base.join(reference).map(|url| Cow::Owned(url.as_str().to_owned())),
        Some("javascript" | "vbscript") => false,
        Some("data") => is_picture(reference, data),
        Some(_) => is_plain(reference) || Url::parse(reference).is_ok(),
    };
    stays.then_some(Cow::Borrowed(reference))
}

/// Whether it is `http` or `https` and a host in small letters, so that it takes no parser to tell that it is an address:
/// behind such a host the URL Standard refuses nothing.
fn is_plain(reference: &str) -> bool {
    let Some(rest) = ["https://", "http://"].iter().find_map(|scheme| reference.strip_prefix(scheme)) else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_label = |label: &str| {
        let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !label.is_empty() && label.bytes().all(is_word)
    };
    // The last label of a number would make it one as a whole.
    host.split('.').all(is_label)
        && host.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// Lower case; `None` where the reference is relative (RFC 3986 §3.1).
fn scheme(reference: &str) -> Option<String> {
    let mut scheme = String::new();
    for c in reference.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')) {
        match c {
            ':' if !scheme.is_empty() => return Some(scheme),
            '+' | '-' | '.' | '0'..='9' if !scheme.is_empty() => scheme.push(c),
            c if c.is_ascii_alphabetic() => scheme.push(c.to_ascii_lowercase()),
            _ => return None,
        }
    }
    None
}

fn is_picture(reference: &str, data: Data) -> bool {
    let plain: String = reference.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let (_, content) = plain.split_once(':').unwrap_or_default();
    let media_type = content.split([';', ',']).next().unwrap_or_default().to_ascii_lowercase();
    media_type.starts_with("image/") && (data == Data::Picture || !media_type.starts_with("image/svg"))
}

/// `srcset` with each address put through `absolute`; `None` where no candidate is left.
///
/// Candidates are told apart as in HTML §4.8.4.3.10: an address ends at white space, its descriptors at a comma.
pub(super) fn absolute_set<'a>(
    srcset: &'a str,
    mut absolute: impl FnMut(&'a str) -> Option<Cow<'a, str>>,
) -> Option<String> {
    let mut candidates = Vec::new();
    let mut rest = srcset;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            break;
        }
        let (address, after) = rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()));
        let alone = address.trim_end_matches(',');
        let (descriptors, after) =
            if alone.len() < address.len() { ("", after) } else { after.split_at(descriptors_end(after)) };
        rest = after;
        if let Some(address) = absolute(alone) {
            let descriptors = descriptors.trim();
            let gap = if descriptors.is_empty() { "" } else { " " };
            candidates.push(format!("{address}{gap}{descriptors}"));
        }
    }
    (!candidates.is_empty()).then(|| candidates.join(", "))
}

/// Where the comma stands that ends the descriptors; one in parentheses is part of them.
fn descriptors_end(text: &str) -> usize {
    let mut open = false;
    let end = text.bytes().position(|byte| {
        open = (open || byte == b'(') && byte != b')';
        byte == b',' && !open
    });
    end.unwrap_or(text.len())
}
