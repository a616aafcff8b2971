//! Random histories of edits: `run` after any of them equals a full `build`, byte for byte.

mod built;
mod compare;
mod edits;
mod ids;
mod kill;
mod named;
mod player;
mod post;
mod steps;

use proptest::prelude::*;

use player::Player;
use steps::{History, Step};

/// As many as a debug build plays in some seconds; `PROPTEST_CASES` asks for more.
const CASES: u32 = 48;

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_history_ends_with_the_bytes_of_a_full_build(history in any::<History>()) {
        play(&history)?;
    }
}

fn play(history: &History) -> Result<(), TestCaseError> {
    let mut player = Player::new(history.allow_empty);
    // With archives, to begin with.
    player.play(&Step::Settings { dialect: "jekyll", page: true, aliases: 2 })?;
    for step in &history.steps {
        player.play(step)?;
    }
    player.play(&Step::Check)
}
