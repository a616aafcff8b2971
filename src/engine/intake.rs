//! From what is in doubt to the catalog: look at files, read those that changed, put what they are.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::ErrorKind;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, SyncSender};
use std::thread;

use rayon::iter::{ParallelBridge, ParallelIterator};

use super::meanwhile::Caller;
use super::scope::Scope;
use super::{Engine, EngineError, Meanwhile, Progress};
use crate::catalog::{FileId, Stamps, Update};
use crate::config::Config;
use crate::model::{Code, Diagnostic, LeftOut, Reading, Record, Severity, SitePath};
use crate::normalizer::{Normalizer, Role};
use crate::watcher::changes::Batch;
use crate::watcher::scan::{self, Content, Entry, Stamp, Unreadable, Walk, Walked};

/// Chunks under way between the walk and the readers, and records between them and the catalog.
const QUEUE: usize = 8;

/// How many files are looked at, or removed, at once.
const AT_ONCE: usize = 1000;

/// How many changed inputs are named.
const NAMED: usize = 5;

/// What a batch brought.
#[derive(Debug, Default)]
pub(super) struct Intake {
    /// How many inputs were looked at.
    pub(super) looked_at: u64,
    /// How many of them were opened.
    pub(super) opened: u64,
    /// The first few that were opened, or are gone.
    pub(super) changed: Vec<SitePath>,
    /// Findings about the files that were opened.
    pub(super) findings: Vec<(SitePath, Diagnostic)>,
    /// Inputs that were touched while they were read, and keep their last state.
    pub(super) touched: BTreeSet<SitePath>,
    /// What the owner of the site should know.
    pub(super) problems: Vec<String>,
    /// How many posts name no author, counted where posts are looked at closely.
    pub(super) nameless: u64,
}

impl Intake {
    fn changes(&mut self, path: &SitePath) {
        if self.changed.len() < NAMED {
            self.changed.push(path.clone());
        }
    }
}

/// A file that was opened, on its way into the catalog.
struct Opened {
    path: SitePath,
    stamp: i64,
    record: Record,
    is_nameless: bool,
    /// It may be all that a writer who begins anew has left of it.
    is_cut: bool,
}

/// What the readers need; all of it shared.
struct Reader<'a> {
    config: &'a Config,
    normalizer: &'a Normalizer,
    now_ns: i64,
    /// Whether posts are looked at closely, text and all.
    lints: bool,
    /// Files that are being written: their last state stays.
    writing: &'a BTreeSet<SitePath>,
    /// Who knows what is touched while it is read.
    meanwhile: Option<&'a dyn Meanwhile>,
    /// Whether files with several names were met.
    has_names: AtomicBool,
}

impl Engine {
    /// Brings the catalog up to date with what `batch` holds in doubt, at the instant `now`.
    pub(super) fn take_in(&mut self, batch: &Batch, now: i64, caller: Caller<'_>) -> Result<Intake, EngineError> {
        let mut intake = Intake::default();
        let (folders, files, everything) = match self.scope(batch)? {
            Scope::Everything => (BTreeSet::from([SitePath::default()]), BTreeSet::new(), true),
            Scope::Part { folders, files } => (folders, files, false),
        };
        let is_new = self.catalog.is_new();
        let mut known = Vec::with_capacity(folders.len());
        for folder in folders {
            let stamps = if is_new { Stamps::default() } else { self.catalog.stamps(&folder)? };
            known.push((folder, stamps));
        }
        let reader = Reader {
            config: &self.config,
            normalizer: &self.normalizer,
            now_ns: now.saturating_mul(1000),
            lints: self.tries_feeds,
            writing: &batch.writing,
            meanwhile: caller.meanwhile,
            has_names: AtomicBool::new(false),
        };
        let mut update = self.catalog.begin(now, self.config.window(), &self.config.identity.pins)?;
        for (folder, stamps) in known {
            let mut walked = reader.rescan(&folder, stamps, &mut update, &mut intake, &self.pool, caller.progress)?;
            let has_links = walked.folder_links;
            self.links.note(&mut walked, everything);
            if has_links && !everything {
                // A linked folder may show files that another path shows already: only a full walk can tell.
                drop(update);
                let everything = Batch { everything: true, writing: batch.writing.clone(), ..Batch::default() };
                return self.take_in(&everything, now, caller);
            }
        }
        for paths in Vec::from_iter(files).chunks(AT_ONCE) {
            for path in reader.look_at(paths, &mut update, &mut intake)? {
                update.remove_below(path)?;
            }
        }
        if self.links.has_folders() {
            // A text may lead to a post by another path than the one by which it is known.
            update.touch_all_links()?;
        }
        for key in self.config.standing_feeds() {
            let feed = update.ensure_feed(&key)?;
            if is_new {
                // Of a feed without posts nothing else in a new catalog says that its files are to be made.
                update.touch_feed(feed);
            }
        }
        self.links.note_names(reader.has_names.into_inner(), everything);
        update.commit(self.allow_empty)?;
        Ok(intake)
    }
}

