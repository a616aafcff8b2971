//! What the site's own configuration says, by the generator that it is written for.

pub(super) mod address;
mod authors;
pub(super) mod data;
mod hugo;
mod jekyll;
mod plain;
mod templates;
mod zola;

pub(super) use hugo::CONTENT as HUGO_CONTENT;

use std::path::{Path, PathBuf};

use super::error::{ConfigError, FileText, at_place};
use super::{ContentMode, HugoSite, JekyllSite, ZolaSite};
use crate::model::{Author, Language, WebUrl};

/// What a site says of itself; `None` where it says nothing.
#[derive(Debug)]
pub(super) struct Facts {
    /// Where its inputs are: the site's folder, or the one below it that its configuration names.
    pub(super) root: PathBuf,
    /// Those that a plain site knows by keys.
    pub(super) authors: authors::Authors,
    /// Of a Jekyll site.
    pub(super) jekyll: Option<Box<JekyllSite>>,
    /// Of a Hugo site.
    pub(super) hugo: Option<Box<HugoSite>>,
    /// Of a Zola site.
    pub(super) zola: Option<Box<ZolaSite>>,
    /// Its languages beside the default one.
    pub(super) languages: Vec<LanguageFacts>,
    /// The folder of the pages in its default language, with a slash at its end, where they have one.
    pub(super) language_folder: Option<String>,
    /// The folder that its generator writes that language to, with a slash at its end, where it has one.
    pub(super) feeds_folder: Option<String>,
    /// Its address, ours where one was given; else why there is none.
    pub(super) address: Result<WebUrl, String>,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) language: Option<String>,
    pub(super) timezone: Option<String>,
    pub(super) author: Option<Author>,
    pub(super) icon: Option<String>,
    pub(super) logo: Option<String>,
    pub(super) rights: Option<String>,
    pub(super) future: bool,
    pub(super) drafts: bool,
    pub(super) limit: Option<usize>,
    pub(super) mode: Option<ContentMode>,
    /// The path of its feed of all posts, relative to its address.
    pub(super) feed_path: Option<String>,
    /// The categories that it has feeds of.
    pub(super) category_feeds: Vec<String>,
    /// What the paths of its feeds by tag begin with; `None` where it has none.
    pub(super) tag_feeds: Option<String>,
    /// The folder that its generator writes to.
    pub(super) destination: Option<PathBuf>,
    /// Files that are no posts of it.
    pub(super) exclude: Vec<String>,
    /// What it reads although its name is special, as its configuration writes it.
    pub(super) include: Vec<String>,
    /// The files that said so, or would have if they were there.
    pub(super) files: Vec<PathBuf>,
    /// Folders whose files all said so, or would have.
    pub(super) folders: Vec<PathBuf>,
    pub(super) notes: Vec<String>,
}

/// What a site says of itself in one of its further languages; `None` where that is what it says anyway.
#[derive(Debug)]
pub(super) struct LanguageFacts {
    pub(super) language: Language,
    /// The address of its root, where it has one of its own.
    pub(super) url: Option<WebUrl>,
    /// The folder of its pages below the root, with a slash at its end; empty for the root.
    pub(super) folder: String,
    /// What is to become a language tag.
    pub(super) tag: String,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) author: Option<Author>,
    pub(super) rights: Option<String>,
}

