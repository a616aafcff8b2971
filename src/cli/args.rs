//! What can be said on the command line.

mod push;
mod serve;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::Overrides;
use crate::engine::Start;
pub(super) use push::{Hub, HubCommand, HubExport, HubImport, HubList, HubRemove, Ping};
pub(super) use serve::{Run, Serve};

/// One RSS and one Atom feed per category, from a folder of posts.
#[derive(Debug, Parser)]
#[command(
    name = "syndicated",
    version,
    about = "Turns a folder of posts into RSS and Atom feeds, one pair a category, and keeps them current",
    help_template = "{about-with-newline}\n{usage-heading} {usage}\n\nCommands:\n{subcommands}{after-help}",
    after_help = "Examples:\n  syndicated build --site .      feeds of the site here, without any configuration\n  \
                  syndicated check               what is wrong with posts, with line and caret\n\
                  Exit codes: 0 done, 1 findings, 2 nothing done, 3 in part; `syndicated COMMAND --help` tells more",
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write all feeds once, and end
    #[command(after_long_help = "Examples:\n  \
        syndicated build                                     by syndicated.toml or config.toml here\n  \
        syndicated build --site . --out _site/feeds          a Jekyll site, nothing to configure\n  \
        syndicated build --site . --base-url https://x.org   its address, where the site does not say\n  \
        syndicated build --strict                            for CI: ends with 1 if a post has an error\n  \
        syndicated build --pin                               from then on each post keeps its id\n  \
        syndicated build --json | jq '.posts'                the report for programs")]
    Build(Build),
    /// Write all feeds, then keep them current until stopped
    #[command(after_long_help = "Examples:\n  \
        syndicated run                                       by syndicated.toml or config.toml here\n  \
        syndicated run --site /srv/blog --out /srv/www/feeds\n  \
        syndicated run --listen 127.0.0.1:8080               serves the feeds by HTTP, too\n  \
        SYNDICATED_LOG_FORMAT=json syndicated run            logs for machines\n\n\
        Signals: SIGHUP reads the configuration again (a broken one is refused), SIGINT and SIGTERM end it\n\
        with everything published that was noticed.")]
    Run(Run),
    /// Serve feeds that are already built, by HTTP, and follow what becomes of them
    #[command(after_long_help = "Examples:\n  \
        syndicated serve                                     on 127.0.0.1:8080, by the configuration here\n  \
        syndicated serve --site . --out /srv/www/feeds --listen '[::]:80'\n  \
        syndicated serve --listen unix:/run/syndicated/http.sock\n\n\
        Signals: SIGHUP reads the configuration again, SIGINT and SIGTERM end it.")]
    Serve(Serve),
    /// Ask the service that runs how it is
    #[command(after_long_help = "Examples:\n  \
        syndicated status                                    what it does, what is wrong, what comes next\n  \
        syndicated status --wait                             when all that was saved is published\n  \
        syndicated status --json | jq .state\n  \
        syndicated status --state /var/lib/syndicated/state  whatever has become of the configuration\n\n\
        Ends with 0 if all is well, with 3 if something cannot be published, with 2 if no service runs.")]
    Status(Status),
    /// Say what is wrong with posts, without writing anything
    #[command(after_long_help = "Examples:\n  \
        syndicated check                                     all posts\n  \
        syndicated check _posts/2022-03-31-a.md              one\n  \
        syndicated check --deny warnings --format github     as annotations of a pull request")]
    Check(Check),
    /// Show how one post is understood, and in which feeds it is
    #[command(after_long_help = "Examples:\n  \
        syndicated inspect _posts/2022-03-31-a.md            each field, and where it came from\n  \
        syndicated inspect --entry _posts/2022-03-31-a.md    its Atom entry")]
    Inspect(Inspect),
    /// List the feeds
    #[command(after_long_help = "Examples:\n  \
        syndicated list                                      label, path, posts, newest\n  \
        syndicated list --json | jq -r '.[].paths.atom'")]
    List(List),
    /// Print the <link> lines by which browsers and readers find feeds
    #[command(after_long_help = "Examples:\n  \
        syndicated snippets                                  for the head of every page of the site\n  \
        syndicated snippets --category tech                  for the page of a category")]
    Snippets(Snippets),
    /// Keep the ids of posts, whatever becomes of their addresses
    #[command(after_long_help = "Examples:\n  \
        syndicated ids pin                                   keep the ids that the posts have now\n  \
        syndicated ids import old/feed.xml                   take over those of another program's feed")]
    Ids(Ids),
    /// Tell hubs which feeds have changed, once they can be fetched
    #[command(after_long_help = "Examples:\n  \
        syndicated ping                                      after the feeds were put where readers fetch them\n  \
        syndicated build --ping                              both, where the output is live at once\n\n\
        `run` does it by itself. Ends with 3 if a hub could not be told: the next one tells it.")]
    Ping(Ping),
    /// Look after the subscriptions of the hub that `run --hub` is
    #[command(after_long_help = "Examples:\n  \
        syndicated hub list                                  feed, end, signed or not, callback\n  \
        syndicated hub export >subscriptions.jsonl           all that another machine needs, secrets too")]
    Hub(Hub),
    /// Write a commented configuration for the site here
    #[command(after_long_help = "Examples:\n  syndicated init\n  syndicated init --site /srv/blog")]
    Init(Init),
    /// Print completions for a shell
    #[command(after_long_help = "Example:\n  \
        syndicated completions bash > /usr/share/bash-completion/completions/syndicated")]
    Completions(Completions),
    /// Print the manual page, or write those of all commands into a folder
    #[command(after_long_help = "Examples:\n  syndicated man | man -l -\n  syndicated man --out /usr/share/man/man1")]
    Man(Man),
}

