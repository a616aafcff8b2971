//! Processes that change a site at full speed: this program again, told by its environment what to do.

use std::env;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::ground::{Ground, Place};
use super::random::Random;
use super::steps::step;
use crate::fixture::Site;

const SEED: &str = "SYNDICATED_STORM_SEED";
const STEPS: &str = "SYNDICATED_STORM_STEPS";
const GROUND: &str = "SYNDICATED_STORM_GROUND";
const FOLDER: &str = "SYNDICATED_STORM_FOLDER";
const LINKS: &str = "SYNDICATED_STORM_LINKS";

/// How many are at work at once.
const WRITERS: u64 = 3;

/// What they say when they are done, before the number of changes.
const DONE: &str = "changes made: ";

/// A storm.
#[derive(Debug, Clone, Copy)]
pub(super) struct Storm {
    pub(super) seed: u64,
    pub(super) ground: Ground,
    /// Of each process.
    pub(super) steps: u32,
    /// Whether folders are linked.
    pub(super) links: bool,
}

impl Storm {
    /// Begins it.
    pub(super) fn begin(self, site: &Site) -> Vec<Child> {
        (0..WRITERS).map(|n| self.writer(site, n)).collect()
    }

    /// The whole of it; how many changes were made.
    pub(super) fn rages(self, site: &Site) -> u64 {
        ended(self.begin(site))
    }

    fn writer(self, site: &Site, n: u64) -> Child {
        Command::new(env::current_exe().unwrap())
            .args(["--exact", "torture::writers::writer", "--ignored", "--nocapture"])
            .env(SEED, (self.seed * WRITERS + n).to_string())
            .env(STEPS, self.steps.to_string())
            .env(GROUND, Ground::ALL.iter().position(|&ground| ground == self.ground).unwrap().to_string())
            .env(FOLDER, site.path(""))
            .env(LINKS, u8::from(self.links).to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }
}

/// Waits until all have ended; how many changes they made.
pub(super) fn ended(writers: Vec<Child>) -> u64 {
    let changes = |writer: Child| {
        let output = writer.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let number = text.lines().find_map(|line| line.split_once(DONE)?.1.parse::<u64>().ok());
        number.unwrap_or_else(|| panic!("a writer failed: {text}"))
    };
    writers.into_iter().map(changes).sum()
}

#[test]
#[ignore = "run by the storms, in processes of their own"]
fn writer() {
    let number = |name: &str| env::var(name).unwrap().parse::<u64>().unwrap();
    let folder = env::var(FOLDER).unwrap();
    let place = Place {
        ground: Ground::ALL[usize::try_from(number(GROUND)).unwrap()],
        root: Path::new(&folder).join("site"),
        outside: Path::new(&folder).join("outside"),
        links: number(LINKS) != 0,
    };
    let mut random = Random::new(number(SEED) + 1);
    let changes = (0..number(STEPS)).filter(|_| step(&mut random, &place).is_ok()).count();
    println!("\n{DONE}{changes}");
}
