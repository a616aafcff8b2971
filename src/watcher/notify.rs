//! The actor that turns the kernel's events into facts, on the `notify` crate.
//!
//! It owns the set of watched folders: one plain watch for each folder of interest, never a recursive one, so that the
//! output, `.git` or `node_modules` cost nothing, and a folder's files are reported in doubt only once its watch exists.
//! `notify`'s thread hands each event over through a bounded queue (what does not fit counts as an overflow of the
//! kernel's queue); the thread of [`worker`] adds and removes watches and records facts in the [`Inbox`].
//!
//! A folder that is reached by several paths (symbolic links, bind mounts) is watched under one: the first that a walk
//! meets which goes through folders in the order of their bytes, a name counted with its `/`. That is the smallest path.

mod cookies;
mod mounts;
mod names;
mod tree;
mod worker;

#[cfg(test)]
mod tests;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread::JoinHandle;
use std::time::Duration;

use ::notify::event::{AccessKind, AccessMode, EventKind};
use tokio::sync::oneshot;

use self::mounts::Mounts;
use self::worker::Worker;
use super::changes::{Fact, Inbox, Problem};
use super::poll;
use crate::config::FollowSymlinks;
use crate::model::SitePath;

/// How often that is looked at which gives no events: a network's folder, or one that the kernel would not watch.
pub const LOOK_EVERY: Duration = Duration::from_secs(10);

/// As many events as the kernel's own queue holds by default.
const QUEUE: usize = 16_384;

/// How long a caller leaves a full queue alone.
const FULL_QUEUE: Duration = Duration::from_millis(10);

/// How long events may take that somebody waits for who has other things to do.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether a file or folder below the site may be an input, or hold one. What is below a folder that may not is not asked for.
pub type Interesting = dyn Fn(&SitePath) -> bool + Send + Sync;

/// What to watch.
#[derive(Clone)]
pub struct Options {
    /// The site's root. It need not exist yet.
    pub root: PathBuf,
    /// The configuration files, inside the root or outside.
    pub config_files: Vec<PathBuf>,
    /// What matters below the root; the root itself always does.
    pub interesting: Arc<Interesting>,
    /// Which symbolic links to folders are followed.
    pub follow: FollowSymlinks,
    /// To look at everything this often instead of watching.
    pub poll: Option<Duration>,
    /// A folder of our own for [`Watcher::sync`], made when that is first called.
    pub cookies: PathBuf,
}

/// Why nothing is watched.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The system gives no further thread.
    #[error("cannot start the watcher's thread: {0}")]
    Thread(#[source] io::Error),
}

/// A running watcher. It ends when it is dropped.
#[derive(Debug)]
pub struct Watcher {
    queue: Queue,
    thread: Option<JoinHandle<()>>,
    _mounts: Option<Mounts>,
}

/// Starts to watch. The watches are in place when it returns, so that a scan made after it misses nothing: what changes
/// during the scan is in the inbox.
///
/// What keeps it from watching (limits, permissions, a root that is not there) is a [`Problem`] in the inbox, and what
/// is concerned is looked at every [`LOOK_EVERY`] instead.
///
/// # Errors
/// When no thread can be started.
pub fn watch(options: Options, inbox: Arc<Inbox>) -> Result<Watcher, WatchError> {
    watch_through(Queue::new(QUEUE), options, inbox)
}

fn watch_through(
    (queue, messages): (Queue, Receiver<Message>),
    options: Options,
    inbox: Arc<Inbox>,
) -> Result<Watcher, WatchError> {
    if let Some(every) = options.poll {
        let flags = queue.clone();
        return start(queue, None, move || poll::run(&options, every, &inbox, &flags, &messages));
    }
    let events = Events(queue.clone());
    let watcher = match ::notify::recommended_watcher(move |event| events.0.push_event(event)) {
        Ok(watcher) => watcher,
        Err(error) => {
            let reason = format!(
                "the system gives no file events ({error}); if it is out of inotify instances, raise \
                 fs.inotify.max_user_instances with sysctl"
            );
            inbox.record([Fact::Problem(Problem::Polling { reason, seconds: LOOK_EVERY.as_secs() })]);
            let flags = queue.clone();
            return start(queue, None, move || poll::run(&options, LOOK_EVERY, &inbox, &flags, &messages));
        }
    };
    let mounts = queue.clone();
    let mounts = Mounts::watch(&options.root, move || mounts.push(Message::MountsChanged)).ok();
    let mut worker = Worker::new(&options, Box::new(watcher), Arc::clone(&inbox), queue.clone());
    worker.begin();
    let flags = queue.clone();
    start(queue, mounts, move || {
        if !ends_well(worker, &messages, &flags) {
            flags.failed.store(true, Ordering::Relaxed);
            let reason = "the watcher of file events failed, and will be started anew".to_owned();
            inbox.record([Fact::Problem(Problem::Polling { reason, seconds: LOOK_EVERY.as_secs() })]);
            poll::run(&options, LOOK_EVERY, &inbox, &flags, &messages);
        }
    })
}

/// Runs the worker until it is told to stop. `notify` panics where it cannot wake its own thread, and that thread may end, which
/// must not leave a service that hears of nothing and does not know it.
fn ends_well(mut worker: Worker, messages: &Receiver<Message>, queue: &Queue) -> bool {
    let ran = catch_unwind(AssertUnwindSafe(|| worker.run(messages)));
    let is_well = ran.is_ok() && queue.is_stopped();
    if ran.is_ok() {
        // Its end wakes that thread, too.
        let _ = catch_unwind(AssertUnwindSafe(move || drop(worker)));
    } else {
        // After a panic it is in no state to be ended.
        std::mem::forget(worker);
    }
    is_well
}

