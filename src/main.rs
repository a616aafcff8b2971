//! The program `syndicated`.
fn main() {}
