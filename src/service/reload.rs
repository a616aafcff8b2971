//! Reloads, as Caddy does them: the new configuration is read and checked while the old one goes on.

use tracing::{error, info};

use super::push::{self, Push};
use super::watched::Watched;
use super::{Service, ServiceError};
use crate::config::Config;
use crate::engine::{Engine, Start};
use crate::model::SitePath;
use crate::publisher::Lock;
use crate::watcher::changes::Batch;

/// How often the configuration is read at one reload while it changes all the time; the next change is told by events.
const MOST_ROUNDS: usize = 4;

/// A reload that was asked for.
#[derive(Debug)]
pub(super) struct Pending {
    why: &'static str,
    /// That it waits has been said.
    said: bool,
    /// That nothing is another than before is not worth a word.
    is_routine: bool,
}

impl Pending {
    pub(super) fn new(why: &'static str) -> Self {
        Self { why, said: false, is_routine: false }
    }
}

/// A reload where a batch holds in doubt what the configuration was made of beside its own files.
pub(super) fn wanted(batch: &Batch, config: &Config) -> Option<Pending> {
    let told = batch.paths.difference(&batch.writing).chain(&batch.folders);
    if told.into_iter().any(|path| config.is_outdated_by(path)) {
        return Some(Pending { is_routine: true, ..Pending::new("pages came or went") });
    }
    let folders = input_folders(config);
    let is_within = |path: &SitePath| folders.iter().any(|folder| path.is_below(folder));
    let is_around = |path: &SitePath| folders.iter().any(|folder| folder.is_below(path));
    if batch.paths.difference(&batch.writing).any(is_within)
        || batch.folders.iter().any(|it| is_within(it) || is_around(it))
    {
        return Some(Pending::new("a file changed that templates may read"));
    }
    // Events were lost, those of the configuration maybe too. A site that is gone or unmounted says nothing of it.
    let is_there = || config.source.root.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    (batch.everything && is_there()).then(|| Pending { is_routine: true, ..Pending::new("everything is looked at") })
}

/// The folders below the site whose files all are part of the configuration.
pub(super) fn input_folders(config: &Config) -> Vec<SitePath> {
    config.folders.iter().filter_map(|folder| SitePath::below(&config.source.root, folder)).collect()
}

impl Service<'_> {
    /// Reloads if that was asked for and no post is being written: a new catalog has no last state of such a post.
    /// Another batch comes when it is closed. Whether it is done with, however it ended.
    pub(super) fn reload_when_settled(&mut self, batch: &Batch) -> bool {
        let Some(mut pending) = self.reload.take() else { return false };
        let Some(post) = batch.writing.first() else {
            let is_done = self.reload(&pending);
            self.reload = Some(pending).filter(|_| !is_done);
            return is_done;
        };
        if !(pending.said || pending.is_routine) {
            say_waiting(post);
            pending.said = true;
        }
        self.reload = Some(pending);
        false
    }

    /// Takes over what is new, and looks once more when the new watches are in place: what changed since it was read and
    /// before they were is told to nobody. Whether that was the end of it.
    fn reload(&mut self, pending: &Pending) -> bool {
        for round in 0..MOST_ROUNDS {
            let is_routine = pending.is_routine || round > 0;
            match self.take_over(pending.why, is_routine) {
                Took::Over => {}
                Took::Nothing => return true,
                Took::Touched => return false,
            }
        }
        true
    }

    /// Reads the configuration and takes it over if it is another.
    fn take_over(&mut self, why: &'static str, is_routine: bool) -> Took {
        let config = match (self.effects.load)() {
            Ok(config) => config,
            Err(refused) => {
                error!("the configuration was not taken over, the old one goes on: {refused}");
                return Took::Nothing;
            }
        };
        if self.watched.is_configuration_touched(&self.config) {
            return Took::Touched;
        }
        let heals = self.watched.has_failed();
        if is_same(&config, &self.config) && !heals {
            if !is_routine {
                info!(why, "the configuration is the same as before");
            }
            return Took::Nothing;
        }
        match self.swap(config) {
            Ok(()) if heals => info!("the watcher is started anew"),
            Ok(()) => info!(why, "the new configuration holds"),
            Err(refused) => {
                error!("the new configuration was not taken over, the old one goes on: {refused}");
                return Took::Nothing;
            }
        }
        Took::Over
    }

    /// Opens the engine of a new configuration in place of the old one, which is opened again when next needed if that
    /// fails.
    fn swap(&mut self, config: Config) -> Result<(), ServiceError> {
        let same_place = config.output.dir == self.config.output.dir && config.state == self.config.state;
        // Another output must be free, and the watches in place, before the old engine is given up.
        let watched = Watched::begin(&config)?;
        let other_lock = if same_place { None } else { Some(Lock::acquire(&config.output.dir, &config.state)?) };
        let moves = config.state != self.config.state;
        let (opened, prepared) = match &self.delivery {
            Some(delivery) => (None, Some(delivery.prepare(&config)?)),
            None => (super::state::open_delivery(&config)?, None),
        };
        let admin = self.admin.prepare(&config)?;
        self.engine = None;
        let start = Start { full: false, ..self.start };
        let engine = Engine::open(config.clone(), other_lock.as_ref().unwrap_or(&self.lock), start)?;
        match (&mut self.delivery, prepared) {
            (Some(delivery), Some(prepared)) => delivery.reload(&config, prepared),
            _ => self.delivery = opened,
        }
        self.delivery.iter().for_each(|delivery| self.live.serves(delivery));
        if !push::is_same(&config, &self.config) {
            // The old ones end first: they have the same files open.
            self.live.pushes(Push::default());
            self.live.pushes(Push::open(&config));
        }
        // The next batch brings what the new configuration wants.
        self.live.all_is_published(same_place && config.fingerprint == self.config.fingerprint);
        self.admin.reload(&config, admin);
        self.is_summary_old = true;
        self.live.watches(watched.inboxes());
        (self.engine, self.config, self.watched) = (Some(engine), config, watched);
        if moves {
            self.front = super::state::open_front(&self.config, &self.live, &self.asker);
        }
        if let Some(lock) = other_lock {
            self.lock = lock;
        }
        Ok(())
    }
}

/// What became of a configuration that was read.
enum Took {
    /// It holds.
    Over,
    /// It is the same as before, or was refused.
    Nothing,
    /// It may have been read half. What touched it is in a batch to come.
    Touched,
}

fn say_waiting(post: &SitePath) {
    info!(%post, "the reload waits until the posts are closed that are being written");
}

/// Whether nothing of a configuration has changed that a running service heeds.
fn is_same(new: &Config, old: &Config) -> bool {
    new.fingerprint == old.fingerprint
        && new.output.dir == old.output.dir
        && new.output.mode == old.output.mode
        && new.output.html == old.output.html
        && new.state == old.state
        && new.threads == old.threads
        && new.server == old.server
        && new.websub == old.websub
        && new.source.root == old.source.root
        && new.source.skip == old.source.skip
        && new.source.poll == old.source.poll
        && new.files == old.files
        && new.identity.pins == old.identity.pins
        && new.identity.faults == old.identity.faults
}
