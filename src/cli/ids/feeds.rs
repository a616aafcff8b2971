//! The entries of another program's feeds: which page each is about, and its id there.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::time::Duration;

use feed_rs::model::Entry;
use memchr::memmem;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::cli::CommandError;

/// How large a feed may be, in bytes.
const MAX_BYTES: u64 = 64 << 20;
/// How long a server may take for one.
const PATIENCE: Duration = Duration::from_secs(60);

/// An entry, as its feed has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Old {
    /// The page that it is about; empty when it names none.
    pub(super) link: String,
    /// Its id; its page where it has none, as readers have it then.
    pub(super) id: String,
}

/// Reads a feed from a file, from an address, or from standard input for `-`.
pub(super) fn read(feed: &Path) -> Result<Vec<Old>, CommandError> {
    let shown = feed.display();
    let failed = |problem: String| CommandError::Other(format!("{shown}: {problem}"));
    let address = feed.to_str().filter(|text| text.starts_with("http://") || text.starts_with("https://"));
    let bytes = match address {
        Some(url) => fetch(url).map_err(|error| failed(format!("cannot be fetched: {error}")))?,
        None => take(feed).map_err(|error| failed(format!("cannot be read: {error}")))?,
    };
    if bytes.len() as u64 > MAX_BYTES {
        return Err(failed("is larger than 64 MiB".to_owned()));
    }
    parse(&bytes).map_err(|error| failed(format!("is no RSS, Atom or JSON feed: {error}")))
}

fn take(feed: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if feed == Path::new("-") {
        io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    } else {
        File::open(feed)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn fetch(url: &str) -> Result<Vec<u8>, ureq::Error> {
    let agent = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).user_agent("syndicated").build();
    let mut response = agent.new_agent().get(url).call()?;
    response.body_mut().with_config().limit(MAX_BYTES).read_to_vec()
}

fn parse(bytes: &[u8]) -> Result<Vec<Old>, feed_rs::parser::ParseFeedError> {
    // An entry without an id would be given one that no reader has seen.
    let parser = feed_rs::parser::Builder::new().id_generator(|_, _, _| String::new()).build();
    // feed-rs 3.0 panics at a letter beside an address in a name, where that is not an ASCII one.
    let people: &[&str] = match bytes.trim_ascii_start().first() {
        Some(b'{') => &[],
        _ => &["author", "managingEditor", "webMaster", "dc:creator"],
    };
    let feed = people.iter().fold(bytes.to_vec(), without);
    Ok(parser.parse(feed.as_slice())?.entries.into_iter().map(Old::from).collect())
}

/// A feed in XML without the elements of a name.
fn without(feed: Vec<u8>, name: &&str) -> Vec<u8> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut kept = Vec::with_capacity(feed.len());
    let mut rest = feed.as_slice();
    while let Some((before, inside)) = cut(rest, &open) {
        kept.extend_from_slice(before);
        let is_whole = inside.first().is_some_and(|&byte| byte == b'>' || byte.is_ascii_whitespace());
        let is_empty = cut(inside, ">").is_none_or(|(tag, _)| tag.ends_with(b"/"));
        if !is_whole || is_empty {
            kept.extend_from_slice(open.as_bytes());
            rest = inside;
            continue;
        }
        // One without an end is no XML.
        rest = cut(inside, &close).map_or_else(Default::default, |(_, behind)| behind);
    }
    kept.extend_from_slice(rest);
    kept
}

/// What stands before and behind a text.
fn cut<'a>(bytes: &'a [u8], text: &str) -> Option<(&'a [u8], &'a [u8])> {
    let (before, from) = bytes.split_at_checked(memmem::find(bytes, text.as_bytes())?)?;
    Some((before, from.get(text.len()..)?))
}

impl From<Entry> for Old {
    fn from(entry: Entry) -> Self {
        let is_page = |rel: Option<&str>| rel.is_none_or(|rel| rel == "alternate");
        let page = entry.links.iter().find(|link| is_page(link.rel.as_deref())).map(|link| link.href.trim().to_owned());
        // An RSS `guid` is the page's address unless it says otherwise.
        let link = page.unwrap_or_else(|| entry.id.clone());
        let id = if entry.id.is_empty() { link.clone() } else { entry.id };
        Self { link, id }
    }
}

