//! From dirty feeds to published files: plan, read the posts, write each format, publish.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::assemble::{self, Plan};
use super::{Engine, EngineError, Progress, Report};
use crate::catalog::FeedId;
use crate::config::{Config, ContentMode};
use crate::model::{FeedKey, FeedPath, Item, SitePath};
use crate::normalizer::Normalizer;
use crate::publisher::{LocalFolder, Outcome, PublishError, Publisher};
use crate::watcher::Batch;
use crate::watcher::scan::{self, Content};
use crate::writers::{self, Target};

/// Feeds that are planned, made and published together: bounds memory, and keeps all threads busy.
const CHUNK: usize = 64;

/// What became of one feed.
enum Made {
    Published { written: u64, unchanged: u64, note: Option<String> },
    /// These posts are not what the catalog says: they have to be read again first.
    Stale(Vec<SitePath>),
    Failed(PublishError),
}

impl Engine {
    /// Publishes every feed that may lag behind. Returns the posts that changed meanwhile.
    pub(super) fn publish(
        &mut self,
        batch: &Batch,
        first: bool,
        report: &mut Report,
        progress: &dyn Progress,
    ) -> Result<BTreeSet<SitePath>, EngineError> {
        let Some(publisher) = &self.publisher else { return Ok(BTreeSet::new()) };
        let mut dirty: BTreeMap<FeedId, FeedKey> = self.catalog.dirty_feeds()?.into_iter().collect();
        if first {
            self.doubt_files(publisher, &mut dirty, report)?;
        }
        let (mut full, mut empty) = (Vec::new(), Vec::new());
        for (id, key) in dirty {
            let there = self.config.is_standing(&key) || self.catalog.has_posts(id)?;
            if there { full.push((id, key)) } else { empty.push((id, key)) }
        }
        let taken: HashSet<FeedPath> = self
            .config
            .standing_feeds()
            .flat_map(|key| self.config.feed_paths(&key))
            .filter_map(|(_, path)| path)
            .collect();
        publisher.announce(full.iter().flat_map(|(_, key)| paths(&self.config, key)))?;
        let mut stale = BTreeSet::new();
        let of = full.len() as u64;
        let mut made = 0;
        let mut full = full.into_iter().peekable();
        while full.peek().is_some() {
            let mut plans = Vec::with_capacity(CHUNK);
            for (id, key) in full.by_ref().take(CHUNK) {
                plans.push(assemble::plan(id, key, &self.catalog, &self.config, &self.normalizer)?);
            }
            made += plans.len() as u64;
            self.publish_chunk(publisher, plans, &taken, batch, report, &mut stale)?;
            progress.made(made, of);
        }
        self.remove_empty(publisher, empty, &taken, report)?;
        if let Err(error) = publisher.finish() {
            report.failures.push(error);
        }
        Ok(stale)
    }

    /// At a start: feeds whose files are missing or not as they were left, and files that no feed has any more.
    fn doubt_files(
        &self,
        publisher: &Publisher<LocalFolder>,
        dirty: &mut BTreeMap<FeedId, FeedKey>,
        report: &mut Report,
    ) -> Result<(), EngineError> {
        let mut owners: BTreeMap<FeedPath, (FeedId, FeedKey)> = BTreeMap::new();
        for (id, key) in self.catalog.feeds()? {
            if self.config.is_standing(&key) || self.catalog.has_posts(id)? {
                for path in paths(&self.config, &key) {
                    owners.insert(path, (id, key.clone()));
                }
            }
        }
        let ours: BTreeSet<FeedPath> = publisher.paths().into_iter().collect();
        let suspect = publisher.suspect();
        let missing = owners.keys().filter(|path| !ours.contains(*path));
        for (id, key) in suspect.iter().chain(missing).filter_map(|path| owners.get(path)) {
            dirty.insert(*id, key.clone());
        }
        for orphan in ours.iter().filter(|path| !owners.contains_key(*path)) {
            remove(publisher, orphan, report);
        }
        Ok(())
    }

    fn publish_chunk(
        &self,
        publisher: &Publisher<LocalFolder>,
        plans: Vec<Plan>,
        taken: &HashSet<FeedPath>,
        batch: &Batch,
        report: &mut Report,
        stale: &mut BTreeSet<SitePath>,
    ) -> Result<(), EngineError> {
        let ready = plans.into_iter().filter(|plan| {
            let waits = plan.posts.iter().any(|post| batch.writing.contains(&post.path));
            report.waiting += u64::from(waits);
            !waits
        });
        let ready: Vec<Plan> = ready.collect();
        let made: Vec<(FeedId, FeedKey, Made)> = self.pool.install(|| {
            ready
                .into_par_iter()
                .map(|plan| {
                    let (id, key) = (plan.id, plan.key.clone());
                    (id, key, make(plan, &self.config, &self.normalizer, publisher, taken))
                })
                .collect()
        });
        let mut clean = Vec::new();
        for (id, key, made) in made {
            match made {
                Made::Published { written, unchanged, note } => {
                    clean.push(id);
                    report.written += written;
                    report.unchanged += unchanged;
                    report.problems.extend(note);
                    if written > 0 {
                        report.changed_feeds.push(key);
                    }
                }
                Made::Stale(posts) => stale.extend(posts),
                Made::Failed(error) => report.failures.push(error),
            }
        }
        self.catalog.clean(&clean)?;
        self.remember(publisher)?;
        Ok(())
    }

