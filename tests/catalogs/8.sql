CREATE TABLE meta(key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
-- One number a file: what a start without changes reads, so it is apart.
CREATE TABLE stamps(file INTEGER PRIMARY KEY, stamp INTEGER NOT NULL) STRICT;
CREATE TABLE files(
  file INTEGER PRIMARY KEY, path BLOB NOT NULL, state INTEGER NOT NULL, live INTEGER NOT NULL DEFAULT 0,
  published INTEGER, shown_from INTEGER, shown_until INTEGER, changed INTEGER,
  id TEXT, id_hash INTEGER, link_hash INTEGER, digest INTEGER, claims BLOB, rank BLOB) STRICT;
-- Few files are in these, so that they cost little from the beginning.
CREATE INDEX files_until ON files(shown_until) WHERE shown_until IS NOT NULL;
CREATE INDEX files_changed ON files(changed) WHERE changed IS NOT NULL;
CREATE INDEX files_out ON files(state) WHERE state <> 0;
CREATE INDEX files_hidden ON files(file) WHERE state = 0 AND live = 0;
-- The language is empty for the site's default one.
CREATE TABLE feeds(feed INTEGER PRIMARY KEY, language TEXT NOT NULL, kind INTEGER NOT NULL, key TEXT NOT NULL,
  UNIQUE(kind, key, language)) STRICT;
-- The spellings of a feed's label, and how many live posts use each.
CREATE TABLE labels(label INTEGER PRIMARY KEY, feed INTEGER NOT NULL, spelling TEXT NOT NULL, posts INTEGER NOT NULL DEFAULT 0,
  UNIQUE(feed, spelling)) STRICT;
-- Live posts only.
CREATE TABLE members(feed INTEGER NOT NULL, published INTEGER NOT NULL, file INTEGER NOT NULL, label INTEGER NOT NULL,
  PRIMARY KEY(feed, published, file)) STRICT, WITHOUT ROWID;
CREATE TABLE pages(file INTEGER PRIMARY KEY, key TEXT NOT NULL, label TEXT NOT NULL, title TEXT, link TEXT NOT NULL) STRICT;
CREATE TABLE diagnostics(file INTEGER NOT NULL, code TEXT NOT NULL, line INTEGER, col INTEGER, message TEXT NOT NULL) STRICT;
-- Feeds whose files may lag behind the tables.
CREATE TABLE dirty(feed INTEGER PRIMARY KEY) STRICT;
-- Posts that may be one of those that the site has pinned under another name, and those that are.
CREATE TABLE unpinned(file INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE INDEX unpinned_body ON unpinned(body);
CREATE TABLE moved(file INTEGER PRIMARY KEY, body BLOB NOT NULL UNIQUE, id TEXT NOT NULL, own_id TEXT NOT NULL) STRICT;
-- How the list of feeds shows each of them.
CREATE TABLE outlines(feed INTEGER PRIMARY KEY, title TEXT NOT NULL, home TEXT NOT NULL) STRICT;
-- The files beside the posts that feeds were made with: for what, as it looked then, and what is wrong with it.
CREATE TABLE used(feed INTEGER NOT NULL, file INTEGER NOT NULL, by INTEGER NOT NULL, place BLOB NOT NULL, stamp INTEGER,
  is_linked INTEGER NOT NULL, finding TEXT, line INTEGER, col INTEGER, PRIMARY KEY(feed, file, by, place)) STRICT, WITHOUT ROWID;
CREATE INDEX used_place ON used(by, place);
CREATE INDEX used_linked ON used(by) WHERE is_linked;
CREATE INDEX used_finding ON used(file, finding) WHERE finding IS NOT NULL;
-- Where the texts in the files of feeds lead to.
CREATE TABLE links(feed INTEGER NOT NULL, path BLOB NOT NULL, PRIMARY KEY(feed, path)) STRICT, WITHOUT ROWID;
CREATE INDEX links_path ON links(path);
-- Hints only: what each published file was when it was last known to be right.
CREATE TABLE published(path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime INTEGER NOT NULL, inode INTEGER NOT NULL,
  sha256 BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX pages_key ON pages(key);
CREATE INDEX diagnostics_file ON diagnostics(file);
CREATE INDEX IF NOT EXISTS files_id ON files(id_hash) WHERE id_hash IS NOT NULL;
CREATE INDEX IF NOT EXISTS files_link ON files(link_hash) WHERE link_hash IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS files_path ON files(path);
CREATE INDEX IF NOT EXISTS files_from ON files(shown_from) WHERE shown_from IS NOT NULL;
