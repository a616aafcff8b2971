//! Plays a history: edits on the disk, and batches as a watcher would tell of them, early, late, or twice.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use syndicated::engine::{Engine, EngineError, Report, Silent, Start};
use syndicated::model::SitePath;
use syndicated::publisher::Lock;
use syndicated::watcher::changes::Batch;
use tempfile::TempDir;

use super::compare::{self, load};
use super::post::{self, FOLDERS, INSTANTS, PAGES, SOUNDS};
use super::steps::{Delivery, How, Mishap, Step};

/// A change that no batch has told yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) path: String,
    pub(super) folder: bool,
    /// Below the folder of built pages.
    pub(super) built: bool,
}

pub(super) struct Player {
    _home: TempDir,
    pub(super) site: PathBuf,
    out: PathBuf,
    state: PathBuf,
    pub(super) aside: PathBuf,
    old: PathBuf,
    lock: Lock,
    engine: Option<Engine>,
    allow_empty: bool,
    /// Microseconds since 1970.
    pub(super) now: i64,
    pub(super) ticks: u64,
    pub(super) waiting: Vec<Waiting>,
    /// Something happened where nobody watches.
    pub(super) unseen: bool,
    /// There are links to folders, or were.
    pub(super) linked: bool,
    /// The last batch failed for want of posts.
    emptied: bool,
}

impl Player {
    pub(super) fn new(allow_empty: bool) -> Self {
        let home = compare::scratch();
        let root = fs::canonicalize(home.path()).unwrap();
        let path = |name: &str| root.join(name);
        let (site, out, state) = (path("site"), path("out"), path("state"));
        fs::create_dir_all(site.join("_posts")).unwrap();
        fs::create_dir_all(path("aside")).unwrap();
        fs::write(site.join("_config.yml"), post::site_config(0)).unwrap();
        fs::write(site.join("hugo.toml"), post::HUGO).unwrap();
        fs::write(site.join("syndicated.toml"), post::settings("jekyll", "page", 1)).unwrap();
        let lock = Lock::acquire(&out, &state).unwrap();
        let mut player = Self {
            aside: path("aside"),
            old: path("old"),
            lock,
            engine: None,
            allow_empty,
            now: (INSTANTS[3] + 3_600) * 1_000_000,
            ticks: 0,
            waiting: Vec::new(),
            unseen: false,
            linked: false,
            emptied: false,
            _home: home,
            site,
            out,
            state,
        };
        if !allow_empty {
            player.write("_posts/2020-01-01-first.md", b"---\n---\nFirst.\n", false, false);
        }
        player.open();
        player
    }

