//! Values that are written in a notation of their own: sizes, durations and permissions.

use std::time::Duration;

/// A number of bytes from `1 MiB`, `500 kB` or `1048576`; `None` when it is none.
pub(super) fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1000,
        "kib" | "k" => 1 << 10,
        "mb" => 1_000_000,
        "mib" | "m" => 1 << 20,
        "gb" => 1_000_000_000,
        "gib" | "g" => 1 << 30,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

/// A time from `5 s`, `500 ms`, `2 min`, `1 h` or `10 days`; `None` when it is none.
pub(super) fn parse_duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(digits)?;
    let milliseconds: u64 = match unit.trim() {
        "ms" => 1,
        "s" => 1000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" | "day" | "days" => 86_400_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(milliseconds).map(Duration::from_millis)
}

/// Permissions from an octal text such as `0644`; `None` unless their owner can read and write.
pub(super) fn parse_mode(text: &str) -> Option<u32> {
    let text = text.trim();
    let mode = u32::from_str_radix(text.strip_prefix("0o").unwrap_or(text), 8).ok()?;
    is_mode(mode).then_some(mode)
}

/// Whether these permissions let their owner read and write, and set no more than the nine bits.
pub(super) fn is_mode(mode: u32) -> bool {
    mode & 0o600 == 0o600 && mode <= 0o777
}
