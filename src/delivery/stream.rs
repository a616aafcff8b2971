//! A connection that is given up when its client takes too long: to send the head of a request, to send another, or to take
//! what it asked for.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::coop::has_budget_remaining;
use tokio::time::{Instant, Sleep};

use super::often::{LARGE, MemoryFile};
use super::socket::Socket;
use crate::config::Server;

/// What counts as progress while a response is written, in bytes.
const PROGRESS: usize = 16 << 10;

/// How long each may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    head: Duration,
    idle: Duration,
    write: Duration,
}

impl Limits {
    pub(crate) fn of(settings: &Server) -> Self {
        Self { head: settings.header_timeout, idle: settings.idle_timeout, write: settings.write_timeout }
    }
}

/// Between two requests.
const IDLE: u8 = 0;
/// A request has begun to come in.
const HEAD: u8 = 1;
/// A request is being answered.
const BUSY: u8 = 2;

/// Where a connection is, known to its stream and to who answers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Phase(Arc<Known>);

#[derive(Debug, Default)]
struct Known {
    phase: AtomicU8,
    /// What a large body is sent from.
    file: Mutex<Option<Arc<MemoryFile>>>,
}

impl Phase {
    /// A request is there.
    pub(crate) fn is_asked(&self) {
        self.set(BUSY);
    }

    /// A response will be sent whose body is in this file as well.
    pub(super) fn sends(&self, file: Arc<MemoryFile>) {
        *self.file() = Some(file);
    }

    fn get(&self) -> u8 {
        self.0.phase.load(Ordering::Relaxed)
    }

    fn set(&self, phase: u8) {
        self.0.phase.store(phase, Ordering::Relaxed);
    }

    fn file(&self) -> MutexGuard<'_, Option<Arc<MemoryFile>>> {
        self.0.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream with these limits.
#[derive(Debug)]
pub(crate) struct Timed<S> {
    stream: S,
    limits: Limits,
    phase: Phase,
    /// When the phase of reading ends.
    read_by: Instant,
    /// When so much must be written, and how much has been; `None` while the client keeps up.
    write_by: Option<(Instant, usize)>,
    /// Whether anything was written of the present response.
    has_written: bool,
    alarm: Pin<Box<Sleep>>,
    /// Whether the alarm wakes the task.
    is_set: bool,
}

impl<S> Timed<S> {
    /// A connection that was just opened: its first request is on its way.
    pub(crate) fn new(stream: S, limits: Limits, phase: Phase) -> Self {
        let read_by = Instant::now() + limits.head;
        phase.set(HEAD);
        let alarm = Box::pin(tokio::time::sleep_until(read_by));
        Self { stream, limits, phase, read_by, write_by: None, has_written: false, alarm, is_set: false }
    }

    /// Wakes the task at this time, or says that it has come.
    fn wait_until(&mut self, time: Instant, cx: &mut Context<'_>) -> Poll<()> {
        // Moved only when it would come too late; when it comes too early, it is moved then.
        let comes_too_late = self.alarm.deadline() > time;
        // A connection is one task for all its life.
        if self.is_set && !comes_too_late && !self.alarm.is_elapsed() {
            return Poll::Pending;
        }
        // A task that has had its turn is asked to come again, and is not known to the alarm then.
        self.is_set = has_budget_remaining();
        if comes_too_late {
            self.alarm.as_mut().reset(time);
        }
        while self.alarm.as_mut().poll(cx).is_ready() {
            if time <= Instant::now() {
                return Poll::Ready(());
            }
            self.alarm.as_mut().reset(time);
        }
        Poll::Pending
    }

    fn wait_to_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.phase.get() == BUSY {
            return Poll::Pending;
        }
        ready!(self.wait_until(self.read_by, cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn wait_to_write<T>(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        self.phase.set(BUSY);
        let (by, _) = *self.write_by.get_or_insert_with(|| (Instant::now() + self.limits.write, 0));
        ready!(self.wait_until(by, cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn wrote(&mut self, bytes: usize) {
        // Of requests that come together, the last may have been asked before the first was answered.
        self.phase.set(BUSY);
        self.has_written = true;
        self.write_by = self.write_by.map(|(by, so_far)| (by, so_far + bytes)).filter(|(_, so_far)| *so_far < PROGRESS);
    }
}

impl<S: Socket> Timed<S> {
    fn write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.in_file(bytes) {
            Some((file, position)) => self.stream.poll_send(cx, &[], file.file(), position, bytes.len()),
            None => Pin::new(&mut self.stream).poll_write(cx, bytes),
        }
    }

    fn write_pieces(&mut self, cx: &mut Context<'_>, pieces: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        if let [head, body] = pieces
            && let Some((file, position)) = self.in_file(body)
        {
            return self.stream.poll_send(cx, head, file.file(), position, body.len());
        }
        Pin::new(&mut self.stream).poll_write_vectored(cx, pieces)
    }

    /// The file that has these bytes, and where.
    fn in_file(&self, bytes: &[u8]) -> Option<(Arc<MemoryFile>, u64)> {
        if bytes.len() < LARGE {
            return None;
        }
        let file = self.phase.file().clone()?;
        let position = file.position(bytes)?;
        Some((file, position))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Timed<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(cx, buffer) {
            Poll::Ready(read) => {
                if self.phase.get() == IDLE && buffer.filled().len() > before {
                    self.read_by = Instant::now() + self.limits.head;
                    self.phase.set(HEAD);
                }
                Poll::Ready(read)
            }
            Poll::Pending => self.wait_to_read(cx),
        }
    }
}

impl<S: Socket> AsyncWrite for Timed<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Poll::Ready(written) = self.write(cx, bytes) else {
            return self.wait_to_write(cx);
        };
        Poll::Ready(written.inspect(|bytes| self.wrote(*bytes)))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // The system takes one piece for less than a list of one.
        if let [only] = bytes {
            return self.poll_write(cx, only);
        }
        let Poll::Ready(written) = self.write_pieces(cx, bytes) else {
            return self.wait_to_write(cx);
        };
        Poll::Ready(written.inspect(|bytes| self.wrote(*bytes)))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// All of a response that there is has been taken.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        self.write_by = None;
        if std::mem::take(&mut self.has_written) {
            // An idle connection holds no memory.
            *self.phase.file() = None;
            self.read_by = Instant::now() + self.limits.idle;
            self.phase.set(IDLE);
            // Nobody may read before there is something, or the time is over.
            let by = self.read_by;
            let _ = self.wait_until(by, cx);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
