//! What a Zola site says about its posts, with nothing left undecided.

use std::collections::BTreeMap;

use globset::GlobMatcher;

use crate::model::{Language, Slugify, Value};

/// What a Zola site's configuration and the pages of its sections say about its posts.
#[derive(Debug, Clone)]
pub struct ZolaSite {
    /// `base_url` as it is written, without a slash at its end; `None` where another address holds.
    pub base: Option<String>,
    /// Its default language.
    pub default: ZolaLanguage,
    /// The others.
    pub others: Vec<ZolaLanguage>,
    /// The codes of languages that no feed can be in: `x.xy.md` is a page of no other.
    pub left_out: Vec<String>,
    /// Folders of the content of which nothing is published, as their page is a draft in one language or another; sorted.
    pub drafts: Vec<String>,
    /// How texts become paths of pages (`slugify.paths`).
    pub paths: Slugify,
    /// How labels become paths of terms (`slugify.taxonomies`).
    pub terms: Slugify,
    /// Whether the date of a file's name stays in the path (`slugify.paths_keep_dates`).
    pub keeps_dates: bool,
    /// Files that are no content, by their path below the site (`ignored_content`).
    pub ignored: Vec<GlobMatcher>,
    /// `markdown`.
    pub markdown: ZolaMarkdown,
    /// The templates that texts can call, by their path below the folder of templates.
    pub templates: BTreeMap<String, String>,
    /// The whole configuration, as templates see it.
    pub config: Value,
    /// On sites for Zola 0.23, whose texts are templates: those that are none, by their path below the content
    /// (`skip_content_templating`).
    pub plain_texts: Option<Vec<GlobMatcher>>,
}

/// What it says about its pages in one language.
#[derive(Debug, Clone)]
pub struct ZolaLanguage {
    /// `None` for the default one.
    pub language: Option<Language>,
    /// As the names of files have it: `x.fr.md`.
    pub code: String,
    /// What the paths of its pages begin with, such as `fr/`; empty for nothing.
    pub prefix: String,
    /// Its taxonomies.
    pub taxonomies: Vec<ZolaTaxonomy>,
    /// The folders below the content with a page of their own (`_index.fr.md`), sorted.
    pub sections: Vec<ZolaSection>,
    /// The names of its own feeds.
    pub feeds: ZolaFeeds,
}

/// A taxonomy.
#[derive(Debug, Clone)]
pub struct ZolaTaxonomy {
    /// Its name in front matter.
    pub name: String,
    /// The folder of its terms' pages below that of the language, without slashes at its ends.
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
    /// Whether it has no page.
    pub is_draft: bool,
    /// Whether its pages are also those of the section that it is in.
    pub is_transparent: bool,
    /// Whether it has feeds of its own.
    pub has_feeds: bool,
    /// Where the headings of its pages have links to themselves; `None` where it does not say.
    pub anchor_links: Option<ZolaAnchors>,
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
    /// Where headings have links to themselves, unless their section says so.
    pub anchor_links: ZolaAnchors,
    /// What the tag of a link to another site has before its address, such as ` rel="external"`.
    pub external: String,
}

/// Where a heading has a link to itself (`insert_anchor_links`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ZolaAnchors {
    /// Nowhere.
    #[default]
    None,
    /// Before its text.
    Left,
    /// Behind its text.
    Right,
    /// All of its text is the link.
    Around,
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
    /// Every language, the default one first.
    pub fn languages(&self) -> impl Iterator<Item = &ZolaLanguage> {
        std::iter::once(&self.default).chain(&self.others)
    }

    /// What it says in a language; `None` is the default one, as is one that it does not have.
    #[must_use]
    pub fn in_language(&self, language: Option<&Language>) -> &ZolaLanguage {
        let own = language.and_then(|_| self.others.iter().find(|own| own.language.as_ref() == language));
        own.unwrap_or(&self.default)
    }

    /// A name without `.md` in parts: what is before the code of a language, and that language. The code of the default one
    /// stays part of the name, as does what is none (Zola stops there). `None` when there are no feeds in the language.
    #[must_use]
    pub fn split_name<'n>(&self, stem: &'n str) -> Option<(&'n str, &ZolaLanguage)> {
        let Some((name, code)) = stem.split_once('.') else { return Some((stem, &self.default)) };
        if let Some(language) = self.others.iter().find(|language| language.code == code) {
            return Some((name, language));
        }
        (!self.left_out.iter().any(|left_out| left_out == code)).then_some((stem, &self.default))
    }

    /// Whether nothing of a folder of the content is published.
    #[must_use]
    pub fn is_draft(&self, folder: &str) -> bool {
        let is_one = |folder: &str| self.drafts.binary_search_by(|draft| draft.as_str().cmp(folder)).is_ok();
        let mut above = folder.match_indices('/').filter_map(|(at, _)| folder.get(..at));
        is_one("") || is_one(folder) || above.any(is_one)
    }
}

impl ZolaLanguage {
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
