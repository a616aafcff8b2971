//! Whether what the folders of a site's content said of it still holds: a Hugo site's main sections, bundles and sections, a
//! Zola site's sections.
//!
//! That is read with the configuration; a file that comes or goes may change it, a save of a post does not.

use std::fs;
use std::path::Path;

use super::site::HUGO_CONTENT;
use super::{Config, Dialect, HugoLanguage, HugoSite, ZolaSite};
use crate::model::SitePath;

impl Config {
    /// Whether the configuration has to be read again since this file or folder below the site was told to have come, gone or
    /// changed. Looks at it and at its neighbours, whatever the number of posts.
    #[must_use]
    pub fn is_outdated_by(&self, path: &SitePath) -> bool {
        let root = &self.source.root;
        let is_outdated_by: &dyn Fn(&str) -> bool = match &self.source.dialect {
            Dialect::Hugo(site) => &|path| site.is_outdated_by(root, path),
            Dialect::Zola(site) => &|path| site.is_outdated_by(root, path),
            Dialect::Jekyll(_) | Dialect::Plain { .. } => return false,
        };
        // A path may lead through a linked folder, which no content is read from; the folder behind it may be content.
        let real = path.under(root).canonicalize().ok().and_then(|real| SitePath::below(root, &real));
        [Some(path), real.as_ref().filter(|real| *real != path)]
            .into_iter()
            .flatten()
            .any(|path| is_outdated_by(&path.text()))
    }
}

impl HugoSite {
    fn is_outdated_by(&self, root: &Path, path: &str) -> bool {
        // As a walk of the content meets it: links are not followed.
        let kind = fs::symlink_metadata(root.join(path)).map(|metadata| metadata.file_type()).ok();
        let is_folder = kind.is_some_and(|kind| kind.is_dir());
        let Some((of_folder, below)) = self.content_of(path) else {
            return self.languages().any(|language| is_within(&language.content, path));
        };
        let (folder, file) = below.rsplit_once('/').unwrap_or(("", below));
        let stem = file.rsplit_once('.').filter(|(_, extension)| is_content(extension)).map(|(stem, _)| stem);
        let Some(stem) = stem.filter(|_| !is_folder) else {
            // What is gone and had no extension may have been a folder.
            return is_folder || (kind.is_none() && !file.contains('.'));
        };
        let Some((name, language)) = self.split_name(stem, of_folder) else { return false };
        let (is_there, is_bundle) = (kind.is_some(), self.is_bundle(folder));
        match name {
            "_index" => is_there && !language.sections.iter().any(|section| section.folder == folder),
            "index" if !folder.is_empty() => {
                let is_news = if is_there { !is_bundle && self.would_hold_more(root, folder) } else { is_bundle };
                is_news || (folder.contains('/') && language.may_shift(folder, is_there))
            }
            _ => language.may_shift(folder, is_there) || (is_there && !is_bundle && self.has_index(root, folder)),
        }
    }

    fn is_bundle(&self, folder: &str) -> bool {
        self.bundles.binary_search_by(|bundle| bundle.as_str().cmp(folder)).is_ok()
    }

    /// Whether a folder with an `index.md` would be among the bundles with further pages.
    fn would_hold_more(&self, root: &Path, folder: &str) -> bool {
        let is_one = self.others.iter().all(|language| language.content == self.default.content);
        let Ok(entries) = fs::read_dir(root.join(&self.default.content).join(folder)) else { return !is_one };
        let counted = entries.flatten().filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_page = name.rsplit_once('.').is_some_and(|(_, extension)| is_content(extension));
            is_page || entry.file_type().is_ok_and(|kind| kind.is_dir())
        });
        !is_one || counted.take(2).count() > 1
    }

    /// Whether a folder has an `index.md` in any language.
    fn has_index(&self, root: &Path, folder: &str) -> bool {
        let codes = || self.languages().map(|language| format!(".{}", language.code)).chain([String::new()]);
        let names = || codes().flat_map(|code| HUGO_CONTENT.map(|extension| format!("index{code}.{extension}")));
        let has = |language: &HugoLanguage| {
            let place = root.join(&language.content).join(folder);
            names().any(|name| fs::symlink_metadata(place.join(name)).is_ok_and(|metadata| !metadata.is_dir()))
        };
        !folder.is_empty() && self.languages().any(has)
    }
}

impl ZolaSite {
    /// Those pages of sections that are known are files of the configuration. This is about new ones, and whole folders.
    fn is_outdated_by(&self, root: &Path, path: &str) -> bool {
        let Some(below) = path.strip_prefix("content").and_then(|below| below.strip_prefix('/')) else {
            return path.is_empty() || path == "content";
        };
        let mut sections = self.languages().flat_map(|language| &language.sections);
        let Ok(metadata) = fs::symlink_metadata(root.join(path)) else {
            return sections.any(|section| is_within(&section.folder, below));
        };
        let (folder, file) = below.rsplit_once('/').unwrap_or(("", below));
        let stem =
            file.strip_suffix(".md").and_then(|stem| self.split_name(stem)).filter(|(stem, _)| *stem == "_index");
        let is_new =
            stem.is_some_and(|(_, language)| !language.sections.iter().any(|section| section.folder == folder));
        metadata.is_dir() || is_new
    }
}

impl HugoLanguage {
    /// Whether the section with most pages may be another one since a page in this folder came or went.
    fn may_shift(&self, folder: &str, is_there: bool) -> bool {
        let section = folder.split('/').next().unwrap_or_default();
        let is_main = self.main_sections.iter().any(|main| main == section);
        self.finds_main && !section.is_empty() && is_there != is_main
    }
}

fn is_content(extension: &str) -> bool {
    HUGO_CONTENT.iter().any(|known| known.eq_ignore_ascii_case(extension))
}

/// Whether a path is a folder or above it.
fn is_within(folder: &str, path: &str) -> bool {
    folder.strip_prefix(path).is_some_and(|rest| path.is_empty() || rest.is_empty() || rest.starts_with('/'))
}
