//! From dirty feeds to published files: plan, read the posts, write each format, publish.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use super::assemble::{self, Plan};
use super::files::{self, Piece};
use super::make::{Finished, Made, Maker};
use super::meanwhile::Caller;
use super::{Engine, EngineError, Report};
use crate::catalog::{Catalog, FeedId, Relisted, Use};
use crate::model::{FeedPath, SitePath};
use crate::publisher::{LocalFolder, Outcome, Publisher};
use crate::watcher::changes::Batch;

/// Feeds that are planned, made and published together: bounds memory, and keeps all threads busy.
const CHUNK: usize = 64;

/// Most feeds that a thread makes before it publishes them, where it asks once for all of them whether a post was touched.
const TOGETHER: usize = 8;

impl Engine {
    /// Publishes every feed that may lag behind. Returns the posts that changed meanwhile.
    pub(super) fn publish(
        &mut self,
        batch: &Batch,
        now: i64,
        report: &mut Report,
        caller: Caller<'_>,
    ) -> Result<BTreeSet<SitePath>, EngineError> {
        let Some(publisher) = &self.publisher else { return self.try_feeds(now, report) };
        let pieces = self.catalog.dirty_feeds()?.into_iter().map(Piece::from);
        let pieces = pieces.chain(self.catalog.dirty_archives()?.into_iter().map(Piece::from));
        // Pages of archives come first: what a feed leads to is there before it.
        let mut dirty: BTreeMap<FeedId, Piece> = pieces.map(|piece| (piece.id, piece)).collect();
        let taken = files::taken(&self.config);
        if self.output_in_doubt || batch.everything || !publisher.is_undisturbed() {
            self.doubt_files(publisher, &mut dirty, &taken, report)?;
            self.lists_in_doubt = Relisted::All;
        }
        let (mut full, mut empty) = (Vec::new(), Vec::new());
        for piece in dirty.into_values() {
            if piece.is_there(&self.catalog, &self.config)? { full.push(piece) } else { empty.push(piece) }
        }
        let to_come = full.iter().flat_map(|piece| piece.files(&self.config, &taken));
        let to_come: Vec<FeedPath> = to_come.chain(files::lists(&self.config)).collect();
        publisher.announce(&to_come)?;
        let stale = self.publish_all(full, now, &taken, batch, report, caller)?;
        let Some(publisher) = &self.publisher else { return Ok(stale) };
        self.lists_in_doubt = self.lists_in_doubt.max(self.remove_empty(publisher, empty, &taken, report)?);
        if self.lists_in_doubt > Relisted::None && self.publish_lists(publisher, &taken, report)? {
            self.lists_in_doubt = Relisted::None;
        }
        caller.progress.published(&publisher.news());
        if let Err(error) = publisher.finish() {
            report.failures.push(error.into());
        }
        // Which files are suspect is written nowhere: as long as one feed is still to be made, they all are.
        self.output_in_doubt &= !stale.is_empty() || report.waiting > 0;
        self.output_in_doubt |= !report.failures.is_empty();
        Ok(stale)
    }

