//! Runs one command and appends its cost as one line: wall, user and system seconds, peak memory in KiB.
//!
//! `peak FILE COMMAND [ARGUMENT...]`; the exit code is the command's.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::process::{Command, ExitCode};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("peak: {error}");
            ExitCode::from(125)
        }
    }
}

fn run() -> Result<u8, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(file), Some(program)) = (arguments.next(), arguments.next()) else {
        return Err("peak FILE COMMAND [ARGUMENT...]".into());
    };
    let start = Instant::now();
    let status = Command::new(program).args(arguments).status()?;
    let wall = start.elapsed().as_secs_f64();
    // The command is the only child and has been waited for: the children's usage is its own.
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let (user, system) = (seconds(usage.user_time()), seconds(usage.system_time()));
    let mut report = OpenOptions::new().create(true).append(true).open(file)?;
    writeln!(report, "{wall:.4} {user:.4} {system:.4} {}", usage.max_rss())?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

fn seconds(time: TimeVal) -> f64 {
    time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6
}
