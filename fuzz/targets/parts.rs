//! The parts of a post, each by itself.

use std::sync::LazyLock;

use syndicated::config::CssSelector;
use syndicated::model::{Pins, WebUrl, is_deceptive};
use syndicated::normalizer::body::article::Selection;
use syndicated::normalizer::body::html::{Cleaning, clean};
use syndicated::normalizer::body::markdown::{Flavor, KramdownOptions, to_html};
use syndicated::normalizer::date;
use syndicated::normalizer::front_matter::{self, Fences, Parsed};

static PAGE: LazyLock<WebUrl> = LazyLock::new(|| WebUrl::parse("https://example.com/2022/post.html").unwrap());

/// Lines that are told are lines of the file.
pub(crate) fn front_matter(bytes: &[u8]) {
    let lines = bytes.iter().filter(|&&byte| byte == b'\n' || byte == b'\r').count() + 1;
    // A body that is empty begins behind the last line.
    let is_line = |line: u32| (1..=lines + 1).contains(&(line as usize));
    for fences in [Fences::Yaml, Fences::All] {
        let parsed = front_matter::parse(bytes, fences);
        assert_eq!(parsed, front_matter::parse(bytes, fences));
        let told = match &parsed {
            Parsed::Document(document) | Parsed::Absent(document) => {
                assert!(is_line(document.body_line), "the body is at {} of {lines}", document.body_line);
                document.diagnostics.as_slice()
            }
            Parsed::Unusable(diagnostic) => std::slice::from_ref(diagnostic),
        };
        for diagnostic in told {
            assert!(diagnostic.line.is_none_or(is_line), "{diagnostic:?} of {lines} lines");
        }
        if let Parsed::Absent(document) = parsed {
            assert!(is_line(document.with_headers().0.body_line));
        }
    }
}

/// A date that is understood is understood as the same when it is written out.
pub(crate) fn dates(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Some(found) = date::parse(&text) else { return };
    // What is written has no seconds of an offset.
    let Some(offset) = found.offset.filter(|offset| offset.local_minus_utc() % 60 == 0) else { return };
    let Some(at) = found.naive.and_local_timezone(offset).single() else { return };
    if (1000..=9999).contains(&chrono_year(&at.to_rfc3339())) {
        let again = date::parse(&at.to_rfc3339()).unwrap_or_else(|| panic!("{text:?}: {at}"));
        assert_eq!((again.naive, again.offset), (found.naive, found.offset), "{text:?}");
    }
}

fn chrono_year(text: &str) -> i32 {
    text.split('-').next().and_then(|year| year.parse().ok()).unwrap_or_default()
}

/// As Jekyll's.
pub(crate) fn kramdown(bytes: &[u8]) {
    markdown(bytes, Flavor::Kramdown(&KramdownOptions::default()));
}

/// As Hugo's.
pub(crate) fn goldmark(bytes: &[u8]) {
    markdown(bytes, Flavor::Goldmark { emoji: true, raw_html: true });
}

/// As plain sites'.
pub(crate) fn common_mark(bytes: &[u8]) {
    markdown(bytes, Flavor::CommonMark);
}

/// Text becomes no book, and what it becomes can be cleaned.
fn markdown(bytes: &[u8], flavor: Flavor) {
    let text = String::from_utf8_lossy(bytes);
    let html = to_html(&text, flavor);
    assert!(html.len() <= 4096 + 256 * text.len(), "{} bytes of {}", html.len(), text.len());
    cleaned(&html, false);
}

/// Elements that run, load, style, hide or hold no HTML.
const FORBIDDEN: [&str; 13] = [
    "applet",
    "base",
    "embed",
    "form",
    "input",
    "link",
    "meta",
    "noscript",
    "object",
    "plaintext",
    "script",
    "style",
    "template",
];

