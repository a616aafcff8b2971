//! What a Hugo site says about its posts, with nothing left undecided.

use std::collections::BTreeMap;

use globset::GlobMatcher;

use crate::model::{Author, Value};

/// What a Hugo site's configuration and the pages of its sections say about its posts. All keys are in lower case.
#[derive(Debug, Clone)]
pub struct HugoSite {
    /// `contentDir` of the default language, below the site, without slashes at its ends.
    pub content: String,
    /// The default language, in lower case: only its pages are read.
    pub language: String,
    /// The languages that are configured beside it: `x.zh.md` is a page of one.
    pub other_languages: Vec<String>,
    /// Folders below `content` that hold other languages.
    pub other_contents: Vec<String>,
    /// What every page's path begins with, such as `en/` (`defaultContentLanguageInSubdir`); empty for nothing.
    pub prefix: String,
    /// The sections whose dated pages are the posts; an empty name stands for pages in no section.
    pub main_sections: Vec<String>,
    /// The folders below `content` with a page of their own (`_index.md`), sorted.
    pub sections: Vec<HugoSection>,
    /// `cascade` of the configuration.
    pub cascade: Vec<HugoCascade>,
    /// Leaf bundles that hold more files than their `index.md`: those are no pages. Below `content`, sorted.
    pub bundles: Vec<String>,
    /// `permalinks`, in the order in which they are tried.
    pub permalinks: Vec<HugoPermalink>,
    /// `frontmatter`.
    pub dates: HugoDates,
    /// The names of the taxonomies in front matter, such as `categories`.
    pub taxonomies: Vec<String>,
    /// Whether pages end in `.html`, not in a slash.
    pub ugly_urls: HugoUgly,
    /// Whether paths are in lower case (`disablePathToLower` is not set).
    pub lowercase: bool,
    /// Whether pages stay after their `expiryDate`.
    pub expired: bool,
    /// How many words an automatic summary has at least.
    pub summary_length: usize,
    /// Whether words of Chinese, Japanese and Korean count by their letters there.
    pub has_cjk: bool,
    /// Whether HTML in Markdown stands (`markup.goldmark.renderer.unsafe`).
    pub raw_html: bool,
    /// `params`, a map.
    pub params: Value,
    /// `data/authors` and `params.authors`: key to author.
    pub authors: BTreeMap<String, Author>,
    /// `staticDir`: folders below the site whose files are published as they are, those that win first.
    pub static_dirs: Vec<String>,
    /// `assetDir`.
    pub assets: String,
}

/// A folder with a page of its own.
#[derive(Debug, Clone)]
pub struct HugoSection {
    /// Below the content folder; empty for the home page.
    pub folder: String,
    /// Its slug.
    pub slug: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// What it gives the pages below.
    pub cascade: Vec<HugoCascade>,
}

/// Values for pages that do not have them.
#[derive(Debug, Clone)]
pub struct HugoCascade {
    /// The pages that it is for, by their path such as `/posts/x`; `None` for all.
    pub path: Option<GlobMatcher>,
    /// A map.
    pub values: Value,
}

/// Where the pages of a section are.
#[derive(Debug, Clone)]
pub struct HugoPermalink {
    /// Whether it is for the pages of terms, not for posts.
    pub for_terms: bool,
    /// The pages that it is for, by their path.
    pub path: GlobMatcher,
    /// Such as `/:year/:slug/`.
    pub pattern: String,
}

/// Which pages end in `.html`.
#[derive(Debug, Clone)]
pub enum HugoUgly {
    /// All or none.
    Site(bool),
    /// Those of these sections.
    Sections(Vec<String>),
}

/// The front matter that dates are taken from, in lower case: the first that is there counts. `:filename` is the file's name.
#[derive(Debug, Clone)]
pub struct HugoDates {
    /// The date.
    pub date: Vec<String>,
    /// The last change.
    pub lastmod: Vec<String>,
    /// When it is shown from.
    pub publish: Vec<String>,
    /// When it is no longer shown.
    pub expiry: Vec<String>,
}
