//! Places, dates and addresses of pages, as Zola 0.22 has them.

use super::dates::date_in_name;
use super::place::Place;
use crate::config::{ZolaFeeds, ZolaMarkdown, ZolaSite};
use crate::model::Slugify;

fn site(other_languages: &[&str]) -> ZolaSite {
    ZolaSite {
        base: None,
        other_languages: other_languages.iter().map(|&language| language.to_owned()).collect(),
        paths: Slugify::On,
        terms: Slugify::On,
        keeps_dates: false,
        ignored: Vec::new(),
        taxonomies: Vec::new(),
        sections: Vec::new(),
        markdown: ZolaMarkdown::default(),
        feeds: ZolaFeeds::default(),
    }
}

#[test]
fn a_place_is_a_folder_and_a_name() {
    for (path, place) in [
        ("content/a.md", Some(("", "a"))),
        ("content/posts/a.b.md", Some(("posts", "a.b"))),
        ("content/posts/a/index.md", Some(("posts", "a"))),
        ("content/a/index.md", Some(("", "a"))),
        ("content/posts/a/index.fr.md", None),
        ("content/posts/a/index.de.md", Some(("posts", "index.de"))),
        ("content/posts/a.fr.md", None),
        ("content/index.md", None),
        ("content/_index.md", None),
        ("content/posts/_index.fr.md", None),
        ("content/posts/.a.md", None),
        ("content/.posts/a.md", Some((".posts", "a"))),
        ("content/a.markdown", None),
        ("static/a.md", None),
        ("contents/a.md", None),
    ] {
        let site = site(&["fr"]);
        assert_eq!(Place::of(path, &site).map(|place| (place.folder, place.name)), place, "{path}");
    }
    assert_eq!(Place::of("content/a.fr.md", &site(&[])).unwrap().name, "a.fr");
}

#[test]
fn a_name_may_begin_with_a_date() {
    for (name, date, slug) in [
        ("2018-10-10-a", "2018-10-10T00:00:00+00:00", Some("a")),
        ("2018-10-10_a b", "2018-10-10T00:00:00+00:00", Some("a b")),
        ("2018-10-10 - a", "2018-10-10T00:00:00+00:00", Some(" a")),
        ("2018-10-10", "2018-10-10T00:00:00+00:00", None),
        ("2018-10-10-", "2018-10-10T00:00:00+00:00", None),
        ("2018-10-10a", "2018-10-10T00:00:00+00:00", None),
        ("2018-10-10T10:11:12Z-a", "2018-10-10T10:11:12+00:00", Some("a")),
        ("2018-10-10T10:11:12.5-03:00-a", "2018-10-10T10:11:12.500-03:00", Some("a")),
        ("2018-10-10T10:11:12+02:00_a", "2018-10-10T10:11:12+02:00", Some("a")),
        ("2018-10-10T10:11 a", "2018-10-10T00:00:00+00:00", None),
        ("2018-10-10T10:11:12-a", "2018-10-10T00:00:00+00:00", None),
    ] {
        let dated = date_in_name(name).unwrap();
        assert_eq!((dated.at.to_rfc3339().as_str(), dated.slug), (date, slug), "{name}");
    }
    for name in ["2018-13-10-a", "2018-02-30-a", "18-10-10-a", "2018-1-10-a", "+018-10-10", "a", "", "2018-10-1é-a"] {
        assert!(date_in_name(name).is_none(), "{name}");
    }
}
