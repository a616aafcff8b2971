//! What can be said to `ping` and `hub`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Site;

/// `ping`.
#[derive(Debug, Args)]
pub struct Ping {
    /// Which site.
    #[command(flatten)]
    pub site: Site,
    /// Say nothing but what went wrong
    #[arg(short, long)]
    pub quiet: bool,
}

/// `hub`.
#[derive(Debug, Args)]
pub struct Hub {
    /// What to do.
    #[command(subcommand)]
    pub command: HubCommand,
}

/// What `hub` does.
#[derive(Debug, Subcommand)]
pub enum HubCommand {
    /// List who subscribes: feed, end, whether content is signed, callback
    List(HubList),
    /// Print the subscriptions as lines of JSON, with their secrets
    Export(HubExport),
    /// Take subscriptions that `export` has printed, also while a service runs
    Import(HubImport),
    /// Remove subscriptions, and tell their subscribers, also while a service runs
    Remove(HubRemove),
}

/// `hub list`.
#[derive(Debug, Args)]
pub struct HubList {
    /// Which site.
    #[command(flatten)]
    pub site: Site,
    /// Print a JSON array
    #[arg(long)]
    pub json: bool,
}

/// `hub export`.
#[derive(Debug, Args)]
pub struct HubExport {
    /// Which site.
    #[command(flatten)]
    pub site: Site,
}

/// `hub import`.
#[derive(Debug, Args)]
pub struct HubImport {
    /// What `export` has printed; `-` for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Which site.
    #[command(flatten)]
    pub site: Site,
}

/// `hub remove`.
#[derive(Debug, Args)]
pub struct HubRemove {
    /// Callbacks, or hosts: all of theirs
    #[arg(value_name = "CALLBACK", required = true)]
    pub callbacks: Vec<String>,
    /// Which site.
    #[command(flatten)]
    pub site: Site,
}
