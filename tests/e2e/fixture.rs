//! One fixture for all: a temporary folder with a site, on which the real program runs in a clean environment.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;
use tempfile::TempDir;

use crate::reading::Read;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_syndicated");

/// A folder with `syndicated.toml`, the site in `site/` and its feeds in `feeds/`.
pub(crate) struct Site {
    folder: TempDir,
    env: Vec<(String, String)>,
}

impl Site {
    /// A Jekyll site without posts, at <https://example.com>, in UTC.
    pub(crate) fn jekyll() -> Self {
        Self::bare()
            .file("site/_config.yml", "title: Example\nurl: https://example.com\ntimezone: UTC\n")
            .file("site/_posts/.keep", "")
            .file("syndicated.toml", "[source]\npath = \"site\"\n")
    }

    /// A folder of plain Markdown, at <https://example.com>, in UTC.
    pub(crate) fn plain() -> Self {
        Self::bare().file("site/about.md", "An aside without a date.\n").file(
            "syndicated.toml",
            "[site]\nurl = \"https://example.com\"\ntitle = \"Example\"\ntimezone = \"UTC\"\n[source]\npath = \"site\"\n",
        )
    }

    /// A folder with nothing in it.
    pub(crate) fn bare() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), env: Vec::new() }
    }

    /// Adds to `syndicated.toml`.
    pub(crate) fn config(self, toml: &str) -> Self {
        let old = self.text("syndicated.toml");
        self.file("syndicated.toml", format!("{old}{toml}\n"))
    }

    /// Sets a variable of the program's environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Writes `site/_posts/<name>`.
    pub(crate) fn post(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.file(&format!("site/_posts/{name}"), bytes)
    }

    /// Writes a file, with its folders.
    pub(crate) fn file(self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.write(path, bytes);
        self
    }

    /// Writes a file, with its folders.
    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Removes a file.
    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// Renames a file or folder.
    pub(crate) fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// Sets the time of all files of the site back, so that none is too fresh to be trusted.
    pub(crate) fn age(&self) {
        for path in files_below(&self.path("site")).into_keys() {
            let file = fs::File::options().write(true).open(self.path("site").join(path)).unwrap();
            file.set_modified(UNIX_EPOCH + Duration::from_secs(1_600_000_000)).unwrap();
        }
    }

    /// Leaves the folder for somebody to look into.
    pub(crate) fn keep(&mut self) {
        self.folder.disable_cleanup(true);
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        self.path(path).symlink_metadata().is_ok()
    }

    /// The program with these arguments, to be run in the folder.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(arguments);
        self.prepare(&mut command);
        command
    }

    /// The folder and the clean environment of everything that is run.
    pub(crate) fn prepare(&self, command: &mut Command) {
        command.current_dir(self.folder.path()).env_clear().env("TZ", "UTC").env("HOME", self.folder.path());
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
    }

    /// Runs the program to its end.
    pub(crate) fn run_cmd<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }

    /// `build --json`, which must end with 0.
    pub(crate) fn build(&self) -> Report {
        self.report(&[], 0)
    }

    /// `build --json` with further arguments, which must end with this exit code.
    pub(crate) fn report(&self, arguments: &[&str], code: i32) -> Report {
        let ran = self.run_cmd(["build", "--json"].iter().chain(arguments)).exits(code);
        Report(serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}")))
    }

    /// A feed, as readers understand it.
    pub(crate) fn feed(&self, path: &str) -> Read {
        Read::parse(&fs::read(self.path("feeds").join(path)).unwrap_or_else(|error| panic!("{path}: {error}")))
    }

    /// Every published file, with its bytes; the manifest too.
    pub(crate) fn published(&self) -> BTreeMap<String, Vec<u8>> {
        files_below(&self.path("feeds"))
    }

    /// The files of a build from nothing, beside those that are published.
    pub(crate) fn built_again(&self) -> BTreeMap<String, Vec<u8>> {
        self.report(&["--full", "--out", "again", "--state", "again.state"], 0);
        files_below(&self.path("again"))
    }

    /// Every published file, with its inode and modification time.
    pub(crate) fn stamps(&self) -> BTreeMap<String, (u64, i64, i64)> {
        self.published()
            .into_keys()
            .map(|path| {
                let metadata = fs::metadata(self.path("feeds").join(&path)).unwrap();
                (path, (metadata.ino(), metadata.mtime(), metadata.mtime_nsec()))
            })
            .collect()
    }

    /// The folders of categories, tags and the like.
    pub(crate) fn feed_folders(&self) -> BTreeSet<String> {
        let published = self.published();
        published.keys().filter_map(|path| Some(path.rsplit_once('/')?.0.to_owned())).collect()
    }

    /// Every feed follows the schema of its format.
    fn assert_valid(&self, files: &[String]) {
        for (schema, root) in [("rss.rng", "<rss "), ("atom.rng", "<feed ")] {
            let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/validator").join(schema);
            let is_it = |path: &&String| self.text(&format!("feeds/{path}")).contains(root);
            let feeds: Vec<PathBuf> = files.iter().filter(is_it).map(|path| self.path("feeds").join(path)).collect();
            // The command line of one process holds so many paths and no more.
            for some in feeds.chunks(500) {
                let mut xmllint = Command::new("xmllint");
                xmllint.args(["--noout", "--nonet", "--relaxng"]).arg(&schema).args(some);
                Ran::from(xmllint.output().unwrap()).exits(0);
            }
        }
    }

    /// Every feed is well-formed XML that readers understand, and both formats of it tell the same.
    pub(crate) fn assert_sound(&self) {
        let feeds: Vec<String> = self.published().into_keys().filter(|path| path.ends_with(".xml")).collect();
        for path in &feeds {
            let feed = self.feed(path);
            if let Some(folder) = path.strip_suffix("rss.xml") {
                let twin = self.feed(&format!("{folder}atom.xml"));
                assert_eq!(
                    (&feed.title, feed.ids(), feed.titles()),
                    (&twin.title, twin.ids(), twin.titles()),
                    "{path}"
                );
            }
        }
        if has_tool("xmllint", &["--version"]) {
            let mut strict = Command::new("xmllint");
            let list = ["feeds.opml".to_owned()].into_iter().filter(|list| self.exists(&format!("feeds/{list}")));
            let files: Vec<String> = feeds.into_iter().chain(list).collect();
            strict.args(["--noout", "--nonet"]).args(files.iter().map(|path| self.path("feeds").join(path)));
            Ran::from(strict.output().unwrap()).exits(0);
            self.assert_valid(&files);
        }
    }
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        self
    }

    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "{text:?} is not in:\n{}\n{}", self.stdout, self.stderr);
        self
    }

    pub(crate) fn complains(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "{text:?} is not in:\n{}\n{}", self.stderr, self.stdout);
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The object that `build --json` prints.
#[derive(Debug)]
pub(crate) struct Report(pub(crate) Value);

