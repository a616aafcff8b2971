//! What anybody may post to the hub, name as a topic or give as a callback; and documents of which only what is new is wanted.

use syndicated::websub::callback::Callback;
use syndicated::websub::changes::{self, Entries};
use syndicated::websub::request;

/// The first line is a content type, the rest a form.
pub(crate) fn request(bytes: &[u8]) {
    let (line, body) = super::head_and_rest(bytes);
    let said = String::from_utf8_lossy(line);
    let form = Some("application/x-www-form-urlencoded");
    for content_type in [form, Some(&*said), None] {
        match request::parse(content_type, body) {
            Ok(request) => {
                assert!(content_type.is_some() && !request.topic.is_empty());
                assert!(request.lease.is_none_or(|lease| lease > 0));
                callback(&request.callback);
            }
            Err(fault) => assert!((400..=599).contains(&fault.status) && fault.text.len() < 200, "{fault:?}"),
        }
    }
    if let Ok(found) = Callback::parse(&String::from_utf8_lossy(body)) {
        callback(&found);
    }
    entries(body);
}

/// It is read again as what it is, and keeps its query whatever is asked.
fn callback(callback: &Callback) {
    assert_eq!(Callback::parse(callback.as_str()).as_ref(), Ok(callback));
    let asked = callback.with(&[("hub.mode", "subscribe"), ("hub.topic", "https://example.com/?a=b&c=ü #")]);
    let (before, after) = (callback.url().unwrap(), url::Url::parse(&asked).unwrap());
    assert_eq!((before.origin(), before.path()), (after.origin(), after.path()));
    let query = after.query().unwrap();
    assert!(query.starts_with(before.query().unwrap_or_default()));
    assert!(query.ends_with("hub.mode=subscribe&hub.topic=https%3A%2F%2Fexample.com%2F%3Fa%3Db%26c%3D%C3%BC%20%23"));
}

/// Nothing of a document is new to who has it, and of what is left all is.
fn entries(document: &[u8]) {
    let Some(all) = Entries::of(document) else { return };
    assert_eq!(changes::since(&all, document), None);
    assert_eq!(changes::since(&Entries::default(), document), None);
}
