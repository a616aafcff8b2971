//! `syndicated` turns a folder of posts into feeds and keeps them current.
//!
//! ```text
//! posts -> watcher -> normalizer -> catalog -> writers -> publisher -> feeds/ -> readers
//! ```
//!
//! Feeds are a pure function of the posts, the configuration and the clock. `build` computes it from nothing, `run`
//! keeps it current; both call [`engine`], and give the same bytes. ARCHITECTURE.md has the map.

#[cfg(windows)]
compile_error!("syndicated needs a Unix system (Linux, or macOS); on Windows, run it in WSL");

// Core: pure. Bytes, a configuration and an instant in; values out.
pub mod config;
pub mod model;
pub mod normalizer;
pub mod writers;

// Edges: the file system and the clock.
pub mod catalog;
pub mod clock;
pub mod delivery;
pub mod processor;
pub mod publisher;
pub mod watcher;
pub mod websub;

// Program: where the rooms meet.
pub mod cli;
pub mod engine;
pub mod service;