/// Which generator a site is written for, and the file or folder that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Generator {
    Jekyll(&'static str),
    Hugo(&'static str),
    Zola(&'static str),
    Plain,
}

/// What is known before the site is read.
#[derive(Clone, Copy)]
pub(super) struct Lookup<'a> {
    /// The site's folder, absolute.
    pub(super) dir: &'a Path,
    /// The same as its user would write it.
    pub(super) shown: &'a str,
    /// The address that our own configuration gives.
    pub(super) address: Option<&'a WebUrl>,
}

/// The site's facts, read as the dialect that is named (`jekyll`, `hugo`, `zola`, `plain`), or as the one that is found (`auto`).
pub(super) fn read(lookup: Lookup<'_>, dialect: &str) -> Result<Facts, ConfigError> {
    let found = match dialect {
        "jekyll" => Generator::Jekyll(""),
        "hugo" => Generator::Hugo(""),
        "zola" => Generator::Zola(""),
        "plain" => Generator::Plain,
        _ => detect(lookup.dir),
    };
    match found {
        Generator::Jekyll(_) => jekyll::read(lookup),
        Generator::Plain => plain::read(lookup),
        Generator::Hugo(_) => hugo::read(lookup),
        Generator::Zola(_) => zola::read(lookup),
    }
}

/// Which generator a folder is written for.
///
/// A `_config.yml` or a `_posts` folder, also one level down, is Jekyll's. `hugo.*`, or `config.*` beside `content/`,
/// is Hugo's, but Zola's where it is TOML and has Zola's `base_url`.
pub(super) fn detect(dir: &Path) -> Generator {
    let has = |name: &&&str| dir.join(name).exists();
    if let Some(name) = jekyll::CONFIG_FILES.iter().find(has) {
        return Generator::Jekyll(name);
    }
    if has_posts_folder(dir) {
        return Generator::Jekyll("_posts");
    }
    if let Some(name) = ["zola.toml"].iter().find(has) {
        return Generator::Zola(name);
    }
    if let Some(name) = ["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"].iter().find(has) {
        return Generator::Hugo(name);
    }
    if !dir.join("content").is_dir() {
        return Generator::Plain;
    }
    if let Ok(Some(text)) = data::read(&dir.join("config.toml")) {
        let (table, _) = toml::de::DeTable::parse_recoverable(&text);
        let table = table.get_ref();
        if table.contains_key("base_url") {
            return Generator::Zola("config.toml");
        }
        // A `[source]` table makes it ours.
        if !table.contains_key("source") {
            return Generator::Hugo("config.toml");
        }
    }
    let hugo = ["config/_default", "config.yaml", "config.yml", "config.json"];
    hugo.iter().find(has).map_or(Generator::Plain, |name| Generator::Hugo(name))
}

fn has_posts_folder(dir: &Path) -> bool {
    if dir.join("_posts").is_dir() {
        return true;
    }
    let Ok(entries) = dir.read_dir() else { return false };
    entries.flatten().any(|entry| {
        let hidden = entry.file_name().to_string_lossy().starts_with(['.', '_']);
        !hidden && entry.path().join("_posts").is_dir()
    })
}

impl Facts {
    /// A site that says nothing.
    fn of(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
            authors: authors::Authors::new(),
            jekyll: None,
            hugo: None,
            zola: None,
            languages: Vec::new(),
            language_folder: None,
            feeds_folder: None,
            address: Err(String::new()),
            title: None,
            description: None,
            language: None,
            timezone: None,
            author: None,
            icon: None,
            logo: None,
            rights: None,
            future: false,
            drafts: false,
            limit: None,
            mode: None,
            feed_path: None,
            category_feeds: Vec::new(),
            tag_feeds: None,
            destination: None,
            exclude: Vec::new(),
            include: Vec::new(),
            files: Vec::new(),
            folders: Vec::new(),
            notes: Vec::new(),
        }
    }
}

impl Lookup<'_> {
    /// The site's address: ours, else `url` with the base path, else a `CNAME` file; else why there is none.
    ///
    /// A slash at the end of `url` stays, as in Jekyll's `absolute_url`: the site's addresses all have two there.
    fn address(
        self,
        url: Option<&str>,
        base_path: &str,
        files: &mut Vec<PathBuf>,
    ) -> Result<Result<WebUrl, String>, ConfigError> {
        let cname = self.dir.join("CNAME");
        files.push(cname.clone());
        if let Some(address) = self.address {
            return Ok(Ok(address.clone()));
        }
        let base_path = base_path.trim().trim_matches('/');
        if let Some(url) = url.map(str::trim).filter(|url| !url.is_empty()) {
            let whole = format!("{url}/{base_path}");
            return Ok(address::parse_base(&whole).map_err(|_| match address::parse_base(url) {
                Err(problem) => format!("its `url` cannot be used: {problem}"),
                Ok(_) => format!("its `baseurl` cannot be used: `{base_path}` is no path"),
            }));
        }
        let text = data::read(&cname).map_err(|fault| self.fault("CNAME", "", &fault))?;
        let host = text.as_deref().unwrap_or_default().lines().map(str::trim).find(|line| !line.is_empty());
        Ok(match host {
            Some(host) => address::parse_base(&format!("https://{host}/{base_path}"))
                .map_err(|_| format!("its CNAME holds no host name: `{host}`")),
            None => Err("it states none".to_owned()),
        })
    }

    /// The site's address: ours, else the one of this key, which is all of it, else a `CNAME` file's; else why there is none.
    fn base_address(
        self,
        key: &str,
        base: Option<&str>,
        files: &mut Vec<PathBuf>,
    ) -> Result<Result<WebUrl, String>, ConfigError> {
        let by_name = self.address(None, "", files)?;
        Ok(match base.filter(|_| self.address.is_none()) {
            None => by_name.map_err(|_| format!("it states no `{key}`")),
            Some(base) => address::parse_base(base)
                .or_else(|problem| by_name.map_err(|_| format!("its `{key}` cannot be used: {problem}"))),
        })
    }

    /// The error for a data file of the site that cannot be used.
    fn fault(self, name: &str, text: &str, fault: &data::Fault) -> ConfigError {
        let file = FileText { name: self.show(name), text: text.to_owned() };
        ConfigError::new(match fault.place {
            Some((line, column)) if line > 0 => at_place(&file, line, column.max(1), 1, &fault.message),
            _ => format!("{}: {}", file.name, fault.message),
        })
    }

    /// How a file with this path is shown to its user.
    fn show_path(self, path: &Path) -> String {
        self.show(&path.strip_prefix(self.dir).unwrap_or(path).to_string_lossy())
    }

    /// How a file of the site is shown to its user.
    fn show(self, name: &str) -> String {
        if self.shown == "." { name.to_owned() } else { format!("{}/{name}", self.shown.trim_end_matches('/')) }
    }
}
