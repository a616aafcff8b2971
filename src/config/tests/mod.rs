//! The configuration as its users meet it: files in a folder, variables, options; and what comes of them.

mod documents;
mod errors;
mod layouts;
mod precedence;
mod properties;
mod sites;
mod zola;

use std::path::{Path, PathBuf};

use super::{Config, Overrides, load};

/// A folder with files, in which a configuration is loaded.
struct Fixture {
    dir: tempfile::TempDir,
    env: Vec<(String, String)>,
    overrides: Overrides,
    zone: Option<&'static str>,
}

impl Fixture {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            env: Vec::new(),
            overrides: Overrides::default(),
            zone: Some("Europe/Berlin"),
        }
    }

    /// A folder with this `syndicated.toml`.
    fn with(config: &str) -> Self {
        Self::new().file("syndicated.toml", config)
    }

    /// A Jekyll site with this `_config.yml`, to be read with `--site`.
    fn jekyll(config: &str) -> Self {
        Self::new().file("site/_config.yml", config).file("site/_posts/.keep", "").site("site")
    }

    fn file(self, path: &str, text: &str) -> Self {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    fn site(mut self, path: &str) -> Self {
        self.overrides.site = Some(PathBuf::from(path));
        self
    }

    fn options(mut self, change: impl FnOnce(&mut Overrides)) -> Self {
        change(&mut self.overrides);
        self
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn try_load(&self) -> Result<Config, String> {
        load(&self.overrides, &self.env, self.path(), self.zone).map_err(|error| error.to_string())
    }

    #[track_caller]
    fn load(&self) -> Config {
        self.try_load().unwrap_or_else(|error| panic!("{error}"))
    }

    /// The error's text, the fixture's own folder written as `DIR`.
    #[track_caller]
    fn error(&self) -> String {
        let error = self.try_load().expect_err("it is refused");
        error.replace(&self.path().display().to_string(), "DIR")
    }
}

/// The smallest configuration that holds.
const MINIMAL: &str = "[site]\nurl = \"https://example.com\"\n";
