//! The templates of a Hugo site that make a part of a post's text: its own shortcodes and render hooks, and the partials that they
//! call; those of its layouts, and below them those of the themes that it names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::super::{Facts, Lookup, data, jekyll};
use super::languages::Own;
use crate::config::HugoLayouts;
use crate::model::Value;

/// Where they lie, below the site and below a theme; the first wins.
const SHORTCODES: [&str; 2] = ["layouts/_shortcodes", "layouts/shortcodes"];
const HOOKS: [&str; 2] = ["layouts/_markup", "layouts/_default/_markup"];
const PARTIALS: [&str; 2] = ["layouts/_partials", "layouts/partials"];
/// The most templates of a kind, and the most bytes of one.
const MOST: usize = 1_000;
const MAX_BYTES: usize = 16 * 1024;
/// How deep folders may nest.
const MAX_DEPTH: usize = 4;

pub(super) fn read(lookup: Lookup<'_>, own: &Own<'_>, codes: &[&str], facts: &mut Facts) -> HugoLayouts {
    let themes = own.get("theme").map(Value::items).unwrap_or_default().iter().filter_map(jekyll::text_of);
    let imports = own.site.at(&["module", "imports"]).map(Value::items).unwrap_or_default().iter();
    let imports: Vec<String> = imports.filter_map(|import| import.get("path").and_then(jekyll::text_of)).collect();
    // A module lies among the themes, or where `hugo mod vendor` has put it.
    let vendored = imports.iter().map(|path| format!("_vendor/{path}/"));
    let themes = themes.chain(imports.iter().cloned()).map(|name| format!("themes/{name}/"));
    let is_inside = |root: &String| !root.contains("..") && !root.contains("//");
    let roots: Vec<String> = std::iter::once(String::new()).chain(vendored.chain(themes).filter(is_inside)).collect();
    let all = |folders: [&str; 2]| -> Vec<PathBuf> {
        roots.iter().flat_map(|root| folders.map(|folder| lookup.dir.join(format!("{root}{folder}")))).collect()
    };
    let mut layouts = HugoLayouts::default();
    for folder in all(SHORTCODES) {
        take(&folder, "", MAX_DEPTH, &mut layouts.shortcodes);
        facts.folders.push(folder);
    }
    let mut hooks = BTreeMap::new();
    for folder in all(HOOKS) {
        take(&folder, "", 0, &mut hooks);
        facts.folders.push(folder);
    }
    let own = hooks.into_iter().filter_map(|(name, text)| Some((name.strip_prefix("render-")?.to_owned(), text)));
    layouts.hooks = own.collect();
    let folders = all(PARTIALS);
    layouts.partials = partials(&layouts, &folders);
    if layouts.shortcodes.values().chain(layouts.hooks.values()).any(|text| !names_in(text).is_empty()) {
        facts.folders.extend(folders);
    }
    let mut templates = layouts.shortcodes.values().chain(layouts.hooks.values()).chain(layouts.partials.values());
    if templates.any(|text| ["i18n ", "T ", "lang.Translate "].iter().any(|word| text.contains(word))) {
        layouts.phrases = phrases(lookup, &roots, codes, facts);
    }
    layouts
}

/// The texts of each language, in `i18n`; those of the site win over those of its themes.
fn phrases(
    lookup: Lookup<'_>,
    roots: &[String],
    codes: &[&str],
    facts: &mut Facts,
) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for code in codes {
        let mut own: BTreeMap<String, String> = BTreeMap::new();
        for (root, extension) in roots.iter().flat_map(|root| ["toml", "yaml", "yml", "json"].map(|end| (root, end))) {
            let path = lookup.dir.join(format!("{root}i18n/{code}.{extension}"));
            let text = data::read(&path).ok().flatten();
            facts.files.push(path);
            let Some(Ok(value)) = text.map(|text| data::parse(&text, extension)) else { continue };
            for (key, text) in phrases_of(&value) {
                own.entry(key.to_lowercase()).or_insert(text);
            }
        }
        all.insert((*code).to_owned(), own);
    }
    all
}

/// The texts of a file that stand for themselves: a map of them, or a list with ids.
fn phrases_of(file: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| {
        let text = jekyll::text_of(value).or_else(|| value.get("other").and_then(jekyll::text_of));
        text.or_else(|| phrase_of_list(value)).filter(|text| !text.contains("{{"))
    };
    match file {
        Value::Map(pairs) => pairs.iter().filter_map(|(key, value)| Some((key.clone(), text(value)?))).collect(),
        Value::List(items) => {
            let pair =
                |item: &Value| Some((item.get("id").and_then(jekyll::text_of)?, text(item.get("translation")?)?));
            items.iter().filter_map(pair).collect()
        }
        _ => Vec::new(),
    }
}

/// Some files have the text of a map in a list.
fn phrase_of_list(value: &Value) -> Option<String> {
    match value {
        Value::List(items) => items.iter().find_map(|item| item.get("other").and_then(jekyll::text_of)),
        _ => None,
    }
}

/// Each by the name that texts call it by (`box`, `img/small`).
fn take(folder: &Path, prefix: &str, depth: usize, found: &mut BTreeMap<String, String>) {
    let Ok(entries) = folder.read_dir() else { return };
    let mut names: Vec<String> = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    for name in names.iter().filter(|name| !name.starts_with('.')) {
        let path = folder.join(name);
        if let Some(stem) = name.strip_suffix(".html") {
            let key = format!("{prefix}{stem}");
            if found.len() < MOST && !found.contains_key(&key) {
                found.insert(key, text_of(&path).unwrap_or_else(|| "{{ }}".to_owned()));
            }
        } else if depth > 0 && path.is_dir() {
            take(&path, &format!("{prefix}{name}/"), depth - 1, found);
        }
    }
}

/// A template; one that cannot be read is as one that is too large.
fn text_of(path: &Path) -> Option<String> {
    data::read(path).ok().flatten().filter(|text| text.len() <= MAX_BYTES)
}

/// The partials that shortcodes and hooks name, and those that these name, without `.html`.
fn partials(layouts: &HugoLayouts, folders: &[PathBuf]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let templates = layouts.shortcodes.values().chain(layouts.hooks.values());
    let mut wanted: Vec<String> = templates.flat_map(|text| names_in(text)).collect();
    while let Some(name) = wanted.pop() {
        let is_safe = !name.split('/').any(|part| part.starts_with('.')) && !name.starts_with('/');
        if !is_safe || seen.len() >= MOST || !seen.insert(name.clone()) {
            continue;
        }
        let file = if has_ending(&name) { name.clone() } else { format!("{name}.html") };
        let Some(text) = folders.iter().find_map(|folder| text_of(&folder.join(&file))) else { continue };
        wanted.extend(names_in(&text));
        found.insert(name, text);
    }
    found
}

/// Whether a partial is no HTML, such as `icon.svg`.
fn has_ending(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|file| file.contains('.'))
}

/// The names behind `partial` and its kind.
fn names_in(template: &str) -> Vec<String> {
    let behind = template.match_indices("artial").filter_map(|(at, word)| template.get(at + word.len()..));
    let name = |behind: &str| {
        let quoted = behind.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '.').trim_start();
        let quote = quoted.chars().next().filter(|quote| matches!(quote, '"' | '`'))?;
        let (name, _) = quoted.get(1..)?.split_once(quote)?;
        Some(name.strip_suffix(".html").unwrap_or(name).to_owned())
    };
    behind.filter_map(name).collect()
}
