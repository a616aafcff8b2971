//! Random changes at full speed while the watcher follows.

use std::fs;
use std::path::{Path, PathBuf};

use super::site::Site;
use crate::config::FollowSymlinks;

/// Numbers that a seed settles (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }

    /// A path of one to three segments, few enough that changes meet.
    fn path(&mut self, root: &Path) -> PathBuf {
        let depth = 1 + self.below(3);
        (0..depth).fold(root.to_path_buf(), |path, _| path.join(["a", "b", "c", "a-b"][self.below(4)]))
    }
}

/// One change; many are impossible as things stand, which is part of the noise.
fn change(random: &mut Random, root: &Path, outside: &Path, links: bool) {
    let (one, two) = (random.path(root), random.path(root));
    let file = one.join(["x.md", "y.md"][random.below(2)]);
    let number = random.below(1000).to_string();
    let away = outside.join(["p", "q"][random.below(2)]);
    let _ = match random.below(if links { 14 } else { 12 }) {
        0 | 1 => fs::create_dir_all(&one),
        2..=4 => fs::write(&file, number),
        5 => fs::write(outside.join("tmp"), number).and_then(|()| fs::rename(outside.join("tmp"), &file)),
        6 => fs::remove_file(&file),
        7 => fs::rename(&file, two.join("x.md")),
        8 => fs::rename(&one, &two),
        9 => fs::remove_dir_all(&one),
        10 => fs::rename(&one, &away),
        11 => fs::rename(&away, &one),
        12 => std::os::unix::fs::symlink(&two, &one),
        _ => fs::remove_file(&one),
    };
}

fn storm(mut site: Site, seed: u64, steps: u32, links: bool) {
    let (root, outside) = (site.root.clone(), site.outside("outside"));
    fs::create_dir(&outside).unwrap();
    let changes = std::thread::spawn(move || {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..steps {
            change(&mut random, &root, &outside, links);
        }
    });
    while !changes.is_finished() {
        if let Some(batch) = site.inbox.take_due() {
            site.apply(&batch);
            site.seen.push(batch);
        }
        std::thread::yield_now();
    }
    changes.join().unwrap();
    println!("seed {seed}");
    site.assert_mirrored();
}

fn seeds(default: u64) -> u64 {
    std::env::var("SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// `SEEDS=1000` runs longer.
#[test]
fn after_a_storm_nothing_was_missed() {
    (1..=seeds(4)).for_each(|seed| storm(Site::new(FollowSymlinks::Never, |_| {}), seed, 1500, false));
}

#[test]
fn after_a_storm_with_links_nothing_was_missed() {
    (1..=seeds(4)).for_each(|seed| storm(Site::new(FollowSymlinks::Inside, |_| {}), seed, 600, true));
}

#[test]
fn a_queue_that_overflows_all_the_time_loses_nothing() {
    for seed in 1..=seeds(2) {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("site");
        fs::create_dir(&root).unwrap();
        storm(Site::with_queue(2, root, FollowSymlinks::Inside, vec![]), seed, 600, true);
    }
}
