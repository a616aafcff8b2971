//! What the bench and the tests share: a corpus whose right answer is known, and what the tools have in common.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

pub mod args;
pub mod corpus;
pub mod rng;
