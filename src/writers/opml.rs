//! OPML 2.0: the list of all feeds, which readers import.

use super::xml::attribute;
use crate::model::WebUrl;

/// One feed in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Its title, plain text.
    pub title: String,
    /// Where it is.
    pub feed: WebUrl,
    /// The page that it is about.
    pub home: WebUrl,
}

/// The document: UTF-8 with an XML declaration, no dates, the feeds in the order given. `type` is `rss` for Atom, too, as
/// the section on subscription lists of <http://opml.org/spec2.opml> has it.
#[must_use]
pub fn opml(title: &str, feeds: &[Outline]) -> String {
    let head = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n<head>\n<title>{}</title>\n\
         <docs>http://opml.org/spec2.opml</docs>\n</head>\n<body>\n",
        attribute(title)
    );
    let line = |Outline { title, feed, home }: &Outline| {
        let (title, feed, home) = (attribute(title), attribute(feed.as_str()), attribute(home.as_str()));
        format!("<outline text=\"{title}\" title=\"{title}\" type=\"rss\" xmlUrl=\"{feed}\" htmlUrl=\"{home}\"/>\n")
    };
    [head, feeds.iter().map(line).collect(), "</body>\n</opml>\n".to_owned()].concat()
}
