//! What is new in a feed since another version of it (RFC 3229, with `feed` as the manipulation): the document without those entries
//! that the other version has, byte for byte. Pure.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde::Deserialize;
use serde_json::value::RawValue;
use xxhash_rust::xxh3::xxh3_64;

use super::coding;
use super::kind::Kind;

/// More entries than this are no feed that is asked for every hour.
const MOST_ENTRIES: usize = 256;

/// A feed's document, taken apart at its entries.
#[derive(Debug)]
pub(crate) struct Cut<'a> {
    bytes: &'a [u8],
    entries: Vec<Range<usize>>,
}

/// Whether the values of the `A-IM` fields take what is new in a feed for all of it (RFC 3229 §10.5.3).
pub(super) fn is_wanted<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> bool {
    values.into_iter().flat_map(|value| value.split(|&byte| byte == b',')).any(|item| {
        let mut parts = item.split(|&byte| byte == b';');
        let is_feed = parts.next().is_some_and(|name| name.trim_ascii().eq_ignore_ascii_case(b"feed"));
        is_feed && coding::weight(parts) > 0
    })
}

impl<'a> Cut<'a> {
    /// `None` for what is no feed, or has too many entries, or anything between them.
    pub(crate) fn of(kind: &Kind, bytes: &'a [u8]) -> Option<Self> {
        let (entries, separator) = match kind {
            Kind::Rss => (xml_entries(bytes, 2, b"item")?, None),
            Kind::Atom => (xml_entries(bytes, 1, b"entry")?, None),
            Kind::JsonFeed => (json_entries(bytes)?, Some(b',')),
            Kind::Opml | Kind::Html(_) | Kind::Other => return None,
        };
        let is_gap = |(one, next): (&Range<usize>, &Range<usize>)| {
            let mut rest = bytes.get(one.end..next.start)?.iter().filter(|byte| !byte.is_ascii_whitespace());
            (rest.next() == separator.as_ref() && rest.next().is_none()).then_some(())
        };
        entries.iter().zip(entries.iter().skip(1)).try_for_each(is_gap)?;
        Some(Self { bytes, entries })
    }

    /// A hash of each entry, in their order.
    pub(crate) fn hashes(&self) -> Vec<u64> {
        self.entries.iter().map(|entry| xxh3_64(self.slice(entry.clone()))).collect()
    }

    /// The document without the entries that have these hashes; `None` where it has none of them.
    pub(crate) fn without(&self, known: &[u64]) -> Option<Vec<u8>> {
        let (first, last) = (self.entries.first()?, self.entries.last()?);
        let is_new = |entry: &&Range<usize>| !known.contains(&xxh3_64(self.slice((*entry).clone())));
        let new: Vec<&Range<usize>> = self.entries.iter().filter(is_new).collect();
        if new.len() == self.entries.len() {
            return None;
        }
        let gap = self.entries.get(1).map_or(&[][..], |second| self.slice(first.end..second.start));
        let mut rest = self.slice(0..first.start).to_vec();
        for (n, entry) in new.into_iter().enumerate() {
            if n > 0 {
                rest.extend_from_slice(gap);
            }
            rest.extend_from_slice(self.slice(entry.clone()));
        }
        rest.extend_from_slice(self.slice(last.end..self.bytes.len()));
        Some(rest)
    }

    fn slice(&self, range: Range<usize>) -> &'a [u8] {
        self.bytes.get(range).unwrap_or_default()
    }
}

/// Where the elements of this name, so deep in the document, begin and end.
fn xml_entries(bytes: &[u8], depth: usize, name: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut reader = Reader::from_reader(bytes);
    let (mut open, mut entries) = (0, Vec::new());
    loop {
        let start = usize::try_from(reader.buffer_position()).ok()?;
        match reader.read_event().ok()? {
            Event::Start(element) if open == depth && element.name().as_ref() == name => {
                reader.read_to_end(element.name()).ok()?;
                let end = usize::try_from(reader.buffer_position()).ok()?;
                let is_whole = bytes.get(start) == Some(&b'<') && entries.len() < MOST_ENTRIES;
                entries.push(is_whole.then_some(start..end)?);
            }
            Event::Start(_) => open += 1,
            Event::End(_) => open = open.checked_sub(1)?,
            Event::Eof => return (open == 0).then_some(entries),
            _ => {}
        }
    }
}

#[derive(Deserialize)]
struct Items<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
}

