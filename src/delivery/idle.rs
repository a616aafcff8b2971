//! What nobody waits for: gzip of what was just published, and having cheaper to send what is asked for often. One thread does it, when no
//! other needs the processor.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};

use super::form::Form;
use super::shelf::{Entry, Shelf};
use super::version::Version;
use crate::processor;

/// Most jobs that wait. What does not fit is made when it is asked for.
const MOST: usize = 16_384;

/// The jobs, and the thread that does them. It ends with the last handle.
#[derive(Debug, Clone)]
pub(super) struct Idle(Arc<Handle>);

#[derive(Debug)]
struct Handle(Arc<Jobs>);

#[derive(Debug, Default)]
struct Jobs {
    waiting: Mutex<Waiting>,
    more: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    /// gzip comes first: somebody is about to ask for it.
    published: VecDeque<Job>,
    often: VecDeque<Job>,
    is_over: bool,
}

#[derive(Debug)]
struct Job {
    shelf: Weak<Shelf>,
    entry: Arc<Entry>,
    version: Weak<Version>,
    form: Form,
    is_often: bool,
    now: u32,
}

impl Idle {
    /// Starts the thread.
    pub(super) fn start() -> io::Result<Self> {
        let jobs = Arc::new(Jobs::default());
        let own = Arc::clone(&jobs);
        std::thread::Builder::new().name("compress".to_owned()).spawn(move || {
            processor::run_when_idle();
            while let Some(job) = own.next() {
                job.run();
            }
        })?;
        Ok(Self(Arc::new(Handle(jobs))))
    }

    /// A feed was published.
    pub(super) fn published(&self, shelf: &Arc<Shelf>, entry: &Arc<Entry>, now: u32) {
        let job = Job::new(shelf, entry, &entry.current.load_full(), Form::Gzip, now);
        self.push(job, |waiting| &mut waiting.published);
    }

    /// A form is asked for often.
    pub(super) fn often(&self, shelf: &Arc<Shelf>, entry: &Arc<Entry>, version: &Arc<Version>, form: Form, now: u32) {
        let job = Job { is_often: true, ..Job::new(shelf, entry, version, form, now) };
        self.push(job, |waiting| &mut waiting.often);
    }

    fn push(&self, job: Job, queue: impl FnOnce(&mut Waiting) -> &mut VecDeque<Job>) {
        let jobs = &self.0.0;
        let mut waiting = jobs.waiting();
        let queue = queue(&mut waiting);
        if queue.len() < MOST {
            queue.push_back(job);
            jobs.more.notify_one();
        }
    }
}

impl Jobs {
    /// The next job; `None` at the end.
    fn next(&self) -> Option<Job> {
        let is_empty =
            |waiting: &mut Waiting| waiting.published.is_empty() && waiting.often.is_empty() && !waiting.is_over;
        let waited = self.more.wait_while(self.waiting(), is_empty);
        let mut waiting = waited.unwrap_or_else(PoisonError::into_inner);
        if waiting.is_over {
            return None;
        }
        waiting.published.pop_front().or_else(|| waiting.often.pop_front())
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job {
    fn new(shelf: &Arc<Shelf>, entry: &Arc<Entry>, version: &Arc<Version>, form: Form, now: u32) -> Self {
        Self {
            shelf: Arc::downgrade(shelf),
            entry: Arc::clone(entry),
            version: Arc::downgrade(version),
            form,
            is_often: false,
            now,
        }
    }

    /// Does it, unless the feed has moved on.
    fn run(&self) {
        if let (Some(shelf), Some(version)) = (self.shelf.upgrade(), self.version.upgrade()) {
            let run = if self.is_often { Shelf::favour } else { Shelf::prepare };
            run(&shelf, &self.entry, &version, self.form, self.now);
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.waiting().is_over = true;
        self.0.more.notify_one();
    }
}
