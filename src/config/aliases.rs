//! Old paths that feeds are kept at, and how paths stand beside each other.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::ops::Bound;

use crate::model::FeedPath;

/// Old paths below the output, each with the path of the feed that stands for it now.
///
/// No old path is that of a feed which the configuration names, nor a folder of one or in one; none leads to another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aliases {
    targets: BTreeMap<FeedPath, FeedPath>,
    /// The other way round.
    copies: BTreeMap<FeedPath, Vec<FeedPath>>,
}

impl Aliases {
    pub(super) fn new(targets: BTreeMap<FeedPath, FeedPath>) -> Self {
        let mut copies: BTreeMap<FeedPath, Vec<FeedPath>> = BTreeMap::new();
        for (old, now) in &targets {
            copies.entry(now.clone()).or_default().push(old.clone());
        }
        Self { targets, copies }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// Each old path with the path now, in the order of the old ones.
    pub fn iter(&self) -> impl Iterator<Item = (&FeedPath, &FeedPath)> {
        self.targets.iter()
    }

    /// The path that the feed with this old one has now.
    #[must_use]
    pub fn now(&self, old: &FeedPath) -> Option<&FeedPath> {
        self.targets.get(old)
    }

    /// The old paths that lead to this one, sorted.
    #[must_use]
    pub fn of(&self, now: &FeedPath) -> &[FeedPath] {
        self.copies.get(now).map_or(&[], Vec::as_slice)
    }

    /// The old path beside which no file can stand at this one: the same, a folder of it, or one in it.
    #[must_use]
    pub fn in_the_way(&self, path: &FeedPath) -> Option<&FeedPath> {
        neighbour(&self.targets, path.as_str()).map(|(old, _)| old)
    }
}

/// Whose path is this one, a folder of it, or in it: found among its ancestors and its next in order.
pub(super) fn neighbour<'a, K: Borrow<str> + Ord, V>(taken: &'a BTreeMap<K, V>, path: &str) -> Option<(&'a K, &'a V)> {
    let folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
    let above = folders.chain([path]).find_map(|folder| taken.get_key_value(folder));
    let inside = format!("{path}/");
    let next = || taken.range::<str, _>((Bound::Included(inside.as_str()), Bound::Unbounded)).next();
    above.or_else(|| next().filter(|(other, _)| (*other).borrow().starts_with(&inside)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_stand_beside_an_old_path() {
        let path = |text: &str| FeedPath::new(text).unwrap();
        let now = path("rss.xml");
        let aliases = Aliases::new([("old", &now), ("a/b/rss.xml", &now)].map(|(o, n)| (path(o), n.clone())).into());
        for (beside, old) in [
            ("old", Some("old")),
            ("old/rss.xml", Some("old")),
            ("a", Some("a/b/rss.xml")),
            ("a/b", Some("a/b/rss.xml")),
            ("a/b/atom.xml", None),
            ("a/c", None),
            ("older", None),
            ("old.xml", None),
        ] {
            assert_eq!(aliases.in_the_way(&path(beside)).map(FeedPath::as_str), old, "{beside}");
        }
        assert_eq!(aliases.of(&now), [path("a/b/rss.xml"), path("old")]);
        assert!(aliases.of(&path("old")).is_empty() && Aliases::default().is_empty());
    }
}
