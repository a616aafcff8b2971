//! `run` as a fixture: started, watched by what it logs and publishes, ended when dropped.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::fixture::Site;

/// How long anything may take on a slow machine.
const DEADLINE: Duration = Duration::from_secs(20);
/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(3);

/// A service that runs.
pub(crate) struct Running {
    child: Child,
    log: Arc<Log>,
}

/// What it has logged so far.
#[derive(Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    more: Condvar,
}

impl Site {
    /// Starts `run` and waits until everything is published once.
    pub(crate) fn start(&self) -> Running {
        self.start_with(&[])
    }

    /// The same, with further arguments.
    pub(crate) fn start_with(&self, arguments: &[&str]) -> Running {
        let running = Running::spawn(self.command(["run"].iter().chain(arguments)));
        running.logs("ready");
        running
    }
}

impl Running {
    /// Starts a command that is, or becomes, a service.
    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Log::default());
        let (to, from) = (Arc::clone(&log), child.stderr.take().unwrap());
        thread::spawn(move || {
            for line in BufReader::new(from).lines().map_while(Result::ok) {
                to.lines.lock().unwrap().push(line);
                to.more.notify_all();
            }
        });
        Self { child, log }
    }

    /// Waits until a line with this text is logged, now or earlier, and returns it.
    pub(crate) fn logs(&self, text: &str) -> String {
        let find = |lines: &Vec<String>| lines.iter().find(|line| line.contains(text)).cloned();
        let lines = self.log.lines.lock().unwrap();
        let (lines, _) = self.log.more.wait_timeout_while(lines, DEADLINE, |lines| find(lines).is_none()).unwrap();
        find(&lines).unwrap_or_else(|| panic!("{text:?} was never logged:\n{}", lines.join("\n")))
    }

    /// What was logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lines.lock().unwrap().join("\n")
    }

    /// Waits until a condition holds.
    pub(crate) fn until(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let began = Instant::now();
        while !holds() {
            assert!(began.elapsed() < DEADLINE, "never: {what}; the log:\n{}", self.log());
            thread::park_timeout(LOOK);
        }
    }

    /// Waits until the service itself says that all which was changed before is published.
    #[track_caller]
    pub(crate) fn settles(&self, site: &Site) {
        let limit = DEADLINE.as_secs().to_string();
        let asked = site.run_cmd(["status", "--wait", "--timeout", &limit]);
        assert_eq!(asked.code, 0, "{}{}; the log:\n{}", asked.stdout, asked.stderr, self.log());
    }

    /// Waits until all is published, and holds every file against a build from nothing.
    #[track_caller]
    pub(crate) fn as_built(&self, site: &Site) {
        self.settles(site);
        let (published, again) = (site.published(), site.built_again());
        let differ = |path: &&String| published.get(*path) != again.get(*path);
        let differing: Vec<_> = published.keys().chain(again.keys()).filter(differ).collect();
        assert!(differing.is_empty(), "not as built from nothing: {differing:?}; the log:\n{}", self.log());
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn send(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Stops it where it is, and waits until no thread of it runs any more.
    pub(crate) fn pauses(&self) {
        self.send(Signal::STOP);
        let tasks = format!("/proc/{}/task", self.pid());
        let is_stopped = |task: PathBuf| {
            let stat = fs::read_to_string(task.join("stat")).unwrap_or_default();
            stat.rsplit_once(") ").is_none_or(|(_, fields)| fields.starts_with('T'))
        };
        let all = || fs::read_dir(&tasks).unwrap().flatten().all(|task| is_stopped(task.path()));
        self.until("every thread is stopped", all);
    }

    /// Asks it to end, and waits until it has: its exit code.
    pub(crate) fn stop(&mut self, signal: Signal) -> Option<i32> {
        self.send(signal);
        self.ended()
    }

    /// Waits until it has ended by itself: its exit code.
    pub(crate) fn ended(&mut self) -> Option<i32> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(began.elapsed() < DEADLINE, "it does not end; the log:\n{}", self.log());
            thread::park_timeout(LOOK);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