/// Nothing runs, loads or hides in what was cleaned, and cleaning it again changes nothing.
pub(crate) fn html(bytes: &[u8]) {
    let html = String::from_utf8_lossy(bytes);
    cleaned(&html, false);
    cleaned(&html, true);
}

fn cleaned(html: &str, keep_iframes: bool) {
    let cleaning = Cleaning { base: &PAGE, keep_iframes };
    let once = clean(html, &cleaning);
    for name in tags(&once) {
        assert!(!FORBIDDEN.contains(&name.as_str()), "{name} is left in {once}, of {html}");
    }
    assert!(once.chars().all(syndicated::model::is_legal), "{once:?}");
    let again = clean(&once, &cleaning);
    assert!(again == once || may_hide(&once), "{again:?} is made of {once:?}, of {html:?}");
}

/// A hidden paragraph or item whose end is not certain stays, and is certain once what made it doubtful is gone.
fn may_hide(html: &str) -> bool {
    let html = html.to_ascii_lowercase();
    html.contains("hidden") || html.contains("style")
}

/// A selector, a line with what is removed, and a page: what is taken out can be cleaned.
pub(crate) fn article(bytes: &[u8]) {
    let (select, rest) = super::head_and_rest(bytes);
    let (remove, page) = super::head_and_rest(rest);
    let selector = |bytes: &[u8]| CssSelector::parse(&String::from_utf8_lossy(bytes)).ok();
    let page = String::from_utf8_lossy(page);
    let (select, remove) = (selector(select), selector(remove));
    for selection in [Selection::new(select.as_ref(), remove.as_ref()), Selection::new(None, remove.as_ref())] {
        if let Some(html) = selection.extract(&page) {
            cleaned(&html, false);
        }
    }
}

/// What is read is written and read again as the same.
pub(crate) fn ids(bytes: &[u8]) {
    let (pins, faults) = Pins::parse(bytes);
    let lines = bytes.iter().filter(|&&byte| byte == b'\n').count() + 1;
    assert!(pins.iter().count() <= lines && faults.len() <= lines);
    assert!(faults.iter().all(|fault| !fault.message.contains(is_deceptive)), "{faults:?}");
    let (again, faults) = Pins::parse(pins.to_tsv().as_bytes());
    assert_eq!(again, pins, "{faults:?}");
}

/// The names of all start tags, as the simplest of parsers sees them: there is nothing else between `<` and `>`, and no tag
/// without an end.
fn tags(html: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once('<') {
        let (tag, is_end) = tag.strip_prefix('/').map_or((tag, false), |tag| (tag, true));
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
            // `</>` is nothing at all.
            let is_comment = if is_end { !tag.starts_with('>') } else { tag.starts_with(['!', '?']) };
            assert!(!is_comment, "a comment is left in {html}");
            rest = tag;
            continue;
        }
        let end = tag.find(|c: char| c.is_ascii_whitespace() || "/>".contains(c)).unwrap_or(tag.len());
        if !is_end {
            names.push(tag[..end].to_ascii_lowercase());
        }
        rest = behind_attributes(&tag[end..]).unwrap_or_else(|| panic!("<{tag} does not end in {html}"));
    }
    names
}

/// What follows the `>` that ends a tag: none between the quotes of a value does.
fn behind_attributes(mut rest: &str) -> Option<&str> {
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(behind) = rest.strip_prefix('>') {
            return Some(behind);
        }
        // An attribute may begin with `=`.
        let name = rest.char_indices().skip(1).find(|(_, c)| c.is_ascii_whitespace() || "/>=".contains(*c));
        rest = rest[name?.0..].trim_start_matches(|c: char| c.is_ascii_whitespace());
        let Some(value) = rest.strip_prefix('=') else { continue };
        let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
        rest = match value.chars().next()? {
            quote @ ('"' | '\'') => value[1..].split_once(quote)?.1,
            _ => &value[value.find(|c: char| c.is_ascii_whitespace() || c == '>')?..],
        };
    }
}
