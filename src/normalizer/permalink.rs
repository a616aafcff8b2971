//! Permalink templates, as Jekyll fills them in (its `url.rs`, `drops/url_drop.rb`): placeholders in, a path of the site out.

mod address;
mod slug;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono::{DateTime, Datelike, FixedOffset, Timelike};

use super::label;
pub(crate) use address::{absolute, escape_path, reference};
pub(crate) use slug::{Slugify, lowercase, slugify, titleize, words};

/// The longest path that a template may give, in bytes: no file system has room for the page of a longer one.
const MAX_BYTES: usize = 8 * 1024;

/// What the placeholders of a post's template stand for.
pub(crate) struct Placeholders<'a> {
    /// In the zone of the site.
    pub(crate) date: DateTime<FixedOffset>,
    /// The front matter's `slug`, else that of the file name.
    pub(crate) slug: &'a str,
    /// The file's name without its extension.
    pub(crate) basename: &'a str,
    /// The path of the file without the posts folder and the extension.
    pub(crate) path: &'a str,
    /// As the post writes them.
    pub(crate) categories: &'a [Cow<'a, str>],
    /// Such as `.html`.
    pub(crate) output_ext: &'a str,
    pub(crate) collection: &'a str,
    /// What only plain sites have.
    pub(crate) tree: Option<Tree<'a>>,
}

/// What more a template of a plain site may ask for.
pub(crate) struct Tree<'a> {
    /// The folder that the page lies in, without a date at its end.
    pub(crate) folder: &'a str,
    /// The file's name without date and extension, as it stands.
    pub(crate) stem: &'a str,
    pub(crate) title: &'a str,
    /// Whether the front matter states a slug.
    pub(crate) has_slug: bool,
}

impl Placeholders<'_> {
    /// The path below the site that a template gives, beginning with `/`; `None` when it would be longer than any page's.
    ///
    /// A placeholder that does not exist stays as it is written (Jekyll aborts there).
    pub(crate) fn expand(&self, template: &str) -> Option<String> {
        let mut url = String::with_capacity(template.len() + 64);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once(':') {
            url.push_str(before);
            let end = after.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(after.len());
            let (name, tail) = after.split_at_checked(end).unwrap_or((after, ""));
            // `:month_` is `:month` and an underscore, as `:i_month` is a name of its own.
            if name.strip_suffix('_').is_some_and(|shorter| self.push(shorter, &mut url).is_some()) {
                url.push('_');
            } else if self.push(name, &mut url).is_none() {
                url.push(':');
                url.push_str(name);
            }
            if url.len() > MAX_BYTES {
                return None;
            }
            rest = tail;
        }
        url.push_str(rest);
        (url.len() <= MAX_BYTES).then(|| sanitize(&url))
    }

    /// Writes what a placeholder stands for; `None` when there is none of this name.
    fn push(&self, name: &str, url: &mut String) -> Option<()> {
        let date = &self.date;
        let mut text = |text: &str| url.push_str(&escape_path(text));
        match name {
            "title" => text(&slugify(self.slug, Slugify::Pretty, true)),
            "slug" => text(&slugify(self.slug, Slugify::Default, false)),
            "name" => text(&slugify(self.basename, Slugify::Default, false)),
            "basename" => text(self.basename),
            "path" => text(self.path),
            "categories" => text(&self.folders(|category| lowercase(category).into_owned())),
            "slugified_categories" => text(&self.folders(|category| slugify(category, Slugify::Default, false))),
            "output_ext" => text(self.output_ext),
            "collection" => text(self.collection),
            "folder" => text(self.tree.as_ref()?.folder),
            "stem" => text(self.tree.as_ref()?.stem),
            "title_slug" => text(&words(self.tree.as_ref()?.title)),
            // Docusaurus: a slug that is stated is all of the path.
            "slug_or_day" if self.tree.as_ref()?.has_slug => text(self.slug.trim_start_matches('/')),
            "slug_or_day" => text(&format!("{}/{}", date.format("%Y/%m/%d"), self.tree.as_ref()?.stem)),
            _ => {
                let (year, month, day) = (date.year(), date.month(), date.day());
                let _ = match name {
                    "year" => write!(url, "{year:04}"),
                    "month" => write!(url, "{month:02}"),
                    "day" => write!(url, "{day:02}"),
                    "i_month" => write!(url, "{month}"),
                    "i_day" => write!(url, "{day}"),
                    "short_year" => write!(url, "{:02}", year.rem_euclid(100)),
                    "hour" => write!(url, "{:02}", date.hour()),
                    "minute" => write!(url, "{:02}", date.minute()),
                    "second" => write!(url, "{:02}", date.second()),
                    "short_month" => write!(url, "{}", date.format("%b")),
                    "long_month" => write!(url, "{}", date.format("%B")),
                    "w_year" => write!(url, "{:04}", date.iso_week().year()),
                    "week" => write!(url, "{:02}", date.iso_week().week()),
                    "w_day" => write!(url, "{}", date.weekday().number_from_monday()),
                    "short_day" => write!(url, "{}", date.format("%a")),
                    "long_day" => write!(url, "{}", date.format("%A")),
                    "y_day" => write!(url, "{:03}", date.ordinal()),
                    _ => return None,
                };
            }
        }
        Some(())
    }

    /// A folder a category, each once.
    fn folders(&self, segment: impl Fn(&str) -> String) -> String {
        label::distinct(self.categories.iter().map(|category| segment(category)).collect()).join("/")
    }
}

/// Strips `..`, `./` and repeated slashes, and begins with one slash, as Jekyll's `sanitize_url` does.
pub(crate) fn sanitize(path: &str) -> String {
    let is_clean = path.starts_with('/') && !["..", "./", "//"].iter().any(|unwanted| path.contains(unwanted));
    if is_clean {
        return path.to_owned();
    }
    let stripped = format!("/{path}").replace("..", "/").replace("./", "");
    let mut url = String::with_capacity(stripped.len());
    for c in stripped.chars() {
        if c != '/' || !url.ends_with('/') {
            url.push(c);
        }
    }
    url
}
