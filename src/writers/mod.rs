//! Feeds as bytes: one file a format. Pure.
