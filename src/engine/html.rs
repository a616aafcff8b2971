//! What is on the pages for people: from a feed and its key, or from all that are published, to what their writer needs.

use std::collections::HashSet;

use super::files;
use crate::catalog::Outlined;
use crate::config::Config;
use crate::model::{Feed, FeedKey, FeedPath, Group, Rhythm, WebUrl};
use crate::writers::Target;
use crate::writers::html::{FeedPage, IndexPage, Listing, Section, feed_page, index_page};

/// What stands between the title of a feed and that of the site.
const BETWEEN: [&str; 2] = [" | ", " - "];

impl Config {
    /// The public address of the page that lists all feeds.
    fn index_address(&self, path: &FeedPath) -> WebUrl {
        // A web server shows it for the folder.
        if path.as_str() == "index.html" { self.output.feeds_url.clone() } else { self.address(path) }
    }
}

/// The page of a feed, of whose items so many are in its documents.
pub(super) fn page(
    config: &Config,
    key: &FeedKey,
    (feed, kept): (&Feed, usize),
    documents: &[Target],
    path: &FeedPath,
    rhythm: Option<Rhythm>,
) -> String {
    let site = &config.site_in(key.language.as_ref()).title;
    let index = config.output.html.as_ref().map_or_else(|| feed.home.clone(), |index| config.address(index));
    feed_page(&FeedPage {
        feed,
        kept,
        documents,
        title: own_title(&feed.title, site),
        site,
        address: &config.address(path),
        index: &index,
        rhythm,
    })
}

/// The page that lists these feeds.
pub(super) fn index(
    config: &Config,
    path: &FeedPath,
    taken: &HashSet<FeedPath>,
    feeds: &[(Outlined, Target)],
) -> String {
    let mut feeds: Vec<Listing> = feeds.iter().map(|(outlined, best)| listing(config, taken, outlined, best)).collect();
    feeds.sort_by_key(|feed| feed.section);
    let site = &config.site;
    index_page(&IndexPage {
        title: &site.title,
        description: site.description.as_deref(),
        home: &site.home,
        language: site.language.as_deref(),
        icon: site.icon.as_ref(),
        rights: site.rights.as_deref(),
        address: &config.index_address(path),
        opml: config.output.opml_path().map(|path| config.address(&path)).as_ref(),
        feeds: &feeds,
    })
}

fn listing(config: &Config, taken: &HashSet<FeedPath>, outlined: &Outlined, best: &Target) -> Listing {
    let key = &outlined.key;
    let site = config.site_in(key.language.as_ref());
    let language = site.language.clone().filter(|language| config.site.language.as_ref() != Some(language));
    Listing {
        section: section(&key.group),
        title: own_title(&outlined.title, &site.title).to_owned(),
        language: language.filter(|_| key.language.is_some()),
        page: files::page(config, key, taken).map(|path| config.address(&path)),
        feed: best.clone(),
        rhythm: outlined.rhythm,
    }
}

fn section(group: &Group) -> Section {
    match group {
        Group::All => Section::All,
        Group::Custom(_) => Section::Own,
        Group::Category(_) => Section::Category,
        Group::Tag(_) => Section::Tag,
        Group::Author(_) => Section::Author,
    }
}

/// The title of a feed without that of the site, which all the others have, too.
fn own_title<'a>(title: &'a str, site: &str) -> &'a str {
    let own = |between: &&str| {
        let before = title.strip_suffix(site).and_then(|rest| rest.strip_suffix(*between));
        before.or_else(|| title.strip_prefix(site).and_then(|rest| rest.strip_prefix(*between)))
    };
    BETWEEN.iter().find_map(own).filter(|own| !own.trim().is_empty()).unwrap_or(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_shown_without_that_of_the_site() {
        for (title, own) in [
            ("Tech | Site", "Tech"),
            ("Site - Tech", "Tech"),
            ("Site | Tech", "Tech"),
            ("Site", "Site"),
            (" | Site", " | Site"),
            ("Website", "Website"),
            ("A | B | Site", "A | B"),
        ] {
            assert_eq!(own_title(title, "Site"), own);
        }
    }
}
