//! What can be said to `run` and `serve`.

use clap::Args;

use super::{Publication, Site, Volume};

/// `run`.
#[derive(Debug, Args)]
pub struct Run {
    /// As for `build`.
    #[command(flatten)]
    pub publication: Publication,
    /// Where to serve the feeds by HTTP; may be given more than once
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Vec<String>,
    /// Where operators look: metrics, health, a status page
    #[arg(long, value_name = "ADDRESS")]
    pub admin: Vec<String>,
    /// Be a WebSub hub for these feeds
    #[arg(long)]
    pub hub: bool,
    /// Log as JSON, one object a line
    #[arg(long)]
    pub json: bool,
}

/// `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Which site.
    #[command(flatten)]
    pub site: Site,
    /// Where to listen; may be given more than once [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Vec<String>,
    /// Where operators look: metrics, health, a status page
    #[arg(long, value_name = "ADDRESS")]
    pub admin: Vec<String>,
    /// How much is said.
    #[command(flatten)]
    pub volume: Volume,
    /// Log as JSON, one object a line
    #[arg(long)]
    pub json: bool,
}
