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
    /// The path of a feed below the page that it is of, such as `index.xml`.
    pub feed: String,
    /// The templates that make a part of a text.
    pub layouts: HugoLayouts,
}

/// A taxonomy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HugoTaxonomy {
    /// Its name in front matter, such as `categories`, in lower case.
    pub key: String,
    /// The folder of the pages of its terms.
    pub folder: String,
}

/// The templates of a site and its themes that make a part of a text, by name.
#[derive(Debug, Clone, Default)]
pub struct HugoLayouts {
    /// Shortcodes.
    pub shortcodes: BTreeMap<String, String>,
    /// Render hooks, such as `link`, `heading` and `codeblock-mermaid`.
    pub hooks: BTreeMap<String, String>,
    /// The partials that those call, without `.html`.
    pub partials: BTreeMap<String, String>,
    /// The texts of `i18n` by the code of their language, where a template asks for one.
    pub phrases: BTreeMap<String, BTreeMap<String, String>>,
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
    /// The taxonomy that is the categories.
    pub categories: Option<HugoTaxonomy>,
    /// The taxonomy that is the tags.
    pub tags: Option<HugoTaxonomy>,
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
    /// How Markdown is rendered.
    pub markdown: HugoMarkdown,
    /// What formulas stand between (`extensions.passthrough`).
    pub passthrough: Vec<HugoPassthrough>,
    /// Whether links in Markdown lead to the pages that they name by path or file (Hugo's embedded link render hook).
    pub resolves_links: bool,
    /// `params`, a map.
    pub params: Value,
    /// `data/authors` and `params.authors`: key to author.
    pub authors: BTreeMap<String, Author>,
    /// `staticDir`: folders below the site whose files are published as they are, those that win first.
    pub static_dirs: Vec<String>,
    /// `assetDir`.
    pub assets: String,
}

/// What `enableEmoji` and `markup.goldmark` say of Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of Hugo's")]
pub struct HugoMarkdown {
    /// Whether `:smile:` is an emoji.
    pub emoji: bool,
    /// Whether HTML in the text stands (`renderer.unsafe`), or is left out.
    pub raw_html: bool,
    /// Whether the ends of lines are line breaks (`renderer.hardWraps`).
    pub hard_wraps: bool,
    /// Whether quotes, dashes and dots become typographic (`extensions.typographer`).
    pub typographer: bool,
    /// Whether bare addresses become links (`extensions.linkify`).
    pub linkify: bool,
    /// Whether headings have ids by their texts (`parser.autoHeadingID`).
    pub heading_ids: bool,
    /// How those are made (`parser.autoHeadingIDType`).
    pub heading_style: HugoHeadingIds,
    /// Whether a picture that is alone stays in its paragraph (`parser.wrapStandAloneImageWithinParagraph`).
    pub wraps_pictures: bool,
    /// Whether `~~x~~` is struck through (`extensions.strikethrough`).
    pub strikethrough: bool,
    /// Whether `~x~` is a subscript (`extensions.extras.subscript`).
    pub subscript: bool,
    /// Whether `^x^` is a superscript (`extensions.extras.superscript`).
    pub superscript: bool,
    /// Whether `==x==` is marked (`extensions.extras.mark`).
    pub marked: bool,
    /// Whether `++x++` is inserted (`extensions.extras.insert`).
    pub inserted: bool,
    /// Whether a line such as `{.class}` is about the block before it (`parser.attribute.block`).
    pub block_attributes: bool,
}

/// What a formula, which Markdown leaves as it is, stands between.
#[derive(Debug, Clone)]
pub struct HugoPassthrough {
    /// What begins it.
    pub open: String,
    /// What ends it.
    pub close: String,
    /// Whether it is a block of its own.
    pub is_block: bool,
}

/// How Hugo makes ids of headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HugoHeadingIds {
    /// As GitHub does.
    #[default]
    GitHub,
    /// As GitHub does, without accents and other letters than those of ASCII.
    Ascii,
    /// As Blackfriday did.
    Blackfriday,
}

impl Default for HugoMarkdown {
    fn default() -> Self {
        Self {
            emoji: false,
            raw_html: false,
            hard_wraps: false,
            typographer: true,
            linkify: true,
            heading_ids: true,
            heading_style: HugoHeadingIds::default(),
            wraps_pictures: true,
            strikethrough: true,
            subscript: false,
            superscript: false,
            marked: false,
            inserted: false,
            block_attributes: false,
        }
    }
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
