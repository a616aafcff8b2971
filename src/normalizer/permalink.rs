//! Permalink templates, slugs and addresses, as Jekyll forms them (its `url.rb`, `utils.rb`, `drops/url_drop.rb`).

use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset};
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::model::{Label, WebUrl};

/// What the placeholders of a post's template stand for.
pub(crate) struct Placeholders<'a> {
    /// In the zone of the site.
    pub(crate) date: DateTime<FixedOffset>,
    /// The front matter's `slug`, else that of the file name.
    pub(crate) slug: &'a str,
    /// The file's name without its extension.
    pub(crate) basename: &'a str,
    /// The path below the posts folder, without the extension.
    pub(crate) path: &'a str,
    pub(crate) categories: &'a [Label],
    /// Such as `.html`.
    pub(crate) output_ext: &'a str,
    pub(crate) collection: &'a str,
}

impl Placeholders<'_> {
    fn value(&self, name: &str) -> Option<String> {
        let date = |format: &str| self.date.format(format).to_string();
        Some(match name {
            "title" => slugify(self.slug, Slugify::Pretty, true),
            "slug" => slugify(self.slug, Slugify::Default, false),
            "name" => slugify(self.basename, Slugify::Default, false),
            "basename" => self.basename.to_owned(),
            "path" => self.path.to_owned(),
            "categories" => distinct(self.categories.iter().map(|label| label.as_str().to_lowercase())),
            "slugified_categories" => {
                distinct(self.categories.iter().map(|label| slugify(label.as_str(), Slugify::Default, false)))
            }
            "output_ext" => self.output_ext.to_owned(),
            "collection" => self.collection.to_owned(),
            "year" => date("%Y"),
            "month" => date("%m"),
            "day" => date("%d"),
            "hour" => date("%H"),
            "minute" => date("%M"),
            "second" => date("%S"),
            "i_day" => date("%-d"),
            "i_month" => date("%-m"),
            "short_month" => date("%b"),
            "long_month" => date("%B"),
            "short_year" => date("%y"),
            "w_year" => date("%G"),
            "week" => date("%V"),
            "w_day" => date("%u"),
            "short_day" => date("%a"),
            "long_day" => date("%A"),
            "y_day" => date("%j"),
            _ => return None,
        })
    }

    /// The site-relative path that a template gives; it begins with `/`. A placeholder that does not exist stays as it
    /// is written (Jekyll aborts there).
    pub(crate) fn expand(&self, template: &str) -> String {
        let mut url = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once(':') {
            url.push_str(before);
            let end = after.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(after.len());
            let (name, tail) = after.split_at_checked(end).unwrap_or((after, ""));
            // `:month_` is `:month` and an underscore, as `:i_month` is a name of its own.
            let found = self.value(name).map(|value| (value, "")).or_else(|| {
                let shorter = name.strip_suffix('_')?;
                Some((self.value(shorter)?, "_"))
            });
            match found {
                Some((value, kept)) => {
                    url.push_str(&escape_path(&value));
                    url.push_str(kept);
                }
                None => {
                    url.push(':');
                    url.push_str(name);
                }
            }
            rest = tail;
        }
        url.push_str(rest);
        sanitize(&url)
    }
}

/// How much of a text stands in a slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slugify {
    /// Letters, marks and digits.
    Default,
    /// Also what URLs allow unescaped.
    Pretty,
}

/// Jekyll's `slugify`: every run of other characters becomes one hyphen, none at either end.
pub(crate) fn slugify(text: &str, mode: Slugify, cased: bool) -> String {
    let stands = |c: char| {
        c.is_ascii_alphanumeric()
            || (mode == Slugify::Pretty && "._~!$&'()+,;=@".contains(c))
            || (!c.is_ascii()
                && (c.general_category() == GeneralCategory::DecimalNumber
                    || matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark)))
    };
    let mut slug = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if stands(c) {
            slug.push(c);
            gap = false;
        } else if !gap {
            slug.push('-');
            gap = true;
        }
    }
    let trimmed = slug.strip_prefix('-').unwrap_or(&slug);
    let trimmed = trimmed.strip_suffix('-').unwrap_or(trimmed);
    if cased { trimmed.to_owned() } else { trimmed.to_lowercase() }
}

