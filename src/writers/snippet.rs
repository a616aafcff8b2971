//! The line in a page's head by which browsers and readers find a feed.

use super::Target;
use super::xml::attribute;

/// `language` is a BCP 47 tag, for pages of a site with several.
///
/// A `<link rel="alternate">` element in HTML, as the RSS Advisory Board's and WHATWG's autodiscovery have it.
#[must_use]
pub fn snippet(title: &str, language: Option<&str>, target: &Target) -> String {
    let language = language.map(|tag| format!(" hreflang=\"{}\"", attribute(tag))).unwrap_or_default();
    format!(
        "<link rel=\"alternate\" type=\"{}\"{language} title=\"{}\" href=\"{}\">",
        target.format.media_type(),
        attribute(title),
        attribute(target.self_url.as_str())
    )
}
