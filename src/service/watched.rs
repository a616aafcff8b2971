//! What is watched: the site, where built pages are wanted their folder, and the folders of the site that hold nothing but
//! pictures and sound of posts in feeds, each by an actor of its own.
//!
//! The folder of pages may lie inside the site or outside; either way no post is looked for in it, and what happens there
//! is told apart. Which folders hold pictures and sound only the posts say: they are watched once feeds were made with them.
//! What all tell becomes one batch.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use tracing::debug;

use super::reload;
use crate::clock;
use crate::config::Config;
use crate::engine::{Meanwhile, Report};
use crate::model::SitePath;
use crate::normalizer::{Normalizer, Role};
use crate::watcher::changes::{Batch, Change, Fact, Inbox};
use crate::watcher::notify::{self, Interesting, Options, WatchError, Watcher};
use crate::watcher::scan::{self, Entry};

/// What was written within the last three seconds may still be written to, where nobody tells of it in time.
const LATELY_NS: i64 = 3_000_000_000;

/// The watchers of a configuration. They end when it is dropped.
pub(super) struct Watched {
    site: Watch,
    pages: Option<Watch>,
    media: Option<Watch>,
    /// The folders that hold pictures and sound, whoever watches them.
    media_folders: BTreeSet<SitePath>,
    /// Whether which these should be has never been asked.
    is_new: bool,
}

pub(super) struct Watch {
    pub(super) inbox: Arc<Inbox>,
    root: PathBuf,
    watcher: Watcher,
}

impl Watched {
    /// Begins to watch. What happens from now on is told.
    pub(super) fn begin(config: &Config) -> Result<Self, WatchError> {
        let site = Options {
            root: config.source.root.clone(),
            config_files: config.files.clone(),
            interesting: interesting_in_site(config),
            follow: config.source.follow_symlinks,
            poll: config.source.poll,
            cookies: config.state.join("cookies/site"),
        };
        let pages = config.content.pages.as_ref().map(|pages| Options {
            root: pages.folder.clone(),
            config_files: Vec::new(),
            interesting: interesting_in_pages(config),
            cookies: config.state.join("cookies/pages"),
            ..site.clone()
        });
        Ok(Self {
            site: Watch::begin(site)?,
            pages: pages.map(Watch::begin).transpose()?,
            media: None,
            media_folders: BTreeSet::new(),
            is_new: true,
        })
    }

    /// Whether the folders of pictures and sound may be others than those that are watched.
    pub(super) fn wants_media(&mut self, report: &Report) -> bool {
        std::mem::take(&mut self.is_new) || report.names_files
    }

    /// Watches folders of pictures and sound beside all that is watched anyway; whether that is news, so that what they hold
    /// is in doubt.
    pub(super) fn watch_media(&mut self, config: &Config, mut folders: BTreeSet<SitePath>) -> Result<bool, WatchError> {
        if folders.is_subset(&self.media_folders) {
            return Ok(false);
        }
        folders.extend(self.media_folders.iter().cloned());
        let is_told = interesting_in_site(config);
        let is_watched =
            |folder: &SitePath| folder.ancestors().all(|above| is_told(&above)) && is_told(&folder.join("x".as_ref()));
        let others: BTreeSet<SitePath> = folders.iter().filter(|folder| !is_watched(folder)).cloned().collect();
        let is_news = !others.is_empty();
        if is_news {
            self.media = Some(Watch::begin(Options {
                root: config.source.root.clone(),
                config_files: Vec::new(),
                interesting: interesting_for_media(others),
                follow: config.source.follow_symlinks,
                poll: config.source.poll,
                cookies: config.state.join("cookies/media"),
            })?);
        }
        self.media_folders = folders;
        Ok(is_news)
    }

    /// Whether one of the watchers only looks now, by a fault of its own.
    pub(super) fn has_failed(&self) -> bool {
        self.all_watches().any(|watch| watch.watcher.has_failed())
    }

    /// Waits until something is due, and takes it. Nothing is lost when the future is dropped.
    pub(super) async fn next(&self) -> Batch {
        let told = async |watch: &Option<Watch>| match watch {
            Some(watch) => watch.inbox.next().await,
            None => std::future::pending().await,
        };
        tokio::select! {
            site = self.site.inbox.next() => self.all(site, None, None),
            pages = told(&self.pages) => self.all(self.site.inbox.take(), Some(pages), None),
            media = told(&self.media) => self.all(self.site.inbox.take(), None, Some(media)),
        }
    }

    /// What is due now, which may be nothing, with what is unsettled.
    pub(super) fn take(&self) -> Batch {
        self.all(self.site.inbox.take(), None, None)
    }

    /// What was told of the site, with what the others have told, or tell now.
    fn all(&self, mut batch: Batch, pages: Option<Batch>, media: Option<Batch>) -> Batch {
        let take = |watch: &Watch| watch.inbox.take();
        if let Some(mut pages) = pages.or_else(|| self.pages.as_ref().map(take)) {
            batch.problems.append(&mut pages.problems);
            batch.pages = Some(Box::new(pages));
        }
        if let Some(mut media) = media.or_else(|| self.media.as_ref().map(take)) {
            batch.problems.append(&mut media.problems);
            batch.media |= media.everything;
            batch.writing.append(&mut media.writing);
            if !batch.everything {
                batch.paths.append(&mut media.paths);
                batch.folders.append(&mut media.folders);
            }
        }
        batch
    }

