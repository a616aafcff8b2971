//! A short name for everything that can change a feed.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::{Config, Dialect, JekyllSite, Output, Source};

/// 32 hex digits of a SHA-256 over the configuration and the program's version.
///
/// Left out are the places of the output and the state, the number of threads, how changes are noticed, how feeds are served and pushed (which hubs they name counts with the site), the log and what is only said; the ids
/// that posts keep, which count by the stamp of each post; and whether there are pages for people, as a start makes those that are
/// missing and removes those that are too many. Globs of the source count by their text, which `exclude` gives. Each struct is taken apart whole, so that a new field has to be decided here.
pub(super) fn of(config: &Config, exclude: &[String]) -> String {
    let Config {
        site,
        languages,
        source,
        output,
        content,
        identity_keys,
        identity: _,
        categories,
        feeds,
        state: _,
        threads: _,
        server: _,
        websub: _,
        log: _,
        log_level: _,
        files: _,
        folders: _,
        fingerprint: _,
        notes: _,
        findings: _,
    } = config;
    let Source { root, skip, dialect, exclude: _, future, drafts, follow_symlinks, poll: _ } = source;
    let Output { dir: _, feeds_url, formats, layout, archive, opml, html: _, mode, aliases } = output;
    let mut hash = Hasher(Sha256::new());
    hash.add(&env!("CARGO_PKG_VERSION"));
    hash.add(&(site, languages, content, identity_keys, categories, feeds));
    hash.add(&(root, skip, exclude, future, drafts, follow_symlinks));
    hash.add(&(feeds_url, formats, layout, archive, opml, mode, aliases));
    match dialect {
        Dialect::Plain { permalink, authors } => hash.add(&("plain", permalink, authors)),
        Dialect::Hugo(hugo) => hash.add(&("hugo", hugo)),
        Dialect::Zola(zola) => hash.add(&("zola", zola)),
        Dialect::Jekyll(jekyll) => {
            let JekyllSite {
                permalink,
                defaults,
                show_drafts,
                unpublished,
                excerpt_separator,
                limit_posts,
                markdown_ext,
                authors,
                archive_permalink,
                include: _,
                exclude: _,
                collections_dir,
                collections,
                polyglot,
                templates,
            } = jekyll.as_ref();
            hash.add(&("jekyll", permalink, defaults, show_drafts, unpublished, excerpt_separator, limit_posts));
            hash.add(&(markdown_ext, authors, archive_permalink, collections_dir, collections, polyglot, templates));
        }
    }
    hash.finish()
}

struct Hasher(Sha256);

impl Hasher {
    /// Adds a value by its debug form, which for these types says all of it and nothing else.
    fn add(&mut self, value: &dyn std::fmt::Debug) {
        self.0.update(format!("{value:?}\n"));
    }

    fn finish(self) -> String {
        self.0.finalize().iter().take(16).fold(String::with_capacity(32), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}
