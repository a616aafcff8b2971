//! The only place where the rooms meet: a batch of what is in doubt and an instant in, published feeds out.
//!
//! `build` applies one batch that doubts everything, `run` applies small ones for years; both end with the same bytes.

mod assemble;
mod error;
mod files;
mod html;
mod intake;
mod known;
mod lists;
mod make;
mod meanwhile;
mod media;
mod pages;
mod publish;
mod report;
mod scope;
mod threads;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::catalog::{Catalog, CatalogError, FeedSummary, Hints, Place, Relisted};
use crate::config::Config;
use crate::model::{FeedKey, ItemId, SitePath};
use crate::normalizer::Normalizer;
use crate::publisher::{LocalFolder, Lock, Publisher};
use crate::watcher::changes::Batch;

use meanwhile::Caller;
use scope::Links;
use threads::pool;

pub use error::EngineError;
pub use known::Known;
pub use meanwhile::{Meanwhile, Progress, Silent};
pub use pages::Entry;
pub use report::{Report, Summary, diagnostic, to_json};

/// How often a run looks again at posts that changed while it read them.
const ROUNDS: usize = 4;

/// How an engine starts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Start {
    /// Begin with an empty catalog.
    pub full: bool,
    /// A site without posts is meant.
    pub allow_empty: bool,
}

/// One site, its catalog and its output.
#[derive(Debug)]
pub struct Engine {
    config: Config,
    normalizer: Normalizer,
    catalog: Catalog,
    /// `None` for an engine that only looks.
    publisher: Option<Publisher<LocalFolder>>,
    pool: rayon::ThreadPool,
    allow_empty: bool,
    /// Without a publisher: whether the feeds are made all the same, for what there is to say of them.
    tries_feeds: bool,
    /// A batch failed: what it held is lost, so the next one doubts everything.
    lost_track: bool,
    /// The output may differ from what is remembered of it: at a start, and after what could not be published.
    output_in_doubt: bool,
    /// The lists of all feeds may be others than those that are published.
    lists_in_doubt: Relisted,
    /// Symbolic links among the inputs, known from the first batch on.
    links: Links,
    /// Said at the first batch.
    problems: Vec<String>,
}

impl Engine {
    /// Opens catalog and output. The lock of both is the caller's, and has to outlive the engine.
    ///
    /// # Errors
    /// When state or output cannot be used.
    pub fn open(config: Config, _lock: &Lock, start: Start) -> Result<Self, EngineError> {
        let path = config.catalog_path();
        if start.full {
            Catalog::remove(&path)?;
        }
        let (catalog, hints, discarded) = open_catalog(&path, &config.fingerprint)?;
        let mut problems: Vec<String> =
            discarded.map(|why| format!("the catalog was made anew: {why}")).into_iter().collect();
        let store = LocalFolder::new(&config.output.dir, config.output.mode);
        let publisher = Publisher::open(store, hints)?;
        problems.extend(publisher.note().map(str::to_owned));
        problems.extend(config.identity.told());
        Ok(Self {
            normalizer: Normalizer::new(&config),
            pool: pool(config.threads)?,
            catalog,
            publisher: Some(publisher),
            allow_empty: start.allow_empty,
            tries_feeds: false,
            lost_track: true,
            output_in_doubt: true,
            lists_in_doubt: Relisted::All,
            links: Links::default(),
            problems,
            config,
        })
    }

    /// An engine that keeps its catalog in memory and publishes nothing.
    ///
    /// # Errors
    /// When there is no memory or no thread.
    pub fn looking(config: Config) -> Result<Self, EngineError> {
        Ok(Self {
            normalizer: Normalizer::new(&config),
            pool: pool(config.threads)?,
            catalog: Catalog::in_memory()?,
            publisher: None,
            allow_empty: true,
            tries_feeds: false,
            lost_track: true,
            output_in_doubt: true,
            lists_in_doubt: Relisted::All,
            links: Links::default(),
            problems: config.identity.told().collect(),
            config,
        })
    }

    /// The same engine, which also makes the feeds and looks closely at every post, and reports on them. What is wrong with
    /// the configuration's files is left to [`Config::findings`].
    #[must_use]
    pub fn trying_feeds(self) -> Self {
        Self { tries_feeds: true, problems: Vec::new(), ..self }
    }