impl Report {
    /// A number by its path, such as `/files/written`.
    pub(crate) fn number(&self, pointer: &str) -> u64 {
        self.0.pointer(pointer).and_then(Value::as_u64).unwrap_or_else(|| panic!("no {pointer} in {:#}", self.0))
    }

    pub(crate) fn files(&self) -> (u64, u64, u64) {
        (self.number("/files/written"), self.number("/files/unchanged"), self.number("/files/removed"))
    }

    /// `path:line severity code` of each diagnostic.
    pub(crate) fn diagnostics(&self) -> Vec<String> {
        let found = self.0["diagnostics"].as_array().unwrap();
        let one = |found: &Value| {
            let line = found["line"].as_u64().map_or("-".to_owned(), |line| line.to_string());
            let text = |key: &str| found[key].as_str().unwrap().to_owned();
            format!("{}:{line} {} {}", text("path"), text("severity"), text("code"))
        };
        found.iter().map(one).collect()
    }

    /// Everything that the report says of problems and failures.
    pub(crate) fn problems(&self) -> String {
        format!("{}\n{}", self.0["problems"], self.0["failures"])
    }
}

/// A post with these lines of front matter.
pub(crate) fn front(lines: &str, body: &str) -> String {
    format!("---\n{}\n---\n{body}\n", lines.trim_end())
}

/// A short post with a title and categories.
pub(crate) fn short(title: &str, categories: &str) -> String {
    front(&format!("title: {title}\ncategories: [{categories}]"), &format!("Text of {title}."))
}

/// All files below a folder, by their path in it.
pub(crate) fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = fs::read_dir(&next) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = fs::read(&path) {
                files.insert(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned(), bytes);
            }
        }
    }
    files
}

/// Whether a program can be run here. Where it cannot, the test that needs it is skipped, which is said, unless it is one
/// of those whose names `SYNDICATED_TESTS_MUST_RUN` lists.
pub(crate) fn has_tool(program: &str, trial: &[&str]) -> bool {
    let works = Command::new(program).args(trial).output().is_ok_and(|output| output.status.success());
    if !works {
        let name = program.rsplit('/').next().unwrap_or(program);
        skipped(name, &format!("`{program} {}` does not work here", trial.join(" ")));
    }
    works
}

/// Says that a part of the tests is skipped; not through `println`, which is shown only when a test fails.
pub(crate) fn skipped(name: &str, reason: &str) {
    let must = std::env::var("SYNDICATED_TESTS_MUST_RUN").unwrap_or_default();
    assert!(!must.split(',').any(|listed| listed == name), "must run, but {reason}");
    let _ = writeln!(io::stderr(), "SKIPPED: {reason}");
}

/// The text is that of a file in `tests/golden`, which `UPDATE=1` writes anew.
#[track_caller]
pub(crate) fn golden(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap(), "UPDATE=1 accepts the new text");
}
