//! The program `syndicated`: parses arguments, runs a command, and maps its end to an exit code.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use syndicated::cli::{Cli, Exit, execute};

// That of musl lets one thread in at a time, and a build takes more than twice as long.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let exit = execute(Cli::parse()).unwrap_or_else(|error| {
        // Where even that cannot be said, the exit code still can.
        let _ = writeln!(std::io::stderr().lock(), "syndicated: {error}");
        Exit::Nothing
    });
    ExitCode::from(exit as u8)
}
