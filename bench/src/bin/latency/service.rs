//! The service under test: its start, its first publication, its memory, its end.

use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use std::{fs, thread};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::Result;

const POLL: Duration = Duration::from_millis(50);
const STOP_TIMEOUT: Duration = Duration::from_secs(60);

/// A running `syndicated run`; killed when dropped.
#[derive(Debug)]
pub(crate) struct Service(Child);

/// What the kernel says of a process, in KiB.
#[derive(Debug)]
pub(crate) struct Memory {
    /// `VmRSS`.
    pub(crate) resident: u64,
    /// `VmHWM`.
    pub(crate) peak: u64,
}

impl Service {
    pub(crate) fn start(program: &Path, site: &Path, out: &Path, state: &Path, listen: Option<&str>) -> Result<Self> {
        let mut command = Command::new(program);
        command.arg("run").arg("--site").arg(site).arg("--out").arg(out).arg("--state").arg(state);
        command.args(listen.into_iter().flat_map(|address| ["--listen", address]));
        let child = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
        Ok(Self(child))
    }

    /// Waits until the output has its manifest, and tells the categories whose label is sure to be their folder's name.
    pub(crate) fn first_publication(&mut self, out: &Path, timeout: Duration) -> Result<Vec<String>> {
        let start = Instant::now();
        while !out.join(".syndicated.json").exists() {
            if let Some(status) = self.0.try_wait()? {
                return Err(format!("the service ended before its first publication: {status}").into());
            }
            if start.elapsed() > timeout {
                return Err("no first publication in time".into());
            }
            thread::sleep(POLL);
        }
        let mut categories = Vec::new();
        for entry in fs::read_dir(out)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.bytes().all(|b| b.is_ascii_lowercase()) && entry.path().join("atom.xml").exists() {
                categories.push(name);
            }
        }
        categories.sort();
        if categories.is_empty() {
            return Err("no category feed has been published".into());
        }
        Ok(categories)
    }

    pub(crate) fn memory(&self) -> Result<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let field = |name: &str| -> Result<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or(format!("no {name}"))?;
            Ok(line.trim_end_matches("kB").trim().parse()?)
        };
        Ok(Memory { resident: field("VmRSS:")?, peak: field("VmHWM:")? })
    }

    /// Asks the service to end, and waits until it has.
    pub(crate) fn stop(mut self) -> Result<()> {
        kill(self.pid()?, Signal::SIGTERM)?;
        let start = Instant::now();
        loop {
            match self.0.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(format!("the service ended badly: {status}").into()),
                None if start.elapsed() > STOP_TIMEOUT => return Err("the service does not end".into()),
                None => thread::sleep(POLL),
            }
        }
    }

    fn pid(&self) -> Result<Pid> {
        Ok(Pid::from_raw(i32::try_from(self.0.id())?))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Ok(None) = self.0.try_wait() {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}