/// What two addresses of one page have in common: the path without a last slash and `index.html`, and the query without
/// what is there to count visits. `None` for what is no address of a page.
pub(super) fn page_key(link: &str) -> Option<String> {
    let url = Url::parse(link.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let path = percent_decode_str(url.path()).decode_utf8_lossy().into_owned();
    let path = path.strip_suffix("index.html").filter(|rest| rest.ends_with('/')).unwrap_or(&path);
    let mut key = path.trim_end_matches('/').to_owned();
    for (name, value) in url.query_pairs().filter(|(name, _)| !name.starts_with("utm_")) {
        key.extend(["\n", name.as_ref(), "=", value.as_ref()]);
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old(link: &str, id: &str) -> Old {
        Old { link: link.to_owned(), id: id.to_owned() }
    }

    #[test]
    fn addresses_of_one_page_are_told_to_be_so() {
        let same = |a: &str, b: &str| page_key(a).is_some() && page_key(a) == page_key(b);
        let page = "https://example.com/2022/01/a/";
        for other in [
            "http://example.com/2022/01/a/",
            "https://old.example.org:8080/2022/01/a/",
            "https://example.com/2022/01/a",
            "https://example.com/2022/01/a/index.html",
            "https://example.com/2022/01/%61/?utm_source=rss&utm_medium=feed#top",
            " https://example.com/2022/01/a/\n",
        ] {
            assert!(same(page, other), "{other}");
        }
        assert!(same("https://e.com/新/", "https://e.com/%E6%96%B0"));
        assert!(same("https://e.com/?p=1", "http://e.com?p=1"));
        for other in [
            "https://example.com/2022/01/b/",
            "https://example.com/2022/01/a/?p=1",
            "https://example.com/2022/01/a.html",
        ] {
            assert!(!same(page, other), "{other}");
        }
        assert!(!same("https://e.com/myindex.html", "https://e.com/my"));
        for none in ["urn:x:1", "", "/2022/01/a/", "mailto:a@b.c"] {
            assert_eq!(page_key(none), None, "{none}");
        }
    }

    #[test]
    fn entries_of_rss_atom_and_json_feed_have_their_page_and_id() {
        let rss = "<rss version=\"2.0\"><channel><title>t</title>\
            <item><title>a</title><link>http://e.com/a</link><guid isPermaLink=\"false\">http://e.com/?p=1</guid></item>\
            <item><title>b</title><guid>http://e.com/b</guid></item>\
            <item><title>c</title><link>http://e.com/c</link></item></channel></rss>";
        assert_eq!(
            parse(rss.as_bytes()).unwrap(),
            [
                old("http://e.com/a", "http://e.com/?p=1"),
                old("http://e.com/b", "http://e.com/b"),
                old("http://e.com/c", "http://e.com/c")
            ]
        );
        let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>urn:f</id><title>t</title><entry><id>tag:e.com,2020:1</id>\
            <title>a</title><link rel=\"replies\" href=\"http://e.com/r\"/><link href=\"http://e.com/a\"/></entry></feed>";
        assert_eq!(parse(atom.as_bytes()).unwrap(), [old("http://e.com/a", "tag:e.com,2020:1")]);
        let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "t",
            "items": [{"id": "urn:x:1", "url": "http://e.com/a", "content_text": "x"}]}"#;
        assert_eq!(parse(json.as_bytes()).unwrap(), [old("http://e.com/a", "urn:x:1")]);
        // Who wrote it is nothing to end at.
        for tag in ["author", "dc:creator", "author a='b'", "author/><author a='/'/><author"] {
            let name = tag.split([' ', '/']).next().unwrap();
            let person = format!("<{tag}>作者（me@example.com）</{name}>");
            let rss = rss.replacen("<item>", &format!("<item>{person}"), 1);
            let rss = rss.replace("<rss ", "<rss xmlns:dc=\"http://purl.org/dc/elements/1.1/\" ");
            assert_eq!(parse(rss.as_bytes()).unwrap().len(), 3, "{rss}");
        }
        assert!(parse(b"<html></html>").is_err() && parse(b"").is_err());
    }
}
