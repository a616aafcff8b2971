//! Bytes of a post in, an item and its diagnostics out: what a post means, in each dialect. Pure.

pub mod body;
pub mod date;
pub mod excerpt;
pub mod front_matter;
pub mod text;
