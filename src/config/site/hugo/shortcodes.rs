//! The templates of a Hugo site's own shortcodes: those of its layouts, and below them those of the themes that it names.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::{Facts, Lookup, data, jekyll};
use crate::model::Value;

/// Where they lie, below the site and below a theme; the first wins.
const FOLDERS: [&str; 2] = ["layouts/_shortcodes", "layouts/shortcodes"];
/// The most templates, and the most bytes of one: what is larger computes something.
const MOST: usize = 1_000;
const MAX_BYTES: usize = 4 * 1024;
/// How deep folders may nest.
const MAX_DEPTH: usize = 4;

/// Each by the name that texts call it by (`box`, `img/small`).
pub(super) fn read(lookup: Lookup<'_>, theme: Option<&Value>, facts: &mut Facts) -> BTreeMap<String, String> {
    let themes = theme.map(Value::items).unwrap_or_default().iter().filter_map(jekyll::text_of);
    let themes = themes.filter(|name| !name.contains("..") && !name.starts_with('/'));
    let roots = std::iter::once(String::new()).chain(themes.map(|name| format!("themes/{name}/")));
    let mut found = BTreeMap::new();
    for folder in roots.flat_map(|root| FOLDERS.map(|folder| lookup.dir.join(format!("{root}{folder}")))) {
        take(&folder, "", MAX_DEPTH, &mut found);
        facts.folders.push(folder);
    }
    found
}

fn take(folder: &Path, prefix: &str, depth: usize, found: &mut BTreeMap<String, String>) {
    let Ok(entries) = folder.read_dir() else { return };
    let mut names: Vec<String> = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    for name in names.iter().filter(|name| !name.starts_with('.')) {
        let path = folder.join(name);
        if let Some(stem) = name.strip_suffix(".html") {
            let key = format!("{prefix}{stem}");
            // One that cannot be read is as one that is too large.
            let text = data::read(&path).ok().flatten().filter(|text| text.len() <= MAX_BYTES);
            if found.len() < MOST && !found.contains_key(&key) {
                found.insert(key, text.unwrap_or_else(|| "{{ }}".to_owned()));
            }
        } else if depth > 0 && path.is_dir() {
            take(&path, &format!("{prefix}{name}/"), depth - 1, found);
        }
    }
}
