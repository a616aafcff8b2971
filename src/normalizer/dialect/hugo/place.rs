//! Where a page lies below the content, and what that makes of it: its section, its name, its bundle.

use crate::config::{HugoLanguage, HugoSite};

/// Extensions of content that is read here, without the dot.
const MARKDOWN: [&str; 3] = ["md", "markdown", "mdown"];
const HTML: [&str; 3] = ["html", "htm", "xhtml"];

/// A page in one of the site's languages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) language: &'a HugoLanguage,
    /// The folder that it is in, below the content; for a leaf bundle the one that holds the bundle's.
    pub(super) folder: &'a str,
    /// The file's name without language and extension; for a leaf bundle the name of its folder.
    pub(super) name: &'a str,
    pub(super) is_html: bool,
}

impl<'a> Place<'a> {
    /// `None` for what is no page: resources of a bundle, pages of sections, languages that are not built.
    pub(super) fn of(path: &'a str, site: &'a HugoSite) -> Option<Self> {
        let (of_folder, below) = site.content_of(path)?;
        let (folder, file) = below.rsplit_once('/').unwrap_or(("", below));
        if file.starts_with(['.', '#']) || file.ends_with('~') {
            return None;
        }
        let (stem, extension) = file.rsplit_once('.')?;
        let is_one_of = |known: [&str; 3]| known.iter().any(|known| known.eq_ignore_ascii_case(extension));
        let is_html = is_one_of(HTML);
        if !is_html && !is_one_of(MARKDOWN) {
            return None;
        }
        let (stem, language) = site.split_name(stem, of_folder)?;
        let place = match stem {
            "_index" => return None,
            "index" => {
                let (folder, name) = folder.rsplit_once('/').unwrap_or(("", folder));
                Self { language, folder, name, is_html }
            }
            name => Self { language, folder, name, is_html },
        };
        (!place.name.is_empty() && !is_in_bundle(place.folder, site)).then_some(place)
    }

    /// The first folder; empty for a page in no section.
    pub(super) fn section(&self) -> &'a str {
        self.folder.split('/').next().unwrap_or_default()
    }

    /// The folder of the deepest section that it is in: those of the first level are sections, and those with a page.
    pub(super) fn current_section(&self) -> &'a str {
        let mut folder = self.folder;
        while let Some((parent, _)) = folder.rsplit_once('/') {
            if self.language.sections.binary_search_by(|section| section.folder.as_str().cmp(folder)).is_ok() {
                break;
            }
            folder = parent;
        }
        folder
    }

    /// The folders of all sections that it is in, the outermost first.
    pub(super) fn sections(&self) -> Vec<&'a str> {
        let current = self.current_section();
        let ends = current.match_indices('/').map(|(at, _)| at).chain([current.len()]);
        ends.filter_map(|end| current.get(..end))
            .filter(|folder| !folder.is_empty())
            .filter(|folder| {
                !folder.contains('/')
                    || self.language.sections.binary_search_by(|section| section.folder.as_str().cmp(folder)).is_ok()
            })
            .collect()
    }

    /// Its path as Hugo's configuration names it, such as `/posts/my-post`.
    pub(super) fn logical(&self) -> String {
        let below =
            if self.folder.is_empty() { self.name.to_owned() } else { format!("{}/{}", self.folder, self.name) };
        format!("/{}", below.to_lowercase().replace(' ', "-"))
    }
}

/// Whether a folder is that of a leaf bundle, or in one.
fn is_in_bundle(folder: &str, site: &HugoSite) -> bool {
    let mut folder = folder;
    loop {
        if site.bundles.binary_search_by(|bundle| bundle.as_str().cmp(folder)).is_ok() {
            return true;
        }
        let Some((parent, _)) = folder.rsplit_once('/') else { return false };
        folder = parent;
    }
}
