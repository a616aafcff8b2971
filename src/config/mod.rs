//! A validated configuration: nothing left undecided, nothing that can fail later.

mod aliases;
mod archive;
mod custom;
mod error;
mod findings;
mod fingerprint;
mod hugo;
mod init;
mod jekyll;
mod keys;
mod language;
mod layout;
mod load;
mod log;
mod paths;
mod reader;
mod reshape;
mod resolve;
mod selector;
mod server;
mod settings;
mod site;
mod template;
#[cfg(test)]
mod tests;
mod units;
mod websub;
mod zola;
mod zone;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use globset::GlobSet;

use crate::model::{Author, Diagnostic, FeedPath, Folding, Format, Label, Language, Pins, WebUrl};

pub use aliases::Aliases;
pub use archive::Archive;
pub use custom::{CustomFeed, Selection, Spread};
pub use error::ConfigError;
pub use hugo::{
    HugoCascade, HugoDates, HugoHeadingIds, HugoLanguage, HugoLayouts, HugoMarkdown, HugoPassthrough, HugoPermalink,
    HugoSection, HugoSite, HugoTaxonomy, HugoUgly,
};
pub use init::init_text;
pub use jekyll::{Collection, FrontMatterDefault, JekyllSite, Polyglot, Templates};
pub use keys::{Fallback, KEYS, Key, Kind, markdown_table};
pub use language::language_tag;
pub use layout::{Layout, PathTemplate, Paths, Rules, Ties, capitalized};
pub use load::{Overrides, load};
pub use log::{LogFormat, LogLevel};
pub use selector::CssSelector;
pub use server::{ADMIN, Address, Network, Peer, Server};
pub use websub::{Hub, Signature, WebSub};
pub use zola::{ZolaAnchors, ZolaFeeds, ZolaLanguage, ZolaMarkdown, ZolaSection, ZolaSite, ZolaTaxonomy};
pub use zone::Zone;

/// Everything that a run needs to know beside the posts and the clock.
#[derive(Debug, Clone)]
pub struct Config {
    /// What feeds say of the site.
    pub site: Site,
    /// What feeds in each further language say of it: one set of feeds a language.
    pub languages: BTreeMap<Language, Site>,
    /// Which files are posts, and how they are read.
    pub source: Source,
    /// Where feeds go, and under which addresses.
    pub output: Output,
    /// How much of a post is in a feed.
    pub content: Content,
    /// Front matter keys that hold an item's id, after `feed_id`.
    pub identity_keys: Vec<String>,
    /// The ids that posts keep.
    pub identity: Identity,
    /// What makes a category.
    pub categories: Categories,
    /// The feeds of one's own: `[[feed]]`, in the order of the file.
    pub feeds: Vec<CustomFeed>,
    /// Where the catalog, the lock and the socket are.
    pub state: PathBuf,
    /// How many threads read and write posts; at least 1.
    pub threads: usize,
    /// How feeds are served by HTTP.
    pub server: Server,
    /// Who is told of changed feeds.
    pub websub: WebSub,
    /// How `run` logs.
    pub log: LogFormat,
    /// The least that `run` logs.
    pub log_level: LogLevel,
    /// The configuration files that were read, or would have been if they were there; `run` watches them. Absolute.
    pub files: Vec<PathBuf>,
    /// Folders below the site all of whose files count as configuration files; they need not be there. Absolute.
    pub folders: Vec<PathBuf>,
    /// Changes when anything does that can change a feed: a catalog filled under another one is of no use.
    pub fingerprint: String,
    /// What its owner should know and need not act on, such as a zone that had to be guessed.
    pub notes: Vec<String>,
    /// What is wrong with what is stated of the site, or not stated: the file, absolute, and the finding about it.
    pub findings: Vec<(PathBuf, Diagnostic)>,
}

/// What feeds say of the site.
#[derive(Debug, Clone)]
pub struct Site {
    /// The address of its root with the base path; the path ends in `/`.
    pub url: WebUrl,
    /// Its home page: `url`, or below it where the pages of a language have a folder.
    pub home: WebUrl,
    /// Plain text, never empty.
    pub title: String,
    /// Plain text.
    pub description: Option<String>,
    /// A BCP 47 tag.
    pub language: Option<String>,
    /// The zone of dates without an offset.
    pub zone: Zone,
    /// Whether dates are shown in `zone` (the site states one) or in the post's own offset.
    pub show_zone: bool,
    /// Who stands for posts that name nobody.
    pub author: Option<Author>,
    /// A small square picture.
    pub icon: Option<WebUrl>,
    /// A larger picture.
    pub logo: Option<WebUrl>,
    /// Copyright line.
    pub rights: Option<String>,
    /// WebSub hubs to announce, ours too.
    pub hubs: Vec<WebUrl>,
}

/// Which files are posts, and how they are read.
#[derive(Debug, Clone)]
pub struct Source {
    /// The site's root, absolute.
    pub root: PathBuf,
    /// The folders below the root that hold no inputs: the output, the state and built pages, where they lie there.
    pub skip: Vec<PathBuf>,
    /// How the site's generator reads posts.
    pub dialect: Dialect,
    /// Files below the root that are no posts.
    pub exclude: GlobSet,
    /// Whether posts with a future date are shown at once.
    pub future: bool,
    /// Whether drafts are shown.
    pub drafts: bool,
    /// Which symbolic links are followed.
    pub follow_symlinks: FollowSymlinks,
    /// To look at everything this often instead of watching.
    pub poll: Option<Duration>,
}