    pub(super) fn play(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match *step {
            Step::Write { place, post, rename, fresh } => self.write_post(&post::place(place), post, rename, fresh),
            Step::Touch { place } => self.touch(&post::place(place)),
            Step::Remove { place } => self.remove(&post::place(place)),
            Step::Rename { from, to } => {
                let place = (from..from + 48).map(post::place).find(|place| self.at(place).is_file());
                self.rename(&place.unwrap_or_default(), &post::place(to));
            }
            Step::FolderAsPost { place } => self.folder_as_post(&post::place(place)),
            Step::Page { page, label } => {
                self.write(PAGES[usize::from(page)], post::page(label).as_bytes(), label % 2 == 0, false);
            }
            Step::RemovePage { page } => self.remove(PAGES[usize::from(page)]),
            Step::MoveFolder { from, to } => self.move_folder(FOLDERS[usize::from(from)], FOLDERS[usize::from(to)]),
            Step::MoveOut { folder } => self.move_out(folder),
            Step::MoveIn { folder } => self.move_in(folder),
            Step::RemoveFolder { folder } => self.remove_folder(FOLDERS[usize::from(folder)]),
            Step::LinkFile { place, target } => self.link_file(&post::place(place), target),
            Step::LinkFolder { place, target } => self.link_folder(place, target),
            Step::Configure { n } => self.configure("_config.yml", &post::site_config(n))?,
            Step::Settings { dialect, page, aliases } => {
                let from = if page { "page" } else { "source" };
                self.configure("syndicated.toml", &post::settings(dialect, from, aliases))?;
            }
            Step::Pin => self.pin()?,
            Step::EditIds { rows } => self.edit_ids(rows)?,
            Step::Unpin => self.unpin()?,
            Step::Build { link, ending, article, rename, fresh } => {
                self.build_page(link, ending, article, rename, fresh);
            }
            Step::RemoveBuilt { n } => self.remove_page(n),
            Step::RemoveBuiltFolder { n } => self.remove_pages(n),
            Step::MoveBuilt => self.move_pages(),
            Step::Sound { n, size, rename, fresh } => {
                self.write(sound(n), &vec![0; usize::from(size) % 3], rename, fresh);
            }
            Step::RemoveSound { n } => self.remove(sound(n)),
            Step::LinkSound { n, target } => self.link_sound(sound(n), target),
            Step::MoveSounds => self.move_sounds(),
            Step::Clock { instant, seconds } => {
                self.now = (INSTANTS[usize::from(instant)] + i64::from(seconds)) * 1_000_000;
                self.apply(&Batch::default())?;
            }
            Step::Deliver(delivery) => drop(self.deliver(delivery)?),
            Step::Snapshot => {
                compare::copy(&self.state, &self.old.join("state"));
                compare::copy(&self.out, &self.old.join("out"));
            }
            Step::LoseState => drop(fs::remove_dir_all(&self.state)),
            Step::Restart(mishap) => self.restart(mishap)?,
            Step::Check => self.check()?,
        }
        Ok(())
    }

    /// Tells of all that waits; the report of that batch.
    pub(super) fn tell(&mut self) -> Report {
        self.deliver(Delivery { told: u32::MAX, again: 0, writing: 0, how: How::AsTheyAre }).unwrap()
    }

    pub(super) fn out(&self) -> &Path {
        &self.out
    }

    pub(super) fn reopen(&mut self) {
        self.engine = None;
        self.open();
    }

    fn open(&mut self) {
        let config = load(&self.site, &self.out, &self.state);
        let start = Start { full: false, allow_empty: self.allow_empty };
        self.engine = Some(Engine::open(config, &self.lock, start).unwrap_or_else(|error| panic!("{error}")));
    }

    /// As the service does it.
    pub(super) fn try_apply(&mut self, batch: &Batch) -> Result<Report, EngineError> {
        let now = self.now;
        let engine = self.engine.as_mut().unwrap();
        match engine.apply(batch, now, &Silent) {
            Err(error) if engine.can_retry(&error) => engine.apply(batch, now, &Silent),
            other => other,
        }
    }

    fn apply(&mut self, batch: &Batch) -> Result<Report, TestCaseError> {
        let applied = self.try_apply(batch);
        self.emptied = matches!(&applied, Err(EngineError::Emptied { .. }));
        match applied {
            Ok(report) => {
                prop_assert!(report.failures.is_empty(), "{:?}", report.failures);
                Ok(report)
            }
            Err(EngineError::Emptied { .. }) if !self.allow_empty => Ok(Report::default()),
            Err(error) => Err(TestCaseError::fail(format!("{error}"))),
        }
    }

    fn check(&mut self) -> Result<(), TestCaseError> {
        self.deliver(Delivery { told: u32::MAX, again: 0, writing: 0, how: How::AsTheyAre })?;
        prop_assert!(self.waiting.is_empty());
        if self.emptied {
            prop_assert!(compare::full_is_empty(&self.site, self.now));
            return Ok(());
        }
        let engine = self.engine.as_mut().unwrap();
        let summary = match engine.summary() {
            // Damage in what only a summary reads.
            Err(_) => engine.build(self.now, &Silent).unwrap().1,
            Ok(summary) => summary,
        };
        compare::against_full(engine, &summary, &self.site, &self.out, self.now, self.allow_empty)?;
        let warm = self.apply(&Batch { everything: true, ..Batch::default() })?;
        prop_assert_eq!((warm.written, warm.removed), (0, 0), "a build with nothing changed writes nothing");
        Ok(())
    }