/// Which site, and where its feeds go.
#[derive(Debug, Args)]
pub struct Site {
    /// Configuration file [default: syndicated.toml here, else config.toml if it has a [source] table]
    #[arg(long, value_name = "FILE", conflicts_with = "site")]
    pub config: Option<PathBuf>,
    /// Folder of the site; needs no configuration (DIR/syndicated.toml is read if it is there)
    #[arg(long, value_name = "DIR")]
    pub site: Option<PathBuf>,
    /// Address of the site [default: what the site's own configuration says]
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Folder for the feeds [default: feeds]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Folder for the catalog and the lock [default: .syndicated/<name of the output>, beside it]
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
}

impl Site {
    pub(super) fn overrides(&self) -> Overrides {
        Overrides {
            config: self.config.clone(),
            site: self.site.clone(),
            base_url: self.base_url.clone(),
            out: self.out.clone(),
            state: self.state.clone(),
            listen: Vec::new(),
            admin: Vec::new(),
            hub: false,
        }
    }
}

/// How much is said.
#[derive(Debug, Args)]
pub struct Volume {
    /// Say nothing but what went wrong
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more: every finding, every feed that changed
    #[arg(short, long)]
    pub verbose: bool,
}

/// What `build` and `run` have in common.
#[derive(Debug, Args)]
pub struct Publication {
    /// Which site.
    #[command(flatten)]
    pub site: Site,
    /// End with 1 if a post has an error (`run`: at the start)
    #[arg(long)]
    pub strict: bool,
    /// Read every post again (`run`: at the start), whatever the catalog knows
    #[arg(long)]
    pub full: bool,
    /// A site without any post is meant: its feeds may go
    #[arg(long)]
    pub allow_empty: bool,
    /// How much is said.
    #[command(flatten)]
    pub volume: Volume,
}

impl Publication {
    pub(super) fn start(&self) -> Start {
        Start { full: self.full, allow_empty: self.allow_empty }
    }
}

