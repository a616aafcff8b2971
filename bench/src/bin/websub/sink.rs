//! Where everything arrives: takes `POST`s, says `204`, and counts which callbacks have got one. It does as little as it can, so that
//! what is measured is who sends.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

use super::Result;

const ANSWER: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

/// A port that takes everything, and one that takes requests and never answers.
pub(crate) struct Sink {
    shared: Arc<Shared>,
    port: u16,
    silent: u16,
    _runtime: Runtime,
}

struct Shared {
    has: Vec<AtomicBool>,
    left: AtomicUsize,
    bytes: AtomicU64,
    done: Mutex<Option<Instant>>,
    news: Condvar,
}

impl Sink {
    /// For so many callbacks, `/0` and so on.
    pub(crate) fn start(callbacks: usize) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let shared = Arc::new(Shared {
            has: (0..callbacks).map(|_| AtomicBool::new(false)).collect(),
            left: AtomicUsize::new(0),
            bytes: AtomicU64::new(0),
            done: Mutex::new(None),
            news: Condvar::new(),
        });
        let (open, silent) = runtime.block_on(async { (listen().await, listen().await) });
        let (open, silent) = (open?, silent?);
        let (port, silent_port) = (open.local_addr()?.port(), silent.local_addr()?.port());
        let of_task = Arc::clone(&shared);
        runtime.spawn(async move {
            while let Ok((stream, _)) = open.accept().await {
                let shared = Arc::clone(&of_task);
                tokio::spawn(async move { drop(serve(stream, &shared).await) });
            }
        });
        runtime.spawn(async move {
            let mut kept = Vec::new();
            while let Ok((stream, _)) = silent.accept().await {
                kept.push(stream);
            }
        });
        Ok(Self { shared, port, silent: silent_port, _runtime: runtime })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn silent_port(&self) -> u16 {
        self.silent
    }

    /// The length of the last body.
    pub(crate) fn bytes(&self) -> u64 {
        self.shared.bytes.load(Ordering::Relaxed)
    }

    /// Every callback is to get something from now on.
    pub(crate) fn expect(&self) {
        self.shared.has.iter().for_each(|has| has.store(false, Ordering::Relaxed));
        self.shared.left.store(self.shared.has.len(), Ordering::SeqCst);
        if let Ok(mut done) = self.shared.done.lock() {
            *done = None;
        }
    }

    /// How long after this each has.
    pub(crate) fn wait(&self, since: Instant, limit: Duration) -> Result<Duration> {
        let done = self.shared.done.lock().map_err(|_| "the sink is gone")?;
        let waited = self.shared.news.wait_timeout_while(done, limit, |done| done.is_none());
        let (done, _) = waited.map_err(|_| "the sink is gone")?;
        let left = self.shared.left.load(Ordering::SeqCst);
        Ok(done.ok_or(format!("{left} subscribers have got nothing in time"))?.duration_since(since))
    }
}

async fn listen() -> std::io::Result<TcpListener> {
    let socket = tokio::net::TcpSocket::new_v4()?;
    socket.bind("0.0.0.0:0".parse().map_err(std::io::Error::other)?)?;
    socket.listen(4096)
}

async fn serve(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; 64 << 10];
    let mut held = 0;
    loop {
        let head = loop {
            let read = buffer.get(..held).unwrap_or_default();
            if let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            let Some(rest) = buffer.get_mut(held..).filter(|rest| !rest.is_empty()) else { return Ok(()) };
            match stream.read(rest).await? {
                0 => return Ok(()),
                length => held += length,
            }
        };
        let text = String::from_utf8_lossy(buffer.get(..head).unwrap_or_default()).into_owned();
        let length = text.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            if name.eq_ignore_ascii_case("content-length") { value.trim().parse::<usize>().ok() } else { None }
        });
        let callback = text.split(' ').nth(1).and_then(|target| target.get(1..)?.parse::<usize>().ok());
        let mut left = length.unwrap_or(0).saturating_sub(held - head);
        // Nobody sends a request before the last one is answered.
        held = 0;
        while left > 0 {
            match stream.read(&mut buffer).await? {
                0 => return Ok(()),
                read => left = left.saturating_sub(read),
            }
        }
        shared.bytes.store(length.unwrap_or(0) as u64, Ordering::Relaxed);
        stream.write_all(ANSWER).await?;
        shared.took(callback);
    }
}

impl Shared {
    fn took(&self, callback: Option<usize>) {
        let Some(has) = callback.and_then(|n| self.has.get(n)) else { return };
        if !has.swap(true, Ordering::Relaxed) && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            if let Ok(mut done) = self.done.lock() {
                *done = Some(Instant::now());
            }
            self.news.notify_all();
        }
    }
}
