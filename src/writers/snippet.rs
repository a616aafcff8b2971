//! The line in a page's head by which browsers and readers find a feed.

use super::Target;
use super::xml::attribute;

/// A `<link rel="alternate">` element in HTML, as the RSS Advisory Board's and WHATWG's autodiscovery have it.
#[must_use]
pub fn snippet(title: &str, target: &Target) -> String {
    format!(
        "<link rel=\"alternate\" type=\"{}\" title=\"{}\" href=\"{}\">",
        target.format.media_type(),
        attribute(title),
        attribute(target.self_url.as_str())
    )
}
