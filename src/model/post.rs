//! What an input turned out to be, and what the catalog keeps of it.

use std::hash::{Hash as _, Hasher as _};

use xxhash_rust::xxh3::Xxh3;

use super::{BodyHash, Diagnostic, FeedKey, Item, ItemId, Label, Timestamp, WebUrl};

/// Everything about a post that decides in which feeds it is, and where in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its identity.
    pub id: ItemId,
    /// Its page.
    pub link: WebUrl,
    /// What feeds are ordered by.
    pub published: Timestamp,
    /// Its place among posts of the same instant, the greatest first; `None`: its path.
    pub rank: Option<Vec<u8>>,
    /// The instant from which it is shown, in microseconds since 1970; `None`: always.
    pub shown_from: Option<i64>,
    /// The instant from which it is no longer shown; `None`: never.
    pub shown_until: Option<i64>,
    /// The instant of its last change, where it is later than its publication and may not be told before it comes.
    pub changed: Option<i64>,
    /// Its body, where the site pins ids and this post has none: it may be one that was renamed.
    pub body: Option<BodyHash>,
    /// How many bytes its text has, by which an archive is divided.
    pub size: u64,
    /// The feeds that it belongs to, with the label as it spells it (for all posts and `[[feed]]`: none).
    pub claims: Vec<Claim>,
}

/// That a post belongs to a feed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Claim {
    /// Which feed.
    pub feed: FeedKey,
    /// The label, as the post spells it.
    pub label: Option<Label>,
}

impl Post {
    /// Whether it is shown at this instant, in microseconds since 1970.
    #[must_use]
    pub fn is_shown(&self, now: i64) -> bool {
        self.shown_from.is_none_or(|from| from <= now) && self.shown_until.is_none_or(|until| now < until)
    }

    /// Its item as it may be shown at an instant, in microseconds since 1970: no change is told before it comes.
    #[must_use]
    pub fn as_of(&self, now: i64, mut item: Item) -> Item {
        if self.changed.is_some_and(|at| at > now) {
            item.updated = item.published;
        }
        item
    }

    /// A hash of all of the above but its size: two readings of a file with the same digest belong in the same places.
    #[must_use]
    pub fn digest(&self) -> i64 {
        let mut hash = Xxh3::new();
        self.id.as_str().hash(&mut hash);
        self.link.as_str().hash(&mut hash);
        self.claims.hash(&mut hash);
        if let Some(rank) = &self.rank {
            rank.hash(&mut hash);
        }
        if let Some(body) = &self.body {
            body.hash(&mut hash);
        }
        for number in [
            self.published.micros(),
            self.published.offset().into(),
            self.shown_from.unwrap_or(i64::MIN),
            self.shown_until.unwrap_or(i64::MAX),
            self.changed.unwrap_or(i64::MIN),
        ] {
            hash.write_i64(number);
        }
        hash.finish().cast_signed()
    }
}

/// A page of the site that stands for a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryPage {
    /// The folded label, as feeds are keyed.
    pub key: String,
    /// The label that it names.
    pub label: Label,
    /// Its title; `None` when it has none of its own.
    pub title: Option<String>,
    /// Its address.
    pub link: WebUrl,
}

/// Why a file among the posts is in no feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    /// It has no front matter, so its generator does not publish it.
    NoFrontMatter,
    /// It says `draft: true`.
    Draft,
    /// It says `published: false`.
    Unpublished,
    /// It says `feed: false`.
    Hidden,
    /// Its generator does not publish a file with such a name.
    NoDateInName,
    /// It is broken; an error says how.
    Broken,
    /// It states no date, so its generator has it on no list of posts.
    NoDate,
}

impl LeftOut {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::NoFrontMatter,
        Self::Draft,
        Self::Unpublished,
        Self::Hidden,
        Self::NoDateInName,
        Self::Broken,
        Self::NoDate,
    ];

    /// The reason in words, as in "3 left out: 2 draft, 1 without front matter".
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoFrontMatter => "without front matter",
            Self::Draft => "draft",
            Self::Unpublished => "published: false",
            Self::Hidden => "feed: false",
            Self::NoDateInName => "no date in the name",
            Self::Broken => "broken",
            Self::NoDate => "without a date",
        }
    }
}

/// What an input turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A post, which is shown at its time.
    Post(Post),
    /// A file among the posts that is in no feed.
    LeftOut(LeftOut),
    /// A page that stands for a category.
    Page(CategoryPage),
    /// A page that says nothing about feeds.
    Other,
}

/// A reading with what its author should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What it is.
    pub reading: Reading,
    /// Findings, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
}
