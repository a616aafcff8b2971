//! Plays a history: edits on the disk, and batches as a watcher would tell of them, early, late, or twice.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use syndicated::engine::{Engine, EngineError, Report, Silent, Start};
use syndicated::model::SitePath;
use syndicated::publisher::Lock;
use syndicated::watcher::changes::Batch;
use tempfile::TempDir;

use super::compare::{self, load};
use super::post::{self, FOLDERS, INSTANTS, PAGES, Post};
use super::steps::{Delivery, How, Mishap, Step};

/// Links to folders lie here.
const LINKS: [&str; 4] = ["_posts/a-link", "_posts/z-link", "linked", "news/link"];

/// A change that no batch has told yet.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Waiting {
    path: String,
    folder: bool,
}

pub(super) struct Player {
    _home: TempDir,
    site: PathBuf,
    out: PathBuf,
    state: PathBuf,
    aside: PathBuf,
    old: PathBuf,
    lock: Lock,
    engine: Option<Engine>,
    allow_empty: bool,
    /// Microseconds since 1970.
    now: i64,
    ticks: u64,
    waiting: Vec<Waiting>,
    /// Something happened where nobody watches.
    unseen: bool,
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
        fs::write(site.join("syndicated.toml"), post::settings("jekyll")).unwrap();
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
            Step::Rename { from, to } => self.rename(&post::place(from), &post::place(to)),
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
            Step::Plain { plain } => {
                self.configure("syndicated.toml", &post::settings(if plain { "plain" } else { "jekyll" }))?;
            }
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
        let mut left = Vec::new();
        for (n, waiting) in self.waiting.iter().enumerate() {
            let site_path = SitePath::from_bytes(waiting.path.as_bytes());
            let is_writing = chosen(delivery.writing, n) && !waiting.folder && self.at(&waiting.path).is_file();
            if is_writing {
                batch.writing.insert(site_path);
                left.push(waiting.clone());
                continue;
            }
            let told = batch.everything || chosen(delivery.told, n);
            if !told || chosen(delivery.again, n) {
                left.push(waiting.clone());
            }
            if !told || batch.everything {
                continue;
            }
            match delivery.how {
                How::ByFolder => drop(batch.folders.insert(parent(&waiting.path))),
                How::AsTheyAre if waiting.folder => drop(batch.folders.insert(site_path)),
                _ => drop(batch.paths.insert(site_path)),
            }
        }
        // One path may wait several times; being written it is told of by none.
        let writing: BTreeSet<_> = batch.writing.iter().cloned().collect();
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
        self.waiting = left;
        let report = self.apply(&batch)?;
        if self.emptied {
            // What is told of a batch that failed is lost: the next one doubts everything.
            self.waiting.retain(|waiting| writing.contains(&SitePath::from_bytes(waiting.path.as_bytes())));
        }
        Ok(report)
    }

    fn at(&self, path: &str) -> PathBuf {
        self.site.join(path)
    }

    /// A change will be told under one of the paths that its folder has, as a watcher knows each folder by one.
    fn note(&mut self, path: &str, folder: bool) {
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let real = fs::canonicalize(self.at(above)).unwrap_or_else(|_| self.at(above));
        let real = real.join(name);
        let Ok(below) = real.strip_prefix(&self.site) else { return };
        let below = below.to_string_lossy().into_owned();
        let is_watched =
            |path: &str| ["_posts", "news", "News", "old", "linked"].iter().any(|top| path.starts_with(top));
        let mut names = self.aliases(&real);
        names.push(below.clone());
        if !is_watched(&below) {
            // Some of them are watched. Of the folder itself nobody tells but the regular look at everything.
            self.unseen |= folder;
            self.waiting.extend(names.into_iter().map(|path| Waiting { path, folder }));
            return;
        }
        names.retain(|name| is_watched(name));
        self.ticks += 1;
        let path = names.swap_remove(usize::try_from(self.ticks).unwrap() % names.len());
        self.waiting.push(Waiting { path, folder });
    }

    /// The other paths of a file, through linked folders.
    fn aliases(&self, real: &Path) -> Vec<String> {
        let links = LINKS.iter().chain(&FOLDERS).filter(|link| self.at(link).is_symlink());
        links
            .filter_map(|link| {
                let target = fs::canonicalize(self.at(link)).ok()?;
                let rest = real.strip_prefix(target).ok().filter(|rest| *rest != Path::new(""))?;
                Some(format!("{link}/{}", rest.display()))
            })
            .collect()
    }

    /// Makes the folders above a path, unless a file is in the way.
    fn make_room(&mut self, path: &str) -> bool {
        let Some((folder, _)) = path.rsplit_once('/') else { return true };
        let mut at = 0;
        while at < folder.len() {
            at = folder[at + 1..].find('/').map_or(folder.len(), |next| at + 1 + next);
            let above = &folder[..at];
            if !self.at(above).exists() {
                if fs::create_dir(self.at(above)).is_err() {
                    return false;
                }
                self.note(above, true);
            }
        }
        self.at(folder).is_dir()
    }

    fn write(&mut self, path: &str, bytes: &[u8], rename: bool, fresh: bool) {
        if !self.make_room(path) {
            return;
        }
        let place = self.at(path);
        if place.is_dir() {
            return;
        }
        let written = if rename { self.aside.join("new") } else { place.clone() };
        // A link that leads nowhere would be written through.
        if !rename && place.is_symlink() && !place.exists() {
            return;
        }
        let through_link = !rename && place.is_symlink();
        fs::write(&written, bytes).unwrap();
        self.stamp(&written, fresh);
        if rename {
            fs::rename(&written, &place).unwrap();
        }
        self.note(path, false);
        if through_link {
            self.note_target(&place);
        }
    }

    /// The kernel tells of the file that a link leads to.
    fn note_target(&mut self, link: &Path) {
        let Ok(target) = fs::canonicalize(link) else { return };
        if let Ok(below) = target.strip_prefix(&self.site) {
            self.note(&below.to_string_lossy().into_owned(), false);
        }
    }

    /// Times never repeat, as a clock's do not; a fresh one is within the resolution of some file systems.
    fn stamp(&mut self, path: &Path, fresh: bool) {
        self.ticks += 1;
        let base = if fresh { u64::try_from(self.now).unwrap() / 1_000_000 } else { 1_700_000_000 };
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(base) + Duration::from_nanos(self.ticks);
        fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
    }

    fn write_post(&mut self, path: &str, post: Post, rename: bool, fresh: bool) {
        self.write(path, &post.bytes(), rename, fresh);
    }

    fn touch(&mut self, path: &str) {
        if self.at(path).is_file() {
            self.stamp(&self.at(path), false);
            self.note(path, false);
            self.note_target(&self.at(path));
        }
    }

    fn remove(&mut self, path: &str) {
        if fs::remove_file(self.at(path)).is_ok() {
            self.note(path, false);
        }
    }

    fn rename(&mut self, from: &str, to: &str) {
        if !self.at(from).is_file() || !self.make_room(to) || self.at(to).is_dir() {
            return;
        }
        if fs::rename(self.at(from), self.at(to)).is_ok() {
            self.note(from, false);
            self.note(to, false);
        }
    }

    fn folder_as_post(&mut self, path: &str) {
        if self.make_room(path) && fs::create_dir(self.at(path)).is_ok() {
            self.note(path, true);
        } else if self.at(path).is_dir() && fs::remove_dir_all(self.at(path)).is_ok() {
            self.note(path, true);
        }
    }

    fn move_folder(&mut self, from: &str, to: &str) {
        if self.at(from).is_dir()
            && !self.at(to).exists()
            && self.make_room(to)
            && fs::rename(self.at(from), self.at(to)).is_ok()
        {
            self.note(from, true);
            self.note(to, true);
        }
    }

    fn move_out(&mut self, folder: u8) {
        let path = FOLDERS[usize::from(folder)];
        let away = self.aside.join(folder.to_string());
        if self.at(path).is_dir() && !away.exists() && fs::rename(self.at(path), away).is_ok() {
            self.note(path, true);
        }
    }

    fn move_in(&mut self, folder: u8) {
        let path = FOLDERS[usize::from(folder)];
        let away = self.aside.join(folder.to_string());
        if away.exists() && !self.at(path).exists() && self.make_room(path) && fs::rename(away, self.at(path)).is_ok() {
            self.note(path, true);
        }
    }

    fn remove_folder(&mut self, path: &str) {
        let place = self.at(path);
        let removed = if place.is_symlink() { fs::remove_file(place) } else { fs::remove_dir_all(place) };
        if removed.is_ok() {
            self.note(path, true);
        }
    }

    fn link_file(&mut self, path: &str, target: u8) {
        if !self.make_room(path) || self.at(path).is_dir() {
            return;
        }
        let target = if target < 250 { self.at(&post::place(target % 48)) } else { self.aside.join("nothing") };
        let _ = fs::remove_file(self.at(path));
        symlink(target, self.at(path)).unwrap();
        self.note(path, false);
    }

    fn link_folder(&mut self, place: u8, target: u8) {
        let path =
            LINKS.get(usize::from(place).wrapping_sub(100)).copied().unwrap_or_else(|| FOLDERS[usize::from(place)]);
        if self.at(path).is_symlink() {
            fs::remove_file(self.at(path)).unwrap();
            self.note(path, true);
        }
        if target >= 200 || self.at(path).exists() || !self.make_room(path) {
            return;
        }
        let target = self.at(FOLDERS[usize::from(target) % FOLDERS.len()]);
        if symlink(target, self.at(path)).is_ok() {
            self.note(path, true);
        }
    }

    fn configure(&mut self, file: &str, text: &str) -> Result<(), TestCaseError> {
        fs::write(self.at(file), text).unwrap();
        let config = load(&self.site, &self.out, &self.state);
        let engine = self.engine.as_ref().unwrap();
        if config.fingerprint == engine.config().fingerprint {
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