    /// Whether nothing is in doubt, now or later.
    pub(super) fn is_quiet(&self) -> bool {
        self.all_watches().all(|watch| watch.inbox.is_quiet())
    }

    /// Waits until all that happened before is here; others may use the watchers meanwhile.
    pub(super) fn sync(&self) -> impl Future<Output = ()> + Send + use<> {
        let synced: Vec<_> = self.all_watches().map(|watch| watch.watcher.sync()).collect();
        async move {
            for synced in synced {
                synced.await;
            }
        }
    }

    /// Whether what the configuration is made of was touched, by all that happened before this call.
    pub(super) fn is_configuration_touched(&self, config: &Config) -> bool {
        self.site.watcher.catch_up();
        self.site.inbox.is_configuration_touched(&reload::input_folders(config))
    }

    /// Where facts wait.
    pub(super) fn inboxes(&self) -> Vec<Arc<Inbox>> {
        self.all_watches().map(|watch| Arc::clone(&watch.inbox)).collect()
    }

    fn all_watches(&self) -> impl Iterator<Item = &Watch> {
        [Some(&self.site), self.pages.as_ref(), self.media.as_ref()].into_iter().flatten()
    }

    /// Watches what should have been, and was not; how many folders these are.
    pub(super) async fn check(&self) -> usize {
        let mut unwatched = 0;
        for watch in self.all_watches() {
            unwatched += watch.watcher.check().await.len();
        }
        unwatched
    }
}

impl Meanwhile for Watched {
    fn touched(&self, inputs: &BTreeSet<SitePath>) -> BTreeSet<SitePath> {
        self.site.touched(inputs)
    }

    fn put_off(&self, inputs: &BTreeSet<SitePath>) {
        self.site.inbox.record(inputs.iter().map(|path| Fact::File(path.clone(), Change::Writing)));
    }

    fn touched_pages(&self, pages: &BTreeSet<SitePath>) -> BTreeSet<SitePath> {
        self.pages.as_ref().map_or_else(BTreeSet::new, |watch| watch.touched(pages))
    }
}

impl Watch {
    pub(super) fn begin(options: Options) -> Result<Self, WatchError> {
        let (inbox, root) = (Arc::new(Inbox::default()), options.root.clone());
        let watcher = notify::watch(options, Arc::clone(&inbox))?;
        Ok(Self { inbox, root, watcher })
    }

    fn touched(&self, files: &BTreeSet<SitePath>) -> BTreeSet<SitePath> {
        let is_told = self.watcher.catch_up();
        let mut touched = self.inbox.touched(files);
        if !is_told {
            let lately: Vec<SitePath> = self.written_lately(files.difference(&touched));
            debug!(files = lately.len(), "file events take more than a second: what was written lately waits");
            // It is looked at again when no more is told of it.
            self.inbox.record(lately.iter().map(|path| Fact::File(path.clone(), Change::Writing)));
            touched.extend(lately);
        }
        touched
    }

    fn written_lately<'a>(&self, files: impl Iterator<Item = &'a SitePath>) -> Vec<SitePath> {
        let now = clock::now().saturating_mul(1000);
        let stamp = |path: &SitePath| Entry::at(path.clone()).stamp(&self.root);
        files.filter(|path| stamp(path).is_some_and(|stamp| stamp.is_fresh(now, LATELY_NS))).cloned().collect()
    }
}

fn interesting_in_site(config: &Config) -> Arc<Interesting> {
    let normalizer = Normalizer::new(config);
    let (root, skip) = (config.source.root.clone(), config.source.skip.clone());
    let folders = reload::input_folders(config);
    Arc::new(move |path: &SitePath| {
        normalizer.role(path) != Role::None
            || folders.iter().any(|folder| path.is_below(folder) || folder.is_below(path))
            || (normalizer.wants_folder(path) && !scan::is_skipped(&path.under(&root), &skip))
    })
}

/// Everything but our own files, should they lie there.
fn interesting_in_pages(config: &Config) -> Arc<Interesting> {
    let folder = config.content.pages.as_ref().map(|pages| pages.folder.clone()).unwrap_or_default();
    let skip = [config.output.dir.clone(), config.state.clone()];
    Arc::new(move |path: &SitePath| !scan::is_skipped(&path.under(&folder), &skip))
}

/// These folders, what lies in them, and the folders that they lie in.
fn interesting_for_media(folders: BTreeSet<SitePath>) -> Arc<Interesting> {
    let above: BTreeSet<SitePath> =
        folders.iter().flat_map(SitePath::ancestors).chain(folders.iter().cloned()).collect();
    Arc::new(move |path: &SitePath| {
        above.contains(path) || folders.contains(&path.ancestors().last().unwrap_or_default())
    })
}
