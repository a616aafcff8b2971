CREATE TABLE meta(key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
-- One number a file: what a start without changes reads, so it is apart.
CREATE TABLE stamps(file INTEGER PRIMARY KEY, stamp INTEGER NOT NULL) STRICT;
CREATE TABLE files(
  file INTEGER PRIMARY KEY, path BLOB NOT NULL, state INTEGER NOT NULL, live INTEGER NOT NULL DEFAULT 0,
  published INTEGER, shown_from INTEGER, shown_until INTEGER,
  id TEXT, id_hash INTEGER, link_hash INTEGER, digest INTEGER, claims BLOB) STRICT;
CREATE TABLE feeds(feed INTEGER PRIMARY KEY, kind INTEGER NOT NULL, key TEXT NOT NULL, UNIQUE(kind, key)) STRICT;
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
-- Hints only: what each published file was when it was last known to be right.
CREATE TABLE published(path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime INTEGER NOT NULL, inode INTEGER NOT NULL,
  sha256 BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX pages_key ON pages(key);
CREATE INDEX diagnostics_file ON diagnostics(file);
CREATE INDEX IF NOT EXISTS files_id ON files(id_hash) WHERE id_hash IS NOT NULL;
CREATE INDEX IF NOT EXISTS files_link ON files(link_hash) WHERE link_hash IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS files_path ON files(path);
CREATE INDEX IF NOT EXISTS files_from ON files(shown_from) WHERE shown_from IS NOT NULL;
CREATE INDEX IF NOT EXISTS files_until ON files(shown_until) WHERE shown_until IS NOT NULL;
CREATE INDEX IF NOT EXISTS files_out ON files(state) WHERE state <> 0;
CREATE INDEX IF NOT EXISTS files_hidden ON files(file) WHERE state = 0 AND live = 0;
