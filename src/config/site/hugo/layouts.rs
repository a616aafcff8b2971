//! The templates of a Hugo site that make a part of a post's text: its own shortcodes and render hooks, and the partials that they
//! call; those of its layouts, and below them those of the themes that it names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::{Facts, Lookup, data, jekyll};
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

pub(super) fn read(lookup: Lookup<'_>, theme: Option<&Value>, facts: &mut Facts) -> HugoLayouts {
    let themes = theme.map(Value::items).unwrap_or_default().iter().filter_map(jekyll::text_of);
    let themes = themes.filter(|name| !name.contains("..") && !name.starts_with('/'));
    let roots: Vec<String> =
        std::iter::once(String::new()).chain(themes.map(|name| format!("themes/{name}/"))).collect();
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
    if !layouts.partials.is_empty() {
        facts.folders.extend(folders);
    }
    layouts
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

/// The partials that shortcodes and hooks name, and those that these name, without `.html`; one that is not there is empty, which no
/// template is.
fn partials(layouts: &HugoLayouts, folders: &[PathBuf]) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let templates = layouts.shortcodes.values().chain(layouts.hooks.values());
    let mut wanted: Vec<String> = templates.flat_map(|text| names_in(text)).collect();
    while let Some(name) = wanted.pop() {
        let is_safe = !name.split('/').any(|part| part.starts_with('.')) && !name.starts_with('/');
        if found.len() >= MOST || found.contains_key(&name) || !is_safe {
            continue;
        }
        let text = folders.iter().find_map(|folder| text_of(&folder.join(format!("{name}.html"))));
        let text = text.unwrap_or_default();
        wanted.extend(names_in(&text));
        found.insert(name, text);
    }
    found
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
