//! What the folders of the content say: which are sections and leaf bundles, and where most pages are.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::jekyll::text_of;
use super::super::{Facts, Lookup, data};
use super::cascades;
use crate::config::{HugoSection, HugoSite};
use crate::model::Value;

/// Extensions of content.
const CONTENT: [&str; 6] = ["md", "markdown", "mdown", "html", "htm", "xhtml"];

/// What was found.
pub(super) struct Tree {
    pub(super) sections: Vec<HugoSection>,
    pub(super) bundles: Vec<String>,
    /// The section with most pages, the first by name of those; empty when no page is in any.
    pub(super) main_section: String,
}

/// One folder's entries, sorted.
#[derive(Default)]
struct Folder {
    folders: Vec<String>,
    pages: Vec<String>,
}

/// Walks the content of the default language. What cannot be read is left to the build, which tells of it.
pub(super) fn read(lookup: Lookup<'_>, site: &HugoSite, facts: &mut Facts) -> Tree {
    let root = lookup.dir.join(&site.content);
    let mut pages: BTreeMap<String, usize> = BTreeMap::new();
    let mut tree = Tree { sections: Vec::new(), bundles: Vec::new(), main_section: String::new() };
    let mut pending = vec![String::new()];
    while let Some(folder) = pending.pop() {
        let entries = entries(&root.join(&folder), site);
        let section = folder.split('/').next().unwrap_or_default();
        let stem = |page: &str| page.split('.').next().unwrap_or_default().to_owned();
        if !folder.is_empty() && entries.pages.iter().any(|page| stem(page) == "index") {
            if folder.contains('/') {
                *pages.entry(section.to_owned()).or_default() += 1;
            }
            if entries.pages.len() > 1 || !entries.folders.is_empty() {
                tree.bundles.push(folder);
            }
            continue;
        }
        let own = entries.pages.iter().find(|page| stem(page) == "_index");
        let own = own.map_or_else(|| "_index.md".to_owned(), Clone::clone);
        let below = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        facts.files.push(root.join(below(&own)));
        tree.sections.extend(read_section(lookup, &site.content, &folder, &below(&own), facts));
        let count = entries.pages.iter().filter(|page| stem(page) != "_index").count();
        if !section.is_empty() {
            *pages.entry(section.to_owned()).or_default() += count;
        }
        pending.extend(entries.folders.iter().map(|name| below(name)));
    }
    tree.sections.sort_by(|a, b| a.folder.cmp(&b.folder));
    tree.bundles.sort();
    let most = pages.values().copied().max().filter(|&most| most > 0);
    let main = pages.into_iter().find(|(_, count)| Some(*count) == most);
    tree.main_section = main.map_or_else(String::new, |(section, _)| section);
    tree
}

fn entries(path: &Path, site: &HugoSite) -> Folder {
    let mut found = Folder::default();
    let Ok(entries) = path.read_dir() else { return found };
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder {
            found.folders.push(name);
        } else if is_page(&name, site) {
            found.pages.push(name);
        }
    }
    found.pages.sort();
    found
}

/// Whether a file is a page of the default language.
fn is_page(name: &str, site: &HugoSite) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let language = stem.rsplit_once('.').map_or("", |(_, language)| language).to_lowercase();
    CONTENT.iter().any(|known| known.eq_ignore_ascii_case(extension)) && !site.other_languages.contains(&language)
}

/// The section whose page this is; a page that cannot be read gives one that says nothing.
fn read_section(lookup: Lookup<'_>, content: &str, folder: &str, page: &str, facts: &mut Facts) -> Option<HugoSection> {
    let name = format!("{content}/{page}");
    let front = match data::read(&lookup.dir.join(&name)) {
        Ok(None) => return None,
        Ok(Some(text)) => data::front_matter(&text),
        Err(fault) => Err(fault),
    };
    let front = front.unwrap_or_else(|fault| {
        facts.notes.push(format!("{} is not used: {}", lookup.show(&name), fault.message));
        Value::Null
    });
    let front = front.with_lowercase_keys();
    Some(HugoSection {
        folder: folder.to_owned(),
        slug: front.get("slug").and_then(text_of),
        title: front.get("title").and_then(text_of),
        cascade: cascades(front.get("cascade")),
    })
}
