//! Which posts are live: shown at this instant, and the only owner of their id.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, params};

use super::claims::{self, StoredClaim};
use super::{CatalogError, FeedId, Update, schema};
use crate::model::{Code, Diagnostic, Group, SitePath};

/// A post that has one of the ids to be settled.
struct Contender {
    file: i64,
    path: Vec<u8>,
    published: i64,
    shown: bool,
    live: bool,
    /// Left out for the site's limit alone.
    held: bool,
    link_hash: i64,
    claims: Vec<StoredClaim>,
}

/// A post that the site's limit holds back from now on, or no longer.
struct Moved {
    file: i64,
    published: i64,
    claims: Vec<StoredClaim>,
    is_within: bool,
}

impl Update<'_> {
    /// After a bulk fill: the ids and permalinks that more than one post has.
    pub(super) fn collect_conflicts(&mut self) -> Result<(), CatalogError> {
        let [ids, links] = std::mem::take(&mut self.hashes).map(repeated);
        if !(ids.is_empty() && links.is_empty() && self.ids.is_empty()) {
            schema::index_conflicts(self.db())?;
        }
        self.ids.extend(ids);
        self.links.extend(links);
        Ok(())
    }

    /// What the clock brings between the last batch and this one, in either direction: the ids of posts that begin or cease to
    /// be shown, and posts whose last change may be told from now on, or no longer.
    pub(super) fn collect_due(&mut self) -> Result<(), CatalogError> {
        let last: Option<i64> = self
            .db()
            .prepare_cached("SELECT value FROM meta WHERE key = 'clock'")?
            .query_row([], |row| row.get(0))
            .optional()?;
        let Some(last) = last else { return Ok(()) };
        let (from, to) = (last.min(self.now), last.max(self.now));
        // What begins to be shown was hidden. Only a clock that was set back takes a look at all posts.
        let hidden = if last <= self.now { "state = 0 AND live = 0 AND" } else { "" };
        for (which, instant) in [(hidden, "shown_from"), ("", "shown_until")] {
            let sql = format!("SELECT id_hash FROM files WHERE {which} {instant} > ? AND {instant} <= ?");
            let mut statement = self.catalog.db.prepare_cached(&sql)?;
            for hash in statement.query_map([from, to], |row| row.get::<_, Option<i64>>(0))? {
                self.ids.extend(hash?);
            }
        }
        let restated: Vec<(i64, i64, Vec<u8>)> = self
            .db()
            .prepare_cached(
                "SELECT file, published, claims FROM files WHERE changed > ? AND changed <= ? AND live = 1",
            )?
            .query_map([from, to], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        for (file, published, claims) in restated {
            self.faces.note_file(file);
            for claim in claims::decode(&claims) {
                self.touch_members(claim.feed, published)?;
            }
        }
        Ok(())
    }

    /// Of the shown posts with one id, the newest (date, then path) is live and the others are reported.
    pub(super) fn settle_ids(&mut self) -> Result<(), CatalogError> {
        for hash in std::mem::take(&mut self.ids) {
            for (id, posts) in self.contenders(hash)? {
                self.settle_id(&id, posts)?;
            }
        }
        Ok(())
    }

    fn settle_id(&mut self, id: &str, posts: Vec<Contender>) -> Result<(), CatalogError> {
        let winner = posts
            .iter()
            .filter(|post| post.shown)
            .max_by(|a, b| (a.published, &a.path).cmp(&(b.published, &b.path)))
            .map(|post| (post.file, SitePath::from_bytes(&post.path)));
        for post in posts {
            let wins = winner.as_ref().is_some_and(|(file, _)| *file == post.file);
            if wins != (post.live || post.held) {
                self.db()
                    .prepare_cached("UPDATE files SET live = ? WHERE file = ?")?
                    .execute(params![wins, post.file])?;
                self.links.insert(post.link_hash);
                if wins {
                    self.enlist(post.file, post.published, &post.claims)?;
                } else if post.live {
                    self.delist(post.file, post.published, &post.claims)?;
                }
            }
            self.unreport(post.file, Code::SameId)?;
            if let Some((_, newest)) = winner.as_ref().filter(|_| post.shown && !wins) {
                let message = format!("it has the id {id}, which {newest} has too, and that one is newer");
                self.put_diagnostic(post.file, &Diagnostic::new(Code::SameId, message))?;
            }
        }
        Ok(())
    }

    /// Of the posts that would be live only so many are, the newest, where the site has a limit (Jekyll's `Site#limit_posts!`);
    /// documents of other collections are not posts.
    pub(super) fn settle_limit(&mut self) -> Result<(), CatalogError> {
        let Some(limit) = self.faces.window().site else { return Ok(()) };
        let FeedId(all) = self.ensure_feed(&Group::All.into())?;
        for Moved { file, published, claims, is_within } in self.moved_by_limit(limit, all)? {
            let live = if is_within { 1 } else { 2 };
            self.db().prepare_cached("UPDATE files SET live = ? WHERE file = ?")?.execute([live, file])?;
            if is_within {
                self.enlist(file, published, &claims)?;
            } else {
                self.delist(file, published, &claims)?;
            }
        }
        Ok(())
    }

    /// Those for which it makes a difference: only what changes is held in memory.
    fn moved_by_limit(&self, limit: usize, all: i64) -> Result<Vec<Moved>, CatalogError> {
        let mut statement = self.db().prepare_cached(
            "SELECT file, live = 1, published, claims FROM files WHERE live <> 0 \
             ORDER BY published DESC, coalesce(rank, path) DESC",
        )?;
        let (mut rows, mut place, mut changed) = (statement.query([])?, 0, Vec::new());
        while let Some(row) = rows.next()? {
            let claims = claims::decode(row.get_ref(3)?.as_blob().unwrap_or_default());
            if claims.iter().all(|claim| claim.feed != all) {
                continue;
            }
            let is_within = place < limit;
            place += 1;
            if is_within != row.get::<_, bool>(1)? {
                changed.push(Moved { file: row.get(0)?, published: row.get(2)?, claims, is_within });
            }
        }
        Ok(changed)
    }

    /// Live posts with one permalink are both kept, and both are told.
    pub(super) fn settle_links(&mut self) -> Result<(), CatalogError> {
        for hash in std::mem::take(&mut self.links) {
            let posts: Vec<(i64, Vec<u8>, bool)> = self
                .db()
                .prepare_cached("SELECT file, path, live = 1 FROM files WHERE link_hash = ? ORDER BY path")?
                .query_map([hash], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect::<Result<_, _>>()?;
            for (file, ..) in &posts {
                self.unreport(*file, Code::SamePermalink)?;
            }
            let live = || posts.iter().filter(|(.., live)| *live);
            for (file, ..) in live() {
                if let Some((_, other, _)) = live().find(|(other, ..)| other != file) {
                    let other = SitePath::from_bytes(other);
                    let diagnostic = Diagnostic::new(Code::SamePermalink, format!("{other} has the same permalink"));
                    self.put_diagnostic(*file, &diagnostic)?;
                }
            }
        }
        Ok(())
    }

    /// The posts with ids of this hash, by id: one group, but for hashes that collide.
    fn contenders(&self, hash: i64) -> Result<BTreeMap<String, Vec<Contender>>, CatalogError> {
        let mut groups: BTreeMap<String, Vec<Contender>> = BTreeMap::new();
        let mut statement = self.db().prepare_cached(
            "SELECT id, file, path, published, shown_from, shown_until, live = 1, live = 2, link_hash, claims FROM files WHERE id_hash = ?",
        )?;
        let mut rows = statement.query([hash])?;
        while let Some(row) = rows.next()? {
            let (from, until): (Option<i64>, Option<i64>) = (row.get(4)?, row.get(5)?);
            groups.entry(row.get(0)?).or_default().push(Contender {
                file: row.get(1)?,
                path: row.get(2)?,
                published: row.get(3)?,
                shown: from.is_none_or(|from| from <= self.now) && until.is_none_or(|until| self.now < until),
                live: row.get(6)?,
                held: row.get(7)?,
                link_hash: row.get(8)?,
                claims: claims::decode(row.get_ref(9)?.as_blob().unwrap_or_default()),
            });
        }
        Ok(groups)
    }

    fn unreport(&self, file: i64, code: Code) -> Result<(), CatalogError> {
        self.db()
            .prepare_cached("DELETE FROM diagnostics WHERE file = ? AND code = ?")?
            .execute(params![file, code.as_str()])?;
        Ok(())
    }
}

/// The numbers that stand more than once.
fn repeated(mut numbers: Vec<i64>) -> BTreeSet<i64> {
    numbers.sort_unstable();
    numbers.iter().zip(numbers.iter().skip(1)).filter(|(a, b)| a == b).map(|(a, _)| *a).collect()
}
