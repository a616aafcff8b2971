//! How long a copy of a feed may be used without asking again.

/// A response is fresh for a tenth of the time since the feed last changed, as RFC 9111 §4.2.2 has it for caches that have to
/// guess: a feed that changes hourly is asked for every few minutes, one that has slept for weeks once an hour. Rounded down to
/// one of these, in seconds.
const STEPS: [(i64, &str); 7] = [
    (3600, "max-age=3600"),
    (1800, "max-age=1800"),
    (900, "max-age=900"),
    (600, "max-age=600"),
    (300, "max-age=300"),
    (120, "max-age=120"),
    (60, "max-age=60"),
];

/// The value of `Cache-Control` for a feed that last changed then, both in seconds since 1970.
#[must_use]
pub(super) fn cache_control(modified: i64, now: i64) -> &'static str {
    let tenth = now.saturating_sub(modified) / 10;
    STEPS.iter().find(|(seconds, _)| *seconds <= tenth).map_or("max-age=60", |(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_of_its_age_between_a_minute_and_an_hour() {
        for (age, value) in [
            (-5, "max-age=60"),
            (0, "max-age=60"),
            (600, "max-age=60"),
            (1_200, "max-age=120"),
            (3_600, "max-age=300"),
            (8_999, "max-age=600"),
            (9_000, "max-age=900"),
            (86_400, "max-age=3600"),
            (i64::MAX, "max-age=3600"),
        ] {
            assert_eq!(cache_control(1_000, 1_000_i64.saturating_add(age)), value, "{age}");
        }
    }
}
