//! Sockets, and what the kernel sends on them by itself.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::task::{Context, Poll, ready};

use rustix::net::SendFlags;
use tokio::io::{AsyncRead, AsyncWrite, Interest};
use tokio::net::{TcpStream, UnixStream};

/// A connected socket.
pub(crate) trait Socket: AsyncRead + AsyncWrite + AsFd + Unpin {
    /// Whether something can be sent.
    fn poll_writable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// Sends by the system's own calls; that it would block is taken note of.
    fn try_send(&self, send: impl FnOnce() -> io::Result<usize>) -> io::Result<usize>;

    /// Sends these bytes, and so many of a file from this position on; how many it has sent of both.
    fn poll_send(
        &self,
        cx: &mut Context<'_>,
        head: &[u8],
        file: &File,
        position: u64,
        length: usize,
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.poll_writable(cx))?;
            match self.try_send(|| send(self, head, file, position, length)) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                sent => return Poll::Ready(sent),
            }
        }
    }
}

impl Socket for TcpStream {
    fn poll_writable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_write_ready(cx)
    }

    fn try_send(&self, send: impl FnOnce() -> io::Result<usize>) -> io::Result<usize> {
        self.try_io(Interest::WRITABLE, send)
    }
}

impl Socket for UnixStream {
    fn poll_writable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_write_ready(cx)
    }

    fn try_send(&self, send: impl FnOnce() -> io::Result<usize>) -> io::Result<usize> {
        self.try_io(Interest::WRITABLE, send)
    }
}

fn send(socket: impl AsFd, head: &[u8], file: &File, mut position: u64, length: usize) -> io::Result<usize> {
    let mut sent = 0;
    if !head.is_empty() {
        // It goes out together with what follows.
        sent = rustix::net::send(&socket, head, SendFlags::MORE | SendFlags::NOSIGNAL)?;
        if sent < head.len() {
            return Ok(sent);
        }
    }
    match rustix::fs::sendfile(&socket, file, Some(&mut position), length) {
        Ok(more) => Ok(sent + more),
        // What is wrong now is wrong when it is next tried.
        Err(_) if sent > 0 => Ok(sent),
        Err(error) => Err(error.into()),
    }
}
