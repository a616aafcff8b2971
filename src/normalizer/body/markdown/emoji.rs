//! `:smile:` as the emoji of that name, by GitHub's table, which Zola and Hugo use.

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

/// The same events with emoji, but for code and addresses that stand for themselves.
pub(super) fn in_text<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    let mut is_verbatim = false;
    events.map(move |event| {
        match &event {
            Event::Start(Tag::CodeBlock(_) | Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. }) => {
                is_verbatim = true;
            }
            Event::End(TagEnd::CodeBlock | TagEnd::Link) => is_verbatim = false,
            _ => {}
        }
        match event {
            Event::Text(text) if !is_verbatim => Event::Text(shown(text)),
            event => event,
        }
    })
}

/// The text with its emoji; a name that there is not stays as it is.
pub(super) fn shown(text: CowStr<'_>) -> CowStr<'_> {
    if memchr::memchr(b':', text.as_bytes()).is_none() {
        return text;
    }
    let mut shown = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(open) = text.get(at..).and_then(|rest| rest.find(':')).map(|found| at + found) {
        at = open + 1;
        let rest = text.get(at..).unwrap_or_default();
        let length = rest.bytes().take_while(|&byte| is_of_name(byte)).count();
        let Some(name) = rest.get(..length).filter(|_| rest.as_bytes().get(length) == Some(&b':')) else {
            at += length;
            continue;
        };
        if let Some(emoji) = gh_emoji::get(name) {
            shown.push_str(text.get(copied..open).unwrap_or_default());
            shown.push_str(emoji);
            at += length + 1;
            copied = at;
        } else {
            at += length;
        }
    }
    if copied == 0 {
        return text;
    }
    shown.push_str(text.get(copied..).unwrap_or_default());
    shown.into()
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'_')
}
