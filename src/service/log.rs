//! How a service logs: text for people and journald, or JSON for machines, on standard error.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;

use crate::config::{LogFormat, LogLevel};
use crate::model::FeedKey;

/// How many feeds a line names.
const NAMED: usize = 5;

/// Logs from now on. A second call changes nothing.
pub fn start(format: LogFormat, level: LogLevel) {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let builder = fmt().with_max_level(level).with_writer(io::stderr).with_target(false);
    // A logger that is there already stays: only a test starts two.
    let _ = match format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text if std::env::var_os("JOURNAL_STREAM").is_some() => {
            builder.with_ansi(false).without_time().try_init()
        }
        LogFormat::Text => builder.with_ansi(io::stderr().is_terminal()).try_init(),
    };
}

/// The first few of these feeds, and how many more.
pub(super) fn some(feeds: &[FeedKey]) -> String {
    let mut text = feeds.iter().take(NAMED).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if let Some(more) = feeds.len().checked_sub(NAMED).filter(|more| *more > 0) {
        text.push_str(&format!(", and {more} more"));
    }
    text
}
