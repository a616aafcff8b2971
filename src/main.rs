//! The program `syndicated`: parses arguments, runs a command, and maps its end to an exit code.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use syndicated::cli::{Cli, Exit, execute};

fn main() -> ExitCode {
    let exit = execute(Cli::parse()).unwrap_or_else(|error| {
        // Where even that cannot be said, the exit code still can.
        let _ = writeln!(std::io::stderr().lock(), "syndicated: {error}");
        Exit::Nothing
    });
    ExitCode::from(exit as u8)
}
