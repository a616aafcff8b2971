//! What nobody can guess, and what need not come at the same time as everything else.

use std::time::Duration;

use tokio_rustls::rustls::crypto::ring;

use super::secret::hex;

/// A challenge that only who is asked can echo; `None` when the system has no randomness.
#[must_use]
pub fn challenge() -> Option<String> {
    random::<24>().map(|bytes| hex(&bytes))
}

/// When to try again after so many failures: at first soon, then twice as late each time, up to a limit; a quarter more or less, so
/// that what failed together does not come back together.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// After the first failure.
    pub first: Duration,
    /// At most.
    pub longest: Duration,
}

impl Pace {
    /// How long to wait after so many failures.
    #[must_use]
    pub fn wait(self, failures: u32) -> Duration {
        let doubled = self.first.saturating_mul(1u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX));
        let [byte] = random::<1>().unwrap_or([128]);
        doubled.min(self.longest).mul_f64(0.75 + f64::from(byte) / 512.0)
    }
}

fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    ring::default_provider().secure_random.fill(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_waits_longer_each_time_and_not_for_ever() {
        let pace = Pace { first: Duration::from_secs(8), longest: Duration::from_secs(100) };
        for (failures, about) in [(0, 8), (1, 8), (2, 16), (4, 64), (5, 100), (40, 100), (u32::MAX, 100)] {
            let (wait, about) = (pace.wait(failures).as_secs_f64(), f64::from(about));
            assert!((0.75 * about..=1.25 * about).contains(&wait), "{failures}: {wait}");
        }
    }

    #[test]
    fn no_challenge_is_like_another() {
        let (a, b) = (challenge().unwrap(), challenge().unwrap());
        assert!(a.len() == 48 && a != b);
    }
}
