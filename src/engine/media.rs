//! The files of the site that posts name as pictures and sound: whether they are there, how large they are, and what has
//! changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{Engine, EngineError};
use crate::catalog::{FeedId, FileId, Seen, Shown, Use, Used};
use crate::config::{Config, FollowSymlinks};
use crate::model::{Item, LeftOut, SitePath};
use crate::normalizer::{Explanation, Media};
use crate::watcher::changes::Batch;
use crate::watcher::scan::{self, Content, Stamp};

/// The files of one site.
#[derive(Debug, Clone, Copy)]
pub(super) struct Files<'a> {
    root: &'a Path,
    follow: FollowSymlinks,
}

impl<'a> Files<'a> {
    pub(super) fn of(config: &'a Config) -> Self {
        Self { root: &config.source.root, follow: config.source.follow_symlinks }
    }

    /// Puts the pictures and files of a post into its item.
    pub(super) fn show(self, media: &Media, item: &mut Item) {
        media.put_into(item, &mut |path| self.size(path));
    }

    fn size(self, path: &SitePath) -> Option<u64> {
        self.stamp(path).ok().flatten().map(Stamp::size)
    }

    /// The state of a file, links followed as far as they may be; `None` when there is none.
    ///
    /// # Errors
    /// When the machine or the disk fails, which says nothing about the file.
    fn stamp(self, path: &SitePath) -> io::Result<Option<Stamp>> {
        let stamp = |_| scan::Entry::at(path.clone()).stamp(self.root).filter(|stamp| stamp.is_file());
        Ok(followed(self.root, path, self.follow)?.and_then(stamp))
    }

    fn is_linked(self, path: &SitePath) -> bool {
        let is_link =
            |path: SitePath| fs::symlink_metadata(path.under(self.root)).is_ok_and(|metadata| metadata.is_symlink());
        path.ancestors().chain([path.clone()]).any(is_link)
    }

    /// The same; with it come the files that were looked for, at the instant `now_ns`.
    ///
    /// # Errors
    /// When the machine or the disk fails.
    pub(super) fn put(
        self,
        media: &Media,
        item: &mut Item,
        (file, post): (FileId, &SitePath),
        now_ns: i64,
    ) -> Result<Vec<Used>, EngineError> {
        let mut seen: BTreeMap<SitePath, Option<Stamp>> = BTreeMap::new();
        let mut failed = None;
        let mut look = |path: &SitePath| {
            let stamp = seen.entry(path.clone()).or_insert_with(|| match self.stamp(path) {
                Ok(stamp) => stamp,
                Err(error) => {
                    failed = Some(EngineError::Input { path: path.under(self.root), error });
                    None
                }
            });
            stamp.map(Stamp::size)
        };
        let mut findings = media.put_into(item, &mut look).into_iter();
        if let Some(failed) = failed {
            return Err(failed);
        }
        let used = seen.into_iter().map(|(place, stamp)| Used {
            file,
            post: post.clone(),
            by: Use::Media,
            seen: Seen { stamp: stamp.map(|stamp| stamp.trusted(&place, now_ns)), is_linked: self.is_linked(&place) },
            finding: findings.next(),
            place,
        });
        Ok(used.collect())
    }
}

/// Where a path below a folder leads, if it is one that may be followed: links by the policy for the site, with the folder
/// as what they may not lead out of.
///
/// # Errors
/// When the machine or the disk fails, which says nothing about the path.
pub(super) fn followed(folder: &Path, path: &SitePath, follow: FollowSymlinks) -> io::Result<Option<PathBuf>> {
    let real = |path: &Path| match fs::canonicalize(path) {
        Ok(path) => Ok(Some(path)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => match Content::refused(error) {
            Content::Failed(error) => Err(error),
            _ => Ok(None),
        },
    };
    let Some(file) = real(&path.under(folder))? else { return Ok(None) };
    let follows = match follow {
        FollowSymlinks::All => true,
        FollowSymlinks::Inside => real(folder)?.is_some_and(|folder| file.starts_with(folder)),
        FollowSymlinks::Never => real(folder)?.is_some_and(|folder| file == path.under(&folder)),
    };
    Ok(follows.then_some(file))
}

impl Engine {
    /// How a post is understood, field by field.
    ///
    /// # Errors
    /// The reason for which it is in no feed.
    pub fn explain(&self, path: &SitePath, bytes: &[u8]) -> Result<Explanation, LeftOut> {
        let files = Files::of(&self.config);
        self.normalizer.explain(path, bytes, &mut |path| files.size(path))
    }

    /// The folders that hold the pictures and sound of posts in feeds, or would.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn media_folders(&self) -> Result<BTreeSet<SitePath>, EngineError> {
        Ok(self.catalog.folders_used(Use::Media)?)
    }

    /// Marks the feeds that were made with a file which is another now.
    pub(super) fn look_at_media(&self, batch: &Batch) -> Result<(), EngineError> {
        let shown = self.media_in_doubt(batch)?;
        if shown.is_empty() {
            return Ok(());
        }
        let files = Files::of(&self.config);
        let changed = |(place, feeds): (SitePath, Vec<(FeedId, Seen)>)| {
            // What cannot be seen is told by whoever makes the feed with it.
            let stamp = files.stamp(&place).ok().flatten().map(|stamp| stamp.number(&place));
            let seen = Seen { stamp, is_linked: files.is_linked(&place) };
            feeds.into_iter().filter(move |(_, known)| *known != seen).map(|(feed, _)| feed).collect::<Vec<_>>()
        };
        let feeds: BTreeSet<FeedId> = self.pool.install(|| shown.into_par_iter().flat_map_iter(changed).collect());
        Ok(self.catalog.mark_dirty(feeds)?)
    }

    fn media_in_doubt(&self, batch: &Batch) -> Result<Shown, EngineError> {
        if batch.everything || batch.media {
            return Ok(self.catalog.used(Use::Media)?);
        }
        let mut shown = Shown::new();
        for path in batch.paths.iter().chain(&batch.folders) {
            self.catalog.used_at(Use::Media, path, &mut shown)?;
            // What is told as a file may be a folder, or a link to one.
            self.catalog.used_below(Use::Media, path, &mut shown)?;
        }
        if !batch.is_empty() {
            self.catalog.used_through_links(Use::Media, &mut shown)?;
        }
        Ok(shown)
    }
}
