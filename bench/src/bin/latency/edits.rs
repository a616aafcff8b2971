//! The posts that the probe saves, in the ways in which editors save, and their removal.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use syndicated_bench::corpus::{Local, SPAN, START};
use syndicated_bench::rng::Rng;

use super::Result;

/// In every file name, so that what an interrupted run has left behind is known.
const MARK: &str = "-latency-";
/// Posts that are changed are among the newest of all: within any feed's limit.
const RECENT: usize = 10;

/// One save to come.
#[derive(Debug)]
pub(crate) struct Edit {
    /// The label, which is the name of the feeds' folder, too.
    pub(crate) category: String,
    /// Stands in the title, and in no other title.
    pub(crate) marker: String,
    number: usize,
    in_place: bool,
}

/// Makes edits, and removes its posts when dropped.
#[derive(Debug)]
pub(crate) struct Editor {
    folder: PathBuf,
    edits: usize,
    /// The category of each post made so far.
    posts: Vec<String>,
}

impl Editor {
    pub(crate) fn new(site: &Path) -> Result<Self> {
        let editor = Self { folder: site.join("_posts"), edits: 0, posts: Vec::new() };
        editor.remove_posts()?;
        Ok(editor)
    }

    /// By turns a new post in any category and a change of a recent one, each in both ways of saving.
    pub(crate) fn next(&mut self, rng: &mut Rng, categories: &[String]) -> Edit {
        let turn = self.edits;
        self.edits += 1;
        let number = if turn.is_multiple_of(2) || self.posts.is_empty() {
            self.posts.push(categories.get(rng.below(categories.len())).cloned().unwrap_or_default());
            self.posts.len() - 1
        } else {
            self.posts.len() - 1 - rng.below(self.posts.len().min(RECENT))
        };
        let category = self.posts.get(number).cloned().unwrap_or_default();
        Edit { category, marker: format!("edit-{turn}-of-a-post"), number, in_place: turn % 4 < 2 }
    }

    /// Saves, and tells the instant just before the call that makes the save whole.
    pub(crate) fn save(&self, edit: &Edit) -> Result<Instant> {
        let date = Local::at(START + SPAN + 86_400 + edit.number as i64);
        let text = format!(
            "---\nlayout: post\ntitle: {}\ndate: {date} +0800\ncategories: {}\n---\n{}\n",
            edit.marker,
            edit.category,
            "<p>股市收盘走强，成交额较上一交易日扩大。</p>".repeat(70),
        );
        let path = self.folder.join(format!("2025-01-02{MARK}{}.md", edit.number));
        let beside = self.folder.join(".latency.tmp");
        let mut file = File::create(if edit.in_place { &path } else { &beside })?;
        file.write_all(text.as_bytes())?;
        if edit.in_place {
            let saved = Instant::now();
            drop(file);
            return Ok(saved);
        }
        drop(file);
        let saved = Instant::now();
        fs::rename(&beside, &path)?;
        Ok(saved)
    }

    fn remove_posts(&self) -> Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().contains(MARK) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        if let Err(error) = self.remove_posts() {
            eprintln!("latency: posts are left behind in {}: {error}", self.folder.display());
        }
    }
}