    /// Makes and publishes feeds chunk by chunk. While the threads are at one, what became of the chunk before is noted
    /// and the next one is planned.
    fn publish_all(
        &mut self,
        pieces: Vec<Piece>,
        now: i64,
        taken: &HashSet<FeedPath>,
        batch: &Batch,
        report: &mut Report,
        caller: Caller<'_>,
    ) -> Result<BTreeSet<SitePath>, EngineError> {
        let Self { catalog, config, normalizer, pool, publisher: Some(publisher), lists_in_doubt, .. } = self else {
            return Ok(BTreeSet::new());
        };
        let (config, normalizer, publisher) = (&*config, &*normalizer, &*publisher);
        let none = BTreeSet::new();
        let writing = batch.pages.as_ref().map_or(&none, |pages| &pages.writing);
        let (writing_in_site, meanwhile) = (&batch.writing, caller.meanwhile);
        let maker = Maker { config, normalizer, taken, writing, writing_in_site, meanwhile, now, tells_markup: true };
        let (of, mut planned, mut stale) = (pieces.len() as u64, 0, BTreeSet::new());
        let mut pieces = pieces.into_iter();
        let mut next = |catalog: &Catalog, report: &mut Report| -> Result<Vec<Plan>, EngineError> {
            let mut plans = Vec::with_capacity(CHUNK);
            while plans.len() < CHUNK {
                let Some(piece) = pieces.next() else { break };
                planned += 1;
                let plan = assemble::plan(piece, catalog, config, normalizer)?;
                if plan.posts.iter().any(|post| batch.writing.contains(&post.path)) {
                    report.waiting += 1;
                } else {
                    plans.push(plan);
                }
            }
            caller.progress.made(planned, of);
            Ok(plans)
        };
        let (mut plans, mut done) = (next(catalog, report)?, Vec::new());
        while !(plans.is_empty() && done.is_empty()) {
            let mut made: Vec<Finished> = Vec::new();
            plans = pool.in_place_scope(|scope| {
                let (plans, made) = (std::mem::take(&mut plans), &mut made);
                scope.spawn(move |_| {
                    // A page is as large as many feeds.
                    let is_page = plans.iter().any(|plan| plan.piece.page.is_some());
                    let most = if is_page || meanwhile.is_none() { 1 } else { TOGETHER };
                    let together = plans.len().div_ceil(config.threads).clamp(1, most);
                    let groups = plans.into_par_iter().chunks(together);
                    *made = groups.flat_map_iter(|plans| maker.publish(plans, publisher)).collect();
                });
                let relisted = settle(std::mem::take(&mut done), catalog, publisher, report, &mut stale)?;
                *lists_in_doubt = relisted.max(*lists_in_doubt);
                caller.progress.published(&publisher.news());
                next(catalog, report)
            })?;
            done = made;
        }
        Ok(stale)
    }

    /// Makes every feed without publishing it, for what there is to say of them.
    fn try_feeds(&self, now: i64, report: &mut Report) -> Result<BTreeSet<SitePath>, EngineError> {
        if !self.tries_feeds {
            return Ok(BTreeSet::new());
        }
        let taken = files::taken(&self.config);
        let (config, normalizer) = (&self.config, &self.normalizer);
        let none = BTreeSet::new();
        let (taken, writing, writing_in_site, meanwhile) = (&taken, &none, &none, None);
        // A close look at each post finds that with its line.
        let maker = Maker { config, normalizer, taken, writing, writing_in_site, meanwhile, now, tells_markup: false };
        let feeds = self.feeds()?.into_iter().map(|feed| Piece::from((feed.feed, feed.key)));
        let pieces: Vec<Piece> = feeds.chain(self.catalog.archives()?.into_iter().map(Piece::from)).collect();
        let there: HashSet<FeedPath> = pieces.iter().flat_map(|piece| piece.files(config, taken)).collect();
        report.problems.extend(files::dangling(config, |path| there.contains(path)));
        for chunk in pieces.chunks(CHUNK) {
            let plans: Vec<Plan> = chunk
                .iter()
                .map(|piece| assemble::plan(piece.clone(), &self.catalog, config, normalizer))
                .collect::<Result<_, _>>()?;
            // Nobody needs the documents.
            let try_one = |plan: Plan| (plan.piece.id, maker.write(plan).map(|written| (written.used, written.notes)));
            let made: Vec<_> = self.pool.install(|| plans.into_par_iter().map(try_one).collect());
            let mut clean = Vec::with_capacity(made.len());
            for (id, made) in made {
                match made {
                    Ok((used, notes)) | Err(Made::Published { used, notes, .. }) => {
                        report.problems.extend(notes);
                        clean.push((id, used));
                    }
                    Err(Made::Failed(error)) => report.problems.push(error.to_string()),
                    Err(Made::Waiting | Made::Stale(_)) => {}
                }
            }
            report.findings.extend(self.catalog.settle_feeds(clean, [])?);
        }
        Ok(BTreeSet::new())
    }