    /// Brings catalog and feeds up to date with what the batch holds in doubt, as of `now` (microseconds since 1970).
    ///
    /// # Errors
    /// When the posts cannot be read or the catalog cannot be used: the published feeds are as they were. What cannot
    /// be published is in the report, and is tried again with the next batch.
    pub fn apply(&mut self, batch: &Batch, now: i64, progress: &dyn Progress) -> Result<Report, EngineError> {
        self.apply_amid(batch, now, progress, None)
    }

    /// The same while others go on: posts that are touched `meanwhile` keep their last state.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn apply_amid(
        &mut self,
        batch: &Batch,
        now: i64,
        progress: &dyn Progress,
        meanwhile: Option<&dyn Meanwhile>,
    ) -> Result<Report, EngineError> {
        let report = self.rounds(batch, now, Caller { progress, meanwhile })?;
        let indexed = self.catalog.index();
        self.catalog.seal();
        indexed.map_err(|error| self.recover(error.into()))?;
        Ok(report)
    }

    fn rounds(&mut self, batch: &Batch, now: i64, caller: Caller<'_>) -> Result<Report, EngineError> {
        let mut batch = batch.clone();
        batch.everything |= self.lost_track;
        let mut total = Report { problems: std::mem::take(&mut self.problems), ..Report::default() };
        for _ in 0..ROUNDS {
            let done = self.round(&mut batch, now, caller);
            self.catalog.seal();
            caller.progress.settled();
            let (report, stale) = done?;
            total.add(report);
            if stale.is_empty() {
                break;
            }
            batch = Batch {
                paths: stale,
                writing: batch.writing,
                pages: batch.pages,
                media: batch.media,
                ..Batch::default()
            };
        }
        total.say_once();
        Ok(total)
    }

    fn round(
        &mut self,
        batch: &mut Batch,
        now: i64,
        caller: Caller<'_>,
    ) -> Result<(Report, BTreeSet<SitePath>), EngineError> {
        let started = Instant::now();
        self.lost_track = true;
        // A new catalog has no last state of any post.
        let caller = Caller { meanwhile: caller.meanwhile.filter(|_| !self.catalog.is_new()), ..caller };
        let as_left = self.catalog.is_as_left().map_err(EngineError::from);
        let taken = as_left.and_then(|()| self.take_in(batch, now, caller)).and_then(|mut intake| {
            intake.problems.extend(self.look_at_pages(batch)?);
            self.look_at_media(batch)?;
            Ok(intake)
        });
        let intake = match taken {
            Ok(intake) => intake,
            Err(error) => return Err(self.recover(error)),
        };
        batch.writing.extend(intake.touched);
        let mut report = Report {
            looked_at: intake.looked_at,
            opened: intake.opened,
            changed: intake.changed,
            findings: intake.findings,
            problems: intake.problems,
            nameless: intake.nameless,
            reading: started.elapsed(),
            ..Report::default()
        };
        let started = Instant::now();
        let published = self.publish(batch, now, &mut report, caller);
        let stale = match published.and_then(|stale| Ok(self.catalog.complete().map(|()| stale)?)) {
            Ok(stale) => stale,
            Err(error) => return Err(self.recover(error)),
        };
        report.writing = started.elapsed();
        self.lost_track = false;
        Ok((report, stale))
    }

    /// A catalog that is damaged, or was not whole yet, is thrown away; the next batch fills a new one.
    fn recover(&mut self, error: EngineError) -> EngineError {
        let path = self.config.catalog_path();
        let error = match error {
            // What SQLite says then depends on what it was at.
            EngineError::Catalog(CatalogError::Sql(_)) if self.publisher.is_some() && !path.exists() => {
                CatalogError::Gone(path.clone()).into()
            }
            EngineError::Catalog(inner) if self.publisher.is_some() => inner.at(&path).into(),
            other => other,
        };
        let damaged = matches!(&error, EngineError::Catalog(inner) if inner.is_damage());
        if self.publisher.is_some() && (damaged || !self.catalog.is_whole()) {
            let fresh = Catalog::in_memory().and_then(|none| {
                // The damaged file is closed before it is removed.
                drop(std::mem::replace(&mut self.catalog, none));
                Catalog::remove(&path)?;
                Catalog::open(&path, &self.config.fingerprint)
            });
            match fresh {
                Ok((catalog, _)) => (self.catalog, self.lost_track, self.output_in_doubt) = (catalog, true, true),
                Err(second) => return second.at(&path).into(),
            }
            if damaged {
                self.problems.push(format!("the catalog was damaged and is made anew: {error}"));
            }
        }
        match error {
            EngineError::Catalog(CatalogError::Emptied) => {
                EngineError::Emptied { path: self.config.source.root.clone() }
            }
            other => other,
        }
    }

    /// Whether the last error was a damaged catalog that has been replaced, so that trying again helps.
    #[must_use]
    pub fn can_retry(&self, error: &EngineError) -> bool {
        matches!(error, EngineError::Catalog(inner) if inner.is_damage()) && self.catalog.is_new()
    }

    /// The state of the whole site.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn summary(&self) -> Result<Summary, EngineError> {
        let feeds = self.feeds()?;
        Ok(Summary {
            counts: self.catalog.counts()?,
            feeds: feeds.len() as u64,
            copies: feeds.iter().map(|feed| self.config.old_paths(&feed.key).len() as u64).sum(),
            diagnostics: self.catalog.diagnostics()?,
        })
    }

    /// Brings everything up to date and sums it up; a catalog that turns out to be damaged is made anew once.
    ///
    /// # Errors
    /// As [`Self::apply`] and [`Self::summary`].
    pub fn build(&mut self, now: i64, progress: &dyn Progress) -> Result<(Report, Summary), EngineError> {
        match self.build_once(now, progress) {
            Err(error) if self.can_retry(&error) => self.build_once(now, progress),
            other => other,
        }
    }

    fn build_once(&mut self, now: i64, progress: &dyn Progress) -> Result<(Report, Summary), EngineError> {
        let everything = Batch { everything: true, ..Batch::default() };
        let report = self.rounds(&everything, now, Caller { progress, meanwhile: None })?;
        let summary = self.summary().map_err(|error| self.recover(error))?;
        Ok((report, summary))
    }

    /// The feeds that there are.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn feeds(&self) -> Result<Vec<FeedSummary>, EngineError> {
        let mut feeds = self.catalog.summaries()?;
        feeds.retain(|feed| feed.posts > 0 || self.config.is_standing(&feed.key));
        Ok(feeds)
    }

    /// The title of a feed.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn title(&self, feed: &FeedSummary) -> Result<String, EngineError> {
        let head = self.head(feed)?;
        Ok(head.category.map_or(head.title, |label| label.as_str().to_owned()))
    }

    /// The id of the pinned post that the one at `path` is under another name.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn moved_id(&self, path: &SitePath) -> Result<Option<ItemId>, EngineError> {
        Ok(self.catalog.moved_id(path)?)
    }

    /// The feeds that a post is in, with its place in each.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn places(&self, path: &SitePath) -> Result<Vec<Place>, EngineError> {
        Ok(self.catalog.places(path)?)
    }

    /// Whether a post is in no feed because newer ones are as many as the site has at most.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn is_older(&self, path: &SitePath) -> Result<bool, EngineError> {
        Ok(self.catalog.is_older(path)?)
    }

    /// The next instant after `now` at which a feed changes by itself, in microseconds since 1970.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn next_instant(&self, now: i64) -> Result<Option<i64>, EngineError> {
        Ok(self.catalog.next_instant(now)?)
    }

    /// Its configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Its normalizer.
    #[must_use]
    pub fn normalizer(&self) -> &Normalizer {
        &self.normalizer
    }

    /// How many items a feed holds.
    #[must_use]
    pub fn limit(&self, key: &FeedKey) -> usize {
        self.config.extent(key).0
    }
}

impl Config {
    /// Where the catalog lies.
    #[must_use]
    pub fn catalog_path(&self) -> PathBuf {
        self.state.join("catalog.sqlite")
    }
}

/// The catalog, what it remembers of published files, and why an older one was thrown away.
fn open_catalog(path: &Path, fingerprint: &str) -> Result<(Catalog, Hints, Option<String>), CatalogError> {
    let (mut catalog, mut discarded) = Catalog::open(path, fingerprint).map_err(|error| error.at(path))?;
    let hints = match catalog.published() {
        Err(error) if error.is_damage() => {
            drop(catalog);
            Catalog::remove(path)?;
            (catalog, _) = Catalog::open(path, fingerprint).map_err(|error| error.at(path))?;
            discarded = Some(format!("it is damaged ({error})"));
            Hints::new()
        }
        other => other.map_err(|error| error.at(path))?,
    };
    Ok((catalog, hints, discarded))
}
