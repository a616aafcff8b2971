//! Bad input: every input of `fuzz/corpus` and thousands of its mutations, handed to the same functions as by `scripts/fuzz`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

#[path = "../fuzz/targets/mod.rs"]
mod targets;

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use targets::{TARGETS, Target};

/// How many mutations each target gets; `MUTATIONS=` in the environment for more.
const MUTATIONS: usize = 300;

/// Numbers that are the same in each run (Steele, Lea, Flood: SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }

    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let (a, b) = (self.below(length + 1), self.below(length + 1));
        a.min(b)..a.max(b)
    }
}

/// An input with a few changes: bytes set, pieces repeated, removed, or taken from another input.
fn mutated(random: &mut Random, input: &[u8], other: &[u8]) -> Vec<u8> {
    const LOUD: &[u8] = b"\0\t\n\r \"#%&'()*+,-./:;<=>?@[\\]^_`{|}~\x7f\x80\xc3\xff0a";
    let mut bytes = input.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        match random.below(5) {
            0 => bytes.insert(at, LOUD[random.below(LOUD.len())]),
            1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << random.below(8)),
            2 => replace(&mut bytes, random, &[]),
            3 => {
                let piece = bytes[random.range(bytes.len().min(64))].repeat(1 + random.below(20));
                drop(bytes.splice(at..at, piece));
            }
            _ => {
                let piece = &other[random.range(other.len())];
                replace(&mut bytes, random, piece);
            }
        }
    }
    bytes
}

/// Puts this in place of any piece.
fn replace(bytes: &mut Vec<u8>, random: &mut Random, piece: &[u8]) {
    let range = random.range(bytes.len());
    drop(bytes.splice(range, piece.iter().copied()));
}

fn inputs(target: &Target) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target.name);
    let mut paths: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} is empty", folder.display());
    paths.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

/// What fails is kept, so that `scripts/fuzz TARGET FILE` shows it.
fn check(target: &Target, bytes: &[u8], of: &Path) {
    let run = target.run;
    if catch_unwind(|| run(bytes)).is_err() {
        let kept = std::env::temp_dir().join(format!("syndicated-{}-{}", target.name, std::process::id()));
        std::fs::write(&kept, bytes).unwrap();
        panic!("{} does not hold for {}, made of {}", target.name, kept.display(), of.display());
    }
}

fn replay(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let inputs = inputs(target);
    for (path, bytes) in &inputs {
        check(target, bytes, path);
    }
    let mutations = std::env::var("MUTATIONS").map_or(MUTATIONS, |text| text.parse().unwrap());
    let mut random = Random(1);
    for _ in 0..mutations {
        let (path, bytes) = &inputs[random.below(inputs.len())];
        let (_, other) = &inputs[random.below(inputs.len())];
        let bytes = mutated(&mut random, bytes, other);
        check(target, &bytes, path);
    }
}

macro_rules! holds {
    ($($test:ident $name:literal,)*) => {
        $(
            #[test]
            fn $test() {
                replay($name);
            }
        )*

        #[test]
        fn every_target_is_replayed() {
            assert_eq!(TARGETS.iter().map(|target| target.name).collect::<Vec<_>>(), [$($name),*]);
        }
    };
}

holds! {
    any_front_matter "front-matter",
    any_date "dates",
    any_permalink "permalinks",
    any_kramdown "kramdown",
    any_goldmark "goldmark",
    any_common_mark "commonmark",
    any_liquid "liquid",
    any_shortcode "shortcodes",
    any_template "templates",
    any_mdx "mdx",
    any_html "html",
    any_page "article",
    any_configuration "configuration",
    any_ids "ids",
    any_post "posts",
    any_request "requests",
    any_web_sub_request "websub",
}
