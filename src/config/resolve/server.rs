//! `[server]`: how feeds are served.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::time::Duration;

use crate::config::load::Places;
use crate::config::load::absolute;
use crate::config::reader::Reader;
use crate::config::server::{ADMIN, Address, Network, Server};
use crate::config::settings::Written;
use crate::config::units::{is_mode, parse_duration, parse_mode, parse_size};

/// `[server]`.
pub(super) fn resolve(reader: &mut Reader<'_, '_>, places: &Places) -> Server {
    let listen = addresses(reader, places, "server.listen", Ok);
    let admin = addresses(reader, places, "server.admin", |address| for_operators(address, &listen));
    let trusted = reader.list("server.trusted_proxies", Network::parse);
    let own = || {
        let one = |address: IpAddr| Network::Ip(address, if address.is_ipv4() { 32 } else { 128 });
        vec![one(Ipv4Addr::LOCALHOST.into()), one(Ipv6Addr::LOCALHOST.into()), Network::Local]
    };
    Server {
        listen,
        admin,
        metrics_per_feed: reader.count("server.metrics_per_feed").unwrap_or(0),
        socket_mode: socket_mode(reader).unwrap_or(0o666),
        cache: cache(reader).unwrap_or(64 << 20),
        canonical: reader.bool("server.canonical").unwrap_or(false),
        trusted_proxies: trusted.unwrap_or_else(own),
        connections: reader.count("server.connections").unwrap_or(16_384),
        connections_per_client: reader.count("server.connections_per_client").unwrap_or(64),
        header_timeout: timeout(reader, "server.header_timeout", 10),
        idle_timeout: timeout(reader, "server.idle_timeout", 75),
        write_timeout: timeout(reader, "server.write_timeout", 30),
    }
}

/// The addresses of a key, each once, that are as they have to be.
fn addresses(
    reader: &mut Reader<'_, '_>,
    places: &Places,
    key: &str,
    check: impl Fn(Address) -> Result<Address, String>,
) -> Vec<Address> {
    let base = reader.get(key).map(|setting| places.base(setting).to_path_buf()).unwrap_or_default();
    let path = |path: &str| absolute(&base, Path::new(path));
    let mut addresses = reader.list(key, |text| Address::parse(text, path).and_then(&check)).unwrap_or_default();
    addresses.sort();
    addresses.dedup();
    addresses
}

/// An address at which nobody looks for feeds.
fn for_operators(address: Address, listen: &[Address]) -> Result<Address, String> {
    let address = match address {
        Address::Systemd(None) => Address::Systemd(Some(ADMIN.to_owned())),
        other => other,
    };
    let takes_all = listen.contains(&Address::Systemd(None));
    let is_free_port = matches!(address, Address::Tcp(address) if address.port() == 0);
    match &address {
        taken if listen.contains(taken) && !is_free_port => {
            Err(format!("`{taken}` is where feeds are served (`server.listen`)"))
        }
        Address::Systemd(Some(name)) if takes_all && name != ADMIN => {
            Err(format!("`server.listen` has all sockets of systemd's but those named `{ADMIN}`"))
        }
        _ => Ok(address),
    }
}

fn socket_mode(reader: &mut Reader<'_, '_>) -> Option<u32> {
    let mode = match &reader.get("server.socket_mode")?.written {
        Written::Text(text) => parse_mode(text),
        Written::Int(number) => u32::try_from(*number).ok().filter(|&mode| is_mode(mode)),
        _ => None,
    };
    let problem = "must be permissions in octal, such as \"0660\", that let their owner read and write";
    reader.accept("server.socket_mode", mode.ok_or_else(|| problem.to_owned()))
}

fn cache(reader: &mut Reader<'_, '_>) -> Option<u64> {
    let size = match &reader.get("server.cache")?.written {
        Written::Int(number) => u64::try_from(*number).ok(),
        Written::Text(text) => parse_size(text),
        _ => None,
    };
    let problem = "must be a size such as `64 MiB`, or a number of bytes";
    reader.accept("server.cache", size.ok_or_else(|| problem.to_owned()))
}

fn timeout(reader: &mut Reader<'_, '_>, key: &str, seconds: u64) -> Duration {
    const BOUNDS: std::ops::RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(3600);
    let parse = |text: &str| {
        let time = parse_duration(text).filter(|time| BOUNDS.contains(time));
        time.ok_or_else(|| "must be a time from `100 ms` to `1 h` such as `30 s`".to_owned())
    };
    reader.parse(key, parse).unwrap_or(Duration::from_secs(seconds))
}
