//! A Jekyll site: `_config.yml` and `_data`, read as Jekyll 4.3 and jekyll-feed read them.

mod languages;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::authors::{self, Authors};
use super::{Facts, Lookup, address, data, templates};
use crate::config::{Collection, ConfigError, ContentMode, FrontMatterDefault, JekyllSite, Templates};
use crate::model::{Author, Value, WebUrl};

/// The names of its configuration; the first that is there is read (`Jekyll::Configuration#config_files`).
pub(super) const CONFIG_FILES: [&str; 3] = ["_config.yml", "_config.yaml", "_config.toml"];
/// What Jekyll excludes in addition to `exclude` (`DEFAULT_EXCLUDES`).
const EXCLUDED: [&str; 10] = [
    ".sass-cache",
    ".jekyll-cache",
    "gemfiles",
    "Gemfile",
    "Gemfile.lock",
    "node_modules",
    "vendor/bundle/",
    "vendor/cache/",
    "vendor/gems/",
    "vendor/ruby/",
];
const MARKDOWN_EXTENSIONS: &str = "markdown,mkdown,mkdn,mkd,md";

/// What a Jekyll site says of itself.
pub(super) fn read(lookup: Lookup<'_>) -> Result<Facts, ConfigError> {
    let mut facts = Facts::of(lookup.dir);
    facts.files.extend(CONFIG_FILES.map(|name| lookup.dir.join(name)));
    let config = read_config(lookup, &mut facts.notes)?;
    let text = |key: &str| config.get(key).and_then(text_of);

    facts.root = source_folder(lookup.dir, &config);
    let base_path = text("baseurl").unwrap_or_default();
    facts.address = lookup.address(text("url").as_deref(), &base_path, &mut facts.files)?;
    if facts.address.as_ref().is_ok_and(|address| address.url().path().starts_with("//")) {
        facts.notes.push("`url` ends in a slash, so that the site's addresses have two behind the host".to_owned());
    }
    note_markdown(&config, &mut facts.notes);
    let folder = config.get("data_dir").and_then(text_of).unwrap_or_else(|| "_data".to_owned());
    let mut authors = authors::read(lookup, folder.trim_matches('/'), &mut facts);

    let polyglot = languages::of(&config);
    let default = polyglot.as_ref().map(|polyglot| polyglot.default.clone());
    let of_default = |key: &str| default.as_ref().and_then(|code| languages::text_in(&config, key, code));
    facts.title = text("title").or_else(|| of_default("title")).or_else(|| text("name"));
    facts.description = text("description").or_else(|| of_default("description")).or_else(|| text("tagline"));
    facts.language = ["lang", "locale", "language"].iter().find_map(|key| text(key)).or_else(|| default.clone());
    facts.languages = polyglot.iter().flat_map(|polyglot| languages::facts(&config, polyglot)).collect();
    facts.timezone = text("timezone");
    facts.author = config.get("author").and_then(|value| site_author(value, &authors, facts.address.as_ref().ok()));
    facts.future = is_set(config.get("future"));
    facts.drafts = is_set(config.get("show_drafts"));
    facts.destination = text("destination").or(Some("_site".to_owned())).map(|folder| facts.root.join(folder));

    let feed = |key: &str| config.at(&["feed", key]);
    facts.icon = feed("icon").and_then(text_of);
    facts.logo = feed("logo").and_then(text_of);
    facts.feed_path = config.at(&["feed", "collections", "posts", "path"]).or(feed("path")).and_then(text_of);
    facts.category_feeds = strings(config.at(&["feed", "collections", "posts", "categories"]).or(feed("categories")));
    facts.tag_feeds = is_set(feed("tags")).then(|| {
        let path = config.at(&["feed", "tags", "path"]).and_then(text_of);
        path.unwrap_or_else(|| "feed/by_tag/".to_owned())
    });
    facts.limit = limit(feed("posts_limit"));
    facts.mode = is_set(feed("excerpt_only")).then_some(ContentMode::None);

    let include = strings(config.get("include"));
    let included: HashSet<String> = include.iter().cloned().collect();
    let excluded = strings(config.get("exclude")).into_iter().chain(EXCLUDED.map(str::to_owned));
    facts.exclude = excluded.filter(|pattern| !included.contains(pattern)).collect();
    facts.include = include.into_iter().chain([".htaccess".to_owned()]).collect();
    let mut globs = |texts: &[String]| {
        let patterns = patterns(texts.iter().cloned(), &mut facts.notes);
        glob_set(patterns, &mut facts.notes)
    };
    let (exclude, include) = (globs(&facts.exclude), globs(&facts.include));
    let templates = Arc::new(read_templates(lookup, &config, &mut facts));
    add_authors_of_folder(&templates.site, &facts, &mut authors);
    facts.jekyll = Some(Box::new(JekyllSite { exclude, include, ..jekyll_site(&config, authors, templates) }));
    Ok(facts)
}

