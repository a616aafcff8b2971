//! How often a host may be asked for something on behalf of others: a bucket of tokens for each, and one for all. Pure.

use std::collections::HashMap;

/// So many at once, and then so many a second.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// At once.
    pub burst: f64,
    /// A second.
    pub sustained: f64,
}

/// Of one host: the bill of a large reader that subscribes to all of a site, spread.
pub const OF_HOST: Rate = Rate { burst: 300.0, sustained: 5.0 };
/// Of all.
pub const OF_ALL: Rate = Rate { burst: 3000.0, sustained: 100.0 };

/// Buckets of more hosts than this are forgotten: one that is full says nothing.
const MOST_HOSTS: usize = 10_000;

/// What is left for each host.
#[derive(Debug)]
pub struct Meter {
    all: Bucket,
    hosts: HashMap<String, Bucket>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    /// In microseconds since 1970.
    at: i64,
}

impl Bucket {
    fn full(rate: Rate, now: i64) -> Self {
        Self { left: rate.burst, at: now }
    }

    /// What is left now. A clock that was set back gives nothing.
    fn refill(&mut self, rate: Rate, now: i64) -> f64 {
        let passed = now.saturating_sub(self.at).max(0) as f64 / 1e6;
        *self = Self { left: (self.left + passed * rate.sustained).min(rate.burst), at: now };
        self.left
    }
}

impl Meter {
    /// With everything left.
    #[must_use]
    pub fn new(now: i64) -> Self {
        Self { all: Bucket::full(OF_ALL, now), hosts: HashMap::new() }
    }

    /// Takes one from a host; or says in how many seconds there will be one.
    ///
    /// # Errors
    /// When there is none now.
    pub fn take(&mut self, host: &str, now: i64) -> Result<(), u32> {
        if self.hosts.len() >= MOST_HOSTS && !self.hosts.contains_key(host) {
            self.hosts.retain(|_, bucket| bucket.refill(OF_HOST, now) < OF_HOST.burst);
        }
        if self.all.refill(OF_ALL, now) < 1.0 || self.hosts.len() >= MOST_HOSTS {
            return Err(1);
        }
        let bucket = self.hosts.entry(host.to_owned()).or_insert_with(|| Bucket::full(OF_HOST, now));
        let left = bucket.refill(OF_HOST, now);
        if left < 1.0 {
            return Err(((1.0 - left) / OF_HOST.sustained).ceil() as u32);
        }
        bucket.left -= 1.0;
        self.all.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    #[test]
    fn a_host_has_its_burst_and_then_its_rate_and_the_others_their_own() {
        let mut meter = Meter::new(0);
        assert_eq!((0..300).filter(|_| meter.take("a", 0).is_ok()).count(), 300);
        assert_eq!(meter.take("a", 0), Err(1));
        assert_eq!(meter.take("b", 0), Ok(()));
        assert_eq!((0..100).filter(|_| meter.take("a", 2 * SECOND).is_ok()).count(), 10);
        assert_eq!(meter.take("a", SECOND), Err(1), "a clock that was set back");
    }

    #[test]
    fn all_together_have_a_bound_too() {
        let mut meter = Meter::new(0);
        let taken = (0..20_000).filter(|n| meter.take(&format!("h{n}"), 0).is_ok()).count();
        assert_eq!(taken, 3000);
        assert_eq!(meter.take("x", 0), Err(1));
        assert_eq!(meter.take("x", SECOND), Ok(()));
    }
}
