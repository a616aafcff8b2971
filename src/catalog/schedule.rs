//! When feeds change by themselves: posts that begin or cease to be shown, or whose last change may be told.

use super::{Catalog, CatalogError};

/// Three steps into an index each time, however many posts there are.
const NEXT: &str = "SELECT min(at) FROM (SELECT min(shown_from) at FROM files WHERE state = 0 AND live = 0 AND shown_from > ?1 \
                    UNION ALL SELECT min(shown_until) FROM files WHERE shown_until > ?1 \
                    UNION ALL SELECT min(changed) FROM files WHERE changed > ?1)";

impl Catalog {
    /// The next instant after `now` at which a post begins or ceases to be shown, in microseconds since 1970.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn next_instant(&self, now: i64) -> Result<Option<i64>, CatalogError> {
        Ok(self.db.prepare_cached(NEXT)?.query_row([now], |row| row.get(0))?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Window;
    use super::{Catalog, NEXT};
    use crate::config::Ties;
    use crate::model::Pins;

    fn filled(posts: i64) -> Catalog {
        let mut catalog = Catalog::in_memory().unwrap();
        catalog
            .begin(0, Window { limit: 20, ties: Ties::LastPath, site: None, archive: None }, &Pins::default())
            .unwrap()
            .commit(true)
            .unwrap();
        catalog.complete().unwrap();
        let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) \
                   INSERT INTO files(file, path, state, shown_from, shown_until, changed) \
                   SELECT i, CAST(i AS BLOB), 0, i * 1000, i * 1000 + 1, i * 1000 + 2 FROM n";
        catalog.db.execute(sql, [posts]).unwrap();
        catalog
    }

    #[test]
    fn it_is_looked_up_by_index_and_never_scanned() {
        let catalog = filled(10);
        let mut plan = catalog.db.prepare(&format!("EXPLAIN QUERY PLAN {NEXT}")).unwrap();
        let steps: Vec<String> = plan.query_map([0], |row| row.get(3)).unwrap().collect::<Result<Vec<_>, _>>().unwrap();
        for index in ["files_hidden", "files_until", "files_changed"] {
            let by_index = format!("SEARCH files USING COVERING INDEX {index}");
            assert!(steps.iter().any(|step| step.starts_with(&by_index)), "{steps:#?}");
        }
        assert!(!steps.iter().any(|step| step.starts_with("SCAN files")), "{steps:#?}");
    }

    #[test]
    fn a_million_instants_are_told_one_after_another() {
        let million = 1_000_000;
        let catalog = filled(million);
        let mut now = 500_000_000;
        for next in [500_000_001, 500_000_002, 500_001_000, 500_001_001] {
            assert_eq!(catalog.next_instant(now).unwrap(), Some(next));
            now = next;
        }
        assert_eq!(catalog.next_instant(million * 1000 + 2).unwrap(), None);
    }
}
