//! The paths of feeds: templates, and the layouts of other generators.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::template::check_template;
use super::{HugoSite, HugoTaxonomy, ZolaLanguage, ZolaSite, ZolaTaxonomy};
use crate::model::{Format, Language, Slug, Slugify};

/// Where feeds are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// In the default language, and in each that has none of its own.
    pub paths: Paths,
    /// In further languages, where those may be others.
    pub own_paths: BTreeMap<Language, Paths>,
    /// The folder that all feeds of the default language lie in, with a slash at its end; mostly empty.
    pub default_folder: String,
    /// Those of each further language: the language's own stands behind this.
    pub language_folder: &'static str,
    /// Whose rules the names, titles and links of feeds follow.
    pub rules: Rules,
}

/// Path templates of each kind of feed, below the folder of a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The feed of all posts.
    pub all: PathTemplate,
    /// A category's.
    pub category: PathTemplate,
    /// A tag's.
    pub tag: PathTemplate,
    /// An author's.
    pub author: PathTemplate,
}

/// Whose rules the names, titles and links of feeds follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rules {
    /// Ours: a slug for a label, the site's own page of a category.
    Ours,
    /// jekyll-feed's: the label as it stands, case apart, and no page.
    JekyllFeed,
    /// Zola's: a slug by its rule, labels with one slug are one.
    Zola(Slugify),
}

/// Which of several posts with one date stands first in a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ties {
    /// The one with the greatest rank, without ranks the one with the last path, as on the pages of Jekyll's sites.
    LastPath,
    /// The one with the first path.
    FirstPath,
}

impl Rules {
    /// jekyll-feed sorts what the site has by date and turns that round, so that posts of one date stand in the order of paths.
    #[must_use]
    pub fn ties(self) -> Ties {
        match self {
            Self::Ours | Self::Zola(_) => Ties::LastPath,
            Self::JekyllFeed => Ties::FirstPath,
        }
    }

    /// The title of the feed of a label.
    #[must_use]
    pub fn titled(self, name: &str, site: &str) -> String {
        match self {
            Self::Zola(_) => format!("{site} - {name}"),
            // The label first, as it is what tells a reader's subscriptions to one site apart.
            Self::Ours | Self::JekyllFeed => format!("{name} | {site}"),
        }
    }

    /// What stands for a label in a path.
    #[must_use]
    pub fn name(self, label: &str) -> Cow<'_, str> {
        // What could meet our slugs, leave the folder or be hidden has a slug here, too.
        let stands = || !label.starts_with('.') && !label.contains(['/', '~', '\\']) && label.len() <= 200;
        match self {
            Self::JekyllFeed if stands() => label.into(),
            Self::Zola(rule) if stands() && !rule.path(label).is_empty() => rule.path(label).into(),
            _ => Slug::new(label).as_str().to_owned().into(),
        }
    }
}

/// Where one kind of feed is, below the output folder: a template a format, in which `{slug}` alone is left open.
///
/// A path is relative, has no `.` or `..` or empty segment, and differs between formats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathTemplate {
    rss: String,
    atom: String,
    json: String,
    html: String,
}

impl PathTemplate {
    /// The path in a format, with `slug` for `{slug}` (unused where the template has none).
    #[must_use]
    pub fn fill(&self, format: Format, slug: &str) -> String {
        self.template(format).replace("{slug}", slug)
    }

    /// The path of the page for people that shows such a feed, with `slug` for `{slug}`.
    #[must_use]
    pub fn fill_page(&self, slug: &str) -> String {
        self.html.replace("{slug}", slug)
    }

    /// The template of that page.
    #[must_use]
    pub fn page(&self) -> &str {
        &self.html
    }

    /// The template of a format.
    #[must_use]
    pub fn template(&self, format: Format) -> &str {
        match format {
            Format::Rss => &self.rss,
            Format::Atom => &self.atom,
            Format::Json => &self.json,
        }
    }

    /// A path a format, as it stands; JSON lies beside Atom, as `feed.json` or by its name, and so does the page, which is never
    /// an `index.html`: that would be the site's.
    pub(super) fn fixed(rss: &str, atom: &str) -> Self {
        let (folder, name) = atom.rsplit_once('/').map_or(("", atom), |(folder, name)| (folder, name));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let stem = if stem == "atom" { "feed" } else { stem };
        let slash = if folder.is_empty() { "" } else { "/" };
        let page = if stem == "index" { "feed" } else { stem };
        Self {
            rss: rss.to_owned(),
            atom: atom.to_owned(),
            json: format!("{folder}{slash}{stem}.json"),
            html: format!("{folder}{slash}{page}.html"),
        }
    }