/// The first of the configuration files that is there; an empty map when none is.
fn read_config(lookup: Lookup<'_>, notes: &mut Vec<String>) -> Result<Value, ConfigError> {
    for name in CONFIG_FILES {
        let path = lookup.dir.join(name);
        let Some(text) = data::read(&path).map_err(|fault| lookup.fault(name, "", &fault))? else { continue };
        let config = data::parse_ruby(&text, extension(&path)).map_err(|fault| lookup.fault(name, &text, &fault))?;
        return Ok(match config {
            Value::Map(_) => config,
            Value::Null => Value::Map(Vec::new()),
            _ => {
                notes.push(format!("{} is no map of keys and values: Jekyll's defaults are used", lookup.show(name)));
                Value::Map(Vec::new())
            }
        });
    }
    Ok(Value::Map(Vec::new()))
}

/// Another Markdown than the one that posts are rendered as.
fn note_markdown(config: &Value, notes: &mut Vec<String>) {
    let stated = [(&["markdown"][..], "kramdown"), (&["kramdown", "input"][..], "GFM")];
    for (path, ours) in stated {
        let other = config.at(path).and_then(text_of).filter(|text| !text.eq_ignore_ascii_case(ours));
        notes.extend(
            other.map(|text| format!("`{}: {text}` is not {ours}, as which posts are rendered", path.join("."))),
        );
    }
}

fn jekyll_site(config: &Value, authors: Authors, templates: Arc<Templates>) -> JekyllSite {
    let collections_dir =
        config.get("collections_dir").and_then(text_of).unwrap_or_default().trim_matches('/').to_owned();
    let extensions = config.get("markdown_ext").and_then(text_of).unwrap_or_else(|| MARKDOWN_EXTENSIONS.to_owned());
    JekyllSite {
        permalink: post_permalink(config),
        defaults: defaults(config, &collections_dir),
        show_drafts: is_set(config.get("show_drafts")),
        unpublished: is_set(config.get("unpublished")),
        excerpt_separator: config
            .get("excerpt_separator")
            .and_then(Value::to_text)
            .unwrap_or_else(|| "\n\n".to_owned()),
        limit_posts: limit(config.get("limit_posts")),
        markdown_ext: extensions.split(',').map(|extension| extension.trim().to_lowercase()).collect(),
        authors,
        archive_permalink: archive_permalink(config),
        exclude: GlobSet::empty(),
        include: GlobSet::empty(),
        collections: collections(config),
        collections_dir,
        polyglot: languages::of(config),
        templates,
    }
}

/// What Liquid may read: the configuration with `_data`, and `_includes`.
fn read_templates(lookup: Lookup<'_>, config: &Value, facts: &mut Facts) -> Templates {
    let folder = |key: &str, usual: &str| {
        let name = config.get(key).and_then(text_of).unwrap_or_else(|| usual.to_owned());
        facts.root.join(name.trim_matches('/'))
    };
    let (data, includes) = (folder("data_dir", "_data"), folder("includes_dir", "_includes"));
    let Value::Map(mut site) = config.clone() else { return Templates::default() };
    if let Ok(address) = &facts.address {
        say_address(&mut site, address);
    }
    let mut notes = Vec::new();
    let mut shown = templates::site_data(lookup, &data, &mut notes);
    if let Some(polyglot) = languages::of(config) {
        languages::add_data(&mut shown, &polyglot);
        set(&mut site, "active_lang", Value::String(polyglot.default));
    }
    set(&mut site, "data", shown);
    // A file of authors has been read before, and what is wrong with it has been said.
    notes.retain(|note| !facts.notes.contains(note));
    facts.notes.append(&mut notes);
    let mut partials = templates::includes(lookup, &includes, &mut facts.notes);
    let collections = config.get("collections_dir").and_then(text_of).unwrap_or_default();
    let posts = facts.root.join(collections.trim_matches('/')).join("_posts");
    for (below, text) in templates::beside_posts(lookup, &posts, &mut facts.notes) {
        facts.files.push(posts.join(&below));
        partials.insert(format!("./_posts/{below}"), text);
    }
    facts.folders.extend([data, includes]);
    Templates { site: Value::Map(site), partials }
}

