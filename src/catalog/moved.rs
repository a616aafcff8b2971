//! Which post is a pinned one under another name: its own path has no row, a row's path has no file, and the bodies are
//! the same.
//!
//! That depends on the other files, so it is settled here, where the set of files is known, and never in the reading of one.

use rusqlite::{OptionalExtension, params};

use super::update::hash;
use super::{Catalog, CatalogError, Update, claims, schema};
use crate::model::{BodyHash, ItemId, SitePath};

/// A post that may be a pinned one.
type Heir = (i64, ItemId);

impl Catalog {
    /// The id of the pinned post that the one at `path` is under another name.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn moved_id(&self, path: &SitePath) -> Result<Option<ItemId>, CatalogError> {
        let id: Option<String> = self
            .db
            .prepare_cached("SELECT moved.id FROM moved JOIN files USING(file) WHERE path = ?")?
            .query_row([path.as_bytes()], |row| row.get(0))
            .optional()?;
        Ok(id.as_deref().and_then(ItemId::parse))
    }

    /// Every post with its id, by path; of several with one id the one that is shown.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn identities(&self) -> Result<Vec<(SitePath, ItemId)>, CatalogError> {
        let mut statement =
            self.db.prepare_cached("SELECT path, id FROM files WHERE state = 0 ORDER BY id, live DESC, path")?;
        let rows = statement.query_map([], |row| {
            Ok((SitePath::from_bytes(row.get_ref(0)?.as_blob()?), ItemId::parse(row.get_ref(1)?.as_str()?)))
        })?;
        let mut found: Vec<(SitePath, ItemId)> = Vec::new();
        for row in rows {
            let (path, Some(id)) = row? else { continue };
            if found.last().is_none_or(|(_, last)| *last != id) {
                found.push((path, id));
            }
        }
        found.sort();
        Ok(found)
    }
}

impl Update<'_> {
    /// A post without a row has this body.
    pub(super) fn note_body(&mut self, file: i64, body: Option<BodyHash>) -> Result<(), CatalogError> {
        let Some(body) = body else { return Ok(()) };
        self.db().prepare_cached("INSERT INTO unpinned VALUES(?, ?)")?.execute(params![file, body.as_bytes()])?;
        self.bodies.insert(body);
        Ok(())
    }

    /// What a file was is forgotten: it is no post with that body any more.
    pub(super) fn forget_body(&mut self, file: i64) -> Result<(), CatalogError> {
        let body: Option<[u8; 32]> = self
            .db()
            .prepare_cached("DELETE FROM unpinned WHERE file = ? RETURNING body")?
            .query_row([file], |row| row.get(0))
            .optional()?;
        if let Some(body) = body {
            self.db().prepare_cached("DELETE FROM moved WHERE file = ?")?.execute([file])?;
            self.bodies.insert(BodyHash::from_bytes(body));
        }
        Ok(())
    }

    /// A file comes to a path, or leaves it: another post may be the pinned one from then on.
    pub(super) fn note_pinned_path(&mut self, path: &SitePath) {
        self.bodies.extend(self.pins.get(path).map(|pin| pin.body));
    }

    /// Finds for each body in doubt the one post that is a pinned one, and gives it that one's id.
    pub(super) fn settle_moved(&mut self) -> Result<(), CatalogError> {
        self.doubt_other_pins()?;
        let bodies = std::mem::take(&mut self.bodies);
        if self.catalog.is_new() && bodies.iter().any(|body| self.pins.movable(*body).is_some()) {
            schema::index_paths(self.db())?;
        }
        for body in bodies {
            let (before, after) = (self.current_heir(body)?, self.heir(body)?);
            if before == after {
                continue;
            }
            if let Some((file, _)) = before {
                let own: String = self
                    .db()
                    .prepare_cached("DELETE FROM moved WHERE file = ? RETURNING own_id")?
                    .query_row([file], |row| row.get(0))?;
                self.give_id(file, &own)?;
            }
            if let Some((file, id)) = after {
                self.db()
                    .prepare_cached("INSERT INTO moved SELECT file, ?, ?, id FROM files WHERE file = ?")?
                    .execute(params![body.as_bytes(), id.as_str(), file])?;
                self.give_id(file, id.as_str())?;
            }
        }
        Ok(())
    }

    /// With other rows than at the last batch, every post without one is in doubt.
    fn doubt_other_pins(&mut self) -> Result<(), CatalogError> {
        let digest = self.pins.digest();
        let last: Option<i64> = self
            .db()
            .prepare_cached("SELECT value FROM meta WHERE key = 'pins'")?
            .query_row([], |row| row.get(0))
            .optional()?;
        if last == Some(digest) {
            return Ok(());
        }
        self.db().prepare_cached("INSERT OR REPLACE INTO meta VALUES('pins', ?)")?.execute([digest])?;
        let mut statement = self.catalog.db.prepare_cached("SELECT body FROM unpinned")?;
        for body in statement.query_map([], |row| row.get(0))? {
            self.bodies.insert(BodyHash::from_bytes(body?));
        }
        Ok(())
    }

    fn current_heir(&self, body: BodyHash) -> Result<Option<Heir>, CatalogError> {
        let found: Option<(i64, String)> = self
            .db()
            .prepare_cached("SELECT file, id FROM moved WHERE body = ?")?
            .query_row([body.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(found.and_then(|(file, id)| Some((file, ItemId::parse(&id)?))))
    }

    /// The one post with the body of a row whose file is gone.
    fn heir(&self, body: BodyHash) -> Result<Option<Heir>, CatalogError> {
        let Some(pin) = self.pins.movable(body) else { return Ok(None) };
        if self.db().prepare_cached("SELECT 1 FROM files WHERE path = ?")?.exists([pin.path.as_bytes()])? {
            return Ok(None);
        }
        let mut statement = self.db().prepare_cached("SELECT file FROM unpinned WHERE body = ? LIMIT 2")?;
        let files: Vec<i64> = statement.query_map([body.as_bytes()], |row| row.get(0))?.collect::<Result<_, _>>()?;
        // Of two copies neither is the one that was renamed.
        let [file] = files.as_slice() else { return Ok(None) };
        Ok(Some((*file, pin.id.clone())))
    }

    /// A post has another id from now on; who owns the old one and the new one has to be found again.
    fn give_id(&mut self, file: i64, id: &str) -> Result<(), CatalogError> {
        let (old, published, claims): (i64, i64, Vec<u8>) = self
            .db()
            .prepare_cached("SELECT id_hash, published, claims FROM files WHERE file = ?")?
            .query_row([file], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let new = hash(id);
        self.ids.extend([old, new]);
        if !self.catalog.is_new() {
            self.faces.note_file(file);
            for claim in claims::decode(&claims) {
                self.touch_members(claim.feed, published)?;
            }
        }
        self.db()
            .prepare_cached("UPDATE files SET id = ?, id_hash = ? WHERE file = ?")?
            .execute(params![id, new, file])?;
        Ok(())
    }
}
