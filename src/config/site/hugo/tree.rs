//! What the folders of the content say: which are sections and leaf bundles, and where most pages are.

use std::collections::{BTreeMap, BTreeSet};

use super::super::jekyll::text_of;
use super::super::{Facts, Lookup, data};
use super::{CONTENT, cascades};
use crate::config::{HugoSection, HugoSite};
use crate::model::Value;

/// Pages in languages that Hugo knows and that are not read here: AsciiDoc, Org, reStructuredText and Pandoc's Markdown.
const UNREAD: [&str; 7] = ["ad", "adoc", "asciidoc", "org", "pandoc", "pdc", "rst"];

/// One folder's entries, sorted.
#[derive(Default)]
struct Folder {
    folders: Vec<String>,
    pages: Vec<String>,
    /// The endings of pages in languages that are not read, one a page.
    unread: Vec<&'static str>,
}

/// A page among a folder's entries.
struct Page<'f> {
    file: &'f str,
    /// Without language and extension.
    name: &'f str,
    /// Its place among the languages.
    language: usize,
}

/// What is found on the way.
struct Reading<'a> {
    lookup: Lookup<'a>,
    site: &'a HugoSite,
    facts: &'a mut Facts,
    /// Of each language, by its place among them: the sections with a page, and how many pages lie in each top folder.
    sections: Vec<Vec<HugoSection>>,
    pages: Vec<BTreeMap<String, usize>>,
    /// Folders that are bundles, and whether they hold more than the one page.
    bundles: BTreeMap<String, bool>,
    /// How many pages there are that are not read, by their ending.
    unread: BTreeMap<&'static str, usize>,
}

/// Walks the content, and notes what it says in each language. What cannot be read is left to the build, which tells of it.
pub(super) fn read(lookup: Lookup<'_>, site: &mut HugoSite, facts: &mut Facts) {
    let languages = site.languages().count();
    let contents: BTreeSet<&str> = site.languages().map(|language| language.content.as_str()).collect();
    let is_one = contents.len() == 1;
    let mut reading = Reading {
        lookup,
        site,
        facts,
        sections: vec![Vec::new(); languages],
        pages: vec![BTreeMap::new(); languages],
        bundles: BTreeMap::new(),
        unread: BTreeMap::new(),
    };
    for content in contents {
        reading.content(content);
    }
    let Reading { sections, pages, bundles, unread, facts, .. } = reading;
    for (ending, count) in unread {
        let files = if count == 1 { "one file".to_owned() } else { format!("{count} files") };
        facts
            .notes
            .push(format!("content has {files} with `.{ending}`, which is not read: those pages are in no feed"));
    }
    // A bundle of one language is one of all: what lies there in the folder of another one is no page.
    let bundles = bundles.into_iter().filter(|(_, holds_more)| *holds_more || !is_one);
    site.bundles = bundles.map(|(folder, _)| folder).collect();
    let languages = std::iter::once(&mut site.default).chain(&mut site.others);
    for ((language, mut sections), pages) in languages.zip(sections).zip(pages) {
        sections.sort_by(|a, b| a.folder.cmp(&b.folder));
        language.sections = sections;
        if language.finds_main {
            language.main_sections = vec![main_section(pages)];
        }
    }
}

/// The section with most pages, the first by name of those; empty when no page is in any.
fn main_section(pages: BTreeMap<String, usize>) -> String {
    let most = pages.values().copied().max().filter(|&most| most > 0);
    let main = pages.into_iter().find(|(_, count)| Some(*count) == most);
    main.map_or_else(String::new, |(section, _)| section)
}

impl Reading<'_> {
    /// All folders of a content folder, but those of another one in it.
    fn content(&mut self, content: &str) {
        let mut pending = vec![String::new()];
        while let Some(folder) = pending.pop() {
            let path = if folder.is_empty() { content.to_owned() } else { format!("{content}/{folder}") };
            let is_own = folder.is_empty() || !self.site.languages().any(|language| language.content == path);
            if is_own {
                let entries = self.entries(&path);
                pending.extend(self.folder(content, &folder, entries));
            }
        }
    }

    /// Takes note of a folder's pages; gives the folders in it that may hold more.
    fn folder(&mut self, content: &str, folder: &str, entries: Folder) -> Vec<String> {
        let below = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let pages: Vec<Page<'_>> = entries.pages.iter().filter_map(|file| self.page(content, file)).collect();
        if !folder.is_empty() && pages.iter().any(|page| page.name == "index") {
            for page in pages.iter().filter(|page| page.name == "index" && folder.contains('/')) {
                self.count(folder, page.language);
            }
            let holds_more = pages.iter().any(|page| page.name != "index") || !entries.folders.is_empty();
            *self.bundles.entry(folder.to_owned()).or_default() |= holds_more;
            return Vec::new();
        }
        for ending in entries.unread {
            *self.unread.entry(ending).or_default() += 1;
        }
        for language in 0..self.sections.len() {
            let own = pages.iter().find(|page| page.name == "_index" && page.language == language);
            self.section(content, folder, language, own.map(|page| page.file));
        }
        for page in pages.iter().filter(|page| page.name != "_index") {
            self.count(folder, page.language);
        }
        entries.folders.iter().map(|name| below(name)).collect()
    }

    /// A page lies in a section.
    fn count(&mut self, folder: &str, language: usize) {
        let section = folder.split('/').next().unwrap_or_default();
        let Some(pages) = self.pages.get_mut(language).filter(|_| !section.is_empty()) else { return };
        match pages.get_mut(section) {
            Some(count) => *count += 1,
            None => drop(pages.insert(section.to_owned(), 1)),
        }
    }

    /// Reads the page of a folder in a language, where it has one, and watches for one where it could have.
    fn section(&mut self, content: &str, folder: &str, at: usize, page: Option<&str>) {
        let Some(language) = self.site.languages().nth(at) else { return };
        let file = match page {
            Some(file) => file.to_owned(),
            None if language.content != content => return,
            None if self.page(content, "_index.md").is_some_and(|page| page.language == at) => "_index.md".to_owned(),
            None => format!("_index.{}.md", language.code),
        };
        let page = if folder.is_empty() { file } else { format!("{folder}/{file}") };
        self.facts.files.push(self.lookup.dir.join(content).join(&page));
        let section = read_section(self.lookup, content, folder, &page, self.facts);
        if let Some(sections) = self.sections.get_mut(at) {
            sections.extend(section);
        }
    }

    fn entries(&self, path: &str) -> Folder {
        let mut found = Folder::default();
        let Ok(entries) = self.lookup.dir.join(path).read_dir() else { return found };
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name.starts_with('.') {
                continue;
            }
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder {
                found.folders.push(name);
            } else if is_page(&name) {
                found.pages.push(name);
            } else {
                found.unread.extend(ending_of(&name, &UNREAD));
            }
        }
        found.pages.sort();
        found
    }

    /// A file of a content folder as a page; `None` when its language is not built.
    fn page<'f>(&self, content: &str, file: &'f str) -> Option<Page<'f>> {
        let otherwise = self.site.languages().find(|language| language.content == content)?;
        let (name, own) = self.site.split_name(file.rsplit_once('.')?.0, otherwise)?;
        let language = self.site.languages().position(|language| language.code == own.code)?;
        Some(Page { file, name, language })
    }
}

fn is_page(name: &str) -> bool {
    ending_of(name, &CONTENT).is_some()
}

/// Which of these endings a name has.
fn ending_of(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    known.iter().find(|known| known.eq_ignore_ascii_case(extension)).copied()
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