/// How the site's generator reads posts, with what its own configuration says.
#[derive(Debug, Clone)]
pub enum Dialect {
    /// Jekyll.
    Jekyll(Box<JekyllSite>),
    /// Hugo.
    Hugo(Box<HugoSite>),
    /// Zola.
    Zola(Box<ZolaSite>),
    /// Any tree of Markdown, HTML or text files.
    Plain {
        /// Template of links, such as `:year/:month/:slug/`, relative to the site's address.
        permalink: String,
        /// `authors.*`: key to author.
        authors: BTreeMap<String, Author>,
    },
}

impl Dialect {
    /// `jekyll`, `hugo`, `zola` or `plain`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Jekyll(_) => "jekyll",
            Self::Hugo(_) => "hugo",
            Self::Zola(_) => "zola",
            Self::Plain { .. } => "plain",
        }
    }
}

/// Which symbolic links are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowSymlinks {
    /// None.
    Never,
    /// Those whose target lies below the site's root.
    Inside,
    /// All.
    All,
}

/// Where feeds go, and under which addresses.
#[derive(Debug, Clone)]
pub struct Output {
    /// The folder, absolute.
    pub dir: PathBuf,
    /// The public address of that folder; its path ends in `/`.
    pub feeds_url: WebUrl,
    /// At least one.
    pub formats: Vec<Format>,
    /// Paths of feeds below the folder.
    pub layout: Layout,
    /// Where the history of feeds lies, if it is written.
    pub archive: Option<Archive>,
    /// Whether `feeds.opml` lists all feeds.
    pub opml: bool,
    /// Where the page for people lies that lists all feeds; each feed has one, too. `None`: there are no such pages.
    pub html: Option<FeedPath>,
    /// Old paths of feeds that are kept.
    pub aliases: Aliases,
    /// Permissions of feeds; `None`: 0666 less the umask.
    pub mode: Option<u32>,
}

/// How much of a post is in a feed.
#[derive(Debug, Clone)]
pub struct Content {
    /// What of the body.
    pub mode: ContentMode,
    /// How many items, at least 1.
    pub limit: usize,
    /// How many bytes the largest format of a feed may have.
    pub max_size: u64,
    /// Whether an `<iframe>` stays instead of becoming a link.
    pub keep_iframes: bool,
    /// Whether the first picture of its text stands for a post that names none.
    pub first_picture: bool,
    /// Where the whole text of a post is taken from; `None`: from its source.
    pub pages: Option<Pages>,
}

/// The pages that the site's generator has built, and what of a page is the post's text.
#[derive(Debug, Clone)]
pub struct Pages {
    /// Their folder, absolute. It need not exist.
    pub folder: PathBuf,
    /// What is taken; `None`: the first of a list of what marks an article.
    pub select: Option<CssSelector>,
    /// What of it is left out.
    pub remove: Option<CssSelector>,
}

/// The ids that posts keep: `ids.tsv`.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The file, absolute; it need not be there.
    pub file: PathBuf,
    /// The same as its user would write it.
    pub shown: String,
    /// Its rows.
    pub pins: Arc<Pins>,
    /// What is wrong with it, each with its line.
    pub faults: Vec<Diagnostic>,
}

impl Identity {
    /// What is wrong with the file, each in a line.
    pub fn told(&self) -> impl Iterator<Item = String> {
        self.faults.iter().map(|fault| {
            let line = fault.line.map(|line| format!("{line}:")).unwrap_or_default();
            format!("{}:{line} {}", self.shown, fault.message)
        })
    }
}

/// What of a post's body is in a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContentMode {
    /// All of it.
    Full,
    /// The excerpt, as content.
    Excerpt,
    /// None; the summary stays.
    None,
}

/// What makes a category.
#[derive(Debug, Clone)]
pub struct Categories {
    /// Whether case matters.
    pub folding: Folding,
    /// How a string of labels splits.
    pub split: Split,
    /// Whether each tag has its feeds.
    pub tags: bool,
    /// Whether each author has feeds.
    pub authors: bool,
    /// Folded labels whose feeds are there also without posts.
    pub standing: Vec<String>,
    /// `[categories.label."…"]`, by the folded label.
    pub labels: BTreeMap<String, LabelSettings>,
}

/// How a string of labels splits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// As the site's generator does.
    Dialect,
    /// At commas.
    Comma,
    /// Not at all.
    None,
}

/// What the configuration says about one category.
#[derive(Debug, Clone, Default)]
pub struct LabelSettings {
    /// The feed's title.
    pub title: Option<String>,
    /// The feed's home page: a URL, or a path for [`Site::absolute`].
    pub url: Option<String>,
}

impl Config {
    /// The file that says what feeds say of the site: ours, else the site's own; `None` where there is neither.
    #[must_use]
    pub fn stating_file(&self) -> Option<&PathBuf> {
        self.files.iter().filter(|file| **file != self.identity.file).find(|file| file.is_file())
    }

    /// What feeds in a language say of the site; `None` is its default one, as is one that it does not have.
    #[must_use]
    pub fn site_in(&self, language: Option<&Language>) -> &Site {
        language.and_then(|language| self.languages.get(language)).unwrap_or(&self.site)
    }
}

impl Site {
    /// A URL as it stands, or a path on the site with or without a leading `/`, as Jekyll's `absolute_url` has it.
    ///
    /// `None` when that is no `http` or `https` URL.
    #[must_use]
    pub fn absolute(&self, reference: &str) -> Option<WebUrl> {
        site::address::on_site(&self.url, reference)
    }
}

impl Categories {
    /// What two spellings of one label have in common.
    #[must_use]
    pub fn key(&self, label: &Label) -> String {
        label.key(self.folding)
    }
}
