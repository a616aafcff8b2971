//! What a Hugo site says about its posts, with nothing left undecided.

use std::collections::BTreeMap;

use globset::GlobMatcher;

use crate::model::{Author, Language, Value};

/// What a Hugo site's configuration and the pages of its sections say about its posts.
#[derive(Debug, Clone)]
pub struct HugoSite {
    /// Its default language.
    pub default: HugoLanguage,
    /// The others, by their weight.
    pub others: Vec<HugoLanguage>,
    /// The codes of languages that are not built, in lower case: `x.fr.md` is a page of no other.
    pub disabled: Vec<String>,
    /// Leaf bundles that hold more files than their `index.md`, in any language: those are no pages. Below the content,
    /// sorted.
    pub bundles: Vec<String>,
    /// The templates of its own shortcodes and those of its themes, by name.
    pub shortcodes: BTreeMap<String, String>,
}

/// What it says about its posts in one language. All keys are in lower case.
#[derive(Debug, Clone)]
pub struct HugoLanguage {
    /// `None` for the default one.
    pub language: Option<Language>,
    /// As the names of files have it, in lower case: `x.zh.md`.
    pub code: String,
    /// `contentDir`, below the site, without slashes at its ends; several languages may have one.
    pub content: String,
    /// What every page's path begins with, such as `zh/`; empty for nothing.
    pub prefix: String,
    /// The sections whose dated pages are the posts; an empty name stands for pages in no section.
    pub main_sections: Vec<String>,
    /// Whether that is the section with most pages, and not what the configuration says.
    pub finds_main: bool,
    /// The folders below `content` with a page of their own (`_index.md`), sorted.
    pub sections: Vec<HugoSection>,
    /// `cascade` of the configuration.
    pub cascade: Vec<HugoCascade>,
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
    /// Whether letters in paths are without accents (`removePathAccents`).
    pub removes_accents: bool,
    /// Whether pages stay after their `expiryDate`.
    pub expired: bool,
    /// How many words an automatic summary has at least.
    pub summary_length: usize,
    /// Whether words of Chinese, Japanese and Korean count by their letters there.
    pub has_cjk: bool,
    /// Whether HTML in Markdown stands (`markup.goldmark.renderer.unsafe`).
    pub raw_html: bool,
    /// Whether links in Markdown lead to the pages that they name by path or file (Hugo's embedded link render hook).
    pub resolves_links: bool,
    /// Whether `:smile:` is an emoji (`enableEmoji`).
    pub emoji: bool,
    /// `params`, a map.
    pub params: Value,
    /// `data/authors` and `params.authors`: key to author.
    pub authors: BTreeMap<String, Author>,
    /// `staticDir`: folders below the site whose files are published as they are, those that win first.
    pub static_dirs: Vec<String>,
    /// `assetDir`.
    pub assets: String,
}

impl HugoSite {
    /// Every language, the default one first.
    pub fn languages(&self) -> impl Iterator<Item = &HugoLanguage> {
        std::iter::once(&self.default).chain(&self.others)
    }

    /// What it says in a language; `None` is the default one, as is one that it does not have.
    #[must_use]
    pub fn in_language(&self, language: Option<&Language>) -> &HugoLanguage {
        let own = language.and_then(|_| self.others.iter().find(|own| own.language.as_ref() == language));
        own.unwrap_or(&self.default)
    }

    /// The language whose content a file lies in, and its path there: of folders within each other the innermost counts.
    #[must_use]
    pub fn content_of<'p>(&self, path: &'p str) -> Option<(&HugoLanguage, &'p str)> {
        let below = |language: &HugoLanguage| path.strip_prefix(language.content.as_str())?.strip_prefix('/');
        let holding = self.languages().filter_map(|language| Some((language, below(language)?)));
        holding.min_by_key(|(_, below)| below.len())
    }

    /// A name without extension in parts: what is before the code of a language, and that language. A name without one is
    /// of the language `otherwise`; `None` when the language is not built.
    #[must_use]
    pub fn split_name<'n, 's>(
        &'s self,
        stem: &'n str,
        otherwise: &'s HugoLanguage,
    ) -> Option<(&'n str, &'s HugoLanguage)> {
        let Some((name, code)) = stem.rsplit_once('.') else { return Some((stem, otherwise)) };
        if let Some(language) = self.languages().find(|language| language.code.eq_ignore_ascii_case(code)) {
            return Some((name, language));
        }
        let is_built = !self.disabled.iter().any(|disabled| disabled.eq_ignore_ascii_case(code));
        is_built.then_some((stem, otherwise))
    }
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
