//! The thread that keeps subscriptions on the disk: what comes in while it waits for the disk goes there together.

use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::oneshot;
use tracing::error;

use super::store::Store;

/// How many changes are written together at most.
const TOGETHER: usize = 1024;

type Work = Box<dyn FnOnce(&Connection) -> rusqlite::Result<()> + Send>;
type Told = oneshot::Sender<bool>;
type Job = (Work, Option<Told>);

/// Changes on their way to the disk. They are there when this has been dropped.
#[derive(Debug)]
pub(super) struct Keeper {
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// A change on its way.
#[derive(Debug)]
pub(super) struct Kept(oneshot::Receiver<bool>);

impl Kept {
    /// Waits for it: it is on the disk then, or could not be put there, which has been said.
    pub(super) async fn done(self) -> bool {
        self.0.await.unwrap_or(false)
    }
}

impl Keeper {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives none.
    pub(super) fn start(store: Store) -> std::io::Result<Self> {
        let (jobs, work) = mpsc::channel();
        let thread = std::thread::Builder::new().name("hub".to_owned()).spawn(move || keep(store, &work))?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), thread: Mutex::new(Some(thread)) })
    }

    /// Keeps a change, after all that were handed in before.
    pub(super) fn keep(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static) -> Kept {
        let (told, done) = oneshot::channel();
        self.send(Box::new(work), Some(told));
        Kept(done)
    }

    /// Keeps a change some time soon. Should it be lost, so is no more than that.
    pub(super) fn keep_soon(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static) {
        self.send(Box::new(work), None);
    }

    /// Takes no more changes; those that were taken are on the disk when this is over.
    pub(super) fn finish(&self) {
        *locked(&self.jobs) = None;
        let thread = locked(&self.thread).take();
        let _ = thread.map(JoinHandle::join);
    }

    fn send(&self, work: Work, told: Option<Told>) {
        // Who waits for it hears that the thread has ended.
        let _ = locked(&self.jobs).as_ref().map(|jobs| jobs.send((work, told)));
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.finish();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn keep(mut store: Store, work: &mpsc::Receiver<Job>) {
    while let Ok(first) = work.recv() {
        let jobs: Vec<_> = std::iter::once(first).chain(work.try_iter().take(TOGETHER - 1)).collect();
        let (all, told): (Vec<Work>, Vec<Option<Told>>) = jobs.into_iter().unzip();
        let kept = store.as_one(|db| all.into_iter().try_for_each(|work| work(db)));
        if let Err(error) = &kept {
            error!("{error}; what the hub was asked for in this moment is lost");
        }
        // Who asked may have gone.
        for told in told.into_iter().flatten() {
            let _ = told.send(kept.is_ok());
        }
    }
}
