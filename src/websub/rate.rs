//! How often a client may ask for something, and a host be asked on behalf of others: a bucket of tokens for each, and one for all. Pure.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

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
/// Of one client, which may ask for several hosts, and wrongly.
pub const OF_CLIENT: Rate = Rate { burst: 600.0, sustained: 10.0 };
/// Of all.
pub const OF_ALL: Rate = Rate { burst: 3000.0, sustained: 100.0 };

/// Of more than so many, those whose buckets are full are forgotten: that says nothing.
const MOST: usize = 10_000;

/// What is left for each client and host.
#[derive(Debug)]
pub struct Meter {
    all: Bucket,
    hosts: Buckets<String>,
    clients: Buckets<IpAddr>,
}

#[derive(Debug)]
struct Buckets<K> {
    rate: Rate,
    of: HashMap<K, Bucket>,
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

impl<K: Eq + Hash> Buckets<K> {
    fn new(rate: Rate) -> Self {
        Self { rate, of: HashMap::new() }
    }

    /// The bucket of a name; `None` where there is no room for another.
    fn bucket(&mut self, name: K, now: i64) -> Option<&mut Bucket> {
        let rate = self.rate;
        if self.of.len() >= MOST && !self.of.contains_key(&name) {
            self.of.retain(|_, bucket| bucket.refill(rate, now) < rate.burst);
            if self.of.len() >= MOST {
                return None;
            }
        }
        let bucket = self.of.entry(name).or_insert_with(|| Bucket::full(rate, now));
        bucket.refill(rate, now);
        Some(bucket)
    }

    /// In how many seconds there will be one.
    fn wait(&self, left: f64) -> u32 {
        ((1.0 - left) / self.rate.sustained).ceil() as u32
    }
}

impl Meter {
    /// With everything left.
    #[must_use]
    pub fn new(now: i64) -> Self {
        Self { all: Bucket::full(OF_ALL, now), hosts: Buckets::new(OF_HOST), clients: Buckets::new(OF_CLIENT) }
    }

    /// A client asks for something; or it is said in how many seconds it may.
    ///
    /// # Errors
    /// When it may not now. What there is no room to count, those of the hosts and of all hold in check.
    pub fn asks(&mut self, client: IpAddr, now: i64) -> Result<(), u32> {
        let Some(bucket) = self.clients.bucket(client, now) else { return Ok(()) };
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            return Ok(());
        }
        let left = bucket.left;
        Err(self.clients.wait(left))
    }

    /// Takes one from a host; or says in how many seconds there will be one.
    ///
    /// # Errors
    /// When there is none now.
    pub fn take(&mut self, host: &str, now: i64) -> Result<(), u32> {
        if self.all.refill(OF_ALL, now) < 1.0 {
            return Err(1);
        }
        let bucket = self.hosts.bucket(host.to_owned(), now).ok_or(1_u32)?;
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            self.all.left -= 1.0;
            return Ok(());
        }
        let left = bucket.left;
        Err(self.hosts.wait(left))
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
    fn a_client_has_its_own_whatever_it_asks_for() {
        let (mut meter, a, b) = (Meter::new(0), IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        assert_eq!((0..1000).filter(|_| meter.asks(a, 0).is_ok()).count(), 600);
        assert_eq!((meter.asks(a, 0), meter.asks(b, 0), meter.take("a", 0)), (Err(1), Ok(()), Ok(())));
        assert_eq!((0..100).filter(|_| meter.asks(a, 2 * SECOND).is_ok()).count(), 20);
    }

    #[test]
    fn all_together_have_a_bound_too() {
        let mut meter = Meter::new(0);
        let taken = (0..20_000).filter(|n| meter.take(&format!("h{n}"), 0).is_ok()).count();
        assert_eq!(taken, 3000);
        assert_eq!(meter.take("x", 0), Err(1));
        assert_eq!(meter.take("x", SECOND), Ok(()));
    }

    #[test]
    fn no_more_are_counted_than_there_is_room_for() {
        let mut meter = Meter::new(0);
        for n in 0..20_000_u32 {
            assert_eq!(meter.asks(std::net::Ipv4Addr::from(n).into(), 0), Ok(()));
        }
        assert_eq!(meter.clients.of.len(), MOST);
        assert_eq!(meter.asks([192, 0, 2, 1].into(), SECOND), Ok(()));
        assert_eq!(meter.clients.of.len(), 1);
    }
}
