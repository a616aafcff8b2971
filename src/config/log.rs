//! How the services log.

/// How `run` logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people and journald.
    Text,
    /// One JSON object a line.
    Json,
}

/// The least that is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// What needs someone to act.
    Error,
    /// What may need someone to act.
    Warn,
    /// What was done.
    Info,
    /// Why it was done.
    Debug,
    /// Everything.
    Trace,
}
