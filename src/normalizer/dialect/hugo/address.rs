//! Where Hugo puts pages: `url`, `permalinks`, `slug`, else the path of the file (its `page_paths.go`, `permalinks.go`).

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, FixedOffset};

use super::place::Place;
use crate::config::{HugoSite, HugoUgly};
use crate::model::{WebUrl, path_of_text as sanitized, term_path};
use crate::normalizer::permalink;

/// The longest path that a pattern may give, in bytes.
const MAX_BYTES: usize = 8 * 1024;

/// A page whose address is asked for.
pub(super) struct Page<'a> {
    pub(super) site: &'a HugoSite,
    pub(super) place: Place<'a>,
    /// In its own offset; `None` for a page without one.
    pub(super) date: Option<DateTime<FixedOffset>>,
    /// Empty for none.
    pub(super) slug: &'a str,
    pub(super) title: &'a str,
}

impl Page<'_> {
    /// The path that `url` in front matter gives.
    pub(super) fn of_url(&self, url: &str) -> Option<String> {
        let url = self.expand(url)?;
        let is_folder = url.ends_with('/') || !url.contains('.');
        let path = joined(&url);
        let prefix = if url.starts_with('/') { "" } else { self.site.prefix.as_str() };
        Some(format!("/{prefix}{path}{}", if is_folder && !path.is_empty() { "/" } else { "" }))
    }

    /// The path of a page without `url`, and whether it is by a pattern of the configuration.
    pub(super) fn of_place(&self) -> Option<(String, bool)> {
        let logical = self.place.logical();
        let rule = self.site.permalinks.iter().find(|rule| !rule.for_terms && rule.path.is_match(&logical));
        let path = match rule {
            Some(rule) => self.expand(&rule.pattern)?,
            None => {
                let name = if self.slug.is_empty() { self.place.name.replace(' ', "-") } else { self.slug.to_owned() };
                format!("{}/{name}", self.place.folder.replace(' ', "-"))
            }
        };
        let path = sanitized(&joined(&path), self.site.lowercase);
        let is_ugly = match &self.site.ugly_urls {
            HugoUgly::Site(is_ugly) => *is_ugly,
            HugoUgly::Sections(sections) => sections.iter().any(|s| s.eq_ignore_ascii_case(self.place.section())),
        };
        let end = if is_ugly { ".html" } else { "/" };
        Some((format!("/{}{path}{end}", self.site.prefix), rule.is_some()))
    }

    /// A pattern with what its tokens stand for; `None` when it is longer than any page's path. A token that Hugo does
    /// not know stays as it is written (Hugo aborts there).
    fn expand(&self, pattern: &str) -> Option<String> {
        let mut path = String::with_capacity(pattern.len() + 64);
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once(':') {
            if let Some(before) = before.strip_suffix('\\') {
                path.push_str(before);
                path.push(':');
                rest = after;
                continue;
            }
            path.push_str(before);
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let (name, behind) = after.split_at_checked(after.find(|c| !is_name(c)).unwrap_or(after.len()))?;
            let cut = behind.strip_prefix('[').and_then(|cut| cut.split_once(']')).filter(|(cut, _)| !cut.is_empty());
            let (cut, behind) = cut.map_or((None, behind), |(cut, behind)| (Some(cut), behind));
            match self.token(name, cut) {
                Some(text) => path.push_str(&text),
                None => {
                    let _ = write!(path, ":{name}");
                }
            }
            if path.len() > MAX_BYTES {
                return None;
            }
            rest = behind;
        }
        path.push_str(rest);
        (path.len() <= MAX_BYTES).then_some(path)
    }

    fn token(&self, name: &str, cut: Option<&str>) -> Option<String> {
        let urlized = |text: &str| urlized(text, self.site.lowercase);
        let first = |texts: [&str; 2]| texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default().to_owned();
        Some(match name {
            "title" => urlized(self.title),
            "slug" => urlized(&first([self.slug, self.title])),
            "filename" | "contentbasename" => urlized(self.place.name),
            "slugorfilename" | "slugorcontentbasename" => urlized(&first([self.slug, self.place.name])),
            "section" => self.place.section().to_lowercase().replace(' ', "-"),
            "sections" => {
                let section = self.place.current_section(self.site).to_lowercase().replace(' ', "-");
                slice(section.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect(), cut)
            }
            "sectionslug" => urlized(&self.section_names().into_iter().next().unwrap_or_default()),
            "sectionslugs" => slice(self.section_names().iter().map(|name| urlized(name)).collect(), cut),
            _ => day(name, self.date?)?,
        })
    }

    /// The slug, else the title, of each section that it is in.
    fn section_names(&self) -> Vec<String> {
        let name = |folder: &str| {
            let section = self.site.sections.iter().find(|section| section.folder == folder);
            let stated = section.and_then(|section| section.slug.clone().or_else(|| section.title.clone()));
            stated.unwrap_or_else(|| folder.rsplit('/').next().unwrap_or_default().to_owned())
        };
        self.place.sections(self.site).into_iter().map(name).collect()
    }
}

