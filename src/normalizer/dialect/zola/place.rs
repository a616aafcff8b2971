//! Where a page lies below the content, and what its name says (Zola's `file_info.rs`).

use super::CONTENT;
use crate::config::{ZolaLanguage, ZolaSite};

/// A page in one of the site's languages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) language: &'a ZolaLanguage,
    /// The folder of its section, below the content: for `x/index.md` the one that holds `x`.
    pub(super) folder: &'a str,
    /// The name that its path is made of: that of the file without language and extension, or of the folder of `index.md`.
    pub(super) name: &'a str,
}

impl<'a> Place<'a> {
    /// `None` for what is no page: other files, pages of sections.
    pub(super) fn of(path: &'a str, site: &'a ZolaSite) -> Option<Self> {
        let below = path.strip_prefix(CONTENT)?.strip_prefix('/')?;
        let (folder, file) = below.rsplit_once('/').unwrap_or(("", below));
        if file.starts_with('.') || file.starts_with("_index.") {
            return None;
        }
        let (name, language) = site.split_name(file.strip_suffix(".md")?)?;
        if name.split('.').next() != Some("index") {
            return Some(Self { language, folder, name });
        }
        // In the content itself Zola takes none.
        let (parent, own) = folder.rsplit_once('/').unwrap_or(("", folder));
        let name = if name == "index" { own } else { name };
        (!own.is_empty()).then_some(Self { language, folder: parent, name })
    }
}
