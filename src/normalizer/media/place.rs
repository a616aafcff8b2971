//! References of front matter as addresses, and the site's files that they may mean.

use percent_encoding::percent_decode_str;

use crate::config::Site;
use crate::model::{SitePath, WebUrl};
use crate::normalizer::permalink;

/// A folder of the site whose files are published as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Root {
    /// What the paths of their addresses begin with, with a slash at the end; empty for the site's root.
    pub(crate) at: String,
    /// The folder, without slashes at its ends; empty for the site's own.
    pub(crate) folder: String,
}

/// The files that are published with a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beside<'a> {
    /// Their folder below the site.
    pub(crate) folder: &'a str,
    /// The page's address.
    pub(crate) page: &'a WebUrl,
    /// Whether the page and its files are one bundle, so that a bare name means one of them first.
    pub(crate) is_bundle: bool,
}

/// Where the references of a post lead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) site: &'a Site,
    /// The first that has a file counts.
    pub(crate) roots: &'a [Root],
    pub(crate) beside: Option<Beside<'a>>,
    /// What the site's configuration puts before the names of sound, such as Castanet's `media_prefix`.
    pub(crate) prefix: Option<&'a str>,
}

/// One of the files that a reference may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) path: SitePath,
    /// Its address, where that is another than the reference has without it.
    pub(super) url: Option<WebUrl>,
}

/// A reference, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) url: WebUrl,
    /// The first that is there is meant.
    pub(super) candidates: Vec<Candidate>,
}

impl Root {
    /// A folder whose files are published at the root.
    pub(crate) fn new(folder: &str) -> Self {
        Self { at: String::new(), folder: folder.trim_matches('/').to_owned() }
    }
}

impl Scene<'_> {
    /// What a URL, or a path on the site, means; `None` when it gives no address on the web.
    pub(super) fn resolve(self, text: &str) -> Option<Reference> {
        let text = text.trim();
        let is_inline = ["data:", "javascript:", "blob:", "about:", "mailto:"]
            .iter()
            .any(|scheme| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)));
        if text.is_empty() || is_inline {
            return None;
        }
        if text.contains("://") || text.starts_with("//") {
            let url = if text.starts_with("//") { self.site.url.join(text)? } else { WebUrl::parse(text)? };
            let below = self.below_site(&url).map(str::to_owned);
            let candidates = below.map(|below| self.published(&below)).unwrap_or_default();
            return Some(Reference { url, candidates }).filter(|reference| reference.url.is_web());
        }
        let is_relative = text.starts_with("./") || text.starts_with("../");
        let beside = self.beside.filter(|beside| is_relative || (beside.is_bundle && !text.starts_with('/')));
        let beside = beside.and_then(|beside| Some((beside.url(text)?, beside.path(text)?)));
        if let Some((url, path)) = beside.clone().filter(|_| is_relative) {
            return Some(Reference { url, candidates: vec![Candidate { path, url: None }] });
        }
        let url = permalink::absolute(&self.site.url, text)?;
        let own = beside.map(|(url, path)| Candidate { path, url: Some(url) });
        let candidates = own.into_iter().chain(self.published(text)).collect();
        Some(Reference { url, candidates })
    }

    /// The same for sound, whose names the site's configuration may put something before.
    pub(super) fn resolve_sound(self, text: &str) -> Option<Reference> {
        let is_bare = !text.starts_with(['/', '.']) && !text.contains("://");
        match self.prefix.filter(|_| is_bare) {
            Some(prefix) => self.resolve(&format!("{}/{}", prefix.trim_end_matches('/'), text.trim())),
            None => self.resolve(text),
        }
    }

    /// The path of an address below the site's; whether it says `http` or `https` says nothing of where a file lies.
    fn below_site(self, url: &WebUrl) -> Option<&str> {
        let (site, url) = (self.site.url.url(), url.url());
        let is_site = site.host_str() == url.host_str() && site.port() == url.port();
        url.path().strip_prefix(site.path()).filter(|_| is_site)
    }

    /// The files that may be published at a path of the site.
    fn published(self, path: &str) -> Vec<Candidate> {
        let segments = segments(path);
        let below = segments.join(&b'/');
        let in_root = |root: &Root| {
            let rest = below.strip_prefix(root.at.as_bytes()).filter(|rest| !rest.is_empty())?;
            let slash: &[u8] = if root.folder.is_empty() { b"" } else { b"/" };
            let path = SitePath::from_bytes(&[root.folder.as_bytes(), slash, rest].concat());
            Some(Candidate { path, url: None })
        };
        self.roots.iter().filter_map(in_root).collect()
    }
}

impl Beside<'_> {
    fn url(self, text: &str) -> Option<WebUrl> {
        let page = self.page.url().path();
        match page.rsplit_once('.').filter(|(_, ending)| self.is_bundle && *ending == "html") {
            // A page that is a file has its bundle in a folder of its name.
            Some((folder, _)) => self.page.join(&format!("{folder}/"))?.join(text),
            None => self.page.join(text),
        }
    }

    fn path(self, text: &str) -> Option<SitePath> {
        let below = segments(&format!("{}/{}", self.folder.replace('%', "%25"), text)).join(&b'/');
        (!below.is_empty()).then(|| SitePath::from_bytes(&below))
    }
}

/// The segments of a path without query and fragment, decoded; `..` takes one away, and never leads out.
fn segments(path: &str) -> Vec<Vec<u8>> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let decoded: Vec<u8> = percent_decode_str(path).collect();
    let mut segments: Vec<Vec<u8>> = Vec::new();
    for segment in decoded.split(|&byte| byte == b'/') {
        match segment {
            b"" | b"." => {}
            b".." => drop(segments.pop()),
            _ => segments.push(segment.to_vec()),
        }
    }
    segments
}
