//! Places, dates and addresses of pages, as Zola 0.22 has them.

use std::collections::BTreeMap;

use super::dates::date_in_name;
use super::place::Place;
use crate::config::{ZolaFeeds, ZolaLanguage, ZolaMarkdown, ZolaSite};
use crate::model::{Language, Slugify, Value};

fn site(other_languages: &[&str]) -> ZolaSite {
    ZolaSite {
        base: None,
        default: language("en", None),
        others: other_languages.iter().map(|code| language(code, Language::new(code))).collect(),
        left_out: vec!["x y".to_owned()],
        drafts: vec!["drafts".to_owned(), "posts/old".to_owned()],
        paths: Slugify::On,
        terms: Slugify::On,
        keeps_dates: false,
        ignored: Vec::new(),
        markdown: ZolaMarkdown::default(),
        templates: BTreeMap::new(),
        config: Value::Null,
        plain_texts: None,
    }
}

fn language(code: &str, language: Option<Language>) -> ZolaLanguage {
    ZolaLanguage {
        prefix: language.as_ref().map_or_else(String::new, |language| format!("{language}/")),
        language,
        code: code.to_owned(),
        taxonomies: Vec::new(),
        sections: Vec::new(),
        feeds: ZolaFeeds::default(),
    }
}

#[test]
fn a_place_is_a_language_a_folder_and_a_name() {
    let site = site(&["fr", "pt-BR"]);
    for (path, place) in [
        ("content/a.md", Some(("en", "", "a"))),
        ("content/posts/a.b.md", Some(("en", "posts", "a.b"))),
        ("content/posts/a.en.md", Some(("en", "posts", "a.en"))),
        ("content/posts/a/index.md", Some(("en", "posts", "a"))),
        ("content/a/index.md", Some(("en", "", "a"))),
        ("content/posts/a/index.fr.md", Some(("fr", "posts", "a"))),
        ("content/posts/a/index.de.md", Some(("en", "posts", "index.de"))),
        ("content/posts/a.fr.md", Some(("fr", "posts", "a"))),
        ("content/posts/a.pt-BR.md", Some(("pt-BR", "posts", "a"))),
        ("content/posts/a.pt-br.md", Some(("en", "posts", "a.pt-br"))),
        ("content/posts/a.1.fr.md", Some(("en", "posts", "a.1.fr"))),
        ("content/posts/a.x y.md", None),
        ("content/index.md", None),
        ("content/index.fr.md", None),
        ("content/_index.md", None),
        ("content/posts/_index.fr.md", None),
        ("content/posts/.a.md", None),
        ("content/.posts/a.md", Some(("en", ".posts", "a"))),
        ("content/a.markdown", None),
        ("static/a.md", None),
        ("contents/a.md", None),
    ] {
        let found = Place::of(path, &site).map(|place| (place.language.code.as_str(), place.folder, place.name));
        assert_eq!(found, place, "{path}");
    }
}

#[test]
fn a_draft_takes_its_folder_out_and_all_in_it() {
    let site = site(&[]);
    for folder in ["drafts", "drafts/a", "posts/old", "posts/old/a/b"] {
        assert!(site.is_draft(folder), "{folder}");
    }
    for folder in ["", "posts", "drafts2", "posts/older", "a/drafts"] {
        assert!(!site.is_draft(folder), "{folder}");
    }
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
