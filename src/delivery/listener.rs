//! Where connections come from: TCP, a Unix socket, or sockets that systemd opened.

use std::io;
use std::net::{SocketAddr, TcpStream as StdTcpStream};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener as StdUnixListener, UnixStream as StdUnixStream};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream, UnixListener, UnixStream};
use tracing::warn;

use crate::config::{ADMIN, Address, Peer};

/// How many connections wait for us in the kernel.
const BACKLOG: u32 = 1024;

/// How long accepting rests when the system refuses.
const REST: Duration = Duration::from_millis(100);

/// What systemd handed over to this process, taken when it is first asked for.
static INHERITED: LazyLock<Inherited> = LazyLock::new(Inherited::take);

/// An open listener.
#[derive(Debug)]
pub(crate) enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener, Option<SocketFile>),
}

/// A connection that came in.
#[derive(Debug)]
pub(crate) enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// A connection on its way from one thread to another.
#[derive(Debug)]
pub(super) enum Carried {
    Tcp(StdTcpStream),
    Unix(StdUnixStream),
}

/// A socket's file, which is gone when this is.
#[derive(Debug)]
pub(crate) struct SocketFile {
    path: PathBuf,
    inode: (u64, u64),
}

/// The sockets that systemd handed over (sd_listen_fds(3)), each with its name.
#[derive(Debug)]
struct Inherited(Vec<(String, Socket)>);

#[derive(Debug)]
enum Socket {
    Tcp(std::net::TcpListener),
    Unix(StdUnixListener),
}

impl Inherited {
    /// Takes them; there is a second time for nobody.
    fn take() -> Self {
        let mut handed = listenfd::ListenFd::from_env();
        let names = std::env::var("LISTEN_FDNAMES").unwrap_or_default();
        let mut names = names.split(':');
        let mut sockets = Vec::new();
        for n in 0..handed.len() {
            let name = names.next().unwrap_or_default().to_owned();
            if let Ok(Some(tcp)) = handed.take_tcp_listener(n) {
                sockets.push((name, Socket::Tcp(tcp)));
            } else if let Ok(Some(unix)) = handed.take_unix_listener(n) {
                sockets.push((name, Socket::Unix(unix)));
            }
        }
        Self(sockets)
    }

    /// Those of this name, or all but those for operators.
    fn open(&self, name: Option<&str>) -> io::Result<Vec<Listener>> {
        let wanted = self.0.iter().filter(|(own, _)| name.map_or(own != ADMIN, |name| name == own));
        let listeners: Vec<Listener> = wanted.map(|(_, socket)| socket.open()).collect::<io::Result<_>>()?;
        if listeners.is_empty() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "systemd has handed over no such socket"));
        }
        Ok(listeners)
    }
}

impl Socket {
    /// Another handle, so that this one is there when it is wanted again.
    fn open(&self) -> io::Result<Listener> {
        match self {
            Self::Tcp(socket) => {
                let socket = socket.try_clone()?;
                socket.set_nonblocking(true)?;
                TcpListener::from_std(socket).map(Listener::Tcp)
            }
            Self::Unix(socket) => {
                let socket = socket.try_clone()?;
                socket.set_nonblocking(true)?;
                UnixListener::from_std(socket).map(|socket| Listener::Unix(socket, None))
            }
        }
    }
}

/// Opens an address.
pub(super) fn open(address: &Address, socket_mode: u32) -> io::Result<Vec<Listener>> {
    match address {
        Address::Tcp(address) => Ok(vec![Listener::Tcp(tcp(*address)?)]),
        Address::Unix(path) => unix(path, socket_mode).map(|(socket, file)| vec![Listener::Unix(socket, Some(file))]),
        Address::Systemd(name) => INHERITED.open(name.as_deref()),
    }
}

fn tcp(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // What is left of connections of an earlier service keeps nobody from listening.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// The socket is made beside and renamed, so that nobody connects before its permissions are set, and what is left of an earlier
/// service is replaced; one that somebody listens to is not.
fn unix(path: &Path, mode: u32) -> io::Result<(UnixListener, SocketFile)> {
    match path.symlink_metadata() {
        Ok(found) if !found.file_type().is_socket() => {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "there is a file that is no socket"));
        }
        Ok(_) if StdUnixStream::connect(path).is_ok() => return Err(io::ErrorKind::AddrInUse.into()),
        _ => {}
    }
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let new = PathBuf::from(new);
    let _ = std::fs::remove_file(&new);
    let socket = UnixListener::bind(&new)?;
    let ready = std::fs::set_permissions(&new, std::fs::Permissions::from_mode(mode));
    let inode = ready.and_then(|()| new.symlink_metadata()).map(|found| (found.dev(), found.ino()));
    let placed = inode.and_then(|inode| std::fs::rename(&new, path).map(|()| inode));
    let inode = placed.inspect_err(|_| drop(std::fs::remove_file(&new)))?;
    Ok((socket, SocketFile { path: path.to_owned(), inode }))
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Somebody else may have put another in its place.
        if self.path.symlink_metadata().is_ok_and(|found| (found.dev(), found.ino()) == self.inode) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl Listener {
    /// Where it listens, as people write it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Tcp(socket) => socket.local_addr().map_or_else(|_| "a TCP socket".to_owned(), |it| it.to_string()),
            Self::Unix(socket, file) => {
                let own = socket.local_addr().ok();
                let path = file.as_ref().map(|file| file.path.as_path());
                let path = path.or_else(|| own.as_ref().and_then(|own| own.as_pathname()));
                path.map_or_else(|| "a Unix socket".to_owned(), |path| format!("unix:{}", path.display()))
            }
        }
    }

    /// The next connection, and who it is from. While the system has none to give, connections wait, which is said once.
    pub(crate) async fn next(&self, is_said: &mut bool) -> (Stream, Peer) {
        loop {
            match self.accept().await {
                Ok(accepted) => return accepted,
                Err(error) if is_client_s(&error) => {}
                Err(error) => {
                    if !std::mem::replace(is_said, true) {
                        warn!("connections to {} have to wait: {error}", self.shown());
                    }
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    async fn accept(&self) -> io::Result<(Stream, Peer)> {
        match self {
            Self::Tcp(socket) => {
                let (stream, peer) = socket.accept().await?;
                // A response is written at once, and nothing is gained by waiting for more.
                stream.set_nodelay(true)?;
                Ok((Stream::Tcp(stream), Peer::Ip(peer.ip())))
            }
            Self::Unix(socket, _) => {
                let (stream, _) = socket.accept().await?;
                Ok((Stream::Unix(stream), Peer::Local))
            }
        }
    }
}

impl Stream {
    /// Takes it from the runtime of this thread.
    pub(super) fn carry(self) -> io::Result<Carried> {
        match self {
            Self::Tcp(stream) => stream.into_std().map(Carried::Tcp),
            Self::Unix(stream) => stream.into_std().map(Carried::Unix),
        }
    }
}

impl Carried {
    /// Gives it to the runtime of this thread.
    pub(super) fn arrive(self) -> io::Result<Stream> {
        match self {
            Self::Tcp(stream) => TcpStream::from_std(stream).map(Stream::Tcp),
            Self::Unix(stream) => UnixStream::from_std(stream).map(Stream::Unix),
        }
    }
}

/// Whether it is the loss of a client that went away before it was accepted.
fn is_client_s(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
