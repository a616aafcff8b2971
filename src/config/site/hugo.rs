//! A Hugo site: its configuration files, merged as Hugo merges them, and the pages of its sections.

mod authors;
mod dates;
mod feeds;
mod files;
mod languages;
mod layouts;
mod tree;

use globset::{GlobBuilder, GlobMatcher};

use super::authors::author_of;
use super::jekyll::text_of;
use super::{Facts, Lookup};
use crate::config::{
    ConfigError, HugoCascade, HugoHeadingIds, HugoLanguage, HugoMarkdown, HugoPassthrough, HugoPermalink, HugoSite,
    HugoUgly,
};
use crate::model::{Author, Language, Value, WebUrl};
use languages::{Languages, Own};

/// Extensions of content.
pub(in crate::config) const CONTENT: [&str; 6] = ["md", "markdown", "mdown", "html", "htm", "xhtml"];

/// What a Hugo site says of itself.
pub(super) fn read(lookup: Lookup<'_>) -> Result<Facts, ConfigError> {
    let mut facts = Facts::of(lookup.dir);
    let config = files::read(lookup, &mut facts)?;
    let languages = Languages::of(&config);
    let own = &languages.default;
    let text = |key: &str| own.get(key).and_then(text_of);

    facts.address = address_of(lookup, text("baseurl").as_deref(), &mut facts)?;
    facts.title = text("title");
    facts.description = own.param("description").and_then(text_of);
    facts.language = Some(text("locale").or_else(|| text("languagecode")).unwrap_or_else(|| own.code.clone()));
    // Without one, dates that state no offset are UTC.
    facts.timezone = Some(text("timezone").unwrap_or_else(|| "UTC".to_owned()));
    facts.author = [own.param("author"), own.get("author")]
        .into_iter()
        .flatten()
        .find_map(|value| author(value, facts.address.as_ref().ok()));
    facts.rights = text("copyright");
    facts.future = own.get("buildfuture").and_then(Value::as_bool).unwrap_or(false);
    facts.drafts = own.get("builddrafts").and_then(Value::as_bool).unwrap_or(false);
    // As it was called before Hugo 0.112.
    let limit =
        config.at(&["services", "rss", "limit"]).and_then(whole).or_else(|| own.get("rsslimit").and_then(whole));
    facts.limit = limit.and_then(|limit| usize::try_from(limit).ok()).filter(|&limit| limit > 0);
    facts.destination = Some(lookup.dir.join(text("publishdir").unwrap_or_else(|| "public".to_owned())));
    facts.languages = languages.others.iter().filter_map(|other| languages.facts(other)).collect();
    facts.language_folder = Some(languages.folder(own)).filter(|folder| !folder.is_empty());
    facts.feeds_folder = Some(languages.feeds_folder(own)).filter(|folder| !folder.is_empty());
    let site = site(lookup, &languages, &mut facts);
    facts.hugo = Some(Box::new(site));
    Ok(facts)
}

fn site(lookup: Lookup<'_>, languages: &Languages<'_>, facts: &mut Facts) -> HugoSite {
    let default = language(lookup, languages, &languages.default, None, facts);
    let (mut others, mut disabled) = (Vec::new(), languages.disabled.clone());
    for own in &languages.others {
        match Language::new(&own.code) {
            Some(code) => others.push(language(lookup, languages, own, Some(code), facts)),
            None => {
                facts.notes.push(format!("`{}` is no code of a language: its pages are in no feed", own.code));
                disabled.push(own.code.clone());
            }
        }
    }
    let codes: Vec<&str> = std::iter::once(&languages.default).chain(&languages.others).map(|own| &*own.code).collect();
    let layouts = layouts::read(lookup, &languages.default, &codes, facts);
    let mut site =
        HugoSite { default, others, disabled, bundles: Vec::new(), feed: feeds::file(&languages.default), layouts };
    tree::read(lookup, &mut site, facts);
    site
}