    /// WordPress's, below a folder with a slash at its end.
    fn wordpress(folder: &str) -> Self {
        Self {
            rss: format!("{folder}feed/index.xml"),
            atom: format!("{folder}feed/atom/index.xml"),
            json: format!("{folder}feed/json/index.json"),
            html: format!("{folder}feed/feed.html"),
        }
    }

    /// One template for all formats: `{format}` is the format's name, `{ext}` its file name extension. The usual
    /// `{format}.xml` is `feed.json` for JSON, and `feed.html` for the page.
    fn from_template(template: &str) -> Self {
        let fill = |format: Format, ext| template.replace("{format}", format.name()).replace("{ext}", ext);
        let json = template.replace("{format}.xml", "feed.json");
        let html = template.replace("{format}.xml", "feed.html").replace("{format}", "html").replace("{ext}", "html");
        let (folder, name) = html.rfind('/').map_or(("", html.as_str()), |at| html.split_at(at + 1));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        Self {
            rss: fill(Format::Rss, "xml"),
            atom: fill(Format::Atom, "xml"),
            json: json.replace("{format}", Format::Json.name()).replace("{ext}", "json"),
            html: format!("{folder}{stem}.html"),
        }
    }

    /// A template that was written by a user, checked.
    pub(super) fn parse(template: &str, needs_slug: bool, formats: &[Format]) -> Result<Self, String> {
        check_template(template, needs_slug)?;
        let path = Self::from_template(template);
        let mut pairs =
            formats.iter().enumerate().flat_map(|(n, one)| formats.iter().skip(n + 1).map(move |two| (one, two)));
        match pairs.find(|(one, two)| path.template(**one) == path.template(**two)) {
            Some((one, two)) => {
                Err(format!("is the same path for {} and {}; put `{{format}}` in it", one.name(), two.name()))
            }
            None => Ok(path),
        }
    }
}

/// What is no category lies under a first segment that no slug can be.
const LANGUAGES: &str = "_lang/";

impl Layout {
    /// The folder of the feeds of a language, with a slash at its end; empty for the output itself.
    #[must_use]
    pub fn folder(&self, language: Option<&Language>) -> String {
        match language {
            None => self.default_folder.clone(),
            Some(language) => format!("{}{language}/", self.language_folder),
        }
    }

    /// The paths of the feeds in a language below that folder.
    #[must_use]
    pub fn paths_in(&self, language: Option<&Language>) -> &Paths {
        language.and_then(|language| self.own_paths.get(language)).unwrap_or(&self.paths)
    }

    /// Those of all languages.
    pub(super) fn every_paths(&self) -> impl Iterator<Item = &Paths> {
        std::iter::once(&self.paths).chain(self.own_paths.values())
    }

    /// Those of all languages, to be changed.
    pub(super) fn every_paths_mut(&mut self) -> impl Iterator<Item = &mut Paths> {
        std::iter::once(&mut self.paths).chain(self.own_paths.values_mut())
    }

    /// The layout of this name, `default` for any other. `own` is what the site's configuration says of its feeds.
    ///
    /// Where a generator has only one of our formats, the other lies beside it: `rss.xml` or `atom.xml`.
    pub(super) fn named(name: &str, own: &OwnPaths<'_>) -> Self {
        let others = own.zola.map(|site| site.others.as_slice()).filter(|_| name == "zola").unwrap_or_default();
        let own_paths = |other: &ZolaLanguage| Some((other.language.clone()?, Paths::of_zola(Some(other))));
        Self {
            paths: Paths::named(name, own),
            own_paths: others.iter().filter_map(own_paths).collect(),
            default_folder: own.folder.filter(|_| name == "hugo").unwrap_or_default().to_owned(),
            language_folder: if matches!(name, "hugo" | "zola" | "jekyll-feed") { "" } else { LANGUAGES },
            rules: match name {
                "jekyll-feed" => Rules::JekyllFeed,
                "zola" => Rules::Zola(own.zola.map_or(Slugify::On, |site| site.terms)),
                _ => Rules::Ours,
            },
        }
    }
}

impl Paths {
    fn named(name: &str, own: &OwnPaths<'_>) -> Self {
        let one = PathTemplate::from_template;
        let two = PathTemplate::fixed;
        match name {
            "jekyll-feed" => Self {
                all: two("rss.xml", own.all.unwrap_or("feed.xml")),
                category: two("rss/{slug}.xml", "feed/{slug}.xml"),
                tag: two("rss/by_tag/{slug}.xml", &format!("{}{{slug}}.xml", own.tags.unwrap_or("feed/by_tag/"))),
                author: two("rss/by_author/{slug}.xml", "feed/by_author/{slug}.xml"),
            },
            "hugo" => Self::of_hugo(own.hugo),
            "zola" => Self::of_zola(own.zola.map(|site| &site.default)),
            "wordpress" => Self {
                all: PathTemplate::wordpress(""),
                category: PathTemplate::wordpress("category/{slug}/"),
                tag: PathTemplate::wordpress("tag/{slug}/"),
                author: PathTemplate::wordpress("author/{slug}/"),
            },
            _ => Self {
                all: one("{format}.xml"),
                category: one("{slug}/{format}.xml"),
                tag: one("_tag/{slug}/{format}.xml"),
                author: one("_author/{slug}/{format}.xml"),
            },
        }
    }

