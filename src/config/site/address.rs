//! The address of a site: what makes one, and what is on it.

use crate::model::WebUrl;

/// A URL that can be a site's address, its path made to end in `/`; the error goes on after the URL's name.
pub(in crate::config) fn parse_base(text: &str) -> Result<WebUrl, String> {
    let text = text.trim();
    let Some(url) = WebUrl::parse(text).filter(WebUrl::is_web) else {
        return Err(if text.contains("://") || text.contains(char::is_whitespace) || text.is_empty() {
            format!("`{text}` is no URL of the form https://example.com/")
        } else {
            format!("`{text}` is no URL; write https://{}", text.trim_start_matches('/'))
        });
    };
    let parts = url.url();
    if parts.query().is_some() || parts.fragment().is_some() {
        return Err(format!("`{text}` must end with a path: no `?` and no `#`"));
    }
    if !parts.username().is_empty() || parts.password().is_some() {
        return Err("must not hold a user name or a password: readers would see it".to_owned());
    }
    if parts.path().ends_with('/') {
        return Ok(url);
    }
    WebUrl::parse(&format!("{url}/")).ok_or_else(|| format!("`{text}` is no URL"))
}

/// `reference` as a page of the site: a URL as it stands, a path below the site's address, with or without a leading `/`.
///
/// That is Jekyll's `absolute_url`; RFC 3986 would take `/about/` from the host's root, past the base path.
pub(in crate::config) fn on_site(address: &WebUrl, reference: &str) -> Option<WebUrl> {
    let reference = reference.trim();
    let names_scheme = reference
        .split_once("://")
        .is_some_and(|(scheme, _)| !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric()));
    let url = if reference.starts_with("//") {
        address.join(reference)
    } else if names_scheme {
        WebUrl::parse(reference)
    } else {
        // As `./a:b`, a path with a colon in its first segment is not taken for a scheme (RFC 3986 §4.2).
        WebUrl::parse(reference).or_else(|| address.join(&format!("./{}", reference.trim_start_matches('/'))))
    };
    url.filter(WebUrl::is_web)
}

#[cfg(test)]
mod tests {
    use super::on_site;
    use crate::model::WebUrl;

    #[test]
    fn what_names_a_scheme_is_a_url_or_nothing() {
        let site = WebUrl::parse("https://example.com/base/").unwrap();
        for (reference, url) in [
            ("/a.png", Some("https://example.com/base/a.png")),
            ("/a:b.png", Some("https://example.com/base/a:b.png")),
            ("?to=https://example.org/", Some("https://example.com/base/?to=https://example.org/")),
            ("//cdn.example.com/a", Some("https://cdn.example.com/a")),
            ("http://example.org/a", Some("http://example.org/a")),
            ("http://[", None),
            ("https://", None),
            ("ftp://example.org/a", None),
        ] {
            assert_eq!(on_site(&site, reference).as_ref().map(WebUrl::as_str), url, "{reference}");
        }
    }
}