    fn remove_empty(
        &self,
        publisher: &Publisher<LocalFolder>,
        empty: Vec<(FeedId, FeedKey)>,
        taken: &HashSet<FeedPath>,
        report: &mut Report,
    ) -> Result<(), EngineError> {
        let mut clean = Vec::new();
        for (id, key) in empty {
            let failures = report.failures.len();
            let removed = report.removed;
            for path in paths(&self.config, &key).filter(|path| !taken.contains(path)) {
                remove(publisher, &path, report);
            }
            if report.failures.len() == failures {
                clean.push(id);
            }
            if report.removed > removed {
                report.changed_feeds.push(key);
            }
        }
        self.catalog.clean(&clean)?;
        self.remember(publisher)
    }

    fn remember(&self, publisher: &Publisher<LocalFolder>) -> Result<(), EngineError> {
        let touched = publisher.take_touched();
        if !touched.is_empty() {
            let hints = touched.iter().map(|(path, hint)| (path.as_str(), hint.map(|hint| (hint.size, hint.mtime_ns))));
            self.catalog.remember_published(hints)?;
        }
        Ok(())
    }
}

fn paths<'a>(config: &'a Config, key: &FeedKey) -> impl Iterator<Item = FeedPath> + use<'a> {
    config.feed_paths(key).into_iter().filter_map(|(_, path)| path)
}

fn remove(publisher: &Publisher<LocalFolder>, path: &FeedPath, report: &mut Report) {
    match publisher.remove(path) {
        Ok(true) => report.removed += 1,
        Ok(false) => {}
        Err(error) => report.failures.push(error),
    }
}

/// Reads the posts of a feed, writes it in each format, and publishes it.
fn make(
    plan: Plan,
    config: &Config,
    normalizer: &Normalizer,
    publisher: &Publisher<LocalFolder>,
    taken: &HashSet<FeedPath>,
) -> Made {
    let Plan { key, mut feed, mode, posts, .. } = plan;
    let mut stale = Vec::new();
    for post in &posts {
        match read_item(&post.path, post.digest, config, normalizer, mode) {
            Some(item) => feed.items.push(Arc::new(item)),
            None => stale.push(post.path.clone()),
        }
    }
    if !stale.is_empty() {
        return Made::Stale(stale);
    }
    let mut places = Vec::new();
    for (format, path) in config.feed_paths(&key) {
        let Some(path) = path else {
            let note = format!("the feed of {key} has no path that can be written in {} and was left out", format.name());
            return Made::Published { written: 0, unchanged: 0, note: Some(note) };
        };
        if !config.is_standing(&key) && taken.contains(&path) {
            let note = format!("the feed of {key} was left out: another feed of the configuration has the path {path}");
            return Made::Published { written: 0, unchanged: 0, note: Some(note) };
        }
        places.push((path.clone(), Target { format, self_url: config.address(&path) }));
    }
    let targets: Vec<Target> = places.iter().map(|(_, target)| target.clone()).collect();
    let fitted = match writers::fit(&feed, &targets, config.content.max_size) {
        Ok(fitted) => fitted,
        Err(error) => {
            let note = format!("the feed of {key} cannot be written: {error}");
            return Made::Published { written: 0, unchanged: 0, note: Some(note) };
        }
    };
    let note = (fitted.kept < feed.items.len()).then(|| {
        format!(
            "the feed of {key} holds its {} newest posts of {}: more would pass content.max_size",
            fitted.kept,
            feed.items.len()
        )
    });
    let (mut written, mut unchanged) = (0, 0);
    for ((path, _), (_, bytes)) in places.iter().zip(&fitted.documents) {
        match publisher.publish(path, bytes) {
            Ok(Outcome::Written) => written += 1,
            Ok(Outcome::Unchanged) => unchanged += 1,
            Err(error) => return Made::Failed(error),
        }
    }
    Made::Published { written, unchanged, note }
}

/// `None` when the post is not what the catalog says.
fn read_item(
    path: &SitePath,
    digest: i64,
    config: &Config,
    normalizer: &Normalizer,
    mode: ContentMode,
) -> Option<Item> {
    let (Content::Bytes(bytes), _) = scan::read(&path.under(&config.source.root)) else { return None };
    let (post, item) = normalizer.item(path, &bytes, mode)?;
    (post.digest() == digest).then_some(item)
}
