//! Connections to others: names are resolved by whom one likes, and it is the address that is connected to which has to be allowed.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use super::client::Failure;
use super::guard::is_public;

/// How many names are resolved at once: each takes a thread of the system's resolver.
const RESOLVING: usize = 32;

/// How many addresses of a name are tried.
const MOST_ADDRESSES: usize = 4;

/// The addresses of a name, some time.
pub type Resolving<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send + 'a>>;

/// Who knows where names lead.
pub trait Resolve: Send + Sync + fmt::Debug {
    /// The addresses of a host, with this port.
    fn resolve<'a>(&'a self, host: &'a str, port: u16) -> Resolving<'a>;
}

/// The resolver of the system.
#[derive(Debug)]
pub struct System;

impl Resolve for System {
    fn resolve<'a>(&'a self, host: &'a str, port: u16) -> Resolving<'a> {
        Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
    }
}

/// Whom it may connect to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Everybody: who is asked was chosen by the owner of this machine.
    Anywhere,
    /// The public internet: who is asked was chosen by anybody.
    Public,
}

pub(super) struct Connector {
    resolver: Arc<dyn Resolve>,
    reach: Reach,
    resolving: Semaphore,
    tls: TlsConnector,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector")
            .field("resolver", &self.resolver)
            .field("reach", &self.reach)
            .finish_non_exhaustive()
    }
}

/// A connection with or without TLS.
#[derive(Debug)]
pub(super) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Connector {
    pub(super) fn new(resolver: Arc<dyn Resolve>, reach: Reach, roots: RootCertStore) -> io::Result<Self> {
        let tls = TlsConnector::from(Arc::new(tls(roots)?));
        Ok(Self { resolver, reach, resolving: Semaphore::new(RESOLVING), tls })
    }

    /// Connects to the host of a URL.
    pub(super) async fn connect(&self, url: &Url) -> Result<Stream, Failure> {
        let none = || Failure::Name(io::Error::new(io::ErrorKind::InvalidInput, "there is none"));
        let (host, port) = (url.host().ok_or_else(none)?, url.port_or_known_default().ok_or_else(none)?);
        let stream = self.tcp(&host, port).await?;
        // A request is one write, and nothing is gained by waiting.
        let _ = stream.set_nodelay(true);
        if url.scheme() != "https" {
            return Ok(Stream::Plain(stream));
        }
        let name = match host {
            Host::Domain(name) => ServerName::try_from(name.to_owned()).map_err(|_| none())?,
            Host::Ipv4(address) => ServerName::from(std::net::IpAddr::from(address)),
            Host::Ipv6(address) => ServerName::from(std::net::IpAddr::from(address)),
        };
        let stream = self.tls.connect(name, stream).await.map_err(Failure::Connect)?;
        Ok(Stream::Tls(Box::new(stream)))
    }

    async fn tcp(&self, host: &Host<&str>, port: u16) -> Result<TcpStream, Failure> {
        let addresses = match host {
            Host::Ipv4(address) => vec![SocketAddr::new((*address).into(), port)],
            Host::Ipv6(address) => vec![SocketAddr::new((*address).into(), port)],
            Host::Domain(name) => {
                let _turn = self.resolving.acquire().await;
                self.resolver.resolve(name, port).await.map_err(Failure::Name)?
            }
        };
        let mut failed = Failure::Name(io::Error::new(io::ErrorKind::NotFound, "it has no address"));
        for address in addresses.into_iter().take(MOST_ADDRESSES) {
            if self.reach == Reach::Public && !is_public(address.ip()) {
                failed = Failure::Forbidden(address.ip());
                continue;
            }
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => failed = Failure::Connect(error),
            }
        }
        Err(failed)
    }
}

fn tls(roots: RootCertStore) -> io::Result<ClientConfig> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(io::Error::other)?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, parts),
            Self::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, parts),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(stream) => stream.is_write_vectored(),
            Self::Tls(stream) => stream.is_write_vectored(),
        }
    }
}
