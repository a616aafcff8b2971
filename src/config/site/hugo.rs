//! A Hugo site: its configuration files, merged as Hugo merges them, and the pages of its sections.

mod dates;
mod files;
mod tree;

use globset::{GlobBuilder, GlobMatcher};

use super::jekyll::{author_of, text_of};
use super::{Facts, Lookup};
use crate::config::{ConfigError, HugoCascade, HugoPermalink, HugoSite, HugoUgly};
use crate::model::{Author, Value, WebUrl};

/// What a Hugo site says of itself.
pub(super) fn read(lookup: Lookup<'_>) -> Result<Facts, ConfigError> {
    let mut facts = Facts::of(lookup.dir);
    let config = files::read(lookup, &mut facts)?;
    let language = config.get("defaultcontentlanguage").and_then(text_of).unwrap_or("en".to_owned()).to_lowercase();
    // What a language says of itself wins over what the site says.
    let own = |key: &str| config.at(&["languages", &language, key]).or_else(|| config.get(key));
    let text = |key: &str| own(key).and_then(text_of);
    let param = |key: &str| config.at(&["languages", &language, "params", key]).or(config.at(&["params", key]));

    facts.address = address_of(lookup, text("baseurl").as_deref(), &mut facts)?;
    facts.title = text("title");
    facts.description = param("description").and_then(text_of);
    facts.language = Some(text("locale").or_else(|| text("languagecode")).unwrap_or_else(|| language.clone()));
    // Without one, dates that state no offset are UTC.
    facts.timezone = Some(text("timezone").unwrap_or_else(|| "UTC".to_owned()));
    facts.author = [param("author"), own("author")]
        .into_iter()
        .flatten()
        .find_map(|value| author(value, facts.address.as_ref().ok()));
    facts.rights = text("copyright");
    facts.future = own("buildfuture").and_then(Value::as_bool).unwrap_or(false);
    facts.drafts = own("builddrafts").and_then(Value::as_bool).unwrap_or(false);
    facts.limit = match config.at(&["services", "rss", "limit"]) {
        Some(Value::Int(limit)) => usize::try_from(*limit).ok().filter(|&limit| limit > 0),
        _ => None,
    };
    facts.destination = Some(lookup.dir.join(text("publishdir").unwrap_or_else(|| "public".to_owned())));
    let site = site(lookup, &config, language, &mut facts);
    facts.hugo = Some(Box::new(site));
    Ok(facts)
}

fn site(lookup: Lookup<'_>, config: &Value, language: String, facts: &mut Facts) -> HugoSite {
    let own = |key: &str| config.at(&["languages", &language, key]).or_else(|| config.get(key));
    let content = own("contentdir").and_then(text_of).and_then(|folder| folder_below(&folder));
    let content = content.unwrap_or_else(|| "content".to_owned());
    let languages = match config.get("languages") {
        Some(Value::Map(languages)) => languages.as_slice(),
        _ => &[],
    };
    let others: Vec<&(String, Value)> = languages.iter().filter(|(name, _)| *name != language).collect();
    if !others.is_empty() {
        let names: Vec<_> = others.iter().map(|(name, _)| name.as_str()).collect();
        facts.notes.push(format!(
            "feeds are of the pages in the site's default language, `{language}`: this version leaves out {}",
            names.join(", ")
        ));
    }
    let below_content = |folder: String| folder.strip_prefix(&format!("{content}/")).map(str::to_owned);
    let other_contents = others.iter().filter_map(|(_, other)| other.get("contentdir").and_then(text_of));
    let other_contents = other_contents.filter_map(|folder| below_content(folder_below(&folder)?)).collect();
    let in_folder = config.get("defaultcontentlanguageinsubdir").and_then(Value::as_bool) == Some(true);
    let mut site = HugoSite {
        prefix: if in_folder { format!("{language}/") } else { String::new() },
        other_languages: others.iter().map(|(name, _)| name.clone()).collect(),
        other_contents,
        main_sections: Vec::new(),
        sections: Vec::new(),
        cascade: cascades(own("cascade")),
        bundles: Vec::new(),
        permalinks: permalinks(own("permalinks")),
        dates: dates::read(own("frontmatter"), &mut facts.notes),
        taxonomies: taxonomies(own("taxonomies")),
        ugly_urls: ugly_urls(own("uglyurls")),
        lowercase: own("disablepathtolower").and_then(Value::as_bool) != Some(true),
        expired: own("buildexpired").and_then(Value::as_bool) == Some(true),
        summary_length: match own("summarylength") {
            Some(Value::Int(words)) => usize::try_from(*words).unwrap_or(0),
            _ => 70,
        },
        has_cjk: own("hascjklanguage").and_then(Value::as_bool) == Some(true),
        raw_html: config.at(&["markup", "goldmark", "renderer", "unsafe"]).and_then(Value::as_bool) == Some(true),
        params: own("params").cloned().unwrap_or_default(),
        content,
        language: language.clone(),
    };
    let tree = tree::read(lookup, &site, facts);
    let stated = [own("mainsections"), config.at(&["params", "mainsections"])];
    let stated = stated.into_iter().flatten().map(strings).find(|sections| !sections.is_empty());
    site.main_sections = stated.unwrap_or_else(|| vec![tree.main_section]);
    site.sections = tree.sections;
    site.bundles = tree.bundles;
    site
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

/// `taxonomies` names each in the singular and, for front matter, in the plural.
fn taxonomies(stated: Option<&Value>) -> Vec<String> {
    match stated {
        Some(Value::Map(pairs)) => {
            pairs.iter().filter_map(|(_, plural)| text_of(plural)).map(|plural| plural.to_lowercase()).collect()
        }
        _ => vec!["categories".to_owned(), "tags".to_owned()],
    }
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
