//! CSS selectors, as the HTML parser understands them.

use lol_html::Selector;
use lol_html::errors::SelectorError;

/// A selector that is known to be one.
#[derive(Debug, Clone)]
pub struct CssSelector(Selector);

impl CssSelector {
    /// Elements by name, class, id, attribute, `:not()` and place among their siblings, inside others or as their
    /// children; several with commas between them.
    ///
    /// # Errors
    /// What is wrong with the text, or not understood of it; the error goes on after the name of what it is for.
    pub fn parse(text: &str) -> Result<Self, String> {
        let why = |error: SelectorError| error.to_string().trim_end_matches('.').to_lowercase();
        text.parse().map(Self).map_err(|error| format!("`{text}` is no selector that is understood ({})", why(error)))
    }

    /// The parser's own form.
    #[must_use]
    pub fn as_parsed(&self) -> &Selector {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::CssSelector;

    #[test]
    fn what_cannot_be_told_of_a_stream_is_refused() {
        for good in ["article", ".post > .body", "#x, [itemprop~=articleBody]", "div:not(.a):nth-child(2) p"] {
            assert!(CssSelector::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a[", "h1 + p", "p:has(img)", "p::before", ">"] {
            assert!(CssSelector::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn selectors_that_differ_are_told_apart_by_their_debug_form() {
        let debug = |text| format!("{:?}", CssSelector::parse(text));
        assert_ne!(debug(".a"), debug(".b"));
        assert_ne!(debug("[a=b]"), debug("[a~=b]"));
        assert_ne!(debug("a b"), debug("a > b"));
    }
}