/// What the configuration says about the pages in a language.
fn language(
    lookup: Lookup<'_>,
    languages: &Languages<'_>,
    own: &Own<'_>,
    language: Option<Language>,
    facts: &mut Facts,
) -> HugoLanguage {
    let content = own.get("contentdir").and_then(text_of).or_else(|| mounted(own));
    let content = content.and_then(|folder| folder_below(&folder));
    let permalinks = permalinks(own.get("permalinks"));
    let stated = [own.get("mainsections"), own.param("mainsections")];
    let main_sections = stated.into_iter().flatten().map(strings).find(|names| !names.is_empty());
    HugoLanguage {
        language,
        code: own.code.clone(),
        content: content.unwrap_or_else(|| "content".to_owned()),
        prefix: languages.folder(own),
        finds_main: main_sections.is_none(),
        main_sections: main_sections.unwrap_or_default(),
        sections: Vec::new(),
        cascade: cascades(own.get("cascade")),
        dates: dates::read(own.get("frontmatter"), &mut facts.notes),
        categories: feeds::taxonomy(own, &permalinks, "category", "categories"),
        tags: feeds::taxonomy(own, &permalinks, "tag", "tags"),
        permalinks,
        ugly_urls: ugly_urls(own.site.get("uglyurls")),
        lowercase: own.get("disablepathtolower").and_then(Value::as_bool) != Some(true),
        removes_accents: own.get("removepathaccents").and_then(Value::as_bool) == Some(true),
        expired: own.get("buildexpired").and_then(Value::as_bool) == Some(true),
        summary_length: own
            .get("summarylength")
            .and_then(whole)
            .map_or(70, |words| usize::try_from(words).unwrap_or(0)),
        has_cjk: own.get("hascjklanguage").and_then(Value::as_bool) == Some(true),
        markdown: markdown(own),
        passthrough: passthrough(own),
        resolves_links: resolves_links(own),
        params: own.params(),
        authors: authors::read(lookup, &own.params(), &own.get("datadir").and_then(text_of), facts),
        static_dirs: static_dirs(own.get("staticdir")),
        assets: own.get("assetdir").and_then(text_of).and_then(|dir| folder_below(&dir)).unwrap_or("assets".to_owned()),
    }
}

/// `enableEmoji` and `markup.goldmark`.
fn markdown(own: &Own<'_>) -> HugoMarkdown {
    let usual = HugoMarkdown::default();
    let goldmark = |path: [&str; 2], usual: bool| {
        let stated = own.site.at(&["markup", "goldmark"]).and_then(|goldmark| goldmark.at(&path));
        stated.and_then(|value| value.as_bool().or_else(|| Some(!value.get("disable")?.as_bool()?))).unwrap_or(usual)
    };
    let extra = |name: &str| {
        let stated = own.site.at(&["markup", "goldmark", "extensions", "extras", name, "enable"]);
        stated.and_then(Value::as_bool) == Some(true)
    };
    let strikes = goldmark(["extensions", "strikethrough"], usual.strikethrough);
    let attribute = own.site.at(&["markup", "goldmark", "parser", "attribute", "block"]);
    HugoMarkdown {
        emoji: own.get("enableemoji").and_then(Value::as_bool) == Some(true),
        raw_html: goldmark(["renderer", "unsafe"], usual.raw_html),
        hard_wraps: goldmark(["renderer", "hardwraps"], usual.hard_wraps),
        typographer: goldmark(["extensions", "typographer"], usual.typographer),
        linkify: goldmark(["extensions", "linkify"], usual.linkify),
        heading_ids: goldmark(["parser", "autoheadingid"], usual.heading_ids),
        heading_style: match own.site.at(&["markup", "goldmark", "parser", "autoheadingidtype"]).and_then(Value::as_str)
        {
            Some("github-ascii") => HugoHeadingIds::Ascii,
            Some("blackfriday") => HugoHeadingIds::Blackfriday,
            _ => HugoHeadingIds::GitHub,
        },
        wraps_pictures: goldmark(["parser", "wrapstandaloneimagewithinparagraph"], true),
        strikethrough: strikes,
        // Where both are on, one `~` strikes through.
        subscript: extra("subscript") && !strikes,
        superscript: extra("superscript"),
        marked: extra("mark"),
        inserted: extra("insert"),
        block_attributes: attribute.and_then(Value::as_bool) == Some(true),
    }
}

