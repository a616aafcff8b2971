//! What kramdown makes of a text, beyond the golden files.
