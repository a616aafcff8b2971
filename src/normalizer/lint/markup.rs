//! HTML's elements, where they have addresses, and which addresses lead nowhere.

use url::{Host, Url};

use crate::model::WebUrl;

/// What an address is followed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// By a reader who chooses to.
    Link,
    /// To show it in the text.
    Part,
}

/// The elements of HTML (Living Standard, §4), and those that pages had before it.
#[rustfmt::skip]
const ELEMENTS: [&str; 147] = [
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base", "basefont", "bdi", "bdo",
    "bgsound", "big", "blink", "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite", "code", "col",
    "colgroup", "command", "content", "data", "datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt",
    "em", "embed", "fencedframe", "fieldset", "figcaption", "figure", "font", "footer", "form", "frame", "frameset", "h1",
    "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i", "iframe", "image", "img", "input", "ins",
    "isindex", "kbd", "keygen", "label", "legend", "li", "link", "listing", "main", "map", "mark", "marquee", "math", "menu",
    "menuitem", "meta", "meter", "multicol", "nav", "nobr", "noembed", "noframes", "noscript", "object", "ol", "optgroup",
    "option", "output", "p", "param", "picture", "plaintext", "pre", "progress", "q", "rb", "rp", "rt", "rtc", "ruby", "s",
    "samp", "script", "search", "section", "select", "slot", "small", "source", "spacer", "span", "strike", "strong", "style",
    "sub", "summary", "sup", "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time", "title",
    "tr", "track", "tt", "u", "ul", "var", "video", "wbr", "xmp", "nextid",
];

/// Elements whose end tag may be left out, or that hold nothing.
#[rustfmt::skip]
const OPEN_ENDED: [&str; 43] = [
    "area", "base", "basefont", "bgsound", "body", "br", "caption", "col", "colgroup", "command", "dd", "dt", "embed", "frame",
    "head", "hr", "html", "image", "img", "input", "isindex", "keygen", "li", "link", "menuitem", "meta", "nextid", "optgroup",
    "option", "p", "param", "rb", "rp", "rt", "rtc", "source", "spacer", "tbody", "td", "tfoot", "th", "thead", "tr",
];

/// Whether HTML has, or had, an element of this name.
pub(super) fn is_element(name: &str) -> bool {
    ELEMENTS.contains(&name)
}

/// Whether an element goes on to its end tag, whatever comes.
pub(super) fn needs_end(name: &str) -> bool {
    !OPEN_ENDED.contains(&name) && !matches!(name, "track" | "wbr" | "plaintext")
}

/// The attributes of an element that hold addresses which feeds keep.
pub(super) fn addresses(name: &str) -> &'static [(&'static str, Target)] {
    match name {
        "a" | "area" => &[("href", Target::Link)],
        "img" | "source" | "audio" | "iframe" => &[("src", Target::Part)],
        "video" => &[("src", Target::Part), ("poster", Target::Part)],
        _ => &[],
    }
}

/// Why an address, its character references decoded, leads nowhere for a reader; `None` when it may lead somewhere.
pub(super) fn problem(address: &str, target: Target, base: &WebUrl) -> Option<String> {
    let address = address.trim_matches(|c| c <= ' ');
    let shown: String = address.chars().take(100).collect();
    if address.is_empty() {
        return Some(
            if target == Target::Link { "a link without an address" } else { "a picture or a film without an address" }
                .to_owned(),
        );
    }
    if address.contains("{{") || address.contains("{%") {
        return Some(format!("nothing has been put in place of the braces in {shown}"));
    }
    let Some((scheme, rest)) = scheme(address) else { return relative(address, &shown, base) };
    match scheme.as_str() {
        "javascript" | "vbscript" => Some(format!("the address is a script: {shown}")),
        "file" => Some(format!("only its author's computer has {shown}")),
        _ if scheme.len() == 1 => Some(format!("only its author's computer has {shown}")),
        "http" | "https" => of_the_web(rest, &shown, target),
        _ if is_slip(&scheme, rest) => Some(format!("`{scheme}:` is no scheme; `https:` may be meant: {shown}")),
        _ => None,
    }
}

/// The scheme in lower case, and what follows the colon (RFC 3986 §3.1).
fn scheme(address: &str) -> Option<(String, &str)> {
    let (scheme, rest) = address.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    is_scheme.then(|| (scheme.to_ascii_lowercase(), rest))
}

/// A host without its scheme is taken for a page beside the post.
fn relative(address: &str, shown: &str, base: &WebUrl) -> Option<String> {
    if address.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www.")) {
        return Some(format!("without https:// before it, {shown} is taken for a page of the site"));
    }
    base.join(address).is_none().then(|| format!("{shown} is no address"))
}

fn of_the_web(rest: &str, shown: &str, target: Target) -> Option<String> {
    let after = rest.trim_start_matches('/');
    if ["http:", "https:", "http//", "https//"].iter().any(|scheme| after.starts_with(scheme)) {
        return Some(format!("there are two schemes in {shown}"));
    }
    let Ok(url) = Url::parse(&format!("https:{rest}")) else { return Some(format!("{shown} is no address")) };
    // Texts about web servers link to them on purpose, but nobody shows their pictures.
    let is_own = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_unspecified(),
        Some(Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unspecified(),
        None => false,
    };
    (target == Target::Part && is_own).then(|| format!("only its author's computer has {shown}"))
}

/// `htps://` and `ttp://`: one letter off.
fn is_slip(scheme: &str, rest: &str) -> bool {
    rest.starts_with("//") && ["http", "https"].iter().any(|real| strsim::damerau_levenshtein(scheme, real) == 1)
}