/// What `notify`'s thread hands events to, and drops when it ends.
struct Events(Queue);

impl Drop for Events {
    fn drop(&mut self) {
        if !self.0.is_stopped() {
            self.0.push(Message::Blind);
        }
    }
}

impl Watcher {
    /// Compares the watched folders with those on disk, watches what was missing, and returns it: nothing, unless
    /// events were lost unnoticed. What was missing is in the inbox as folders in doubt.
    pub async fn check(&self) -> Vec<SitePath> {
        let (answer, missing) = oneshot::channel();
        self.queue.push(Message::Check(answer));
        missing.await.unwrap_or_default()
    }

    /// Waits until all that happened before this call is in the inbox.
    pub fn sync(&self) -> impl Future<Output = ()> + Send + use<> {
        let queue = self.queue.clone();
        async move {
            while !queue.is_stopped() {
                let (answer, synced) = oneshot::channel();
                if queue.try_push(Message::Sync { answer: Answer::Task(answer), looks: true }) {
                    // Without an answer the thread has ended, and nothing more will be told.
                    let _ = synced.await;
                    return;
                }
                tokio::time::sleep(FULL_QUEUE).await;
            }
        }
    }
}

impl Watcher {
    /// Whether it has stopped to watch by a fault of its own and only looks now: another one may do better.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.queue.failed.load(Ordering::Relaxed)
    }

    /// Blocks until the events of all that happened before this call are in the inbox, or for a second if they do not come;
    /// whether they are. What gives no events is not looked at.
    pub fn catch_up(&self) -> bool {
        let (answer, told) = mpsc::channel();
        let is_asked = self.queue.sender.send(Message::Sync { answer: Answer::Thread(answer), looks: false }).is_ok();
        is_asked && told.recv_timeout(PATIENCE).is_ok()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.queue.stop.store(true, Ordering::Relaxed);
        self.queue.push(Message::Flag);
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported when it happened.
            let _ = thread.join();
        }
    }
}

/// What the actor's thread is told.
#[derive(Debug)]
pub(super) enum Message {
    /// Something happened to a file or folder.
    Event(::notify::Event),
    /// The mounts at, above or below the root are others.
    MountsChanged,
    /// Somebody waits until all that happened up to now is told.
    Sync {
        answer: Answer,
        /// Whether what gives no events is looked at.
        looks: bool,
    },
    /// Somebody wants to know which folders were not watched.
    Check(oneshot::Sender<Vec<SitePath>>),
    /// No events will come any more.
    Blind,
    /// Something is in the flags of the [`Queue`].
    Flag,
}

/// The way back to somebody who waits, and may have gone.
#[derive(Debug)]
pub(super) enum Answer {
    Task(oneshot::Sender<()>),
    Thread(mpsc::Sender<()>),
}

impl Answer {
    pub(super) fn give(self) {
        match self {
            Self::Task(waiting) => drop(waiting.send(())),
            Self::Thread(waiting) => drop(waiting.send(())),
        }
    }
}

/// The way to the actor's thread: a bounded queue, and flags for what did not fit. Nobody waits at its end: `notify`'s thread must stay free to answer the actor.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    sender: SyncSender<Message>,
    lost: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
    failed: Arc<AtomicBool>,
}

impl Queue {
    fn new(length: usize) -> (Self, Receiver<Message>) {
        let (sender, messages) = mpsc::sync_channel(length);
        (Self { sender, lost: Arc::default(), stop: Arc::default(), failed: Arc::default() }, messages)
    }

    fn push(&self, message: Message) {
        self.try_push(message);
    }

    /// Whether there was room. Where there was none, everything will be in doubt.
    fn try_push(&self, message: Message) -> bool {
        let is_in = self.sender.try_send(message).is_ok();
        if !is_in {
            self.lost.store(true, Ordering::Release);
            // The queue may have been emptied just before the flag was set; if it is still full, what is in it wakes the
            // thread just as well.
            let _ = self.sender.try_send(Message::Flag);
        }
        is_in
    }

    fn push_event(&self, event: ::notify::Result<::notify::Event>) {
        match event {
            // `notify` reports each file that anybody opens, us included.
            Ok(event) if is_noise(event.kind) => {}
            Ok(event) => self.push(Message::Event(event)),
            Err(error) => {
                let rescan = ::notify::Event::new(EventKind::Other).set_flag(::notify::event::Flag::Rescan);
                tracing::debug!(%error, "file events failed");
                self.push(Message::Event(rescan));
            }
        }
    }

    /// Whether messages were lost since the last call.
    fn take_lost(&self) -> bool {
        self.lost.swap(false, Ordering::Acquire)
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

fn is_noise(kind: EventKind) -> bool {
    matches!(kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}

fn start(queue: Queue, mounts: Option<Mounts>, body: impl FnOnce() + Send + 'static) -> Result<Watcher, WatchError> {
    let thread = std::thread::Builder::new().name("watcher".to_owned()).spawn(body).map_err(WatchError::Thread)?;
    Ok(Watcher { queue, thread: Some(thread), _mounts: mounts })
}
