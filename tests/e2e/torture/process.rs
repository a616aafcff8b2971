//! What a process takes of the machine, as Linux tells it (proc(5)).

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

/// Ticks of a second in which proc(5) tells CPU time, on every architecture of today.
const TICKS: f64 = 100.0;

pub(super) struct Process {
    folder: PathBuf,
}

/// At one moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usage {
    /// Open descriptors.
    pub(super) files: u64,
    /// Bytes in memory.
    pub(super) resident: u64,
    /// The most bytes that it ever had there.
    pub(super) peak: u64,
    /// CPU time since it began.
    pub(super) cpu: Duration,
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        write!(f, "{} open files, {:.1} MiB, at most {:.1} MiB", self.files, mib(self.resident), mib(self.peak))
    }
}

impl Process {
    pub(super) fn of(pid: u32) -> Self {
        Self { folder: format!("/proc/{pid}").into() }
    }

    pub(super) fn usage(&self) -> Usage {
        let status = self.read("status");
        let kib = |name: &str| number(&status, name) << 10;
        let stat = self.read("stat");
        // Behind the name in parentheses: utime and stime are the 14th and 15th field of all.
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        let ticks: f64 = fields[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum();
        Usage {
            files: fs::read_dir(self.folder.join("fd")).unwrap().count() as u64,
            resident: kib("VmRSS:"),
            peak: kib("VmHWM:"),
            cpu: Duration::from_secs_f64(ticks / TICKS),
        }
    }

    /// The names of its threads.
    pub(super) fn threads(&self) -> Vec<String> {
        self.tasks().iter().filter_map(|task| fs::read_to_string(task.join("comm")).ok()).collect()
    }

    /// How often its threads went to sleep in that time from now on: each time something had woken them.
    pub(super) fn wakeups_during(&self, time: Duration) -> u64 {
        let (before, until) = (self.sleeps(), Instant::now() + time);
        while let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            thread::park_timeout(left);
        }
        self.sleeps() - before
    }

    fn sleeps(&self) -> u64 {
        let statuses = self.tasks().into_iter().filter_map(|task| fs::read_to_string(task.join("status")).ok());
        statuses.map(|it| number(&it, "voluntary_ctxt_switches:")).sum()
    }

    fn tasks(&self) -> Vec<PathBuf> {
        let tasks = fs::read_dir(self.folder.join("task"));
        tasks.map_or_else(|_| Vec::new(), |tasks| tasks.filter_map(|task| Some(task.ok()?.path())).collect())
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap()
    }
}

/// The number behind a name, in a line of its own.
fn number(status: &str, name: &str) -> u64 {
    let value = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("no {name}"));
    value.split_whitespace().next().unwrap().parse().unwrap()
}
