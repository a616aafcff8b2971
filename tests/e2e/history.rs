//! Random histories of edits: `run` after any of them equals a full `build`, byte for byte.
