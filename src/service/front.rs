//! The Unix socket in the state folder through which a running service is asked: a line of JSON in, one object out. What changes
//! something has lines of its own after that one.
//!
//! It answers while the service works, with what is known then. Only the service's own user may connect (0600).

use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::unix::WriteHalf;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::change::{self, Change};
use super::live::Live;
use super::status::Status;

/// The socket's name in the state folder.
pub const SOCKET: &str = "status.sock";

/// How long the service may take to bring the status up to date; while it works longer, what was known before is told.
const PATIENCE: Duration = Duration::from_millis(200);

/// How long a client may take to say what it wants.
const REQUEST_TIME: Duration = Duration::from_secs(5);

/// Most bytes of a request.
const REQUEST_SIZE: u64 = 1024;

/// Most bytes of what follows a request that changes something: some million subscriptions.
const CHANGE_SIZE: u64 = 1 << 30;

/// How many requests wait for the service; further ones are answered with what is known.
pub(super) const QUEUE: usize = 16;

/// What a client wants: to hear the status, unless it says something else.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Request {
    /// To hear only when all that happened before is published.
    #[serde(default)]
    pub(super) wait: bool,
    /// To change the hub's subscriptions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) change: Option<Change>,
}

/// What the service's loop is asked for.
#[derive(Debug)]
pub(super) enum Ask {
    /// To bring the status up to date.
    Refresh(oneshot::Sender<()>),
    /// To say that it is there.
    Alive(oneshot::Sender<()>),
    /// To say when all that happened before is published.
    Idle(oneshot::Sender<()>),
    /// The same, when all that happened before has come in.
    IdleNow(oneshot::Sender<()>),
}

/// The socket. It is gone when this is dropped.
#[derive(Debug)]
pub(super) struct Front {
    path: PathBuf,
    task: JoinHandle<()>,
}

impl Front {
    /// Listens in the state folder, which is the caller's by lock, so that what is left of an earlier service is replaced.
    pub(super) fn open(state: &Path, live: Arc<Live>, asks: mpsc::Sender<Ask>) -> io::Result<Self> {
        std::fs::create_dir_all(state)?;
        let short = Short::of(state)?;
        let (new, path) = (short.join("status.new"), short.join(SOCKET));
        let _ = std::fs::remove_file(&new);
        let listener = UnixListener::bind(&new)?;
        std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o600))?;
        // Nobody can connect before the permissions are set.
        std::fs::rename(&new, &path)?;
        let task = tokio::spawn(serve(listener, live, asks));
        Ok(Self { path: state.join(SOCKET), task })
    }
}

impl Front {
    /// Whether it can no longer be found, as when its folder was removed. A disk that fails says nothing of that.
    pub(super) fn is_gone(&self) -> bool {
        self.path.try_exists().is_ok_and(|is_there| !is_there)
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.task.abort();
        let _ = std::fs::remove_file(&self.path);
    }
}

/// A folder under a name that fits into the address of a socket (108 bytes, unix(7)) however long its own is.
struct Short {
    path: PathBuf,
    _folder: Option<OwnedFd>,
}

