//! The pages of archives: which parts of the calendar the posts of a feed are divided into, and which of them lag behind.
//!
//! The pages of a feed are a function of its posts alone: a year is one page; one that holds more than a page may is divided
//! into months, and such a month into days. So a change moves no post but those of its own year.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension as _, Row, params};

use super::claims;
use super::query::listed;
use super::{Catalog, CatalogError, FeedId, Listed, Update, Window};
use crate::model::{FeedKey, Period};

/// What every document spends on a post beside its text, in bytes.
const AROUND: i64 = 1024;

/// Steps into the index of a feed's dates, however many posts it has.
const LAST_BEFORE: &str = "SELECT max(published) FROM members WHERE feed = ? AND published < ?";
const NEXT_FROM: &str = "SELECT min(published) FROM members WHERE feed = ? AND published >= ?";
const FITS: &str = "SELECT count(*), coalesce(sum(size), 0) FROM (SELECT file FROM members \
                    WHERE feed = ? AND published >= ? AND published < ? LIMIT ?) JOIN files USING(file)";

/// How much a page may hold before it is divided, if it is longer than a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Division {
    /// So many posts.
    pub posts: usize,
    /// So many bytes of their sources, and of what stands around each in a feed.
    pub bytes: u64,
}

/// A page of the archive of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivePage {
    /// Its number, by which it is settled as a feed is.
    pub page: FeedId,
    /// Its feed.
    pub feed: FeedId,
    /// Which that is.
    pub key: FeedKey,
    /// What it covers.
    pub period: Period,
}

/// What a batch does to archives.
#[derive(Debug, Default)]
pub(super) struct Touched {
    /// The days whose posts change, by feed.
    days: BTreeMap<i64, BTreeSet<Period>>,
    /// Feeds that say something else of themselves.
    heads: BTreeSet<i64>,
}

impl Touched {
    pub(super) fn note_post(&mut self, feed: i64, published: i64) {
        self.days.entry(feed).or_default().insert(Period::day_of(published));
    }

    pub(super) fn note_head(&mut self, feed: i64) {
        self.heads.insert(feed);
    }
}

