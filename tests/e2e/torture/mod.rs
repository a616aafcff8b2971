//! What a real machine does to a program that runs for years: storms of changes, lost events, roots that vanish, kills, faults.
//!
//! `SEEDS=200` runs as many of each, as `scripts/torture` does; `SEED=17` runs that one alone. What fails says its seed and
//! keeps its folder.

mod beneath;
mod browser;
mod clock;
mod container;
mod damage;
mod disk;
mod faults;
mod ground;
mod half;
mod hub;
mod kill;
mod links;
mod namespaces;
mod package;
mod process;
mod random;
mod roots;
mod schedule;
mod soak;
mod steps;
mod storms;
mod victim;
mod watching;
mod writers;

use std::env;
use std::io::{self, Write as _};
use std::ops::RangeInclusive;
use std::thread;

use self::ground::Ground;
use self::writers::Storm;
use crate::fixture::Site;

/// The seeds of a test: so many, or as many as the environment says.
fn seeds(default: u64) -> RangeInclusive<u64> {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse().ok());
    number("SEED").map_or_else(|| 1..=number("SEEDS").unwrap_or(default), |seed| seed..=seed)
}

/// Steps of each writer: more where it is meant to last.
fn steps() -> u32 {
    if env::var_os("SEEDS").is_some() { 150 } else { 60 }
}

/// Says what was done, also where nothing fails.
fn tell(what: &str) {
    let _ = writeln!(io::stderr(), "torture: {what}");
}

/// A site under a storm of this seed, kept when the test fails.
struct Tortured {
    site: Site,
    storm: Storm,
}

impl Tortured {
    fn new(seed: u64) -> Self {
        let ground = Ground::ALL[usize::try_from(seed).unwrap() % 3];
        let storm = Storm { seed, ground, steps: steps(), links: seed.is_multiple_of(4) };
        let site = ground.site();
        ground.stand_ready(&site);
        Self { site, storm }
    }

    /// The same, looked at this often and not watched.
    fn poll(self, every: &str) -> Self {
        let settings = self.site.text("syndicated.toml").replace("[source]", &format!("[source]\npoll = \"{every}\""));
        self.site.write("syndicated.toml", settings);
        self
    }
}

impl Drop for Tortured {
    fn drop(&mut self) {
        if thread::panicking() {
            self.site.keep();
            tell(&format!("SEED={} failed; its folder is {}", self.storm.seed, self.site.path("").display()));
        }
    }
}