fn json_entries(bytes: &[u8]) -> Option<Vec<Range<usize>>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let Items { items } = serde_json::from_str(text).ok()?;
    let place = |item: &RawValue| {
        let start = item.get().as_ptr().addr().checked_sub(text.as_ptr().addr())?;
        Some(start..start + item.get().len())
    };
    (items.len() <= MOST_ENTRIES).then(|| items.into_iter().map(place).collect())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RSS: &str = "<?xml version=\"1.0\"?>\n<rss version=\"2.0\">\n  <channel>\n    <title>item</title>\n    \
        <item>\n      <title><![CDATA[</item>]]></title>\n    </item>\n    <item><!-- <item> --><link/></item>\n    \
        <item><item>nested</item></item>\n  </channel>\n</rss>\n";
    const ATOM: &str = "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n  <title/>\n  <entry><id>1</id></entry>\n  \
        <entry><id>2</id></entry>\n  <fh:archive/></feed>";
    const JSON: &str = "{\n  \"version\": \"https://jsonfeed.org/version/1.1\",\n  \"items\": [\n    {\"id\": \"1]\"},\n    \
        {\"id\": \"2\"},\n    {\"id\": \"3\"}\n  ]\n}\n";

    /// The documents without each set of their entries, by their numbers.
    fn without(kind: &Kind, text: &str, entries: &[usize]) -> Option<String> {
        let cut = Cut::of(kind, text.as_bytes()).unwrap();
        let hashes = cut.hashes();
        let known: Vec<u64> = entries.iter().map(|n| hashes[*n]).collect();
        cut.without(&known).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn a_document_loses_the_entries_that_are_known_and_nothing_else() {
        let rss = without(&Kind::Rss, RSS, &[0, 2]).unwrap();
        assert_eq!(
            rss,
            "<?xml version=\"1.0\"?>\n<rss version=\"2.0\">\n  <channel>\n    <title>item</title>\n    \
             <item><!-- <item> --><link/></item>\n  </channel>\n</rss>\n"
        );
        let atom = without(&Kind::Atom, ATOM, &[0]).unwrap();
        assert_eq!(atom, ATOM.replace("<entry><id>1</id></entry>\n  ", ""));
        for known in [&[0][..], &[1], &[2], &[0, 1], &[0, 2], &[1, 2], &[0, 1, 2]] {
            let json: serde_json::Value =
                serde_json::from_str(&without(&Kind::JsonFeed, JSON, known).unwrap()).unwrap();
            assert_eq!(json["items"].as_array().unwrap().len(), 3 - known.len(), "{known:?}");
            roxmltree::Document::parse(&without(&Kind::Rss, RSS, known).unwrap()).unwrap();
        }
        assert_eq!(without(&Kind::Rss, RSS, &[]), None, "all of it is new");
    }

    #[test]
    fn what_cannot_be_cut_is_left_whole() {
        for (kind, text) in [
            (Kind::Rss, "<rss><channel><item></channel></rss>"),
            (Kind::Rss, "<rss><channel><item/>text<item/></channel>"),
            (Kind::Rss, "<rss><channel><item>a</item>text<item>b</item></channel></rss>"),
            (Kind::JsonFeed, "{\"items\": 1}"),
            (Kind::JsonFeed, "{\"items\": [1, 2}"),
            (Kind::Opml, "<opml/>"),
        ] {
            assert!(Cut::of(&kind, text.as_bytes()).is_none(), "{text}");
        }
        let many = format!("<feed>{}</feed>", "<entry>x</entry>".repeat(MOST_ENTRIES + 1));
        assert!(Cut::of(&Kind::Atom, many.as_bytes()).is_none());
        assert!(Cut::of(&Kind::Atom, b"<feed></feed>").unwrap().hashes().is_empty());
    }

    #[test]
    fn who_wants_it_says_so() {
        for (value, wanted) in [
            ("feed", true),
            ("Feed", true),
            ("vcdiff, feed;q=0.5", true),
            ("feed;q=0", false),
            ("feed ; q=0.000", false),
            ("gzip", false),
            ("", false),
            ("feeds", false),
        ] {
            assert_eq!(is_wanted([value.as_bytes()]), wanted, "{value}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_odd(text in "[<>/=\"a-c \\[\\]{},:!-]{0,40}", known in any::<u8>()) {
            for (kind, begin, end) in [
                (Kind::Rss, "<rss><channel><item>", "</item></channel></rss>"),
                (Kind::Atom, "<feed><entry>a</entry>", "</feed>"),
                (Kind::JsonFeed, "{\"items\": [1, ", "]}"),
            ] {
                let document = format!("{begin}{text}{end}");
                for document in [&document, &text] {
                    let Some(cut) = Cut::of(&kind, document.as_bytes()) else { continue };
                    let hashes = cut.hashes();
                    let known = &hashes[..usize::from(known).min(hashes.len())];
                    if let Some(rest) = cut.without(known) {
                        let again = Cut::of(&kind, &rest).unwrap().hashes();
                        let new: Vec<u64> = hashes.iter().filter(|hash| !known.contains(hash)).copied().collect();
                        prop_assert_eq!(again, new, "{} of {}", String::from_utf8_lossy(&rest), document);
                    }
                }
            }
        }
    }
}
