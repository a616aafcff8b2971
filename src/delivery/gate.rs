//! How many connections there may be, in all and from one client.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::config::{Peer, Server};

/// Descriptors that are left for everything else.
const RESERVE: usize = 256;

/// Counts connections.
#[derive(Debug)]
pub(super) struct Gate {
    all: AtomicUsize,
    clients: Mutex<HashMap<IpAddr, usize>>,
    /// What the limit on open files leaves.
    most: usize,
}

/// A connection that was let in, until it is dropped.
#[derive(Debug)]
pub(super) struct Pass {
    gate: Arc<Gate>,
    client: Option<IpAddr>,
}

impl Gate {
    /// Raises the limit on open files as far as it goes.
    pub(super) fn open() -> Arc<Self> {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
        let limit = if setrlimit(Resource::Nofile, raised).is_ok() { raised.current } else { limit.current };
        let most = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
        Arc::new(Self::of(most.saturating_sub(RESERVE).max(1)))
    }

    fn of(most: usize) -> Self {
        Self { all: AtomicUsize::new(0), clients: Mutex::default(), most }
    }

    /// How many connections are open.
    pub(super) fn count(&self) -> usize {
        self.all.load(Ordering::Relaxed)
    }

    /// Lets a connection in, unless there are too many.
    pub(super) fn enter(self: &Arc<Self>, peer: Peer, is_trusted: bool, settings: &Server) -> Option<Pass> {
        let client = match peer {
            Peer::Ip(address) if !is_trusted => Some(network(address)),
            _ => None,
        };
        if self.all.fetch_add(1, Ordering::Relaxed) >= settings.connections.min(self.most) {
            self.all.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        // From here on it is counted, and the pass counts it back.
        let mut pass = Pass { gate: Arc::clone(self), client: None };
        if let Some(client) = client {
            let mut clients = self.clients();
            let count = clients.entry(client).or_default();
            if *count >= settings.connections_per_client {
                drop(clients);
                return None;
            }
            *count += 1;
            pass.client = Some(client);
        }
        Some(pass)
    }

    fn clients(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.gate.all.fetch_sub(1, Ordering::Relaxed);
        let Some(client) = self.client else { return };
        let mut clients = self.gate.clients();
        if let Some(count) = clients.get_mut(&client) {
            *count -= 1;
            if *count == 0 {
                clients.remove(&client);
            }
        }
    }
}

/// Who counts as one client: an address, of IPv6 the network that one customer is given (RFC 6177).
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn settings(connections: usize, connections_per_client: usize) -> Server {
        let second = Duration::from_secs(1);
        Server {
            listen: Vec::new(),
            admin: Vec::new(),
            metrics_per_feed: 0,
            socket_mode: 0o666,
            cache: 0,
            canonical: false,
            trusted_proxies: Vec::new(),
            connections,
            connections_per_client,
            header_timeout: second,
            idle_timeout: second,
            write_timeout: second,
        }
    }

    fn peer(address: &str) -> Peer {
        Peer::Ip(address.parse().unwrap())
    }

    #[test]
    fn no_client_takes_the_place_of_another() {
        let (gate, settings) = (Arc::new(Gate::of(1000)), settings(100, 2));
        let held: Vec<_> = (0..2).map(|_| gate.enter(peer("192.0.2.1"), false, &settings).unwrap()).collect();
        assert!(gate.enter(peer("192.0.2.1"), false, &settings).is_none());
        assert!(gate.enter(peer("::ffff:192.0.2.1"), false, &settings).is_none());
        assert!(gate.enter(peer("192.0.2.2"), false, &settings).is_some());
        assert!(gate.enter(peer("192.0.2.1"), true, &settings).is_some(), "a proxy stands for many");
        assert!(gate.enter(Peer::Local, false, &settings).is_some());
        let _a = gate.enter(peer("2001:db8:1:2:3::1"), false, &settings).unwrap();
        let _b = gate.enter(peer("2001:db8:1:2:4::1"), false, &settings).unwrap();
        assert!(gate.enter(peer("2001:db8:1:2:5::1"), false, &settings).is_none());
        assert!(gate.enter(peer("2001:db8:1:3::1"), false, &settings).is_some());
        drop(held);
        assert!(gate.enter(peer("192.0.2.1"), false, &settings).is_some());
        assert_eq!(gate.count(), 2);
    }

    #[test]
    fn in_all_no_more_than_the_setting_or_the_system_allow() {
        for (most, setting) in [(3, 100), (100, 3)] {
            let gate = Arc::new(Gate::of(most));
            let enter = || gate.enter(Peer::Local, true, &settings(setting, 1));
            let held: Vec<_> = (0..3).map(|_| enter().unwrap()).collect();
            assert!(enter().is_none() && gate.count() == 3);
            drop(held);
            assert!(enter().is_some() && gate.count() == 0);
        }
    }
}
