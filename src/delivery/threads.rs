//! The threads that connections are served on, each with a runtime of its own: none waits for another or wakes it, and what a
//! connection needs stays with one core.

use std::future::Future;
use std::io;

use tokio::runtime::{Builder, Handle};
use tokio::sync::watch;

/// After so many tasks a thread looks who else has asked: rarer than by default, as tasks are short and all who ask at once are in
/// one look.
const EVENT_INTERVAL: u32 = 128;

/// The threads; they end when this is dropped, and what they were about with them.
#[derive(Debug)]
pub(super) struct Threads {
    runtimes: Vec<Handle>,
    _end: watch::Sender<()>,
}

impl Threads {
    /// Starts so many.
    pub(super) fn start(count: usize) -> io::Result<Self> {
        let (_end, ends) = watch::channel(());
        let runtimes = (0..count.max(1)).map(|n| start(n, ends.clone())).collect::<io::Result<_>>()?;
        Ok(Self { runtimes, _end })
    }

    /// Runs a task on the thread that has the fewest.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        if let Some(least) = self.runtimes.iter().min_by_key(|runtime| runtime.metrics().num_alive_tasks()) {
            least.spawn(task);
        }
    }
}

fn start(n: usize, mut ends: watch::Receiver<()>) -> io::Result<Handle> {
    let runtime = Builder::new_current_thread().enable_all().event_interval(EVENT_INTERVAL).build()?;
    let handle = runtime.handle().clone();
    // Nobody sends: it is over when the sender is gone.
    let run = move || drop(runtime.block_on(ends.changed()));
    std::thread::Builder::new().name(format!("delivery-{n}")).spawn(run)?;
    Ok(handle)
}
