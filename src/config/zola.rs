//! What a Zola site says about its posts, with nothing left undecided.

use globset::GlobMatcher;

use crate::model::Slugify;

/// What a Zola site's configuration and the pages of its sections say about its posts.
#[derive(Debug, Clone)]
pub struct ZolaSite {
    /// `base_url` as it is written, without a slash at its end; `None` where another address holds.
    pub base: Option<String>,
    /// The languages that are configured beside the default one: `x.fr.md` is a page of one.
    pub other_languages: Vec<String>,
    /// How texts become paths of pages (`slugify.paths`).
    pub paths: Slugify,
    /// How labels become paths of terms (`slugify.taxonomies`).
    pub terms: Slugify,
    /// Whether the date of a file's name stays in the path (`slugify.paths_keep_dates`).
    pub keeps_dates: bool,
    /// Files that are no content, by their path below the site (`ignored_content`).
    pub ignored: Vec<GlobMatcher>,
    /// The taxonomies of the default language.
    pub taxonomies: Vec<ZolaTaxonomy>,
    /// The folders below the content with a page of their own (`_index.md`), sorted.
    pub sections: Vec<ZolaSection>,
    /// `markdown`.
    pub markdown: ZolaMarkdown,
    /// The names of its own feeds.
    pub feeds: ZolaFeeds,
}

/// A taxonomy.
#[derive(Debug, Clone)]
pub struct ZolaTaxonomy {
    /// Its name in front matter.
    pub name: String,
    /// The folder of its terms' pages, relative to the site's address, without slashes at its ends.
    pub path: String,
    /// Whether each term has a feed.
    pub feed: bool,
    /// Whether its terms have pages.
    pub has_pages: bool,
}

/// A folder with a page of its own.
#[derive(Debug, Clone)]
pub struct ZolaSection {
    /// Below the content folder; empty for the home page.
    pub folder: String,
    /// Its title.
    pub title: Option<String>,
    /// Whether nothing of it is published.
    pub is_draft: bool,
    /// Whether its pages are also those of the section that it is in.
    pub is_transparent: bool,
    /// Whether it has feeds of its own.
    pub has_feeds: bool,
}

/// How Markdown is rendered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ZolaMarkdown {
    /// Typographic quotes, dashes and ellipses.
    pub smart_punctuation: bool,
    /// `:smile:` is an emoji.
    pub emoji: bool,
    /// Notes are at the end of the text.
    pub bottom_footnotes: bool,
    /// Lines that begin with `: ` define a term.
    pub definition_list: bool,
    /// `[!NOTE]` begins an alert.
    pub github_alerts: bool,
    /// Code is highlighted, so that `hide_lines` hides lines.
    pub highlights: bool,
    /// How the texts of headings become their ids (`slugify.anchors`).
    pub anchors: Slugify,
    /// What the tag of a link to another site has before its address, such as ` rel="external"`.
    pub external: String,
}

/// The names of the files of its own feeds (`feed_filenames`), where it has feeds of that format.
#[derive(Debug, Clone, Default)]
pub struct ZolaFeeds {
    /// In RSS.
    pub rss: Option<String>,
    /// In Atom.
    pub atom: Option<String>,
}

impl ZolaSite {
    /// The taxonomy that a post names by one of these names: that of categories, or of tags.
    #[must_use]
    pub fn taxonomy(&self, names: &[&str]) -> Option<&ZolaTaxonomy> {
        names.iter().find_map(|name| self.taxonomies.iter().find(|taxonomy| taxonomy.name == *name))
    }
}

impl ZolaTaxonomy {
    /// What the taxonomy of categories may be called.
    pub const CATEGORIES: [&str; 2] = ["categories", "category"];
    /// What the taxonomy of tags may be called.
    pub const TAGS: [&str; 2] = ["tags", "tag"];
}