/// `markup.goldmark.extensions.passthrough`: pairs of delimiters.
fn passthrough(own: &Own<'_>) -> Vec<HugoPassthrough> {
    let stated = own.site.at(&["markup", "goldmark", "extensions", "passthrough"]);
    let Some(stated) = stated.filter(|stated| stated.get("enable").and_then(Value::as_bool) == Some(true)) else {
        return Vec::new();
    };
    let mut pairs = Vec::new();
    for (kind, is_block) in [("block", true), ("inline", false)] {
        for pair in stated.at(&["delimiters", kind]).map(Value::items).unwrap_or_default() {
            if let [open, close] = strings(pair).as_slice()
                && !open.is_empty()
                && !close.is_empty()
            {
                pairs.push(HugoPassthrough { open: open.clone(), close: close.clone(), is_block });
            }
        }
    }
    pairs
}

/// `markup.goldmark.renderHooks.link`. Left to Hugo, it is so on sites that name languages, unless one has its own `baseURL`.
fn resolves_links(own: &Own<'_>) -> bool {
    let hook = |key: &str| own.site.at(&["markup", "goldmark", "renderhooks", "link", key]);
    let has_languages = || match own.site.get("languages") {
        Some(Value::Map(languages)) => {
            !languages.is_empty() && languages.iter().all(|(_, language)| language.get("baseurl").is_none())
        }
        _ => false,
    };
    match hook("useembedded").and_then(Value::as_str) {
        Some("always" | "fallback") => true,
        Some("never") => false,
        _ => hook("enabledefault").and_then(Value::as_bool) == Some(true) || has_languages(),
    }
}

/// Ours, else `baseURL`, else a `CNAME` file's; else why there is none.
fn address_of(
    lookup: Lookup<'_>,
    base: Option<&str>,
    facts: &mut Facts,
) -> Result<Result<WebUrl, String>, ConfigError> {
    lookup.base_address("baseURL", base, &mut facts.files)
}

/// A name, or a map with one; the first of a list.
fn author(value: &Value, address: Option<&WebUrl>) -> Option<Author> {
    author_of(value.items().first()?, None, address)
}

/// `module.mounts`: the folder of the site that is the content, of this language where mounts are a language's.
fn mounted(own: &Own<'_>) -> Option<String> {
    let mounts = own.site.at(&["module", "mounts"]).map(Value::items).unwrap_or_default();
    let mut contents = mounts.iter().filter(|mount| {
        let target =
            mount.get("target").and_then(Value::as_str).is_some_and(|target| target.trim_matches('/') == "content");
        let language = mount.get("lang").and_then(text_of);
        target && language.is_none_or(|language| language.eq_ignore_ascii_case(&own.code))
    });
    let first = contents.next()?;
    // Of several into one place, each would have a part.
    if contents.next().is_some() { None } else { first.get("source").and_then(text_of) }
}

/// `staticDir`, one or several: of two files at one path that of the last counts.
fn static_dirs(stated: Option<&Value>) -> Vec<String> {
    let dirs: Vec<String> = stated.map(strings).unwrap_or_default();
    let mut dirs: Vec<String> = dirs.iter().filter_map(|dir| folder_below(dir)).collect();
    dirs.reverse();
    if dirs.is_empty() { vec!["static".to_owned()] } else { dirs }
}