    /// Hugo's, by the name of its feeds and its taxonomies.
    fn of_hugo(site: Option<&HugoSite>) -> Self {
        let stands = |name: &&str| !name.contains(['{', '}']) && check_template(name, false).is_ok();
        let rss = site.map(|site| site.feed.as_str()).filter(stands).unwrap_or("index.xml");
        let atom = if rss == "atom.xml" { "feed.atom" } else { "atom.xml" };
        let folder = |taxonomy: Option<&HugoTaxonomy>, usual: &str| {
            let folder = taxonomy.map(|taxonomy| taxonomy.folder.as_str()).filter(|folder| !folder.is_empty());
            let folder = folder.filter(stands).unwrap_or(usual);
            PathTemplate::fixed(&format!("{folder}/{{slug}}/{rss}"), &format!("{folder}/{{slug}}/{atom}"))
        };
        let default = site.map(|site| &site.default);
        let category = folder(default.and_then(|own| own.categories.as_ref()), "categories");
        let tag = folder(default.and_then(|own| own.tags.as_ref()), "tags");
        let tag = if tag == category { folder(None, "tags") } else { tag };
        Self { all: PathTemplate::fixed(rss, atom), category, tag, author: folder(None, "authors") }
    }

    /// Zola's, by the names of its feeds and taxonomies in a language.
    fn of_zola(site: Option<&ZolaLanguage>) -> Self {
        let stands = |name: &&str| !name.contains(['{', '}']) && check_template(name, false).is_ok();
        let own = |name: Option<&String>| name.map(String::as_str).filter(stands).map(str::to_owned);
        let (rss, atom) =
            site.map_or((None, None), |site| (own(site.feeds.rss.as_ref()), own(site.feeds.atom.as_ref())));
        let beside = |name: Option<&String>, usual: &str, other: &str| {
            if name.is_some_and(|name| name == usual) { other.to_owned() } else { usual.to_owned() }
        };
        let rss_name = rss.clone().unwrap_or_else(|| beside(atom.as_ref(), "rss.xml", "feed.rss"));
        let atom_name = atom.unwrap_or_else(|| beside(rss.as_ref(), "atom.xml", "feed.atom"));
        let below = |folder: &str| {
            PathTemplate::fixed(&format!("{folder}/{{slug}}/{rss_name}"), &format!("{folder}/{{slug}}/{atom_name}"))
        };
        let of_terms = |names: &[&str], usual: &str| {
            let taxonomy = site.and_then(|site| site.taxonomy(names));
            let path = taxonomy.map(|taxonomy| taxonomy.path.as_str()).filter(stands);
            below(path.unwrap_or(usual))
        };
        Self {
            all: PathTemplate::fixed(&rss_name, &atom_name),
            category: of_terms(&ZolaTaxonomy::CATEGORIES, "categories"),
            tag: of_terms(&ZolaTaxonomy::TAGS, "tags"),
            author: of_terms(&["authors"], "authors"),
        }
    }

    /// Its kinds, each with what it is called and its key.
    pub(super) fn kinds(&self) -> [(&'static str, &'static str, &PathTemplate); 4] {
        [
            ("the feed of all posts", "output.layout.all", &self.all),
            ("a category's feed", "output.layout.category", &self.category),
            ("a tag's feed", "output.layout.tag", &self.tag),
            ("an author's feed", "output.layout.author", &self.author),
        ]
    }
}

/// As Ruby's `capitalize`: the first letter large, all others small.
#[must_use]
pub fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.flat_map(char::to_lowercase)).collect()
}

/// Paths that the site's own configuration gives its feeds, relative to its address.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct OwnPaths<'a> {
    /// Of all posts.
    pub(super) all: Option<&'a str>,
    /// What the label of a tag stands behind.
    pub(super) tags: Option<&'a str>,
    /// Of a Hugo site.
    pub(super) hugo: Option<&'a HugoSite>,
    /// Of a Zola site.
    pub(super) zola: Option<&'a ZolaSite>,
    /// The folder of its default language, with a slash at its end.
    pub(super) folder: Option<&'a str>,
}
