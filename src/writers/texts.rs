//! The long texts of a feed's items, which are nearly all of its bytes: looked over once for all formats, and put straight
//! into the document where the crate that writes it has left marks.

use std::borrow::Cow;

use super::xml;
use crate::model::{Feed, Item};

/// What stands for a text. No feed may carry these, so no other text of a document holds them.
const SUMMARY: u8 = 1;
const CONTENT: u8 = 2;

/// The texts of one item.
pub(super) struct Texts<T> {
    pub(super) summary: Option<T>,
    pub(super) content: Option<T>,
}

/// Legal, one an item, in their order.
pub(super) struct AllTexts<'a>(Vec<Texts<Cow<'a, str>>>);

/// How a format writes a text into its document.
type Push = fn(&str, &mut Vec<u8>);

impl<'a> Texts<Cow<'a, str>> {
    pub(super) fn of(item: &'a Item) -> Self {
        let [summary, content] = [&item.summary, &item.content].map(|text| text.as_deref().map(xml::legal));
        Self { summary, content }
    }
}

impl<'a> AllTexts<'a> {
    pub(super) fn of(feed: &'a Feed) -> Self {
        Self(feed.items.iter().map(|item| Texts::of(item)).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Texts<&str>> {
        self.0.iter().map(|texts| Texts { summary: texts.summary.as_deref(), content: texts.content.as_deref() })
    }

    /// What a crate is given in their place, one an item.
    pub(super) fn marks(&self) -> impl Iterator<Item = Texts<String>> {
        let mark = |text: Option<&str>, mark: u8| text.map(|_| char::from(mark).to_string());
        self.iter()
            .map(move |texts| Texts { summary: mark(texts.summary, SUMMARY), content: mark(texts.content, CONTENT) })
    }

    /// Appends `document` to `out`, with each text in the place of its mark.
    pub(super) fn put_into(&self, document: &[u8], out: &mut Vec<u8>, push_summary: Push, push_content: Push) {
        let mut summaries = self.iter().filter_map(|texts| texts.summary);
        let mut contents = self.iter().filter_map(|texts| texts.content);
        let mut copied = 0;
        for at in memchr::memchr2_iter(SUMMARY, CONTENT, document) {
            out.extend_from_slice(document.get(copied..at).unwrap_or_default());
            if document.get(at) == Some(&SUMMARY) {
                push_summary(summaries.next().unwrap_or_default(), out);
            } else {
                push_content(contents.next().unwrap_or_default(), out);
            }
            copied = at + 1;
        }
        out.extend_from_slice(document.get(copied..).unwrap_or_default());
    }
}
