//! A year of the schedule, with a clock that is handed in: at each instant the feeds are those of a build from nothing.

use syndicated::config::{self, Overrides};
use syndicated::engine::{Engine, Silent, Start};
use syndicated::publisher::Lock;
use syndicated::watcher::changes::Batch;
use syndicated_bench::rng::Rng;

use super::victim::{Files, seeds};
use crate::fixture::{Site, files_below, front};

const DAY: i64 = 86_400_000_000;
/// 2026-01-01T00:00:00Z.
const YEAR: i64 = 1_767_225_600_000_000;

/// Hugo's posts may expire. The zone changes its offset on 29 March and 25 October 2026; a third of the dates is around these.
fn site(random: &mut Rng) -> Site {
    let site = Site::bare()
        .file("site/hugo.toml", "baseURL = \"https://example.com/\"\ntitle = \"E\"\ntimeZone = \"Europe/Berlin\"\n")
        .file("site/content/posts/old.md", front("title: Old\ndate: 2020-01-01", "x"))
        .file("syndicated.toml", "[source]\npath = \"site\"\n");
    for n in 0..40 {
        let date = date(random);
        let mut lines = format!("title: P{n}\ndate: {date}\ncategories: [c{}]\n", n % 4);
        if n % 3 == 0 {
            lines += &format!("expiryDate: {}\n", self::date(random));
        }
        if n % 5 == 0 {
            lines += &format!("lastmod: {}\n", self::date(random));
        }
        site.write(&format!("site/content/posts/p{n}.md"), front(&lines, "x"));
    }
    site
}

fn date(random: &mut Rng) -> String {
    let time = format!("{:02}:{:02}:00", random.below(24), random.below(60));
    match random.below(6) {
        0 => format!("2026-03-29T{:02}:{:02}:00", random.below(5), random.below(60)),
        1 => format!("2026-10-25T{:02}:{:02}:00", random.below(5), random.below(60)),
        2 => format!("2026-{:02}-15T{time}+09:00", 1 + random.below(12)),
        _ => format!("2026-{:02}-{:02}T{time}", 1 + random.below(12), 1 + random.below(28)),
    }
}

struct Clocked {
    engine: Engine,
    out: std::path::PathBuf,
    _lock: Lock,
}

impl Clocked {
    fn open(site: &Site, name: &str) -> Self {
        let (out, state) = (site.path(name), site.path(&format!("{name}.state")));
        let overrides = Overrides { out: Some(out.clone()), state: Some(state.clone()), ..Overrides::default() };
        let config = config::load(&overrides, &[], &site.path(""), Some("UTC")).unwrap();
        let lock = Lock::acquire(&out, &state).unwrap();
        let engine = Engine::open(config, &lock, Start { full: true, allow_empty: true }).unwrap();
        Self { engine, out, _lock: lock }
    }

    fn at(&mut self, now: i64, everything: bool) -> Files {
        let report = self.engine.apply(&Batch { everything, ..Batch::default() }, now, &Silent).unwrap();
        assert!(report.failures.is_empty(), "{:?}", report.failures);
        files_below(&self.out)
    }
}

/// What a build gives at an instant. Each has folders of its own: a process that another test is about to start may hold a
/// lock that was given up here until it is another program.
fn from_nothing(site: &Site, now: i64) -> Files {
    let folder = tempfile::tempdir().unwrap();
    Clocked::open(site, folder.path().join("again").to_str().unwrap()).at(now, true)
}

#[test]
fn a_year_goes_by_and_at_each_instant_the_feeds_are_those_of_a_build() {
    for seed in seeds(1..3) {
        let mut random = Rng::of(seed, 2);
        let site = site(&mut random);
        let mut running = Clocked::open(&site, "feeds");
        let mut now = YEAR - DAY;
        running.at(now, true);
        let (mut instants, mut changes) = (0, 0);
        while let Some(next) = running.engine.next_instant(now).unwrap() {
            assert!(next > now);
            let before = files_below(&running.out);
            // A moment earlier nothing has changed; at the instant everything has.
            assert!(running.at(next - 1, false) == before, "SEED={seed}: too early at {next}");
            now = next;
            let feeds = running.at(now, false);
            assert!(feeds == from_nothing(&site, now), "SEED={seed}: at {now}");
            (instants, changes) = (instants + 1, changes + usize::from(feeds != before));
        }
        assert!(
            instants > 40 && changes > 30 && now < YEAR + 366 * DAY,
            "{instants} instants, {changes} changes, {now}"
        );
    }
}

#[test]
fn a_clock_that_jumps_gives_the_feeds_of_where_it_is() {
    for seed in seeds(1..3) {
        let mut random = Rng::of(seed, 3);
        let site = site(&mut random);
        let mut running = Clocked::open(&site, "feeds");
        running.at(YEAR, true);
        for _ in 0..10 {
            let now = YEAR + random.below(400) as i64 * DAY - 20 * DAY;
            let feeds = running.at(now, false);
            assert!(feeds == from_nothing(&site, now), "SEED={seed}: at {now}");
        }
    }
}
