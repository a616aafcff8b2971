//! The commands: arguments in, an exit code out. One file a command.

mod args;
mod build;
mod check;
mod complete;
mod hub;
mod ids;
mod init;
mod inspect;
mod list;
mod ping;
mod progress;
mod run;
mod serve;
mod show;
mod snippets;
mod status;

use std::path::{Path, PathBuf};

use tokio::runtime::Runtime;

use crate::config::{self, Config, ConfigError, LogFormat, LogLevel, Overrides};
use crate::engine::EngineError;
use crate::publisher::{Lock, LockError};
use crate::service::{AskError, ServiceError, start_logging};

pub use args::{Cli, Command};
use args::{Site, Volume};

/// How a command ended: one table for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done.
    Done = 0,
    /// 1: there are findings (`check`: errors, with `--deny warnings` also warnings; `build --strict`: errors).
    Findings = 1,
    /// 2: nothing was done (arguments, configuration, lock, posts folder).
    Nothing = 2,
    /// 3: published in part (disk full, foreign file).
    Partial = 3,
}

/// Why a command could not begin, or not go on.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Posts, catalog or output.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Another instance.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The service.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// A service that was asked.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// Anything else, said in a sentence.
    #[error("{0}")]
    Other(String),
}

/// Runs a command.
///
/// # Errors
/// When nothing was done: exit code 2.
pub fn execute(cli: Cli) -> Result<Exit, CommandError> {
    match cli.command {
        Command::Build(args) => build::build(&args),
        Command::Run(args) => run::run(&args),
        Command::Serve(args) => serve::serve(&args),
        Command::Status(args) => status::status(&args),
        Command::Check(args) => check::check(&args),
        Command::Inspect(args) => inspect::inspect(&args),
        Command::List(args) => list::list(&args),
        Command::Snippets(args) => snippets::snippets(&args),
        Command::Ids(args) => ids::ids(&args),
        Command::Ping(args) => ping::ping(&args),
        Command::Hub(args) => hub::hub(&args),
        Command::Init(args) => init::init(&args),
        Command::Completions(args) => complete::completions(&args),
        Command::Man(args) => complete::man(&args),
    }
}

/// The configuration that the arguments, the environment and the files give.
fn load(site: &Site) -> Result<Config, CommandError> {
    load_with(&site.overrides())
}

/// The same with what else the command line says.
fn load_with(overrides: &Overrides) -> Result<Config, CommandError> {
    let env: Vec<(String, String)> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
        .filter(|(name, _)| name.starts_with("SYNDICATED_"))
        .collect();
    let zone = iana_time_zone::get_timezone().ok();
    Ok(config::load(overrides, &env, &current_dir()?, zone.as_deref())?)
}

fn current_dir() -> Result<PathBuf, CommandError> {
    std::env::current_dir().map_err(|error| CommandError::Other(format!("the current folder is not there: {error}")))
}

/// Logs as the arguments say, else as the configuration does.
fn log(config: &Config, json: bool, volume: &Volume) {
    let format = if json { LogFormat::Json } else { config.log };
    let level = match (volume.quiet, volume.verbose) {
        (true, _) => LogLevel::Warn,
        (_, true) => LogLevel::Debug,
        _ => config.log_level,
    };
    start_logging(format, level);
}

/// Threads for those who ask; the loop of a service stays on the one that it begins on.
fn runtime(threads: usize) -> Result<Runtime, CommandError> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let built = builder.worker_threads(threads).thread_name("answers").enable_all().build();
    built.map_err(|error| CommandError::Other(format!("cannot start: {error}")))
}

/// Takes the output for this process.
fn lock(config: &Config) -> Result<Lock, CommandError> {
    Ok(Lock::acquire(&config.output.dir, &config.state)?)
}

/// A path as a person at `from` would write it.
fn relative(path: &Path, from: &Path) -> String {
    path.strip_prefix(from).ok().filter(|path| !path.as_os_str().is_empty()).unwrap_or(path).display().to_string()
}
