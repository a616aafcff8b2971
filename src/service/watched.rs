//! What is watched: the site, and where built pages are wanted their folder, each by an actor of its own.
//!
//! The folder of pages may lie inside the site or outside; either way no post is looked for in it, and what happens there
//! is told apart. What both tell becomes one batch.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::reload;
use crate::config::Config;
use crate::engine::Meanwhile;
use crate::model::SitePath;
use crate::normalizer::{Normalizer, Role};
use crate::watcher::changes::{Batch, Change, Fact, Inbox};
use crate::watcher::notify::{self, Interesting, Options, WatchError, Watcher};
use crate::watcher::scan;

/// The watchers of a configuration. They end when it is dropped.
pub(super) struct Watched {
    site: Watch,
    pages: Option<Watch>,
}

struct Watch {
    inbox: Arc<Inbox>,
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
        Ok(Self { site: Watch::begin(site)?, pages: pages.map(Watch::begin).transpose()? })
    }

    /// Waits until something is due, and takes it. Nothing is lost when the future is dropped.
    pub(super) async fn next(&self) -> Batch {
        let Some(pages) = &self.pages else { return self.site.inbox.next().await };
        tokio::select! {
            batch = self.site.inbox.next() => both(batch, pages.inbox.take()),
            told = pages.inbox.next() => both(self.site.inbox.take(), told),
        }
    }

    /// What is due now, which may be nothing, with what is unsettled.
    pub(super) fn take(&self) -> Batch {
        let batch = self.site.inbox.take();
        match &self.pages {
            Some(pages) => both(batch, pages.inbox.take()),
            None => batch,
        }
    }

    /// Whether nothing is in doubt, now or later.
    pub(super) fn is_quiet(&self) -> bool {
        self.site.inbox.is_quiet() && self.pages.as_ref().is_none_or(|pages| pages.inbox.is_quiet())
    }

    /// Waits until all that happened before is here; others may use the watchers meanwhile.
    pub(super) fn sync(&self) -> impl Future<Output = ()> + Send + use<> {
        let site = self.site.watcher.sync();
        let pages = self.pages.as_ref().map(|pages| pages.watcher.sync());
        async move {
            site.await;
            if let Some(pages) = pages {
                pages.await;
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
        [Some(&self.site), self.pages.as_ref()].into_iter().flatten().map(|watch| Arc::clone(&watch.inbox)).collect()
    }

    /// Watches what should have been, and was not; how many folders these are.
    pub(super) async fn check(&self) -> usize {
        let mut unwatched = self.site.watcher.check().await.len();
        if let Some(pages) = &self.pages {
            unwatched += pages.watcher.check().await.len();
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
    fn begin(options: Options) -> Result<Self, WatchError> {
        let inbox = Arc::new(Inbox::default());
        let watcher = notify::watch(options, Arc::clone(&inbox))?;
        Ok(Self { inbox, watcher })
    }

    fn touched(&self, files: &BTreeSet<SitePath>) -> BTreeSet<SitePath> {
        self.watcher.catch_up();
        self.inbox.touched(files)
    }
}

fn both(mut batch: Batch, mut pages: Batch) -> Batch {
    batch.problems.append(&mut pages.problems);
    batch.pages = Some(Box::new(pages));
    batch
}

fn interesting_in_site(config: &Config) -> Arc<Interesting> {
    let normalizer = Normalizer::new(config);
    let (root, skip) = (config.source.root.clone(), config.source.skip.clone());
    let folders = reload::input_folders(config);
    Arc::new(move |path: &SitePath| {
        normalizer.role(path) != Role::None
            || folders.iter().any(|folder| path.is_below(folder))
            || (normalizer.wants_folder(path) && !scan::is_skipped(&path.under(&root), &skip))
    })
}

/// Everything but our own files, should they lie there.
fn interesting_in_pages(config: &Config) -> Arc<Interesting> {
    let folder = config.content.pages.as_ref().map(|pages| pages.folder.clone()).unwrap_or_default();
    let skip = [config.output.dir.clone(), config.state.clone()];
    Arc::new(move |path: &SitePath| !scan::is_skipped(&path.under(&folder), &skip))
}
