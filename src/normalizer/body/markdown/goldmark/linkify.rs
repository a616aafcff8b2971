//! Bare addresses that become links.

/// An address at the start of a text.
pub(super) struct Link<'t> {
    /// What stands before it in the link.
    pub(super) scheme: &'static str,
    pub(super) text: &'t str,
    pub(super) length: usize,
}

/// The address that `rest` begins with: with `http`, `https` or `ftp`, from `www.` on, or of a mailbox.
pub(super) fn link(rest: &str) -> Option<Link<'_>> {
    let first = rest.bytes().next()?;
    if !first.is_ascii_alphanumeric() {
        return None;
    }
    let (scheme, text) = if let Some(end) = web(rest) {
        ("", rest.get(..end)?)
    } else if let Some(end) = rest.strip_prefix("www.").and_then(|host| host_and_path(host, false)) {
        ("https://", rest.get(..end + 4)?)
    } else {
        ("mailto:", rest.get(..mailbox(rest)?)?)
    };
    let text = if scheme == "mailto:" { text } else { without_punctuation(text) };
    Some(Link { scheme, text, length: text.len() })
}

fn web(rest: &str) -> Option<usize> {
    let host = ["https://", "http://", "ftp://"].iter().find_map(|scheme| rest.strip_prefix(scheme))?;
    host_and_path(host, true).map(|end| rest.len() - host.len() + end)
}

/// A host that ends with a dot and small letters, a port, and a path.
fn host_and_path(text: &str, may_have_port: bool) -> Option<usize> {
    let is_host = |b: &u8| b.is_ascii_alphanumeric() || b"-@:%._+~#=".contains(b);
    let run = text.bytes().take(512).take_while(is_host).count();
    let host = text.get(..run)?;
    let dots = host.rmatch_indices('.').map(|(at, _)| at).filter(|at| (1..=256).contains(at));
    let mut ends = dots.filter_map(|dot| {
        let letters = host.get(dot + 1..)?.bytes().take_while(u8::is_ascii_lowercase).count();
        (letters > 0).then_some(dot + 1 + letters)
    });
    let mut end = ends.next()?;
    if may_have_port && let Some(port) = text.get(end..)?.strip_prefix(':') {
        let digits = port.bytes().take_while(u8::is_ascii_digit).count();
        end += if digits > 0 { digits + 1 } else { 0 };
    }
    let path = text.get(end..)?;
    if !path.starts_with(['/', '#', '?']) {
        return Some(end);
    }
    let is_path = |b: &u8| b.is_ascii_alphanumeric() || b"-@:%_+.~#$!?&/=();,'\">^{}[]`".contains(b);
    Some(end + path.bytes().take_while(is_path).count())
}

/// An address at the end of a sentence or in parentheses ends before them.
fn without_punctuation(text: &str) -> &str {
    let text = text.trim_end_matches(['?', '!', '.', ',', ':', '*', '_', '~']);
    if text.ends_with(')') {
        let unopened = text.matches(')').count().saturating_sub(text.matches('(').count());
        return text.get(..text.len() - unopened).unwrap_or(text);
    }
    let reference = text.strip_suffix(';').and_then(|text| text.rsplit_once('&'));
    match reference {
        Some((before, name)) if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric()) => before,
        _ => text,
    }
}

fn mailbox(rest: &str) -> Option<usize> {
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(b);
    let at = rest.bytes().take(256).take_while(is_name).count();
    let host = rest.get(at..)?.strip_prefix('@')?;
    let run = host.bytes().take(256).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.')).count();
    let host = host.get(..run)?.trim_end_matches('.');
    let is_word = |word: &str| !word.is_empty() && !word.starts_with('-') && !word.ends_with('-');
    (host.contains('.') && host.split('.').all(is_word)).then_some(at + 1 + host.len())
}