/// A slug in words: `some-title` is `Some Title`.
pub(crate) fn titleize(slug: &str) -> String {
    let mut title = String::with_capacity(slug.len());
    for (n, word) in slug.split('-').enumerate() {
        if n > 0 {
            title.push(' ');
        }
        let mut chars = word.chars();
        title.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        title.push_str(&chars.as_str().to_lowercase());
    }
    title
}

/// Strips `..`, `./` and repeated slashes, and begins with one slash, as Jekyll's `sanitize_url` does.
pub(crate) fn sanitize(path: &str) -> String {
    let stripped = format!("/{path}").replace("..", "/").replace("./", "");
    let mut url = String::with_capacity(stripped.len());
    for c in stripped.chars() {
        if c != '/' || !url.ends_with('/') {
            url.push(c);
        }
    }
    url
}

/// Percent-encodes a placeholder's value for a path; `%` too, for it is text (RFC 3986 §3.3, Addressable's `encode`).
pub(crate) fn escape_path(text: &str) -> String {
    encode(text, false)
}

/// The absolute address of a path below the site: characters that no URI may hold are percent-encoded, in NFC, and
/// what is encoded already stays (Addressable's `normalize`, which `absolute_url` calls).
pub(crate) fn absolute(site: &WebUrl, path: &str) -> Option<WebUrl> {
    let encoded = encode(path, true);
    site.join(&format!("{}{}", site.url().path(), encoded.strip_prefix('/').unwrap_or(&encoded)))
}

fn encode(text: &str, keep_escapes: bool) -> String {
    if text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/".contains(&b)) {
        return text.to_owned();
    }
    let normal: String = text.nfc().collect();
    let bytes = normal.as_bytes();
    let mut encoded = String::with_capacity(bytes.len() * 2);
    for (at, &byte) in bytes.iter().enumerate() {
        let escape = byte == b'%'
            && keep_escapes
            && bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=:@".contains(&byte) || escape {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

fn distinct(values: impl Iterator<Item = String>) -> String {
    let mut seen: Vec<String> = Vec::new();
    for value in values {
        if !seen.contains(&value) {
            seen.push(value);
        }
    }
    seen.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(template: &str) -> String {
        let date = DateTime::parse_from_rfc3339("2022-03-01T04:05:06+08:00").unwrap();
        let categories: Vec<_> = ["TechWeb", "techweb", "a b", "50%"].iter().filter_map(|l| Label::new(l)).collect();
        Placeholders {
            date,
            slug: "Hello, Wörld!",
            basename: "2022-03-01-hello",
            path: "/2022/hello",
            categories: &categories,
            output_ext: ".html",
            collection: "posts",
        }
        .expand(template)
    }

    #[test]
    fn every_placeholder_is_what_jekyll_makes_of_it() {
        for (template, url) in [
            (
                "/:categories/:year/:month/:day/:title:output_ext",
                "/techweb/a%20b/50%25/2022/03/01/Hello,-W%C3%B6rld!.html",
            ),
            ("/:slugified_categories/:slug/", "/techweb/a-b/50/hello-w%C3%B6rld/"),
            ("/:year/:i_month/:i_day/:short_year/:name", "/2022/3/1/22/2022-03-01-hello"),
            (":hour:minute:second/:short_month/:long_month", "/040506/Mar/March"),
            ("/:w_year/:week/:w_day/:short_day/:long_day/:y_day", "/2022/09/2/Tue/Tuesday/060"),
            ("/:month_:day/:collection/:path", "/03_01/posts/2022/hello"),
            ("/a/../b//c/:unknown/", "/a/b/c/:unknown/"),
        ] {
            assert_eq!(expand(template), url, "{template}");
        }
    }

    #[test]
    fn an_address_is_encoded_once() {
        let site = WebUrl::parse("https://example.com/blog/").unwrap();
        for (path, url) in [
            ("/a b/中.html", "https://example.com/blog/a%20b/%E4%B8%AD.html"),
            ("/a%20b/50%/", "https://example.com/blog/a%20b/50%25/"),
            ("/q?x#y", "https://example.com/blog/q%3Fx%23y"),
            ("/", "https://example.com/blog/"),
        ] {
            assert_eq!(absolute(&site, path).unwrap().as_str(), url, "{path}");
        }
    }

    #[test]
    fn a_slug_in_words() {
        assert_eq!(titleize("hello-WORLD-again"), "Hello World Again");
        assert_eq!(slugify("--A  b--", Slugify::Default, false), "a-b");
    }
}