impl Catalog {
    /// Pages of archives whose files may lag behind, or that are no pages any more.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn dirty_archives(&self) -> Result<Vec<ArchivePage>, CatalogError> {
        self.archive_pages("dirty JOIN archives ON page = -dirty.feed WHERE dirty.feed < 0")
    }

    /// All pages of archives that have files, or will.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn archives(&self) -> Result<Vec<ArchivePage>, CatalogError> {
        self.archive_pages("archives")
    }

    fn archive_pages(&self, from: &str) -> Result<Vec<ArchivePage>, CatalogError> {
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT page, feed, period, language, kind, key FROM (SELECT page, archives.feed, period FROM {from}) \
             JOIN feeds USING(feed) ORDER BY feed, period"
        ))?;
        let mut rows = statement.query([])?;
        let mut pages = Vec::new();
        while let Some(row) = rows.next()? {
            let (page, feed): (i64, i64) = (row.get(0)?, row.get(1)?);
            let found = period(row, 2)?.zip(claims::feed_key(row, 3)?);
            pages.extend(found.map(|(period, key)| ArchivePage {
                page: FeedId(-page),
                feed: FeedId(feed),
                key,
                period,
            }));
        }
        Ok(pages)
    }

    /// The page that holds the newest post of a feed.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn newest_page(&self, feed: FeedId, division: Division) -> Result<Option<Period>, CatalogError> {
        self.page_before(feed.0, i64::MAX, division)
    }

    /// The pages before and after this one.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn pages_beside(
        &self,
        feed: FeedId,
        period: Period,
        division: Division,
    ) -> Result<[Option<Period>; 2], CatalogError> {
        let before = self.page_before(feed.0, period.start(), division)?;
        Ok([before, self.page_from(feed.0, period.end(), division)?])
    }

    /// Whether a feed has a page of just this period.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn is_page(&self, feed: FeedId, period: Period, division: Division) -> Result<bool, CatalogError> {
        Ok(self.page_from(feed.0, period.start(), division)? == Some(period))
    }

    /// All posts of a page, in the order of the feed.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn posts_of(&self, feed: FeedId, period: Period, window: Window) -> Result<Vec<Listed>, CatalogError> {
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT f.path, f.digest, file, moved.id FROM members m JOIN files f USING(file) LEFT JOIN moved USING(file) \
             WHERE m.feed = ? AND m.published >= ? AND m.published < ? {}",
            window.order()
        ))?;
        let rows = statement.query_map([feed.0, period.start(), period.end()], listed)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets pages whose files are gone.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn drop_pages(&self, pages: &[FeedId]) -> Result<(), CatalogError> {
        let transaction = self.db.unchecked_transaction()?;
        for FeedId(page) in pages {
            for table in ["links", "used", "dirty"] {
                self.db.prepare_cached(&format!("DELETE FROM {table} WHERE feed = ?"))?.execute([page])?;
            }
            self.db.prepare_cached("DELETE FROM archives WHERE page = ?")?.execute([-page])?;
        }
        Ok(transaction.commit()?)
    }

    /// The pages that the posts in a period make, oldest first.
    fn divide(
        &self,
        feed: i64,
        period: Period,
        division: Division,
        pages: &mut Vec<Period>,
    ) -> Result<(), CatalogError> {
        let mut from = period.start();
        let Some(first) = self.next_post(feed, from)?.filter(|at| period.holds(*at)) else { return Ok(()) };
        if period.part_of(first).is_none() || self.fits(feed, period, division)? {
            pages.push(period);
            return Ok(());
        }
        while let Some(at) = self.next_post(feed, from)?.filter(|at| period.holds(*at)) {
            let Some(part) = period.part_of(at) else { break };
            self.divide(feed, part, division, pages)?;
            from = part.end();
        }
        Ok(())
    }

    /// The page that a post of this date is in.
    fn page_at(&self, feed: i64, at: i64, division: Division) -> Result<Period, CatalogError> {
        let mut page = Period::year_of(at);
        while let Some(part) = page.part_of(at) {
            if self.fits(feed, page, division)? {
                break;
            }
            page = part;
        }
        Ok(page)
    }

    fn page_before(&self, feed: i64, at: i64, division: Division) -> Result<Option<Period>, CatalogError> {
        let last: Option<i64> = self.db.prepare_cached(LAST_BEFORE)?.query_row([feed, at], |row| row.get(0))?;
        last.map(|at| self.page_at(feed, at, division)).transpose()
    }

    fn page_from(&self, feed: i64, at: i64, division: Division) -> Result<Option<Period>, CatalogError> {
        self.next_post(feed, at)?.map(|at| self.page_at(feed, at, division)).transpose()
    }

    /// The date of the first post from an instant on.
    fn next_post(&self, feed: i64, from: i64) -> Result<Option<i64>, CatalogError> {
        Ok(self.db.prepare_cached(NEXT_FROM)?.query_row([feed, from], |row| row.get(0))?)
    }

    /// Whether one page may hold a period. No more posts are looked at than a page may hold, and one.
    fn fits(&self, feed: i64, period: Period, division: Division) -> Result<bool, CatalogError> {
        let most = i64::try_from(division.posts).unwrap_or(i64::MAX);
        let (posts, bytes): (i64, i64) = self
            .db
            .prepare_cached(FITS)?
            .query_row([feed, period.start(), period.end(), most.saturating_add(1)], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let bytes = bytes.saturating_add(posts.saturating_mul(AROUND));
        Ok(posts <= most && u64::try_from(bytes).is_ok_and(|bytes| bytes <= division.bytes))
    }
}

