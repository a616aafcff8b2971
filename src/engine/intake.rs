//! From what is in doubt to the catalog: look at files, read those that changed, put what they are.

use std::collections::{BTreeSet, HashSet};
use std::io::ErrorKind;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, SyncSender};
use std::thread;

use rayon::iter::{ParallelBridge, ParallelIterator};

use super::scope::Scope;
use super::{Engine, EngineError, Progress};
use crate::catalog::{FileId, Stamps, Update};
use crate::config::Config;
use crate::model::{Code, Diagnostic, LeftOut, Reading, Record, Severity, SitePath};
use crate::normalizer::{Normalizer, Role};
use crate::watcher::changes::Batch;
use crate::watcher::scan::{self, Content, Entry, Unreadable, Walk, Walked};

/// Chunks under way between the walk and the readers, and records between them and the catalog.
const QUEUE: usize = 8;

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
    /// What the owner of the site should know.
    pub(super) problems: Vec<String>,
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
}

/// What the readers need; all of it shared.
struct Reader<'a> {
    config: &'a Config,
    normalizer: &'a Normalizer,
    now_ns: i64,
    /// Files that are being written: their last state stays.
    writing: &'a BTreeSet<SitePath>,
}

impl Engine {
    /// Brings the catalog up to date with what `batch` holds in doubt, at the instant `now`.
    pub(super) fn take_in(&mut self, batch: &Batch, now: i64, progress: &dyn Progress) -> Result<Intake, EngineError> {
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
            writing: &batch.writing,
        };
        let mut update = self.catalog.begin(now, self.config.window(), &self.config.identity.pins)?;
        for (folder, stamps) in known {
            let mut walked = reader.rescan(&folder, stamps, &mut update, &mut intake, &self.pool, progress)?;
            let has_links = walked.folder_links;
            self.links.note(&mut walked, everything);
            if has_links && !everything {
                // A linked folder may show files that another path shows already: only a full walk can tell.
                drop(update);
                let everything = Batch { everything: true, writing: batch.writing.clone(), ..Batch::default() };
                return self.take_in(&everything, now, progress);
            }
        }
        for path in &files {
            reader.look_at(path, &mut update, &mut intake)?;
            update.remove_below(path)?;
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
            self.look_at(folder, update, intake)?;
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
        let (opened_in, opened) = mpsc::sync_channel::<Vec<Opened>>(QUEUE);
        let mut kept: HashSet<FileId> = HashSet::new();
        let walked = thread::scope(|scope| {
            let walker = scope.spawn(move || walk.run(folder, &mut |chunk| drop(chunks_in.send(chunk))));
            let (stamps, looked_at) = (&stamps, &looked_at);
            scope.spawn(move || {
                pool.install(|| {
                    chunks.into_iter().par_bridge().for_each_with(opened_in, |opened_in, chunk| {
                        looked_at.fetch_add(chunk.len() as u64, Ordering::Relaxed);
                        self.read_chunk(chunk, stamps, opened_in);
                    });
                });
            });
            for batch in opened {
                for file in batch {
                    let file = put(file, update, intake)?;
                    if !stamps.is_empty() {
                        kept.insert(file);
                    }
                }
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
            Err(Unreadable { path, error }) => {
                return Err(EngineError::Source { path: path.under(root), error });
            }
        };
        self.judge_unreadable(std::mem::take(&mut walked.unreadable), intake)?;
        for file in stamps.unseen() {
            if !kept.contains(&file) && !self.is_writing(file, update)? {
                update.remove_file(file)?;
            }
        }
        Ok(walked)
    }

    fn is_writing(&self, file: FileId, update: &Update<'_>) -> Result<bool, EngineError> {
        if self.writing.is_empty() {
            return Ok(false);
        }
        Ok(update.path_of(file)?.is_some_and(|path| self.writing.contains(&path)))
    }

    fn read_chunk(&self, chunk: Vec<Entry>, stamps: &Stamps, opened_in: &SyncSender<Vec<Opened>>) {
        let root = &self.config.source.root;
        let opened: Vec<Opened> = chunk
            .into_iter()
            .filter_map(|entry| {
                // Where nothing is known, nothing needs to be compared.
                let is_known = !stamps.is_empty()
                    && stamps.find(self.config.mark(entry.stamp(root)?.number(&entry.path), &entry.path));
                if is_known || self.writing.contains(&entry.path) { None } else { self.open(entry.path) }
            })
            .collect();
        if !opened.is_empty() {
            // The receiver is gone only when the catalog failed, and then nothing matters any more.
            let _ = opened_in.send(opened);
        }
    }

    /// Looks at one path: a file to be read, a folder with the name of one, or nothing any more.
    fn look_at(&self, path: &SitePath, update: &mut Update<'_>, intake: &mut Intake) -> Result<(), EngineError> {
        intake.looked_at += 1;
        let root = &self.config.source.root;
        let wanted = self.normalizer.role(path) != Role::None && self.lies_in_wanted_folders(path);
        let linked = std::fs::symlink_metadata(path.under(root)).is_ok_and(|metadata| metadata.is_symlink());
        let walk =
            Walk { root, wants_folder: &|_| false, wants_file: &|_| false, follow: self.config.source.follow_symlinks };
        let opened = (wanted && (!linked || walk.may_follow(path))).then(|| self.open(path.clone())).flatten();
        match opened {
            Some(file) => {
                put(file, update, intake)?;
            }
            None => {
                intake.changes(path);
                update.remove(path)?;
            }
        }
        Ok(())
    }

    fn lies_in_wanted_folders(&self, path: &SitePath) -> bool {
        path.ancestors().all(|folder| self.wants_folder(&folder))
    }

    fn wants_folder(&self, path: &SitePath) -> bool {
        let place = path.under(&self.config.source.root);
        self.normalizer.wants_folder(path) && !scan::is_skipped(&place, &self.config.source.skip)
    }

    fn open(&self, path: SitePath) -> Option<Opened> {
        let (content, stamp) = scan::read(&path.under(&self.config.source.root));
        let record = match content {
            Content::Bytes(bytes) => self.normalizer.read(&path, &bytes),
            Content::Gone => return None,
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
        Some(Opened { path, stamp, record })
    }

    /// A folder that may hold posts and cannot be read must not cost them their place; elsewhere it is only said.
    fn judge_unreadable(&self, unreadable: Vec<Unreadable>, intake: &mut Intake) -> Result<(), EngineError> {
        for Unreadable { path, error } in unreadable {
            let probe = path.join("2000-01-01-post.md".as_ref());
            if self.normalizer.role(&probe) == Role::Post {
                return Err(EngineError::Source { path: path.under(&self.config.source.root), error });
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
