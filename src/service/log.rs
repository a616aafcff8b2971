//! How a service logs: text for people and journald, or JSON for machines, on standard error.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

use crate::clock;
use crate::config::{LogFormat, LogLevel, Zone};
use crate::model::Timestamp;

/// How many things a line names.
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
        LogFormat::Text if io::stderr().is_terminal() => builder.with_timer(WallClock::here()).try_init(),
        LogFormat::Text => builder.with_ansi(false).try_init(),
    };
}

/// The time of day where the machine is, which is all that a person at a terminal needs.
struct WallClock(Zone);

impl WallClock {
    fn here() -> Self {
        let name = iana_time_zone::get_timezone().ok();
        Self(name.and_then(|name| Zone::parse(&name)).unwrap_or(Zone::UTC))
    }
}

impl FormatTime for WallClock {
    fn format_time(&self, to: &mut Writer<'_>) -> std::fmt::Result {
        let now = Timestamp::from_micros(clock::now(), 0).map(|now| self.0.show(now.date_time()));
        now.map_or(Ok(()), |now| write!(to, "{}", now.format("%H:%M:%S")))
    }
}

/// The first few of these, and how many more.
pub(super) fn some(things: &[impl ToString]) -> String {
    let mut text = things.iter().take(NAMED).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if let Some(more) = things.len().checked_sub(NAMED).filter(|more| *more > 0) {
        text.push_str(&format!(", and {more} more"));
    }
    text
}

/// A number of things.
pub(super) fn count(number: u64, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}
