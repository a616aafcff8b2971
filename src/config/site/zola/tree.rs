//! What the folders of the content say: which have a page of their own in which language, and what it says.

use std::path::Path;

use super::super::jekyll::text_of;
use super::super::{Facts, Lookup, data};
use crate::config::{ZolaSection, ZolaSite};
use crate::model::Value;

/// The page of a section.
const PAGE: &str = "_index.md";

/// Walks the content for the sections of each language and the folders that are drafts. What cannot be read is left to the
/// build, which tells of it.
pub(super) fn read(lookup: Lookup<'_>, site: &mut ZolaSite, facts: &mut Facts) {
    let root = lookup.dir.join("content");
    let others = site.others.iter().map(|language| format!("_index.{}.md", language.code));
    let pages: Vec<String> = std::iter::once(PAGE.to_owned()).chain(others).collect();
    let mut pending = vec![String::new()];
    while let Some(folder) = pending.pop() {
        let below = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let entries = entries(&root.join(&folder));
        // The folder of a page is none of a section.
        if !entries.iter().any(|(name, _)| name.starts_with("index.") && name.ends_with(".md")) {
            facts.files.extend(pages.iter().map(|page| root.join(below(page))));
        }
        for (name, is_folder) in entries {
            if is_folder {
                pending.push(below(&name));
            } else if let Some(at) = pages.iter().position(|page| *page == name)
                && let Some(section) = section(lookup, &folder, &below(&name), facts)
            {
                if section.is_draft {
                    site.drafts.push(folder.clone());
                }
                let language = at.checked_sub(1).and_then(|at| site.others.get_mut(at));
                language.unwrap_or(&mut site.default).sections.push(section);
            }
        }
    }
    site.drafts.sort();
    for language in std::iter::once(&mut site.default).chain(&mut site.others) {
        language.sections.sort_by(|a, b| a.folder.cmp(&b.folder));
    }
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
        anchor_links: super::anchor_links(front.get("insert_anchor_links")),
        has_feeds: flag("generate_feeds") || flag("generate_feed"),
    })
}