    fn deliver(&mut self, delivery: Delivery) -> Result<Report, TestCaseError> {
        let chosen = |mask: u32, n: usize| mask == u32::MAX || mask & (1 << (n % 32)) != 0;
        let everything = delivery.how == How::Everything || std::mem::take(&mut self.unseen);
        let mut batch = Batch { everything, ..Batch::default() };
        let mut pages = Batch::default();
        let mut left = Vec::new();
        for (n, waiting) in self.waiting.iter().enumerate() {
            let part = if waiting.built { &mut pages } else { &mut batch };
            let place = if waiting.built { self.built().join(&waiting.path) } else { self.at(&waiting.path) };
            let site_path = SitePath::from_bytes(waiting.path.as_bytes());
            let is_writing = chosen(delivery.writing, n) && !waiting.folder && place.is_file();
            if is_writing {
                part.writing.insert(site_path);
                left.push(waiting.clone());
                continue;
            }
            let told = everything || chosen(delivery.told, n);
            if !told || chosen(delivery.again, n) {
                left.push(waiting.clone());
            }
            if !told || everything {
                continue;
            }
            // With linked folders about, a watcher never mistakes a folder for a file; nor does it where there are none.
            let as_folder = waiting.folder && (self.linked || waiting.built || delivery.how == How::AsTheyAre);
            let told_in = if delivery.how == How::ByFolder || as_folder { &mut part.folders } else { &mut part.paths };
            told_in.insert(if delivery.how == How::ByFolder { parent(&waiting.path) } else { site_path });
        }
        tidy(&mut batch);
        tidy(&mut pages);
        let writing = [&batch.writing, &pages.writing].map(Clone::clone);
        batch.pages = Some(Box::new(pages));
        self.waiting = left;
        self.reload_for(&batch);
        let report = self.apply(&batch)?;
        if self.emptied {
            // What is told of a batch that failed is lost: the next one doubts everything.
            let is_written = |waiting: &Waiting| {
                writing[usize::from(waiting.built)].contains(&SitePath::from_bytes(waiting.path.as_bytes()))
            };
            self.waiting.retain(is_written);
        }
        Ok(report)
    }

    /// As the service does it when files came or went from which the configuration is made, too.
    fn reload_for(&mut self, batch: &Batch) {
        let config = self.engine().config();
        let is_outdated = || batch.paths.iter().chain(&batch.folders).any(|path| config.is_outdated_by(path));
        if !(batch.everything || is_outdated()) {
            return;
        }
        let is_same = load(&self.site, &self.out, &self.state).fingerprint == config.fingerprint;
        match batch.writing.is_empty() {
            true if is_same => {}
            true => self.reopen(),
            // That waits until the post is closed.
            false => self.unseen = true,
        }
    }

    pub(super) fn engine(&self) -> &Engine {
        self.engine.as_ref().unwrap()
    }

    pub(super) fn configure(&mut self, file: &str, text: &str) -> Result<(), TestCaseError> {
        fs::write(self.at(file), text).unwrap();
        self.reconfigure()
    }

    /// As the service does it when a configuration file changed.
    pub(super) fn reconfigure(&mut self) -> Result<(), TestCaseError> {
        let config = load(&self.site, &self.out, &self.state);
        let old = self.engine().config();
        let has_same_pages = config.output.html == old.output.html;
        if config.fingerprint == old.fingerprint && config.identity.pins == old.identity.pins && has_same_pages {
            return Ok(());
        }
        self.engine = None;
        self.open();
        self.start()
    }

    /// The first batch of an engine doubts everything, so all that waits is told.
    fn start(&mut self) -> Result<(), TestCaseError> {
        self.waiting.clear();
        self.apply(&Batch { everything: true, ..Batch::default() })?;
        Ok(())
    }

