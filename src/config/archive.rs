//! Where the history of feeds lies: pages by calendar, each set of them beside its feed.

use super::template::check_path;
use crate::model::{FeedPath, Period};

/// The folder of pages where the configuration does not say.
pub(super) const FOLDER: &str = "_archive/{period}";
/// How many posts a page holds at most, if it is longer than a day.
const POSTS: usize = 500;

/// How the history of feeds is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// From the folder of a feed; `{period}` is a segment of its own, so that no two pages have one path.
    folder: String,
    /// How many posts a page may hold before what it covers is divided.
    pub posts: usize,
}

impl Archive {
    /// A template that was written by a user, checked; the error goes on after its name.
    pub(super) fn parse(folder: &str) -> Result<Self, String> {
        check_path(folder)?;
        if folder.split('/').filter(|segment| *segment == "{period}").count() != 1 {
            return Err("needs `{period}` as one of the parts between its slashes".to_owned());
        }
        if folder.replace("{period}", "").contains(['{', '}']) {
            return Err("may hold `{period}`, and no other brace".to_owned());
        }
        Ok(Self { folder: folder.to_owned(), posts: POSTS })
    }

    /// Where a page of the feed with this path lies.
    #[must_use]
    pub fn path(&self, feed: &FeedPath, period: Period) -> Option<FeedPath> {
        FeedPath::new(&self.fill(feed.as_str(), &period.to_string()))
    }

    /// Where the pages of feeds with this template lie, as a template.
    pub(super) fn template_of(&self, feeds: &str) -> String {
        self.fill(feeds, "{slug}")
    }

    /// Whether something at a path could be in the way of pages.
    #[must_use]
    pub fn meets(&self, path: &str) -> bool {
        let segments: Vec<&str> = path.split('/').collect();
        let is_met = |(own, other): (&str, &&str)| {
            if own == "{period}" { Period::parse(other).is_some() } else { own == *other }
        };
        (0..segments.len()).any(|at| self.folder.split('/').zip(segments.iter().skip(at)).all(is_met))
    }

    fn fill(&self, feed: &str, period: &str) -> String {
        let (folder, file) = feed.rsplit_once('/').map_or(("", feed), |(folder, file)| (folder, file));
        let slash = if folder.is_empty() { "" } else { "/" };
        format!("{folder}{slash}{}/{file}", self.folder.replace("{period}", period))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_lie_beside_their_feed() {
        let page = |folder: &str, feed: &str| {
            let archive = Archive::parse(folder).unwrap();
            archive.path(&FeedPath::new(feed).unwrap(), Period::parse("2024-03").unwrap()).unwrap().as_str().to_owned()
        };
        assert_eq!(page(FOLDER, "tech/rss.xml"), "tech/_archive/2024-03/rss.xml");
        assert_eq!(page(FOLDER, "rss.xml"), "_archive/2024-03/rss.xml");
        assert_eq!(page("{period}/all", "c/feed/atom.xml"), "c/feed/2024-03/all/atom.xml");
    }

    #[test]
    fn folders_in_which_two_pages_could_meet_are_refused() {
        for folder in [
            "",
            "_archive",
            "_archive/of-{period}",
            "{period}/{period}",
            "{period}/{slug}",
            "../{period}",
            ".x/{period}/.y",
        ] {
            assert!(Archive::parse(folder).is_err(), "{folder}");
        }
    }

    #[test]
    fn what_could_be_in_the_way_of_pages_is_known() {
        let archive = Archive::parse(FOLDER).unwrap();
        for (path, meets) in [
            ("_archive", true),
            ("tech/_archive", true),
            ("tech/_archive/2024-03/atom.xml", true),
            ("_archive/old.xml", false),
            ("archive/2024.xml", false),
            ("2024/atom.xml", false),
        ] {
            assert_eq!(archive.meets(path), meets, "{path}");
        }
    }
}
