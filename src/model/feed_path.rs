//! Where a feed lies below the output.

use std::borrow::Borrow;
use std::fmt;

use super::WebUrl;

/// A relative path below the output, `/` between its segments, that stays there on every file system.
///
/// No segment is empty, `.` or `..`, begins with a dot (hidden names are ours) or is longer than 255 bytes, and there is
/// neither a backslash nor a control character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedPath(String);

/// What file systems allow for one name.
const MAX_SEGMENT: usize = 255;

impl FeedPath {
    /// `None` unless `path` keeps the rules above.
    #[must_use]
    pub fn new(path: &str) -> Option<Self> {
        let sound = |segment: &str| !segment.is_empty() && !segment.starts_with('.') && segment.len() <= MAX_SEGMENT;
        let forbidden = |c: char| c == '\\' || c.is_control();
        (path.split('/').all(sound) && !path.contains(forbidden)).then(|| Self(path.to_owned()))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its address, when the output's is this one.
    #[must_use]
    pub fn address(&self, output: &WebUrl) -> WebUrl {
        let mut url = output.url().clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(self.0.split('/'));
        }
        WebUrl::from(url)
    }

    /// The folder that holds it; empty for the output itself.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

/// In maps it is found, and ordered, as the text that it is.
impl Borrow<str> for FeedPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FeedPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_stay_below_the_output() {
        for path in ["rss.xml", "news/atom.xml", "c++/rss.xml", "_tag/a.b/rss.xml", "科技/rss.xml", "a..b", "~x"] {
            assert_eq!(FeedPath::new(path).unwrap().as_str(), path);
        }
        assert!(FeedPath::new(&"x".repeat(255)).is_some());
        assert_eq!(FeedPath::new("a/b/c.xml").unwrap().folder(), "a/b");
        assert_eq!(FeedPath::new("c.xml").unwrap().folder(), "");
    }

    #[test]
    fn paths_that_could_leave_it_or_hide() {
        for path in [
            "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", ".hidden", "a/.git/b", "a\\b", "a\0b",
            "a\nb",
        ] {
            assert_eq!(FeedPath::new(path), None, "{path:?}");
        }
        assert_eq!(FeedPath::new(&"x".repeat(256)), None);
    }
}
