//! Bytes into the output folder: atomically, and only where they differ.
