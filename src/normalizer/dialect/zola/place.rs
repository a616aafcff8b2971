//! Where a page lies below the content, and what its name says (Zola's `file_info.rs`).

use super::CONTENT;
use crate::config::ZolaSite;

/// A page of the default language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The folder of its section, below the content: for `x/index.md` the one that holds `x`.
    pub(super) folder: &'a str,
    /// The name that its path is made of: that of the file without its extension, or of the folder of `index.md`.
    pub(super) name: &'a str,
}

impl<'a> Place<'a> {
    /// `None` for what is no page: other files, pages of sections, other languages.
    pub(super) fn of(path: &'a str, site: &ZolaSite) -> Option<Self> {
        let below = path.strip_prefix(CONTENT)?.strip_prefix('/')?;
        let (folder, file) = below.rsplit_once('/').unwrap_or(("", below));
        if file.starts_with('.') || file.starts_with("_index.") {
            return None;
        }
        let name = file.strip_suffix(".md")?;
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        if site.other_languages.iter().any(|language| language == rest) {
            return None;
        }
        if first != "index" {
            return Some(Self { folder, name });
        }
        // In the content itself Zola takes none.
        let (parent, own) = folder.rsplit_once('/').unwrap_or(("", folder));
        let name = if name == "index" { own } else { name };
        (!own.is_empty()).then_some(Self { folder: parent, name })
    }
}
