//! Links that name other files of the site: Pelican's `{filename}other.md` and its kind, and paths of Markdown files.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::{Plain, kind};
use crate::model::{SitePath, WebUrl};
use crate::normalizer::dialect::{Dialect as _, Others, Role, Source};
use crate::normalizer::front_matter::{self, Parsed};
use crate::normalizer::permalink::{self, Slugify};
use crate::normalizer::{render, targets};

impl Plain {
    /// The HTML of the post at `path` with the addresses of the posts that its links name by their files.
    pub(super) fn with_links<'h>(&self, html: &'h str, path: &str, others: &dyn Others) -> Cow<'h, str> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let resolve = |target: &str| self.target(target, folder, others);
        match targets::replaced(html, "href=\"", resolve) {
            Cow::Borrowed(html) => targets::replaced(html, "src=\"", resolve),
            Cow::Owned(html) => Cow::Owned(targets::replaced(&html, "src=\"", resolve).into_owned()),
        }
    }

    /// What the target of a link in a file of this folder becomes; `None` for one that stands as it is.
    fn target(&self, target: &str, folder: &str, others: &dyn Others) -> Option<String> {
        let end = target.find(['?', '#']).unwrap_or(target.len());
        let (path, rest) = target.split_at_checked(end)?;
        let path = percent_decode_str(path).decode_utf8_lossy();
        if let Some((what, path)) = marker(&path) {
            // Without a page no link is better than a broken one.
            return Some(self.marked(what, path, folder, others).map_or_else(|| "#".to_owned(), |page| page + rest));
        }
        let is_address = path.starts_with("//") || path.split('/').next().is_some_and(|first| first.contains(':'));
        let is_markdown = kind(&path) == Some(render::Kind::Markdown);
        if is_address || !is_markdown {
            return None;
        }
        Some(self.page_of(&joined(folder, &path), others)?.to_string() + rest)
    }

    /// What Pelican makes of `{what}path` (its "Linking to internal content"), with its own names of pages.
    fn marked(&self, what: &str, path: &str, folder: &str, others: &dyn Others) -> Option<String> {
        let of_term = |kind: &str| {
            let slug = permalink::slugify(path, Slugify::Default, false);
            permalink::absolute(&self.config.site.url, &format!("/{kind}/{slug}.html")).map(|url| url.to_string())
        };
        match what {
            "filename" => self.page_of(&joined(folder, path), others).map(|url| url.to_string()),
            // What is attached lies beside the page.
            "attach" if !path.starts_with('/') => Some(permalink::escape_path(path)),
            "static" | "attach" => {
                let path = format!("/{}", permalink::escape_path(&joined(folder, path)));
                permalink::absolute(&self.config.site.url, &path).map(|url| url.to_string())
            }
            "index" => Some(self.config.site.url.to_string()),
            "category" | "tag" | "author" => of_term(what),
            _ => None,
        }
    }

    /// The address that the post in a file says it has.
    fn page_of(&self, path: &str, others: &dyn Others) -> Option<WebUrl> {
        let path = SitePath::from_bytes(path.as_bytes());
        let bytes = (self.role(&path) == Role::Post).then(|| others.read(&path)).flatten()?;
        let (document, has_front_matter) = match front_matter::parse(&bytes, self.fences()) {
            Parsed::Document(document) => (document, true),
            Parsed::Absent(document) => document.with_headers(),
            Parsed::Unusable(_) => return None,
        };
        let source = Source { others, path: &path, document: &document, has_front_matter };
        Some(self.head(&source, &mut Vec::new()).ok()?.link.value)
    }
}

/// Pelican's `{what}` or `|what|` at the head of a target, and what follows it.
fn marker(target: &str) -> Option<(&str, &str)> {
    let (what, path) = match target.strip_prefix('{') {
        Some(rest) => rest.split_once('}')?,
        None => target.strip_prefix('|')?.split_once('|')?,
    };
    ["filename", "static", "attach", "index", "category", "tag", "author"].contains(&what).then_some((what, path))
}

/// A path below the site, from a folder there or, with a slash at its head, from the site's.
fn joined(folder: &str, path: &str) -> String {
    let folder = if path.starts_with('/') { "" } else { folder };
    let mut segments: Vec<&str> = Vec::new();
    for segment in folder.split('/').chain(path.split('/')) {
        match segment {
            "" | "." => {}
            ".." => _ = segments.pop(),
            _ => segments.push(segment),
        }
    }
    segments.join("/")
}
