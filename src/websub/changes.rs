//! What of a feed is new: the same document without the entries that were in it before, word for word (§7). Pure.

use std::collections::HashSet;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;
use xxhash_rust::xxh3::xxh3_64;

/// The entries of a version, as hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entries(HashSet<u64>);

impl Entries {
    /// Those of RSS or Atom; `None` for anything else.
    #[must_use]
    pub fn of(document: &[u8]) -> Option<Self> {
        Some(Self(ranges(document)?.into_iter().filter_map(|range| document.get(range)).map(xxh3_64).collect()))
    }
}

/// The document with only those of its entries that are not among these; `None` when none is, or all are, or that cannot be told.
#[must_use]
pub fn since(before: &Entries, document: &[u8]) -> Option<Vec<u8>> {
    let all = ranges(document)?;
    let is_old =
        |range: &Range<usize>| document.get(range.clone()).is_some_and(|entry| before.0.contains(&xxh3_64(entry)));
    let old: Vec<Range<usize>> = all.iter().filter(|range| is_old(range)).cloned().collect();
    if old.is_empty() || old.len() == all.len() {
        return None;
    }
    let mut rest = Vec::with_capacity(document.len());
    let mut end = 0;
    for range in old {
        // With the line's indentation.
        rest.extend_from_slice(document.get(end..range.start)?.trim_ascii_end());
        end = range.end;
    }
    rest.extend_from_slice(document.get(end..)?);
    Some(rest)
}

/// Where the entries stand: `item` in `channel` in `rss`, `entry` in `feed`.
fn ranges(document: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut reader = Reader::from_reader(document);
    reader.config_mut().check_end_names = true;
    let (mut depth, mut at, mut begun, mut ranges) = (0_usize, None, None, Vec::new());
    loop {
        let start = usize::try_from(reader.buffer_position()).ok()?;
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                if depth == 0 {
                    at = match tag.name().as_ref() {
                        b"rss" => Some((2, &b"item"[..])),
                        b"feed" => Some((1, &b"entry"[..])),
                        _ => return None,
                    };
                }
                if at == Some((depth, tag.name().as_ref())) {
                    begun = Some(start);
                }
                depth += 1;
            }
            Event::End(_) => {
                depth = depth.checked_sub(1)?;
                if at.is_some_and(|(own, _)| own == depth)
                    && let Some(start) = begun.take()
                {
                    ranges.push(start..usize::try_from(reader.buffer_position()).ok()?);
                }
            }
            Event::Eof => return (depth == 0 && at.is_some()).then_some(ranges),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel>\n  <title>x</title>\n  \
        <item><title>b</title><description><![CDATA[<item>]]></description></item>\n  <item><title>a</title></item>\n</channel></rss>\n";

    #[test]
    fn what_was_there_before_is_left_out() {
        let new = OLD.replace("  <item><title>b", "  <item><title>c</title></item>\n  <item><title>b");
        let rest = since(&Entries::of(OLD.as_bytes()).unwrap(), new.as_bytes()).unwrap();
        let expected = "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel>\n  <title>x</title>\n  \
            <item><title>c</title></item>\n</channel></rss>\n";
        assert_eq!(String::from_utf8(rest).unwrap(), expected);
    }

    #[test]
    fn an_entry_that_changed_is_new() {
        let atom = |text: &str| {
            format!("<feed><entry><id>1</id>{text}</entry><entry><id>2</id><source><entry/></source></entry></feed>")
        };
        let rest = since(&Entries::of(atom("a").as_bytes()).unwrap(), atom("b").as_bytes()).unwrap();
        assert_eq!(String::from_utf8(rest).unwrap(), "<feed><entry><id>1</id>b</entry></feed>");
    }

    #[test]
    fn where_nothing_is_new_or_all_is_or_nobody_knows_it_is_all_of_it() {
        let old = Entries::of(OLD.as_bytes()).unwrap();
        assert_eq!(since(&old, OLD.as_bytes()), None);
        assert_eq!(since(&Entries::default(), OLD.as_bytes()), None);
        for other in ["", "{}", "<opml></opml>", "<rss>", "<rss></feed>", "<feed><entry></feed>"] {
            assert_eq!(Entries::of(other.as_bytes()), None, "{other}");
            assert_eq!(since(&old, other.as_bytes()), None, "{other}");
        }
    }
}
