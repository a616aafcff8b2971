//! What a Jekyll site's own configuration, data and includes say, as far as posts need it.

use std::collections::BTreeMap;
use std::sync::Arc;

use globset::GlobSet;

use crate::model::{Author, Language, Value};

/// What a Jekyll site's `_config.yml` and `_data` say about its posts.
#[derive(Debug, Clone)]
pub struct JekyllSite {
    /// The permalink template of posts; a built-in style is written out.
    pub permalink: String,
    /// `defaults:`, in the order of the file.
    pub defaults: Vec<FrontMatterDefault>,
    /// Whether `_drafts` are posts; what our own configuration says of drafts wins.
    pub show_drafts: bool,
    /// Whether `published: false` is ignored.
    pub unpublished: bool,
    /// What ends an excerpt; Jekyll's default is a blank line.
    pub excerpt_separator: String,
    /// How many posts the site has at most, the newest of them (`limit_posts:`).
    pub limit_posts: Option<usize>,
    /// Extensions of Markdown files, lower case, without the dot.
    pub markdown_ext: Vec<String>,
    /// `_data/authors.*`: key to author.
    pub authors: BTreeMap<String, Author>,
    /// The permalink template of jekyll-archives' category pages, such as `/category/:name/`.
    pub archive_permalink: Option<String>,
    /// `exclude:` and what Jekyll adds to it: paths below the site that are not read.
    pub exclude: GlobSet,
    /// `include:`, which wins over `exclude`: paths or names that are read although they begin with `.`, `_`, `#` or `~`.
    pub include: GlobSet,
    /// `collections_dir:`, the only folder in which `_posts` and `_drafts` are looked for; empty for the whole site.
    pub collections_dir: String,
    /// The collections that have feeds, beside the posts.
    pub collections: Vec<Collection>,
    /// Its languages, where jekyll-polyglot makes it in several.
    pub polyglot: Option<Polyglot>,
    /// What Liquid in posts may read.
    pub templates: Arc<Templates>,
}

/// The languages of a site that jekyll-polyglot makes.
#[derive(Debug, Clone)]
pub struct Polyglot {
    /// The one whose pages have no folder of their own.
    pub default: String,
    /// The others: pages in each lie in a folder of its name.
    pub others: Vec<Language>,
    /// Whether a folder of posts may say the language of those in it (`lang_from_path`).
    pub from_path: bool,
}

/// A collection of a Jekyll site.
#[derive(Debug, Clone)]
pub struct Collection {
    /// Its name: its documents lie in a folder of this name behind an underscore.
    pub name: String,
    /// The permalink template of its documents.
    pub permalink: String,
    /// The path of its feed, relative to the site.
    pub feed_path: String,
    /// The categories that have feeds of their own in it.
    pub categories: Vec<String>,
}

/// What the templates of a site may read beside the post.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    /// `site`: the whole configuration, and `_data` under `data`; a map.
    pub site: Value,
    /// `_includes/**`, by the path below it; and texts beside posts, by `./` and their path below the site.
    pub partials: BTreeMap<String, String>,
}

/// One entry of Jekyll's `defaults:`.
#[derive(Debug, Clone)]
pub struct FrontMatterDefault {
    /// The path prefix (or glob) it applies to, relative to `collections_dir`; empty for all.
    pub path: String,
    /// The type it applies to (`posts`, `drafts`, `pages`); `None` for all.
    pub kind: Option<String>,
    /// The values, always a map.
    pub values: Value,
}
