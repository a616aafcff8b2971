//! What a running service says of itself to those who ask.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::delivery;
use crate::websub::Numbers;

/// The state of a service.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The program's version.
    pub version: String,
    /// Its process.
    pub pid: u32,
    /// How long it has run, in seconds.
    pub uptime: u64,
    /// The folder of the site.
    pub site: String,
    /// The folder of the feeds.
    pub output: String,
    /// What it does now.
    pub state: State,
    /// What it is at, while it works.
    pub working: Option<Working>,
    /// Posts by what became of them; `None` before the first publication.
    pub posts: Option<Posts>,
    /// How many feeds there are.
    pub feeds: u64,
    /// What waits to be looked at.
    pub queue: Queue,
    /// The last publication that changed a file, or the first of all.
    pub last: Option<Publication>,
    /// The last few of them, the newest first.
    #[serde(default)]
    pub recent: Vec<Publication>,
    /// How many publications changed a file since it began.
    pub publications: u64,
    /// The next instant at which a feed changes by itself (RFC 3339).
    pub next: Option<String>,
    /// How many findings are errors.
    pub errors: u64,
    /// How many are warnings.
    pub warnings: u64,
    /// The first of them, errors before warnings, as `check --format json` has them.
    pub findings: Vec<Value>,
    /// What could not be done, and is tried again.
    pub failing: Vec<String>,
    /// How many seconds until then.
    pub retry: Option<u64>,
    /// What hinders its watching.
    pub problems: Vec<String>,
    /// What serves the feeds, where there is that.
    pub server: Option<Server>,
    /// Hubs and subscribers, where somebody is told of changes.
    pub websub: Option<Numbers>,
    /// Memory in use, where the system tells.
    pub memory: Option<Memory>,
}

/// What a service does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It has not published anything yet.
    #[default]
    Starting,
    /// It reads posts or writes feeds.
    Working,
    /// It waits for a post that is being written, or a reload waits for one.
    Waiting,
    /// Something could not be published, and is tried again.
    Failing,
    /// All that is known is published.
    Idle,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Working {
    /// For so long, in milliseconds.
    pub milliseconds: u64,
    /// Inputs that were looked at.
    pub inputs: u64,
    /// Feeds that were made.
    pub feeds: u64,
}

/// Posts by what became of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Posts {
    /// In the feed of all posts, or would be if it had no limit.
    pub kept: u64,
    /// In no feed.
    pub left_out: u64,
    /// Why, in words.
    #[serde(default)]
    pub reasons: BTreeMap<String, u64>,
}

/// What waits to be looked at.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// Files and folders of which something was told.
    pub paths: u64,
    /// Whether everything is in doubt.
    pub everything: bool,
}

/// What changed at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Publication {
    /// When (RFC 3339).
    pub at: String,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
    /// Files of feeds that were written.
    pub written: u64,
    /// Files that were removed.
    pub removed: u64,
    /// The feeds, in words.
    pub feeds: String,
    /// The posts, in words.
    pub posts: String,
}

/// The server of a service.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Server {
    /// Where it listens.
    pub listening: Vec<String>,
    /// Files that it serves.
    pub files: usize,
    /// Connections that are open.
    pub connections: usize,
    /// Connections that were refused, since the start.
    pub refused: u64,
    /// Requests that were answered, since the start.
    pub requests: u64,
    /// Those of them with `304`.
    pub not_modified: u64,
    /// Those of them with `4xx` or `5xx`.
    pub errors: u64,
    /// Bytes of bodies, since the start.
    pub bytes: u64,
    /// Bytes that were not sent, against every feed whole and as it is.
    #[serde(default)]
    pub saved: u64,
    /// Bytes of memory that bodies take.
    pub cached: u64,
    /// Requests that were answered with what is new alone, `226`, since the start.
    #[serde(default)]
    pub delta_answers: u64,
    /// Bytes of bodies that these spared.
    #[serde(default)]
    pub bytes_saved: u64,
}

impl Server {
    pub(super) fn bring_up_to_date(&mut self, state: &delivery::State) {
        let served = &state.served;
        *self = Self {
            listening: std::mem::take(&mut self.listening),
            files: state.files,
            connections: state.connections,
            refused: served.refused,
            requests: served.requests(),
            not_modified: served.not_modified(),
            errors: served.errors(),
            bytes: served.bytes(),
            saved: served.saved(),
            cached: state.memory,
            delta_answers: served.delta_answers(),
            bytes_saved: served.spared(),
        };
    }
}

/// Memory, in bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// Now.
    pub resident: u64,
    /// At the highest.
    pub peak: u64,
}

impl Memory {
    /// Of this process (proc(5), `VmRSS` and `VmHWM`).
    pub(super) fn of_this_process() -> Option<Self> {
        let text = std::fs::read_to_string("/proc/self/status").ok()?;
        let bytes = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
        };
        Some(Self { resident: bytes("VmRSS:")?, peak: bytes("VmHWM:")? })
    }
}

/// Seconds in the two largest units.
#[must_use]
pub fn spell(seconds: u64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (0, _, _) => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}
