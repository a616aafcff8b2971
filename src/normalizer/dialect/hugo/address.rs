//! Where Hugo puts pages: `url`, `permalinks`, `slug`, else the path of the file (its `page_paths.go`, `permalinks.go`).

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, FixedOffset};
use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

use super::place::Place;
use crate::config::{HugoLanguage, HugoUgly};
use crate::model::{WebUrl, path_of_text as sanitized, term_path};

/// The longest path that a pattern may give, in bytes.
const MAX_BYTES: usize = 8 * 1024;

/// A page whose address is asked for.
pub(super) struct Page<'a> {
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
        let prefix = if url.starts_with('/') { "" } else { self.place.language.prefix.as_str() };
        Some(format!("/{prefix}{path}{}", if is_folder && !path.is_empty() { "/" } else { "" }))
    }

    /// The path of a page without `url`, and whether it is by a pattern of the configuration.
    pub(super) fn of_place(&self) -> Option<(String, bool)> {
        let logical = self.place.logical();
        let rule = self.place.language.permalinks.iter().find(|rule| !rule.for_terms && rule.path.is_match(&logical));
        let path = match rule {
            Some(rule) => self.expand(&rule.pattern)?,
            None => {
                // Where paths are in lower case, a space in the file's is a hyphen before anything else.
                let own =
                    |text: &str| if self.place.language.lowercase { text.replace(' ', "-") } else { text.to_owned() };
                let name = if self.slug.is_empty() { own(self.place.name) } else { self.slug.to_owned() };
                format!("{}/{name}", own(self.place.folder))
            }
        };
        let is_ugly = match &self.place.language.ugly_urls {
            HugoUgly::Site(is_ugly) => *is_ugly,
            HugoUgly::Sections(sections) => sections.iter().any(|s| s.eq_ignore_ascii_case(self.place.section())),
        };
        let joined = joined(&path);
        let path = if is_ugly {
            sanitized(&format!("{joined}.html"), self.place.language.lowercase)
        } else {
            let path = sanitized(&joined, self.place.language.lowercase);
            if path.is_empty() || path.ends_with('/') { path } else { path + "/" }
        };
        Some((format!("/{}{}", self.place.language.prefix, letters(path, self.place.language)), rule.is_some()))
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
        let urlized = |text: &str| urlized(text, self.place.language.lowercase);
        let titled = |text: &str| titled(text, self.place.language.lowercase);
        let slug = (!self.slug.is_empty()).then(|| urlized(self.slug));
        Some(match name {
            "title" => titled(self.title),
            "slug" => slug.unwrap_or_else(|| titled(self.title)),
            "filename" | "contentbasename" => urlized(self.place.name),
            "slugorfilename" | "slugorcontentbasename" => slug.unwrap_or_else(|| urlized(self.place.name)),
            "section" => self.place.section().to_lowercase().replace(' ', "-"),
            "sections" => {
                let section = self.place.current_section().to_lowercase().replace(' ', "-");
                slice(section.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect(), cut)
            }
            "sectionslug" => titled(&self.section_names().into_iter().next().unwrap_or_default()),
            "sectionslugs" => slice(self.section_names().iter().map(|name| titled(name)).collect(), cut),
            _ => day(name, self.date?)?,
        })
    }

    /// The slug, else the title, of each section that it is in.
    fn section_names(&self) -> Vec<String> {
        let name = |folder: &str| {
            let section = self.place.language.sections.iter().find(|section| section.folder == folder);
            let stated = section.and_then(|section| section.slug.clone().or_else(|| section.title.clone()));
            stated.unwrap_or_else(|| folder.rsplit('/').next().unwrap_or_default().to_owned())
        };
        self.place.sections().into_iter().map(name).collect()
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
pub(super) fn of_term(language: &HugoLanguage, taxonomy: &str, label: &str) -> Option<String> {
    let term = term_path(label, language.lowercase);
    let logical = format!("/{taxonomy}/{term}");
    let rule = language.permalinks.iter().find(|rule| rule.for_terms && rule.path.is_match(&logical));
    let path = match rule {
        Some(rule) => {
            let place = Place { language, folder: taxonomy, name: &term, is_html: false };
            let page = Page { place, date: None, slug: "", title: label };
            sanitized(&joined(&page.expand(&rule.pattern)?), language.lowercase)
        }
        None => format!("{taxonomy}/{term}"),
    };
    let end = if matches!(language.ugly_urls, HugoUgly::Site(true)) { ".html" } else { "/" };
    Some(format!("/{}{}{end}", language.prefix, letters(path, language)))
}

/// The path of the page of a section, which no pattern changes.
pub(super) fn of_section(language: &HugoLanguage, folder: &str) -> String {
    let own = if language.lowercase { folder.replace(' ', "-") } else { folder.to_owned() };
    let path = sanitized(&joined(&own), language.lowercase);
    format!("/{}{}/", language.prefix, letters(path, language))
}

/// The absolute address of a path: what no path may hold is percent-encoded, escapes stay unless nothing needs them.
pub(super) fn absolute(url: &WebUrl, path: &str) -> Option<WebUrl> {
    let path = path.trim_start_matches('/');
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let mut address = String::with_capacity(path.len() + 16);
    let mut bytes = path.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        let hex = path.get(at + 1..at + 3).filter(|hex| byte == b'%' && hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let escaped = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let byte = escaped.unwrap_or(byte);
        if escaped.is_some() {
            bytes.nth(1);
        }
        if is_plain(byte) || (escaped.is_none() && b"!$&'()*+,;=:@/".contains(&byte)) {
            address.push(char::from(byte));
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    url.below(&address)
}

/// The segments of a path without those that are empty, `.` or `..`.
pub(super) fn joined(path: &str) -> String {
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

/// A path with its letters as the language has them: without accents where it is set so.
fn letters(path: String, language: &HugoLanguage) -> String {
    if !language.removes_accents || path.is_ascii() {
        return path;
    }
    path.nfd().filter(|c| c.general_category() != GeneralCategory::NonspacingMark).nfc().collect()
}

/// A text in a permalink, as if it were a part of a query: a plus is a space, escapes are what they stand for, and a
/// fragment without text goes.
fn urlized(text: &str, lowercase: bool) -> String {
    let safe = sanitized(text, lowercase).replace('+', " ");
    let path = percent_decode_str(&safe).decode_utf8_lossy().replace('\u{fffd}', "");
    match path.split_once('#') {
        Some((before, "")) => before.to_owned(),
        _ => path,
    }
}

/// The same of a title, which is one segment.
fn titled(title: &str, lowercase: bool) -> String {
    urlized(&title.replace(['/', '\\'], "-"), lowercase)
}
