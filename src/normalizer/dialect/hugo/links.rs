//! What `ref` and `relref` lead to: the page that another post has, as that post says it.

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
        let places = candidates(name, from.folder, language);
        let found = places.iter().find_map(|below| self.post_at(others, below, language));
        // Sites write a path with folders from the content on.
        let by_path = if name.contains('/') { joined(name) } else { places.first().cloned()? };
        found.or_else(|| self.page_at(&by_path, language))
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
fn candidates(name: &str, folder: &str, language: &HugoLanguage) -> Vec<String> {
    if name.starts_with('/') {
        return vec![joined(name)];
    }
    let mut places = vec![joined(&format!("{folder}/{name}")), joined(name)];
    if !name.contains('/') {
        let is_main = |folder: &str| {
            folder.split_once('/').is_some_and(|(section, _)| language.main_sections.iter().any(|main| main == section))
        };
        let nested = language.sections.iter().map(|section| &section.folder).filter(|folder| is_main(folder));
        places.extend(language.main_sections.iter().chain(nested).map(|folder| joined(&format!("{folder}/{name}"))));
    }
    places
}
