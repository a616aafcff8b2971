//! Which inputs exist, and which have changed.