/// `url` and `baseurl` as the configuration writes them, unless the site's address is another.
fn say_address(site: &mut Vec<(String, Value)>, address: &WebUrl) {
    let text = |key: &str| site.iter().find(|(known, _)| known == key).and_then(|(_, value)| text_of(value));
    let base_path = text("baseurl").unwrap_or_default();
    let stated = text("url").map(|url| format!("{url}/{}", base_path.trim_matches('/')));
    if stated.is_some_and(|stated| address::parse_base(&stated).as_ref() == Ok(address)) {
        return;
    }
    set(site, "url", Value::String(address.url().origin().ascii_serialization()));
    set(site, "baseurl", Value::String(address.url().path().trim_end_matches('/').to_owned()));
}

fn set(map: &mut Vec<(String, Value)>, key: &str, value: Value) {
    match map.iter_mut().find(|(known, _)| known == key) {
        Some(pair) => pair.1 = value,
        None => map.push((key.to_owned(), value)),
    }
}

/// The permalink template of posts: the collection's own as it stands, else the site's, its built-in styles written out
/// (`Jekyll::Configuration#add_default_collections`, `STYLE_TO_PERMALINK`).
fn post_permalink(config: &Value) -> String {
    if let Some(own) = config.at(&["collections", "posts", "permalink"]).and_then(text_of) {
        return own;
    }
    let style = config.get("permalink").and_then(text_of).unwrap_or_default();
    match style.as_str() {
        "none" => "/:categories/:title:output_ext",
        "" | "date" => "/:categories/:year/:month/:day/:title:output_ext",
        "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
        template => template,
    }
    .to_owned()
}

/// The collections that jekyll-feed makes feeds of (`feed.collections`, a list or a map), as far as the site has them.
fn collections(config: &Value) -> Vec<Collection> {
    let named = match config.at(&["feed", "collections"]) {
        Some(Value::Map(pairs)) => pairs.iter().map(|(name, settings)| (name.clone(), settings.clone())).collect(),
        list => strings(list).into_iter().map(|name| (name, Value::Null)).collect::<Vec<_>>(),
    };
    let known = config.get("collections");
    let is_known = |name: &str| match known {
        Some(Value::Map(pairs)) => pairs.iter().any(|(known, _)| known == name),
        list => strings(list).iter().any(|known| known == name),
    };
    let collection = |(name, settings): (String, Value)| Collection {
        permalink: known
            .and_then(|known| known.at(&[&name, "permalink"]))
            .and_then(text_of)
            .unwrap_or_else(|| collection_permalink(config)),
        feed_path: settings.get("path").and_then(text_of).unwrap_or_else(|| format!("feed/{name}.xml")),
        categories: strings(settings.get("categories")),
        name,
    };
    named.into_iter().filter(|(name, _)| name != "posts" && is_known(name)).map(collection).collect()
}

/// `Collection#url_template`: what follows the path depends on the site's style (`Utils.add_permalink_suffix`).
fn collection_permalink(config: &Value) -> String {
    let style = config.get("permalink").and_then(text_of).unwrap_or_default();
    let suffix = match style.as_str() {
        "pretty" => "/",
        "" | "date" | "ordinal" | "none" => ":output_ext",
        style if style.ends_with('/') => "/",
        style if style.ends_with(":output_ext") => ":output_ext",
        _ => "",
    };
    format!("/:collection/:path{suffix}")
}

/// The valid entries of `defaults:` (`Jekyll::FrontmatterDefaults#valid_sets`).
fn defaults(config: &Value, collections_dir: &str) -> Vec<FrontMatterDefault> {
    let Some(Value::List(sets)) = config.get("defaults") else { return Vec::new() };
    let valid = sets.iter().filter(|set| matches!(set.get("values"), Some(Value::Map(_))));
    valid
        .map(|set| {
            let scope = |key: &str| set.at(&["scope", key]).and_then(Value::to_text);
            let path = scope("path").unwrap_or_default();
            // Paths of posts are relative to that folder, so a scope's is too (`strip_collections_dir`).
            let below = path.strip_prefix(collections_dir).and_then(|rest| rest.strip_prefix('/')).map(str::to_owned);
            FrontMatterDefault {
                path: if collections_dir.is_empty() { path } else { below.unwrap_or(path) },
                kind: scope("type").map(|kind| match kind.as_str() {
                    "page" | "post" | "draft" => format!("{kind}s"),
                    _ => kind,
                }),
                values: set.get("values").cloned().unwrap_or_default(),
            }
        })
        .collect()
}

