//! The templates that texts can call: shortcodes of the site and of its theme, the one for links at headings, and what these include.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::{Facts, Lookup, data};

/// The folder of shortcodes below that of the templates.
const SHORTCODES: &str = "shortcodes";
/// What headings are given beside their text, unless Zola's own will do.
const OTHERS: [&str; 1] = ["anchor-link.html"];
/// The most templates, and the most bytes of one.
const MOST: usize = 1_000;
const MAX_BYTES: usize = 64 * 1024;

/// Each by its path below the templates: the site's own, else those of its theme.
pub(super) fn read(lookup: Lookup<'_>, theme: Option<&str>, facts: &mut Facts) -> BTreeMap<String, String> {
    let theme = theme.filter(|name| !name.is_empty() && !name.contains("..") && !name.starts_with('/'));
    let folders = std::iter::once("templates".to_owned()).chain(theme.map(|name| format!("themes/{name}/templates")));
    let mut found = BTreeMap::new();
    for root in folders.map(|folder| lookup.dir.join(folder)) {
        let mut wanted: Vec<String> = OTHERS.iter().map(|name| (*name).to_owned()).collect();
        if !root.join(SHORTCODES).is_dir() {
            wanted.extend(with_components(&root, facts));
        }
        wanted.extend(names(&root.join(SHORTCODES)).into_iter().map(|name| format!("{SHORTCODES}/{name}")));
        // Those of one folder may also be what those of the other include.
        wanted.extend(found.values().flat_map(|text: &String| called(text)));
        facts.folders.push(root.join(SHORTCODES));
        take(&root, wanted, &mut found, facts);
    }
    found
}

/// Where the components of Zola 0.23 are found, which may stand in any template: in a folder of their own, or beside the others.
fn with_components(root: &Path, facts: &mut Facts) -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["", "components/"] {
        let folder_path = root.join(folder);
        for name in names(&folder_path) {
            let text = data::read(&folder_path.join(&name)).ok().flatten();
            if text.is_some_and(|text| defines_components(&text)) {
                found.push(format!("{folder}{name}"));
            }
        }
    }
    if !found.is_empty() {
        facts.folders.push(root.to_path_buf());
    }
    found
}

/// Whether a template is one of Zola 0.23, whose texts are templates themselves.
pub(super) fn defines_components(text: &str) -> bool {
    text.split("{%").skip(1).any(|tag| tag.trim_start_matches('-').trim_start().starts_with("component "))
}

/// Reads these templates, and those that they include.
fn take(root: &Path, mut wanted: Vec<String>, found: &mut BTreeMap<String, String>, facts: &mut Facts) {
    while let Some(name) = wanted.pop() {
        if found.len() >= MOST || found.contains_key(&name) || name.contains("..") || name.starts_with('/') {
            continue;
        }
        let path = root.join(&name);
        let text = data::read(&path);
        if !name.starts_with(SHORTCODES) {
            facts.files.push(path);
        }
        match text {
            Ok(Some(text)) if text.len() <= MAX_BYTES => {
                wanted.extend(called(&text));
                found.insert(name, text);
            }
            Ok(None) => {}
            // It is there, and nothing can be told of it.
            Ok(Some(_)) | Err(_) => drop(found.insert(name, "{%".to_owned())),
        }
    }
}

/// The files in a folder that are templates.
fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let is_template = |name: &String| name.ends_with(".html") || name.ends_with(".md");
    let mut names: Vec<String> = names.filter(is_template).collect();
    names.sort_unstable();
    names
}

/// The templates that a template names to be included or imported.
fn called(text: &str) -> Vec<String> {
    let tags = text.split("{%").skip(1).filter_map(|tag| tag.split_once("%}")).map(|(tag, _)| tag);
    let calls = tags.map(|tag| tag.trim_start_matches('-').trim_start());
    let calls = calls.filter(|tag| tag.starts_with("include") || tag.starts_with("import"));
    calls.flat_map(|tag| tag.split(['"', '\'', '`']).skip(1).step_by(2)).map(str::to_owned).collect()
}
