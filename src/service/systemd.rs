//! What systemd is told (sd_notify(3)); nothing where there is none.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sd_notify::NotifyState;

/// For how much longer a start may take after each word of it, in microseconds.
const MORE_TIME: u32 = 60_000_000;

/// How often a start says that it goes on.
const START_BEAT: Duration = Duration::from_secs(5);

/// How long a loop may be silent that no watchdog watches.
const PATIENCE: Duration = Duration::from_secs(60);

/// The manager that started this service, if it wants to be told.
#[derive(Debug)]
pub(super) struct Systemd {
    is_there: bool,
    /// How often it must hear that the loop goes on.
    watchdog: Option<Duration>,
    began: Instant,
    /// When it last heard that, in milliseconds since `began`.
    heard: AtomicU64,
    /// When there was last something to tell.
    beaten: AtomicU64,
}

impl Systemd {
    pub(super) fn find() -> Self {
        Self {
            is_there: std::env::var_os("NOTIFY_SOCKET").is_some(),
            watchdog: sd_notify::watchdog_enabled(),
            began: Instant::now(),
            heard: AtomicU64::new(0),
            beaten: AtomicU64::new(0),
        }
    }

    pub(super) fn ready(&self) {
        self.tell(&[NotifyState::Ready]);
    }

    /// What `Type=notify-reload` waits for; [`Self::ready`] ends it.
    pub(super) fn reloading(&self) {
        if let Ok(now) = NotifyState::monotonic_usec_now() {
            self.tell(&[NotifyState::Reloading, now]);
        }
    }

    pub(super) fn stopping(&self) {
        self.tell(&[NotifyState::Stopping]);
    }

    /// A sentence for `systemctl status`.
    pub(super) fn status(&self, sentence: &str) {
        if self.is_there {
            let line: String = sentence.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            self.tell(&[NotifyState::Status(&line)]);
        }
    }

    /// How long the loop may sleep: half of what the watchdog allows.
    pub(super) fn beat_every(&self) -> Option<Duration> {
        self.watchdog.map(|limit| limit / 2)
    }

    /// The loop goes on. Called as often as it likes, it is told now and then.
    pub(super) fn beat(&self) {
        self.beaten.store(self.now(), Ordering::Relaxed);
        let Some(limit) = self.watchdog else { return };
        if self.is_time_to_tell(limit / 4) {
            self.tell(&[NotifyState::Watchdog]);
        }
    }

    /// The same in the middle of work; a start may take as long as it goes on.
    pub(super) fn beat_while_working(&self) {
        self.beaten.store(self.now(), Ordering::Relaxed);
        if self.is_there && self.is_time_to_tell(self.watchdog.map_or(START_BEAT, |limit| limit / 4)) {
            self.tell(&[NotifyState::Watchdog, NotifyState::ExtendTimeoutUsec(MORE_TIME)]);
        }
    }

    /// For how long nothing has beaten; a loop that waits for something to do has no reason to.
    pub(super) fn silent_for(&self) -> Duration {
        Duration::from_millis(self.now().saturating_sub(self.beaten.load(Ordering::Relaxed)))
    }

    /// How long a loop that goes on may be silent: what the watchdog allows, where there is one.
    pub(super) fn patience(&self) -> Duration {
        self.watchdog.unwrap_or(PATIENCE)
    }

    fn is_time_to_tell(&self, pause: Duration) -> bool {
        let now = self.now();
        let heard = self.heard.load(Ordering::Relaxed);
        now.saturating_sub(heard) >= milliseconds(pause)
            && self.heard.compare_exchange(heard, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// In milliseconds since it began.
    fn now(&self) -> u64 {
        milliseconds(self.began.elapsed())
    }

    /// A manager that cannot be told goes without; it has limits of its own.
    fn tell(&self, what: &[NotifyState<'_>]) {
        if self.is_there
            && let Err(error) = sd_notify::notify(what)
        {
            tracing::debug!(%error, "the service manager could not be told");
        }
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
