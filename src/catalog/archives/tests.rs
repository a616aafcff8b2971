//! The pages of a feed, held against its posts.

use proptest::prelude::*;

use super::*;
use crate::config::Ties;
use crate::model::Pins;

const DAY: i64 = 86_400_000_000;
const DIVISION: Division = Division { posts: 3, bytes: 10_000 };

/// A catalog with a feed of posts of these dates and sizes.
fn filled(posts: &[(i64, i64)]) -> Catalog {
    let mut catalog = Catalog::in_memory().unwrap();
    let window = Window { limit: 20, ties: Ties::LastPath, site: None, archive: Some(DIVISION) };
    catalog.begin(0, window, &Pins::default()).unwrap().commit(true).unwrap();
    catalog.complete().unwrap();
    for (file, (published, size)) in posts.iter().enumerate() {
        let insert = "INSERT INTO files(file, path, state, live, size) VALUES(?1, CAST(?1 AS BLOB), 0, 1, ?2)";
        catalog.db.execute(insert, params![file, size]).unwrap();
        catalog.db.execute("INSERT INTO members VALUES(1, ?, ?, 1)", params![published, file]).unwrap();
    }
    catalog
}

fn pages(catalog: &Catalog) -> Vec<Period> {
    let (mut pages, mut from) = (Vec::new(), i64::MIN);
    while let Some(at) = catalog.next_post(1, from).unwrap() {
        catalog.divide(1, Period::year_of(at), DIVISION, &mut pages).unwrap();
        from = Period::year_of(at).end();
    }
    pages
}

proptest! {
    #[test]
    fn each_post_is_in_one_page_and_the_pages_lead_to_one_another(
        posts in proptest::collection::vec((0..800_i64, 0..9_000_i64), 0..40)
    ) {
        let posts: Vec<(i64, i64)> = posts.into_iter().map(|(day, size)| (day * DAY, size)).collect();
        let catalog = filled(&posts);
        let pages = pages(&catalog);
        prop_assert!(pages.iter().zip(pages.iter().skip(1)).all(|(one, next)| one.end() <= next.start()));
        for (at, _) in &posts {
            prop_assert_eq!(pages.iter().filter(|page| page.holds(*at)).count(), 1);
            prop_assert!(pages.contains(&catalog.page_at(1, *at, DIVISION).unwrap()));
        }
        for (n, page) in pages.iter().enumerate() {
            let held: Vec<_> = posts.iter().filter(|(at, _)| page.holds(*at)).collect();
            let bytes: i64 = held.iter().map(|(_, size)| size + AROUND).sum();
            let is_small = held.len() <= DIVISION.posts && bytes <= 10_000;
            prop_assert!(!held.is_empty() && (is_small || page.part_of(page.start()).is_none()));
            prop_assert!(catalog.is_page(FeedId(1), *page, DIVISION).unwrap());
            let beside = [n.checked_sub(1).map(|n| pages[n]), pages.get(n + 1).copied()];
            prop_assert_eq!(catalog.pages_beside(FeedId(1), *page, DIVISION).unwrap(), beside);
        }
        prop_assert_eq!(catalog.newest_page(FeedId(1), DIVISION).unwrap(), pages.last().copied());
    }
}

#[test]
fn nothing_is_asked_of_more_posts_than_a_page_may_hold() {
    let catalog = filled(&[]);
    let steps = |sql: &str, parameters: usize| -> Vec<String> {
        let mut plan = catalog.db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let bound = rusqlite::params_from_iter(vec![0; parameters]);
        plan.query_map(bound, |row| row.get(3)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    for (sql, parameters) in [(FITS, 4), (LAST_BEFORE, 2), (NEXT_FROM, 2)] {
        let steps = steps(sql, parameters);
        assert!(steps.iter().any(|step| step.starts_with("SEARCH members")), "{steps:#?}");
        assert!(
            !steps.iter().any(|step| step.starts_with("SCAN members") || step.starts_with("SCAN files")),
            "{steps:#?}"
        );
    }
    let dirty = steps("SELECT page FROM dirty JOIN archives ON page = -dirty.feed WHERE dirty.feed < 0", 0);
    assert!(!dirty.iter().any(|step| step.starts_with("SCAN archives")), "{dirty:#?}");
}