    /// Feeds whose files are missing or not as they were left, and files that no feed has any more: at a start, when
    /// someone else was in the output, and after what could not be published.
    fn doubt_files(
        &self,
        publisher: &Publisher<LocalFolder>,
        dirty: &mut BTreeMap<FeedId, Piece>,
        taken: &HashSet<FeedPath>,
        report: &mut Report,
    ) -> Result<(), EngineError> {
        let mut owners: BTreeMap<FeedPath, Piece> = BTreeMap::new();
        let feeds = self.catalog.feeds()?.into_iter().map(Piece::from);
        for piece in feeds.chain(self.catalog.archives()?.into_iter().map(Piece::from)) {
            // A page that is none any more is dirty, and is removed as such.
            if piece.page.is_some() || piece.is_there(&self.catalog, &self.config)? {
                owners.extend(piece.files(&self.config, taken).into_iter().map(|path| (path, piece.clone())));
            }
        }
        report.problems.extend(files::dangling(&self.config, |path| owners.contains_key(path)));
        let ours: BTreeSet<FeedPath> = publisher.paths().into_iter().collect();
        let suspect = publisher.suspect();
        let missing = owners.keys().filter(|path| !ours.contains(*path));
        for piece in suspect.iter().chain(missing).filter_map(|path| owners.get(path)) {
            dirty.insert(piece.id, piece.clone());
        }
        let lists: Vec<FeedPath> = files::lists(&self.config).collect();
        let is_orphan = |path: &&FeedPath| !owners.contains_key(*path) && !lists.contains(path);
        let orphans: Vec<&FeedPath> = ours.iter().filter(is_orphan).collect();
        for orphan in &orphans {
            remove(publisher, orphan, report);
        }
        self.catalog.settle_feeds(Vec::new(), orphans.into_iter().map(|path| (path, publisher.hint(path))))?;
        Ok(())
    }

    fn remove_empty(
        &self,
        publisher: &Publisher<LocalFolder>,
        empty: Vec<Piece>,
        taken: &HashSet<FeedPath>,
        report: &mut Report,
    ) -> Result<Relisted, EngineError> {
        let (mut clean, mut gone, mut dropped) = (Vec::new(), Vec::new(), Vec::new());
        for piece in empty {
            let (failures, removed) = (report.failures.len(), report.removed);
            for path in piece.files(&self.config, taken) {
                remove(publisher, &path, report);
                gone.push(path);
            }
            let is_gone = report.failures.len() == failures;
            if report.removed > removed {
                report.changed_feeds.push(piece.key);
            }
            match piece.page {
                Some(_) if is_gone => dropped.push(piece.id),
                None if is_gone => clean.push((piece.id, Vec::new())),
                _ => {}
            }
        }
        let unlisted: Vec<_> = clean.iter().map(|(id, _)| (*id, None)).collect();
        let changed = self.catalog.set_outlines(&unlisted)?;
        self.catalog.settle_feeds(clean, gone.iter().map(|path| (path, publisher.hint(path))))?;
        self.catalog.drop_pages(&dropped)?;
        Ok(changed)
    }
}

/// Notes in the catalog and in the report what became of feeds; which lists of all feeds are others now.
fn settle(
    finished: Vec<Finished>,
    catalog: &Catalog,
    publisher: &Publisher<LocalFolder>,
    report: &mut Report,
    stale: &mut BTreeSet<SitePath>,
) -> Result<Relisted, EngineError> {
    let (mut clean, mut published, mut outlines, mut linked) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (piece, outlined, made) in finished {
        match made {
            Made::Published { files, used, links, notes } => {
                report.names_files |= used.iter().any(|used| used.by == Use::Media);
                clean.push((piece.id, used));
                linked.push((piece.id, links));
                let written = files.iter().filter(|(_, outcome)| *outcome == Outcome::Written).count();
                report.written += written as u64;
                report.unchanged += (files.len() - written) as u64;
                report.problems.extend(notes);
                if written > 0 {
                    report.changed_feeds.push(piece.key);
                }
                outlines.extend(outlined.map(|outlined| (piece.id, (!files.is_empty()).then_some(outlined))));
                published.extend(files);
            }
            Made::Waiting => report.waiting += 1,
            Made::Stale(posts) => {
                report.waiting += 1;
                stale.extend(posts);
            }
            Made::Failed(error) => report.failures.push(error),
        }
    }
    let hints = published.iter().map(|(path, _)| (path, publisher.hint(path)));
    let changed = catalog.set_outlines(&outlines)?;
    catalog.set_links(&linked)?;
    report.findings.extend(catalog.settle_feeds(clean, hints)?);
    Ok(changed)
}

fn remove(publisher: &Publisher<LocalFolder>, path: &FeedPath, report: &mut Report) {
    let was_there = publisher.hint(path).is_some() || publisher.has(path);
    match publisher.remove(path) {
        Ok(()) => report.removed += u64::from(was_there),
        Err(error) => report.failures.push(error.into()),
    }
}