    fn restart(&mut self, mishap: Mishap) -> Result<(), TestCaseError> {
        self.engine = None;
        let catalog = self.state.join("catalog.sqlite");
        let has_old = self.old.join("state").exists();
        match mishap {
            Mishap::None => {}
            Mishap::NoState => drop(fs::remove_dir_all(&self.state)),
            Mishap::DamagedCatalog { how, at } => damage(&catalog, how, at),
            Mishap::DeletedFile(n) => drop(self.published(n).map(fs::remove_file)),
            Mishap::TruncatedFile(n) => self.rewrite(n, |bytes| bytes.truncate(bytes.len() / 2)),
            Mishap::EditedFile(n) => self.rewrite(n, |bytes| bytes.iter_mut().take(1).for_each(|b| *b ^= 1)),
            Mishap::NoManifest if catalog.exists() => drop(fs::remove_file(self.out.join(".syndicated.json"))),
            Mishap::OldState if has_old => compare::copy(&self.old.join("state"), &self.state),
            // Without state and manifest nobody could know which files are ours.
            Mishap::OldManifest if has_old && catalog.exists() => {
                let manifest = self.old.join("out/.syndicated.json");
                if manifest.exists() {
                    fs::copy(manifest, self.out.join(".syndicated.json")).unwrap();
                }
            }
            Mishap::OldOutput if has_old => compare::copy(&self.old.join("out"), &self.out),
            Mishap::NoManifest | Mishap::OldState | Mishap::OldManifest | Mishap::OldOutput => {}
        }
        self.open();
        self.start()
    }

    fn published(&self, n: u8) -> Option<PathBuf> {
        let names: Vec<String> = compare::tree(&self.out).into_keys().filter(|name| name.ends_with(".xml")).collect();
        (!names.is_empty()).then(|| self.out.join(&names[usize::from(n) % names.len()]))
    }

    fn rewrite(&mut self, n: u8, edit: impl Fn(&mut Vec<u8>)) {
        let Some(path) = self.published(n) else { return };
        let mut bytes = fs::read(&path).unwrap();
        edit(&mut bytes);
        fs::write(&path, bytes).unwrap();
        self.stamp(&path, false);
    }
}

/// As a watcher tells of things: what is being written in no other way, and nothing below a folder that is told of.
fn tidy(batch: &mut Batch) {
    // One path may wait several times.
    let writing = batch.writing.clone();
    batch.paths.retain(|path| !writing.contains(path));
    if batch.folders.iter().any(|folder| folder.as_bytes().is_empty()) {
        batch.everything = true;
        batch.folders.clear();
        batch.paths.clear();
    }
    let folders = batch.folders.clone();
    let within = |path: &SitePath| folders.iter().any(|folder| path.is_below(folder) && path != folder);
    batch.folders.retain(|path| !within(path));
    batch.paths.retain(|path| !within(path) && !folders.contains(path));
}

fn sound(n: u8) -> &'static str {
    SOUNDS[usize::from(n) % SOUNDS.len()]
}

fn parent(path: &str) -> SitePath {
    SitePath::from_bytes(path.rsplit_once('/').map_or("", |(folder, _)| folder).as_bytes())
}

/// Faults that leave a trace: a page blanked, the file cut, another file.
fn damage(catalog: &Path, how: u8, at: u16) {
    let Ok(mut bytes) = fs::read(catalog) else { return };
    let pages = (bytes.len() / 4096).max(1);
    let page = usize::from(at) % pages * 4096;
    match how % 4 {
        0 => bytes.truncate(page),
        1 => bytes[page..].iter_mut().take(4096).for_each(|b| *b = 0),
        2 => bytes[page..].iter_mut().take(4096).for_each(|b| *b = 0xff),
        _ => bytes = b"this is no database".repeat(300),
    }
    fs::write(catalog, bytes).unwrap();
}
