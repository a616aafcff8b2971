//! What the folders of the content say: which have a page of their own, and what it says; how many pages are in other languages.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::jekyll::text_of;
use super::super::{Facts, Lookup, data};
use crate::config::{ZolaSection, ZolaSite};
use crate::model::Value;

/// The page of a section.
const PAGE: &str = "_index.md";

/// What was found.
pub(super) struct Tree {
    /// Sorted by their folders.
    pub(super) sections: Vec<ZolaSection>,
    /// Pages in other languages than the default one, by language.
    pub(super) left_out: BTreeMap<String, usize>,
}

/// Walks the content. What cannot be read is left to the build, which tells of it.
pub(super) fn read(lookup: Lookup<'_>, site: &ZolaSite, facts: &mut Facts) -> Tree {
    let root = lookup.dir.join("content");
    let mut tree = Tree { sections: Vec::new(), left_out: BTreeMap::new() };
    let mut pending = vec![String::new()];
    while let Some(folder) = pending.pop() {
        let below = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let entries = entries(&root.join(&folder));
        // The folder of a page is none of a section.
        if entries.iter().all(|(name, _)| name != "index.md") {
            facts.files.push(root.join(below(PAGE)));
        }
        for (name, is_folder) in entries {
            if is_folder {
                pending.push(below(&name));
            } else if name == PAGE {
                tree.sections.extend(section(lookup, &folder, &below(PAGE), facts));
            } else if let Some(language) = language_of(&name, site) {
                *tree.left_out.entry(language.to_owned()).or_default() += 1;
            }
        }
    }
    tree.sections.sort_by(|a, b| a.folder.cmp(&b.folder));
    tree
}

/// The names in a folder, and which are folders.
fn entries(folder: &Path) -> Vec<(String, bool)> {
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let entries = entries.flatten().filter_map(|entry| {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        Some((entry.file_name().into_string().ok()?, is_folder))
    });
    entries.collect()
}

/// The language of a page that is not in the default one.
fn language_of<'s>(name: &str, site: &'s ZolaSite) -> Option<&'s str> {
    let (stem, language) = name.strip_suffix(".md")?.split_once('.')?;
    let known = site.other_languages.iter().find(|known| *known == language)?;
    (stem != "_index").then_some(known)
}

/// The section whose page this is; a page that cannot be read gives one that says nothing.
fn section(lookup: Lookup<'_>, folder: &str, page: &str, facts: &mut Facts) -> Option<ZolaSection> {
    let name = format!("content/{page}");
    let front = match data::read(&lookup.dir.join(&name)) {
        Ok(text) => data::front_matter(text?.trim_start()),
        Err(fault) => Err(fault),
    };
    let front = front.unwrap_or_else(|fault| {
        facts.notes.push(format!("{} is not used: {}", lookup.show(&name), fault.message));
        Value::Null
    });
    let flag = |key: &str| front.get(key).and_then(Value::as_bool) == Some(true);
    Some(ZolaSection {
        folder: folder.to_owned(),
        title: front.get("title").and_then(text_of),
        is_draft: flag("draft"),
        is_transparent: flag("transparent"),
        has_feeds: flag("generate_feeds") || flag("generate_feed"),
    })
}
