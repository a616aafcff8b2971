//! How feeds are served by HTTP: where, to whom, and within which bounds.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// The `FileDescriptorName=` of sockets for operators.
pub const ADMIN: &str = "admin";

/// The settings of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Where it listens; none: there is no server.
    pub listen: Vec<Address>,
    /// Where operators look; none: there is nothing to look at.
    pub admin: Vec<Address>,
    /// How many feeds have metrics of their own.
    pub metrics_per_feed: usize,
    /// Permissions of Unix sockets.
    pub socket_mode: u32,
    /// How much memory bodies may take, in bytes.
    pub cache: u64,
    /// Whether requests for another host or scheme than that of the feeds' address are sent there.
    pub canonical: bool,
    /// Whose word about the client's request counts.
    pub trusted_proxies: Vec<Network>,
    /// How many connections may be open.
    pub connections: usize,
    /// How many of them a client may have that is no trusted proxy.
    pub connections_per_client: usize,
    /// For the head of a request.
    pub header_timeout: Duration,
    /// Between two requests.
    pub idle_timeout: Duration,
    /// For each 16 KiB of a response.
    pub write_timeout: Duration,
}

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    /// An address and a port; 0 for any that is free.
    Tcp(SocketAddr),
    /// The path of a Unix socket, absolute.
    Unix(PathBuf),
    /// The sockets that systemd hands over: those with this `FileDescriptorName=`, or all but those for operators ([`ADMIN`]).
    Systemd(Option<String>),
}

/// Who is at the other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// A TCP client.
    Ip(IpAddr),
    /// Whoever may open a Unix socket.
    Local,
}

/// Whom a setting is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// Addresses whose first bits are those of this one.
    Ip(IpAddr, u8),
    /// Those who come by a Unix socket.
    Local,
}

impl Address {
    /// Where `serve` listens when nobody says: only this machine can ask there.
    #[must_use]
    pub fn usual() -> Self {
        Self::Tcp(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 8080))
    }

    /// Reads an address; `absolute` makes a path absolute.
    pub(super) fn parse(text: &str, absolute: impl FnOnce(&str) -> PathBuf) -> Result<Self, String> {
        let text = text.trim();
        if let Some(path) = text.strip_prefix("unix:").filter(|path| !path.is_empty()) {
            return Ok(Self::Unix(absolute(path)));
        }
        match text.split_once(':') {
            None if text == "systemd" => return Ok(Self::Systemd(None)),
            Some(("systemd", name)) if !name.is_empty() => return Ok(Self::Systemd(Some(name.to_owned()))),
            Some(("localhost", port)) => {
                if let Ok(port) = port.parse() {
                    return Ok(Self::Tcp(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port)));
                }
            }
            _ => {}
        }
        text.parse().map(Self::Tcp).map_err(|_| {
            format!("`{text}` is none of `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`, `unix:/PATH`, `systemd`, `systemd:NAME`")
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Systemd(None) => f.write_str("systemd"),
            Self::Systemd(Some(name)) => write!(f, "systemd:{name}"),
        }
    }
}

impl Network {
    /// Reads `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32` or `unix`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let fault = || {
            format!(
                "`{text}` is neither an address such as `192.0.2.1`, nor a network such as `192.0.2.0/24`, nor `unix`"
            )
        };
        if text == "unix" {
            return Ok(Self::Local);
        }
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.trim().parse().map_err(|_| fault())?;
        let all = width(address);
        let bits = bits.map_or(Some(all), |bits| bits.trim().parse().ok()).filter(|bits| *bits <= all);
        Ok(Self::Ip(address, bits.ok_or_else(fault)?))
    }

    /// Whether it holds who is there. An IPv4 address that came as an IPv6 one counts as what it is.
    #[must_use]
    pub fn holds(&self, peer: Peer) -> bool {
        match (self, peer) {
            (Self::Local, Peer::Local) => true,
            (Self::Ip(network, bits), Peer::Ip(client)) => {
                let client = client.to_canonical();
                width(*network) == width(client) && prefix(*network, *bits) == prefix(client, *bits)
            }
            _ => false,
        }
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// The first bits of an address, as a number.
fn prefix(address: IpAddr, bits: u8) -> u128 {
    let number = match address {
        IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
        IpAddr::V6(address) => address.to_bits(),
    };
    number.checked_shr(128 - u32::from(bits)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Result<String, String> {
        Address::parse(text, |path| PathBuf::from("/base").join(path)).map(|address| address.to_string())
    }

    #[test]
    fn addresses() {
        for (text, shown) in [
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            (" [::1]:80 ", "[::1]:80"),
            ("localhost:0", "127.0.0.1:0"),
            ("unix:/run/s.sock", "unix:/run/s.sock"),
            ("unix:s.sock", "unix:/base/s.sock"),
            ("systemd", "systemd"),
            ("systemd:public", "systemd:public"),
        ] {
            assert_eq!(address(text).as_deref(), Ok(shown));
        }
        for text in ["", "8080", ":8080", "localhost", "localhost:x", "example.com:80", "unix:", "systemd:", "1.2.3.4"]
        {
            assert!(address(text).is_err(), "{text}");
        }
    }

    #[test]
    fn networks_hold_what_begins_like_them() {
        let holds = |network: &str, peer: &str| {
            let peer = if peer == "unix" { Peer::Local } else { Peer::Ip(peer.parse().unwrap()) };
            Network::parse(network).unwrap().holds(peer)
        };
        for (network, peer) in [
            ("127.0.0.1", "127.0.0.1"),
            ("127.0.0.1", "::ffff:127.0.0.1"),
            ("10.0.0.0/8", "10.255.3.1"),
            ("0.0.0.0/0", "8.8.8.8"),
            ("2001:db8::/32", "2001:db8:1::1"),
            ("::/0", "2001:db8::1"),
            ("unix", "unix"),
        ] {
            assert!(holds(network, peer), "{network} {peer}");
        }
        for (network, peer) in [
            ("10.0.0.0/8", "11.0.0.1"),
            ("::/0", "1.2.3.4"),
            ("0.0.0.0/0", "::1"),
            ("127.0.0.1", "unix"),
            ("unix", "::1"),
        ] {
            assert!(!holds(network, peer), "{network} {peer}");
        }
        for text in ["", "x", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/"] {
            assert!(Network::parse(text).is_err(), "{text}");
        }
    }
}
