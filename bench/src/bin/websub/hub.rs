//! The service under test: a site whose feed is 20 KB, a hub with subscribers, the save of a post.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::Result;
use super::sink::Sink;

/// Bytes of text of each of the 20 posts: with what is around them a feed of 20 KB.
const TEXT: usize = 320;

/// A running service in a folder of its own; both are gone when this is.
pub(crate) struct Hub {
    child: Child,
    folder: PathBuf,
}

/// The address of a host.
pub(crate) fn host(n: usize) -> Ipv4Addr {
    let [_, a, b, c] = (n as u32 + 1).to_be_bytes();
    Ipv4Addr::new(127, a, b, c)
}

impl Hub {
    pub(crate) fn start(program: &Path, sink: &Sink, subscribers: usize, hosts: usize, dead: usize) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("syndicated-websub-{}", std::process::id()));
        fs::create_dir_all(folder.join("site/_posts"))?;
        fs::write(folder.join("site/_config.yml"), "title: Bench\nurl: https://example.com\ntimezone: UTC\n")?;
        let settings = "[source]\npath = \"site\"\n[server]\nlisten = \"127.0.0.1:0\"\n\
            [websub]\nhub = true\nallow_private_callbacks = true\n";
        fs::write(folder.join("syndicated.toml"), settings)?;
        for n in 0..20 {
            post(&folder, &format!("2022-01-{:02}-p", n + 1), n)?;
        }
        fs::write(folder.join("subscriptions.jsonl"), records(sink, subscribers, hosts, dead))?;
        let run = |arguments: &[&str]| -> Result<()> {
            let status = Command::new(program).args(arguments).current_dir(&folder).stdout(Stdio::null()).status()?;
            if status.success() { Ok(()) } else { Err(format!("{arguments:?}: {status}").into()) }
        };
        run(&["build", "--quiet"])?;
        run(&["hub", "import", "subscriptions.jsonl"])?;
        let mut command = Command::new(program);
        command.arg("run").current_dir(&folder).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let log = child.stderr.take().ok_or("no log")?;
        let hub = Self { child, folder };
        let mut lines = BufReader::new(log).lines();
        if !lines.by_ref().map_while(std::result::Result::ok).any(|line| line.contains("ready")) {
            return Err("the service did not begin".into());
        }
        std::thread::spawn(move || lines.for_each(drop));
        Ok(hub)
    }

    /// Saves another post; when it was closed.
    pub(crate) fn save(&mut self, run: usize) -> Result<Instant> {
        post(&self.folder, &format!("2022-02-{:02}-n", run % 28 + 1), 100 + run)?;
        Ok(Instant::now())
    }

    /// What the kernel says of the process, in KiB.
    pub(crate) fn memory(&self, name: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or(format!("no {name}"))?;
        Ok(line.trim_end_matches("kB").trim().parse()?)
    }

    pub(crate) fn stop(mut self) -> Result<()> {
        kill(Pid::from_raw(i32::try_from(self.child.id())?), Signal::SIGTERM)?;
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(format!("the service ended badly: {status}").into()) }
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn post(folder: &Path, name: &str, n: usize) -> Result<()> {
    let text: String = (0..TEXT / 8).map(|word| format!("w{:06} ", (word * 7919 + n * 104_729) % 999_983)).collect();
    let post = format!("---\ntitle: Post {n}\n---\n{text}\n");
    Ok(fs::write(folder.join(format!("site/_posts/{name}.md")), post)?)
}

/// Half of the subscribers with a secret; behind them those that are dead, each on a host of its own.
fn records(sink: &Sink, subscribers: usize, hosts: usize, dead: usize) -> String {
    let mut text = String::new();
    let mut add = |callback: String, has_secret: bool| {
        let secret = if has_secret { ",\"secret\":\"a secret of some length, as it should be\"" } else { "" };
        let topic = "https://example.com/feeds/rss.xml";
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{{\"path\":\"rss.xml\",\"topic\":\"{topic}\",\"callback\":\"{callback}\",\"until\":99999999999{secret}}}"
        );
    };
    for n in 0..dead {
        let port = if n % 2 == 0 { 1025 } else { sink.silent_port() };
        add(format!("http://{}:{port}/dead/{n}", host(hosts + n)), n % 4 < 2);
    }
    (0..subscribers).for_each(|n| add(format!("http://{}:{}/{n}", host(n % hosts), sink.port()), n % 2 == 0));
    text
}