/// A part of a date: by name, or as Go's layouts write it.
fn day(name: &str, date: DateTime<FixedOffset>) -> Option<String> {
    let format = match name {
        "year" | "2006" => "%Y",
        "month" | "01" => "%m",
        "monthname" | "January" => "%B",
        "day" | "02" => "%d",
        "weekday" => "%w",
        "weekdayname" | "Monday" => "%A",
        "yearday" => return Some(date.ordinal().to_string()),
        "06" => "%y",
        "1" => "%-m",
        "Jan" => "%b",
        "2" => "%-d",
        "002" => "%j",
        "Mon" => "%a",
        "15" => "%H",
        "03" => "%I",
        "04" => "%M",
        "05" => "%S",
        _ => return None,
    };
    Some(date.format(format).to_string())
}

/// The parts that `[1]`, `[last]`, `[1:]` or `[:last]` ask for, as a path; all of them without one.
fn slice(parts: Vec<String>, cut: Option<&str>) -> String {
    let Some(cut) = cut else { return parts.join("/") };
    let place = |text: &str| match text.trim() {
        "last" => parts.len().saturating_sub(1),
        number => number.parse().unwrap_or(0),
    };
    let range = match cut.split_once(':') {
        None => place(cut)..place(cut).saturating_add(1).min(parts.len()),
        Some((from, to)) => place(from)..if to.trim().is_empty() { parts.len() } else { place(to).min(parts.len()) },
    };
    parts.get(range).unwrap_or_default().join("/")
}

/// The path of a taxonomy's page of a label.
pub(super) fn of_term(site: &HugoSite, taxonomy: &str, label: &str) -> Option<String> {
    let term = term_path(label, site.lowercase);
    let logical = format!("/{taxonomy}/{term}");
    let rule = site.permalinks.iter().find(|rule| rule.for_terms && rule.path.is_match(&logical));
    let path = match rule {
        Some(rule) => {
            let place = Place { folder: taxonomy, name: &term, is_html: false };
            let page = Page { site, place, date: None, slug: "", title: label };
            sanitized(&joined(&page.expand(&rule.pattern)?), site.lowercase)
        }
        None => format!("{taxonomy}/{term}"),
    };
    let end = if matches!(site.ugly_urls, HugoUgly::Site(true)) { ".html" } else { "/" };
    Some(format!("/{}{path}{end}", site.prefix))
}

/// The absolute address of a path, in which `#` and `?` are ordinary characters.
pub(super) fn absolute(url: &WebUrl, path: &str) -> Option<WebUrl> {
    permalink::absolute(url, &path.replace('#', "%23").replace('?', "%3F"))
}

/// The segments of a path without those that are empty, `.` or `..`.
fn joined(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    segments.join("/")
}

/// A text as one segment of a permalink: made safe, and again without what would part it.
fn urlized(text: &str, lowercase: bool) -> String {
    sanitized(&sanitized(text, lowercase).replace(['+', '/', '\\'], " "), lowercase)
}
