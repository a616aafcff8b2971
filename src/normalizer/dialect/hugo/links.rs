//! What `ref`, `relref` and links lead to: the page that another post has, as that post says it.

use percent_encoding::percent_decode_str;

use super::Hugo;
use super::address::{self, Page, joined};
use super::place::Place;
use crate::config::HugoLanguage;
use crate::model::{SitePath, WebUrl};
use crate::normalizer::dialect::{Dialect, Others, Role, Source};
use crate::normalizer::front_matter::{self, Fences, Parsed};

/// Extensions that links may lead to.
const EXTENSIONS: [&str; 3] = ["md", "markdown", "html"];

impl Hugo {
    /// The address of the page that a path in a page means, in the page's language or in that with this code. Looked for
    /// below the page's folder, below the content, and by its name alone in the main sections and those within; where there is no such post,
    /// it is the address of a page at that path.
    pub(super) fn link_to(
        &self,
        others: &dyn Others,
        from: &Place<'_>,
        path: &str,
        code: Option<&str>,
    ) -> Option<WebUrl> {
        let asked = |code: &str| self.site.languages().find(|language| language.code.eq_ignore_ascii_case(code));
        let language = code.map_or(Some(from.language), asked)?;
        let name = self.without_ending(path, language);
        let places = candidates(name, from.folder);
        let mut everywhere = places.iter().cloned().chain(by_name(name, language));
        let found = everywhere.find_map(|below| self.post_at(others, &below, language));
        // Sites write a path with folders from the content on.
        let by_path = if name.contains('/') { joined(name) } else { places.first().cloned()? };
        let section = || {
            let own = language.sections.iter().map(|section| &section.folder).chain(&language.main_sections);
            let folders: Vec<&String> = own.collect();
            let is_one = |below: &&String| folders.iter().any(|folder| folder.eq_ignore_ascii_case(below));
            let folder = places.iter().find(is_one)?;
            address::absolute(&self.own(from).url, &address::of_section(language, folder))
        };
        found.or_else(section).or_else(|| self.page_at(&by_path, language))
    }

    /// The address that the target of a link in Markdown becomes, as by Hugo's embedded render hook: that of a post where it
    /// names one, that of the page at its path where it names a file of Markdown, else `None`.
    pub(super) fn target_of(&self, others: &dyn Others, from: &Place<'_>, target: &str) -> Option<String> {
        let (path, rest) = target.split_at_checked(target.find(['?', '#']).unwrap_or(target.len()))?;
        let first = path.split('/').next().unwrap_or_default();
        if path.is_empty() || path.starts_with("//") || first.contains(':') {
            return None;
        }
        let path = percent_decode_str(path).decode_utf8_lossy();
        let name = self.without_ending(&path, from.language);
        let places = candidates(name, from.folder);
        let found = places.iter().find_map(|below| self.post_at(others, below, from.language));
        let names_a_file = name.len() < path.trim_end_matches('/').len();
        let by_path = || places.first().filter(|_| names_a_file).and_then(|below| self.page_at(below, from.language));
        Some(format!("{}{rest}", found.or_else(by_path)?))
    }

    /// A path without `/index.md`, `.zh.md` or `.md`.
    fn without_ending<'p>(&self, path: &'p str, language: &HugoLanguage) -> &'p str {
        let end = path.rsplit_once('.').filter(|(_, extension)| EXTENSIONS.contains(extension));
        let Some((stem, _)) = end else { return path.trim_end_matches('/') };
        let stem = self.site.split_name(stem, language).map_or(stem, |(stem, _)| stem);
        ["/index", "/_index"].iter().find_map(|index| stem.strip_suffix(index)).unwrap_or(stem)
    }

    /// The address that the post at a path below the content says it has.
    fn post_at(&self, others: &dyn Others, below: &str, language: &HugoLanguage) -> Option<WebUrl> {
        for file in self.files(below, language) {
            let path = SitePath::from_bytes(file.as_bytes());
            let Some(bytes) = (self.role(&path) == Role::Post).then(|| others.read(&path)).flatten() else { continue };
            let Parsed::Document(document) = front_matter::parse(&bytes, Fences::All) else { continue };
            let source = Source { others, path: &path, document: &document, has_front_matter: true };
            let head = self.head(&source, &mut Vec::new());
            return head.map_or_else(|_| self.page_at(below, language), |head| Some(head.link.value));
        }
        None
    }

    /// The files that a post may be, in a language.
    fn files(&self, below: &str, language: &HugoLanguage) -> Vec<String> {
        let mut files = Vec::new();
        for own in self.site.languages() {
            let content = &own.content;
            let of_folder = self.site.content_of(&format!("{content}/x")).map(|(language, _)| language.code.as_str());
            let code = format!(".{}", language.code);
            let codes = if of_folder == Some(&language.code) { vec![code.as_str(), ""] } else { vec![code.as_str()] };
            for (index, extension) in ["", "/index"].iter().flat_map(|index| EXTENSIONS.map(|end| (*index, end))) {
                files.extend(codes.iter().map(|code| format!("{content}/{below}{index}{code}.{extension}")));
            }
        }
        files.sort();
        files.dedup();
        files
    }

    fn page_at(&self, below: &str, language: &HugoLanguage) -> Option<WebUrl> {
        let (folder, name) = below.rsplit_once('/').unwrap_or(("", below));
        let place = Place { language, folder, name, is_html: false };
        let page = Page { place, date: None, slug: "", title: name };
        address::absolute(&self.own(&place).url, &page.of_place()?.0)
    }
}

/// Where below the content a path in a page of this folder may lead, the first that is there.
fn candidates(name: &str, folder: &str) -> Vec<String> {
    if name.starts_with('/') {
        return vec![joined(name)];
    }
    vec![joined(&format!("{folder}/{name}")), joined(name)]
}

/// Where a page of this name alone may lie below the content: in the main sections and in those within.
fn by_name(name: &str, language: &HugoLanguage) -> impl Iterator<Item = String> {
    let is_main = |folder: &str| {
        folder.split_once('/').is_some_and(|(section, _)| language.main_sections.iter().any(|main| main == section))
    };
    let nested = language.sections.iter().map(|section| &section.folder).filter(move |folder| is_main(folder));
    let is_name = !name.contains('/');
    let folders = language.main_sections.iter().chain(nested).filter(move |_| is_name);
    folders.map(move |folder| joined(&format!("{folder}/{name}")))
}