fn ugly_urls(stated: Option<&Value>) -> HugoUgly {
    match stated {
        Some(Value::Map(sections)) => {
            let ugly = sections.iter().filter(|(_, is_ugly)| is_ugly.as_bool() == Some(true));
            HugoUgly::Sections(ugly.map(|(section, _)| section.clone()).collect())
        }
        other => HugoUgly::Site(other.and_then(Value::as_bool) == Some(true)),
    }
}

/// `permalinks` in its three forms (`DecodePermalinksConfig`): by section, by kind and section, and a list of targets.
fn permalinks(stated: Option<&Value>) -> Vec<HugoPermalink> {
    let mut found = Vec::new();
    match stated {
        Some(Value::Map(pairs)) => {
            for (key, value) in pairs {
                match value {
                    Value::Map(sections) if key == "page" || key == "term" => {
                        let of_kind = sections
                            .iter()
                            .filter_map(|(section, pattern)| permalink(key == "term", &section_glob(section), pattern));
                        found.extend(of_kind);
                    }
                    pattern => {
                        let both = [false, true].map(|for_terms| permalink(for_terms, &section_glob(key), pattern));
                        found.extend(both.into_iter().flatten());
                    }
                }
            }
        }
        Some(Value::List(rules)) => {
            for rule in rules {
                let target = |key: &str| rule.at(&["target", key]).and_then(text_of);
                let path = target("path").map_or_else(|| "/**".to_owned(), |path| path.to_lowercase());
                let Some(pattern) = rule.get("pattern") else { continue };
                let kinds = match target("kind").as_deref() {
                    None => [true, true],
                    Some(kind) => [kind == "page", kind == "term"],
                };
                let kinds = kinds.into_iter().zip([false, true]).filter(|(is_meant, _)| *is_meant);
                found.extend(kinds.filter_map(|(_, for_terms)| permalink(for_terms, &path, pattern)));
            }
        }
        _ => {}
    }
    found
}

fn permalink(for_terms: bool, path: &str, pattern: &Value) -> Option<HugoPermalink> {
    Some(HugoPermalink { for_terms, path: glob(path)?, pattern: text_of(pattern)? })
}

/// The pages of a section and of those in it; `/` is for pages in none.
fn section_glob(section: &str) -> String {
    match section.trim_matches([' ', '/']) {
        "" => "/*".to_owned(),
        section => format!("/{{{section},{section}/**}}"),
    }
}

/// A whole number, which may be written as text.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        text => text.as_str()?.trim().parse().ok(),
    }
}

/// The entries of a `cascade`, in its order. Those that are for other kinds of pages than posts are left out.
fn cascades(stated: Option<&Value>) -> Vec<HugoCascade> {
    let entries = stated.map(Value::items).unwrap_or_default();
    entries.iter().filter_map(cascade).collect()
}

fn cascade(entry: &Value) -> Option<HugoCascade> {
    let Value::Map(pairs) = entry else { return None };
    let target = |key: &str| entry.at(&["target", key]).or_else(|| entry.at(&["_target", key])).and_then(text_of);
    if target("kind").is_some_and(|kind| !glob(&kind).is_some_and(|kinds| kinds.is_match("page"))) {
        return None;
    }
    let path = match target("path") {
        Some(path) => Some(glob(&path.to_lowercase())?),
        None => None,
    };
    let values = pairs.iter().filter(|(key, _)| key != "target" && key != "_target").cloned().collect();
    Some(HugoCascade { path, values: Value::Map(values) })
}

fn glob(pattern: &str) -> Option<GlobMatcher> {
    Some(GlobBuilder::new(pattern).literal_separator(true).build().ok()?.compile_matcher())
}

/// A folder of the site, without slashes at its ends; `None` when it lies elsewhere.
fn folder_below(folder: &str) -> Option<String> {
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    let stays = !folder.starts_with('/') && !folder.split('/').any(|segment| matches!(segment, "" | "." | ".."));
    stays.then(|| folder.to_owned())
}

fn strings(value: &Value) -> Vec<String> {
    value.items().iter().filter_map(Value::to_text).collect()
}
