//! Wakes the service at an instant of the wall clock, and whenever that clock is set.
//!
//! On Linux the kernel does both (timerfd_create(2), `TFD_TIMER_CANCEL_ON_SET`), also after the machine slept, so that an
//! idle service sleeps. Elsewhere, and where no timer is to be had, it looks at the clock at intervals.

use std::time::Duration;

use timer::Timer;

/// The longest that it sleeps where nobody tells of a clock that is set.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// An alarm clock.
#[derive(Debug)]
pub(super) struct Alarm {
    /// `None` where the system has none.
    timer: Option<Timer>,
}

impl Alarm {
    /// From now on no setting of the clock is missed.
    pub(super) fn new() -> Self {
        Self { timer: Timer::new() }
    }

    /// Waits until the clock, which shows `now`, shows `at` (both in microseconds since 1970) or was set: whoever waits
    /// looks at the clock again. Nothing is lost when the future is dropped.
    pub(super) async fn rings(&self, at: Option<i64>, now: i64) {
        if let Some(timer) = &self.timer
            && timer.rings(at).await
        {
            return;
        }
        let wait = at.map(|at| Duration::from_micros(u64::try_from(at.saturating_sub(now)).unwrap_or_default()));
        tokio::time::sleep(wait.map_or(LONGEST_SLEEP, |wait| wait.min(LONGEST_SLEEP))).await;
    }
}

#[cfg(target_os = "linux")]
mod timer {
    use std::os::fd::OwnedFd;

    use rustix::fs::Timespec;
    use rustix::io::Errno;
    use rustix::time::{Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, timerfd_create, timerfd_settime};
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// Later than any instant; it waits for the clock to be set alone.
    const NEVER: i64 = i64::MAX;

    #[derive(Debug)]
    pub(super) struct Timer(AsyncFd<OwnedFd>);

    impl Timer {
        #[expect(deprecated, reason = "its successor is unsafe, and an `OwnedFd` is always the same descriptor")]
        pub(super) fn new() -> Option<Self> {
            let timer =
                timerfd_create(TimerfdClockId::Realtime, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC).ok()?;
            arm(&timer, NEVER).ok()?;
            AsyncFd::with_interest(timer, Interest::READABLE).ok().map(Self)
        }

        /// Waits until it is time, or the clock was set; `false` when the system cannot tell.
        pub(super) async fn rings(&self, at: Option<i64>) -> bool {
            match arm(self.0.get_ref(), at.unwrap_or(NEVER)) {
                Ok(()) => {}
                // The clock was set since it was looked at last. The timer runs all the same.
                Err(Errno::CANCELED) => return true,
                Err(_) => return false,
            }
            loop {
                let Ok(mut ready) = self.0.readable().await else { return false };
                let read = ready.try_io(|timer| Ok(rustix::io::read(timer.get_ref(), &mut [0; 8])?));
                match read.map(|read| read.map_err(|error| Errno::from_io_error(&error))) {
                    // It was armed anew since that was told.
                    Err(_) => {}
                    Ok(Ok(_) | Err(Some(Errno::CANCELED))) => return true,
                    Ok(Err(_)) => return false,
                }
            }
        }
    }

    fn arm(timer: &OwnedFd, at: i64) -> rustix::io::Result<()> {
        // An instant of zero would disarm it; all before 1970 are over.
        let at = at.max(1);
        let tv_nsec = (at % 1_000_000) * 1000;
        let it_value = Timespec { tv_sec: at / 1_000_000, tv_nsec };
        let once = Itimerspec { it_interval: Timespec { tv_sec: 0, tv_nsec: 0 }, it_value };
        timerfd_settime(timer, TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET, &once).map(drop)
    }
}

#[cfg(not(target_os = "linux"))]
mod timer {
    /// There is none.
    #[derive(Debug)]
    pub(super) enum Timer {}

    impl Timer {
        pub(super) fn new() -> Option<Self> {
            None
        }

        pub(super) async fn rings(&self, _at: Option<i64>) -> bool {
            match *self {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::Alarm;
    use crate::clock;

    const HOUR: i64 = 3_600_000_000;

    #[tokio::test]
    async fn it_rings_at_its_instant_and_not_before() {
        let alarm = Alarm::new();
        let now = clock::now();
        for at in [now, now - HOUR, 0, i64::MIN, now + 1000] {
            alarm.rings(Some(at), now).await;
        }
        for at in [Some(now + HOUR), None] {
            let mut rings = std::pin::pin!(alarm.rings(at, now));
            assert_eq!(rings.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Pending);
        }
        // What rang before, or was given up, does not disturb the next.
        alarm.rings(Some(now), now).await;
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn the_kernel_tells_of_it_here() {
        assert!(Alarm::new().timer.is_some());
    }
}