impl Reader<'_> {
    /// Walks a folder, reads what is new or changed, and removes what is gone.
    fn rescan(
        &self,
        folder: &SitePath,
        stamps: Stamps,
        update: &mut Update<'_>,
        intake: &mut Intake,
        pool: &rayon::ThreadPool,
        progress: &dyn Progress,
    ) -> Result<Walked, EngineError> {
        let is_root = folder.as_bytes().is_empty();
        if !is_root {
            // It may have the name of a post, or have taken the place of one.
            self.look_at(std::slice::from_ref(folder), update, intake)?;
            if !self.wants_folder(folder) || !self.lies_in_wanted_folders(folder) {
                update.remove_below(folder)?;
                return Ok(Walked::default());
            }
        }
        let root = self.config.source.root.as_path();
        let wants_folder = |path: &SitePath| self.wants_folder(path);
        let wants_file = |path: &SitePath| self.normalizer.role(path) != Role::None;
        let follow = self.config.source.follow_symlinks;
        let walk = Walk { root, wants_folder: &wants_folder, wants_file: &wants_file, follow };
        let looked_at = AtomicU64::new(0);
        let (chunks_in, chunks) = mpsc::sync_channel::<Vec<Entry>>(QUEUE);
        let (opened_in, opened) = mpsc::sync_channel::<Vec<Result<Opened, Unreadable>>>(QUEUE);
        let mut kept: HashSet<FileId> = HashSet::new();
        let walked = thread::scope(|scope| {
            let walker = thread::Builder::new()
                .spawn_scoped(scope, move || walk.run(folder, &mut |chunk| drop(chunks_in.send(chunk))))
                .map_err(EngineError::Thread)?;
            let (stamps, looked_at) = (&stamps, &looked_at);
            let read = move || {
                pool.install(|| {
                    chunks.into_iter().par_bridge().for_each_with(opened_in, |opened_in, chunk| {
                        looked_at.fetch_add(chunk.len() as u64, Ordering::Relaxed);
                        self.read_chunk(chunk, stamps, opened_in);
                    });
                });
            };
            thread::Builder::new().spawn_scoped(scope, read).map_err(EngineError::Thread)?;
            for batch in opened {
                let batch =
                    batch.into_iter().collect::<Result<Vec<_>, _>>().map_err(|failed| self.source_error(failed))?;
                let touched = self.touched(batch.iter().map(|file| &file.path), &batch);
                for file in batch.into_iter().filter(|file| !touched.contains(&file.path)) {
                    let file = put(file, update, intake)?;
                    if !stamps.is_empty() {
                        kept.insert(file);
                    }
                }
                intake.touched.extend(touched);
                progress.read(looked_at.load(Ordering::Relaxed));
            }
            // A panic of the walker is passed on: it is a bug of ours, never the input's.
            Ok::<_, EngineError>(walker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })?;
        intake.looked_at += looked_at.into_inner();
        let mut walked = match walked {
            Ok(walked) => walked,
            // A folder that is gone: everything below it is.
            Err(gone) if !is_root && matches!(gone.error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                Walked::default()
            }
            Err(failed) => return Err(self.source_error(failed)),
        };
        self.judge_unreadable(std::mem::take(&mut walked.unreadable), intake)?;
        let gone: Vec<FileId> = stamps.unseen().filter(|file| !kept.contains(file)).collect();
        for files in gone.chunks(AT_ONCE) {
            self.remove(files, update, intake)?;
        }
        Ok(walked)
    }

    /// Removes files that are gone, but for those that are being written or were touched.
    fn remove(&self, files: &[FileId], update: &mut Update<'_>, intake: &mut Intake) -> Result<(), EngineError> {
        let mut paths = BTreeMap::new();
        if self.meanwhile.is_some() || !self.writing.is_empty() {
            for &file in files {
                paths.extend(update.path_of(file)?.map(|path| (path, file)));
            }
        }
        let touched = self.touched(paths.keys(), []);
        let stays = |path: &SitePath| self.writing.contains(path) || touched.contains(path);
        let stay: HashSet<FileId> = paths.iter().filter(|(path, _)| stays(path)).map(|(_, file)| *file).collect();
        for file in files.iter().filter(|file| !stay.contains(file)) {
            update.remove_file(*file)?;
        }
        intake.touched.extend(touched);
        Ok(())
    }

    /// Those of these inputs that were touched, so that what was read of them, or that they are not there, may be a
    /// state that nobody meant.
    ///
    /// The kernel tells of a file that was truncated a little after it is empty for all to see: one that is empty is believed
    /// only when it stays so, and never one that became shorter while it was read.
    fn touched<'p>(
        &self,
        paths: impl Iterator<Item = &'p SitePath>,
        opened: impl IntoIterator<Item = &'p Opened>,
    ) -> BTreeSet<SitePath> {
        let Some(meanwhile) = self.meanwhile else { return BTreeSet::new() };
        let paths: BTreeSet<SitePath> = paths.cloned().collect();
        if paths.is_empty() {
            return paths;
        }
        let mut touched = meanwhile.touched(&paths);
        let cut = opened.into_iter().filter(|file| file.is_cut && !touched.contains(&file.path));
        let cut: BTreeSet<SitePath> = cut.map(|file| file.path.clone()).collect();
        meanwhile.put_off(&cut);
        touched.extend(cut);
        touched
    }

    fn source_error(&self, Unreadable { path, error }: Unreadable) -> EngineError {
        EngineError::Source { path: path.under(&self.config.source.root), error }
    }

    fn read_chunk(&self, chunk: Vec<Entry>, stamps: &Stamps, opened_in: &SyncSender<Vec<Result<Opened, Unreadable>>>) {
        let root = &self.config.source.root;
        let number = |entry: &Entry| {
            let stamp = entry.stamp(root)?;
            self.has_names.fetch_or(stamp.has_names(), Ordering::Relaxed);
            Some(self.config.mark(stamp.number(&entry.path), &entry.path))
        };
        let mut buffer = Vec::new();
        let opened: Vec<_> = chunk
            .into_iter()
            .filter_map(|entry| {
                // Where nothing is known, nothing needs to be compared.
                let is_known = !stamps.is_empty() && number(&entry).is_some_and(|number| stamps.find(number));
                let stays = is_known || self.writing.contains(&entry.path);
                if stays { None } else { self.open(entry.path, &mut buffer).transpose() }
            })
            .collect();
        if !opened.is_empty() {
            // The receiver is gone only when the catalog failed, and then nothing matters any more.
            let _ = opened_in.send(opened);
        }
    }

    /// Looks at paths: files to be read, folders with the name of one, or nothing any more. Returns those that were not
    /// touched meanwhile.
    fn look_at<'p>(
        &self,
        paths: &'p [SitePath],
        update: &mut Update<'_>,
        intake: &mut Intake,
    ) -> Result<Vec<&'p SitePath>, EngineError> {
        intake.looked_at += paths.len() as u64;
        let found = paths.iter().map(|path| self.find(path)).collect::<Result<Vec<_>, _>>()?;
        let touched = self.touched(paths.iter(), found.iter().flatten());
        let mut looked_at = Vec::with_capacity(paths.len());
        for (path, found) in paths.iter().zip(found).filter(|(path, _)| !touched.contains(*path)) {
            match found {
                Some(file) => {
                    put(file, update, intake)?;
                }
                None => {
                    intake.changes(path);
                    update.remove(path)?;
                }
            }
            looked_at.push(path);
        }
        intake.touched.extend(touched);
        Ok(looked_at)
    }

    fn find(&self, path: &SitePath) -> Result<Option<Opened>, EngineError> {
        let root = &self.config.source.root;
        let wanted = self.normalizer.role(path) != Role::None && self.lies_in_wanted_folders(path);
        let linked = std::fs::symlink_metadata(path.under(root)).is_ok_and(|metadata| metadata.is_symlink());
        let walk =
            Walk { root, wants_folder: &|_| false, wants_file: &|_| false, follow: self.config.source.follow_symlinks };
        let wanted = wanted && (!linked || walk.may_follow(path));
        let opened = if wanted { self.open(path.clone(), &mut Vec::new()) } else { Ok(None) };
        opened.map_err(|failed| self.source_error(failed))
    }

    fn lies_in_wanted_folders(&self, path: &SitePath) -> bool {
        path.ancestors().all(|folder| self.wants_folder(&folder))
    }

    fn wants_folder(&self, path: &SitePath) -> bool {
        let place = path.under(&self.config.source.root);
        self.normalizer.wants_folder(path) && !scan::is_skipped(&place, &self.config.source.skip)
    }

    /// Reads a file; `None` when there is none. What fails for a reason that is not the file's costs no post its place.
    fn open(&self, path: SitePath, buffer: &mut Vec<u8>) -> Result<Option<Opened>, Unreadable> {
        let (content, stamp) = scan::read(std::mem::take(buffer), &path.under(&self.config.source.root));
        self.has_names.fetch_or(stamp.is_some_and(Stamp::has_names), Ordering::Relaxed);
        let is_cut = |bytes: &[u8]| stamp.is_some_and(|stamp| stamp.is_cut(bytes.len(), self.now_ns));
        let is_cut = matches!(&content, Content::Bytes(bytes) if is_cut(bytes));
        let mut is_nameless = false;
        let record = match content {
            Content::Bytes(bytes) => {
                let mut record = self.normalizer.read(&path, &bytes);
                if self.lints && self.normalizer.role(&path) == Role::Post {
                    let lint = self.normalizer.lint(&path, &bytes, self.now_ns / 1000);
                    record.diagnostics.extend(lint.findings);
                    is_nameless = lint.is_nameless;
                }
                *buffer = bytes;
                record
            }
            Content::Gone => return Ok(None),
            Content::Failed(error) => return Err(Unreadable { path, error }),
            _ if self.normalizer.role(&path) == Role::Page => {
                Record { reading: Reading::Other, diagnostics: Vec::new() }
            }
            Content::TooLarge(size) => broken(Code::TooLarge, format!("it has {} MiB, and 16 are allowed", size >> 20)),
            Content::Unreadable(why) => broken(Code::Unreadable, why),
        };
        // What cannot be read may become readable without a change of its own: it is looked at each time.
        let stamp = match stamp {
            Some(stamp) if !is_unreadable(&record) => self.config.mark(stamp.trusted(&path, self.now_ns), &path),
            _ => 0,
        };
        Ok(Some(Opened { path, stamp, record, is_nameless, is_cut }))
    }

    /// A folder that may hold posts and cannot be read must not cost them their place; elsewhere it is only said.
    fn judge_unreadable(&self, unreadable: Vec<Unreadable>, intake: &mut Intake) -> Result<(), EngineError> {
        for Unreadable { path, error } in unreadable {
            let probe = path.join("2000-01-01-post.md".as_ref());
            if self.normalizer.role(&probe) == Role::Post {
                return Err(self.source_error(Unreadable { path, error }));
            }
            intake.problems.push(format!("the folder {path} cannot be read and was passed over: {error}"));
        }
        Ok(())
    }
}

fn put(file: Opened, update: &mut Update<'_>, intake: &mut Intake) -> Result<FileId, EngineError> {
    let id = update.put(&file.path, file.stamp, &file.record)?;
    intake.opened += 1;
    intake.changes(&file.path);
    intake.nameless += u64::from(file.is_nameless);
    intake.findings.extend(file.record.diagnostics.into_iter().map(|diagnostic| (file.path.clone(), diagnostic)));
    Ok(id)
}

fn broken(code: Code, message: String) -> Record {
    debug_assert_eq!(code.severity(), Severity::Error);
    Record { reading: Reading::LeftOut(LeftOut::Broken), diagnostics: vec![Diagnostic::new(code, message)] }
}

fn is_unreadable(record: &Record) -> bool {
    record.diagnostics.iter().any(|diagnostic| diagnostic.code == Code::Unreadable)
}