/// The permalink of jekyll-archives' category pages, where it makes them.
fn archive_permalink(config: &Value) -> Option<String> {
    let enabled = config.at(&["jekyll-archives", "enabled"])?;
    let made = enabled.as_bool() == Some(true)
        || enabled.items().iter().any(|item| matches!(item.as_str(), Some("all" | "categories")));
    let template = config.at(&["jekyll-archives", "permalinks", "category"]).and_then(text_of);
    made.then(|| template.unwrap_or_else(|| "/category/:name/".to_owned()))
}

/// The folder with the site's inputs: `source:` where it lies below.
fn source_folder(dir: &Path, config: &Value) -> PathBuf {
    let source = config.get("source").and_then(text_of).unwrap_or_default();
    let source = source.trim_start_matches("./");
    let inside = !source.starts_with('/') && !source.split('/').any(|segment| segment == "..");
    let folder = dir.join(source);
    if inside && !matches!(source, "" | ".") && folder.is_dir() { folder } else { dir.to_path_buf() }
}

/// `_data/authors/*`: an author a file.
fn add_authors_of_folder(site: &Value, facts: &Facts, authors: &mut Authors) {
    let Some(Value::Map(pairs)) = site.at(&["data", "authors"]) else { return };
    for (key, value) in pairs.iter().filter(|(_, value)| matches!(value, Value::Map(_))) {
        if !authors.contains_key(key) {
            let author = authors::author_of(value, Some(key), facts.address.as_ref().ok());
            authors.extend(author.map(|author| (key.clone(), author)));
        }
    }
}

/// The site's author: a key of the authors, a name, or a map; the first of a list.
fn site_author(value: &Value, authors: &Authors, address: Option<&WebUrl>) -> Option<Author> {
    let first = value.items().first()?;
    first
        .to_text()
        .and_then(|key| authors.get(key.trim()).cloned())
        .or_else(|| authors::author_of(first, None, address))
}

/// Jekyll's globs (`EntryFilter#glob_include?`): each is a prefix of the path as it stands, or matches it by
/// `File.fnmatch?`, whose `*` and `?` also stand for `/` and which has no alternatives in braces.
fn patterns(texts: impl Iterator<Item = String>, notes: &mut Vec<String>) -> Vec<Glob> {
    let mut globs = Vec::new();
    for text in texts {
        let text = text.trim_start_matches('/');
        if text.is_empty() {
            continue;
        }
        let mut wanted = vec![format!("{}*", globset::escape(text))];
        if text.contains(['*', '?', '[']) {
            let pattern = text.replace('{', "[{]").replace('}', "[}]");
            wanted.extend([pattern.clone(), format!("{}/*", pattern.trim_end_matches('/'))]);
        }
        for pattern in wanted {
            match GlobBuilder::new(&pattern).literal_separator(false).backslash_escape(true).build() {
                Ok(glob) => globs.push(glob),
                Err(error) => notes.push(format!("a glob of the site's is not used: {error}")),
            }
        }
    }
    globs
}

fn glob_set(globs: Vec<Glob>, notes: &mut Vec<String>) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        builder.add(glob);
    }
    builder.build().unwrap_or_else(|error| {
        notes.push(format!("the site's globs are not used: {error}"));
        GlobSet::empty()
    })
}

fn strings(value: Option<&Value>) -> Vec<String> {
    value.map(Value::items).unwrap_or_default().iter().filter_map(Value::to_text).collect()
}

/// A scalar as text, unless blank.
pub(super) fn text_of(value: &Value) -> Option<String> {
    value.to_text().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A number of posts; 0 stands for no limit.
fn limit(value: Option<&Value>) -> Option<usize> {
    match value {
        Some(Value::Int(limit)) => usize::try_from(*limit).ok().filter(|&limit| limit > 0),
        _ => None,
    }
}

/// Whether Ruby takes it for true: everything but `false` and null.
fn is_set(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value.as_bool().unwrap_or(!matches!(value, Value::Null)))
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}