impl Short {
    fn of(folder: &Path) -> io::Result<Self> {
        if folder.as_os_str().len() < 80 || !Path::new("/proc/self/fd").is_dir() {
            return Ok(Self { path: folder.to_owned(), _folder: None });
        }
        let open = rustix::fs::open(folder, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        Ok(Self { path: format!("/proc/self/fd/{}", open.as_raw_fd()).into(), _folder: Some(open) })
    }

    fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

async fn serve(listener: UnixListener, live: Arc<Live>, asks: mpsc::Sender<Ask>) {
    loop {
        match listener.accept().await {
            Ok((client, _)) => drop(tokio::spawn(answer(client, Arc::clone(&live), asks.clone()))),
            // Out of descriptors: those who ask wait until there are some.
            Err(_) => tokio::time::sleep(PATIENCE).await,
        }
    }
}

/// Answers one client; what goes wrong is its own loss.
async fn answer(mut client: UnixStream, live: Arc<Live>, asks: mpsc::Sender<Ask>) {
    let (reader, mut writer) = client.split();
    let mut line = String::new();
    let mut lines = BufReader::new(reader.take(REQUEST_SIZE));
    let read = tokio::time::timeout(REQUEST_TIME, lines.read_line(&mut line)).await;
    if !matches!(read, Ok(Ok(_))) {
        return;
    }
    let request: Request = match serde_json::from_str(&line) {
        Ok(request) => request,
        Err(error) => {
            let text = serde_json::json!({ "error": format!("the request was not understood: {error}") });
            return say(&mut writer, &text).await;
        }
    };
    if let Some(what) = request.change {
        lines.get_mut().set_limit(CHANGE_SIZE);
        return say(&mut writer, &change::answer(what, lines, &live).await).await;
    }
    if request.wait {
        let mut gone = lines.into_inner();
        let mut rest = [0];
        tokio::select! {
            is_idle = until_idle(&asks) => if !is_idle { return },
            // A client that has hung up waits no longer.
            _ = gone.read(&mut rest) => return,
        }
    }
    refresh(&asks).await;
    say(&mut writer, &live.status()).await;
}

async fn say(writer: &mut WriteHalf<'_>, answer: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(answer) {
        let _ = writer.write_all(format!("{text}\n").as_bytes()).await;
    }
}

/// Has the status brought up to date, if the service gets to it soon.
pub(super) async fn refresh(asks: &mpsc::Sender<Ask>) {
    let (done, refreshed) = oneshot::channel();
    if asks.try_send(Ask::Refresh(done)).is_ok() {
        let _ = tokio::time::timeout(PATIENCE, refreshed).await;
    }
}

/// Whether the loop of the service answers within this time.
pub(super) async fn is_alive(asks: &mpsc::Sender<Ask>, limit: Duration) -> bool {
    let (done, alive) = oneshot::channel();
    let asked = async { asks.send(Ask::Alive(done)).await.is_ok() && alive.await.is_ok() };
    tokio::time::timeout(limit, asked).await.unwrap_or(false)
}

async fn until_idle(asks: &mpsc::Sender<Ask>) -> bool {
    let (done, idle) = oneshot::channel();
    asks.send(Ask::Idle(done)).await.is_ok() && idle.await.is_ok()
}

/// Why nothing was heard of a service.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// There is none.
    #[error("no service keeps these feeds current (nobody listens at {})\n  `syndicated run` starts one", .0.display())]
    Nobody(PathBuf),
    /// It took longer than the caller waits.
    #[error("the service was not idle within {0} seconds")]
    TimedOut(u64),
    /// It ended, or may not be asked.
    #[error("cannot ask the service at {}: {error}", path.display())]
    Io {
        /// The socket.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

impl AskError {
    pub(super) fn of(state: &Path, error: io::Error) -> Self {
        let path = state.join(SOCKET);
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused | io::ErrorKind::NotADirectory => {
                Self::Nobody(path)
            }
            _ => Self::Io { path, error },
        }
    }
}

/// Asks the service whose state is in this folder; with `wait`, when all that happened before is published.
///
/// # Errors
/// When there is no such service, or it is not idle within `limit`.
pub async fn ask(state: &Path, wait: bool, limit: Option<Duration>) -> Result<Status, AskError> {
    let request = Request { wait, ..Request::default() };
    let asked = exchange(state, &request, "");
    let answered = match limit {
        None => asked.await,
        Some(limit) => tokio::time::timeout(limit, asked).await.map_err(|_| AskError::TimedOut(limit.as_secs()))?,
    };
    answered.map_err(|error| AskError::of(state, error))
}

/// Says what is wanted, and what follows it; the answer.
pub(super) async fn exchange<T: DeserializeOwned>(state: &Path, request: &Request, rest: &str) -> io::Result<T> {
    let short = Short::of(state)?;
    let mut service = UnixStream::connect(short.join(SOCKET)).await?;
    service.write_all(format!("{}\n{rest}", serde_json::to_string(request)?).as_bytes()).await?;
    // Nothing follows. Who waits for the status shows by the open end that it is still there.
    if request.change.is_some() {
        service.shutdown().await?;
    }
    let mut text = String::new();
    service.read_to_string(&mut text).await?;
    if text.is_empty() {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it ended"));
    }
    Ok(serde_json::from_str(&text)?)
}
