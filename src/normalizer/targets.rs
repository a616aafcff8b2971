//! The targets of links in HTML that was made of a post.

use std::borrow::Cow;

use super::text;

/// The same HTML with another target where `resolve` gives one for what stands between `opening`, such as `<a href="`, and the
/// next quote. What `resolve` gets and gives is text, not HTML.
pub(crate) fn replaced<'h>(
    html: &'h str,
    opening: &str,
    mut resolve: impl FnMut(&str) -> Option<String>,
) -> Cow<'h, str> {
    let mut replaced = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = memchr::memmem::find(html.as_bytes().get(at..).unwrap_or_default(), opening.as_bytes()) {
        let start = at + found + opening.len();
        let Some(target) = html.get(start..).and_then(|rest| rest.split('"').next()) else { break };
        at = start + target.len();
        if let Some(target) = resolve(&text::decode(target)) {
            replaced.push_str(html.get(copied..start).unwrap_or_default());
            replaced.push_str(&text::escape(&target));
            copied = at;
        }
    }
    if copied == 0 {
        return html.into();
    }
    replaced.push_str(html.get(copied..).unwrap_or_default());
    replaced.into()
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn only_what_resolves_is_another_and_all_of_the_rest_stays() {
        let html = "a <a href=\"x&amp;y\">b</a> <a href=\"z\" href='x'>c</a> <a href=\"open";
        let upper = |target: &str| (target != "z").then(|| target.to_uppercase() + "<");
        assert_eq!(
            replaced(html, "<a href=\"", upper),
            "a <a href=\"X&amp;Y&lt;\">b</a> <a href=\"z\" href='x'>c</a> <a href=\"OPEN&lt;"
        );
        assert!(matches!(replaced("none", "<a href=\"", upper), std::borrow::Cow::Borrowed("none")));
    }
}
