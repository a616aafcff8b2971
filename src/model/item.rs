//! One post as feeds show it.

use super::{Label, Timestamp, WebUrl};

/// The identity of an item: an absolute IRI that never changes and is never shared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(String);

impl ItemId {
    /// `None` unless `text` is an absolute IRI without white space or control characters (RFC 4287 §4.2.6).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let well_formed = !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c));
        (well_formed && url::Url::parse(text).is_ok()).then(|| Self(text.to_owned()))
    }

    /// The IRI that a site's address, which ends in `/`, makes with a relative reference, which holds only what RFC 3986
    /// allows in one.
    #[must_use]
    pub(crate) fn below(site: &WebUrl, reference: &str) -> Self {
        Self([site.as_str(), reference].concat())
    }

    /// The IRI.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The address of an item as its identity.
impl From<&WebUrl> for ItemId {
    fn from(url: &WebUrl) -> Self {
        Self(url.as_str().to_owned())
    }
}

/// Who wrote a post. The name is never empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Author {
    /// The name that is shown.
    pub name: String,
    /// An e-mail address, where one is known.
    pub email: Option<String>,
    /// A page about the author, where one is known.
    pub uri: Option<WebUrl>,
}

/// A file that belongs to an item (RSS 2.0, `<enclosure>`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosure {
    /// Where it is.
    pub url: WebUrl,
    /// Its size in bytes; 0 when unknown.
    pub length: u64,
    /// Its media type, such as `audio/mpeg`.
    pub media_type: String,
}

/// One post, ready for every writer: URLs absolute, text free of what XML forbids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its identity, in every feed and format.
    pub id: ItemId,
    /// The page that it has on the site.
    pub link: WebUrl,
    /// Plain text, never empty.
    pub title: String,
    /// When it was published.
    pub published: Timestamp,
    /// When the post says that it was last changed, else when it was published.
    pub updated: Timestamp,
    /// Everyone who wrote it; empty when nobody is named.
    pub authors: Vec<Author>,
    /// Its categories as the post spells them.
    pub categories: Vec<Label>,
    /// Its tags as the post spells them.
    pub tags: Vec<Label>,
    /// Plain text: its description, else its excerpt.
    pub summary: Option<String>,
    /// The body as HTML with absolute URLs; `None` in feeds without content.
    pub content: Option<String>,
    /// Its main picture.
    pub image: Option<WebUrl>,
    /// Its further pictures; none without a main one.
    pub more_images: Vec<WebUrl>,
    /// A file that belongs to it.
    pub enclosure: Option<Enclosure>,
    /// Further such files; none without the first.
    pub more_enclosures: Vec<Enclosure>,
}
