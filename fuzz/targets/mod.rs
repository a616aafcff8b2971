//! What is done with bad input, and what must hold afterwards: the same for `scripts/fuzz` and for `cargo test`.

mod configuration;
mod feeds;
mod parts;
mod requests;
mod sites;
mod templates;
mod websub;

/// A function that takes any bytes, and panics where something does not hold.
pub(crate) struct Target {
    /// Its corpus lies in the folder of this name.
    pub(crate) name: &'static str,
    pub(crate) run: fn(&[u8]),
}

pub(crate) const TARGETS: &[Target] = &[
    Target { name: "front-matter", run: parts::front_matter },
    Target { name: "dates", run: parts::dates },
    Target { name: "permalinks", run: feeds::permalinks },
    Target { name: "kramdown", run: parts::kramdown },
    Target { name: "goldmark", run: parts::goldmark },
    Target { name: "commonmark", run: parts::common_mark },
    Target { name: "liquid", run: feeds::liquid },
    Target { name: "shortcodes", run: feeds::shortcodes },
    Target { name: "templates", run: templates::any },
    Target { name: "mdx", run: feeds::mdx },
    Target { name: "html", run: parts::html },
    Target { name: "article", run: parts::article },
    Target { name: "configuration", run: configuration::any },
    Target { name: "ids", run: parts::ids },
    Target { name: "posts", run: feeds::posts },
    Target { name: "requests", run: requests::request },
    Target { name: "websub", run: websub::request },
];

/// The first line, and what follows it.
fn head_and_rest(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
    let (head, rest) = bytes.split_at(end);
    (head, rest.strip_prefix(b"\n").unwrap_or(rest))
}