/// `build`.
#[derive(Debug, Args)]
pub struct Build {
    /// As for `run`.
    #[command(flatten)]
    pub publication: Publication,
    /// Print the report as one JSON object
    #[arg(long)]
    pub json: bool,
    /// Then write the ids of all posts into ids.tsv, so that they keep them
    #[arg(long)]
    pub pin: bool,
    /// Then tell hubs what has changed: the output is live at once
    #[arg(long)]
    pub ping: bool,
}

/// `status`.
#[derive(Debug, Args)]
pub struct Status {
    /// Which site.
    #[command(flatten)]
    pub site: Site,
    /// Wait until all that was changed before is published
    #[arg(long)]
    pub wait: bool,
    /// How many seconds to wait at most
    #[arg(long, value_name = "SECONDS", requires = "wait")]
    pub timeout: Option<u64>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Posts or folders to report on [default: all]
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
    /// Which site.
    #[command(flatten)]
    pub site: Site,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
    /// What else ends with 1, beside errors
    #[arg(long, value_enum, value_name = "WHAT")]
    pub deny: Option<Deny>,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people, with line and caret
    Text,
    /// One JSON array
    Json,
    /// Annotations of GitHub Actions
    Github,
}

/// What else counts as a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// Warnings too
    Warnings,
}

/// `inspect`.
#[derive(Debug, Args)]
pub struct Inspect {
    /// The post
    #[arg(value_name = "POST")]
    pub post: PathBuf,
    /// Which site.
    #[command(flatten)]
    pub site: Site,
    /// Print its Atom entry instead
    #[arg(long)]
    pub entry: bool,
}

/// `list`.
#[derive(Debug, Args)]
pub struct List {
    /// Which site.
    #[command(flatten)]
    pub site: Site,
    /// Print a JSON array
    #[arg(long)]
    pub json: bool,
}

/// `snippets`.
#[derive(Debug, Args)]
pub struct Snippets {
    /// Which site.
    #[command(flatten)]
    pub site: Site,
    /// The feeds of this category [default: those of all posts and of each [[feed]]]
    #[arg(long, value_name = "LABEL")]
    pub category: Option<String>,
}

/// `ids`.
#[derive(Debug, Args)]
pub struct Ids {
    /// What to do.
    #[command(subcommand)]
    pub command: IdsCommand,
}

/// What `ids` does.
#[derive(Debug, Subcommand)]
pub enum IdsCommand {
    /// Write the ids that posts have now into ids.tsv, to be committed: they keep them
    #[command(after_long_help = "Examples:\n  \
        syndicated ids pin                                   by syndicated.toml or config.toml here\n  \
        syndicated ids pin --site . && git add ids.tsv       before the site moves")]
    Pin(Pin),
    /// Write the ids that feeds have for the same pages into ids.tsv: readers see no old post as new
    #[command(after_long_help = "Examples:\n  \
        syndicated ids import https://example.com/feed/      while the old site is still there\n  \
        syndicated ids import old/feed.xml old/news.json     RSS, Atom or JSON Feed\n  \
        syndicated ids import - <feed.xml                    from standard input")]
    Import(Import),
}

/// `ids pin`.
#[derive(Debug, Args)]
pub struct Pin {
    /// Which site.
    #[command(flatten)]
    pub site: Site,
}

/// `ids import`.
#[derive(Debug, Args)]
pub struct Import {
    /// The feeds: files or addresses; `-` for standard input
    #[arg(value_name = "FEED", required = true)]
    pub feeds: Vec<PathBuf>,
    /// Which site.
    #[command(flatten)]
    pub site: Site,
    /// Say of every entry which post it is
    #[arg(short, long)]
    pub verbose: bool,
}

/// `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// Folder of the site [default: here]
    #[arg(long, value_name = "DIR")]
    pub site: Option<PathBuf>,
}

/// `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `man`.
#[derive(Debug, Args)]
pub struct Man {
    /// Folder for one page a command
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}
