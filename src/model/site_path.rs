//! Where an input lies below the site's root.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::is_deceptive;

/// A path relative to the site's root, `/` between its segments, bytes as the file system has them.
///
/// Order is that of the bytes, which is what the order of feeds falls back to among equal dates.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SitePath(Vec<u8>);

impl SitePath {
    /// The path with these bytes, which must be relative and without `.` or `..` segments.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// `path` below `root`; `None` when it is elsewhere. The root itself is the empty path.
    #[must_use]
    pub fn below(root: &Path, path: &Path) -> Option<Self> {
        path.strip_prefix(root).ok().map(|below| Self(below.as_os_str().as_bytes().to_vec()))
    }

    /// This path followed by one more segment.
    #[must_use]
    pub fn join(&self, segment: &OsStr) -> Self {
        let mut bytes = Vec::with_capacity(self.0.len() + 1 + segment.len());
        bytes.extend_from_slice(&self.0);
        if !bytes.is_empty() {
            bytes.push(b'/');
        }
        bytes.extend_from_slice(segment.as_bytes());
        Self(bytes)
    }

    /// The bytes, as stored and compared.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The same path as text; bytes that are not UTF-8 become U+FFFD.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// Its place in the file system.
    #[must_use]
    pub fn under(&self, root: &Path) -> PathBuf {
        if self.0.is_empty() { root.to_path_buf() } else { root.join(OsStr::from_bytes(&self.0)) }
    }

    /// Its last segment.
    #[must_use]
    pub fn file_name(&self) -> &[u8] {
        self.0.rsplit(|&b| b == b'/').next().unwrap_or_default()
    }

    /// The folders that it lies in, the outermost first, without the root.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> + '_ {
        let ends = self.0.iter().enumerate().filter(|&(_, &b)| b == b'/');
        ends.map(|(at, _)| Self(self.0.get(..at).unwrap_or_default().to_vec()))
    }

    /// Whether it is `folder` or lies below it.
    #[must_use]
    pub fn is_below(&self, folder: &SitePath) -> bool {
        folder.0.is_empty()
            || (self.0.starts_with(&folder.0) && matches!(self.0.get(folder.0.len()), None | Some(b'/')))
    }
}

/// As text, with deceptive characters escaped so that a name cannot forge a line of a report.
impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.text().chars() {
            if is_deceptive(c) { write!(f, "{}", c.escape_default())? } else { write!(f, "{c}")? }
        }
        Ok(())
    }
}

impl fmt::Debug for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
