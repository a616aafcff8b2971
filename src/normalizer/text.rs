//! Plain text: from HTML, cut to size, free of what XML forbids.
