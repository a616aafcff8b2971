//! Which inputs exist, and which have changed.

pub mod changes;
pub mod notify;
pub mod poll;
pub mod scan;
mod stamp;