impl Update<'_> {
    /// Brings the table of pages up to date. Pages whose posts or neighbours are others now are dirty.
    pub(super) fn settle_archives(&mut self) -> Result<(), CatalogError> {
        let Some(division) = self.faces.window().archive else { return Ok(()) };
        let Touched { days, heads } = std::mem::take(&mut self.archives);
        if self.catalog.is_new() {
            return self.list_archives(division);
        }
        for (feed, days) in days {
            self.settle_archive(feed, &days, division)?;
        }
        for feed in heads {
            let mut statement = self.catalog.db.prepare_cached("SELECT page FROM archives WHERE feed = ?")?;
            for page in statement.query_map([feed], |row| row.get::<_, i64>(0))? {
                self.dirty.insert(-page?);
            }
        }
        Ok(())
    }

    /// All pages there are, after a bulk fill.
    fn list_archives(&mut self, division: Division) -> Result<(), CatalogError> {
        for (FeedId(feed), _) in self.catalog.feeds()? {
            let (mut from, mut pages) = (i64::MIN, Vec::new());
            while let Some(at) = self.catalog.next_post(feed, from)? {
                let year = Period::year_of(at);
                self.catalog.divide(feed, year, division, &mut pages)?;
                from = year.end();
            }
            for page in pages {
                self.touch_page_of(feed, page)?;
            }
        }
        Ok(())
    }

    fn settle_archive(&mut self, feed: i64, days: &BTreeSet<Period>, division: Division) -> Result<(), CatalogError> {
        let years: BTreeSet<Period> = days.iter().map(|day| day.year()).collect();
        // Beside these, pages have other neighbours now.
        let mut moved = Vec::new();
        for year in years {
            let before = self.pages_known(feed, year)?;
            let mut after = Vec::new();
            self.catalog.divide(feed, year, division, &mut after)?;
            moved.extend(after.iter().filter(|page| !before.contains_key(page)));
            for (page, number) in before.iter().filter(|(page, _)| !after.contains(page)) {
                self.dirty.insert(-number);
                moved.push(*page);
            }
            for page in after {
                if !before.contains_key(&page) || days.iter().any(|day| page.holds(day.start())) {
                    self.touch_page_of(feed, page)?;
                }
            }
        }
        for page in moved {
            let [before, after] = self.catalog.pages_beside(FeedId(feed), page, division)?;
            // The newest page has the feed itself beside it.
            if after.is_none() {
                self.dirty.insert(feed);
            }
            for page in [before, after].into_iter().flatten() {
                self.touch_page_of(feed, page)?;
            }
        }
        Ok(())
    }

    /// The pages of a year that are in the table.
    fn pages_known(&self, feed: i64, year: Period) -> Result<BTreeMap<Period, i64>, CatalogError> {
        // A dot comes after the dash that all parts of the year go on with.
        let (first, last) = (year.to_string(), format!("{year}."));
        let mut statement = self
            .db()
            .prepare_cached("SELECT page, period FROM archives WHERE feed = ? AND period >= ? AND period < ?")?;
        let mut rows = statement.query(params![feed, first, last])?;
        let mut pages = BTreeMap::new();
        while let Some(row) = rows.next()? {
            pages.extend(period(row, 1)?.zip(Some(row.get(0)?)));
        }
        Ok(pages)
    }

    fn touch_page_of(&mut self, feed: i64, page: Period) -> Result<(), CatalogError> {
        let page = page.to_string();
        let mut find = self.catalog.db.prepare_cached("SELECT page FROM archives WHERE feed = ? AND period = ?")?;
        let known: Option<i64> = find.query_row(params![feed, page], |row| row.get(0)).optional()?;
        let number = match known {
            Some(number) => number,
            None => {
                let insert = "INSERT INTO archives(feed, period) VALUES(?, ?)";
                self.catalog.db.prepare_cached(insert)?.insert(params![feed, page])?
            }
        };
        self.dirty.insert(-number);
        Ok(())
    }
}

/// The period in a column of a row; `None` for what only a damaged catalog can hold.
fn period(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Period>> {
    Ok(Period::parse(row.get_ref(at)?.as_str()?))
}
