//! What of a feed is new: the same document without the entries that were in it before, word for word (§7). Pure.

use crate::delivery::{Cut, Kind};

/// The entries of a version, as hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entries(Vec<u64>);

impl Entries {
    /// Those of RSS or Atom; `None` for anything else.
    #[must_use]
    pub fn of(document: &[u8]) -> Option<Self> {
        Some(Self(cut(document)?.hashes()))
    }
}

/// The document with only those of its entries that are not among these; `None` when none is, or all are, or that cannot be told.
#[must_use]
pub fn since(before: &Entries, document: &[u8]) -> Option<Vec<u8>> {
    let cut = cut(document)?;
    let has_news = cut.hashes().iter().any(|entry| !before.0.contains(entry));
    if has_news { cut.without(&before.0) } else { None }
}

/// A JSON Feed is always told whole.
fn cut(document: &[u8]) -> Option<Cut<'_>> {
    let kind = Kind::of(document);
    if kind == Kind::JsonFeed { None } else { Cut::of(&kind, document) }
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
