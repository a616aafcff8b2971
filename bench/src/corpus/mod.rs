//! A deterministic corpus: a site of news posts under Zipf's law, and what a correct run over it must give.
//!
//! Every post is a function of the seed and its number, so the bytes depend neither on the number of threads nor on the
//! machine. 85 % are one line of HTML of 1 to 8 KB, 10 % hand-written Markdown, 5 % long reads of 20 to 60 KB.

mod calendar;
mod expect;
mod irregular;
mod labels;
mod liquid;
mod post;
mod site;
mod text;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, io, thread};

pub use calendar::{Local, SPAN, START};
pub use expect::{Expectations, FEED_LIMIT, Severity};
use expect::{Tally, put};
pub use irregular::{Fate, Kind};
use labels::Labels;

/// How the site lies in its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Jekyll, all posts in one folder: `_posts/2023-01-01-<id>.md`.
    JekyllFlat,
    /// Jekyll, a folder a month: `_posts/2023/01/2023-01-01-<id>.md`.
    JekyllDated,
    /// Jekyll, all posts in one folder and full of Liquid, with the `_includes` and `_data` that it reads.
    JekyllLiquid,
    /// Hugo: `content/posts/<id>.md`. The same posts, none irregular.
    Hugo,
}

impl FromStr for Layout {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "flat" => Ok(Self::JekyllFlat),
            "dated" => Ok(Self::JekyllDated),
            "liquid" => Ok(Self::JekyllLiquid),
            "hugo" => Ok(Self::Hugo),
            _ => Err(format!("{name}: not a layout (flat, dated, liquid, hugo)")),
        }
    }
}

/// What to write, and where.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder of the site; it must hold no corpus yet.
    pub out: PathBuf,
    /// How many posts.
    pub posts: usize,
    /// How many labels they share.
    pub categories: usize,
    /// Another seed is another corpus.
    pub seed: u64,
    /// The share of posts that are irregular, 0.0 to 1.0; above zero some labels are odd, too.
    pub irregular: f64,
    /// Where the posts lie.
    pub layout: Layout,
    /// How many threads write.
    pub threads: usize,
}

impl Options {
    /// A small corpus in `out`: 1,000 posts, 100 labels, 2 % irregular, flat.
    #[must_use]
    pub fn new(out: impl Into<PathBuf>) -> Self {
        Self {
            out: out.into(),
            posts: 1_000,
            categories: 100,
            seed: 1,
            irregular: 0.02,
            layout: Layout::JekyllFlat,
            threads: 2,
        }
    }
}

/// Writes the corpus. Memory is bounded by the labels and the reported posts.
///
/// # Errors
/// Where the folder cannot be written or holds a corpus already, or where the options make no corpus.
pub fn write(options: &Options) -> io::Result<Expectations> {
    check(options)?;
    for folder in site::folders(options) {
        fs::create_dir_all(options.out.join(folder))?;
    }
    let labels = Labels::new(options.categories, options.seed, options.irregular > 0.0);
    let next = AtomicUsize::new(0);
    let tallies: io::Result<Vec<Tally>> = thread::scope(|scope| {
        let workers: Vec<_> =
            (0..options.threads.max(1)).map(|_| scope.spawn(|| write_posts(options, &labels, &next))).collect();
        workers.into_iter().map(|worker| worker.join().map_err(|_| io::Error::other("a writer panicked"))?).collect()
    });
    let expectations = Tally::sum(tallies?, &labels, options.posts);
    site::write(options, &labels)?;
    Ok(expectations)
}

/// Whether `out` holds a whole corpus.
#[must_use]
pub fn is_written(out: &Path) -> bool {
    ["_config.yml", "hugo.toml"].iter().any(|name| out.join(name).exists())
}

fn check(options: &Options) -> io::Result<()> {
    let wrong = |text: &str| Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    if is_written(&options.out) {
        return wrong(&format!("{} holds a corpus already", options.out.display()));
    }
    if options.categories == 0 {
        return wrong("a corpus needs a category at least");
    }
    // One post a second at most, so that no two regular posts have the same date.
    if options.posts as i128 > i128::from(SPAN) {
        return wrong("more posts than seconds in their two years");
    }
    Ok(())
}

fn write_posts(options: &Options, labels: &Labels, next: &AtomicUsize) -> io::Result<Tally> {
    const BATCH: usize = 256;
    let mut tally = Tally::new(labels);
    loop {
        let first = next.fetch_add(BATCH, Ordering::Relaxed);
        if first >= options.posts {
            return Ok(tally);
        }
        for number in first..options.posts.min(first + BATCH) {
            let post = post::write(number, options, labels);
            let path = options.out.join(&post.path);
            match &post.bytes {
                Some(bytes) => put(&path, bytes)?,
                None => symlink_nowhere(&path)?,
            }
            tally.count(number, &post);
        }
    }
}

fn symlink_nowhere(path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink("no-such-file.md", path)
}
